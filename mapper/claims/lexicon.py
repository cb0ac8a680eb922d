"""Word lists of the light analysis of English: function words, verbs with their forms, and what nouns are about.

Lists hold lower-case words separated by blanks. A word that is missing costs recall, a word in the wrong list costs
precision, so the lists of what is *not* a place (persons, things) may be generous and the lists of places may not.
"""

from __future__ import annotations

from typing import Final

from mapper.actors.vocabulary import HEADS
from mapper.claims.forms import plurals, verb_forms


def words(text: str) -> frozenset[str]:
    """The blank-separated words of a text as a set: a list that reads as a line."""
    return frozenset(text.split())


DETERMINERS: Final = words(
    "the a an this that these those its his her their our my your some any no every each both another other all such"
    " several many few various multiple numerous certain additional further"
)
DEFINITE: Final = words("the this that these those its their his")
PREPOSITIONS: Final = words(
    "of in on at by for from with into onto over under near around inside outside within across through throughout"
    " against between among amid towards toward along beside behind below above beyond off upon via without despite"
    " during including alongside following like per versus"
    " besides in-between opposite past overlooking bordering surrounding regarding concerning according"
)
SUBORDINATORS: Final = words(
    "after before while as if since because until till although though unless once whereas lest"
)
CONJUNCTIONS: Final = words("and or but & nor yet")
RELATIVES: Final = words("which who whom whose where when what why how whether")
PRONOUNS: Final = words("they them it he him she i we you us me himself themselves itself one ones someone")
PERSONAL: Final = words("him her he she me you us them himself themselves someone everyone anyone")
AUX_BE: Final = words("is are was were be been being am 's 're")
AUX_HAVE: Final = words("has have had having 've")
AUX_DO: Final = words("do does did")
MODALS: Final = words("will would can could may might shall should must 'll 'd wo ca")
NEGATIONS: Final = words("not never n't neither nor no-longer hardly barely")
ADVERBS: Final = words(
    "not never already also still now then just only even ever recently soon later again once fully largely mostly"
    " briefly quickly swiftly rapidly finally effectively reportedly allegedly apparently currently formerly previously"
    " initially originally successfully completely entirely partially partly virtually nearly almost long far away"
    " together back instead meanwhile however moreover furthermore therefore thus hence earlier simultaneously"
    " subsequently eventually first twice temporarily unexpectedly suddenly immediately gradually slowly steadily"
    " heavily closely jointly firmly tightly officially formally repeatedly no-longer n't so too very there here"
    " elsewhere ago abroad nearby deeper forward unopposed about approximately purportedly supposedly ostensibly easily nominally"
)
HEDGES: Final = words("reportedly allegedly purportedly apparently supposedly")
DIRECTIONS: Final = words(
    "north south east west northeast northwest southeast southwest north-east north-west south-east south-west"
    " northern southern eastern western northeastern northwestern southeastern southwestern north-eastern"
    " north-western south-eastern south-western central rural upper lower inner outer downtown northernmost southernmost"
    " easternmost westernmost"
)
NUMBERS: Final = words(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million dozen dozens"
    " hundreds thousands half third thirds quarter quarters two-thirds three-quarters one-third percent per-cent %"
    " more-than less-than at-least up-to about-half nearly-half two-third one-fifth fifth fifths tenth tenths"
)
ADJECTIVES: Final = words(
    "last first second biggest largest second-largest third-largest key strategic strategically-located important"
    " major minor small large big vast new old ancient historic holy local nearby neighboring neighbouring remote"
    " coastal border mountainous desert main final next other former de-facto remaining entire whole own great heavy"
    " fierce intense violent bitter bloody deadly brief long short four-month month-long week-long massive huge powerful"
    " full complete partial total de facto self-declared self-proclaimed recent fresh renewed ongoing latest sporadic"
    " northern southern eastern western central northeastern northwestern southeastern southwestern rural urban regional"
    " provincial federal national international foreign military civilian political religious ethnic"
    " oil-rich gas-rich mineral-rich war-torn embattled beleaguered battered breakaway separatist same only sole"
    " surrounding adjacent crucial vital critical tiny sprawling fortified populous populated walled sunni shiite shia"
    " christian muslim islamist moderate armed unidentified suspected alleged senior top young elite special combined"
    " joint allied loyal hostile rival common open high low early late mid nationwide tribal"
    " lightning surprise large-scale successful failed imminent long-awaited major limited several-day two-day three-day"
)

