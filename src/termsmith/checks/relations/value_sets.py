"""The value set of all codes that a code system names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from termsmith.checks.relations.rule import RelationHit, RelationRule, relation_hit
from termsmith.checks.structure.words import shown
from termsmith.model.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from termsmith.checks.relations.digest import Digest

_SPEC = "https://hl7.org/fhir/R4/codesystem-definitions.html#CodeSystem.valueSet"


def _with_value_sets(digests: Sequence[Digest]) -> Iterator[tuple[Digest, Digest]]:
    """Yield each CodeSystem with its value set, where that is among the resources."""
    known: dict[tuple[str, str, str | None], Digest] = {}
    for each in digests:
        if each.type == "ValueSet" and each.url is not None:
            known[each.release, each.url.value, None] = each
            if each.version is not None:
                known[each.release, each.url.value, each.version.value] = each
    if not known:
        return
    for each in digests:
        if each.type == "CodeSystem" and each.content != "supplement" and each.value_set:
            url, _, version = each.value_set.partition("|")
            found = known.get((each.release, url, version or None))
            if found is not None:
                yield each, found


def _not_one_include(system: Digest, value_set: Digest) -> Iterator[RelationHit]:
    number = len(value_set.includes)
    if number != 1:
        found = "no include" if not number else f"{number} includes"
        yield _hit(system, value_set, found=found)


def _other_system(system: Digest, value_set: Digest) -> Iterator[RelationHit]:
    if len(value_set.includes) == 1 and value_set.includes[0].system != _url(system):
        yield _hit(
            system, value_set, found=shown(value_set.includes[0].system or "no system"), url=_url(system)
        )


def _narrowed(system: Digest, value_set: Digest) -> Iterator[RelationHit]:
    if _includes_the_system(system, value_set) and not value_set.includes[0].whole:
        yield _hit(system, value_set)


def _expanded_otherwise(system: Digest, value_set: Digest) -> Iterator[RelationHit]:
    number = value_set.expanded
    if not _includes_the_system(system, value_set) or number is None or system.content != "complete":
        return
    if number != system.concepts:
        yield _hit(system, value_set, expanded=number, concepts=system.concepts)


def _includes_the_system(system: Digest, value_set: Digest) -> bool:
    return len(value_set.includes) == 1 and value_set.includes[0].system == _url(system)


def _url(system: Digest) -> str | None:
    return None if system.url is None else system.url.value


def _hit(system: Digest, value_set: Digest, **facts: Any) -> RelationHit:
    return relation_hit(system, "/valueSet", value=shown(system.value_set), label=value_set.label, **facts)


def _rule(
    code: str,
    title: str,
    message: str,
    hint: str,
    check: Callable[[Digest, Digest], Iterable[RelationHit]],
    validator: str,
) -> RelationRule:
    def check_all(digests: Sequence[Digest]) -> Iterator[RelationHit]:
        for system, value_set in _with_value_sets(digests):
            yield from check(system, value_set)

    return RelationRule(
        code=code,
        severity=Severity.ERROR,
        title=title,
        message=message,
        hint=hint,
        check=check_all,
        resources=("CodeSystem",),
        element="CodeSystem.valueSet",
        spec=_SPEC,
        validator=(validator,),
    )


RULES: tuple[RelationRule, ...] = (
    _rule(
        "REL030",
        "Value set that is not of all codes",
        "valueSet {value!r} ({label}) has {found}; a value set of all codes has one, of the code system",
        "Name another value set, or correct its compose.",
        _not_one_include,
        "CODESYSTEM_CS_VS_INVALID",
    ),
    _rule(
        "REL031",
        "Value set of another system",
        "valueSet {value!r} ({label}) includes {found!r}, not {url!r}",
        "Name the value set of this code system.",
        _other_system,
        "CODESYSTEM_CS_VS_WRONGSYSTEM",
    ),
    _rule(
        "REL032",
        "Value set of some codes only",
        "valueSet {value!r} ({label}) has concepts, filters or value sets in its include",
        "Remove them from the value set, or name one that includes all codes.",
        _narrowed,
        "CODESYSTEM_CS_VS_INCLUDEDETAILS",
    ),
    _rule(
        "REL033",
        "Expansion of another size",
        "the expansion of valueSet {value!r} ({label}) has {expanded:,} codes, the code system {concepts:,}",
        "Expand the value set again.",
        _expanded_otherwise,
        "CODESYSTEM_CS_VS_EXP_MISMATCH",
    ),
)
