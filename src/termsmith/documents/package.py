"""FHIR packages (``.tgz``): the resources in them, one after the other, and nothing on disk.

What is read: ``package/package.json`` for the FHIR release, and the JSON files directly in ``package/``.
Examples and other folders are not the package's content
(https://confluence.hl7.org/display/FHIR/NPM+Package+Specification).
"""

from __future__ import annotations

import re
import tarfile
import zlib
from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from termsmith import catalogue
from termsmith.documents.document import DocumentError
from termsmith.model.place import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

LARGEST_MEMBER = 500_000_000
LARGEST_TOTAL = 4_000_000_000
MOST_MEMBERS = 200_000
_CONTENT = re.compile(r"(?:\./)?package/([^/]+\.json)")
_NOT_RESOURCES = frozenset({"package.json", ".index.json"})


class Member(NamedTuple):
    """A file of a package."""

    name: str
    """``package/CodeSystem-x.json``."""
    data: bytes


class Manifest(NamedTuple):
    """What ``package.json`` says."""

    fhir_versions: tuple[str, ...]
    """As stated: ``4.0.1``; empty when nothing is."""
    canonical: str | None


def read_manifest(data: bytes, source: str) -> Manifest:
    """Return what a package says of itself.

    Raises:
        DocumentError: DOC007, when it is no package.
    """
    for member in _members(data, source, wanted=frozenset({"package.json"})):
        return _manifest(member, source)
    raise DocumentError(_damaged(source, "it has no package/package.json"))


def read_members(data: bytes, source: str) -> Iterator[Member]:
    """Yield the resource files of a package in the order of their names in it.

    Raises:
        DocumentError: DOC007, when it is damaged, or larger than any package is.
    """
    for member in _members(data, source, wanted=None):
        if member.name.rpartition("/")[2] not in _NOT_RESOURCES:
            yield member


def _members(data: bytes, source: str, wanted: frozenset[str] | None) -> Iterator[Member]:
    total = 0
    try:
        with tarfile.open(fileobj=BytesIO(data), mode="r|gz") as archive:
            for number, entry in enumerate(archive):
                if number >= MOST_MEMBERS:
                    raise DocumentError(_damaged(source, f"it has more than {MOST_MEMBERS:,} files"))
                total += entry.size
                if total > LARGEST_TOTAL:
                    raise DocumentError(_damaged(source, f"it unpacks to more than {LARGEST_TOTAL:,} bytes"))
                found = _CONTENT.fullmatch(entry.name)
                # Links and devices are no content, wherever they lead.
                if found is None or not entry.isfile() or (wanted is not None and found[1] not in wanted):
                    continue
                if entry.size > LARGEST_MEMBER:
                    raise DocumentError(
                        _damaged(source, f"{entry.name} has more than {LARGEST_MEMBER:,} bytes")
                    )
                file = archive.extractfile(entry)
                if file is not None:
                    yield Member(f"package/{found[1]}", file.read())
    except (tarfile.TarError, EOFError, OSError, zlib.error) as error:
        raise DocumentError(_damaged(source, str(error) or type(error).__name__)) from error


def _manifest(member: Member, source: str) -> Manifest:
    try:
        stated: Any = orjson.loads(member.data)
    except orjson.JSONDecodeError as error:
        raise DocumentError(_damaged(source, f"package.json is no JSON: {error.msg}")) from error
    versions = (
        stated.get("fhirVersions", stated.get("fhir-version-list")) if isinstance(stated, dict) else None
    )
    canonical = stated.get("canonical") if isinstance(stated, dict) else None
    return Manifest(
        fhir_versions=tuple(each for each in versions if isinstance(each, str))
        if isinstance(versions, list)
        else (),
        canonical=canonical if isinstance(canonical, str) else None,
    )


def _damaged(source: str, problem: str) -> Any:
    return catalogue.DOCUMENT_PACKAGE.found(place=Place(source, 1, 1), problem=problem)