# -- verbs -------------------------------------------------------------------------------------------------------

_REGULAR: Final = (
    "capture recapture seize reclaim regain liberate reconquer conquer occupy annex secure wrest invade storm besiege"
    " surround encircle blockade control rule govern administer dominate retain maintain consolidate tighten loosen"
    " surrender capitulate concede abandon evacuate vacate retreat desert clash battle attack assault assail bombard"
    " shell bomb raid pound target enter deploy station base advance push march roll cross reach arrive infiltrate"
    " patrol expel oust evict eject dislodge chase force clear flush rout defeat repel repulse thwart foil block"
    " prevent stop resist defend protect deny dismiss reject refute dispute claim announce declare confirm report"
    " state add insist acknowledge admit assert allege note suggest indicate reveal predict believe expect warn"
    " threaten vow pledge promise plan aim intend hope want try attempt prepare order urge call demand ask help enable"
    " allow manage succeed fail struggle continue start launch mount stage conduct wage open resume renew intensify"
    " halt end finish complete suspend join support back follow include involve return move transfer relinquish cede"
    " deliver restore establish assume extend expand impose lift ease relieve collapse crumble kill wound injure"
    " arrest detain release free destroy damage level flatten approach near close press squeeze corner trap isolate"
    " confront engage face oppose accuse blame condemn use need remain stay live hand turn create form name serve link"
    " divide separate locate situate describe regard consider die happen occur erupt flare rage explode detonate fire"
    " carry pass pull drop raise plant hoist celebrate welcome visit travel head pour stream entrench fortify regroup"
    " reinforce amass mass rally vote elect appoint decide agree refuse work talk walk look appear seem prove treat"
    " proclaim vanquish erode sever merge monitor watch witness receive accept achieve gain earn collect scatter"
    " disperse displace relocate redeploy land parachute airlift ambush bypass penetrate breach pierce shift stem"
    " contain police garrison house host inform post publish tweet broadcast air quote cite pursue hunt trade exchange"
    " swap convert escalate spark trigger prompt cause mark signal represent constitute total number exceed last train"
    " equip arm fund supply smuggle transport load unload remove replace convince persuade pressure encourage"
    " terrorize execute behead torture kidnap abduct hijack rescue save hospitalize question sentence charge convict"
    " jail imprison mine demine comb search scour inspect check tour score play compete qualify edge outscore debut"
    " sign coach own operate inhabit populate cover stretch border overlook connect surpass wipe eliminate eradicate"
    " neutralize crush quell suppress slip prevail triumph withstand survive endure suffer sustain inflict unite unify"
    " reunify partition reverse erase grab bog vie pin hem reassert recover cleanse purge boot clean kick depart yield"
    " revert switch cement enjoy exercise share strengthen wield combat skirmish pronounce concentrate dispatch hail"
    " avert avoid anticipate await discuss fear estimate ensue lock hole position place proceed outflank surge worsen"
    " decline compel oblige count contemplate delay postpone cease like love prefer wish schedule ban bar deter"
    " discourage hinder prohibit command blindfold deport disarm extradite flog handcuff identify interrogate escape"
    " forfeit permit coordinate cooperate aid assist counterattack counter-attack comprise spare"
)
# base, past, past participle
_IRREGULAR: Final = (
    "take took taken",
    "retake retook retaken",
    "hold held held",
    "keep kept kept",
    "lose lost lost",
    "fall fell fallen",
    "withdraw withdrew withdrawn",
    "leave left left",
    "give gave given",
    "fight fought fought",
    "overrun overran overrun",
    "drive drove driven",
    "throw threw thrown",
    "break broke broken",
    "win won won",
    "run ran run",
    "come came come",
    "become became become",
    "go went gone",
    "make made made",
    "get got got",
    "say said said",
    "tell told told",
    "see saw seen",
    "begin began begun",
    "lay laid laid",
    "lie lay lain",
    "send sent sent",
    "sweep swept swept",
    "put put put",
    "set set set",
    "build built built",
    "rise rose risen",
    "know knew known",
    "think thought thought",
    "bring brought brought",
    "cut cut cut",
    "beat beat beaten",
    "hit hit hit",
    "meet met met",
    "find found found",
    "stand stood stood",
    "spread spread spread",
    "write wrote written",
    "show showed shown",
    "speak spoke spoken",
    "flee fled fled",
    "shoot shot shot",
    "strike struck struck",
    "seek sought sought",
    "fly flew flown",
    "stick stuck stuck",
    "shrink shrank shrunk",
    "grow grew grown",
    "lead led led",
    "leap leapt leapt",
    "deal dealt dealt",
    "dig dug dug",
    "shut shut shut",
    "oversee oversaw overseen",
    "overtake overtook overtaken",
    "quit quit quit",
    "cling clung clung",
    "overthrow overthrew overthrown",
    "undertake undertook undertaken",
    "undo undid undone",
    "buy bought bought",
    "pay paid paid",
    "feel felt felt",
    "hear heard heard",
    "read read read",
    "swear swore sworn",
    "hang hung hung",
    "burst burst burst",
    "hide hid hidden",
    "sleep slept slept",
    "split split split",
    "dream dreamed dreamed",
    "dream dreamt dreamt",
    "sneak sneaked sneaked",
    "sneak snuck snuck",
)
_DOUBLING: Final = words(
    "begin expel repel compel transfer prefer deter control patrol admit permit occur kidnap overrun"
)
_EITHER: Final = words("travel level signal total combat")
VERB_FORMS: Final = verb_forms(_REGULAR.split(), _IRREGULAR, _DOUBLING, _EITHER)
# forms that are as often nouns as verbs: the context decides (see syntax)
NOUN_OR_VERB: Final = words(
    "capture recapture control controls hold holds battle battles attack attacks assault assaults fight fights siege"
    " advance advances retreat retreats fall falls clash clashes shell shells strike strikes raid raids push pushes march"
    " patrol patrols claim claims report reports state states base bases station stations force forces back lead leads"
    " support end ends halt plan plans aim aims hope hopes attempt attempts order orders call calls demand demands help"
    " start return move moves transfer transfers surrender blockade rule rules cross use turn name names link links fire"
    " pass drop raise visit head heads mass vote work works talk talks walk look watch shift air release trade exchange"
    " spread mark signal number last train arm arms fund supply load question charge mine mines search check tour score"
    " play edge sign scores coach own cover border borders run runs break breaks win wins cut cuts hit stand set lay shot rise"
    " win wins drive drives throw sweep loss need needs desert near free open close level post house host face faces"
    " fighting shelling bombing building meeting bombardment land lands target targets ambush rescue record"
    " left following beginning saw press trap block blocks police corner split found quarter contain swap hand hands"
    " kick kicks boot boots clean share shares exercise exercises yield yields switch switches purge purges cement"
    " combat combats skirmish skirmishes burst bursts dispatch dispatches fear fears estimate estimates lock locks"
    " hole holes position positions place places surge surges decline declines count counts dream dreams delay delays"
    " love like likes wish wishes schedule schedules ban bans bar bars command commands escape escapes sleep permit"
    " permits aid aids handcuffs hail blindfold blindfolds forfeit counterattack counterattacks counter-attack"
    " counter-attacks"
    " plant plants stretch stretches separate bomb bombs storm storms gain gains engage witness beat show shows think pressure garrison garrisons"
)
REPORTING: Final = words(
    "say tell report announce declare claim state add confirm insist acknowledge admit assert allege note suggest"
    " indicate reveal inform post publish tweet broadcast quote cite write warn estimate believe deny"
)
RESULTATIVE: Final = words(
    "rout defeat manage succeed storm sweep overrun go break breach cross outflank drive rise return force beat"
    " surge crush enable"
)

