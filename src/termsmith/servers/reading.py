"""Files, folders, Bundles and packages to the resources that are to be sent."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import orjson

from termsmith import catalogue
from termsmith.documents.document import DocumentError
from termsmith.documents.kind import Kind, kind_of
from termsmith.documents.package import read_manifest, read_members
from termsmith.documents.reading import read_document
from termsmith.documents.release import release_of, release_of_number
from termsmith.errors import SourceError, TermsmithError
from termsmith.faults import internal_finding
from termsmith.model.exact_decimal import exact_json
from termsmith.model.place import Place
from termsmith.servers.finding_there import identifiers_of
from termsmith.servers.outgoing import JSON, XML, Body, Outgoing, concept_count, is_usable_id, text_of
from termsmith.sources.resources import read_check_source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from termsmith.documents.document import Document, Found
    from termsmith.model.finding import Finding
    from termsmith.sources.resources import CheckSource

_BOM = b"\xef\xbb\xbf"
_NOTHING_TO_CHECK = "DOC009"
_CARRIED_FROM_R5 = "http://hl7.org/fhir/5.0/StructureDefinition/"
"""Extensions that begin so carry in older releases what R5 has elements for."""


@dataclass(slots=True)
class Read:
    """What the arguments hold."""

    outgoing: list[Outgoing] = field(default_factory=list)
    findings: list[tuple[str, Finding]] = field(default_factory=list)
    """On files that can't be read, each with the file."""
    errors: list[TermsmithError] = field(default_factory=list)


def read_outgoing(sources: Iterable[CheckSource], *, fhir_version: str | None = None) -> Read:
    """Read all resources that are to be sent, one file after the other; none stays in memory whole.

    Args:
        sources: Files.
        fhir_version: Of all of them; absent to take what a package states or a resource shows.
    """
    read = Read()
    for source in sources:
        try:
            _read_source(source, fhir_version, read)
        except DocumentError as error:
            read.findings.append((source.name, error.finding))
        except SourceError as error:
            read.errors.append(error)
        except Exception as error:  # noqa: BLE001  a fault of ours on one file must not cost the others
            read.findings.append((source.name, internal_finding(error)))
    return read


def _read_source(source: CheckSource, fhir_version: str | None, read: Read) -> None:
    data = read_check_source(source)
    kind = kind_of(data)
    if kind is Kind.PACKAGE:
        _read_package(data, source.name, fhir_version, read)
    elif kind is Kind.RESOURCE:
        _read_file(data, source, fhir_version, read)
    elif source.named:
        finding = catalogue.SERVER_PAGE.found(place=Place(source.name, 1, 1))
        read.findings.append((source.name, finding))


def _read_package(data: bytes, source: str, fhir_version: str | None, read: Read) -> None:
    numbers = read_manifest(data, source).fhir_versions
    stated = next(filter(None, map(release_of_number, numbers)), None)
    release = (fhir_version, "asked for") if fhir_version is not None else (stated, "stated by the package")
    for member in read_members(data, source, lambda finding: read.findings.append((source, finding))):
        name = f"{source}/{member.name}"
        try:
            if kind_of(member.data) is Kind.RESOURCE:
                body = Body.of_bytes(member.data.removeprefix(_BOM), name, JSON)
                _add(member.data, name, release, body, read)
        except DocumentError as error:
            read.findings.append((name, error.finding))


def _read_file(data: bytes, source: CheckSource, fhir_version: str | None, read: Read) -> None:
    media_type = XML if data.removeprefix(_BOM).lstrip()[:1] == b"<" else JSON
    if source.path is None or data.startswith(_BOM):
        body = Body.of_bytes(data.removeprefix(_BOM), source.name, media_type)
    else:
        body = Body.of_file(source.path, source.name, media_type)
    _add(data, source.name, (fhir_version, "asked for"), body, read)


