"""What an upload did, or would do."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from termsmith.model.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from termsmith.errors import TermsmithError
    from termsmith.model.finding import Finding
    from termsmith.servers.compare import Difference

NEW, CHANGED, UNCHANGED, FAILED = "new", "changed", "unchanged", "failed"
STATES = (NEW, CHANGED, UNCHANGED, FAILED)


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadedResource:
    """A resource and what became of it."""

    source: str
    """File, or member of a package, as the user gave it."""
    type: str
    id: str | None
    """As it states it; at the server it may have another."""
    url: str | None
    state: str
    """``new`` or ``changed``, for a dry run too; ``unchanged``, then nothing was sent; ``failed``."""
    differences: tuple[Difference, ...] = ()
    """What an update changed, or would change."""
    location: str | None = None
    """Where it is at the server, such as ``CodeSystem/123``; absent where that is not known."""
    findings: tuple[Finding, ...] = ()

    @property
    def name(self) -> str:
        """``CodeSystem/Tea``; by its URL where it has no id."""
        return f"{self.type}/{self.id}" if self.id is not None else f"{self.type} {self.url or 'without id'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadReport:
    """All that an upload did, or would do."""

    server: str
    """Base URL."""
    server_version: str
    """The FHIR version that the server states, such as ``4.0.1``."""
    dry_run: bool
    resources: tuple[UploadedResource, ...]
    """In the order in which they were sent."""
    findings: tuple[tuple[str, Finding], ...] = ()
    """On files, or on the server (then with its URL), each with what it is about."""
    errors: tuple[TermsmithError, ...] = ()
    """Sources that can't be found or read."""

    @property
    def ok(self) -> bool:
        """Whether there is no finding of severity error, and all sources were read."""
        return not self.errors and all(each.severity is not Severity.ERROR for each in self.all_findings())

    @property
    def states(self) -> Counter[str]:
        """Number of resources by state."""
        return Counter(each.state for each in self.resources)

    def all_findings(self) -> Iterable[Finding]:
        """Return the findings on files, then those on resources."""
        yield from (finding for _, finding in self.findings)
        for each in self.resources:
            yield from each.findings
