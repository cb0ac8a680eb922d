"""Where wars were fought: from years and sides in a text to the countries its battles lie in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mapper.toponyms.tokens import Tokens
from mapper.toponyms.words import CAPTURE_VERBS, WAR_WORDS, word_set

_EUROPE = (
    "AL AT BA BE BG BY CZ DE DK EE FI FR GR HR HU IT LT LU LV MD ME MK MT NL NO PL RO RS RU SI SK UA XK "
    "DZ EG ER ET IQ IR LB LY MA MG SO SY TN"
)
_NAPOLEON = "AT BE BY CH CZ DE EG ES FR HR HU IL IT LT NL PL PS PT RU SI SK SY"
_GREAT_WAR = (
    "AT BE BG BY CM CZ DE EE EG FR GR HR HU IL IQ IT JO LB LT LV ME MK NA PL PS RO RS RU SA SI SY TG TR TZ UA AL"
)
_PACIFIC = "CN GU HK ID IN JP KH KI LA MM MP MY PG PH PW SB SG TH TL TW VN"

#: First and last year; words of its sides (folded) that tell it from others of its time; where it was fought.
#: General knowledge; wars since 2001 are in ``GROUP_COUNTRIES`` and ``WAR_COUNTRIES``.
_WARS: tuple[tuple[int, int, str, str], ...] = (
    (1701, 1714, "", "AT BE CH DE ES FR GI IT LU NL PT"),
    (1740, 1748, "", "AT BE CZ DE FR IT NL PL SK"),
    (1756, 1763, "", "AT CA CZ DE FR IN PL PT US"),
    (1775, 1783, "continental continentals redcoats patriots loyalists washington american americans", "CA US"),
    (1792, 1802, "", _NAPOLEON),
    (1803, 1815, "napoleon bonaparte french prussian coalition", _NAPOLEON),
    (1807, 1814, "wellington peninsular wellesley", "ES FR PT"),
    (1812, 1815, "american americans", "CA US"),
    (1810, 1826, "bolivar bolívar royalists royalist patriots sucre", "AR BO CL CO EC MX PE VE"),
    (1821, 1829, "greek greeks ottoman ottomans", "GR TR"),
    (1835, 1836, "texan texans texian texians", "MX US"),
    (1846, 1848, "american americans mexican mexicans", "MX US"),
    (1848, 1849, "", "AT DE DK HR HU IT RO SK"),
    (1853, 1856, "russian russians ottoman ottomans french british allies", "BG RO RU TR UA"),
    (1857, 1859, "sepoys sepoy mutineers", "IN PK"),
    (1859, 1870, "garibaldi piedmontese redshirts austrian", "IT"),
    (1861, 1865, "union confederate confederates confederacy federals federal lee sherman grant", "US"),
    (1864, 1870, "paraguayan paraguayans brazilian", "AR BR PY UY"),
    (1864, 1866, "prussian prussians danish austrian", "AT CZ DE DK"),
    (1870, 1871, "prussian prussians german germans french", "DE FR"),
    (1877, 1878, "ottoman ottomans turkish russian russians", "AM BG GE RO RS TR"),
    (1879, 1884, "chilean peruvian bolivian", "BO CL PE"),
    (1879, 1879, "zulu zulus", "ZA"),
    (1880, 1902, "boer boers", "ZA"),
    (1881, 1899, "mahdists mahdist mahdi kitchener gordon", "EG SD"),
    (1894, 1895, "japanese chinese", "CN KP KR TW"),
    (1898, 1902, "american americans spanish filipino cuban", "CU ES PH PR"),
    (1899, 1901, "boxers boxer", "CN"),
    (1904, 1905, "japanese russian russians", "CN JP KP KR RU"),
    (1910, 1920, "villa zapata zapatistas huerta carranza", "MX"),
    (1911, 1912, "italian italians ottoman", "GR LY TR"),
    (1912, 1913, "bulgarian serbian greek ottoman turkish montenegrin", "AL BG GR ME MK RS TR XK"),
    (1914, 1918, "", _GREAT_WAR),
    (1915, 1916, "anzac anzacs turks turkish ottoman ottomans landed landing landings", "TR"),
    (1917, 1922, "bolshevik bolsheviks whites reds denikin kolchak wrangel", "AM AZ BY EE FI GE KZ LT LV PL RU UA"),
    (1919, 1923, "greek greeks turkish kemal", "GR TR"),
    (1919, 1921, "polish soviet soviets", "BY LT PL UA"),
    (1919, 1923, "ira irish", "IE"),
    (1920, 1927, "rif riffian spanish", "MA"),
    (1926, 1949, "kuomintang nationalist nationalists communist communists warlord mao chiang", "CN TW"),
    (1931, 1945, "japanese kuomintang", "CN"),
    (1932, 1935, "paraguayan bolivian", "BO PY"),
    (1935, 1937, "italian italians ethiopian", "ER ET"),
    (
        1936,
        1939,
        "nationalist nationalists republican republicans franco falangist falangists loyalists basque brigades rebels italian moroccan",
        "ES",
    ),
    (1939, 1945, "", _EUROPE),
    (1939, 1944, "finnish finns", "EE FI RU"),
    (1941, 1945, "japanese marines", _PACIFIC),
    (1946, 1949, "greek communist", "GR"),
    (1945, 1949, "dutch indonesian", "ID"),
    (1946, 1954, "viet vietminh french", "KH LA VN"),
    (1947, 1949, "indian pakistani haganah arab jewish israeli egyptian", "EG IL IN JO PK PS SY"),
    (1948, 1960, "malayan communist", "MY"),
    (1950, 1953, "un korean koreans chinese american", "KP KR"),
    (1954, 1962, "fln algerian", "DZ"),
    (1955, 1975, "viet vietcong arvn vietnamese pathet khmer", "KH LA VN"),
    (1956, 1956, "israeli egyptian british french", "EG PS"),
    (1956, 1956, "soviet hungarian", "HU"),
    (1956, 1961, "castro batista cuban", "CU"),
    (1960, 1967, "congolese katangese simba", "CD"),
    (1961, 1975, "portuguese mpla fnla frelimo paigc", "AO GW MZ"),
    (1962, 1971, "indian pakistani bengali mukti", "BD IN PK"),
    (1962, 1970, "yemeni royalist egyptian", "YE"),
    (1967, 1973, "israeli israelis egyptian syrian jordanian", "EG IL JO LB PS SY"),
    (1967, 1970, "biafran biafrans nigerian", "NG"),
    (1974, 1974, "turkish cypriot greek", "CY"),
    (1975, 1990, "phalangist phalangists druze amal plo israeli syrian lebanese", "LB"),
    (1975, 2002, "unita mpla angolan cuban", "AO"),
    (1975, 1992, "renamo frelimo", "MZ"),
    (1970, 1998, "khmer rouge vietnamese", "KH VN"),
    (1979, 1979, "chinese vietnamese", "VN"),
    (1977, 1978, "somali ethiopian", "ET SO"),
    (1978, 1987, "ugandan tanzanian amin libyan chadian", "LY TD UG"),
    (1979, 1996, "mujahideen soviet soviets afghan taliban", "AF"),
    (1978, 1992, "sandinista sandinistas contras contra fmln salvadoran", "HN NI SV"),
    (1980, 1988, "iranian iranians iraqi iraqis", "IQ IR"),
    (1982, 1982, "argentine argentinian british paratroopers marines", "FK GS"),
    (1983, 2009, "tamil ltte tigers", "LK"),
    (1983, 2005, "spla sudanese", "SD SS"),
    (1988, 1994, "armenian azerbaijani azeri", "AM AZ"),
    (1989, 2003, "npfl ruf ecomog liberian", "GN LR SL"),
    (1990, 1991, "iraqi iraqis kuwaiti coalition", "IQ KW SA"),
    (1990, 1994, "rpf rwandan", "RW"),
    (1991, 1999, "serb serbs croat croats croatian bosnian bosniak kosovo kla yugoslav", "BA HR ME RS SI XK"),
    (1992, 1993, "abkhaz georgian ossetian", "GE"),
    (1992, 1997, "tajik", "TJ"),
    (1994, 2009, "chechen chechens russian", "RU"),
    (1996, 2003, "congolese rwandan kabila mobutu", "CD RW"),
    (1998, 2000, "eritrean ethiopian", "ER ET"),
)
#: Words that say which war without a year, and how the years of that war begin.
_MARKS: dict[str, int] = {
    "confederate": 1861, "confederates": 1861, "wehrmacht": 1939, "nazi": 1939, "nazis": 1939, "luftwaffe": 1939, "waffen": 1939,
    "napoleon": 1803, "bonaparte": 1803, "vietcong": 1955, "arvn": 1955, "vietminh": 1946, "bolsheviks": 1917, "franco": 1936,
    "falangists": 1936, "kuomintang": 1926, "biafran": 1967, "unita": 1975, "sandinistas": 1978, "garibaldi": 1859, "redcoats": 1775,
    "boers": 1880, "mahdists": 1881, "janissaries": 1821,
}  # fmt: skip
_ARMIES = (
    WAR_WORDS
    | CAPTURE_VERBS
    | word_set(
        "army armies soldier soldiers war battle battles fell surrendered surrender withdrew troops division divisions regiment "
        "battalion brigade corps marines paratroopers cavalry navy fleet garrison column offensive landed landing held besiege "
        "retreated retreat conquest bombarded crossed defeated defeat partisans guerrillas occupation stormed cut abandoned "
        "wehrmacht luftwaffe general marshal reconquered occupy freed took relieved relieve routed stormed repulsed overran"
    )
) - word_set("left visited hit reached approached enter entered lost")
#: Years outside which a four-digit number names no war of the table.
_FIRST, _LAST = 1700, 2002


#: What a country counts of a war whose years fit but whose sides the text does not name, where it names another's.
_OTHER_SIDES = 0.5
#: A war of few countries, whose sides the text names, says more than one of half the world.
_SMALL_WAR, _FEW = 1.5, 4
#: What one counts where the text names no side of any war.
_NO_SIDES = 0.7


@dataclass(frozen=True, slots=True)
class War:
    """What a text of war says about where: countries of the wars it may mean, each with what it counts, from 0 to 1.5."""

    fought: bool  # speaks of armies
    countries: Mapping[str, float] = field(default_factory=dict)


NO_WAR = War(fought=False)


def war_of(tokens: Tokens) -> War:
    """The war that a text's years, sides and verbs point to; sides decide among wars of one year."""
    seen = frozenset(tokens.low)
    years = {int(word) for word in seen if len(word) == 4 and word.isdecimal() and _FIRST <= int(word) <= _LAST}
    marked = {first for word, first in _MARKS.items() if word in seen}
    # "Napoleon won at Austerlitz in 1805" speaks of no army
    dated = any(row.first in marked and any(row.first <= year <= row.last for year in years) for row in WARS)
    if seen.isdisjoint(_ARMIES) and not dated:
        return NO_WAR
    if years:
        rows = [row for row in WARS if any(row.first <= year <= row.last for year in years)]
    else:
        rows = [row for row in WARS if row.first in marked]
    sided = any(not row.sides.isdisjoint(seen) for row in rows)
    found: dict[str, float] = {}
    for row in rows:
        fits = not row.sides.isdisjoint(seen) or not years
        share = (_SMALL_WAR if len(row.countries) <= _FEW else 1.0) if fits else _OTHER_SIDES if sided else _NO_SIDES
        for country in row.countries:
            found[country] = max(share, found.get(country, 0.0))
    return War(fought=True, countries=found)


@dataclass(frozen=True, slots=True)
class _Row:
    first: int
    last: int
    sides: frozenset[str]
    countries: frozenset[str]


WARS = tuple(_Row(first, last, word_set(sides), word_set(countries)) for first, last, sides, countries in _WARS)
