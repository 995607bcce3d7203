"""What the columns of a code table hold, told by their headers."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from enum import Enum
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

from termsmith.dialects.labels import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

PREFIX = "http://hl7.org/fhir/concept-properties#"
"""URIs of the properties that FHIR names, without their codes."""
MOST_COLUMNS = 200
_LANGUAGE_TAG = re.compile(r"[a-z]{2,3}(?:[-_](?:[A-Z][a-z]{3}|[A-Z]{2}|[0-9]{3}))?", re.ASCII)
_WITH_LANGUAGE = re.compile(r"(?P<what>.+?)[\s_:,(\[–-]+(?P<language>[^\s()\[\]:,_]+)[)\]]?\s*", re.DOTALL)


class ColumnRole(Enum):
    """What the cells of a column are for their concepts."""

    CODE = "code"
    DISPLAY = "display"
    DEFINITION = "definition"
    PARENT = "parent"
    LEVEL = "level"
    NUMBERING = "numbering"
    DESIGNATION = "designation"
    PROPERTY = "property"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a code table."""

    index: int
    """0-based."""
    header: str
    """As printed."""
    role: ColumnRole
    code: str = ""
    """Of the property."""
    uri: str | None = None
    """Of the property; absent for those that FHIR does not name."""
    type: str | None = None
    """Of the property; absent while it is to be inferred."""
    language: str | None = None
    """Of the designation (BCP 47); absent when the header names none."""
    use: Mapping[str, str] | None = None
    """Coding that says what the designation is for."""
    known: bool = True
    """The header is one that we know, or the user said what the column is."""


class StandardProperty(NamedTuple):
    """A property that FHIR names."""

    code: str
    type: str


SYNONYM = {"system": "http://snomed.info/sct", "code": "900000000000013009", "display": "Synonym"}
"""The use of synonyms in FHIR's own value set: https://hl7.org/fhir/R4/valueset-designation-use.html."""


@dataclass(frozen=True, slots=True)
class _Words:
    roles: Mapping[str, str]
    properties: Mapping[str, StandardProperty]
    languages: Mapping[str, str]


@cache
def _words() -> _Words:
    table = tomllib.loads((files(__package__) / "headers.toml").read_text(encoding="utf-8"))
    return _Words(
        roles={fold(word) or word: role for role, words in table["words"].items() for word in words},
        properties={
            fold(word): StandardProperty(row["code"], row["type"])
            for row in table["property"]
            for word in (row["code"], *row["words"])
        },
        languages={fold(word): tag for tag, words in table["languages"].items() for word in words},
    )


def standard_property(code: str) -> StandardProperty | None:
    """Return the property that FHIR names by a code."""
    found = _words().properties.get(fold(code))
    return found if found is not None and found.code == code else None


def recognise_columns(headers: Sequence[str]) -> tuple[Column, ...] | None:
    """Return what the columns are; nothing when this is not the header of a code table.

    A code table has one column of codes, and one of displays or definitions.

    >>> [column.role.value for column in recognise_columns(["Code", "Name", "Parent"])]
    ['code', 'display', 'parent']
    """
    if not 2 <= len(headers) <= MOST_COLUMNS:  # noqa: PLR2004  a code, and what it means
        return None
    columns = [_column(index, header) for index, header in enumerate(headers)]
    columns = list(_settled(columns))
    roles = [column.role for column in columns]
    if roles.count(ColumnRole.CODE) != 1:
        return None
    if ColumnRole.DISPLAY not in roles and ColumnRole.DEFINITION not in roles:
        return None
    return tuple(_distinct(columns))


_TOKEN = re.compile(r"[^\W\d_][^\s]*?(?=(?<=[^\W\d_A-Z])[A-Z])|\S+")
"""A word, or the part of one up to a capital inside it, where two cells are glued together."""
_MOST_WORDS = 6
_FEWEST_COLUMNS = 3


@lru_cache(maxsize=4096)
def is_known_header(text: str) -> bool:
    """Tell whether a text is what a column of code tables is called."""
    return bool(fold(text)) and _column(0, text).known


def splits_into_headers(text: str) -> bool:
    """Tell whether a line is the header of a code table whose cells copying has run together.

    >>> splits_into_headers("Code Display Definition"), splits_into_headers("CodeDisplayDefinition")
    (True, True)
    >>> splits_into_headers("Code of conduct"), splits_into_headers("Code")
    (False, False)
    """
    tokens = _TOKEN.findall(text)
    # `Code Display` is a header itself, and may be two.
    return any(_is_run_together(tokens, lengths) for lengths in (_LONGEST_FIRST, _SHORTEST_FIRST))


