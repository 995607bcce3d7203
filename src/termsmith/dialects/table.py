"""Dialect tables: how a family of pages labels things, as data."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING

from termsmith.dialects.labels import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from termsmith.dialects.guide import Guide
    from termsmith.dialects.lists import ListLayout
    from termsmith.model.record import Role


class Field(Enum):
    """What the text behind a label says about the terminology."""

    TITLE = "title"
    SHORT_NAME = "short_name"
    IDENTIFIERS = "identifiers"
    """URIs and OIDs together, told apart by their form and by the text before them."""
    ENDORSED_URI = "endorsed_uri"
    ENDORSED_OID = "endorsed_oid"
    OTHER_URIS = "other_uris"
    OTHER_OIDS = "other_oids"
    RECORD_LINK = "record_link"
    """A link to ``NamingSystem-<id>.html``."""
    ORGANIZATION = "organization"
    """Name, people, address, phone, e-mail and website of one organisation in one cell."""
    ORGANIZATION_NAME = "organization_name"
    ROLES = "roles"
    WEBSITE = "website"
    EMAIL = "email"
    PHONE = "phone"
    FAX = "fax"
    ADDRESS = "address"
    DESCRIPTION = "description"
    LINKS = "links"
    VERSIONS = "versions"
    CHANGE_REQUESTS = "change_requests"
    OTHER = "other"
    AGREEMENT = "agreement"
    """Arrangement with HL7; belongs to the copyright."""
    COPYRIGHT = "copyright"
    USAGE = "usage"
    DATE = "date"
    VERSION = "version"
    STATUS = "status"
    CASE_SENSITIVE = "case_sensitive"
    SOURCE = "source"
    """Where the terminology comes from."""
    SYSTEM = "system"
    """Sentences about identifiers; see `Guide`."""
    CODES = "codes"
    """What is a code."""
    DISPLAYS = "displays"
    CASE_RULE = "case_rule"
    INACTIVE = "inactive"
    SUBSUMPTION = "subsumption"
    PROPERTIES = "properties"
    FILTERS = "filters"
    VALUE_SETS = "value_sets"
    LEFT_OVER = "left_over"
    """Says something of the terminology that no element takes."""
    NAME = "name"
    """The computable name."""
    RECORD_ID = "record_id"
    """The id of the resources."""
    KIND = "kind"
    """NamingSystem.kind."""
    EXPERIMENTAL = "experimental"
    STATUS_AND_DATE = "status_and_date"
    """A status, ``as of`` and a date."""
    ALTERNATE_IDENTIFIERS = "alternate_identifiers"
    """OIDs, as URNs too, and further URIs of a resource, apart by commas."""
    CONTENT = "content"
    """How much of the code system the page lists."""
    HIERARCHY_MEANING = "hierarchy_meaning"
    VALUE_SET = "value_set"
    SUPPLEMENTS = "supplements"
    IDENTIFIER_TYPE = "identifier_type"
    IDENTIFIER_VALUE = "identifier_value"
    IDENTIFIER_PREFERRED = "identifier_preferred"
    IDENTIFIER_AUTHORITATIVE = "identifier_authoritative"
    IDENTIFIER_PERIOD = "identifier_period"
    IDENTIFIER_COMMENT = "identifier_comment"
    PROPERTY_NAME = "property_name"
    """What the property's column is called."""
    PROPERTY_CODE = "property_code"
    PROPERTY_URI = "property_uri"
    PROPERTY_TYPE = "property_type"
    PROPERTY_DESCRIPTION = "property_description"
    IGNORED = "ignored"
    """Says nothing of the terminology; ``why`` tells what it is about."""


IDENTIFIER_FIELDS = frozenset(field for field in Field if field.value.startswith("identifier_"))
"""Details of one identifier each: what stands together is one of ``NamingSystem.uniqueId``."""
PROPERTY_FIELDS = frozenset(field for field in Field if field.value.startswith("property_"))
"""Details of one declaration of ``CodeSystem.property`` each."""
ONCE_FIELDS = frozenset(
    {
        Field.VERSION,
        Field.STATUS,
        Field.DATE,
        Field.CASE_SENSITIVE,
        Field.NAME,
        Field.RECORD_ID,
        Field.KIND,
        Field.EXPERIMENTAL,
        Field.CONTENT,
        Field.HIERARCHY_MEANING,
        Field.VALUE_SET,
        Field.SUPPLEMENTS,
    }
)
"""What one value states; whoever prints it twice should print the same."""


