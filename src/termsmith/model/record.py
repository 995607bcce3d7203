"""What a page means: facts about one terminology, each with its evidence; no FHIR yet."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Generic, NamedTuple, TypeVar

from termsmith.model.place import Place  # noqa: TC001  read at run time by dataclass users

T_co = TypeVar("T_co", covariant=True)


class Origin(Enum):
    """Which kind of source a value comes from."""

    PAGE = "page"
    SIDECAR = "sidecar"
    FILE = "file"
    """A file of concepts beside the page."""
    CONFIGURATION = "configuration"
    DEFAULT = "default"


class Span(NamedTuple):
    """A stretch of words that a value rests on."""

    place: Place
    raw: str
    """The words as printed."""
    start: int | None = None
    """Offset in `Page.text`; absent when the words are not on the page (sidecar, configuration)."""
    end: int | None = None
    """Offset behind the last character; absent likewise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated(Generic[T_co]):
    """A value and the words that state it."""

    value: T_co
    spans: tuple[Span, ...] = ()
    """In page order; empty for a default."""
    origin: Origin = Origin.PAGE
    reason: str | None = None
    """Why a sidecar, a configuration or a default says so; absent for page values."""


class Role(Enum):
    """What an organisation does for a code system."""

    OWNER = "owner"
    STEWARD = "steward"
    PUBLISHER = "publisher"


class IdentifierType(Enum):
    """NamingSystem.uniqueId.type, as far as pages state it."""

    OID = "oid"
    URI = "uri"
    UUID = "uuid"
    IRI_STEM = "iri-stem"
    """What is put before a code to make its IRI."""
    V2_MNEMONIC = "v2csmnemonic"
    """Name in HL7 v2 table 0396."""
    OTHER = "other"


IDENTIFYING = frozenset({IdentifierType.OID, IdentifierType.URI, IdentifierType.UUID})
"""Types of which one is enough to know a terminology by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Telecom:
    """One way to reach an organisation."""

    system: str
    """``url``, ``email``, ``phone`` or ``fax``, as in FHIR's ContactPoint.system."""
    value: Stated[str]
    """Without ``mailto:`` or ``tel:``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization:
    """A body that is responsible for a terminology."""

    name: Stated[str]
    roles: tuple[Stated[Role], ...]
    details: tuple[Stated[str], ...] = ()
    """People, job titles and address lines, in page order."""
    telecoms: tuple[Telecom, ...] = ()
    """url first, then email, phone, fax; page order within each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifier:
    """One identifier of the terminology."""

    type: IdentifierType
    value: Stated[str]
    """A bare dotted OID, an absolute URI, or other text as printed."""
    endorsed: bool | None
    """The one of its type to be used; at most one of each type is. Nothing where it is not told."""
    comment: Stated[str] | None = None
    """What the page says of it (``Updated 20210524``, a caption)."""
    start: Stated[str] | None = None
    """FHIR date from which it is valid."""
    end: Stated[str] | None = None
    """FHIR date up to which it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """Markdown text with the kind of thing it is about."""

    topic: str
    """Key of the wording table: ``description``, ``links``, ``versions``, ``copyright`` and so on."""
    text: Stated[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterDeclaration:
    """A filter by which value sets can choose concepts."""

    code: Stated[str]
    operators: tuple[Stated[str], ...]
    """As printed; which of them a release of FHIR knows is not known here."""
    value: Stated[str]
    description: Stated[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """A property of concepts, as the page declares it."""

    code: Stated[str]
    name: Stated[str] | None = None
    """What the column of its values is called; has no element."""
    uri: Stated[str] | None = None
    type: Stated[str] | None = None
    """``code``, ``Coding``, ``string``, ``integer``, ``boolean``, ``dateTime`` or ``decimal``."""
    description: Stated[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TerminologyRecord:
    """The facts of one terminology. What the page doesn't state is absent."""

    title: Stated[str] | None = None
    short_name: Stated[str] | None = None
    name: Stated[str] | None = None
    """Computable name as given by a sidecar; otherwise made from the short name or title."""
    record_id: Stated[str] | None = None
    """Logical id of the resources."""
    naming_system_url: Stated[str] | None = None
    """Canonical URL of the NamingSystem itself."""
    kind: Stated[str] | None = None
    """``codesystem``, ``identifier`` or ``root``."""
    identifier_type: Stated[str] | None = None
    """Code of v2-0203 for an identifier system (``DL``, ``PPN``)."""
    identifiers: tuple[Identifier, ...] = ()
    """Endorsed ones first within each type; page order."""
    organizations: tuple[Organization, ...] = ()
    """Distinct ones in page order."""
    description: tuple[Paragraph, ...] = ()
    """In the order in which they belong in a description."""
    copyright: tuple[Paragraph, ...] = ()
    """In page order; the arrangement with HL7 last."""
    usage: Stated[str] | None = None
    version: Stated[str] | None = None
    """Version of the record, never of the terminology's content."""
    date: Stated[str] | None = None
    """FHIR date of any precision: ``2021``, ``2021-04``, ``2021-04-30``."""
    status: Stated[str] | None = None
    """FHIR publication status."""
    case_sensitive: Stated[bool] | None = None
    compositional: Stated[bool] | None = None
    filters: tuple[FilterDeclaration, ...] = ()
    implicit_value_set: Stated[str] | None = None
    """URI of the value set of all its codes, as pages on the use of a code system state it."""
    experimental: Stated[bool] | None = None
    content: Stated[str] | None = None
    """FHIR CodeSystem.content: how many of the codes the page lists."""
    hierarchy_meaning: Stated[str] | None = None
    value_set: Stated[str] | None = None
    """Canonical URL of the value set of all codes."""
    supplements: Stated[str] | None = None
    """Canonical URL of the code system that this one adds to."""
    properties: tuple[Property, ...] = ()
    unread: tuple[tuple[str, Stated[str]], ...] = ()
    """What the page says of ``case_sensitive``, ``date`` or ``status`` that means no known value."""

    def unread_words(self, field: str) -> Stated[str] | None:
        """Return the words about a field of which it is not known what they mean."""
        return next((stated for name, stated in self.unread if name == field), None)
