"""A check as a whole, for people and machines."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from termsmith.model.finding import Severity

if TYPE_CHECKING:
    from termsmith.model.checked import CheckedSource
    from termsmith.model.finding import Finding


@dataclass(frozen=True, kw_only=True)
class CheckReport:
    """Everything that a check found."""

    sources: tuple[CheckedSource, ...] = ()
    """In the order in which they were given; the configuration, where its exceptions are wrong, last."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, source by source."""
        return tuple(finding for source in self.sources for finding in source.findings)

    @property
    def severities(self) -> Counter[Severity]:
        """Number of findings of each severity."""
        return self._severities.copy()

    @cached_property
    def _severities(self) -> Counter[Severity]:
        return Counter(finding.severity for source in self.sources for finding in source.findings)

    @property
    def resources(self) -> Counter[tuple[str, str]]:
        """Number of checked resources by type and FHIR release."""
        return Counter((each.type, each.fhir_version) for source in self.sources for each in source.resources)

    @property
    def excused(self) -> int:
        """Number of findings that known exceptions cover."""
        return sum(len(source.excused) for source in self.sources)

    @property
    def ok(self) -> bool:
        """Whether everything could be read, and no finding is an error."""
        return not self.fails_on(Severity.ERROR)

    def fails_on(self, severity: Severity) -> bool:
        """Tell whether something can't be read, or a finding is at least as bad."""
        order = list(Severity)
        worse = order[: order.index(severity) + 1]
        return any(self._severities[each] for each in worse) or any(source.error for source in self.sources)
