"""Converting sources one after the other; what goes wrong with one is part of its result."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from termsmith.collecting import keep_what_is_loaded
from termsmith.conversion import convert_page
from termsmith.errors import SourceError, TermsmithError
from termsmith.faults import internal_finding
from termsmith.outputs.files import resource_file
from termsmith.outputs.formats import GATHERED, resource_files
from termsmith.outputs.listed import listed_of
from termsmith.outputs.results import PageResult
from termsmith.resource_checks import digests_of
from termsmith.sources.concept_files import ConceptFile, OnRows, files_of_page
from termsmith.sources.local import read_source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from termsmith.model.result import Conversion
    from termsmith.outputs.gathered import Part
    from termsmith.settings import Settings
    from termsmith.sources.concept_files import ConceptFiles
    from termsmith.sources.local import LocalSource, SourceBytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What is the same for every source of a run."""

    settings: Settings
    today: str
    """``YYYY-MM-DD``."""
    written_date: str | None = None
    """``YYYY-MM-DD`` that is written already for a page without a date."""
    formats: tuple[str, ...] = ("json",)
    """Of `FORMATS`."""
    concepts: ConceptFile | None = None
    """File of concepts that the command line names."""
    on_rows: OnRows | None = None
    """Told how far a long table of concepts has come."""


def _parts(conversion: Conversion, job: Job) -> Iterator[Part]:
    if GATHERED.keys().isdisjoint(job.formats):
        return
    from termsmith.outputs.gathered import part_of  # noqa: PLC0415  tar and gzip

    for resource in conversion.resources:
        yield part_of(resource, resource_file(resource), job.settings)


def convert_sources(sources: Iterable[LocalSource], job: Job) -> Iterator[PageResult]:
    """Convert sources one after the other."""
    for number, source in enumerate(sources):
        if number == 1:
            keep_what_is_loaded()
        yield convert_source(source, job)


def convert_source(source: LocalSource, job: Job) -> PageResult:
    """Read and convert one source; what goes wrong is part of the result."""
    try:
        read = read_source(source)
    except SourceError as error:
        return PageResult(source=source.name, error=error)
    return convert_read_source(source, read, job)


def convert_read_source(
    source: LocalSource, read: SourceBytes, job: Job, files: ConceptFiles | None = None
) -> PageResult:
    """Convert a source whose bytes are at hand; what goes wrong is part of the result.

    Args:
        source: The page.
        read: Its bytes, and those of its sidecar.
        job: What is the same for every source.
        files: Where its concepts may be; absent to look for them.
    """
    try:
        conversion = convert_page(
            read.data,
            source.name,
            job.settings,
            sidecar=read.sidecar,
            sidecar_source=source.sidecar_name,
            today=job.today,
            written_date=job.written_date,
            files=files or files_of_page(source.path, source.name, job.concepts, job.on_rows),
        )
        return PageResult(
            source=source.name,
            dialect=conversion.dialect,
            files=tuple(
                file
                for resource in conversion.resources
                for file in resource_files(resource, job.formats, job.settings.fhir_version)
            ),
            parts=tuple(_parts(conversion, job)),
            findings=conversion.findings,
            digests=tuple(digests_of(conversion)),
            listed=tuple(listed_of(resource.data) for resource in conversion.resources),
            counts=conversion.coverage.counts,
            leftovers=conversion.coverage.leftovers,
        )
    except TermsmithError as error:
        return PageResult(source=source.name, error=error)
    except Exception as error:  # noqa: BLE001  a fault of ours on one page must not cost the others
        return PageResult(source=source.name, findings=(internal_finding(error),))
