"""The vocabulary of the temporal grammar."""

from __future__ import annotations

_MONTH_NAMES = "january february march april may june july august september october november december".split()  # noqa: SIM905
MONTHS: dict[str, int] = {name: number for number, name in enumerate(_MONTH_NAMES, 1)}
MONTH_SHORT: dict[str, int] = {name[:3]: number for name, number in MONTHS.items() if name != "may"} | {"sept": 9}
AMBIGUOUS_MONTHS = frozenset({"march", "may"})  # a verb each
NAME_MONTHS = frozenset({"april", "june", "august"})  # given names and an adjective

_WEEKDAY_NAMES = "monday tuesday wednesday thursday friday saturday sunday".split()  # noqa: SIM905
WEEKDAYS: dict[str, int] = {name: number for number, name in enumerate(_WEEKDAY_NAMES)}
WEEKDAY_SHORT: dict[str, int] = {
    **{name[:3]: number for name, number in WEEKDAYS.items()},
    "tues": 1,
    "weds": 2,
    "thur": 3,
    "thurs": 3,
}
SEASONS: dict[str, int] = {"spring": 21, "summer": 22, "autumn": 23, "fall": 23, "winter": 24}
DAY_PARTS = frozenset({"morning", "afternoon", "evening", "night", "dawn", "dusk", "noon", "midday", "midnight", "daybreak",
                       "sunrise", "sunset", "nightfall", "lunchtime"})  # fmt: skip

UNITS: dict[str, str] = {
    **{word: word for word in ("day", "week", "month", "year", "decade", "hour", "minute")},
    **{f"{word}s": word for word in ("day", "week", "month", "year", "decade", "hour", "minute")},
    "fortnight": "fortnight",
    "night": "day",
    "nights": "day",
    "weekend": "weekend",
    "weekends": "weekend",
}
VAGUE: dict[str, tuple[int, int]] = {"several": (3, 7), "few": (2, 6), "some": (2, 6), "couple": (2, 3)}
ORDINALS: dict[str, int] = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "fifth": 5,
    "1st": 1,
    "2nd": 2,
    "3rd": 3,
    "4th": 4,
}
APPROXIMATE = frozenset(
    {"about", "around", "nearly", "almost", "roughly", "approximately", "some", "just", "over", "barely"}
)

PARTS: dict[str, str] = {
    "early": "early", "mid": "mid", "middle": "mid", "late": "late", "beginning": "start", "start": "start",
    "end": "end", "close": "end", "earlier": "earlier", "later": "later", "first": "first",
}  # fmt: skip

# Words after a four-digit number that say it was a count ("2014 fighters"), not a year.
COUNTED = frozenset(
    [
        "fighters",
        "people",
        "civilians",
        "villages",
        "troops",
        "soldiers",
        "militants",
        "men",
        "women",
        "children",
        "families",
        "houses",
        "homes",
        "others",
        "rebels",
        "insurgents",
        "dead",
        "deaths",
        "wounded",
        "injured",
        "casualties",
        "bodies",
        "prisoners",
        "detainees",
        "refugees",
        "migrants",
        "vehicles",
        "tanks",
        "rounds",
        "shells",
        "rockets",
        "missiles",
        "bombs",
        "weapons",
        "rifles",
        "km",
        "kilometers",
        "kilometres",
        "kilometer",
        "kilometre",
        "miles",
        "mile",
        "metres",
        "meters",
        "square",
        "feet",
        "hectares",
        "acres",
        "tonnes",
        "tons",
        "dollars",
        "euros",
        "pounds",
        "barrels",
        "residents",
        "inhabitants",
        "residential",
        "members",
        "recruits",
        "police",
        "officers",
        "policemen",
        "guards",
        "students",
        "displaced",
        "hours",
        "days",
        "weeks",
        "months",
        "years",
        "percent",
        "per",
        "cent",
        "strong",
        "buildings",
        "schools",
        "hospitals",
        "towns",
        "settlements",
        "times",
        "attacks",
        "incidents",
        "raids",
        "airstrikes",
        "strikes",
        "sorties",
        "calories",
        "troopers",
        "combatants",
        "personnel",
        "peacekeepers",
        "hostages",
        "captives",
        "returnees",
        "votes",
        "seats",
        "mines",
    ]
)

# Words before a four-digit number that let it be a year.
YEAR_CUES = frozenset(
    [
        "in",
        "since",
        "until",
        "till",
        "by",
        "of",
        "during",
        "before",
        "after",
        "from",
        "to",
        "and",
        "or",
        "through",
        "year",
        "early",
        "late",
        "mid",
        "between",
        "circa",
        "summer",
        "spring",
        "autumn",
        "fall",
        "winter",
        "the",
        "a",
        "this",
        "that",
        "back",
    ]
)
