"""Resources as bytes, for programs: one by itself, or several as a Bundle or a package."""

from __future__ import annotations

from collections import Counter
from io import BytesIO
from typing import TYPE_CHECKING

from termsmith.errors import OutputError
from termsmith.outputs.bundle import entry_of, write_bundle
from termsmith.outputs.files import resource_file
from termsmith.outputs.formats import resource_files
from termsmith.outputs.package import Packaged, index_row, write_package

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from termsmith.model.result import Resource
    from termsmith.settings import BundleSettings, PackageSettings


def rendered(resource: Resource, format_name: str) -> bytes:
    """Return a resource as the bytes of its file.

    Args:
        resource: With all its concepts, however many.
        format_name: One of those that have a file for each resource.

    Raises:
        OutputError: OUT004, when its id would not make a plain file name; OUT005, when the format has no way
            to write it.
    """
    (file,) = resource_files(resource, [format_name], resource.fhir_version)
    return file.in_memory().data


def bundled(resources: Sequence[Resource], settings: BundleSettings, base_url: str | None) -> bytes:
    """Return the Bundle that loads resources into a server, as JSON.

    Raises:
        OutputError: OUT006, when they can't be in one file; OUT004, as `rendered`.
    """
    release = _release_of(resources)
    entries = [(entry_of(each.data, settings, release, base_url), _lines_of(each)) for each in resources]
    file = BytesIO()
    write_bundle(file.write, entries, settings)
    return file.getvalue()


def packaged(resources: Sequence[Resource], settings: PackageSettings) -> bytes:
    """Return the FHIR package of resources, as a ``.tgz``.

    Raises:
        OutputError: OUT006, when they can't be in one file; OUT004, as `rendered`.
    """
    release = _release_of(resources)
    file = BytesIO()
    write_package(file, settings, release, (_packaged(each) for each in resources))
    return file.getvalue()


def _packaged(resource: Resource) -> Packaged:
    data = rendered(resource, "json")
    return Packaged(
        name=resource.file_name,
        size=len(data),
        index=index_row(resource.file_name, resource.data),
        content=BytesIO(data),
    )


def _lines_of(resource: Resource) -> Callable[[], Iterable[bytes]]:
    file = resource_file(resource)
    return lambda: BytesIO(file.in_memory().data)


def _release_of(resources: Sequence[Resource]) -> str:
    """Return the FHIR release of resources, where they can be in one file."""
    if not resources:
        raise _apart("there are none", "Give at least one.")
    releases = sorted({each.fhir_version for each in resources})
    if len(releases) > 1:
        raise _apart(f"they are of {' and '.join(releases)}", "Convert the pages for one release.")
    # Without case, as the file systems of macOS and Windows compare the names in a package.
    names = Counter(each.file_name.casefold() for each in resources)
    for each in resources:
        if names[each.file_name.casefold()] > 1:
            raise _apart(f"several are {each.type}/{each.id}", "State another id in the sidecar of one.")
    return releases[0]


def _apart(problem: str, hint: str) -> OutputError:
    return OutputError("OUT006", f"these resources can't be in one file: {problem}", hint)
