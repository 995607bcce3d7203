r"""Names and ids that FHIR accepts, made of whatever a page prints.

A name satisfies every release at once: R4's nsd-0 and csd-0 allow 1 to 255 characters, R5's cnl-0
(https://hl7.org/fhir/R5/namingsystem.html#invs) asks for at least 2. An id
(https://hl7.org/fhir/R4/datatypes.html#id) is part of a file name as well, so it also keeps clear of what
Windows can't store.
"""

from __future__ import annotations

import re
import unicodedata
from hashlib import sha256

from termsmith.pages.raised import note_mark

NAME_LIMIT = 255
ID_LIMIT = 64

_NAME = re.compile(r"[A-Z][A-Za-z0-9_]{1,254}")
_ID = re.compile(r"[A-Za-z0-9.-]{1,64}")
_WORD = re.compile(r"[A-Za-z0-9]+(?:_+[A-Za-z0-9]+)*")
_NOT_IN_ID = re.compile(r"[^A-Za-z0-9.]+")
_APOSTROPHE = re.compile(r"(?<=\w)['\u2019\u02bc](?=\w)")

_LETTERS = str.maketrans(
    {"ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D"}
    | {"ð": "d", "Ð": "D", "ł": "l", "Ł": "L", "þ": "th", "Þ": "Th", "\u0131": "i"}
)
"""Latin letters that Unicode does not decompose into a base letter and an accent."""

_SYSTEM = "CS"
"""Added where a word alone gives no valid name or id."""

_WINDOWS_DEVICES = frozenset(
    {"CON", "PRN", "AUX", "NUL"} | {f"{port}{n}" for port in ("COM", "LPT") for n in range(10)}
)
"""https://learn.microsoft.com/windows/win32/fileio/naming-a-file: reserved whatever follows the first dot."""


def make_name(text: str) -> str | None:
    """Return a valid computable name; None when the text is not written in Latin letters or digits.

    A valid name stays as it is. Otherwise the words are joined with a capital each, and an underscore keeps
    numbers apart.

    >>> make_name("ATC/DDD")
    'ATCDDD'
    >>> make_name("BCP 47, Language Codes")
    'BCP47LanguageCodes'
    >>> make_name("HGNC (database)")
    'HGNCDatabase'
    >>> make_name("ISO 3166-2")
    'ISO3166_2'
    >>> make_name("Código de naciones™")
    'CodigoDeNaciones'
    >>> make_name("Tea Grades¹"), make_name("CO₂")
    ('TeaGrades', 'CO2')
    >>> make_name("11"), make_name("X")
    ('CS_11', 'X_CS')
    >>> make_name("МКБ-10") is None
    True
    """
    if _NAME.fullmatch(text):
        return text
    plain = _latin(text)
    if plain is None:
        return None
    parts: list[str] = []
    for word in _WORD.findall(plain):
        if parts and parts[-1][-1].isdigit() and word[0].isdigit():
            parts.append("_")
        parts.append(word[0].upper() + word[1:])
    name = "".join(parts)
    if name[0].isdigit():
        name = f"{_SYSTEM}_{name}"
    if len(name) == 1:
        name = f"{name}_{_SYSTEM}"
    return _shortened(name, NAME_LIMIT, "_")


def make_id(text: str) -> str | None:
    """Return a valid logical id; None when the text has no Latin letters or digits.

    A valid id stays as it is, unless it would be no good file name.

    >>> make_id("v3-ietf3066")
    'v3-ietf3066'
    >>> make_id("ISO3166_2")
    'ISO3166-2'
    >>> make_id("../../etc/passwd")
    'etc-passwd'
    >>> make_id("CON"), make_id("nul.json")
    ('CON-CS', 'nul-CS.json')
    >>> make_id("..") is None
    True
    """
    if not _ID.fullmatch(text):
        plain = _latin(text)
        if plain is None:
            return None
        text = _NOT_IN_ID.sub("-", plain).strip("-.")
    text = text.strip(".")
    if not text:
        return None
    first, dot, rest = text.partition(".")
    if first.upper() in _WINDOWS_DEVICES:
        text = f"{first}-{_SYSTEM}{dot}{rest}"
    return _shortened(text, ID_LIMIT, "-")


def digest(text: str) -> str:
    """Return eight hexadecimal digits that stay the same for the same text.

    >>> digest("Example Codes")
    '3d6e51d5'
    """
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def _latin(text: str) -> str | None:
    """Return the text in ASCII; None when no letter or digit remains, or most letters would be lost."""
    text = _APOSTROPHE.sub("", text.removesuffix(note_mark(text)))
    lost = 0
    if not text.isascii():
        # Symbols first: NFKD would spell out the letters of a trade mark sign.
        symbols_out = "".join(" " if unicodedata.category(c) == "So" else c for c in text)
        decomposed = unicodedata.normalize("NFKD", symbols_out.translate(_LETTERS))
        lost = sum(1 for c in decomposed if c.isalpha() and not c.isascii())
        text = "".join(c if c.isascii() else "" if unicodedata.combining(c) else " " for c in decomposed)
    letters = sum(1 for c in text if c.isalpha())
    if letters < lost or not (letters or any(c.isdigit() for c in text)):
        return None
    return text


def _shortened(text: str, limit: int, joint: str) -> str:
    """Cut a text to a limit; its digest keeps two long texts apart that start alike."""
    if len(text) <= limit:
        return text
    tail = joint + digest(text)
    return text[: limit - len(tail)] + tail
