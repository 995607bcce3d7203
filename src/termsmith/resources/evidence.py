"""Values with what they rest on: the leaves of which resources are made."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeAlias

from termsmith.model.record import Origin, Span

if TYPE_CHECKING:
    from collections.abc import Sequence


class Basis(Protocol):
    """What a value can rest on: a `Stated` of the record, or a `Leaf` made of it."""

    @property
    def origin(self) -> Origin:
        """Kind of its source."""

    @property
    def spans(self) -> tuple[Span, ...]:
        """The words, in page order."""

    @property
    def reason(self) -> str | None:
        """Why, where the words alone don't say it."""


class Leaf(NamedTuple):
    """A primitive value of a resource with its evidence; a tuple, as hundreds are made for each page."""

    value: str | bool | int
    origin: Origin
    spans: tuple[Span, ...]
    reason: str | None


class Absent(NamedTuple):
    """Stands where FHIR requires a primitive value that a draft does not have."""

    reason: str


class Extended(NamedTuple):
    """A primitive value with an extension of its own."""

    leaf: Leaf
    extension: Elements


Node: TypeAlias = "Leaf | Absent | Extended | Listed | Elements"
Listed: TypeAlias = "list[Elements] | list[dict[str, Leaf]] | list[dict[str, Absent]] | list[Leaf]"
Elements: TypeAlias = "dict[str, Node | None]"
"""Elements of an object by name, in any order; None is no element."""


def default(value: str | bool | int, reason: str) -> Leaf:  # noqa: FBT001  a FHIR value, not a mode
    """Return a value that rests on no words, only on a reason."""
    return Leaf(value, Origin.DEFAULT, (), reason)


def derived(value: str | bool | int, basis: Basis, reason: str | None) -> Leaf:  # noqa: FBT001  as above
    """Return a value that follows from another."""
    return Leaf(value, basis.origin, basis.spans, reason)


def together(value: str, bases: Sequence[Basis], reason: str | None = None) -> Leaf:
    """Return a value made of several: the origin of the first, the words and reasons of all."""
    origin, spans = bases[0].origin, bases[0].spans
    reasons = [reason]
    for basis in bases:
        if basis.spans is not spans:
            spans += basis.spans
        reasons.append(basis.reason)
    if len(spans) > 1:
        # Keys of offsets, as hashing whole spans is dear. Words of a sidecar have none.
        distinct = {(span if span.start is None else (span.start, span.end)): span for span in spans}
        spans = tuple(sorted(distinct.values(), key=_page_order))
    return Leaf(value, origin, spans, because(*reasons))


def because(*reasons: str | None) -> str | None:
    """Return the reasons that there are as one, each once."""
    return "; ".join(dict.fromkeys(reason for reason in reasons if reason)) or None


def _page_order(span: Span) -> tuple[bool, int]:
    # Words of a sidecar have no offset; they stand behind those of the page, in the order given.
    return (span.start is None, span.start or 0)
