"""Pages in, resources out."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from termsmith.api.arguments import known_version
from termsmith.api.day import today
from termsmith.conversion import convert_page
from termsmith.errors import SourceError
from termsmith.settings import Settings, source_date_of
from termsmith.sources.concept_files import concept_file, files_of_page

if TYPE_CHECKING:
    from termsmith.model.result import Conversion
    from termsmith.settings import FhirVersion, HierarchyForm


def convert(
    page: str | Path | bytes,
    *,
    fhir_version: FhirVersion = "R4",
    sidecar: str | Path | bytes | None = None,
    dialect: str | None = None,
    base_url: str | None = None,
    registry: bool = True,
    draft: bool = False,
    concepts: str | Path | None = None,
    hierarchy: HierarchyForm | None = None,
    narrative: bool = False,
) -> Conversion:
    """Return the NamingSystem and CodeSystem that a page means, with findings and evidence.

    Args:
        page: A path, or the bytes of a page in any of the file formats.
        fhir_version: ``R4``, ``R4B`` or ``R5``.
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
        The conversion. A page's faults are findings; ``ok`` tells whether any is an error.

    Raises:
        SourceError: SRC001 or SRC002, when a path can't be read.
        UsageError: USE001, when the FHIR version is unknown; USE002, when the dialect is.
        SettingsError: SET010 to SET013, when a dialect table is wrong.
    """
    known_version(fhir_version)
    tables: tuple[Path, ...] = ()
    if dialect is not None and dialect.endswith(".toml"):
        tables, dialect = (Path(dialect),), _id_of(Path(dialect))
    settings = Settings(
        fhir_version=fhir_version,
        dialect=dialect,
        dialect_tables=tables,
        draft=draft,
        registry=registry,
        base_url=base_url.rstrip("/") if base_url is not None else None,
        hierarchy=hierarchy,
        narrative=narrative,
        source_date=source_date_of(os.environ),
    )
    data, source, beside = _page(page)
    sidecar_data, sidecar_source = _sidecar(sidecar if sidecar is not None else beside)
    return convert_page(
        data,
        source,
        settings,
        today=today(),
        sidecar=sidecar_data,
        sidecar_source=sidecar_source,
        files=files_of_page(
            None if isinstance(page, bytes) else Path(page),
            source,
            None if concepts is None else concept_file(concepts),
        ),
    )


def _page(page: str | Path | bytes) -> tuple[bytes, str, Path | None]:
    """Return a page's bytes, its name, and the sidecar beside it."""
    if isinstance(page, bytes):
        return page, "-", None
    from termsmith.sources.local import find_sidecar  # noqa: PLC0415  only for paths

    path = Path(page)
    return _read(path), path.as_posix(), find_sidecar(path)


def _sidecar(sidecar: str | Path | bytes | None) -> tuple[bytes | None, str | None]:
    if sidecar is None or isinstance(sidecar, bytes):
        return sidecar, None
    path = Path(sidecar)
    return _read(path), path.as_posix()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise SourceError("SRC001", f"{path.as_posix()}: no such file", "Check the path.") from error
    except OSError as error:
        raise SourceError(
            "SRC002",
            f"{path.as_posix()}: can't be read: {error.strerror}",
            "Check what it is and its rights.",
        ) from error


def _id_of(table: Path) -> str:
    from termsmith.dialects.loading import load_dialect  # noqa: PLC0415  pydantic

    return load_dialect(_read(table), table.as_posix(), origin=table.as_posix()).id
