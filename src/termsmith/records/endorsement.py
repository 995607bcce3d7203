"""Which of a terminology's identifiers is the one to be used."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from termsmith import catalogue
from termsmith.model.record import Identifier, IdentifierType

if TYPE_CHECKING:
    from collections.abc import Sequence

    from termsmith.model.finding import Finding
    from termsmith.records.identifiers import PrintedIdentifier


_ENDORSABLE = (IdentifierType.URI, IdentifierType.OID)


def endorse(printed: Sequence[PrintedIdentifier]) -> tuple[tuple[Identifier, ...], list[Finding]]:
    """Decide which identifier of each type is the endorsed one.

    That is the one that the page endorses or calls canonical, else the only one, else the first with a
    finding.
    Equal identifiers are merged.

    Returns:
        The endorsed ones before the others within each type, and findings.
    """
    findings: list[Finding] = []
    result: list[Identifier] = []
    for kind in (*_ENDORSABLE, IdentifierType.UUID, IdentifierType.OTHER):
        distinct: dict[str, PrintedIdentifier] = {}
        for each in printed:
            if each.type is kind:
                known = distinct.get(each.value.value)
                distinct[each.value.value] = _merged(known, each) if known else each
        ordered = sorted(distinct.values(), key=lambda each: (not each.canonical, each.superseded))
        open_ones = [each for each in ordered if not each.superseded]
        if len(open_ones) > 1 and not ordered[0].canonical and kind in _ENDORSABLE:
            first = ordered[0].value
            findings.append(
                catalogue.SEVERAL_OF_A_TYPE.found(
                    place=first.spans[0].place if first.spans else None,
                    count=len(open_ones),
                    type=kind.value,
                    value=first.value,
                    field="canonical_url" if kind is IdentifierType.URI else "oid",
                )
            )
        result += [
            Identifier(
                type=kind,
                value=each.value,
                endorsed=number == 0 and kind in _ENDORSABLE and not each.superseded,
                comment=each.comment or each.caption,
                start=each.start,
                end=each.end,
            )
            for number, each in enumerate(ordered)
        ]
    return tuple(result), findings


def _merged(first: PrintedIdentifier, second: PrintedIdentifier) -> PrintedIdentifier:
    return replace(
        first,
        value=replace(first.value, spans=first.value.spans + second.value.spans),
        canonical=first.canonical or second.canonical,
        superseded=first.superseded and second.superseded,
        comment=first.comment or second.comment,
    )
