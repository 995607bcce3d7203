"""Bytes of a file to the resources in it."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING, Any

from termsmith import catalogue
from termsmith.checks.checking import MOST_OF_A_RULE, fhir_path, more_of
from termsmith.checks.definitions.loading import resource_names
from termsmith.checks.structure.words import json_type, shown
from termsmith.documents.document import (
    CHECKED,
    CONTEXT,
    Document,
    DocumentError,
    Found,
    is_open_bundle,
    resources_in,
)
from termsmith.documents.form import hits_by_resource
from termsmith.documents.json_text import locate_in_json, read_json
from termsmith.documents.kind import is_xml
from termsmith.documents.release import release_of
from termsmith.documents.xml_text import locate_in_xml, read_xml
from termsmith.model.place import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from termsmith.documents.form import Form
    from termsmith.model.finding import Finding

_BOM = b"\xef\xbb\xbf"
_NO_TYPE = "a resource without a type"
_LONGEST_NAME = 100
"""Characters of a type that are compared with those that FHIR has."""
_MOST_LISTED = 20


def read_document(data: bytes, source: str, *, version: str | None = None, default: str = "R4") -> Document:
    """Return the resources in a file of FHIR JSON or XML.

    Args:
        data: The whole file.
        source: Its name as the user gave it.
        version: FHIR release of all resources in it; absent to recognise each one's. It decides which type
            some values of XML have, which JSON shows itself.
        default: FHIR release of those that fit all releases.

    Raises:
        DocumentError: DOC001 to DOC005, when nothing can be read.
    """
    return _xml(data, source, version, default) if is_xml(data) else _json(data, source)


def _json(data: bytes, source: str) -> Document:
    value, form = read_json(data, source)
    if not isinstance(value, dict):
        raise DocumentError(no_resource(source, "it is no JSON object"))
    if "resourceType" not in value:
        raise DocumentError(no_resource(source, "it has no resourceType"))
    findings = (catalogue.DOCUMENT_BOM.found(place=Place(source, 1, 1)),) if data.startswith(_BOM) else ()
    return _document(
        source, resources_in(value), form, lambda pointers: locate_in_json(data, pointers), findings
    )


def _xml(data: bytes, source: str, version: str | None, default: str) -> Document:
    read = read_xml(data, source, version=version or default)
    resources = resources_in(read.data)
    if read.differs and version is None:
        resources = _each_of_its_release(data, source, read.data, default)
    return _document(source, resources, read.form, lambda pointers: locate_in_xml(data, pointers))


def _each_of_its_release(
    data: bytes, source: str, value: Mapping[str, Any], default: str
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the resources of an XML text, each as its release has it."""
    newer = dict(resources_in(read_xml(data, source, version="R5").data))
    for pointer, resource in resources_in(value):
        recognised = release_of(resource, default=default).version
        yield pointer, newer[pointer] if recognised == "R5" else resource


def _document(
    source: str,
    resources: Iterable[tuple[str, Mapping[str, Any]]],
    form: Form,
    locate: Callable[[Iterable[str]], Mapping[str, tuple[int, int]]],
    findings: Sequence[Finding] = (),
) -> Document:
    """Sort resources by what is to be done with them."""
    by_pointer = dict(resources)
    _known(by_pointer[""].get("resourceType"), source)
    hits = hits_by_resource(form, by_pointer) if form else {}
    checked: list[Found] = []
    context: list[Found] = []
    bundles: list[Found] = []
    others: dict[str, None] = {}
    for pointer, data in by_pointer.items():
        found = Found(data=data, pointer=pointer, form=hits.get(pointer, {}))
        kind = data.get("resourceType")
        if not isinstance(kind, str):
            others[_NO_TYPE] = None
        elif kind in CHECKED:
            checked.append(found)
        elif kind in CONTEXT:
            context.append(found)
        elif is_open_bundle(data):
            bundles.append(found)
        else:
            others[kind] = None
    about: list[Finding] = [*findings, *_unknown(source, bundles)]
    if not checked:
        met = dict.fromkeys([*others, *(str(each.data["resourceType"]) for each in context)])
        about.append(nothing_to_check(source, tuple(met), "an empty Bundle"))
    return Document(
        source=source,
        resources=tuple(checked),
        context=tuple(context),
        bundles=tuple(each for each in bundles if each.form),
        others=tuple(others),
        findings=tuple(about),
        locate=locate,
    )


def _known(kind: object, source: str) -> None:
    """Refuse a root that is no resource of any release."""
    if not _is_known(kind):
        raise DocumentError(no_resource(source, _why_unknown(kind)))


def _is_known(kind: object) -> bool:
    return isinstance(kind, str) and kind in resource_names()


def _why_unknown(kind: object) -> str:
    if not isinstance(kind, str):
        return "its resourceType is no text"
    near = get_close_matches(kind[:_LONGEST_NAME], resource_names(), n=1)
    meant = f"; perhaps {near[0]} is meant" if near else ""
    return f"FHIR has no resource {shown(kind)!r}{meant}"


def _unknown(source: str, bundles: Sequence[Found]) -> Iterator[Finding]:
    """Yield what to say of resources in a Bundle that are none of any release."""
    number = 0
    why = cache(_why_unknown)
    for pointer, value in _entries(bundles):
        kind = value.get("resourceType") if isinstance(value, dict) else None
        if _is_known(kind):
            continue
        number += 1
        if number > MOST_OF_A_RULE:
            continue
        at = pointer
        if not isinstance(value, dict):
            problem = f"it is {json_type(value)}, no object"
        elif "resourceType" not in value:
            problem = "it has no resourceType"
        else:
            at = f"{pointer}/resourceType"
            problem = why(kind) if isinstance(kind, str) else _why_unknown(kind)
        yield catalogue.DOCUMENT_ENTRY.found(element=fhir_path("Bundle", at), pointer=at, problem=problem)
    if number > MOST_OF_A_RULE:
        yield more_of(catalogue.DOCUMENT_ENTRY.code, number, Place(source, 1, 1))


def _entries(bundles: Sequence[Found]) -> Iterator[tuple[str, object]]:
    """Yield pointer and value of what stands in Bundles where a resource belongs."""
    for bundle in bundles:
        for index, entry in enumerate(bundle.data["entry"]):
            pointer = f"{bundle.pointer}/entry/{index}"
            if not isinstance(entry, dict):
                yield pointer, entry
            elif "resource" in entry:
                yield f"{pointer}/resource", entry["resource"]


def nothing_to_check(source: str, others: Sequence[str], nothing: str) -> Finding:
    """Return the finding about a file without NamingSystem and CodeSystem.

    Args:
        source: The file.
        others: Types of what there is, each once.
        nothing: What to call the file when there is nothing at all.
    """
    listed = [shown(each) for each in others[:_MOST_LISTED]] + ["…"] * (len(others) > _MOST_LISTED)
    return catalogue.DOCUMENT_NOTHING.found(place=Place(source, 1, 1), others=", ".join(listed) or nothing)


def no_resource(source: str, problem: str) -> Finding:
    """Return the finding about a file that holds no FHIR resource."""
    return catalogue.DOCUMENT_NO_RESOURCE.found(place=Place(source, 1, 1), problem=problem)
