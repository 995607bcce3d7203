"""What every reader of a file format gives back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from termsmith.model.finding import Finding
    from termsmith.pages.draft import Draft


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a reader made of the bytes or the text of a page."""

    draft: Draft
    title: str | None = None
    """As `Page.title`."""
    version_date: str | None = None
    """As `Page.version_date`."""
    findings: tuple[Finding, ...] = ()
    """What the reader found; the draft has findings of its own."""

    def with_finding(self, finding: Finding) -> Reading:
        """Return the same with one more finding."""
        return replace(self, findings=(*self.findings, finding))
