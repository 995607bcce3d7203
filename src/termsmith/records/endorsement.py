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


def endorse(printed: Sequence[PrintedIdentifier]) -> tuple[tuple[Identifier, ...], list[Finding]]:
    """Decide which identifier of each type is the endorsed one.

    That is the one that the page endorses or calls canonical, else the only one, else the first with a
    finding.
    Equal identifiers are merged.

    Returns:
        The endorsed ones before the others within each type (uri, oid, other), and findings.
    """
    findings: list[Finding] = []
    result: list[Identifier] = []
    for kind in (IdentifierType.URI, IdentifierType.OID, IdentifierType.OTHER):
        distinct: dict[str, PrintedIdentifier] = {}
        for each in printed:
            if each.type is kind:
                known = distinct.get(each.value.value)
                distinct[each.value.value] = _merged(known, each) if known else each
        ordered = sorted(distinct.values(), key=lambda each: not each.canonical)
        if len(ordered) > 1 and not ordered[0].canonical and kind is not IdentifierType.OTHER:
            first = ordered[0].value
            findings.append(
                catalogue.SEVERAL_OF_A_TYPE.found(
                    place=first.spans[0].place if first.spans else None,
                    count=len(ordered),
                    type=kind.value,
                    value=first.value,
                    field="canonical_url" if kind is IdentifierType.URI else "oid",
                )
            )
        result += [
            Identifier(
                type=kind,
                value=each.value,
                endorsed=number == 0 and kind is not IdentifierType.OTHER,
                comment=each.comment or each.caption,
            )
            for number, each in enumerate(ordered)
        ]
    return tuple(result), findings


def _merged(first: PrintedIdentifier, second: PrintedIdentifier) -> PrintedIdentifier:
    return replace(
        first,
        value=replace(first.value, spans=first.value.spans + second.value.spans),
        canonical=first.canonical or second.canonical,
        comment=first.comment or second.comment,
    )
