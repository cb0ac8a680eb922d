"""The table of rules: which words, in which frame, claim what about a place.

A frame says where the parts of a claim stand (see ``frames``); a row adds the words that trigger it. ``{Velmar}`` in an
example marks a place name. Each row's examples are tests: the first must give a claim by this rule, the second none.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from mapper.claims.forms import plurals
from mapper.claims.lexicon import FIGHTING, OFFENSIVE, VERB_FORMS, words
from mapper.model import Predicate


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """``words`` are lemmas of verbs, or heads of nouns with their plurals; ``preps`` the prepositions that lead to the place.

    ``territorial`` rules have a place as their usual object, so an unknown capitalised name may be one; for the others
    ("capture", "take", "seize") the object must be known or described as a place. ``confidence`` is for a claim in
    which every part was found.
    """

    name: str
    frame: str
    predicate: Predicate
    words: frozenset[str]
    preps: frozenset[str] = frozenset()
    territorial: bool = False
    confidence: float = 0.9
    positive: str
    negative: str


def _rule(
    name: str,
    frame: str,
    predicate: Predicate,
    heads: str | frozenset[str],
    preps: str = "",
    *,
    territorial: bool = False,
    confidence: float = 0.9,
    plural: bool = True,
    positive: str,
    negative: str,
) -> Rule:
    given = words(heads) if isinstance(heads, str) else heads
    return Rule(
        name=name,
        frame=frame,
        predicate=predicate,
        words=plurals(given) if plural and frame in NOUN_FRAMES else given,
        preps=frozenset(p.replace("_", " ") for p in preps.split()),
        territorial=territorial,
        confidence=confidence,
        positive=positive,
        negative=negative,
    )


NOUN_FRAMES: Final = words("stronghold fighting siege presence event control-of")

_AT = "in at on near around inside outside within into along across over for through against toward towards to between throughout"

RULES: Final[tuple[Rule, ...]] = (
    # -- verbs: who took what ------------------------------------------------------------------------------------
    _rule(
        "capture",
        "take",
        Predicate.CAPTURED,
        "capture seize",
        confidence=0.95,
        positive="The army captured the town of {Velmar} from the rebels on Monday.",
        negative="The army captured a rebel commander in {Velmar} on Monday.",
    ),
    _rule(
        "retake",
        "take",
        Predicate.CAPTURED,
        "retake recapture reclaim liberate reconquer overrun conquer regain wrest annex occupy",
        territorial=True,
        confidence=0.95,
        positive="{Velmar} was recaptured by government troops in March.",
        negative="The guards recaptured two escaped prisoners in {Velmar}.",
    ),
    _rule(
        "take",
        "take",
        Predicate.CAPTURED,
        "take secure grab free",
        confidence=0.85,
        positive="Rebels took {Velmar} and two villages near it on Friday.",
        negative="Rebels took hostages in {Velmar} on Friday.",
    ),
    _rule(
        "take-over",
        "take-over",
        Predicate.CAPTURED,
        "take",
        "over",
        confidence=0.85,
        positive="Rebels took over {Velmar} after the soldiers fled.",
        negative="A new manager took over the orchestra of {Velmar}.",
    ),
    _rule(
        "take-control",
        "control-noun",
        Predicate.CAPTURED,
        "take gain regain seize assume wrest win establish secure restore reassert retake impose extend grab claim recover",
        "of over in on",
        territorial=True,
        confidence=0.93,
        positive="The militia seized control of {Velmar} overnight.",
        negative="The pilot regained control of the aircraft over {Velmar}.",
    ),
    _rule(
        "clear",
        "take",
        Predicate.CAPTURED,
        "clear purge cleanse",
        confidence=0.75,
        positive="Troops cleared {Velmar} of militants.",
        negative="Workers cleared the snow from the streets.",
    ),
    _rule(
        "expel",
        "expel",
        Predicate.CAPTURED,
        "drive expel oust evict push force eject dislodge chase rout flush kick clear clean boot throw",
        "from out_of out away_from back_from",
        territorial=True,
        confidence=0.87,
        positive="Iraqi forces drove the militants out of {Velmar}.",
        negative="The bus driver pushed a passenger out of the vehicle in {Velmar}.",
    ),
    _rule(
        "reverse-gains",
        "reverse",
        Predicate.CAPTURED,
        "reverse erase undo roll",
        "in around at near inside across within along",
        territorial=True,
        confidence=0.8,
        positive="The army reversed all of the rebels' gains in {Velmar}.",
        negative="The market reversed all of its gains in {Velmar}.",
    ),
    _rule(
        "raise-flag",
        "flag",
        Predicate.CAPTURED,
        "raise hoist plant",
        "in over at on atop above",
        confidence=0.75,
        positive="Government troops raised their flag over {Velmar} on Friday.",
        negative="Protesters raised a banner over {Velmar} on Friday.",
    ),
    _rule(
        "fall",
        "fall",
        Predicate.CAPTURED,
        "fall surrender capitulate",
        "to into_to",
        territorial=True,
        confidence=0.92,
        positive="{Velmar} fell to the rebels in 2013.",
        negative="Temperatures in {Velmar} fell to zero.",
    ),
    _rule(
        "lose",
        "lose",
        Predicate.LOST,
        "lose",
        territorial=True,
        confidence=0.9,
        positive="The rebels lost {Velmar} last week.",
        negative="The club lost 2-0 in {Velmar}.",
    ),
    _rule(
        "lose-control",
        "control-noun",
        Predicate.LOST,
        "lose cede relinquish surrender",
        "of over in on",
        territorial=True,
        positive="The government has lost control of {Velmar}.",
        negative="The driver lost control of his car near {Velmar}.",
    ),
    # -- leaving and handing over ----------------------------------------------------------------------------------
    _rule(
        "withdraw",
        "leave",
        Predicate.WITHDREW,
        "withdraw retreat pull flee evacuate depart fall redeploy slip stream",
        "from out_of back_from away_from out_from outside",
        territorial=True,
        confidence=0.88,
        positive="Government troops withdrew from {Velmar} on Sunday.",
        negative="The candidate withdrew from the race in {Velmar}.",
    ),
    _rule(
        "abandon",
        "abandon",
        Predicate.WITHDREW,
        "abandon vacate evacuate quit flee desert leave",
        territorial=True,
        confidence=0.82,
        positive="The fighters abandoned {Velmar} before dawn.",
        negative="The owners abandoned a car in {Velmar}.",
    ),
    _rule(
        "hand-over",
        "hand",
        Predicate.TRANSFERRED,
        "hand cede surrender transfer turn relinquish yield deliver give concede",
        "to over_to",
        territorial=True,
        confidence=0.88,
        positive="The militia handed {Velmar} over to the Syrian army.",
        negative="The police handed the suspects over to prosecutors in {Velmar}.",
    ),
    _rule(
        "control-passes",
        "control-passes",
        Predicate.TRANSFERRED,
        "pass revert return shift go transfer switch",
        "to into",
        territorial=True,
        confidence=0.88,
        positive="Control of {Velmar} passed to the Syrian army in May.",
        negative="The presidency of the council passed to {Velmar} in May.",
    ),
    # -- holding ---------------------------------------------------------------------------------------------------
    _rule(
        "hold",
        "hold",
        Predicate.HOLDS,
        "hold control rule govern administer dominate occupy retain",
        confidence=0.9,
        positive="The rebels still hold {Velmar} and the road to it.",
        negative="The rebels hold seven foreigners in {Velmar}.",
    ),
    _rule(
        "cling",
        "at",
        Predicate.HOLDS,
        "cling hang hold",
        "to on_to onto",
        confidence=0.88,
        positive="The militants are clinging on to a few villages in {Velmar}.",
        negative="Survivors clung to a tree near {Velmar}.",
    ),
    _rule(
        "keep-control",
        "control-noun",
        Predicate.HOLDS,
        "have hold keep maintain retain exercise consolidate tighten strengthen enjoy cement share wield be",
        "of over in on",
        territorial=True,
        confidence=0.88,
        positive="The junta keeps a firm grip on {Velmar}.",
        negative="The doctor maintains control of the infection in {Velmar}.",
    ),
    _rule(
        "under-control",
        "under",
        Predicate.HOLDS,
        "control rule occupation hands grip administration authority",
        "under in within",
        territorial=True,
        positive="{Velmar}, under the control of the rebels since May, was calm.",
        negative="The fire in {Velmar} is under control.",
    ),
    _rule(
        "held-adjective",
        "adjective",
        Predicate.HOLDS,
        "held controlled occupied run ruled dominated administered",
        positive="Shells hit rebel-held {Velmar} again.",
        negative="A state-run newspaper in {Velmar} reported the news.",
    ),
    _rule(
        "taken-adjective",
        "adjective",
        Predicate.CAPTURED,
        "captured recaptured retaken liberated overrun",
        confidence=0.8,
        positive="The minister visited the recaptured town of {Velmar}.",
        negative="The minister met the captured soldiers in {Velmar}.",
    ),
    _rule(
        "stronghold",
        "stronghold",
        Predicate.HOLDS,
        "stronghold bastion redoubt enclave",
        confidence=0.82,
        positive="{Velmar} is a stronghold of the Taliban.",
        negative="{Velmar} is a stronghold of the wool trade.",
    ),
    _rule(
        "capital-of-holder",
        "stronghold",
        Predicate.HOLDS,
        "capital headquarters base",
        plural=False,  # "rebel bases in X" are not X
        confidence=0.8,
        positive="{Velmar} is the de facto capital of the Islamic State.",
        negative="{Velmar} is the capital of the province.",
    ),
    _rule(
        "turned-into-base",
        "base-of",
        Predicate.HOLDS,
        "turn use regard convert make",
        "into as",
        confidence=0.8,
        positive="They reached {Velmar}, which the militia had made into its headquarters.",
        negative="They reached {Velmar}, which the militia had made poorer.",
    ),
    # -- fighting --------------------------------------------------------------------------------------------------
    _rule(
        "fight",
        "fight",
        Predicate.CONTESTED,
        "fight battle clash confront squeeze combat skirmish",
        _AT,
        confidence=0.82,
        positive="Government forces are battling the rebels in {Velmar}.",
        negative="Doctors are battling cholera in {Velmar}.",
    ),
    _rule(
        "storm",
        "storm",
        Predicate.CONTESTED,
        "storm assault invade attack",
        confidence=0.75,
        positive="Government troops stormed {Velmar} at dawn.",
        negative="The minister stormed out of a meeting in {Velmar}.",
    ),
    _rule(
        "breach",
        "storm",
        Predicate.CONTESTED,
        "breach infiltrate",
        territorial=True,
        confidence=0.75,
        positive="{Velmar} was breached by the rebels late on Saturday.",
        negative="The rebels breached a truce near {Velmar}.",
    ),
    _rule(
        "storm-into",
        "at",
        Predicate.CONTESTED,
        "sweep storm burst",
        "into",
        territorial=True,
        confidence=0.75,
        positive="Rebel fighters swept into {Velmar} on Monday.",
        negative="Cold air swept into {Velmar} on Monday.",
    ),
    _rule(
        "advance-on",
        "at",
        Predicate.CONTESTED,
        "advance push march press",
        "on towards toward upon",
        confidence=0.62,
        positive="Rebel columns advanced on {Velmar}.",
        negative="The club advanced to the final in {Velmar}.",
    ),
    _rule(
        "advance-about",
        "about",
        Predicate.CONTESTED,
        "advance counterattack attack push",
        confidence=0.78,
        positive="Russian forces advanced northeast of {Velmar} on Friday.",
        negative="Russian shares advanced northeast of {Velmar} on Friday.",
    ),
    _rule(
        "fighting-noun",
        "fighting",
        Predicate.CONTESTED,
        "fighting clash battle combat firefight skirmish gunbattle gunfight hostilities",
        _AT + " of",
        confidence=0.82,
        positive="Fierce fighting between the army and rebels continued in {Velmar}.",
        negative="Fierce fighting over the budget continued in the {Velmar} parliament.",
    ),
    _rule(
        "offensive-noun",
        "fighting",
        Predicate.CONTESTED,
        "offensive assault counteroffensive counter-offensive counterattack counter-attack onslaught push incursion advance"
        " attack operation campaign",
        _AT,
        confidence=0.8,
        positive="The army launched an offensive in {Velmar} province on Tuesday.",
        negative="The senator launched an assault on the press in {Velmar}.",
    ),
    _rule(
        "offensive-to-take",
        "purpose",
        Predicate.CONTESTED,
        (OFFENSIVE | FIGHTING) - words("mission race war"),  # which need not be fought at the place
        confidence=0.82,
        positive="The army continued its offensive to recapture {Velmar}.",
        negative="The party continued its campaign to win {Velmar}.",
    ),
    # -- siege -----------------------------------------------------------------------------------------------------
    _rule(
        "besiege",
        "besiege",
        Predicate.BESIEGED,
        "besiege encircle surround blockade",
        territorial=True,
        confidence=0.88,
        positive="The rebels have besieged {Velmar} for two years.",
        negative="Reporters besieged the minister in {Velmar}.",
    ),
    _rule(
        "cut-off",
        "cut-off",
        Predicate.BESIEGED,
        "cut sever close block",
        "into to from out_of",
        territorial=True,
        confidence=0.8,
        positive="The army has cut off all routes into {Velmar}.",
        negative="The flood has cut off all routes into {Velmar}.",
    ),
    _rule(
        "siege-noun",
        "siege",
        Predicate.BESIEGED,
        "siege blockade encirclement",
        "of on to in around",
        territorial=True,
        confidence=0.85,
        positive="The army tightened its siege of {Velmar}.",
        negative="The army of photographers ended its siege of the actress.",
    ),
    _rule(
        "siege-broken",
        "siege",
        Predicate.SIEGE_LIFTED,
        "siege blockade encirclement",
        "of on to in around",
        territorial=True,
        confidence=0.85,
        positive="The army broke the siege of {Velmar}.",
        negative="The army broke a window in {Velmar}.",
    ),
    _rule(
        "besieged-adjective",
        "besieged",
        Predicate.BESIEGED,
        "besieged encircled blockaded",
        confidence=0.8,
        positive="Aid reached the besieged town of {Velmar}.",
        negative="Aid reached the besieged manager of the {Velmar} club.",
    ),
    # -- presence --------------------------------------------------------------------------------------------------
    _rule(
        "enter",
        "enter",
        Predicate.PRESENCE,
        "enter penetrate reach",
        territorial=True,
        confidence=0.85,
        positive="Army units entered {Velmar} on Thursday.",
        negative="The singer entered the contest in {Velmar}.",
    ),
    _rule(
        "move-into",
        "at",
        Predicate.PRESENCE,
        "move march roll advance push pour cross drive go break enter return deploy walk stream press",
        "into",
        territorial=True,
        confidence=0.8,
        positive="Army columns rolled into {Velmar}.",
        negative="The crowd moved into {Velmar} overnight.",
    ),
    _rule(
        "deploy",
        "at",
        Predicate.PRESENCE,
        "deploy station base entrench garrison mass amass arrive",
        "in to at around near inside along across throughout within into outside on",
        confidence=0.8,
        positive="Hundreds of soldiers were deployed to {Velmar}.",
        negative="The firm, based in {Velmar}, sells shoes.",
    ),
    _rule(
        "operate",
        "about",
        Predicate.PRESENCE,
        "operate",
        confidence=0.78,
        positive="Elements of the 5th Brigade are operating in {Velmar}.",
        negative="Several foreign companies are operating in {Velmar}.",
    ),
    _rule(
        "remain",
        "at",
        Predicate.PRESENCE,
        "remain stay",
        "in inside",
        confidence=0.75,
        positive="The rebels remain in {Velmar}.",
        negative="The singer remained in {Velmar}.",
    ),
    _rule(
        "declare-taken",
        "declare",
        Predicate.CAPTURED,
        "declare proclaim announce pronounce",
        confidence=0.82,
        positive="The army declared {Velmar} liberated on Monday.",
        negative="The army declared {Velmar} a military zone on Monday.",
    ),
    _rule(
        "deny",
        "deny",
        Predicate.DENIED,
        "deny reject dismiss dispute",
        confidence=0.8,
        positive="The rebels said they had captured {Velmar}, but the army denied it.",
        negative="The rebels said they had captured a general, but the army denied it.",
    ),
    _rule(
        "presence-noun",
        "presence",
        Predicate.PRESENCE,
        "presence foothold build-up buildup",
        "in at around near inside along across throughout within",
        confidence=0.85,
        positive="The militants retain a presence in {Velmar}.",
        negative="The bank retains a presence in {Velmar}.",
    ),
    _rule(
        "build-up",
        "build-up",
        Predicate.PRESENCE,
        "build keep maintain send dispatch concentrate take",
        "in at around near inside along across throughout within to into",
        confidence=0.72,
        positive="The army is building up its forces in {Velmar}.",
        negative="The firm is building up its sales forces in {Velmar}.",
    ),
    # -- nominal ---------------------------------------------------------------------------------------------------
    _rule(
        "capture-noun",
        "event",
        Predicate.CAPTURED,
        "capture recapture seizure liberation conquest takeover retaking reconquest",
        "of",
        territorial=True,
        confidence=0.88,
        positive="The recapture of {Velmar} by the army took two months.",
        negative="The capture of the general near {Velmar} took two months.",
    ),
    _rule(
        "fall-noun",
        "event",
        Predicate.LOST,
        "fall loss collapse surrender",
        "of",
        territorial=True,
        confidence=0.85,
        positive="The fall of {Velmar} shocked the government.",
        negative="The loss of life in {Velmar} shocked the government.",
    ),
    _rule(
        "withdrawal-noun",
        "event",
        Predicate.WITHDREW,
        "withdrawal retreat pullout pull-out evacuation pullback",
        "from of",
        territorial=True,
        confidence=0.82,
        positive="The rebels' withdrawal from {Velmar} ended the battle.",
        negative="The withdrawal from the treaty was debated in {Velmar}.",
    ),
    _rule(
        "control-noun",
        "control-of",
        Predicate.HOLDS,
        "control occupation grip hold",
        "of on over",
        territorial=True,
        confidence=0.75,
        positive="Rebel control of {Velmar} worries the neighbours.",
        negative="Pest control of gardens in {Velmar} worries the neighbours.",
    ),
)

BY_NAME: Final = {rule.name: rule for rule in RULES}


def _index(frames: frozenset[str]) -> dict[str, tuple[Rule, ...]]:
    table: dict[str, tuple[Rule, ...]] = {}
    for rule in RULES:
        if rule.frame in frames:
            for word in sorted(rule.words):
                table[word] = (*table.get(word, ()), rule)
    return table


VERB_FRAMES: Final = words(
    "take take-over expel reverse flag fall lose leave abandon control-passes hand hold at control-noun fight storm about besiege cut-off enter build-up base-of declare deny"
)
VERB_RULES: Final = _index(VERB_FRAMES)
NOUN_RULES: Final = _index(NOUN_FRAMES)

# verbs that are too common to wake the analysis by themselves: their frames have another word that does
_QUIET: Final = words(
    "be have keep give make use turn go return share claim build send arrive cross break throw free win move push force"
    " drive hang enjoy recover arm reach leave clear clean take march station mass plant hand slip stay remain declare"
    " announce pronounce proclaim reject dismiss dispute concentrate dispatch pull convert raise hoist run pass revert shift"
    " transfer switch walk stream cut sever close block reverse erase undo roll operate"
)
_QUIET_NOUNS: Final = plurals(words("attack capital base operation campaign"))
# … and that word: any form of these verbs before it wakes the analysis
_WITH: Final = (
    ("throw clean", r"\b[^.;]{1,60}\bout of"),
    ("keep concentrate dispatch", r"\b[^.;]{1,40}\b(?:forces|troops|soldiers|fighters|units|reinforcements)"),
    ("cut block close sever", r" (?:off )?(?:all|every|both|the (?:last|only|final|remaining))"),
    ("move march roll pour walk stream press go drive sweep break cross push return", r" (?:back )?(?:into|on)"),
    ("arrive", r" (?:in|at|near|outside)"),
    ("stay", r" (?:in|inside)"),
    ("operate", r"\b[^.;]{0,30}\b(?:in|near|around|inside|along|across|outside|of)"),
    ("hang", r" on ?to"),
    ("transfer convert", ""),
)
_ON_THEIR_OWN: Final = (
    r"(?:took|taken|takes?|taking|handed|hands|handing|turned|turning|gave|given|giving|won|pulled|pulling|pulls?)"
    r"|(?:drove|driven|pushed|forced|cleared|clearing|abandon\w*|left|leaving|control\w*|possession|grip|sway|foothold|presence)"
    r"|cut(?:ting|s)? off|severed|command of|streamed out|to leave|(?:entered|entering|enters?|reached|reaching|freed|wrested|chased|flushed|slipped|sent|sending|flags?)"
    r"|crossed the"
    r"|(?:ground|military) (?:operation|campaign)s?|gains (?:in|around|at|near|inside|across|within|along)"
    r"|-(?:held|controlled|occupied|run|ruled|dominated|administered)|de facto|clear of|free of|free from|declared|regards?"
    r"|(?:buil(?:d|t|ding)|tak(?:e|en|ing)|took) up|mass(?:ed|ing)|stationed|repel\w*|repuls\w*|foil\w*|thwart\w*|launch\w*|remain\w*|claim|denied|denies"
)


def _trigger() -> re.Pattern[str]:
    found: set[str] = set()
    forms: dict[str, list[str]] = {}
    for form, (lemma, _) in VERB_FORMS.items():
        forms.setdefault(lemma, []).append(form)
    for rule in RULES:
        verbal = rule.frame in VERB_FRAMES
        if rule.frame == "purpose":
            continue  # the verb of the purpose wakes its sentence itself
        for word in rule.words - (_QUIET if verbal else _QUIET_NOUNS):
            found.update(forms[word] if verbal else [word])
    led = (_branches({f for verb in verbs.split() for f in forms[verb]}) + companion for verbs, companion in _WITH)
    return re.compile(r"\b(?:" + "|".join((_branches(found), *led, _ON_THEIR_OWN)) + r")\b")


def _branches(words: Collection[str]) -> str:
    """A pattern for exactly these words, shared beginnings written once: five times as fast as trying one by one."""
    tails: dict[str, set[str]] = {}
    for word in words:
        tails.setdefault(word[:1], set()).add(word[1:])
    whole = "" in tails
    found = [re.escape(head) + _branches(rest) for head, rest in sorted(tails.items()) if head]
    if not found:
        return ""
    if len(found) == 1 and not whole:
        return found[0]
    return "(?:" + "|".join(found) + ")" + ("?" if whole else "")


# the three are searched in a ``lowered`` text: four times as fast as ignoring case
TRIGGER: Final = _trigger()

# words that wake the analysis in any article; the others only where the article speaks of armed people at all, because
# ordinary news is full of "took", "left", "entered" and "fight"
STRONG: Final = re.compile(
    r"\b(?:"
    + _branches(
        words(
            "capture captured captures capturing recapture recaptured recapturing retake retook retaken retaking seize seized"
            " seizes seizing liberate liberated liberating liberation overrun overran overrunning reconquer reconquered conquered"
            " besiege besieged besieging siege encircle encircled blockade annexed occupied occupies occupying occupation"
            " offensive offensives counteroffensive clashes stronghold strongholds bastion reclaim reclaimed regained wrested"
            " ceded withdrew withdrawn withdrawal retreated retreat ousted expelled stormed invaded foothold"
        )
    )
    + r"|control\w*|fell to|fall of|falls to|loss of|lost|pulled out of|pulling out of|handed over|took over|in the hands|hands of"
    + r"|-(?:held|controlled|occupied|ruled))\b"
)
WARLIKE: Final = re.compile(
    r"\b(?:"
    + _branches(
        words(
            "troops soldier soldiers army armies rebel rebels militant militants militia militias militiamen insurgent insurgents"
            " insurgency guerrilla guerrillas jihadist jihadists jihadi fighters gunmen separatist separatists warlord warlords"
            " ceasefire truce paramilitary paramilitaries junta battalion brigade brigades regiment isis isil taliban hamas"
            " hezbollah houthi houthis peshmerga forces military warplanes artillery invasion mutiny mutineers commandos marines"
            " islamists extremists mercenaries warring front-line frontline battlefield snipers sniper tanks armoured armored infantry"
            " cavalry platoon platoons paratroopers paratroops parachutists bridgehead beachhead panzer panzers"
            " wehrmacht nazis shelling shelled bombardment howitzers machine-gun machine-guns airstrike airstrikes partisans occupiers"
            " combatants hostilities mujahideen counteroffensive mortars trenches minefields"
        )
    )
    + r"|islamic state|armed groups?|popular front|air strikes?|world war)\b"
)

_ODD_CASES: Final = (("İ", "i"), ("ı", "i"), ("ſ", "s"))  # what a pattern that ignores case takes for i and s


def lowered(text: str) -> str:
    """The text in lower case, every character in its place."""
    if not text.isascii():
        for odd, plain in _ODD_CASES:
            text = text.replace(odd, plain)
    return text.lower()
