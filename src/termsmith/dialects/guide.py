"""Pages that explain how to use a terminology: a summary, chapters below headings, and sentences."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from termsmith.dialects.lists import head_of
from termsmith.dialects.table import Field
from termsmith.model.page import Table

if TYPE_CHECKING:
    import re
    from collections.abc import Mapping, Sequence

    from termsmith.dialects.table import Dialect
    from termsmith.model.page import Page

CHAPTER_FIELDS = frozenset(
    [
        Field.COPYRIGHT,
        Field.VERSIONS,
        Field.CASE_RULE,
        Field.DESCRIPTION,
        Field.CODES,
        Field.DISPLAYS,
        Field.INACTIVE,
        Field.SUBSUMPTION,
        Field.OTHER,
        Field.PROPERTIES,
        Field.FILTERS,
        Field.VALUE_SETS,
    ]
)
"""What a chapter can be about."""
FACTS = frozenset(
    [
        "uri",
        "oid",
        "short_name",
        "title",
        "part",
        "part_title",
        "owner",
        "steward",
        "publisher",
        "value_set",
    ]
)
"""What named groups of a sentence's pattern can be."""
CONSTANTS: Mapping[str, frozenset[str]] = {
    "case_sensitive": frozenset(["true", "false"]),
    "compositional": frozenset(["true", "false"]),
    "hierarchy_meaning": frozenset(["grouped-by", "is-a", "part-of", "classified-with"]),
}
"""What a sentence can state as a whole, and the values that each takes."""
_FILTER = frozenset(["code", "operators"])
"""What a table of filters states at least."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Chapter:
    """The text below a heading, and what it is about."""

    heading: re.Pattern[str]
    """For the whole heading."""
    field: Field


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GuideSentence:
    """Words that state facts."""

    pattern: re.Pattern[str]
    """Looked for in single sentences; its named groups are facts."""
    within: frozenset[Field] = frozenset()
    """Rows and chapters in which it counts; everywhere where empty."""
    states: tuple[tuple[str, str], ...] = ()
    """Facts that the sentence states as a whole, with their values."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Guide:
    """How pages that explain the use of a terminology are built."""

    chapters: tuple[Chapter, ...] = ()
    sentences: tuple[GuideSentence, ...] = ()
    pointers: tuple[re.Pattern[str], ...] = ()
    """Sentences that only point to other places of the page."""
    filter_rows: Mapping[str, str] = field(default_factory=dict)
    """Folded label in a filter's table, and the part of the filter that it states."""
    property_columns: Mapping[str, str] = field(default_factory=dict)
    """Folded header in a table of properties, and the part of the declaration below it."""


def filter_tables(page: Page, dialects: Sequence[Dialect]) -> frozenset[int]:
    """Return the numbers of the tables on a page that any dialect knows as tables of filters."""
    found = set()
    guides = [
        dialect.guide for dialect in dialects if dialect.guide is not None and dialect.guide.filter_rows
    ]
    for item in page.items:
        if not guides or not isinstance(item, Table) or not item.rows:
            continue
        heads = {head_of(page, cell) for cell in item.rows[0].cells}
        if any({guide.filter_rows.get(head) for head in heads} >= _FILTER for guide in guides):
            found.add(item.number)
    return frozenset(found)
