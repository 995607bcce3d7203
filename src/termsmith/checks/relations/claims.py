"""Resources that lay claim to the same id, URL, URI or OID."""

from __future__ import annotations

from typing import TYPE_CHECKING

from termsmith.checks.relations.rule import RelationHit, RelationRule, relation_hit
from termsmith.checks.structure.words import shown
from termsmith.model.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from termsmith.checks.relations.digest import Digest

_ALL = ("NamingSystem", "CodeSystem")


def _url(digest: Digest) -> str | None:
    return None if digest.url is None else digest.url.value


def _version(digest: Digest) -> str | None:
    return None if digest.version is None else digest.version.value


def _one_resource(one: Digest, other: Digest) -> bool:
    """Tell whether two are one resource, or versions of one: then they are no rivals."""
    if one.type != other.type:
        return False
    return (one.id is not None and one.id == other.id) or (one.url is not None and _url(one) == _url(other))


def _same_id(digests: Sequence[Digest]) -> Iterator[RelationHit]:
    first: dict[tuple[str, str, str], Digest] = {}
    for each in digests:
        if each.id is None or each.type not in _ALL:
            continue
        before = first.setdefault((each.release, each.type, each.id), each)
        if before is not each:
            same = _url(each) == _url(before) and _version(each) != _version(before)
            level = "versions" if same else "resources"
            yield relation_hit(each, "/id", level, value=each.id, type=each.type, first=before.label)


def _same_url(digests: Sequence[Digest]) -> Iterator[RelationHit]:
    first: dict[tuple[str, str, str, str | None], Digest] = {}
    for each in digests:
        if each.url is None or each.type not in _ALL:
            continue
        before = first.setdefault((each.release, each.type, each.url.value, _version(each)), each)
        if before is each or (before.id is not None and before.id == each.id):
            continue
        version = "" if each.version is None else f" and version {shown(each.version.value)!r}"
        yield relation_hit(
            each, each.url.pointer, value=shown(each.url.value), version=version, first=before.label
        )


def _same_unique_id(digests: Sequence[Digest]) -> Iterator[RelationHit]:
    first: dict[tuple[str, str, str], Digest] = {}
    for each in digests:
        for claim in dict.fromkeys(each.unique_ids):
            if claim.type not in {"uri", "oid"} or claim.preferred is False:
                continue
            before = first.setdefault((each.release, claim.type, claim.value), each)
            if before is not each and not _one_resource(before, each):
                yield relation_hit(
                    each, claim.pointer, value=shown(claim.value), type=claim.type, first=before.label
                )


def _same_oid(digests: Sequence[Digest]) -> Iterator[RelationHit]:
    first: dict[tuple[str, str], Digest] = {}
    for each in digests:
        if each.type not in _ALL:
            continue
        of_the_system = {claim.value for claim in each.ids("oid")}
        for pointer, oid in each.oids:
            if oid in of_the_system:
                continue  # said of the NamingSystem by itself
            before = first.setdefault((each.release, oid), each)
            if before is not each and not _one_resource(before, each):
                yield relation_hit(each, pointer, value=shown(oid), first=before.label)


RULES: tuple[RelationRule, ...] = (
    RelationRule(
        code="REL001",
        severity=Severity.ERROR,
        title="Two resources with one id",
        message="{type}/{value} is also {first}; where both are loaded, one replaces the other",
        hint="Give each resource an id of its own, or remove one.",
        check=_same_id,
        levels={"resources": Severity.ERROR, "versions": Severity.WARNING},
        contexts={"resources": "different resources", "versions": "two versions of one resource"},
        resources=_ALL,
        element="Resource.id",
        spec="https://hl7.org/fhir/R4/resource.html#id",
    ),
    RelationRule(
        code="REL002",
        severity=Severity.ERROR,
        title="Two resources with one URL",
        message="url {value!r}{version} of {resource} is also that of {first}; references to it mean two "
        "resources",
        hint="Keep one of them, or state another url or version.",
        check=_same_url,
        resources=_ALL,
        element="CanonicalResource.url",
        spec="https://hl7.org/fhir/R4/references.html#canonical",
    ),
    RelationRule(
        code="REL003",
        severity=Severity.WARNING,
        title="Two records for one system",
        message="the {type} {value!r} of {resource} is claimed by {first} as well",
        hint="Find out whose it is; where both records mean one system, keep one of them.",
        check=_same_unique_id,
        resources=("NamingSystem",),
        element="NamingSystem.uniqueId.value",
        spec="https://hl7.org/fhir/R4/namingsystem-definitions.html#NamingSystem.uniqueId",
    ),
    RelationRule(
        code="REL004",
        severity=Severity.ERROR,
        title="Two resources with one OID",
        message="the OID {value} of {resource} is an identifier of {first} as well; an OID means one thing "
        "only",
        hint="Remove it from the resource that it does not name; the IG Publisher refuses both.",
        check=_same_oid,
        resources=_ALL,
        element="CanonicalResource.identifier",
        spec="https://confluence.hl7.org/display/FHIR/IG+Publisher+Documentation",
    ),
)
