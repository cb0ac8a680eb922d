"""Common nouns and modifiers of armed actors, each with the class of actor it speaks of.

Classes: V the state, R rebels, I insurgents, M militants, J jihadists, S separatists, G guerrillas, P militia,
C coalition, O "the group", F fighters of any kind but the state; "" says nothing.
"""

from __future__ import annotations

HEADS: dict[str, str] = {
    **dict.fromkeys(
        ["forces", "troops", "army", "soldiers", "military", "navy", "marines", "paratroopers", "government", "regime", "commandos", "servicemen", "guardsmen", "junta", "loyalists", "police", "policemen", "conscripts", "gendarmes", "authorities", "infantrymen"], "V"),
    **dict.fromkeys("rebels revolutionaries mutineers opposition resistance".split(), "R"),  # noqa: SIM905
    **dict.fromkeys(["insurgents", "insurgency"], "I"),
    **dict.fromkeys(["militants"], "M"),
    **dict.fromkeys("jihadists jihadis islamists extremists terrorists fundamentalists".split(), "J"),  # noqa: SIM905
    **dict.fromkeys("separatists secessionists".split(), "S"),  # noqa: SIM905
    **dict.fromkeys("guerrillas guerillas maoists communists mujahideen mujahedeen mujahedin partisans".split(), "G"),  # noqa: SIM905
    **dict.fromkeys("militia militias militiamen paramilitaries paramilitary gangs gang".split(), "P"),  # noqa: SIM905
    **dict.fromkeys("coalition alliance peacekeepers".split(), "C"),  # noqa: SIM905
    **dict.fromkeys("fighters gunmen combatants warriors".split(), "F"),  # noqa: SIM905
    **dict.fromkeys(["units", "group", "groups", "factions", "faction", "sect", "movement", "organisation", "organization", "elements", "allies", "invaders", "defenders", "attackers", "mercenaries", "tribesmen", "warplanes", "jets", "tanks", "convoy", "artillery", "armour", "armor"], "O"),
}  # fmt: skip

# Units that are somebody's behind a nationality: "a Ukrainian brigade"; with a capital they are names.
UNITS = frozenset(
    [
        "brigade",
        "brigades",
        "battalion",
        "battalions",
        "regiment",
        "regiments",
        "division",
        "divisions",
        "corps",
        "infantry",
        "cavalry",
        "armies",
        "column",
        "columns",
        "garrison",
        "contingent",
        "platoon",
        "squadron",
        "fleet",
    ]
)
# Heads that say nothing of who: with a class before them ("a rebel group") one of several.
ONE_OF_SEVERAL = frozenset("group groups faction factions movement organisation organization elements units".split())  # noqa: SIM905

# Heads that are mentions with nothing before them but perhaps "the".
BARE = frozenset(
    [
        "army",
        "soldiers",
        "troops",
        "military",
        "government",
        "regime",
        "junta",
        "loyalists",
        "rebels",
        "insurgents",
        "militants",
        "jihadists",
        "jihadis",
        "islamists",
        "extremists",
        "separatists",
        "secessionists",
        "guerrillas",
        "guerillas",
        "militia",
        "militias",
        "militiamen",
        "paramilitaries",
        "fighters",
        "gunmen",
        "mujahideen",
        "communists",
        "maoists",
        "opposition",
        "revolutionaries",
        "mutineers",
        "terrorists",
        "gangs",
        "forces",
    ]
)
# Heads that are mentions only after "the", "this", "that", "its".
DEFINITE = frozenset(
    [
        "group",
        "sect",
        "movement",
        "coalition",
        "alliance",
        "resistance",
        "faction",
        "organisation",
        "organization",
        "insurgency",
        "militia",
    ]
)

MODIFIERS: dict[str, str] = {
    **dict.fromkeys(["government", "regime", "state", "army", "military", "loyalist", "federal", "security", "junta", "police", "progovernment", "proregime", "presidential", "ruling"], "V"),
    **dict.fromkeys("rebel opposition antigovernment antiregime revolutionary resistance antijunta".split(), "R"),  # noqa: SIM905
    **dict.fromkeys(["insurgent"], "I"),
    **dict.fromkeys(["militant"], "M"),
    **dict.fromkeys("jihadist jihadi islamist extremist terrorist terror fundamentalist".split(), "J"),  # noqa: SIM905
    **dict.fromkeys("separatist secessionist breakaway".split(), "S"),  # noqa: SIM905
    **dict.fromkeys("guerrilla guerilla maoist communist marxist leftist".split(), "G"),  # noqa: SIM905
    **dict.fromkeys("militia paramilitary tribal".split(), "P"),  # noqa: SIM905
    **dict.fromkeys("coalition peacekeeping".split(), "C"),  # noqa: SIM905
    **dict.fromkeys(
        ["special", "armed", "ground", "elite", "local", "foreign", "allied", "air", "northern", "southern", "eastern", "western", "northeastern", "northwestern", "southeastern", "southwestern", "sunni", "shia", "shiite", "shi'ite", "shiites", "muslim", "moslem", "christian", "ethnic", "mainly", "mostly", "combined", "joint", "irregular", "regular", "nationalist", "moderate", "hardline", "radical", "rival", "dissident", "renegade", "mutinous", "border", "interior", "mechanised", "mechanized", "armoured", "armored", "infantry", "airborne", "remaining", "retreating", "advancing", "besieged", "main", "naval", "proxy", "volunteer", "volunteers", "tribesmen", "naval", "counterterrorism", "counterinsurgency", "largest", "powerful", "prodemocracy", "democratic", "royal", "national", "presidential-guard", "guard", "self-defence", "selfdefence", "arab", "kurdish", "turkmen", "druze", "led", "predominantly", "pro-independence", "hostile", "enemy", "friendly", "opposing", "occupying", "invading"], ""),
}  # fmt: skip

