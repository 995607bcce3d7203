"""A set of resources against all rules about several of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from termsmith.checks.checking import fhir_path, offending
from termsmith.checks.relations import claims, pairs, supplements, value_sets

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from termsmith.checks.relations.digest import Digest
    from termsmith.checks.relations.rule import ContentRule, RelationHit, RelationRule
    from termsmith.checks.rule import Hit, Profile
    from termsmith.checks.subject import Subject
    from termsmith.model.finding import Finding
    from termsmith.model.place import Place

_NONE: frozenset[Profile] = frozenset()

RELATION_RULES: tuple[RelationRule, ...] = (
    *claims.RULES,
    *pairs.RULES,
    *supplements.RULES,
    *value_sets.RULES,
)
CONTENT_RULES: tuple[ContentRule, ...] = supplements.CONTENT_RULES


class RelationFault(NamedTuple):
    """A rule that resources break together, and where."""

    rule: RelationRule
    hit: RelationHit


class ContentFault(NamedTuple):
    """A rule that a supplement breaks, and where."""

    rule: ContentRule
    hit: Hit


def relation_faults(
    digests: Iterable[Digest], profiles: frozenset[Profile] = _NONE
) -> Iterator[RelationFault]:
    """Yield what does not go together, rule by rule; of two alike the later one is at fault.

    Args:
        digests: Of all resources, in the order in which they were given; ValueSets among them are only
            looked up.
        profiles: What is asked for beyond the rules that always hold.
    """
    given = tuple(digests)
    for rule in RELATION_RULES:
        if not rule.profiles or not profiles.isdisjoint(rule.profiles):
            for hit in rule.check(given):
                yield RelationFault(rule, hit)


def supplement_pairs(digests: Iterable[Digest]) -> Iterator[tuple[Digest, Digest]]:
    """Yield supplements and their bases, for `supplement_faults`, where both have concepts."""
    for supplement, base in supplements.supplemented(tuple(digests)):
        if base is not None and base.concepts and supplement.concepts:
            yield supplement, base


def supplement_faults(supplement: Subject, base: Subject) -> Iterator[ContentFault]:
    """Yield what a supplement says against the concepts of its base."""
    for rule in CONTENT_RULES:
        for hit in rule.check(supplement, base):
            yield ContentFault(rule, hit)


def relation_finding(fault: RelationFault) -> Finding:
    """Return a fault in words; its pointer is from the root of the resource, its place that on the page."""
    rule, hit = fault
    return rule.found(
        place=hit.digest.place(hit.pointer),
        element=fhir_path(hit.digest.type, hit.pointer),
        pointer=hit.pointer,
        severity=rule.severity_at(hit.level),
        offending=None if hit.offending is None else offending(hit.offending, ""),
        **hit.facts,
    )


def supplement_finding(fault: ContentFault, supplement: Subject, place: Place | None = None) -> Finding:
    """Return a fault of a supplement in words; its pointer is from the root of the resource."""
    rule, hit = fault
    return rule.found(
        place=place,
        element=fhir_path(supplement.type, hit.pointer),
        pointer=hit.pointer,
        severity=rule.severity_at(hit.level),
        offending=offending(supplement.data, hit.pointer),
        **hit.facts,
    )