# -- what nouns are about ----------------------------------------------------------------------------------------

SETTLEMENT: Final = words(
    "town city village hamlet settlement capital port municipality township commune community metropolis locality"
    " suburb camp enclave kibbutz oasis borough shantytown hometown birthplace"
)
REGION: Final = words(
    "province governorate region district state area county department territory island islands peninsula valley oblast"
    " raion canton prefecture sector zone country republic land plain plains highlands mountains hills desert strip"
    " archipelago division neighbourhood neighborhood quarter suburbs countryside frontier border plateau belt heartland"
    " outskirts coast peninsula pocket heights rural vicinity environs surroundings range massif"
    " jungle jungles marshes swamps hinterland"
)
_FACILITIES: Final = words(
    "roadblock front tower command airport airbase airfield base barracks garrison headquarters outpost post checkpoint crossing bridge dam refinery"
    " plant field fields oilfield gasfield oilfields port hospital school university mosque church palace prison station"
    " hill hilltop mountain mount ridge peak height junction roundabout square depot warehouse factory mill complex"
    " compound fort fortress castle citadel citadel citadel hotel stadium road highway street bank silos silo tower"
    " terminal harbour harbor pass tunnel farm farms bunker bunkers position positions point points site sites block"
    " blocks building buildings stronghold redoubt bastion mosque shrine monastery facility installation airstrip trench"
    " trenches line lines project apartments axis corridor route collage college academy battalion brigade-base"
    " headquarter springs wells well farmland orchard orchards forest forests crossroads beach beachhead wadi jabal tal"
    " tell ridges peaks hilltops mountaintop mountaintops battery storage center centre gate gates checkpoints crossings"
    " bases airports outposts posts bridges villages-on foothills slope slopes flank defences defenses marketplace market"
)
FACILITY: Final = _FACILITIES | plurals(word for word in _FACILITIES if not word.endswith("s"))
PLURAL_PLACES: Final = words(
    "towns cities villages hamlets settlements districts neighbourhoods neighborhoods provinces areas regions quarters"
    " suburbs localities communities territories pockets states governorates enclaves islands camps places parts"
    " sectors streets countries townships communes counties strongholds bastions redoubts"
)
PART_WORDS: Final = words(
    "part parts half third thirds quarter most much percent % majority portion portions swath swathe swaths swathes"
    " stretch stretches chunk chunks slice slices area areas pocket pockets territory territories outskirts edge edges"
    " fringe fringes centre center heart remnants remnant scraps scrap patch patches bit bits section sections sector"
    " sectors rest remainder bulk tract tracts corner corners two-thirds three-quarters one-third two-third lot"
    " percentage share series string handful number dozens dozen all side sides bank banks entrance entrances gates"
    " perimeter periphery foothold footholds corridor third-on interior bits tip belt land lands ground"
)
ALL_WORDS: Final = words("all entirety whole entire rest-on")
PERSONS: Final = words(
    "man men woman women boy boys girl girls child children people persons person soldier soldiers fighter fighters"
    " gunman gunmen suspect suspects leader leaders commander commanders chief chiefs member members militant militants"
    " terrorist terrorists rebel rebels insurgent insurgents hostage hostages prisoner prisoners officer officers"
    " official officials troops militiaman militiamen policeman policemen pilot pilots journalist journalists reporter"
    " aide aides lieutenant lieutenants operative operatives mastermind fugitive fugitives criminal criminals spy spies"
    " civilian civilians citizen citizens resident residents villagers villager refugee refugees student students worker"
    " workers driver brother son father mother daughter wife husband sister killer killers bomber bombers attacker"
    " attackers recruit recruits volunteer volunteers guerrilla guerrillas guerilla guerillas player players captain"
    " president minister general colonel major king prince emir sheikh personnel crew crewman sailor sailors marine"
    " marines contractor contractors businessman businessmen adviser advisers follower followers deserter deserters"
    " americans russians iranians afghans germans israelis palestinians iraqis syrians smugglers trafficker traffickers"
    " others sniper snipers occupier occupiers remnants victim victims nun priest bishop mercenary mercenaries combatant combatants accomplice accomplices figure"
    " figures kingpin capo boss bosses warlord warlords trader convict inmate inmates detainee detainees"
)
FORCES: Final = frozenset(HEADS) | words(
    "forces force army troops militia militias fighters soldiers rebels insurgents militants jihadists jihadis"
    " extremists guerrillas guerillas gunmen paramilitaries units unit brigade brigades battalion regiment division"
    " corps coalition alliance group groups faction factions front movement police commandos marines peacekeepers"
    " government regime junta military terrorists islamists separatists loyalists opposition organization organisation"
    " men side sides allies peshmerga mujahideen mercenaries tribesmen fighter warlord partisans navy fleet flotilla squadron guard"
    " authorities administration command state power powers invaders enemy network cartel gang militiamen clan clans sub-clan sub-clans subclan subclans"
    " rebel insurgent jihadist guerrilla militant separatist taliban al-shabaab houthis tribes tribe garrison column columns convoy convoys air-force legion detachment contingent platoon"
    " squads squad elements commando special-forces rangers gendarmerie mission wing bloc axis armies ranks revolutionaries"
)
HEADQUARTERS: Final = words(
    "stronghold strongholds bastion bastions heartland redoubt hotbed capital headquarters hub citadel"
)
OFFENSIVE: Final = words(
    "offensive offensives operation operations assault assaults attack attacks campaign push drive battle battles"
    " counteroffensive counter-offensive counterattack counter-attack counterattacks onslaught incursion advance bid"
    " attempt attempts effort efforts fight invasion raid siege struggle race war blitz march mission thrust"
)
FIGHTING: Final = words(
    "fighting clashes clash battle battles combat firefight firefights skirmish skirmishes gunbattle gunbattles"
    " hostilities warfare fight fights shootout"
)
CONTROL: Final = words(
    "control hold grip possession rule sway authority dominance occupation hands charge administration"
)
CIVIL: Final = words(
    "protesters protester demonstrators demonstrator fans police settlers settler students rioters riot youths supporters"
    " workers gangs gang hooligans prisoners inmates villagers farmers activists crowd crowds residents migrants"
)
TITLES: Final = words(
    "mr mrs ms dr gen gen. col col. lt lt. maj maj. sgt capt brig cmdr president minister general colonel captain"
    " prime commander mr. mrs. dr. capt. brig. cmdr. sgt. leader spokesman spokeswoman governor mayor"
)
PLACE_PRE: Final = words(
    "al ad an ar as ash at az el jebel khirbet tal tell kafr kafar umm wadi jabal deir khan beit ain bir san port fort mount new"
)
SPORT: Final = words(
    "title medal crown championship trophy lead tournament wicket wickets goal goals match race gold silver bronze cup"
    " seed victory win round set playoff playoffs pole nomination vote votes seats seat award prize imagination attention"
    " hearts heart mood spirit essence image images photo photos picture pictures video footage headlines market share"
    " audience moment beauty data carbon energy"
)

