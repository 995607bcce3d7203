"""How a file's letters are encoded, before anything reads it."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""Longer ones first: that of UTF-16 begins that of UTF-32."""
_WIDE = (
    (re.compile(rb"\0\0\0[^\0]"), "utf-32-be"),
    (re.compile(rb"[^\0]\0\0\0"), "utf-32-le"),
    (re.compile(rb"\0[^\0]"), "utf-16-be"),
    (re.compile(rb"[^\0]\0"), "utf-16-le"),
)
"""Where the zeros are when a text begins with an ASCII character (RFC 4627, section 3)."""
_DECLARED = re.compile(rb"<\?xml\s[^>]{0,200}?\bencoding\s*=\s*[\"']([A-Za-z][A-Za-z0-9._-]{0,40})[\"']")
_NO_ENCODINGS_OF_FILES = frozenset(
    {"idna", "punycode", "raw_unicode_escape", "unicode_escape", "undefined", "utf_7"}
)
"""Python decodes them, two of them in quadratic time; no XML file is written in them."""
_UTF_8 = frozenset({"utf_8", "utf_8_sig", "ascii"})
"""What is UTF-8 as it stands."""


class EncodingFault(NamedTuple):
    """Why a text can't be decoded."""

    problem: str
    line: int
    column: int


class Decoded(NamedTuple):
    """A text as UTF-8."""

    data: bytes
    encoding: str
    """What it was encoded in, as the file names it: ``ISO-8859-1``."""
    is_utf8: bool
    """Whether it was UTF-8 already."""


def wide_encoding(data: bytes) -> str | None:
    """Return the UTF-16 or UTF-32 that a text is in, by its first bytes; nothing for other encodings.

    >>> wide_encoding("{}".encode("utf-16-le")), wide_encoding(b"{}")
    ('utf-16-le', None)
    """
    for mark, name in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return name
    if b"\0" not in data[:4]:
        return None
    return next((name for pattern, name in _WIDE if pattern.match(data)), None)


def beginning_as_utf8(data: bytes) -> bytes:
    """Return a text without mark and white space before it, as UTF-8; bytes that are no text as they are."""
    wide = wide_encoding(data)
    if wide is not None:
        data = data.decode(wide, "replace").encode("utf-8", "replace")
    return data.removeprefix(codecs.BOM_UTF8).lstrip()


def decode_xml(data: bytes) -> Decoded | EncodingFault:
    """Return an XML text as UTF-8, whatever its byte order mark, else its declaration says it is.

    That of UTF-8 is not looked at further: an XML parser tells better where it is none.
    """
    wide = wide_encoding(data)
    if wide is not None:
        return _decoded(data, wide, wide[:6].upper())
    declared = _DECLARED.match(data)
    if declared is None:  # as where a mark says that it is UTF-8
        return Decoded(data, "UTF-8", is_utf8=True)
    return _as_declared(data, declared)


def _as_declared(data: bytes, declared: re.Match[bytes]) -> Decoded | EncodingFault:
    stated = declared[1].decode("ascii")
    name = _python_name(stated)
    if name in _UTF_8:
        return Decoded(data, stated, is_utf8=True)
    line, column = _place(data[: declared.start(1)].decode("ascii", "replace"))
    if name is None:
        return EncodingFault(f"its encoding {stated} is not known", line, column)
    if name.startswith(("utf_16", "utf_32")):
        return EncodingFault(f"it says that it is {stated}, but its bytes are not", line, column)
    return _decoded(data, name, stated)


def _python_name(stated: str) -> str | None:
    """Return Python's name of an encoding of texts."""
    try:
        name = codecs.lookup(stated).name.replace("-", "_")
        b" ".decode(name, "replace")  # LookupError where it turns bytes into bytes, such as zip
    except (LookupError, UnicodeError):
        return None
    return None if name in _NO_ENCODINGS_OF_FILES else name


def _decoded(data: bytes, name: str, stated: str) -> Decoded | EncodingFault:
    try:
        text = data.decode(name)
    except UnicodeDecodeError as error:
        before = data[: error.start].decode(name, "replace")
        problem = f"byte 0x{data[error.start]:02x} can't stand there in {stated}"
        return EncodingFault(problem, *_place(before))
    return Decoded(text.encode("utf-8", "surrogatepass"), stated, is_utf8=False)


def _place(before: str) -> tuple[int, int]:
    return before.count("\n") + 1, len(before) - before.rfind("\n")
