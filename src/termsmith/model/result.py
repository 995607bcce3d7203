"""What a conversion gives back: resources, findings, and the account of every word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from termsmith.model.exact_decimal import ExactDecimal
from termsmith.model.finding import Finding, Severity
from termsmith.model.place import Place  # noqa: TC001  part of public dataclasses
from termsmith.model.record import Origin, Span  # noqa: TC001  part of public dataclasses

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from termsmith.model.fhir_version import FhirVersion
    from termsmith.model.page import Page


class Evidence(NamedTuple):
    """Why an element has its value."""

    resource: str
    """``NamingSystem/<id>`` or ``CodeSystem/<id>``."""
    element: str
    """FHIR path with 0-based indexes: ``NamingSystem.uniqueId[0].value``."""
    value: object
    """The JSON value of the element."""
    origin: Origin
    spans: tuple[Span, ...]
    """The words it rests on, in page order; empty for defaults."""
    reason: str | None = None
    """Why, when no words on the page say so, or how the words were changed."""


class Fate(Enum):
    """What became of a piece of the page's text."""

    USED = "used"
    LABEL = "label"
    FURNITURE = "furniture"
    BLANK = "blank"
    LEFTOVER = "leftover"
    SPACE = "space"
    """White space between pieces; not visible text."""


class Piece(NamedTuple):
    """A stretch of the page's text with its fate; all pieces in order give the text again."""

    start: int
    end: int
    text: str
    fate: Fate
    place: Place
    note: str | None = None
    """Which label it is, why it is furniture, blank or left over; absent for space."""
    elements: tuple[str, ...] = ()
    """For used pieces: ``resource element`` pairs such as ``NamingSystem/CVX NamingSystem.title``."""


class Stretch(NamedTuple):
    """A piece before it is shown: offsets and fate only. A page has a hundred, of which few are looked at."""

    start: int
    end: int
    fate: Fate
    note: str | None = None
    elements: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """The account of every word of a page."""

    page: Page | None = None
    """Absent when the bytes could not be read as a page."""
    stretches: tuple[Stretch, ...] = ()
    """From the first character of the page's text to the last, without gap or overlap."""

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """The page's text in pieces."""
        return tuple(map(self._piece, self.stretches))

    @property
    def counts(self) -> dict[str, int]:
        """Number of pieces by fate, white space not counted."""
        counted = Counter(stretch.fate for stretch in self.stretches)
        return {fate.value: counted[fate] for fate in Fate if fate is not Fate.SPACE}

    @cached_property
    def leftovers(self) -> tuple[Piece, ...]:
        """The pieces that nothing used."""
        return tuple(self._piece(each) for each in self.stretches if each.fate is Fate.LEFTOVER)

    def _piece(self, stretch: Stretch) -> Piece:
        page = self.page
        assert page is not None, "stretches are of a page"  # noqa: S101  narrows the type
        return Piece(
            start=stretch.start,
            end=stretch.end,
            text=page.text[stretch.start : stretch.end],
            fate=stretch.fate,
            place=page.place(stretch.start),
            note=stretch.note,
            elements=stretch.elements,
        )


class Nesting(NamedTuple):
    """Where concepts stand that come one after the other, without those below them."""

    levels: Sequence[int]
    """0 at the top; in the order of the document."""
    order: Sequence[int] | None
    """Which of those that come stands where, counted from 0; absent where they come as they stand."""


@dataclass(frozen=True, kw_only=True)
class Resource:
    """One FHIR resource, as JSON data in definition order and as model."""

    data: Mapping[str, Any]
    """Its JSON form; without ``concept`` where there are `more_concepts`."""
    fhir_version: FhirVersion
    more_concepts: Callable[[], Iterator[Sequence[Mapping[str, Any]]]] | None = field(
        default=None, repr=False
    )
    """Gives the concepts of a code system with so many that they are not in ``data``, in chunks.

    They are not read to be compared: two such resources are equal only where they come of one conversion.
    """
    nesting: Callable[[], Nesting] | None = field(default=None, repr=False, compare=False)
    """Tells where ``more_concepts`` stand; absent where they come with all that is below them."""
    concept_trees: Callable[[], Iterator[Sequence[Mapping[str, Any]]]] | None = field(
        default=None, repr=False, compare=False
    )
    """Gives ``more_concepts`` with all that is below them, for formats that need that; takes more memory."""
    model_from: Callable[[Mapping[str, Any]], Any] = field(repr=False, compare=False)
    """Makes the model; called where somebody asks for it, as loading the classes takes long."""

    @cached_property
    def model(self) -> Any:
        """fhir.resources model of the release that was asked for (R4B's classes serve R4)."""
        return self.model_from(self.data)

    @property
    def type(self) -> str:
        """``NamingSystem`` or ``CodeSystem``."""
        return str(self.data["resourceType"])

    @property
    def id(self) -> str:
        """Logical id."""
        return str(self.data["id"])

    @property
    def file_name(self) -> str:
        """``<type>-<id>.json``."""
        return f"{self.type}-{self.id}.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """Everything that converting one page gave."""

    source: str
    fhir_version: FhirVersion
    dialect: str | None = None
    """Id of the dialect table that read the page; absent when none fits."""
    resources: tuple[Resource, ...] = ()
    """NamingSystem, then CodeSystem, for each system in page order."""
    findings: tuple[Finding, ...] = ()
    """In page order, those without a place last."""
    evidence: tuple[Evidence, ...] = ()
    coverage: Coverage = Coverage()

    @property
    def naming_systems(self) -> tuple[Any, ...]:
        """The NamingSystems as fhir.resources models."""
        return tuple(r.model for r in self.resources if r.type == "NamingSystem")

    @property
    def code_systems(self) -> tuple[Any, ...]:
        """The CodeSystems as fhir.resources models."""
        return tuple(r.model for r in self.resources if r.type == "CodeSystem")

    @property
    def ok(self) -> bool:
        """Whether no finding is an error."""
        return all(finding.severity is not Severity.ERROR for finding in self.findings)

    def to_dicts(self) -> list[dict[str, Any]]:
        """Return copies of the resources as plain FHIR JSON objects, elements in definition order.

        They are what reading the JSON file gives: a decimal is a number, 1.50 is 1.5. A code system of more
        than 20,000 concepts is without them here; `termsmith.render` has them.
        """
        return [_plain(resource.data) for resource in self.resources]


def _plain(value: Any) -> Any:
    """Return a copy of JSON data, with numbers as they are when somebody reads the JSON text."""
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value.plain if isinstance(value, ExactDecimal) else value