_LONGEST_FIRST = tuple(range(_MOST_WORDS, 0, -1))
_SHORTEST_FIRST = tuple(range(1, _MOST_WORDS + 1))


def _is_run_together(tokens: Sequence[str], lengths: Sequence[int]) -> bool:
    columns: list[Column] = []
    unknown = at = 0
    while at < len(tokens):
        for length in lengths:
            header = " ".join(tokens[at : at + length])
            if at + length <= len(tokens) and is_known_header(header):
                columns.append(_column(len(columns), header))
                at += length
                break
        else:
            unknown += 1
            at += 1
    if len(columns) < 2 or unknown * 3 > len(tokens):  # noqa: PLR2004  a code, and what it means
        return False
    roles = {column.role for column in columns}
    if columns[0].role not in {ColumnRole.CODE, ColumnRole.LEVEL} or ColumnRole.CODE not in roles:
        return False
    if not roles & {ColumnRole.DISPLAY, ColumnRole.DEFINITION}:
        return False
    # Two words may well be the start of a sentence.
    return len(columns) >= _FEWEST_COLUMNS or (not unknown and all(token[0].isupper() for token in tokens))


def column_of(index: int, header: str, stated: str) -> Column | None:
    """Return a column whose role the user states; nothing when it is no role.

    Args:
        index: 0-based.
        header: As printed.
        stated: ``code``, ``display``, ``definition``, ``parent``, ``level``, ``numbering``, ``ignored``,
            ``designation:<language>``, ``property:<code>`` or ``property:<code>:<type>``.
    """
    word, _, rest = stated.partition(":")
    try:
        role = ColumnRole(word)
    except ValueError:
        return None
    if role is ColumnRole.DESIGNATION:
        return Column(index=index, header=header, role=role, language=rest or None)
    if role is ColumnRole.PROPERTY:
        code, _, kind = rest.partition(":")
        return (
            _property(index, header, code or property_code(header), kind or None) if rest or header else None
        )
    return None if rest else Column(index=index, header=header, role=role)


def _property(index: int, header: str, code: str, kind: str | None) -> Column:
    standard = standard_property(code)
    if standard is not None:
        return Column(
            index=index,
            header=header,
            role=ColumnRole.PROPERTY,
            code=code,
            uri=PREFIX + code,
            type=kind or standard.type,
        )
    return Column(index=index, header=header, role=ColumnRole.PROPERTY, code=code, type=kind)


def property_code(header: str) -> str:
    """Return a code for a property that only has a header: its words, in camel case.

    >>> property_code("ATC code (WHO)"), property_code("Größe")
    ('atcCodeWHO', 'größe')
    """
    words = [word for word in re.split(r"[\W_]+", header) if word]
    if not words:
        return "property"
    first, *others = words
    start = first if first.isupper() and not others and len(first) > 1 else first[:1].lower() + first[1:]
    if first.isupper() and others:
        start = first.lower()
    return start + "".join(word[:1].upper() + word[1:] for word in others)


def _column(index: int, header: str) -> Column:  # noqa: PLR0911  one return for each kind of header
    words = _words()
    folded = fold(header) or header.strip()
    role = words.roles.get(folded)
    if role == "synonym":
        return Column(index=index, header=header, role=ColumnRole.DESIGNATION, use=SYNONYM)
    if role == "child":
        return _property(index, header, "child", None)
    if role is not None:
        # A description is settled when the other columns are known.
        found = ColumnRole.DEFINITION if role == "description" else ColumnRole(role)
        return Column(index=index, header=header, role=found, code=role)
    standard = words.properties.get(folded)
    if standard is not None:
        return _property(index, header, standard.code, None)
    language = language_of(header)
    if language is not None:
        return Column(index=index, header=header, role=ColumnRole.DESIGNATION, language=language)
    found_language = _language_behind(header)
    if found_language is not None:
        what, language = found_language
        if words.roles.get(what) in {"display", "description", "synonym"} or what in _NAMES_OF_NAMES:
            use = SYNONYM if words.roles.get(what) == "synonym" else None
            return Column(index=index, header=header, role=ColumnRole.DESIGNATION, language=language, use=use)
    if not folded:
        return Column(
            index=index, header=header, role=ColumnRole.PROPERTY, code=f"column{index + 1}", known=False
        )
    return Column(
        index=index, header=header, role=ColumnRole.PROPERTY, code=property_code(header), known=False
    )


_NAMES_OF_NAMES = frozenset({"designation", "translation", "übersetzung", "traduction", "interpretation"})
"""What designations are called, where a language stands beside it."""


