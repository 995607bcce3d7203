"""A whole run: results of pages become the files of one folder, and a manifest."""

from __future__ import annotations

from collections import Counter
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from termsmith.checks.exceptions import Exceptions
from termsmith.checks.relations.checking import relation_faults, relation_finding
from termsmith.model.checked import CheckedResource, CheckedSource
from termsmith.model.finding import Severity
from termsmith.outputs.files import Change, Plan, PlannedFile, change_of_stream
from termsmith.outputs.manifest import Afterwards, ManifestDraft
from termsmith.outputs.scratch import scratch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from termsmith.checks.relations.digest import Digest
    from termsmith.model.checked import Excused
    from termsmith.model.finding import Finding
    from termsmith.outputs.gathered import Gathered, GatheredFile
    from termsmith.outputs.results import PageResult
    from termsmith.outputs.staging import Writer


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFiles:
    """The files that a run wrote, or would write, for one source."""

    source: str
    files: tuple[PlannedFile, ...]


@dataclass(slots=True, kw_only=True)
class RunResult:
    """What a run did, without what was told page by page."""

    pages: int = 0
    unreadable: int = 0
    """Sources that gave an error instead of a page."""
    written: list[SourceFiles] = field(default_factory=list)
    """In the order of the sources; only those that have files."""
    collisions: list[tuple[str, Finding]] = field(default_factory=list)
    """Sources whose files were not written because another source wants them too."""
    gathered: list[GatheredFile] = field(default_factory=list)
    """Files that hold the resources of all sources."""
    together: list[tuple[str, Finding]] = field(default_factory=list)
    """Sources whose resources do not go together with those of others, such as two that claim one URI."""
    severities: Counter[Severity] = field(default_factory=Counter)
    """Number of findings of each severity, those on several sources and on exceptions included."""
    others: list[str] = field(default_factory=list)
    """Names of resource files in the folder that no source of this run writes."""
    excused: int = 0
    """Number of findings that known exceptions cover."""
    silent: list[tuple[str, Excused]] = field(default_factory=list)
    """Sources of which nothing is written, with each error that says why and that an exception covers."""
    exceptions: list[tuple[str, Finding]] = field(default_factory=list)
    """Configuration files, with what is wrong with their exceptions."""
    manifest: Change | None = None
    """Absent when no manifest was asked for."""

    @property
    def changes(self) -> Counter[Change]:
        """Number of files by what writing does to them, the manifest not counted."""
        files = [file for each in self.written for file in each.files]
        return Counter(file.change for file in [*files, *(each.planned for each in self.gathered)])

    @property
    def differs(self) -> bool:
        """Whether anything on the disk is not what this run makes of the sources."""
        changes = self.changes
        return bool(changes[Change.NEW] or changes[Change.CHANGED]) or self.manifest not in {
            None,
            Change.UNCHANGED,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where a run's files go."""

    folder: Path
    open_folder: Callable[[Path], Writer]
    """`Staging` to write, `DryRun` to only compare."""
    fhir_version: str
    gathering: AbstractContextManager[Gathered | None] = field(default_factory=nullcontext)
    """Makes the files that hold the resources of all sources, where some are asked for."""
    manifest: Path | None = None


NO_EXCEPTIONS = Exceptions((), "")


def _nothing(_: object) -> None:
    pass


def run(
    results: Iterable[PageResult],
    target: Target,
    *,
    exceptions: Exceptions = NO_EXCEPTIONS,
    on_result: Callable[[PageResult], None] = _nothing,
    before_writing: Callable[[RunResult], None] = _nothing,
) -> RunResult:
    """Write the files of all results; nothing is replaced before the last page is converted.

    Args:
        results: In the order of the sources.
        target: Where files go, and whether they are written or compared.
        exceptions: Set apart the findings that they cover.
        on_result: Told each result as it comes, to show it.
        before_writing: Told what is going to be written, right before files are replaced.

    Raises:
        OutputError: When the disk refuses; files that were not replaced by then are as they were.
    """
    done = RunResult()
    plan = Plan(target.folder)
    digests: list[Digest] = []
    with (
        target.open_folder(target.folder) as writer,
        ManifestDraft() as draft,
        target.gathering as gathered,
    ):
        for found in results:
            result = _with_excused(found, exceptions, target.fhir_version)
            if not result.listed:
                done.silent += silenced(result.source, result.excused)
            done.excused += len(result.excused)
            digests += result.digests
            done.pages += 1
            done.unreadable += result.error is not None
            done.severities.update(finding.severity for finding in result.findings)
            _stage(result, plan, writer)
            if gathered is not None:
                gathered.add(result)
            if target.manifest is not None:
                draft.add(result)
            on_result(result)
        late = _Late(exceptions)
        done.collisions = late.kept(plan.collisions())
        for source, excused in late.excused.items():
            done.silent += silenced(source, excused)
        done.together = late.kept(
            (fault.hit.digest.source, replace(relation_finding(fault), pointer=None))
            for fault in relation_faults(each for each in digests if not plan.contested(each.source))
        )
        done.excused += sum(map(len, late.excused.values()))
        done.exceptions = [(each.source, finding) for each in exceptions.about() for finding in each.findings]
        done.severities.update(
            finding.severity for _, finding in [*done.collisions, *done.together, *done.exceptions]
        )
        done.written = [
            SourceFiles(source=source, files=files)
            for source in plan.sources
            if (files := plan.granted(source))
        ]
        if gathered is not None:
            done.gathered = gathered.write(writer, lambda source: not plan.contested(source))
        done.others = plan.others(each.planned.name for each in done.gathered)
        before_writing(done)
        writer.commit()
        if target.manifest is not None:
            contested = filter(plan.contested, plan.sources)
            after = _afterwards(done, contested, late.excused)
            done.manifest = _write_manifest(draft, target.manifest, target, after)
    return done


def _stage(result: PageResult, plan: Plan, writer: Writer) -> None:
    planned = plan.add(result.source, result.files, (part.file.name for part in result.parts))
    if plan.contested(result.source):
        for rival in plan.rivals(result.source):
            for unwritten in plan.wanted(rival):
                writer.discard(unwritten.name)
        return
    for file, entry in zip(result.files, planned, strict=True):
        if file.write is not None:
            plan.settle(result.source, file.name, writer.make(file.name, file.write))
        elif entry.change is not Change.UNCHANGED:
            writer.put(file.name, file.data)


def _afterwards(
    done: RunResult, contested: Iterable[str], excused: Mapping[str, Sequence[Excused]]
) -> Afterwards:
    findings: dict[str, list[Finding]] = {}
    for source, finding in [*done.collisions, *done.together]:
        findings.setdefault(source, []).append(finding)
    return Afterwards(
        withheld=frozenset(contested),
        findings=findings,
        excused=excused,
        exceptions=done.exceptions,
        gathered=done.gathered,
    )


def _write_manifest(draft: ManifestDraft, path: Path, target: Target, after: Afterwards) -> Change:
    with scratch() as file:
        draft.write(file, fhir_version=target.fhir_version, after=after)
        file.seek(0)
        change = change_of_stream(path, file)
        if change is not Change.UNCHANGED:
            file.seek(0)
            with target.open_folder(path.parent) as writer:
                writer.put(path.name, file)
                writer.commit()
    return change


def silenced(source: str, excused: Iterable[Excused]) -> list[tuple[str, Excused]]:
    """Return the errors that exceptions cover: of a source of which nothing is written, they say why."""
    return [(source, each) for each in excused if each.finding.severity is Severity.ERROR]


def _with_excused(result: PageResult, exceptions: Exceptions, fhir_version: str) -> PageResult:
    if not exceptions:
        return result
    resources = tuple(CheckedResource.of_page(each.type, each.id, fhir_version) for each in result.listed)
    checked = exceptions.excuse(
        CheckedSource(source=result.source, resources=resources, findings=result.findings)
    )
    return replace(result, findings=checked.findings, excused=checked.excused)


class _Late:
    """Findings that are known after the last page: those that exceptions cover are set apart, by source."""

    def __init__(self, exceptions: Exceptions) -> None:
        self._exceptions = exceptions
        self.excused: dict[str, list[Excused]] = {}

    def kept(self, found: Iterable[tuple[str, Finding]]) -> list[tuple[str, Finding]]:
        """Return the findings that no exception covers."""
        if not self._exceptions:
            return list(found)
        kept: list[tuple[str, Finding]] = []
        for source, finding in found:
            checked = self._exceptions.excuse(CheckedSource(source=source, findings=(finding,)))
            kept += [(source, each) for each in checked.findings]
            if checked.excused:
                self.excused.setdefault(source, []).extend(checked.excused)
        return kept
