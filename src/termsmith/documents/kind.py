"""What a file is, by its content."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from enum import Enum

from termsmith.documents.encodings import beginning_as_utf8, wide_encoding

_GZIP = b"\x1f\x8b"
_BEGINNINGS_OF_JSON = (b"{", b"[", b"//", b"/*")
"""Comments, too, which JSON has not; its reader tells so."""
_RESOURCE_TYPE = re.compile(rb'(?<!\\)"resourceType"\s*+:')
_TAG = re.compile(rb"<([A-Za-z_](?:[^>\"']++|\"[^\"]*+\"|'[^']*+')*+)")
_FHIR_ROOT = re.compile(rb"(?:\w+:)?(?:NamingSystem|CodeSystem|ValueSet|Bundle)\b")
_FHIR_NAMESPACE = re.compile(rb"=\s*+(?:\"http://hl7\.org/fhir\"|'http://hl7\.org/fhir')")
_BLANK = re.compile(rb"\s*+")
_IN_DOCTYPE = re.compile(rb"[^\"'\[\]<>]*+(<!--|<\?|[\"'\[\]<>])")
_CLOSERS = {b'"': b'"', b"'": b"'", b"<!--": b"-->", b"<?": b"?>"}


class Kind(Enum):
    """What a file is."""

    RESOURCE = "resource"
    PACKAGE = "package"
    PAGE = "page"


def kind_of(data: bytes) -> Kind:
    """Return what a file is; a page is everything that is no FHIR resource and no package."""
    if data.startswith(_GZIP):
        return Kind.PACKAGE
    start = beginning_as_utf8(data)
    if start.startswith(_BEGINNINGS_OF_JSON) and _RESOURCE_TYPE.search(start) is not None:
        return Kind.RESOURCE
    if start[:1] == b"<":
        tag = _TAG.match(start, _first_tag(start))
        if tag is not None and (_FHIR_ROOT.match(tag[1]) or _FHIR_NAMESPACE.search(tag[1])):
            return Kind.RESOURCE
    return Kind.PAGE


def is_xml(data: bytes) -> bool:
    """Tell whether a resource is written in XML rather than in JSON."""
    if wide_encoding(data) is not None:
        return beginning_as_utf8(data).startswith(b"<")
    return data.startswith(b"<", _blank(data, len(BOM_UTF8) if data.startswith(BOM_UTF8) else 0))


def is_json_object(data: bytes) -> bool:
    """Tell whether a text is meant as a JSON object."""
    return beginning_as_utf8(data).startswith(b"{")


def _first_tag(data: bytes) -> int:
    """Return where the first tag is, behind instructions, comments and a document type."""
    position = 0
    while True:
        position = _blank(data, position)
        if data.startswith(b"<?", position):
            end = _behind(data, b"?>", position + 2)
        elif data.startswith(b"<!--", position):
            end = _behind(data, b"-->", position + 4)
        elif data[position : position + 9].upper() == b"<!DOCTYPE":
            end = _behind_doctype(data, position + 9)
        else:
            return position
        position = end


def _blank(data: bytes, position: int) -> int:
    found = _BLANK.match(data, position)
    return found.end() if found is not None else position


def _behind(data: bytes, closer: bytes, position: int) -> int:
    """Return where a text ends that such a closer ends; the end of the file where there is none."""
    found = data.find(closer, position)
    return len(data) if found < 0 else found + len(closer)


def _behind_doctype(data: bytes, position: int) -> int:
    """Return where a document type ends, with all that it declares."""
    depth = 1
    while depth and (found := _IN_DOCTYPE.match(data, position)) is not None:
        position = found.end()
        mark = found[1]
        if mark in _CLOSERS:
            position = _behind(data, _CLOSERS[mark], position)
        elif mark in {b"<", b"["}:
            depth += 1
        else:
            depth -= 1
    return len(data) if depth else position
