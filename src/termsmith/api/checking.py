"""Resources in, findings out."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from termsmith.api.arguments import known_version
from termsmith.api.day import today
from termsmith.errors import UsageError
from termsmith.model.report import CheckReport
from termsmith.settings import Settings, source_date_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from termsmith.checks.rule import Profile
    from termsmith.model.checked import CheckedSource
    from termsmith.settings import FhirVersion


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
        known_version(fhir_version)
    options = CheckOptions(
        settings=Settings(source_date=source_date_of(os.environ)),
        fhir_version=fhir_version,
        profiles=_profiles(profiles),
        guide=guide,
        today=today(),
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


def _profiles(names: Iterable[str]) -> frozenset[Profile]:
    from termsmith.checks.rule import Profile  # noqa: PLC0415  only for checks

    known = {profile.value: profile for profile in Profile}
    asked = frozenset(names)
    for name in sorted(asked - known.keys()):
        raise UsageError("USE004", f"there is no profile {name!r}", f"Known are {', '.join(known)}.")
    return frozenset(known[name] for name in asked)


def _without_places(checked: CheckedSource) -> CheckedSource:
    return replace(checked, findings=tuple(replace(finding, place=None) for finding in checked.findings))
