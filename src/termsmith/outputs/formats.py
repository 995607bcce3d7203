"""All formats of resources: a table, so that each is imported when it is asked for."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, BinaryIO

from termsmith.collecting import paused
from termsmith.outputs.files import ResourceFile, resource_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from termsmith.model.result import Resource

OWN_FILES: Mapping[str, tuple[str, str]] = {
    "xml": ("termsmith.outputs.fhir_xml", "write_fhir_xml"),
    "fsh": ("termsmith.outputs.fsh", "write_fsh"),
}
"""Format, which ends the file name -> module and function that writes a resource; besides JSON."""
GATHERED: Mapping[str, str] = {"package": "package.tgz", "bundle": "bundle.json"}
"""Format -> the one file that holds all resources of a run."""
FORMATS = ("json", *OWN_FILES, *GATHERED)


def resource_files(resource: Resource, formats: Sequence[str], fhir_version: str) -> Iterator[ResourceFile]:
    """Yield the files of a resource in those of the formats that have a file for each resource.

    Raises:
        OutputError: OUT004, when its id would not make a plain file name; OUT005, when a format has no way
            to write it.
    """
    as_json = resource_file(resource)
    for name in formats:
        if name == "json":
            yield as_json
        elif name in OWN_FILES:
            module, function = OWN_FILES[name]
            write = partial(_write, module, function, resource.data, fhir_version, resource.concept_trees)
            file = replace(as_json, name=as_json.name.removesuffix("json") + name, data=b"", write=write)
            yield file if resource.more_concepts is not None else file.in_memory()


def _write(
    module: str,
    function: str,
    data: Mapping[str, Any],
    fhir_version: str,
    more_concepts: Callable[[], Iterator[Sequence[Mapping[str, Any]]]] | None,
    file: BinaryIO,
) -> None:
    with paused():
        getattr(import_module(module), function)(data, fhir_version, file.write, more_concepts)
