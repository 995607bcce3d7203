"""Known exceptions: findings that somebody has looked at and accepted, each with a reason."""

from __future__ import annotations

from dataclasses import replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from termsmith.model.checked import CheckedSource, Excused
from termsmith.model.finding import Rule, Severity
from termsmith.model.place import Place

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

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
    at_work = Exceptions(exceptions, today)
    results = [at_work.excuse(source) for source in checked]
    return [*results, *at_work.about()]


class Exceptions:
    """Exceptions at work on sources that come one after the other; it is noted which of them are of use."""

    def __init__(
        self, exceptions: Sequence[KnownException], today: str, looked_for: Collection[str] | None = None
    ) -> None:
        """Take the exceptions.

        Args:
            exceptions: As they stand in the configuration.
            today: ``YYYY-MM-DD``.
            looked_for: Codes of the rules that the run looks for; an exception from another one is not called
                unused. Absent for all.
        """
        self._all, self._today, self._looked_for = exceptions, today, looked_for
        self._valid = [each for each in exceptions if each.expires is None or each.expires >= today]
        self._used: set[KnownException] = set()
        self._met: set[KnownException] = set()

    def __bool__(self) -> bool:
        """Tell whether there are any."""
        return bool(self._all)

    def excuse(self, source: CheckedSource) -> CheckedSource:
        """Return a source with the findings apart that exceptions cover."""
        kept: list[Finding] = []
        excused: list[Excused] = []
        for exception in self._valid:
            where = exception.place.partition("#")[0]
            if any(_fits(where, name) for name in _names_of_source(source)):
                self._met.add(exception)
        for finding in source.findings:
            cover = next((each for each in self._valid if covers(each, source, finding)), None)
            if cover is None:
                kept.append(finding)
            else:
                self._used.add(cover)
                excused.append(Excused(finding=finding, reason=cover.reason))
        return replace(source, findings=tuple(kept), excused=tuple(excused))

    def about(self) -> Iterator[CheckedSource]:
        """Yield each configuration file with what is wrong with its exceptions, after the last source."""
        findings: dict[str, list[Finding]] = {}
        for each in self._all:
            facts: dict[str, Any] = {"rule": each.rule, "what": each.place, "expires": each.expires}
            place = Place(each.source, each.line, 1)
            if each.expires is not None and each.expires < self._today:
                findings.setdefault(each.source, []).append(EXPIRED.found(place=place, **facts))
            elif each in self._met and each not in self._used and self._is_looked_for(each):
                findings.setdefault(each.source, []).append(UNUSED.found(place=place, **facts))
        for source, found in findings.items():
            yield CheckedSource(source=source, findings=tuple(found))

    def _is_looked_for(self, exception: KnownException) -> bool:
        return self._looked_for is None or any(_is_from(exception, code) for code in self._looked_for)


def covers(exception: KnownException, source: CheckedSource, finding: Finding) -> bool:
    """Tell whether an exception is from a finding's rule and for its place."""
    return _is_from(exception, finding.code) and any(
        _fits(exception.place, name) for name in _names(source, finding)
    )


def _is_from(exception: KnownException, code: str) -> bool:
    return fnmatchcase(code, f"{exception.rule}*" if len(exception.rule) == 3 else exception.rule)  # noqa: PLR2004  a family


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
