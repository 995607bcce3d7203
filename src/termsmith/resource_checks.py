"""The resources of a page against all rules; what is wrong is shown at the words that it rests on.

Resources whose structure is wrong go no further. The classes of fhir.resources are not asked: they refuse
nothing that the rules about structure let pass (tests compare them), and loading them takes as long as all
the rest.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from termsmith.catalogue import NOT_WRITTEN
from termsmith.checks.checking import faults, finding_of
from termsmith.checks.relations.digest import digest_of, with_places
from termsmith.checks.subject import Subject
from termsmith.evidence_places import EvidencePlaces
from termsmith.model.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from termsmith.checks.relations.digest import Digest
    from termsmith.checks.rule import Profile
    from termsmith.model.finding import Finding
    from termsmith.model.place import Place
    from termsmith.model.result import Conversion, Evidence, Resource

_OF_STRUCTURE = frozenset({"structure", "form", "lexical"})
"""What finds the faults for which a resource is not written."""
_OF_CONCEPTS = frozenset({"COD004", "COD005", "COD006", "SHA021", "SHA023"})
"""What a code system breaks whose concepts are not in its data, as there are too many of them."""
_CONCEPT = "CodeSystem.concept"
OF_OUR_MAKING = frozenset({"INV006", "STR019"})
"""What converted resources break by design, so that every page would be told so: they have no narrative,
and drafts have codes that nobody knows yet, which RES007 says."""


class CheckedResources(NamedTuple):
    """What checks say of converted resources."""

    sound: tuple[Resource, ...]
    """Those that are written, in the same order."""
    findings: tuple[Finding, ...]


def check_resources(
    resources: Iterable[Resource],
    evidence: Sequence[Evidence],
    *,
    fhir_version: str,
    today: str,
    profiles: frozenset[Profile] = frozenset(),
) -> CheckedResources:
    """Return the rules that converted resources break, and the resources that are sound enough to be written.

    Args:
        resources: As they were built.
        evidence: Of all their values.
        fhir_version: ``R4``, ``R4B`` or ``R5``.
        today: ``YYYY-MM-DD``.
        profiles: What is asked for beyond the rules that always hold.
    """
    found: list[Finding] = []
    # Words that went into both resources are told once; what keeps one from being written, at each.
    told: set[tuple[str, Place, str]] = set()
    sound: list[Resource] = []
    places = EvidencePlaces(evidence)
    for resource in resources:
        subject = Subject(resource.data, version=fhir_version, today=today)
        name = f"{resource.type}/{resource.id}"
        wrong: dict[str, None] = {}
        for fault in faults(subject, profiles):
            code = fault.rule.code
            if code in OF_OUR_MAKING or (resource.more_concepts is not None and code in _OF_CONCEPTS):
                continue
            finding = finding_of(fault, subject, place=places.of(name, fault.hit.pointer))
            if fault.rule.finder in _OF_STRUCTURE and finding.severity is Severity.ERROR:
                wrong[code] = None
            if finding.place is not None and finding.severity is not Severity.ERROR:
                if (code, finding.place, finding.message) in told:
                    continue
                told.add((code, finding.place, finding.message))
            found.append(finding)
        if wrong:
            found.append(NOT_WRITTEN.found(element=resource.type, resource=name, codes=", ".join(wrong)))
        else:
            sound.append(resource)
    return CheckedResources(tuple(sound), tuple(found))


def digests_of(conversion: Conversion) -> Iterator[Digest]:
    """Yield what the resources of a page are compared by with those of other pages."""
    # Concepts are compared with none of other pages, and there may be very many.
    places = EvidencePlaces(each for each in conversion.evidence if not each.element.startswith(_CONCEPT))
    for resource in conversion.resources:
        subject = Subject(resource.data, version=conversion.fhir_version, today="")
        place_of = partial(places.of, f"{resource.type}/{resource.id}")
        yield with_places(digest_of(subject, conversion.source), place_of)
