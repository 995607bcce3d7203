"""Resources in, findings out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from math import isfinite
from typing import TYPE_CHECKING, Any

from termsmith.api.arguments import configured, known_version, paths_of_files
from termsmith.api.day import today
from termsmith.errors import SourceError, UsageError
from termsmith.model.exact_decimal import ExactDecimal
from termsmith.model.report import CheckReport

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from termsmith.checks.rule import Profile
    from termsmith.model.checked import CheckedSource
    from termsmith.settings import FhirVersion


def check(
    source: str | Path | bytes | Mapping[str, Any],
    *,
    config: str | Path | None = None,
    fhir_version: FhirVersion | None = None,
    profiles: Iterable[str] = (),
    guide: str | None = None,
) -> CheckReport:
    """Check NamingSystem and CodeSystem resources against all rules.

    Args:
        source: A path of a file or a folder; or the bytes of a resource, Bundle, FHIR package or page; or a
            resource as a dictionary.
        config: Path of a `termsmith.toml`, whose known exceptions are excused, and by which pages are
            converted; absent for none, wherever one may be.
        fhir_version: ``R4``, ``R4B`` or ``R5``; absent to recognise it, and take R4 where nothing shows it.
        profiles: What to check beyond the rules that always hold: ``shareable``, ``publishable``,
            ``crmi-shareable``, ``crmi-publishable``, ``publication``, ``ig-publisher``, ``fhir-resources``.
        guide: Canonical URL of the implementation guide, for ``ig-publisher``.

    Returns:
        The report. Faults are findings; ``ok`` tells whether any is an error. Findings about a dictionary
        have a pointer, but no place.

    Raises:
        SourceError: SRC001 or SRC002, when a path leads nowhere or can't be read; SRC005, when it leads to
            nothing to check.
        UsageError: USE001 or USE004, when the FHIR version or a profile is unknown; USE007, when a dictionary
            is none that JSON can hold.
        SettingsError: SET001 to SET006, when the configuration or the environment's ``SOURCE_DATE_EPOCH`` is
            wrong.
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
    settings = configured(config)
    options = CheckOptions(
        settings=settings,
        fhir_version=fhir_version,
        profiles=_profiles(profiles),
        guide=guide,
        today=today(),
    )
    if isinstance(source, bytes):
        checked = check_bytes(source, "-", options)
    elif isinstance(source, Mapping):
        checked = [_without_places(each) for each in check_resource(_as_json(source), "-", options)]
    else:
        found = find_check_sources(paths_of_files([source]))
        for error in found.errors:
            raise error
        if not found.sources:
            raise SourceError("SRC005", "nothing to check was found", "Name a resource, a package or a page.")
        checked = check_sources(found.sources, options)
    if settings.exceptions:
        from termsmith.checks.exceptions import excuse  # noqa: PLC0415  only where there are some

        checked = excuse(list(checked), settings.exceptions, options.today)
    return CheckReport(sources=tuple(checked))


def _as_json(resource: Mapping[str, Any]) -> bytes:
    import orjson  # noqa: PLC0415  only here

    try:
        data = orjson.dumps(dict(resource), default=_written)
        # What is no number stands there as null. A ring ends with an error before this looks for ever.
        if b"null" not in data or not _has_nan(resource):
            return data
        why = "it holds NaN or an infinite number"
    except (TypeError, RecursionError) as error:
        why = str(error)
    raise UsageError(
        "USE007", f"the resource can't be JSON: {why}", "Give strings, numbers, lists and dictionaries."
    )


def _has_nan(resource: Mapping[str, Any]) -> bool:
    waiting: list[Any] = [resource]
    while waiting:
        value = waiting.pop()
        if isinstance(value, Mapping):
            waiting += value.values()
        elif isinstance(value, list | tuple):
            waiting += value
        elif isinstance(value, float | Decimal) and not isfinite(value):
            return True
    return False


def _written(value: object) -> Any:
    """Return what stands in JSON for what Python programs put into resources, `fhir.resources` among them."""
    import orjson  # noqa: PLC0415  only here

    if isinstance(value, ExactDecimal):
        return orjson.Fragment(value.text)
    if isinstance(value, Decimal):
        return orjson.Fragment(str(value)) if value.is_finite() else None
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, bytes | bytearray):
        raise TypeError(f"{type(value).__name__} is no JSON")
    return str(value)


def _profiles(names: Iterable[str] | str) -> frozenset[Profile]:
    from termsmith.checks.rule import Profile  # noqa: PLC0415  only for checks

    known = {profile.value: profile for profile in Profile}
    asked = frozenset([names] if isinstance(names, str) else names)
    for name in sorted(asked - known.keys()):
        raise UsageError("USE004", f"there is no profile {name!r}", f"Known are {', '.join(known)}.")
    return frozenset(known[name] for name in asked)


def _without_places(checked: CheckedSource) -> CheckedSource:
    return replace(checked, findings=tuple(replace(finding, place=None) for finding in checked.findings))
