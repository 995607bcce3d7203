"""What a build did, for programs: a report that stays as it is, whatever builds are made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from termsmith.builds.result import once
from termsmith.model.finding import Severity
from termsmith.outputs.files import OutputFile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from termsmith.builds.result import BuildResult, ReleaseResult
    from termsmith.errors import TermsmithError
    from termsmith.model.finding import Finding
    from termsmith.settings import FhirVersion


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltSource:
    """A source about which there is something to say."""

    source: str
    """Path from the current folder, as findings name it; or the configuration, about its exceptions."""
    findings: tuple[Finding, ...]
    """Without those that known exceptions cover."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltRelease:
    """What a build did for one FHIR release."""

    fhir_version: FhirVersion
    converted: int
    """Sources that were converted; the others were as they were."""
    files: tuple[OutputFile, ...]
    """All of them, changed or not: by source in the order of the sources, then package and Bundle."""
    sources: tuple[BuiltSource, ...]
    """Those with findings, each once; findings of sources that were not converted again included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltGuide:
    """What a build did with the files of an implementation guide."""

    files: tuple[OutputFile, ...] = ()
    """New and changed ones only."""
    unmerged: str | None = None
    """Why our lines, or some of them, can't go into the guide's ``sushi-config.yaml``; absent where they can,
    or where the configuration names none."""
    entries: str | None = None
    """The lines that somebody has to put into it then; absent otherwise."""
    switches: tuple[str, ...] = ()
    """Parameters such as ``apply-publisher`` that are true in it: the IG Publisher then replaces what owners
    of terminologies say of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildReport:
    """All that a build did, or with ``check`` would do."""

    folder: Path
    """The project's; paths of files start there."""
    check: bool
    """Whether it only compared; nothing was written then."""
    pages: int = 0
    """Sources that were found, converted or not."""
    releases: tuple[BuiltRelease, ...] = ()
    """In the order of the configuration."""
    guide: BuiltGuide = BuiltGuide()
    removed: tuple[str, ...] = ()
    """Files of former builds that were removed, as ``prune`` asks for."""
    stale: tuple[str, ...] = ()
    """Files of former builds that this one doesn't make and that are still there."""
    edited: tuple[str, ...] = ()
    """Those of them that somebody has changed since; they are never removed."""
    lone_sidecars: tuple[str, ...] = ()
    """Sidecars beside no page of their name, which were not used; paths from the current folder."""
    errors: tuple[TermsmithError, ...] = ()
    """Why sources can't be found, read or converted, each reason once: a dialect table or a template that is
    wrong, too. In `termsmith.watch` also why there was no build."""
    excused: int = 0
    """Number of findings that known exceptions cover; what is wrong with a source in several releases counts
    once."""
    differs: bool = False
    """Whether anything on the disk was not what this build makes; the lock file and stale files count."""

    @property
    def files(self) -> tuple[OutputFile, ...]:
        """The files of all releases, then those of the guide that are new or changed."""
        return (*(file for release in self.releases for file in release.files), *self.guide.files)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, source by source; what is wrong with a source in several releases once."""
        releases = [[(each.source, each.findings) for each in release.sources] for release in self.releases]
        return tuple(finding for _, findings in once(releases) for finding in findings)

    @property
    def ok(self) -> bool:
        """Whether there are no errors, and no finding is an error."""
        return not self.errors and all(
            finding.severity is not Severity.ERROR
            for release in self.releases
            for source in release.sources
            for finding in source.findings
        )


def report_of(done: BuildResult, folder: Path, *, check: bool) -> BuildReport:
    """Return the report of a build.

    Args:
        done: What it did.
        folder: The project's.
        check: Whether it only compared.
    """
    guide = done.guide
    changes = {} if guide is None else guide.changes
    unmerged = None if guide is None else guide.unmerged
    return BuildReport(
        folder=folder,
        check=check,
        pages=done.pages,
        releases=tuple(map(_built, done.releases)),
        guide=BuiltGuide(
            files=tuple(OutputFile(path=name, change=change) for name, change in changes.items()),
            unmerged=unmerged,
            entries=None if guide is None or unmerged is None else guide.printed,
            switches=done.switches,
        ),
        removed=done.removed,
        stale=done.stale,
        edited=done.changed_since,
        lone_sidecars=tuple(done.found.lone_sidecars),
        errors=done.errors,
        excused=done.excused,
        differs=done.differs,
    )


def _built(done: ReleaseResult) -> BuiltRelease:
    sources: dict[str, list[Finding]] = {}
    for source, findings in done.findings:
        sources.setdefault(source, []).extend(findings)
    return BuiltRelease(
        fhir_version=done.release,
        converted=done.converted,
        files=tuple(_files(done)),
        sources=tuple(
            BuiltSource(source=source, findings=tuple(findings)) for source, findings in sources.items()
        ),
    )


def _files(done: ReleaseResult) -> Iterator[OutputFile]:
    for written in done.run.written:
        for file in written.files:
            yield OutputFile(path=file.name, change=file.change, source=written.source)
    for each in done.run.gathered:
        yield OutputFile(path=each.planned.name, change=each.planned.change)
