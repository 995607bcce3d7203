"""Confluence's "Export to Word": a MIME message with the page as HTML."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from termsmith.catalogue import PAGE_MALFORMED
from termsmith.errors import PageError
from termsmith.pages.characters import clean
from termsmith.pages.decode import decode
from termsmith.pages.html_page import read_html

if TYPE_CHECKING:
    from email.message import Message

    from termsmith.pages.reader import Reading

FORMAT = "a Word export (MIME)"

_MESSAGE = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:[A-Za-z][A-Za-z0-9-]*:.*(?:\r\n?|\n)(?:[ \t].*(?:\r\n?|\n))*)+"
)
_HEAD = 8_192


def is_word_export(data: bytes) -> bool:
    """Say whether the file begins with the header of a MIME message."""
    found = _MESSAGE.match(data[:_HEAD])
    return found is not None and b"mime-version:" in found[0].lower()


def read_word_export(data: bytes) -> Reading:
    """Read the first HTML part of a message.

    Places are lines and columns of that part, decoded.

    Raises:
        PageError: PAG004, when there is no such part; what the HTML reader raises.
    """
    from email import message_from_bytes  # noqa: PLC0415  few pages are messages

    part = next(
        (part for part in message_from_bytes(data).walk() if part.get_content_type() == "text/html"), None
    )
    content = _content(part) if part is not None else b""
    if not content:
        raise PageError(PAGE_MALFORMED.found(format=FORMAT, problem="it has no part of type text/html"))
    text, findings = decode(content)
    reading = read_html(clean(text))
    for finding in findings:
        reading = reading.with_finding(finding)
    return reading


def _content(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""
