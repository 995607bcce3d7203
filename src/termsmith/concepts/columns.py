"""What the columns of a code table hold, told by their headers."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from enum import Enum
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

from termsmith.concepts.property_types import VALUE_KEYS
from termsmith.dialects.labels import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

PREFIX = "http://hl7.org/fhir/concept-properties#"
"""URIs of the properties that FHIR names, without their codes."""
MOST_COLUMNS = 200
LONGEST_HEADER = 300
"""Characters of a header that may mean something to us; longer cells are no headers."""
_LANGUAGE_TAG = re.compile(
    r"[a-z]{2,3}(?:[-_][A-Z][a-z]{3})?(?:[-_](?:[A-Z]{2}|[0-9]{3}))?|[A-Z]{2}(?:[-_][A-Z]{2})?", re.ASCII
)
_WITH_LANGUAGE = re.compile(
    r"(?P<what>.+?)[\s_:,.@(\[–-]+(?P<language>[^\s()\[\]:,.@_]+)[)\]]?\s*", re.DOTALL
)


class ColumnRole(Enum):
    """What the cells of a column are for their concepts."""

    CODE = "code"
    DISPLAY = "display"
    DEFINITION = "definition"
    PARENT = "parent"
    CHILD = "child"
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


@dataclass(frozen=True, slots=True)
class _Word:
    """A header that we know."""

    role: str
    rank: int
    """Of two columns of one role the one with the lower rank has it."""


class StandardProperty(NamedTuple):
    """A property that FHIR names."""

    code: str
    type: str


_SNOMED_CT = "http://snomed.info/sct"
_USES: Mapping[str, Mapping[str, str]] = {
    "synonym": {"system": _SNOMED_CT, "code": "900000000000013009", "display": "Synonym"},
    "full_name": {"system": _SNOMED_CT, "code": "900000000000003001", "display": "Fully specified name"},
}
"""The uses of designations in FHIR's own value set: https://hl7.org/fhir/R4/valueset-designation-use.html."""


@dataclass(frozen=True, slots=True)
class _Words:
    roles: Mapping[str, _Word]
    properties: Mapping[str, StandardProperty]
    languages: Mapping[str, str]


@cache
def _words() -> _Words:
    table = tomllib.loads((files(__package__) / "headers.toml").read_text(encoding="utf-8"))
    return _Words(
        roles={
            fold(word) or word: _Word(role, rank)
            for role, words in table["words"].items()
            for rank, word in enumerate(words)
        },
        properties={
            fold(word): StandardProperty(row["code"], row["type"])
            for row in table["property"]
            for word in (row["code"], *row["words"])
        },
        languages={fold(word): tag for tag, words in table["languages"].items() for word in words},
    )


@cache
def _names_of_codes() -> frozenset[str]:
    """Return what columns of codes are called, folded."""
    return frozenset(name for name, word in _words().roles.items() if word.role == ColumnRole.CODE.value)


@cache
def _beginnings_of_codes() -> frozenset[str]:
    """Return all beginnings of these; where cells are run together, a name may come in pieces."""
    return frozenset(name[:end] for name in _names_of_codes() for end in range(1, len(name) + 1))


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
    columns = name_columns(headers)
    if columns is None:
        return None
    at = {column.role: column for column in columns}
    shown = at.get(ColumnRole.DISPLAY) or at.get(ColumnRole.DEFINITION)
    if shown is None:
        return None
    code = at[ColumnRole.CODE]
    # Names with their values behind are facts, no codes.
    return None if fold(code.header) in _VALUES and shown.index < code.index else columns


