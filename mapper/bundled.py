"""The one function through which code finds the data that ships with mapper."""

from __future__ import annotations

from pathlib import Path

_INSTALLED = Path(__file__).with_name("_data")
_CHECKOUT = Path(__file__).resolve().parent.parent / "data"


def bundled(*parts: str) -> Path:
    """Path of a bundled file: inside the wheel when installed, in ``data/`` of a checkout otherwise.

    Raises FileNotFoundError that names the file when the installation is incomplete.
    """
    for root in (_INSTALLED, _CHECKOUT):
        path = root.joinpath(*parts)
        if path.exists():
            return path
    message = f"bundled data file {'/'.join(parts)} is missing: reinstall mapper, or run `make gazetteer` in a checkout"
    raise FileNotFoundError(message)
