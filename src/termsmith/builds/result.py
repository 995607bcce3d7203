"""What a build did."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeAlias

from termsmith.outputs.files import Change

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from termsmith.builds.guide_files import GuideFiles
    from termsmith.errors import TermsmithError
    from termsmith.model.checked import Excused
    from termsmith.model.finding import Finding
    from termsmith.run import RunResult
    from termsmith.settings import FhirVersion
    from termsmith.sources.local import Found


SourceFindings: TypeAlias = "tuple[str, tuple[Finding, ...]]"
"""A source, and findings on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Findings of a build for one FHIR release; those that exceptions cover left out."""

    pages: tuple[SourceFindings, ...]
    """On single pages, in the order of the sources."""
    together: tuple[SourceFindings, ...] = ()
    """On resources that do not go together with those of other sources, in the order of the sources."""
    others: tuple[SourceFindings, ...] = ()
    """On files that several sources want, and on exceptions."""
    excused: tuple[tuple[str, tuple[Excused, ...]], ...] = ()
    """What exceptions cover, by source."""
    silent: tuple[tuple[str, Excused], ...] = ()
    """Sources of which nothing is written, with each error that says why and that an exception covers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseResult:
    """What a build did for one FHIR release."""

    release: FhirVersion
    folder: Path
    """The project's; names of files start there."""
    run: RunResult
    converted: int
    """Sources that were converted; the others are as they were."""
    told: Told
    errors: tuple[TermsmithError, ...] = ()
    """Why sources can't be read."""

    @property
    def findings(self) -> tuple[SourceFindings, ...]:
        """All findings: of pages, in the order of the sources, then of several pages together."""
        return (*self.told.pages, *self.told.together, *self.told.others)


@dataclass(slots=True, kw_only=True)
class BuildResult:
    """What a build did."""

    found: Found
    pages: int
    releases: list[ReleaseResult] = field(default_factory=list)
    stale: tuple[str, ...] = ()
    """Files of former builds that this one no longer makes, relative to the project."""
    changed_since: tuple[str, ...] = ()
    """Those of them that somebody has changed; they are never removed."""
    removed: tuple[str, ...] = ()
    lock: Change = Change.UNCHANGED
    refused: tuple[TermsmithError, ...] = ()
    """Why files of the guide were not written."""
    guide: GuideFiles | None = None
    """The files of the guide; absent where nothing has changed."""
    switches: tuple[str, ...] = ()
    """Parameters of the guide that replace what owners say of their terminologies."""
    one_file_each: bool = True
    """Whether there is one file for each resource, and no other."""

    @property
    def errors(self) -> tuple[TermsmithError, ...]:
        """Why sources can't be found or read, or files of the guide not be written.

        Each reason comes once, as it is the same for all releases.
        """
        told: dict[str, TermsmithError] = {}
        for release in self.releases:
            for error in release.errors:
                told.setdefault(error.message, error)
        return (*self.found.errors, *told.values(), *self.refused)

    def findings_once(self) -> Iterator[tuple[str, list[Finding]]]:
        """Yield findings by source; what is wrong with a page in several releases comes once."""
        return once([release.findings for release in self.releases])

    @property
    def silent(self) -> list[tuple[str, Excused]]:
        """Sources of which nothing is written though no error is told, with why; each of them once."""
        told = {
            (source, each.finding.code, each.finding.message): (source, each)
            for release in self.releases
            for source, each in release.told.silent
        }
        return list(told.values())

    @property
    def excused(self) -> int:
        """Number of findings that exceptions cover; one of several releases counts once."""
        return len(
            {
                (source, each.finding.code, each.finding.message, each.finding.place)
                for release in self.releases
                for source, excused in release.told.excused
                for each in excused
            }
        )

    @property
    def differs(self) -> bool:
        """Whether anything on the disk is not what this build makes."""
        return (
            any(each.run.differs for each in self.releases)
            or self.lock is not Change.UNCHANGED
            or bool(self.guide is not None and (self.guide.changes or self.guide.lacking))
            or bool(self.stale)
        )

    @property
    def only_lock(self) -> bool:
        """Whether nothing but the lock file is not what this build makes."""
        return self.lock is not Change.UNCHANGED and not replace(self, lock=Change.UNCHANGED).differs


def once(releases: Sequence[Iterable[SourceFindings]]) -> Iterator[tuple[str, list[Finding]]]:
    """Yield findings by source; what is wrong with a source in several releases comes once."""
    told: set[tuple[str, str, str]] = set()
    for number, release in enumerate(releases, start=1):
        found = [(source, list(findings)) for source, findings in release]
        if told:
            found = [
                (source, [each for each in new if (source, each.code, each.message) not in told])
                for source, new in found
            ]
        yield from found
        if number < len(releases):
            told.update((source, each.code, each.message) for source, new in found for each in new)