LINKED = frozenset(
    [
        "backed",
        "led",
        "aligned",
        "allied",
        "linked",
        "affiliated",
        "supported",
        "sponsored",
        "dominated",
        "trained",
        "funded",
        "armed",
        "controlled",
    ]
)
HELD = frozenset("held controlled run occupied besieged ruled administered governed dominated".split())  # noqa: SIM905
DETERMINERS = frozenset("the this that these those its their his both".split())  # noqa: SIM905

UNIT_NOUNS = frozenset(
    [
        "brigade",
        "brigades",
        "battalion",
        "battalions",
        "division",
        "divisions",
        "regiment",
        "corps",
        "guard",
        "guards",
        "legion",
        "army",
        "front",
        "movement",
        "militia",
        "forces",
        "units",
        "command",
        "party",
        "alliance",
        "fighters",
        "rebels",
    ]
)
# Arabic and Persian words that open the name of an armed group.
OPENERS = frozenset(
    [
        "liwa",
        "liwaa",
        "jaysh",
        "jaish",
        "jabhat",
        "harakat",
        "hayat",
        "kataib",
        "katibat",
        "saraya",
        "ansar",
        "ahrar",
        "faylaq",
        "asaib",
        "jund",
        "junud",
        "quwat",
        "tehrik",
        "tehreek",
        "lashkar",
        "jamaat",
        "hizb",
        "fatah",
        "fateh",
        "tanzim",
        "firqat",
        "suqur",
        "suqour",
        "ajnad",
        "nour",
        "nur",
        "jamaah",
        "katiba",
        "laskar",
        "dara",
        "sipah",
    ]
)
TITLES = frozenset(
    [
        "president",
        "general",
        "gen",
        "colonel",
        "col",
        "marshal",
        "field",
        "commander",
        "warlord",
        "strongman",
        "leader",
        "king",
        "prime",
        "minister",
        "former",
        "ex",
        "the",
        "vice",
        "interim",
        "transitional",
        "opposition",
        "deposed",
        "ousted",
        "rebel",
        "eastern",
        "western-based",
        "lieutenant",
        "lt",
        "major",
        "maj",
        "dictator",
    ]
)
# What each role answers to; the first fitting entry of a country's actors is the default.
ROLE_CLASSES: dict[str, str] = {
    "government": "V", "rebels": "RIMFO", "jihadists": "JIMFO", "separatists": "SRMIFO", "guerrillas": "GRIMFO",
    "militia": "PFMO", "coalition": "C", "peacekeepers": "", "": "RIMJSGPFO",
}  # fmt: skip
# For a country without an antecedent in the text: which roles a class means, best first.
CLASS_ROLES: dict[str, tuple[str, ...]] = {
    "V": ("government",), "R": ("rebels", "separatists", "guerrillas"), "I": ("jihadists", "rebels", "guerrillas"),
    "M": ("jihadists", "rebels"), "J": ("jihadists",), "S": ("separatists",), "G": ("guerrillas", "separatists", "rebels"),
    "P": ("militia",), "C": ("coalition",), "O": (), "F": (),
}  # fmt: skip

# Modifiers that set a force apart from those the text has spoken of: never resolved from context.
APART = frozenset(
    [
        "rival",
        "dissident",
        "renegade",
        "breakaway",
        "foreign",
        "allied",
        "hostile",
        "enemy",
        "opposing",
        "local",
        "mutinous",
        "tribal",
        "other",
    ]
)
# Places that belong to whom the word before names: "rebel stronghold", "government outposts".
HELD_PLACES = frozenset(
    [
        "stronghold",
        "strongholds",
        "bastion",
        "bastions",
        "base",
        "bases",
        "capital",
        "bunker",
        "bunkers",
        "position",
        "positions",
        "outpost",
        "outposts",
        "heartland",
        "territory",
        "territories",
        "enclave",
        "enclaves",
        "lines",
        "headquarters",
        "camp",
        "camps",
        "area",
        "areas",
        "garrison",
        "garrisons",
        "pocket",
        "pockets",
        "town",
        "towns",
        "village",
        "villages",
        "city",
        "district",
        "districts",
        "neighbourhood",
        "neighbourhoods",
        "neighborhood",
        "neighborhoods",
        "checkpoint",
        "checkpoints",
        "hideout",
        "hideouts",
        "defences",
        "defenses",
        "trenches",
        "suburb",
        "suburbs",
        "zone",
        "zones",
        "region",
        "airbase",
        "barracks",
        "fortress",
    ]
)

# Modifiers that may be the holder in "rebel-held" and "rebel stronghold"; "state-run" and "security zone" say nothing.
HOLDERS = frozenset(
    [
        "rebel",
        "opposition",
        "insurgent",
        "militant",
        "jihadist",
        "jihadi",
        "islamist",
        "extremist",
        "separatist",
        "secessionist",
        "guerrilla",
        "guerilla",
        "government",
        "regime",
        "army",
        "militia",
        "loyalist",
        "junta",
        "coalition",
        "terrorist",
        "paramilitary",
    ]
)

# What somebody does: "the rebel offensive", "a government assault".
ACTS = frozenset(
    "offensive offensives assault assaults advance advances counteroffensive counteroffensives siege withdrawal retreat".split()  # noqa: SIM905
)

# What is said to be somebody's: "in Serb hands", "under Russian control".
HOLD_NOUNS = frozenset({"control", "hands", "rule", "occupation", "grip", "possession"})
