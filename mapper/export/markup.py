"""Words of users and articles in XML: what it cannot hold is left out, the rest is escaped."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape, quoteattr

NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # what XML 1.0 cannot hold at all


def text(value: str) -> str:
    """The words between two tags."""
    return escape(NOT_XML.sub("", value), {"\r": "&#13;"})  # a bare one is read as a line feed


def attribute(value: str) -> str:
    """The words as a quoted attribute value."""
    return quoteattr(NOT_XML.sub("", value))
