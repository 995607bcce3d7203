"""Which of a terminology's identifiers is the one to be used."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from termsmith import catalogue
from termsmith.model.record import Identifier, IdentifierType

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from termsmith.model.finding import Finding
    from termsmith.records.identifiers import PrintedIdentifier


_ENDORSABLE = (IdentifierType.URI, IdentifierType.OID)
"""Types of which the only one, or the first, is to be used even where the page endorses none."""

_FIELDS = {IdentifierType.URI: "canonical_url", IdentifierType.OID: "oid"}
"""Sidecar key that states the one to be used."""


def endorse(printed: Sequence[PrintedIdentifier]) -> tuple[tuple[Identifier, ...], list[Finding]]:
    """Decide which identifier of each type is the endorsed one.

    That is the one that the page endorses or calls canonical, else the only one, else the first with a
    finding. What the page lists as another identifier only is endorsed where there is nothing else at all,
    with a finding too. Of other types than URI and OID only what the page endorses is.
    Equal identifiers are merged.

    Returns:
        The endorsed ones before the others within each type, and findings.
    """
    findings: list[Finding] = []
    result: list[Identifier] = []
    only_others = all(each.other or each.superseded for each in printed if each.type in _ENDORSABLE)
    for kind in (*_ENDORSABLE, *(each for each in IdentifierType if each not in _ENDORSABLE)):
        distinct: dict[str, PrintedIdentifier] = {}
        for each in printed:
            if each.type is kind:
                known = distinct.get(each.value.value)
                distinct[each.value.value] = _merged(known, each) if known else each
        ordered = sorted(
            distinct.values(), key=lambda each: (not each.canonical, each.superseded, each.other)
        )
        endorsed = _endorsed(ordered, only_others=only_others)
        if endorsed is not None:
            findings += _choice(endorsed, ordered)
        result += [
            Identifier(
                type=kind,
                value=each.value,
                endorsed=_standing(each, endorsed),
                comment=each.comment or each.caption,
                start=each.start,
                end=each.end,
            )
            for each in ordered
        ]
    return tuple(result), findings


def _endorsed(ordered: Sequence[PrintedIdentifier], *, only_others: bool) -> PrintedIdentifier | None:
    """Return the one of a type that is to be used; nothing where another type has a better one."""
    first = ordered[0] if ordered else None
    if first is None or first.superseded or (first.other and not only_others):
        return None
    return first if first.canonical or first.type in _ENDORSABLE else None


def _standing(each: PrintedIdentifier, endorsed: PrintedIdentifier | None) -> bool | None:
    """Return whether an identifier is to be used; nothing where neither the page nor another one tells."""
    if each is endorsed:
        return True
    return False if endorsed is not None or each.superseded or each.other else None


def _choice(chosen: PrintedIdentifier, ordered: Sequence[PrintedIdentifier]) -> Iterator[Finding]:
    """Yield the finding that one of several was chosen, or one that nobody endorsed."""
    rivals = [each for each in ordered if not each.superseded and each.canonical is chosen.canonical]
    rivals = [each for each in rivals if each.other is chosen.other]
    if chosen.other:
        rule = catalogue.ONLY_OTHERS
    elif len(rivals) == 1:
        return
    elif chosen.type not in _FIELDS:
        rule = catalogue.SEVERAL_ENDORSED_OF_OTHER_TYPES
    elif chosen.canonical:
        rule = catalogue.SEVERAL_ENDORSED
    else:
        rule = catalogue.SEVERAL_OF_A_TYPE
    first = chosen.value
    yield rule.found(
        place=first.spans[0].place if first.spans else None,
        count=len(rivals),
        type=chosen.type.value,
        value=first.value,
        field=_FIELDS.get(chosen.type),
    )


def _merged(first: PrintedIdentifier, second: PrintedIdentifier) -> PrintedIdentifier:
    return replace(
        first,
        value=replace(first.value, spans=first.value.spans + second.value.spans),
        canonical=first.canonical or second.canonical,
        superseded=first.superseded and second.superseded,
        other=first.other and second.other,
        comment=first.comment or second.comment,
    )
