"""Known exceptions: findings that somebody has looked at and accepted, each with a reason."""

from __future__ import annotations

from dataclasses import replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from termsmith.model.checked import CheckedSource, Excused
from termsmith.model.finding import Rule, Severity
from termsmith.model.place import Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from termsmith.model.checked import CheckedResource
    from termsmith.model.finding import Finding
    from termsmith.settings import KnownException

EXPIRED = Rule(
    code="EXC001",
    severity=Severity.WARNING,
    title="Expired exception",
    message="the exception from {rule} for {what} expired on {expires}; it excuses nothing any more",
    hint="Correct what it excused, or give it a later day after another look.",
)
UNUSED = Rule(
    code="EXC002",
    severity=Severity.WARNING,
    title="Unused exception",
    message="the exception from {rule} for {what} excused nothing, though its place was checked",
    hint="Remove it: what it excused was corrected, or its rule or place has a slip.",
)
RULES = (EXPIRED, UNUSED)


def excuse(
    checked: Sequence[CheckedSource], exceptions: Sequence[KnownException], today: str
) -> list[CheckedSource]:
    """Return the results without the findings that exceptions cover.

    Args:
        checked: What was found.
        exceptions: As they stand in the configuration.
        today: ``YYYY-MM-DD``; an exception holds up to and including the day that it states.

    Returns:
        The same results, excused findings apart, and behind them one for each configuration file with an
        exception that is expired, or unused though its place was checked.
    """
    valid = [each for each in exceptions if each.expires is None or each.expires >= today]
    used: set[KnownException] = set()
    met: set[KnownException] = set()
    results = []
    for source in checked:
        kept: list[Finding] = []
        excused: list[Excused] = []
        for exception in valid:
            where = exception.place.partition("#")[0]
            if any(_fits(where, name) for name in _names_of_source(source)):
                met.add(exception)
        for finding in source.findings:
            cover = next((each for each in valid if covers(each, source, finding)), None)
            if cover is None:
                kept.append(finding)
            else:
                used.add(cover)
                excused.append(Excused(finding=finding, reason=cover.reason))
        results.append(replace(source, findings=tuple(kept), excused=tuple(excused)))
    return [*results, *_about(exceptions, used, met, today)]


def covers(exception: KnownException, source: CheckedSource, finding: Finding) -> bool:
    """Tell whether an exception is from a finding's rule and for its place."""
    if not fnmatchcase(finding.code, f"{exception.rule}*" if len(exception.rule) == 3 else exception.rule):  # noqa: PLR2004  a family
        return False
    return any(_fits(exception.place, name) for name in _names(source, finding))


def _fits(pattern: str, name: str) -> bool:
    # Brackets are indexes here, not the sets of characters that they are in patterns of shells.
    escaped = pattern.replace("[", "[[]")
    return fnmatchcase(name, escaped) or fnmatchcase(name.partition("#")[0], escaped)


def _names(source: CheckedSource, finding: Finding) -> Iterator[str]:
    """Yield what a place may call a finding: file, ``Type/id``, ``Type/id#element``."""
    yield source.source
    element = (finding.element or "").partition(".")[2]
    for resource in _around(source, finding):
        name = f"{resource.type}/{resource.id}"
        yield name
        yield f"{name}#{element}"


def _names_of_source(source: CheckedSource) -> Iterator[str]:
    yield source.source
    for resource in source.resources:
        yield f"{resource.type}/{resource.id}"


def _around(source: CheckedSource, finding: Finding) -> Iterator[CheckedResource]:
    kind = (finding.element or "").partition(".")[0]
    for resource in source.resources:
        inside = finding.pointer is None or f"{finding.pointer}/".startswith(f"{resource.pointer}/")
        if inside and kind in {"", resource.type}:
            yield resource


def _about(
    exceptions: Iterable[KnownException], used: set[KnownException], met: set[KnownException], today: str
) -> Iterator[CheckedSource]:
    findings: dict[str, list[Finding]] = {}
    for each in exceptions:
        facts: dict[str, Any] = {"rule": each.rule, "what": each.place, "expires": each.expires}
        place = Place(each.source, each.line, 1)
        if each.expires is not None and each.expires < today:
            findings.setdefault(each.source, []).append(EXPIRED.found(place=place, **facts))
        elif each in met and each not in used:
            findings.setdefault(each.source, []).append(UNUSED.found(place=place, **facts))
    for source, found in findings.items():
        yield CheckedSource(source=source, findings=tuple(found))
