"""What a check gives back, source by source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from termsmith.errors import TermsmithError
    from termsmith.model.finding import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedResource:
    """A resource that was checked."""

    type: str
    id: str | None
    """Absent when it states none, or no text."""
    pointer: str
    """JSON pointer of the resource in its file; empty when the file is the resource."""
    fhir_version: str
    version_reason: str
    """How the release is known: ``asked for``, ``stated by the package``, ``recognised by url``."""

    @classmethod
    def of_page(cls, kind: str, resource_id: str, fhir_version: str) -> CheckedResource:
        """Return a resource that a page was converted to."""
        return cls(
            type=kind,
            id=resource_id,
            pointer="",
            fhir_version=fhir_version,
            version_reason="converted from the page",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Excused:
    """A finding that a known exception covers."""

    finding: Finding
    reason: str
    """As the configuration states it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedSource:
    """A file, a member of a package, a page or standard input after the check."""

    source: str
    """As the user gave it, with ``/``; ``guide.tgz/package/CodeSystem-x.json`` for members of packages."""
    resources: tuple[CheckedResource, ...] = ()
    findings: tuple[Finding, ...] = ()
    """In the order of the file, those without a place last; without those excused."""
    excused: tuple[Excused, ...] = ()
    unchecked: tuple[str, ...] = ()
    """Resource types that were met and are none of ours, such as ``Patient``, each once, in order."""
    error: TermsmithError | None = None
    """Why the source can't be read; then there is nothing else."""
