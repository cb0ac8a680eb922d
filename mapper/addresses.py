"""Which texts are web addresses: those that a browser opens, asked of the parser of browsers (the WHATWG URL standard)."""

from __future__ import annotations

import re

from ada_url import check_url

# Browsers forgive more (blanks, "https:host", quotes); what an address may hold in a table or a page is narrower than that.
_WEB = re.compile(r"https?://[^\s<>\"/\\?#][^\s<>\"\x00-\x20\x7f]*\Z", re.IGNORECASE)


def web_address(text: str) -> str:
    """The address without blanks round it; empty unless it is http or https, has a host, and a browser opens it."""
    bare = text.strip()
    return bare if _WEB.match(bare) and check_url(bare) else ""


def objection(text: str) -> str:
    """Why a text that stands where an address is expected is not used as one, and what to write; empty if it is used."""
    if not text.strip() or web_address(text):
        return ""
    return f"{text.strip()[:80]!r} is no web address and is not used as one: write https://, a host, and the rest without blanks"
