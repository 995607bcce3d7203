"""The Python interface: pages in, resources out; resources in, findings out."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from termsmith.conversion import convert_page
from termsmith.errors import SourceError, UsageError
from termsmith.model.report import CheckReport
from termsmith.settings import FHIR_VERSIONS, Settings, source_date_of
from termsmith.sources.concept_files import concept_file, files_of_page

if TYPE_CHECKING:
    from collections.abc import Iterable

    from termsmith.checks.rule import Profile
    from termsmith.model.checked import CheckedSource
    from termsmith.model.result import Conversion
    from termsmith.servers.report import UploadReport
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

    Returns:
        The conversion. A page's faults are findings; ``ok`` tells whether any is an error.

    Raises:
        SourceError: SRC001 or SRC002, when a path can't be read.
        UsageError: USE001, when the FHIR version is unknown; USE002, when the dialect is.
        SettingsError: SET010 to SET013, when a dialect table is wrong.
    """
    _known_version(fhir_version)
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
        source_date=source_date_of(os.environ),
    )
    data, source, beside = _page(page)
    sidecar_data, sidecar_source = _sidecar(sidecar if sidecar is not None else beside)
    return convert_page(
        data,
        source,
        settings,
        today=datetime.now().astimezone().date().isoformat(),
        sidecar=sidecar_data,
        sidecar_source=sidecar_source,
        files=files_of_page(
            None if isinstance(page, bytes) else Path(page),
            source,
            None if concepts is None else concept_file(concepts),
        ),
    )


def check(
    source: str | Path | bytes | Mapping[str, Any],
    *,
    fhir_version: FhirVersion | None = None,
    profiles: Iterable[str] = (),
    guide: str | None = None,
) -> CheckReport:
    """Check NamingSystem and CodeSystem resources against all rules.

    Args:
        source: A path of a file or a folder; or the bytes of a resource, Bundle, FHIR package or page; or a
            resource as a dictionary.
        fhir_version: ``R4``, ``R4B`` or ``R5``; absent to recognise it, and take R4 where nothing shows it.
        profiles: What to check beyond the rules that always hold: ``shareable``, ``publishable``,
            ``crmi-shareable``, ``crmi-publishable``, ``publication``, ``ig-publisher``.
        guide: Canonical URL of the implementation guide, for ``ig-publisher``.

    Returns:
        The report. Faults are findings; ``ok`` tells whether any is an error. Findings about a dictionary
        have a pointer, but no place.

    Raises:
        SourceError: SRC001, when a path leads nowhere.
        UsageError: USE001 or USE004, when the FHIR version or a profile is unknown.
    """
    from termsmith.check_run import (  # noqa: PLC0415  rules and tables
        CheckOptions,
        check_bytes,
        check_resource,
        check_sources,
    )
    from termsmith.sources.resources import find_check_sources  # noqa: PLC0415  as above

    if fhir_version is not None:
        _known_version(fhir_version)
    options = CheckOptions(
        settings=Settings(source_date=source_date_of(os.environ)),
        fhir_version=fhir_version,
        profiles=_profiles(profiles),
        guide=guide,
        today=datetime.now().astimezone().date().isoformat(),
    )
    if isinstance(source, bytes):
        return CheckReport(sources=tuple(check_bytes(source, "-", options)))
    if isinstance(source, Mapping):
        import orjson  # noqa: PLC0415  only here

        checked = check_resource(orjson.dumps(dict(source), default=str), "-", options)
        return CheckReport(sources=tuple(_without_places(each) for each in checked))
    found = find_check_sources([os.fspath(source)])
    for error in found.errors:
        raise error
    return CheckReport(sources=tuple(check_sources(found.sources, options)))


def upload(
    url: str,
    *paths: str | Path,
    by: str = "id",
    dry_run: bool = False,
    replace_content: bool = False,
    fhir_version: FhirVersion | None = None,
) -> UploadReport:
    """Send NamingSystem, CodeSystem and ValueSet resources to a FHIR server; what it has already is not sent.

    Credentials come from the environment: ``TERMSMITH_TOKEN``, or ``TERMSMITH_USER`` and
    ``TERMSMITH_PASSWORD``.

    Args:
        url: The server's base.
        paths: Files of resources, Bundles, FHIR packages, or folders of these.
        by: ``id`` to update what the server has under the same id; ``url`` for what it has under the same URL
            (and version), whatever its id there.
        dry_run: Whether only to say what would change.
        replace_content: Whether a record without the concepts may replace a code system that has them.
        fhir_version: Release of the resources: ``R4``, ``R4B`` or ``R5``; absent to recognise it.

    Returns:
        The report. What is wrong with one resource is a finding; ``ok`` tells whether any is an error.

    Raises:
        ServerError: SRV001 to SRV006, when the URL, the credentials or the server can't be used at all, or
            httpx is missing.
        SourceError: SRC001, when a path leads nowhere.
        UsageError: USE001 or USE005, when the FHIR version or ``by`` is unknown.
    """
    from termsmith.servers.credentials import credentials_of  # noqa: PLC0415  only for uploads
    from termsmith.servers.plan import FoundBy  # noqa: PLC0415  as above
    from termsmith.servers.uploading import UploadOptions, upload_sources  # noqa: PLC0415  as above
    from termsmith.sources.resources import find_check_sources  # noqa: PLC0415  as above

    if fhir_version is not None:
        _known_version(fhir_version)
    known = [each.value for each in FoundBy]
    if by not in known:
        raise UsageError("USE005", f"resources are not found by {by!r}", f"Known are {', '.join(known)}.")
    found = find_check_sources([os.fspath(path) for path in paths])
    for error in found.errors:
        raise error
    options = UploadOptions(
        found_by=FoundBy(by),
        dry_run=dry_run,
        replace_content=replace_content,
        fhir_version=fhir_version,
    )
    return upload_sources(url, found.sources, options, credentials=credentials_of(os.environ))


def _profiles(names: Iterable[str]) -> frozenset[Profile]:
    from termsmith.checks.rule import Profile  # noqa: PLC0415  only for checks

    known = {profile.value: profile for profile in Profile}
    asked = frozenset(names)
    for name in sorted(asked - known.keys()):
        raise UsageError("USE004", f"there is no profile {name!r}", f"Known are {', '.join(known)}.")
    return frozenset(known[name] for name in asked)


def _without_places(checked: CheckedSource) -> CheckedSource:
    return replace(checked, findings=tuple(replace(finding, place=None) for finding in checked.findings))


def _known_version(fhir_version: str) -> None:
    if fhir_version not in FHIR_VERSIONS:
        raise UsageError(
            "USE001", f"there is no FHIR version {fhir_version!r}", f"Known are {', '.join(FHIR_VERSIONS)}."
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
