"""GeoNames' dump of a country from its public address, when a user asks for it: bounded, whole or not at all."""

from __future__ import annotations

import http.client
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path

from mapper.files import atomic
from mapper.gazetteer.store import GazetteerError

# documented in https://download.geonames.org/export/dump/readme.txt; CC BY 4.0
ADDRESS = "https://download.geonames.org/export/dump/{}.zip"
MAX_DUMP = 512_000_000  # bytes; the whole world is some 400 million
TIMEOUT = 60  # seconds without a byte
_BLOCK = 1 << 20

Open = Callable[..., Any]


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        """Who asked for one address is not led to another."""


def geonames_dump(
    country: str,
    *,
    folder: Path | None = None,
    opener: Open | None = None,
    progress: Callable[[str], None] | None = None,
) -> Path:
    """The dump of a country (ISO 3166-1 alpha-2), fetched into a folder of the user's cache.

    Raises GazetteerError when it cannot be had; a dump that was there before stays then.
    """
    code = country.strip().upper()
    if not (len(code) == 2 and code.isascii() and code.isalpha()):
        message = f"{country!r} is no country: give its two letters, such as SY for Syria (ISO 3166-1)"
        raise GazetteerError(message)
    address = ADDRESS.format(code)
    target = (user_cache_path("mapper") / "dumps" if folder is None else folder) / f"{code}.zip"
    if progress is not None:
        progress(f"fetching {address} (GeoNames, CC BY 4.0)")
    ask = urllib.request.build_opener(_NoRedirect).open if opener is None else opener
    request = urllib.request.Request(address, headers={"User-Agent": "control-mapper"})  # noqa: S310 - https, ours
    try:
        answer = ask(request, timeout=TIMEOUT)
    except (OSError, http.client.HTTPException) as error:
        raise _failed(address, error) from error
    with answer, atomic(target) as made:
        size = 0
        with made.open("wb") as stream:
            for block in _blocks(answer, address):
                size += len(block)
                if size > MAX_DUMP:
                    message = f"{address}: more than {MAX_DUMP:,} bytes, which no dump of a country has"
                    raise GazetteerError(message)
                stream.write(block)
        try:
            with zipfile.ZipFile(made) as archive:
                whole = f"{code}.txt" in archive.namelist()
        except zipfile.BadZipFile as error:
            raise _failed(address, error) from error
        if not whole:
            message = f"{address}: holds no {code}.txt"
            raise GazetteerError(message)
    return target


def _blocks(answer: Any, address: str) -> Iterator[bytes]:
    try:
        while block := answer.read(_BLOCK):
            yield block
    except (OSError, http.client.HTTPException) as error:  # told apart from one of the disk that is written to
        raise _failed(address, error) from error


def _failed(address: str, error: Exception) -> GazetteerError:
    why = getattr(error, "reason", None) or error
    return GazetteerError(f"{address} cannot be fetched ({why}): fetch it with a browser and name the file")