class Report(Enum):
    """How loudly a stated blank is reported."""

    QUIET = "quiet"
    """Only in the account of words."""
    NOTE = "note"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Blank:
    """Printed text that means "no value here"."""

    pattern: re.Pattern[str]
    """For the whole text, case ignored."""
    reason: str
    report: Report = Report.QUIET


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence, or other text without a label, that states facts by its form."""

    pattern: re.Pattern[str]
    """For a whole line; each of its named groups is the field that the words in it state."""
    states: tuple[tuple[Field, str], ...] = ()
    """What the sentence as a whole states."""
    why: str | None = None
    """What its group ``ignored`` is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableKind:
    """A table that is known by its header, and whose rows are no codes."""

    title: str
    columns: tuple[tuple[str, Field | None], ...]
    """Folded headers, and what the cells below state; nothing for those that are left over."""
    needs: frozenset[str]
    """Headers without which it is no such table."""
    others: bool = False
    """It may have more columns."""
    why: str | None = None
    """What it is about, when it says nothing of the terminology."""
    values: tuple[tuple[str, frozenset[str]], ...] = ()
    """Headers of columns that can only have some values, folded; others mean that it is another table."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Label:
    """A label that pages of a dialect print: of a section, or of a row in it."""

    text: str
    section: int
    """0-based number of its section."""
    order: int
    """0-based place among all labels of the dialect, sections included, in page order."""
    is_section: bool
    aliases: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    """Explanations printed behind the label or below it."""
    field: Field | None = None
    """Absent for sections that only group rows."""
    role: Role | None = None
    """What the organisation in this row, or in the rows of this section, does."""
    required: bool = False
    optional: bool = False
    """Some pages of the dialect lack it."""
    repeats: bool = False
    """It comes again in its section, once for each organisation."""
    preceded_by: Field | None = None
    """What the text before the label, in the same row or line, states."""
    one_line: bool = False
    """What follows in the next line, once there is a value, is not part of it."""
    why: str | None = None
    """For ignored ones: what they are about."""
    folds: tuple[str, ...] = ()
    """The label and its aliases, folded; longest first."""
    hint_folds: tuple[str, ...] = ()

    @property
    def is_long(self) -> bool:
        """Whether its text can hardly be the start of a sentence that means something else."""
        return len(self.folds[0]) >= 25 or self.text.count(" ") >= 3  # noqa: PLR2004  explained above


@dataclass(frozen=True, kw_only=True, eq=False)
class Dialect:
    """How one family of pages labels things."""

    id: str
    title: str
    described_at: str | None
    default_status: str
    labels: tuple[Label, ...]
    """In page order; each section label stands before its rows. Sections without text are left out."""
    headers: frozenset[str] = frozenset()
    """Folded texts of a table's header cells."""
    identifier_prefixes: tuple[tuple[str, str], ...] = ()
    """Text before an identifier and its kind (``oid``, ``uri``, ``canonical_uri``, ``other``)."""
    statuses: tuple[tuple[str, str], ...] = ()
    """Printed status, folded, and the FHIR publication status it means."""
    status_words: tuple[str, ...] = ()
    """The same words as they are printed, for messages."""
    roles: tuple[tuple[str, Role], ...] = ()
    """Printed role, folded, and its meaning."""
    blanks: tuple[Blank, ...] = ()
    kind: str = "codesystem"
    """NamingSystem.kind of what these pages describe."""
    lists: tuple[ListLayout, ...] = ()
    """Tables of which each row is one terminology."""
    guide: Guide | None = None
    """How the page's chapters and sentences are read; absent for pages that label their facts."""
    reservations: frozenset[str] = frozenset()
    """Folded comments on an identifier that warn against it (``Not Official``)."""
    origin: str = "built-in"
    """``built-in``, or the path of the user's table."""
    needs: tuple[re.Pattern[str], ...] = ()
    """A page of the dialect has a line or cell that one of these matches; absent when labels alone tell."""
    unless: tuple[re.Pattern[str], ...] = ()
    """No page of the dialect has one that any of these matches."""
    sentences: tuple[Sentence, ...] = ()
    tables: tuple[TableKind, ...] = ()
    """Its own first, then those that all dialects share."""
    values: tuple[tuple[Field, tuple[tuple[str, str], ...]], ...] = ()
    """Printed words by field, folded, and the value that they mean; empty for none."""
    any_order: bool = False
    """Labels come in any order, and again."""
    values_in_label_cells: bool = False
    """A table's cell holds a label, a colon and the value."""
    loose_text: Field | None = None
    """What text states that stands behind the first label without one of its own."""
    month_first: bool = False
    """``11/3/20`` is the third of November."""

    @cached_property
    def by_fold(self) -> dict[str, tuple[Label, ...]]:
        """Labels by each of their folded texts."""
        found: dict[str, tuple[Label, ...]] = {}
        for label in self.labels:
            for text in label.folds:
                found[text] = (*found.get(text, ()), label)
        return found

    @cached_property
    def of_lists(self) -> frozenset[Label]:
        """Labels of columns of lists, and of lines in these."""
        return frozenset(
            label for each in self.lists for column in each.columns for label in (column.label, *column.lines)
        )

    @cached_property
    def by_start(self) -> dict[str, tuple[tuple[str, Label], ...]]:
        """Folded texts and their labels by the first letters, for finding labels at the start of lines."""
        found: dict[str, tuple[tuple[str, Label], ...]] = {}
        for label in self.labels:
            for text in label.folds:
                start = text[:START_LENGTH]
                found[start] = (*found.get(start, ()), (text, label))
        return found

    def starting(self, folded: str) -> Iterator[tuple[str, Label]]:
        """Yield the labels that a folded text may start with, each with the folded text that tells it."""
        for length in range(1, min(len(folded), START_LENGTH) + 1):
            yield from self.by_start.get(folded[:length], ())

    @cached_property
    def any_blank(self) -> re.Pattern[str]:
        """All patterns of ``blanks`` in one, to see quickly that a text is none of them."""
        return re.compile("|".join(f"(?:{blank.pattern.pattern})" for blank in self.blanks), re.IGNORECASE)

    @cached_property
    def counted(self) -> int:
        """Number of labels that every page of the dialect should have."""
        return sum(not label.optional for label in self.labels)

    @cached_property
    def inline_label(self) -> re.Pattern[str] | None:
        """Any label with a colon inside a line; absent where labels only begin lines."""
        if not self.values_in_label_cells:
            return None
        texts = {text for label in self.labels for text in (label.text, *label.aliases)}
        words = "|".join(re.escape(text) for text in sorted(texts, key=lambda text: (-len(text), text)))
        return re.compile(rf"(?:(?<=\s)|\A)(?:{words})\s?:")

    @cached_property
    def meanings(self) -> dict[Field, dict[str, str]]:
        """What printed words mean, by field."""
        return {field: dict(pairs) for field, pairs in self.values}


BARE = Dialect(
    id="none",
    title="No layout: a code table, and a sidecar that describes it",
    described_at=None,
    default_status="draft",
    labels=(),
)
"""For pages that say nothing of their code system but its codes."""

START_LENGTH = 4
"""Letters by which `Dialect.by_start` finds labels.

Shorter ones (``OID``) are too easily the start of a word: they are labels only as a whole cell or line, or
with a colon behind them.
"""


def make_label(
    *,
    text: str,
    section: int,
    order: int,
    is_section: bool,
    aliases: tuple[str, ...] = (),
    hints: tuple[str, ...] = (),
    **rest: object,
) -> Label:
    """Return a label with its folded texts filled in."""
    folds = sorted({fold(each) for each in (text, *aliases)}, key=lambda each: (-len(each), each))
    return Label(
        text=text,
        section=section,
        order=order,
        is_section=is_section,
        aliases=aliases,
        hints=hints,
        folds=tuple(folds),
        hint_folds=tuple(fold(each) for each in hints),
        **rest,  # type: ignore[arg-type]
    )