def _add(data: bytes, source: str, release: tuple[str | None, str], whole: Body, read: Read) -> None:
    """Add the resources of a document."""
    document = read_document(data, source)
    read.findings += [(source, each) for each in document.findings if each.code != _NOTHING_TO_CHECK]
    if document.others:
        finding = catalogue.SERVER_OTHER_TYPES.found(
            place=Place(source, 1, 1), types=", ".join(each[:60] for each in document.others)
        )
        read.findings.append((source, finding))
    found = [*document.resources, *document.context]
    places = document.locate([each.pointer for each in found if each.pointer]) if len(found) > 1 else {}
    entries = _Entries(data, whole)
    for each in found:
        place = Place(source, *places.get(each.pointer, (1, 1)))
        read.outgoing.append(_outgoing(each, document, place, release, entries))


class _Entries:
    """Bytes of the resources in a document."""

    def __init__(self, data: bytes, whole: Body) -> None:
        self._data, self._whole = data, whole
        self._exact: Any = None

    def body_of(self, found: Found) -> Body:
        """Return a resource's bytes; decimals keep their digits."""
        if not found.pointer:
            return self._whole
        value: Any = found.data
        if self._whole.media_type == JSON and _has_decimals(value):
            value = self._with_exact_decimals(found.pointer)
        return Body.of_bytes(orjson.dumps(value, default=exact_json), self._whole.source, JSON)

    def _with_exact_decimals(self, pointer: str) -> Any:
        if self._exact is None:
            self._exact = json.loads(self._data.removeprefix(_BOM), parse_float=orjson.Fragment)
        value = self._exact
        for step in pointer.split("/")[1:]:
            value = value[int(step)] if isinstance(value, list) else value[step]
        return value


def _has_decimals(data: Any) -> bool:
    waiting = [data]
    while waiting:
        value = waiting.pop()
        if isinstance(value, float):
            return True
        if isinstance(value, dict):
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
    return False


def _outgoing(
    found: Found, document: Document, place: Place, release: tuple[str | None, str], entries: _Entries
) -> Outgoing:
    data = found.data
    kind = str(data["resourceType"])
    stated_id = text_of(data, "id")
    body = entries.body_of(found)
    version, reason = release if release[0] is not None else _release_of(data)
    outgoing = Outgoing(
        source=document.source,
        place=place,
        type=kind,
        id=stated_id if is_usable_id(stated_id) else None,
        url=text_of(data, "url"),
        version=text_of(data, "version"),
        supplements=(text_of(data, "supplements") or "").partition("|")[0] or None,
        content=text_of(data, "content"),
        concepts=concept_count(data),
        identifiers=identifiers_of(data) if kind == "NamingSystem" else (),
        release=version,
        release_reason=reason,
        body=body,
    )
    return _with_faults(outgoing, found)


def _with_faults(outgoing: Outgoing, found: Found) -> Outgoing:
    if not found.form:
        return outgoing
    codes = ", ".join(sorted(found.form))
    fault = catalogue.SERVER_FORM.found(place=outgoing.place, resource=outgoing.name, codes=codes)
    return replace(outgoing, findings=(fault,))


def _release_of(data: Mapping[str, Any]) -> tuple[str | None, str]:
    """Return the release that a resource shows, and by what; nothing where it fits all."""
    for url in _extension_urls(data):
        if url.startswith(_CARRIED_FROM_R5):
            return "R4", f"recognised by the extension {url}"
    shown = release_of(data, default="R4")
    return (None, shown.reason) if shown.assumed else (shown.version, shown.reason)


def _extension_urls(data: Mapping[str, Any]) -> Iterator[str]:
    """Yield the extensions of a resource and of what it identifies."""
    stated = data.get("uniqueId")
    for holder in (data, *(stated if isinstance(stated, list) else ())):
        extensions = holder.get("extension") if isinstance(holder, dict) else None
        for each in extensions if isinstance(extensions, list) else ():
            url = text_of(each, "url") if isinstance(each, dict) else None
            if url is not None:
                yield url
