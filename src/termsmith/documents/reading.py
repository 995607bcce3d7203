"""Bytes of a file to the resources in it."""

from __future__ import annotations

import re
from difflib import get_close_matches
from enum import Enum
from typing import TYPE_CHECKING, Any

from termsmith import catalogue
from termsmith.checks.definitions.loading import resource_names
from termsmith.checks.rule import Hit, hit
from termsmith.checks.structure.words import shown
from termsmith.documents.document import Document, DocumentError, Found, collect
from termsmith.documents.json_text import locate_in_json, read_json
from termsmith.documents.xml_text import locate_in_xml, read_xml
from termsmith.model.place import Place

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_BOM = b"\xef\xbb\xbf"
_RESOURCE_TYPE = re.compile(rb'(?<!\\)"resourceType"\s*:')
_FIRST_TAG = re.compile(rb"\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*)*<([A-Za-z_][^>]*)", re.DOTALL)
_FHIR_ROOT = re.compile(rb"(?:\w+:)?(?:NamingSystem|CodeSystem|ValueSet|Bundle)\b")


class Kind(Enum):
    """What a file is, by its content."""

    RESOURCE = "resource"
    PACKAGE = "package"
    PAGE = "page"


def kind_of(data: bytes) -> Kind:
    """Return what a file is; a page is everything that is no FHIR resource and no package."""
    if data[:2] == b"\x1f\x8b":
        return Kind.PACKAGE
    start = data.removeprefix(_BOM).lstrip()
    if start[:1] in {b"{", b"["} and _RESOURCE_TYPE.search(start) is not None:
        return Kind.RESOURCE
    if start[:1] == b"<":
        tag = _FIRST_TAG.match(start)
        if tag is not None and (_FHIR_ROOT.match(tag[1]) or b'"http://hl7.org/fhir"' in tag[1]):
            return Kind.RESOURCE
    return Kind.PAGE


def read_document(data: bytes, source: str) -> Document:
    """Return the resources in a file of FHIR JSON or XML.

    Args:
        data: The whole file.
        source: Its name as the user gave it.

    Raises:
        DocumentError: DOC001 to DOC005, when nothing can be read.
    """
    if data.removeprefix(_BOM).lstrip()[:1] == b"<":
        return _xml(data, source)
    return _json(data, source)


def _json(data: bytes, source: str) -> Document:
    value, twice = read_json(data, source)
    if not isinstance(value, dict):
        raise DocumentError(_no_resource(source, "it is no JSON object"))
    if "resourceType" not in value:
        raise DocumentError(_no_resource(source, "it has no resourceType"))
    form = [("STR090", hit(each.pointer, name=shown(each.name), times=each.times)) for each in twice]
    findings = (catalogue.DOCUMENT_BOM.found(place=Place(source, 1, 1)),) if data.startswith(_BOM) else ()
    _known(value["resourceType"], source)
    checked, context, others = collect(value, lambda pointer: _below(form, pointer))
    return Document(
        source=source,
        resources=tuple(checked),
        context=tuple(context),
        others=tuple(others),
        findings=(*findings, *_nothing(source, checked, context, others)),
        locate=lambda pointers: locate_in_json(data, pointers),
    )


def _xml(data: bytes, source: str) -> Document:
    read = read_xml(data, source)
    _known(read.data["resourceType"], source)
    form = [(code, each) for code, hits in read.form.items() for each in hits]
    checked, context, others = collect(read.data, lambda pointer: _below(form, pointer))
    return Document(
        source=source,
        resources=tuple(checked),
        context=tuple(context),
        others=tuple(others),
        findings=_nothing(source, checked, context, others),
        locate=lambda pointers: locate_in_xml(data, pointers),
    )


def _known(kind: object, source: str) -> None:
    """Refuse a root that is no resource of any release."""
    if not isinstance(kind, str):
        raise DocumentError(_no_resource(source, "its resourceType is no text"))
    if kind not in resource_names():
        near = get_close_matches(kind, resource_names(), n=1)
        meant = f"; perhaps {near[0]} is meant" if near else ""
        raise DocumentError(_no_resource(source, f"FHIR has no resource {shown(kind)!r}{meant}"))


def _below(form: Sequence[tuple[str, Hit]], pointer: str) -> Mapping[str, Sequence[Hit]]:
    """Return the faults of form in the resource at a pointer, with pointers from its root."""
    found: dict[str, list[Hit]] = {}
    for code, each in form:
        if each.pointer == pointer or each.pointer.startswith(f"{pointer}/"):
            found.setdefault(code, []).append(each._replace(pointer=each.pointer[len(pointer) :]))
    return found


def _nothing(
    source: str, checked: Sequence[Found], context: Sequence[Found], others: Sequence[str]
) -> tuple[Any, ...]:
    if checked:
        return ()
    met = list(dict.fromkeys([*others, *(str(each.data["resourceType"]) for each in context)]))
    facts = ", ".join(shown(each) for each in met) or "an empty Bundle"
    return (catalogue.DOCUMENT_NOTHING.found(place=Place(source, 1, 1), others=facts),)


def _no_resource(source: str, problem: str) -> Any:
    return catalogue.DOCUMENT_NO_RESOURCE.found(place=Place(source, 1, 1), problem=problem)
