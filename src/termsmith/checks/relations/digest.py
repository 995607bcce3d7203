"""What is kept of a resource to compare it with others, when the resource itself is no longer at hand."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from termsmith.checks.carried import Carried, carried
from termsmith.checks.rules.properties import value_set_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from termsmith.checks.subject import Subject
    from termsmith.model.place import Place

OID_URN = "urn:oid:"
MOST_CODES = 1000
"""Codes that are kept of a code system, to look up those of a value set."""


class UniqueId(NamedTuple):
    """An identifier that a NamingSystem gives to what it describes."""

    pointer: str
    """Of its value."""
    type: str
    value: str
    """An OID is bare, even where it is stated as URN."""
    preferred: bool | None


class Include(NamedTuple):
    """What a value set takes from a code system."""

    system: str | None
    whole: bool
    """Nothing narrows it: no concepts, filters or further value sets."""
    codes: frozenset[str] | None
    """The codes that it lists; absent where it lists none, or where something else narrows it, too."""


class Bound(NamedTuple):
    """A property of type code whose codes are those of a value set."""

    pointer: str
    """Of the extension's value that names the value set."""
    code: str
    value_set: str
    """Canonical URL, with ``|`` and a version where that is stated."""
    values: tuple[tuple[str, str], ...]
    """Pointer and code of each value that concepts have, each code once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """A NamingSystem, CodeSystem or ValueSet in short."""

    source: str
    """File that it is from, as the user gave it."""
    pointer: str
    """JSON pointer of the resource in that file; empty when the file is the resource."""
    type: str
    release: str
    """FHIR release; the same resource in another one is no second resource."""
    id: str | None
    url: Carried | None
    """Where the release has no such element, what an extension carries; so for version, title, copyright."""
    version: Carried | None
    title: Carried | None
    copyright: Carried | None
    name: str | None
    status: str | None
    publisher: str | None
    kind: str | None
    content: str | None
    unique_ids: tuple[UniqueId, ...]
    oids: tuple[tuple[str, str], ...]
    """Pointer and bare OID of each identifier that has one and is not marked old."""
    supplements: str | None
    value_set: str | None
    hierarchy_meaning: str | None
    count: int | None
    """As stated."""
    concepts: int
    """How many there are, all levels."""
    codes: frozenset[str] | None
    """Of a complete CodeSystem with at most `MOST_CODES` concepts; absent otherwise."""
    bound: tuple[Bound, ...]
    """Properties of a CodeSystem that name the value set of their codes."""
    includes: tuple[Include, ...]
    """Of a ValueSet; empty where it has no ``compose``."""
    excludes: bool
    """The ValueSet excludes something."""
    expanded: int | None
    """Number of codes in a ValueSet's expansion, all levels; absent when it has none."""
    places: tuple[tuple[str, Place], ...] = ()
    """Pointers of what it is compared by, and where on the page that stands; empty for resources of files,
    whose places are found by the pointers."""

    @property
    def reference(self) -> str:
        """How the resource is named among those of its source: ``CodeSystem/tea``."""
        return f"{self.type}/{self.id or '?'}"

    @property
    def label(self) -> str:
        """How messages name the resource: ``CodeSystem/tea in a.json``."""
        return f"{self.reference} in {self.source}"

    def place(self, pointer: str) -> Place | None:
        """Return where on the page something stands that it is compared by, if it is of a page."""
        return next((place for each, place in self.places if each == pointer), None)

    def ids(self, kind: str) -> Iterator[UniqueId]:
        """Yield the unique ids of a type: ``uri``, ``oid``."""
        return (each for each in self.unique_ids if each.type == kind)

    @property
    def preferred_uri(self) -> UniqueId | None:
        """The URI that is preferred, or the only one, unless it is marked as not preferred."""
        uris = list(self.ids("uri"))
        for each in uris:
            if each.preferred:
                return each
        return uris[0] if len(uris) == 1 and uris[0].preferred is None else None


