"""A FHIR package: resources, what the package says of itself, and an index, as a ``.tgz``.

https://confluence.hl7.org/display/FHIR/NPM+Package+Specification. The same content gives the same bytes:
files are in the order of their names, and belong to nobody and to no time.
"""

from __future__ import annotations

import gzip
import io
import tarfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

import orjson

from termsmith.checks.definitions.loading import definitions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from termsmith.settings import PackageSettings

_INDEXED = ("id", "url", "version", "kind", "type", "supplements", "content", "valueSet", "derivation")
_PLAIN_FILE = 0o644


@dataclass(frozen=True, slots=True, kw_only=True)
class Packaged:
    """A resource's file in a package."""

    name: str
    """``CodeSystem-x.json``."""
    size: int
    """Bytes of the file."""
    index: Mapping[str, Any]
    """What `index_row` gives for the resource."""
    content: BinaryIO
    """Stands at the file's first byte when its turn comes; ``size`` bytes are read."""


def index_row(name: str, resource: Mapping[str, Any]) -> dict[str, str]:
    """Return what the index says of a resource's file: only what the resource states as text.

    >>> index_row("NamingSystem-x.json", {"resourceType": "NamingSystem", "id": "x", "type": {"text": "y"}})
    {'filename': 'NamingSystem-x.json', 'resourceType': 'NamingSystem', 'id': 'x'}
    """
    row = {"filename": name, "resourceType": str(resource["resourceType"])}
    return row | {key: resource[key] for key in _INDEXED if isinstance(resource.get(key), str)}


def package_json(settings: PackageSettings, fhir_version: str) -> dict[str, Any]:
    """Return what a package says of itself: what the configuration states, and the release's core package."""
    core, release = f"hl7.fhir.{fhir_version.lower()}.core", definitions(fhir_version).release
    stated: dict[str, Any] = {
        "name": settings.name,
        "version": settings.version,
        "type": "Conformance",
        "date": settings.date,
        "license": settings.license,
        "canonical": settings.canonical,
        "url": settings.url,
        "title": settings.title,
        "description": settings.description,
        "fhirVersions": [release],
        "dependencies": {core: release} | dict(sorted(settings.dependencies.items())),
        "author": settings.author,
        "homepage": settings.homepage,
        "directories": {"lib": "package"},
        "jurisdiction": settings.jurisdiction,
    }
    return {key: value for key, value in stated.items() if value is not None}


def write_package(
    file: BinaryIO, settings: PackageSettings, fhir_version: str, resources: Iterable[Packaged]
) -> None:
    """Write a package.

    Args:
        file: Where to; need not be seekable.
        settings: What the package says of itself.
        fhir_version: The release of all resources.
        resources: In any order, each file name once.
    """
    listed = sorted(resources, key=lambda each: each.name)
    index = {"index-version": 2, "files": [each.index for each in listed]}
    with (
        gzip.GzipFile(filename="", mode="wb", fileobj=file, compresslevel=9, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as archive,
    ):
        # package.json comes first, so that readers need not look further for it.
        _add(archive, "package.json", _json(package_json(settings, fhir_version)))
        _add(archive, ".index.json", _json(index))
        for each in listed:
            archive.addfile(_entry(each.name, each.size), each.content)


def _add(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    archive.addfile(_entry(name, len(data)), io.BytesIO(data))


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(f"package/{name}")  # its owner and its time are 0 by themselves
    entry.size, entry.mode = size, _PLAIN_FILE
    return entry


def _json(data: Mapping[str, Any]) -> bytes:
    return orjson.dumps(data, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
