"""From bytes to text: size, encoding and line ends."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

from termsmith.catalogue import PAGE_BINARY, PAGE_ENCODING_GUESSED, PAGE_TOO_LARGE, PAGE_TOO_MANY_PARTS
from termsmith.errors import PageError

if TYPE_CHECKING:
    from termsmith.model.finding import Finding

LARGEST = 10_000_000
"""Bytes of a page; larger files are refused."""

MOST_LINES = 300_000
"""Lines of a page; it bounds memory, which a page's bytes alone do not."""

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NO_TEXT = (
    b"%PDF-",
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
    b"\x7fELF",
)
"""How files start that are surely no text: PDF, zip, old Office, images, gzip, programs."""

_SAMPLE = 65_536
_CONTROLS = bytes({*range(0x20), 0x7F} - set(b"\t\n\v\f\r\x1b"))
_DECLARED = re.compile(
    rb"""<\?xml[^>]*?\bencoding\s*=\s*["']([\w.:-]+)|<meta\b[^>]*?\bcharset\s*=\s*["']?\s*([\w.:-]+)""",
    re.IGNORECASE,
)
_DECLARED_WITHIN = 4_096
_KNOWN = re.compile(
    r"iso-?8859-\d+|(?:windows-|cp)125\d|latin-?\d+|koi8-[ru]|mac-?roman|macintosh|"
    r"shift[_-]jis|euc-(?:jp|kr)|big5|gbk|gb2312|gb18030"
)
_AS_IN_BROWSERS = {"iso-8859-1": "cp1252", "iso8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252"}
"""What pages call Latin-1 is windows-1252 (https://encoding.spec.whatwg.org/#names-and-labels)."""


def check_size(size: int) -> None:
    """Refuse a file, or the part of one that holds the page, that is too large.

    Raises:
        PageError: PAG002.
    """
    if size > LARGEST:
        raise PageError(PAGE_TOO_LARGE.found(limit=LARGEST))


def decode(data: bytes) -> tuple[str, tuple[Finding, ...]]:
    """Return the text of a file, with line feeds as line ends, and whether its encoding was guessed.

    Raises:
        PageError: PAG003, when it is no text; PAG007, when it has too many lines.
    """
    if data.startswith(_NO_TEXT):
        raise PageError(PAGE_BINARY.found())
    text, findings = _decoded(data)
    sample = text[:_SAMPLE].encode("utf-8", "replace")
    # Random bytes have one control character in nine; a text that has one in twenty is none.
    if (len(sample) - len(sample.translate(None, _CONTROLS))) * 20 > len(sample):
        raise PageError(PAGE_BINARY.found())
    text = with_plain_line_ends(text)
    if text.count("\n") > MOST_LINES:
        raise PageError(PAGE_TOO_MANY_PARTS.found(limit=MOST_LINES, parts="lines"))
    return text, findings


def with_plain_line_ends(text: str) -> str:
    """Return ``text`` with a line feed for every carriage return, or both."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _decoded(data: bytes) -> tuple[str, tuple[Finding, ...]]:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace"), ()
    if wide := _utf_16(data[:_SAMPLE]):
        return data.decode(wide, "replace"), ()
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError:
        pass
    declared = _declared(data[:_DECLARED_WITHIN])
    if declared is not None:
        return data.decode(declared, "replace"), ()
    return data.decode("cp1252", "replace"), (PAGE_ENCODING_GUESSED.found(encoding="windows-1252"),)


def _utf_16(sample: bytes) -> str | None:
    """Return the encoding of mostly Latin text in UTF-16 without a byte order mark."""
    half = len(sample) // 2
    if b"\0" not in sample or not half:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd * 2 > half and even * 20 <= half:
        return "utf-16-le"
    if even * 2 > half and odd * 20 <= half:
        return "utf-16-be"
    return None


def _declared(head: bytes) -> str | None:
    found = _DECLARED.search(head)
    if found is None:
        return None
    name = (found[1] or found[2]).decode("ascii", "ignore").lower()
    if not _KNOWN.fullmatch(name):
        return None
    try:
        return codecs.lookup(_AS_IN_BROWSERS.get(name, name)).name
    except LookupError:
        return None