def digest_of(subject: Subject, source: str, pointer: str = "") -> Digest:
    """Return what is kept of a resource, which may be a ValueSet too.

    Args:
        subject: The resource; its parts may have any JSON type.
        source: File that it is from.
        pointer: Of the resource in that file.
    """
    data = subject.data
    count, compose = data.get("count"), data.get("compose")
    return Digest(
        source=source,
        pointer=pointer,
        type=subject.type,
        release=subject.version,
        id=subject.text("id"),
        url=carried(data, "url"),
        version=carried(data, "version"),
        title=carried(data, "title"),
        copyright=carried(data, "copyright"),
        name=subject.text("name"),
        status=subject.text("status"),
        publisher=subject.text("publisher"),
        kind=subject.text("kind"),
        content=subject.text("content"),
        unique_ids=tuple(_unique_ids(subject)),
        oids=tuple(_oids(subject)),
        supplements=subject.text("supplements"),
        value_set=subject.text("valueSet"),
        hierarchy_meaning=subject.text("hierarchyMeaning"),
        count=count if type(count) is int else None,
        concepts=len(subject.concepts),
        codes=_codes(subject),
        bound=tuple(_bound(subject)),
        includes=tuple(_includes(data)),
        excludes=isinstance(compose, dict) and "exclude" in compose,
        expanded=_expanded(data),
    )


_COMPARED = ("id", "status", "publisher", "supplements", "valueSet", "hierarchyMeaning", "count")
"""Elements that are compared as they are."""


def with_places(digest: Digest, place_of: Callable[[str], Place | None]) -> Digest:
    """Return a digest with the places of what it is compared by.

    Args:
        digest: Of a resource of a page.
        place_of: Tells by a pointer in the resource where that stands; nothing for what is on no page.
    """
    whole = (digest.url, digest.version, digest.title, digest.copyright)
    pointers = [
        *(f"/{name}" for name in _COMPARED),
        *(each.pointer for each in whole if each is not None),
        *(each.pointer for each in digest.unique_ids),
        *(pointer for pointer, _ in digest.oids),
    ]
    found = ((pointer, place_of(pointer)) for pointer in dict.fromkeys(pointers))
    return replace(digest, places=tuple((pointer, place) for pointer, place in found if place is not None))


def _unique_ids(subject: Subject) -> Iterator[UniqueId]:
    for pointer, each in subject.objects("uniqueId"):
        kind, value, preferred = each.get("type"), each.get("value"), each.get("preferred")
        if isinstance(kind, str) and isinstance(value, str):
            bare = value.removeprefix(OID_URN) if kind == "oid" else value
            stated = preferred if isinstance(preferred, bool) else None
            yield UniqueId(f"{pointer}/value", kind, bare, stated)


def _oids(subject: Subject) -> Iterator[tuple[str, str]]:
    for pointer, each in subject.objects("identifier"):
        value = each.get("value")
        if isinstance(value, str) and value.startswith(OID_URN) and each.get("use") != "old":
            yield f"{pointer}/value", value.removeprefix(OID_URN)


def _includes(data: Mapping[str, Any]) -> Iterator[Include]:
    compose = data.get("compose")
    stated = compose.get("include") if isinstance(compose, dict) else None
    for each in stated if isinstance(stated, list) else ():
        if isinstance(each, dict):
            system = each.get("system")
            narrowed = [name for name in ("valueSet", "concept", "filter") if name in each]
            codes = _listed(each["concept"]) if narrowed == ["concept"] else None
            yield Include(system if isinstance(system, str) else None, not narrowed, codes)


def _listed(concepts: object) -> frozenset[str]:
    listed = concepts if isinstance(concepts, list) else ()
    return frozenset(
        code for each in listed if isinstance(each, dict) and isinstance(code := each.get("code"), str)
    )


def _codes(subject: Subject) -> frozenset[str] | None:
    if subject.data.get("content") != "complete" or len(subject.concepts) > MOST_CODES:
        return None
    return frozenset(code for code in subject.concepts.code_set if code is not None)


def _bound(subject: Subject) -> Iterator[Bound]:
    concepts = subject.concepts
    for pointer, declaration in subject.objects("property"):
        code, named = declaration.get("code"), value_set_of(declaration)
        if named is None or not isinstance(code, str) or declaration.get("type") != "code":
            continue
        values: dict[str, str] = {}
        for index in concepts.property_indexes({code}):
            value = concepts.properties.data[index].get("valueCode")
            if isinstance(value, str) and value not in values:
                values[value] = f"{concepts.property_pointer(index)}/valueCode"
        stated = tuple((place, value) for value, place in values.items())
        yield Bound(f"{pointer}{named.pointer}", code, named.value, stated)


def _expanded(data: Mapping[str, Any]) -> int | None:
    expansion = data.get("expansion")
    if not isinstance(expansion, dict):
        return None
    number, waiting = 0, [expansion]
    while waiting:
        below = waiting.pop().get("contains")
        if isinstance(below, list):
            found = [each for each in below if isinstance(each, dict)]
            number += len(found)
            waiting += found
    return number
