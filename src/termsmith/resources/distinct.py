"""Ids for the terminologies of one page: each has its own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from termsmith.catalogue import ID_TAKEN
from termsmith.model.record import Stated, TerminologyRecord
from termsmith.resources.evidence import because
from termsmith.resources.identity import identify

if TYPE_CHECKING:
    from collections.abc import Sequence

    from termsmith.model.finding import Finding

_LONGEST = 64
"""Characters of an id: https://hl7.org/fhir/R4/datatypes.html#id"""


def with_distinct_ids(
    records: Sequence[TerminologyRecord], stem: str, findings: list[Finding]
) -> list[TerminologyRecord]:
    """Return the records of a page such that no two would be written under one id.

    Ids that differ by case only count as one, as they make one file name on many systems.

    Args:
        records: In page order; the first of an id keeps it.
        stem: File stem of the source.
        findings: Gets one for each id that had to be another.
    """
    if len(records) < 2:  # noqa: PLR2004  nothing to tell apart
        return list(records)
    ids = [identify(record, stem, []).id for record in records]
    wanted = {str(leaf.value).casefold() for leaf in ids}
    taken: set[str] = set()
    numbers: dict[str, int] = {}
    result = []
    for record, leaf in zip(records, ids, strict=True):
        own = str(leaf.value)
        made = own
        if own.casefold() in taken:
            number = numbers.get(own.casefold(), 1)
            while made.casefold() in taken or made.casefold() in wanted:
                number += 1
                made = f"{own[: _LONGEST - len(str(number)) - 1]}-{number}"
            numbers[own.casefold()] = number
            place = leaf.spans[0].place if leaf.spans else None
            findings.append(ID_TAKEN.found(place=place, element="NamingSystem.id", id=own, made=made))
            why = because(leaf.reason, f"{own} is the id of another system on the page")
            stated = Stated(value=made, spans=leaf.spans, origin=leaf.origin, reason=why)
            result.append(replace(record, record_id=stated))
        else:
            result.append(record)
        taken.add(made.casefold())
    return result
