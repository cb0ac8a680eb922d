"""The column ``more`` of a claims table: what has no column of its own, as a JSON object, held to its declared shape."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from mapper.bounded import absurd, parse_json
from mapper.records.cells import CellError


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 63


def _is_length(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < math.inf


def _is_within(most: float) -> Callable[[object], bool]:
    return lambda v: v is None or (isinstance(v, int | float) and not isinstance(v, bool) and abs(v) <= most)


# What a value must be, in the words of its error, with the check
_TEXT = ("text", _is_text)
_COUNT = ("a whole number from 0 up", _is_count)
_LENGTH = ("a number from 0 up", _is_length)
_LATITUDE = ("null or a number from -90 to 90", _is_within(90))
_LONGITUDE = ("null or a number from -180 to 180", _is_within(180))
_Leaf = tuple[str, Callable[[object], bool]]

_PLACE: dict[str, _Leaf | list[_Leaf]] = {
    **dict.fromkeys(("id", "name", "country", "feature_code", "feature_class"), _TEXT),
    **dict.fromkeys(("admin1", "geometry_ref", "source"), _TEXT),
    "names": [_TEXT],
    "lat": _LATITUDE,
    "lon": _LONGITUDE,
    "population": _COUNT,
    "radius_km": _LENGTH,
}
# A dict is an object with these keys, of which any may be missing; a list one whose items are each as its only one.
_MORE: dict[str, Any] = {
    **dict.fromkeys(("basis", "title", "source_id"), _TEXT),
    "implies": [_TEXT],
    "region": [_TEXT],
    "place": _PLACE,
    "places": [_PLACE],
    "baseline": dict.fromkeys(("earliest", "latest", "edtf", "basis"), _TEXT),
}


def read_more(text: str) -> dict[str, Any]:
    """The values of a cell, each of its type; an empty cell has none. Raises CellError for a cell that says anything else."""
    if not text.strip():
        return {}
    try:
        record = parse_json(text)
        wrong = absurd(record) or _fault(record, _MORE, "") or _unplaced(record.get("places", ()))
    except ValueError as error:
        record, wrong = {}, f"is not JSON ({error})"
    if wrong:
        raise CellError(code="more-unreadable", message=f"column more {wrong}: leave it as mapper wrote it")
    return dict(record)


def _unplaced(places: Iterable[Mapping[str, Any]]) -> str:
    """What the places of a share lack: an id, or one half of a point; "" for nothing."""
    for number, place in enumerate(places):
        if not place.get("id"):
            return f"has no id in places[{number}]"
        if (place.get("lat") is None) != (place.get("lon") is None):
            return f"has one of lat and lon in places[{number}]"
    return ""


def _fault(value: object, shape: Any, path: str) -> str:
    """What is wrong with the first value that is not as its shape says; "" when all are. Deep as the shape, not the value."""
    if isinstance(shape, dict):
        if not isinstance(value, Mapping):
            return f"has {path} that is no object" if path else "is not a JSON object"
        parts = ((value[key], part, f"{path}.{key}" if path else key) for key, part in shape.items() if key in value)
    elif isinstance(shape, list):
        if not isinstance(value, list):
            return f"has {path} that is no list"
        parts = ((item, shape[0], f"{path}[{number}]") for number, item in enumerate(value))
    else:
        words, fits = shape
        return "" if fits(value) else f"has {path} that is not {words}"
    return next(filter(None, (_fault(*part) for part in parts)), "")
