"""A public geocoder behind the gazetteer, off unless asked for: what it answers becomes a user gazetteer on disk.

Answers and refusals are kept, so that no name is asked twice and a second run needs no network; the ordinary
resolver then ranks them like any other place of the user's.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from geopy.exc import GeocoderServiceError
from geopy.extra.rate_limiter import RateLimiter
from geopy.geocoders import get_geocoder_for_service
from platformdirs import user_cache_path

from mapper.files import write_text
from mapper.gazetteer.names import normalise
from mapper.gazetteer.store import GazetteerError

SERVICES = ("nominatim",)
DELAY = 1.1  # seconds between questions: Nominatim's usage policy allows one a second
COLUMNS = ("name", "lat", "lon", "country", "kind", "aliases", "source")

Ask = Callable[..., Any]


def online_file(service: str) -> Path:
    """Where the answers of a service are kept."""
    return user_cache_path("mapper") / f"online-{service}.csv"


def service(name: str) -> Ask:
    """The geocode function of a geopy service, at its permitted rate. Raises GazetteerError for an unknown one."""
    if name not in SERVICES:
        message = f"unknown online geocoder {name!r}; known are {', '.join(SERVICES)}"
        raise GazetteerError(message)
    geocoder = get_geocoder_for_service(name)(user_agent="control-mapper", timeout=10)
    limited: Ask = RateLimiter(geocoder.geocode, min_delay_seconds=DELAY, max_retries=1, swallow_exceptions=False)
    return limited


def ask(names: Iterable[str], countries: Sequence[str], *, path: Path, geocode: Ask, source: str) -> int:
    """Look up names that ``path`` does not answer yet, within some countries, and add the answers to it.

    Returns how many were found. A name that the service does not know is kept with empty coordinates. Raises
    GazetteerError when the service cannot be reached; what was answered until then is kept.
    """
    rows = _read(path)
    known = {normalise(row["name"]) for row in rows}
    found = 0
    failure = ""
    for name in sorted(set(names)):
        if not normalise(name) or normalise(name) in known:
            continue
        codes = [code.lower() for code in sorted(countries)] or None
        try:
            answer = geocode(name, exactly_one=True, country_codes=codes, addressdetails=True, language="en")
        except GeocoderServiceError as error:
            failure = f"{source} cannot be reached ({error}): run again later, or without --online"
            break
        rows.append(_row(name, answer, source))
        known.add(normalise(name))
        found += answer is not None
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(sorted(rows, key=lambda row: row["name"]))
    write_text(path, stream.getvalue())
    if failure:
        raise GazetteerError(failure)
    return found


def answers(path: Path, into: Path) -> Path:
    """The names of ``path`` that have coordinates, as a user gazetteer at ``into``."""
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(row for row in _read(path) if row["lat"])
    write_text(into, stream.getvalue())
    return into


def _read(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as stream:
        return [{column: row.get(column) or "" for column in COLUMNS} for row in csv.DictReader(stream)]


def _row(name: str, answer: Any, source: str) -> dict[str, str]:
    row = dict.fromkeys(COLUMNS, "") | {"name": name, "source": source}
    if answer is not None:
        address = answer.raw.get("address", {}) if isinstance(answer.raw, dict) else {}
        row |= {
            "lat": f"{answer.latitude:.5f}",
            "lon": f"{answer.longitude:.5f}",
            "country": str(address.get("country_code", "")).upper(),
        }
    return row
