"""The value sets that a code system names: that of all its codes, and those of its properties."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from termsmith.checks.relations.rule import RelationHit, RelationRule, relation_hit
from termsmith.checks.structure.words import shown
from termsmith.model.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from termsmith.checks.relations.digest import Digest

    _Known = dict[tuple[str, str, str | None], Digest]

_HL7 = ("http://hl7.org/fhir/", "http://terminology.hl7.org/")
"""Where value sets are that HL7 publishes; nobody gives them along."""
_PROPERTIES = "https://hl7.org/fhir/R4/codesystem.html#properties"
_SPEC = "https://hl7.org/fhir/R4/codesystem-definitions.html#CodeSystem.valueSet"


def _with_value_sets(digests: Sequence[Digest]) -> Iterator[tuple[Digest, Digest]]:
    """Yield each CodeSystem with its value set, where that is among the resources."""
    known = _by_url(digests, "ValueSet")
    if not known:
        return
    for each in digests:
        if each.type == "CodeSystem" and each.content != "supplement" and each.value_set:
            found = _named(known, each, each.value_set)
            if found is not None:
                yield each, found


def _by_url(digests: Sequence[Digest], kind: str) -> _Known:
    """Return the resources of a type by release, URL and version; the last of those without a version."""
    known: _Known = {}
    for each in digests:
        if each.type == kind and each.url is not None and each.content != "supplement":
            known[each.release, each.url.value, None] = each
            if each.version is not None:
                known[each.release, each.url.value, each.version.value] = each
    return known


def _named(known: _Known, by: Digest, canonical: str) -> Digest | None:
    url, _, version = canonical.partition("|")
    return known.get((by.release, url, version or None))


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


def _bound_to_unknown(digests: Sequence[Digest]) -> Iterator[RelationHit]:
    if not any(each.bound for each in digests):
        return
    known = _by_url(digests, "ValueSet")
    for each in digests:
        for bound in each.bound:
            if _named(known, each, bound.value_set) is None:
                level = "hl7" if bound.value_set.startswith(_HL7) else "other"
                facts = {"value": shown(bound.value_set), "code": shown(bound.code)}
                yield relation_hit(each, bound.pointer, level, **facts)


def _outside_value_set(digests: Sequence[Digest]) -> Iterator[RelationHit]:
    if not any(each.bound for each in digests):
        return
    known, systems = _by_url(digests, "ValueSet"), _by_url(digests, "CodeSystem")
    for each in digests:
        for bound in each.bound:
            value_set = _named(known, each, bound.value_set)
            allowed = None if value_set is None else _codes_of(value_set, systems)
            if value_set is None or allowed is None:
                continue
            facts = {"code": shown(bound.code), "label": value_set.label}
            for pointer, value in bound.values:
                if value not in allowed:
                    yield relation_hit(each, pointer, value=shown(value), **facts)


def _codes_of(value_set: Digest, systems: _Known) -> frozenset[str] | None:
    """Return the codes of a value set; nothing where that can't be told from what is at hand."""
    if value_set.excludes or not value_set.includes:
        return None
    codes: frozenset[str] = frozenset()
    for include in value_set.includes:
        listed = include.codes
        if include.whole and include.system is not None:
            system = _named(systems, value_set, include.system)
            listed = None if system is None else system.codes
        if listed is None:
            return None
        codes |= listed
    return codes


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
    RelationRule(
        code="REL034",
        severity=Severity.ERROR,
        title="Property value outside its value set",
        message="property {code!r} has the value {value!r}, which {label} does not have",
        hint="Correct the code, or add it to the value set.",
        check=_outside_value_set,
        resources=("CodeSystem",),
        element="CodeSystem.concept.property.value[x]",
        spec=_PROPERTIES,
        validator=("CODESYSTEM_PROPERTY_BAD_PROPERTY_CODE",),
    ),
    RelationRule(
        code="REL035",
        severity=Severity.WARNING,
        title="Value set of a property not at hand",
        message="the value set {value!r} of property {code!r} is not among the resources, so its codes can't "
        "be compared",
        hint="Check the code system together with that value set.",
        check=_bound_to_unknown,
        levels={"hl7": Severity.INFORMATION, "other": Severity.WARNING},
        contexts={"hl7": "value sets that HL7 publishes", "other": "all others"},
        resources=("CodeSystem",),
        element="CodeSystem.property.extension",
        spec=_PROPERTIES,
        validator=("CODESYSTEM_PROPERTY_VALUESET_NOT_FOUND",),
    ),
)
