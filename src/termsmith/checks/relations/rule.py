"""Rules about several resources together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from termsmith.model.finding import Rule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from termsmith.checks.relations.digest import Digest
    from termsmith.checks.rule import Hit, Profile
    from termsmith.checks.subject import Subject
    from termsmith.model.finding import Severity


class RelationHit(NamedTuple):
    """A resource that does not go with another."""

    digest: Digest
    """The resource that the finding is about; of two alike the later one."""
    pointer: str
    """JSON pointer from its root."""
    facts: Mapping[str, Any]
    level: str | None = None
    """Key of the rule's ``levels``, as in `termsmith.checks.rule.Hit`."""
    offending: str | None = None
    """The value at the pointer, which is no longer at hand where findings are made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _RuleOfSeveral(Rule):
    element: str
    """FHIRPath of what the rule is about, for its description."""
    resources: tuple[str, ...] = ("NamingSystem", "CodeSystem")
    levels: Mapping[str, Severity] = field(default_factory=dict, hash=False)
    """By context that the check tells apart, where that decides."""
    contexts: Mapping[str, str] = field(default_factory=dict, hash=False)
    """What each level means, in words; one for each of ``levels``."""
    profiles: tuple[Profile, ...] = ()
    """The rule holds only where one of these is asked for; empty: always."""
    validator: tuple[str, ...] = ()
    """Ids of the messages by which HL7's validator says the same; empty where it has no such rule."""

    def severity_at(self, level: str | None) -> Severity:
        """Return how bad it is where the check tells this level, or none."""
        return self.severity if level is None else self.levels[level]


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationRule(_RuleOfSeveral):
    """A rule that a set of resources is checked against; what it needs to know of each is in the digests."""

    check: Callable[[Sequence[Digest]], Iterable[RelationHit]]
    """Pure, never raises, and takes time linear in the number of resources."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentRule(_RuleOfSeveral):
    """A rule about a supplement and its base that needs all their concepts."""

    check: Callable[[Subject, Subject], Iterable[Hit]]
    """Takes supplement and base; hits are in the supplement."""


def relation_hit(digest: Digest, pointer: str, level: str | None = None, **facts: Any) -> RelationHit:
    """Return a hit.

    Args:
        digest: The resource that the finding is about.
        pointer: JSON pointer from its root.
        level: Key of the rule's ``levels``.
        facts: Fill the rule's wording, besides ``resource``; a fact ``value`` is what stands at the pointer.
    """
    value = facts.get("value")
    named = {"resource": digest.reference, **facts}
    return RelationHit(digest, pointer, named, level, value if isinstance(value, str) else None)