_BCP_47 = re.compile(
    r"[A-Za-z]{2,3}(?:-[A-Za-z]{3}){0,3}(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|[0-9]{3}))?"
    r"(?:-(?:[A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*(?:-[A-WY-Za-wy-z0-9](?:-[A-Za-z0-9]{2,8})+)*"
    r"(?:-[Xx](?:-[A-Za-z0-9]{1,8})+)?",
    re.ASCII,
)


def is_language_tag(text: str) -> bool:
    """Tell whether a text is a well-formed language tag (BCP 47, RFC 5646 section 2.1)."""
    return _BCP_47.fullmatch(text) is not None


def _tag(text: str) -> str | None:
    """Return a language tag in the case that BCP 47 recommends; nothing when a text is none.

    Two letters of a language that we know; others are words.
    """
    if _LANGUAGE_TAG.fullmatch(text) is None or text[:2] not in set(_words().languages.values()):
        return None
    tag = text.replace("_", "-")
    return tag if tag.partition("-")[0] == text[:2] else None


def language_of(header: str) -> str | None:
    """Return the language of a header that names nothing else.

    >>> language_of("Deutsch (German, de)"), language_of("fr"), language_of("Display (de)")
    ('de', 'fr', None)
    """
    languages = _words().languages
    names = [name for name in _BETWEEN_NAMES.split(header) if name]
    found = {languages.get(fold(name)) or _tag(name) for name in names}
    return found.pop() if len(found) == 1 else None


_BETWEEN_NAMES = re.compile(r"[\s(),/;]+")


def _language_behind(header: str) -> tuple[str, str] | None:
    """Split ``Display (de)``, ``name_fr`` or ``Term German`` into the folded rest and the language."""
    found = _WITH_LANGUAGE.fullmatch(header)
    if found is None or not found["what"]:
        return None
    language = _words().languages.get(fold(found["language"])) or _tag(found["language"])
    if language is None:
        reverse = header.split(maxsplit=1)
        if len(reverse) == 2 and fold(reverse[0]) in _words().languages:  # noqa: PLR2004  language and rest
            return fold(reverse[1]), _words().languages[fold(reverse[0])]
        return None
    return fold(found["what"]), language


def _settled(columns: Sequence[Column]) -> Iterator[Column]:
    """Decide what can only be told beside the other columns.

    The first column of a role has it; a second name or code is a property. A description is the display where
    there is no other.
    """
    displays = [column for column in columns if column.role is ColumnRole.DISPLAY]
    described = next((c for c in columns if c.code == "description"), None)
    languages = [c for c in columns if c.role is ColumnRole.DESIGNATION and c.language and c.use is None]
    codes = _best_code(columns)
    taken: set[ColumnRole] = set()
    has_interpretation = any(c.role is ColumnRole.DEFINITION and c.code != "description" for c in columns)
    for column in columns:
        each = column
        if each is described and not displays:
            each = replace(each, role=ColumnRole.DISPLAY)
        elif each is described and has_interpretation:
            each = _as_property(each)
        elif (
            not displays
            and described is None
            and languages
            and each is languages[0]
            and not has_interpretation
        ):
            # Only languages: the first of them is the display.
            each = replace(each, role=ColumnRole.DISPLAY)
        elif each.role is ColumnRole.CODE and each.index != codes:
            each = _as_property(each)
        if each.role in _ONCE and each.role in taken:
            each = _as_property(each)
        taken.add(each.role)
        yield replace(each, code="") if each.role is not ColumnRole.PROPERTY else each


_ONCE = frozenset(
    {ColumnRole.CODE, ColumnRole.DISPLAY, ColumnRole.DEFINITION, ColumnRole.LEVEL, ColumnRole.NUMBERING}
)
_BEST_CODES = (
    "code",
    "codes",
    "conceptcode",
    "codevalue",
    "valueofthecode",
    "kode",
    "codigo",
    "codice",
    "id",
)


def _best_code(columns: Sequence[Column]) -> int | None:
    """Return the index of the column of codes among several that could be."""
    found = [column for column in columns if column.role is ColumnRole.CODE]
    for word in _BEST_CODES:
        for column in found:
            if fold(column.header) == word:
                return column.index
    return found[0].index if found else None


def _as_property(column: Column) -> Column:
    return Column(
        index=column.index,
        header=column.header,
        role=ColumnRole.PROPERTY,
        code=property_code(column.header),
        known=False,
    )


def _distinct(columns: Sequence[Column]) -> Iterator[Column]:
    """Give different headers of properties different codes; a header twice is one repeated property."""
    headers: dict[str, str] = {}
    for column in columns:
        each = column
        if each.role is ColumnRole.PROPERTY:
            code, number = each.code, 2
            while headers.setdefault(code, each.header) != each.header:
                code, number = f"{each.code}{number}", number + 1
            each = replace(each, code=code) if code != each.code else each
        yield each