# -- small sets that one place in the frames asks about --------------------------------------------------------------

ACTING_PRONOUNS: Final = words("they it them we both he")
ANNOUNCING: Final = words("plan prepare expect announce await anticipate vow order threaten build")
BREAKING_OUT: Final = words("break erupt occur start begin continue take")
AVERTING: Final = words("stop prevent avoid avert thwart foil")
BRINK: Final = words(
    "threat risk point verge brink option talk prospect idea possibility chance dream danger notion intention"
)
COMING_UNDER: Final = words("come fall pass return bring place put")
CONTEMPLATING: Final = words("consider plan contemplate attempt delay postpone try")
CONTROL_MODIFIERS: Final = words("the a full complete partial de facto firm total")
CONTROL_OBJECTS: Final = words("control hold grip sway dominance authority possession power ground")
COUNTED: Final = words("the these those two three four five six")
DRIVING: Final = words("force push drive expel oust chase")
FALL_CIRCUMSTANCE: Final = words("after during in on without at with")
FALL_ELSE: Final = words("silent from on below short of behind by within victim to off")
FIERCE: Final = words("fierce heavy intense violent bloody ongoing renewed street house-to-house")
FIGHTING_VERBS: Final = words("fight battle struggle vie attack clash")
FORMER: Final = words("former onetime one-time erstwhile ex- old fallen traditional")
GOING_ON: Final = words(
    "erupt break continue rage be take occur flare resume intensify report escalate spread begin start go happen leave kill ensue"
)
GOVERNING: Final = words("rule govern dominate run administer retain")
GROUP_WORDS: Final = words("group organisation organization movement militia faction")
HAD_BEFORE: Final = words("hold control turn use occupy rule capture seize take run")
HAVING: Final = words("control hold occupy rule lose capture seize take")
HOLDING_OR_TAKING: Final = words(
    "hold control capture seize take occupy besiege surround rule liberate recapture retake regain overrun"
)
INSIDE: Final = words("in at near inside around outside within along on")
LEAVING_VERBS: Final = words("withdraw retreat abandon leave flee pull surrender evacuate cede give fall relinquish")
LINES: Final = words("border frontier coast road highway river outskirts shore")
LOCAL: Final = words("in at near inside outside around")
LYING: Final = words("position station base entrench dig hole locate situate lie deploy")
LOCATING: Final = words("in near on outside around of inside")
LOOSE_CONJUNCTIONS: Final = words("before since until although though because whereas unless if as")
MAYBE_NAMED_OF: Final = words(
    "parts areas districts neighbourhoods neighborhoods suburbs pockets sectors streets quarters territories villages towns quarter area sector pocket territory"
)
NAMED_OF: Final = words(
    "island islands peninsula valley neighbourhood neighborhood hill mountain mount hilltop peak ridge"
)
NAMELESS_SITES: Final = words(
    "site sites point points hill hills hilltop bridge checkpoint checkpoints position positions post outpost"
)
NOT_PLACES: Final = words("he she him we you us")
NOT_YET: Final = words("planned imminent upcoming expected anticipated possible looming future")
NOUN_FRAMES: Final = words("event fighting siege presence stronghold adjective control-of besieged under")
ONLY_PARTS: Final = words("parts areas pockets streets suburbs sectors quarters")
OPENERS_OF_PLACE: Final = words("in at around near inside across on outside")
PLAN_NOUNS: Final = words(
    "plan plans preparations call calls aim goal hopes bid campaign operation offensive battle ahead"
)
POLICE: Final = words("police authorities agents officers investigators customs detectives")
PRESENT_AUX: Final = words("is are am 's 're do does")
PREVENTING: Final = words("prevent stop keep block bar hinder prohibit discourage deter ban save spare")
PUSHING: Final = words("advance push press move attempt try seek")
RELATIVE_WORDS: Final = words("which who whose whom where when that")
REPELLING: Final = words("repel repulse thwart foil block prevent")
REPORT_PREPOSITIONS: Final = words("in to on at from by via")
RUMOUR: Final = words("accused suspected reports report rumours rumors")
STRONG_PAST: Final = words("left found saw broke held hit stood cut won")
TERROR: Final = words("suicide bomb car air drone missile rocket terrorist gun knife")
THINKING_OF: Final = words("plan think insist count consider dream")
EDGES: Final = words("outskirts suburbs centre center edge edges entrance entrances")
MILITARY: Final = words("military artillery army air naval infantry")
TOWN_WORDS: Final = words("town city village towns cities villages")
TROOPS: Final = words("forces troops soldiers fighters units reinforcements")
VAGUE_DIRECTIONS: Final = words("central rural upper lower inner outer")
VILLAGES: Final = words("villages towns cities districts neighbourhoods neighborhoods")
WAGING: Final = words("launch wage conduct lead mount carry involve")
WIDE_WORDS: Final = words("country region area city town province")
UNIT_WORDS: Final = words(
    "brigade brigades regiment battalion division unit units convoy column columns commandos fighter fighters tanks jets warplanes artillery"
)
CIVIL_SITES: Final = words(
    "hotel hotels home homes house houses brothel office offices restaurant bank banks store stores shop university college school schools hospital church churches parliament embassy studio theatre theater ministry apartment building buildings prison jail market mosque shrine consulate headquarters courthouse mall station supermarket cafe nightclub compound"
)
DONE_TO_PERSONS: Final = words(
    "shoot kill execute detain jail torture interrogate extradite imprison behead try deport release question hang blindfold transfer handcuff disarm charge sentence convict arrest identify take bring fly flog blindfold beat"
)
WAR: Final = words(
    "troops army rebels rebel forces militia fighters war military soldiers offensive fighting guerrillas insurgents battle"
    " separatists militants siege invasion jihadists troop brigade regime civil battalion fled clashes"
)
INSTITUTIONS: Final = words(
    "senate house congress parliament assembly council party company board league committee commission bundestag knesset duma"
    " ministry university cup championship"
)
STORIES: Final = words(
    "book books film films movie novel novels play documentary song painting museum exhibition game series memoir study history"
    " account anniversary"
)
RELIEF: Final = words("aid relief humanitarian food medical supply ambulance")
WAYS: Final = words("road roads route routes highway highways line lines lifeline")
SHIPS: Final = words("ship vessel tanker freighter boat trawler yacht warship steamer ferry frigate schooner galleon")
JOINT: Final = words("joint coordinated co-ordinated combined concerted")
HELP: Final = words("help support backing aid assistance")
ORIGINS: Final = words("hometown birthplace")
EVERY: Final = words("all every last both only final remaining")