def name_columns(headers: Sequence[str]) -> tuple[Column, ...] | None:
    """Return what the columns are, whatever there is besides codes; nothing when no column has codes."""
    if not headers or len(headers) > MOST_COLUMNS or max(map(len, headers)) > LONGEST_HEADER:
        return None
    if not any((fold(header) or header.strip()) in _names_of_codes() for header in headers):
        return None  # most rows of most tables
    columns = list(_settled([_column(index, header) for index, header in enumerate(headers)]))
    if [column.role for column in columns].count(ColumnRole.CODE) != 1:
        return None
    return tuple(distinct(columns))


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
    if not any(fold(token) in _beginnings_of_codes() for token in tokens):
        return False  # most lines of most pages
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
                if columns[0].role not in {ColumnRole.CODE, ColumnRole.LEVEL}:
                    return False
                at += length
                break
        else:
            unknown += 1
            at += 1
            # Most lines are sentences, which need not be read to their ends.
            if unknown * 3 > len(tokens):
                return False
    if len(columns) < 2:  # noqa: PLR2004  a code, and what it means
        return False
    roles = {column.role for column in columns}
    if ColumnRole.CODE not in roles:
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
        stated: ``code``, ``display``, ``definition``, ``parent``, ``child``, ``level``, ``numbering``,
            ``ignored``, ``designation:<language>``, ``designation:<language>:<system>|<code>``,
            ``property:<code>`` or ``property:<code>:<type>``.
    """
    word, _, rest = stated.partition(":")
    try:
        role = ColumnRole(word)
    except ValueError:
        return None
    if role is ColumnRole.DESIGNATION:
        return _stated_designation(index, header, rest)
    if role is ColumnRole.PROPERTY:
        return _stated_property(index, header, rest)
    return None if rest else Column(index=index, header=header, role=role)


def _stated_designation(index: int, header: str, stated: str) -> Column | None:
    language, _, use = stated.partition(":")
    system, _, code = use.rpartition("|")
    if (use and not (system and code)) or (language and not is_language_tag(language)):
        return None
    coding = {"system": system, "code": code} if use else None
    role = ColumnRole.DESIGNATION
    return Column(index=index, header=header, role=role, language=language or None, use=coding)


def _stated_property(index: int, header: str, stated: str) -> Column | None:
    code, _, kind = stated.partition(":")
    if code in {"parent", "child"} and kind in {"", "code"}:
        return Column(index=index, header=header, role=ColumnRole(code))
    if (kind and kind not in VALUE_KEYS) or not (stated or header):
        return None
    return _property(index, header, code or property_code(header), kind or None)


def _property(index: int, header: str, code: str, kind: str | None) -> Column:
    standard = standard_property(code)
    if standard is not None and kind in {None, standard.type}:
        return Column(
            index=index,
            header=header,
            role=ColumnRole.PROPERTY,
            code=code,
            uri=PREFIX + code,
            type=standard.type,
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


def _column(index: int, header: str) -> Column:
    words = _words()
    folded = fold(header) or header.strip()
    word = words.roles.get(folded)
    if word is not None:
        if word.role in _USES:
            return Column(index=index, header=header, role=ColumnRole.DESIGNATION, use=_USES[word.role])
        # A description is settled when the other columns are known.
        found = ColumnRole.DEFINITION if word.role == "description" else ColumnRole(word.role)
        return Column(index=index, header=header, role=found, code=word.role)
    standard = words.properties.get(folded)
    if standard is not None:
        return _property(index, header, standard.code, None)
    language = language_of(header)
    if language is not None:
        return Column(index=index, header=header, role=ColumnRole.DESIGNATION, language=language)
    found_language = _language_behind(header)
    if found_language is not None:
        what, language = found_language
        role = words.roles[what].role if what in words.roles else None
        if role in {"display", "description", *_USES} or what in _NAMES_OF_NAMES:
            return Column(
                index=index,
                header=header,
                role=ColumnRole.DESIGNATION,
                language=language,
                use=_USES.get(role or ""),
            )
    code = property_code(header) if folded else f"column{index + 1}"
    return Column(index=index, header=header, role=ColumnRole.PROPERTY, code=code, known=False)


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
    language = text[:2].lower()
    if _LANGUAGE_TAG.fullmatch(text) is None or language not in _words().languages.values():
        return None
    first, *others = text.replace("_", "-").split("-")
    return "-".join([language, *others]) if first.lower() == language else None


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
    if found is None:
        return None
    language = _words().languages.get(fold(found["language"])) or _tag(found["language"])
    if language is not None:
        return fold(found["what"]), language
    first, _, rest = header.partition(" ")
    before = _words().languages.get(fold(first)) or _tag(first)
    return None if before is None or not rest else (fold(rest), before)


def _settled(columns: Sequence[Column]) -> Iterator[Column]:
    """Decide what can only be told beside the other columns.

    Of several columns that could have a role, the one with the plainest header has it; the others are
    properties. A description is the display where there is no other; so is what is called a value beside
    codes, and the first language.
    """
    capitals = [each for each in columns if each.language is not None and each.header.strip().isupper()]
    if len(capitals) == 1 and capitals[0].header.strip()[:2] == capitals[0].header.strip():
        # One header such as IT or NO alone may be an abbreviation of anything.
        columns = [_as_property(each) if each is capitals[0] else each for each in columns]
    has = {column.role for column in columns if column.code != "description"}
    best = {role: _best(columns, role) for role in _ONCE}
    shown = None
    if ColumnRole.DISPLAY not in has:
        described = [each for each in columns if each.code == "description"]
        codes = [each for each in columns if each.role is ColumnRole.CODE]
        values = [
            each for each in codes if each.index != best[ColumnRole.CODE] and fold(each.header) in _VALUES
        ]
        if not any(fold(each.header) in _PLAIN_CODES for each in codes):
            values = []  # "Identifier | Value" is no code table
        languages = [
            each
            for each in columns
            if each.role is ColumnRole.DESIGNATION and each.language and each.use is None
        ]
        # Beside a definition, values and languages are no displays.
        others = [] if ColumnRole.DEFINITION in has else [*values, *languages]
        shown = next(iter([*described, *others]), None)
    for column in columns:
        if column is shown:
            yield replace(column, role=ColumnRole.DISPLAY, code="")
        elif column.role in _ONCE and column.index != best[column.role]:
            yield _as_property(column)
        else:
            yield replace(column, code="") if column.role is not ColumnRole.PROPERTY else column


_ONCE = (ColumnRole.CODE, ColumnRole.DISPLAY, ColumnRole.DEFINITION, ColumnRole.LEVEL, ColumnRole.NUMBERING)


def _best(columns: Sequence[Column], role: ColumnRole) -> int | None:
    """Return the index of the column that has a role among several that could have it."""
    words = _words().roles
    ranked = [
        (each.code == "description", words[fold(each.header) or each.header.strip()].rank, each.index)
        for each in columns
        if each.role is role
    ]
    return min(ranked)[2] if ranked else None


_VALUES = frozenset({"value", "wert", "valeur", "valor", "waarde"})
_PLAIN_CODES = frozenset({"code", "codes", "kode", "kod", "código", "codigo", "codice"})


def _as_property(column: Column) -> Column:
    return Column(
        index=column.index,
        header=column.header,
        role=ColumnRole.PROPERTY,
        code=property_code(column.header),
        known=False,
    )


def distinct(columns: Sequence[Column], taken: Iterable[str] = ()) -> Iterator[Column]:
    """Give different headers of properties different codes; a header twice is one repeated property.

    Args:
        columns: As their headers say.
        taken: Codes that other columns have.
    """
    headers = dict.fromkeys(taken, "\0")
    for column in columns:
        each = column
        if each.role is ColumnRole.PROPERTY:
            if each.uri is not None and headers.get(each.code, each.header) != each.header:
                # FHIR's property is another column's already; two of one URI must not be.
                each = _as_property(each)
            code, number = each.code, 2
            while headers.setdefault(code, each.header) != each.header:
                code, number = f"{each.code}{number}", number + 1
            each = replace(each, code=code) if code != each.code else each
        yield each
