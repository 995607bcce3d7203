"""Dialect tables: how a family of pages labels things, as data."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING

from termsmith.dialects.labels import fold

if TYPE_CHECKING:
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
    IGNORED = "ignored"
    """Says nothing of the terminology; ``why`` tells what it is about."""


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

    @cached_property
    def by_fold(self) -> dict[str, tuple[Label, ...]]:
        """Labels by each of their folded texts."""
        found: dict[str, tuple[Label, ...]] = {}
        for label in self.labels:
            for text in label.folds:
                found[text] = (*found.get(text, ()), label)
        return found

    @cached_property
    def by_start(self) -> dict[str, tuple[tuple[str, Label], ...]]:
        """Folded texts and their labels by the first letters, for finding labels at the start of lines."""
        found: dict[str, tuple[tuple[str, Label], ...]] = {}
        for label in self.labels:
            for text in label.folds:
                start = text[:START_LENGTH]
                found[start] = (*found.get(start, ()), (text, label))
        return found

    @cached_property
    def any_blank(self) -> re.Pattern[str]:
        """All patterns of ``blanks`` in one, to see quickly that a text is none of them."""
        return re.compile("|".join(f"(?:{blank.pattern.pattern})" for blank in self.blanks), re.IGNORECASE)

    @cached_property
    def counted(self) -> int:
        """Number of labels that every page of the dialect should have."""
        return sum(not label.optional for label in self.labels)


BARE = Dialect(
    id="none",
    title="No layout: a code table, and a sidecar that describes it",
    described_at=None,
    default_status="draft",
    labels=(),
)
"""For pages that say nothing of their code system but its codes."""

START_LENGTH = 4
"""Letters by which `Dialect.by_start` finds labels; no label is shorter."""


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
