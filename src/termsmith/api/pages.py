"""Pages in, resources out."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from termsmith.api.arguments import configured, known_version, one_of, web_address, with_table
from termsmith.api.day import today
from termsmith.conversion import convert_page
from termsmith.errors import UsageError
from termsmith.settings import FhirVersion, HierarchyForm, Settings
from termsmith.sources.concept_files import concept_file, files_of_page

if TYPE_CHECKING:
    from termsmith.model.result import Conversion
    from termsmith.sources.local import LocalSource, SourceBytes


def convert(
    page: str | Path | bytes,
    *,
    config: str | Path | None = None,
    fhir_version: FhirVersion | None = None,
    sidecar: str | Path | bytes | None = None,
    dialect: str | Path | None = None,
    base_url: str | None = None,
    registry: bool = True,
    draft: bool = False,
    concepts: str | Path | None = None,
    hierarchy: HierarchyForm | None = None,
    narrative: bool = False,
) -> Conversion:
    """Return the NamingSystem and CodeSystem that a page means, with findings and evidence.

    Args:
        page: A path, or the bytes of a page in any of the file formats. A table (CSV, TSV, .xlsx) is read
            from a path only.
        config: Path of a `termsmith.toml`, of which all holds that is about reading pages and writing
            resources, but no exception; absent for none, wherever one may be.
        fhir_version: ``R4``, ``R4B`` or ``R5``; absent for what ``config`` says, else R4.
        sidecar: Path or bytes of a sidecar. For a path as page, the sidecar beside it is found by itself.
        dialect: Id of a built-in dialect, or path of a dialect table (ending in ``.toml``); absent to
            recognise the page.
        base_url: Where NamingSystem.url starts; absent to write none.
        registry: Whether to offer near matches from the list of well-known systems. They are never used
            as values.
        draft: Whether to write resources that lack required facts.
        concepts: Path of a table (CSV, TSV, .xlsx) or CodeSystem (JSON, XML) with the concepts; for a path as
            page, ``PAGE.concepts.csv`` and the like beside it is found by itself.
        hierarchy: ``nested``, ``parent-child`` or ``as-stated``; absent for what the sidecar says, else the
            last.
        narrative: Whether NamingSystems and CodeSystems have a text for people.

    Returns:
        The conversion. A page's faults are findings; ``ok`` tells whether any is an error. Those are there,
        too, that ``config`` excuses.

    Raises:
        SourceError: SRC001 or SRC002, when a path can't be read; SRC003, when a sidecar is too large; SRC006,
            when it names a file of concepts outside its folder and the current one.
        UsageError: USE001, when the FHIR version is unknown; USE002, when the dialect is; USE006, when
            ``hierarchy`` or ``base_url`` can't be what it is.
        SettingsError: SET001 to SET006, when the configuration or the environment's ``SOURCE_DATE_EPOCH`` is
            wrong; SET010 to SET013, when a dialect table is.
    """
    settings = configured(config)
    if fhir_version is not None:
        known_version(fhir_version)
        settings = replace(settings, fhir_version=fhir_version)
    if base_url is not None:
        settings = replace(settings, base_url=web_address(base_url, "base_url"))
    if hierarchy is not None:
        one_of(hierarchy, get_args(HierarchyForm), "hierarchy")
        settings = replace(settings, hierarchy=hierarchy)
    if dialect is not None:
        settings = _with_dialect(settings, dialect)
    settings = replace(
        settings,
        draft=settings.draft or draft,
        registry=settings.registry and registry,
        narrative=settings.narrative or narrative,
    )
    source, read = _page(page)
    sidecar_name = source.sidecar_name
    if sidecar is not None:
        read, sidecar_name = _with_sidecar(read, sidecar)
    return convert_page(
        read.data,
        source.name,
        settings,
        today=today(),
        sidecar=read.sidecar,
        sidecar_source=sidecar_name,
        files=files_of_page(source.path, source.name, None if concepts is None else concept_file(concepts)),
    )


def _page(page: str | Path | bytes) -> tuple[LocalSource, SourceBytes]:
    """Return a page as a source, and its bytes with those of the sidecar beside it."""
    from termsmith.sources.local import LocalSource, SourceBytes, read_source, source_at  # noqa: PLC0415

    if isinstance(page, bytes):
        return LocalSource(name="-", path=None), SourceBytes(data=page)
    if isinstance(page, str) and "\n" in page:
        raise UsageError(
            "USE008",
            "the page is a text of several lines, where a path is expected",
            "Give content as bytes: page.encode().",
        )
    source = source_at(Path(page))
    return source, read_source(source)


def _with_sidecar(read: SourceBytes, sidecar: str | Path | bytes) -> tuple[SourceBytes, str | None]:
    from termsmith.sources.local import read_sidecar, shown_path  # noqa: PLC0415  as for pages

    if isinstance(sidecar, bytes):
        return replace(read, sidecar=sidecar), None
    return replace(read, sidecar=read_sidecar(Path(sidecar))), shown_path(sidecar)


def _with_dialect(settings: Settings, dialect: str | Path) -> Settings:
    if os.fspath(dialect).endswith(".toml"):
        return with_table(settings, Path(dialect))
    return replace(settings, dialect=str(dialect))
