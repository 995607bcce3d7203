"""A build: each source for each FHIR release, only what has changed since the last build converted again."""

from __future__ import annotations

import hashlib
import os
from contextlib import nullcontext
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from termsmith.batch import Job, convert_read_source
from termsmith.builds.collecting import Collected, part_entry, recalled_part
from termsmith.builds.guide_files import plan_guide_files
from termsmith.builds.layout import HIDDEN, Folders, Layout, below, digest_of_settings
from termsmith.builds.lock import LOCK_NAME, Lock, Written, read_lock
from termsmith.builds.memory import (
    Memory,
    Remembered,
    RememberedFile,
    digest_entry,
    finding_entry,
    key_of,
    read_memory,
    recalled_digest,
    recalled_finding,
)
from termsmith.builds.result import BuildResult, ReleaseResult
from termsmith.builds.unchanged import NAME as UNCHANGED
from termsmith.builds.unchanged import about_of, as_kept, digest_of_file, listing_of
from termsmith.checks.exceptions import excuse
from termsmith.checks.relations.checking import relation_faults, relation_finding
from termsmith.errors import SourceError
from termsmith.model.checked import CheckedResource, CheckedSource
from termsmith.outputs.files import Change, ResourceFile
from termsmith.outputs.formats import GATHERED
from termsmith.outputs.listed import Listed
from termsmith.outputs.results import PageResult
from termsmith.rules import all_rules
from termsmith.run import RunResult, SourceFiles, Target, run
from termsmith.sources.concept_files import ConceptFiles, files_of_page
from termsmith.sources.local import PAGE_LIMIT, find_sources, read_source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from termsmith.errors import TermsmithError
    from termsmith.model.finding import Finding, Rule
    from termsmith.outputs.staging import Writer
    from termsmith.settings import FhirVersion, Project, Settings
    from termsmith.sources.concept_files import ConceptFile
    from termsmith.sources.local import LocalSource, SourceBytes

_MEMORY = "memory.json"
_DATED = "RES003"
"""Finding of a resource that has the day's date in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildOptions:
    """How to build."""

    today: str
    """``YYYY-MM-DD``."""
    open_folder: Callable[[Path], Writer]
    """`Staging` to write, `DryRun` to only compare."""
    keep: Callable[[Path, bytes], None]
    """Writes the lock file, and what is remembered; does nothing where a build only compares."""
    remove: Callable[[Path], None] | None = None
    """Removes a file of a former build; absent to leave them."""
    on_result: Callable[[FhirVersion, PageResult], None] = lambda _release, _result: None


def build(project: Project, options: BuildOptions) -> BuildResult:
    """Convert what has changed, for each FHIR release, and write what that changes.

    Raises:
        OutputError: When the disk refuses; OUT010 or OUT011, when the lock file can't be used.
        SettingsError: When a dialect table is wrong.
    """
    return _Build(project, options).result()


class _Build:
    def __init__(self, project: Project, options: BuildOptions) -> None:
        self.project, self.options = project, options
        self.lock_path = project.folder / LOCK_NAME
        self.memory_path = project.folder / HIDDEN / _MEMORY
        self.lock = read_lock(self.lock_path)
        self.memory = read_memory(self.memory_path)
        self.fresh = Memory()
        self.rules: dict[str, Rule] = {}
        self.involved: dict[str, str | None] = {}
        """Digests of files that were read or written, by path; none for what is missing."""
        self._names: dict[str, frozenset[str] | None] = {}
        self.accounted = True
        """Whether those are all."""

    def result(self) -> BuildResult:
        project = self.project
        listing = listing_of(project)
        layouts = {release: Layout(project, release) for release in project.fhir_versions}
        arguments = [(project.folder / source).as_posix() for source in project.sources]
        found = find_sources(arguments, exclude=self._no_pages(layouts.values()))
        done = BuildResult(
            found=found,
            pages=len(found.sources),
            one_file_each=len(project.outputs) == 1 and GATHERED.keys().isdisjoint(project.outputs),
        )
        made: dict[str, Written] = {}
        kept: set[str] = set()
        for release, layout in layouts.items():
            self._release(done, release, layout, made, kept)
        self._write_guide(done, made)
        self._settle(done, made, kept)
        self._account(done, listing)
        return done

    def _account(self, done: BuildResult, listing: str) -> None:
        """Leave what tells the next build that it has nothing to do."""
        about = about_of(self.project)
        kept = as_kept(done, about, self.options.today, listing, self.involved) if self.accounted else None
        if kept is not None:
            self.options.keep(self.project.folder / UNCHANGED, kept)

    def names_in(self, folder: str) -> frozenset[str] | None:
        """Return the names in a folder, casefolded, where it can be listed; once a build."""
        if folder not in self._names:
            try:
                self._names[folder] = frozenset(map(str.casefold, os.listdir(folder)))  # noqa: PTH208  names only
            except OSError:
                self._names[folder] = None
        return self._names[folder]

    def involve(self, path: str | Path, sha256: str | None) -> None:
        """Take note of a file that the result depends on."""
        self.involved[os.fspath(path)] = sha256

    def _write_guide(self, done: BuildResult, made: dict[str, Written]) -> None:
        """Bring the files of the guide up to date."""
        remembered = self.fresh.sources.get(self.project.guide_release, {}).values()
        listed = [
            Listed._make([*each[:-1], tuple(each[-1])])
            for known in remembered
            for each in known.listed
            if known.files
        ]
        done.guide = guide = plan_guide_files(self.project, listed, self._rules_of)
        done.switches = guide.switches
        for name, data in guide.files.items():
            self.involve(self.project.folder / name, hashlib.sha256(data).hexdigest())
        everything = self.project.file.name
        owned = {
            name: Written((hashlib.sha256(guide.files[name]).hexdigest(),), everything)
            for name in guide.owned
        }
        coming = {name: written for name, written in owned.items() if name in guide.changes}
        if coming:
            self.lock = self.lock.ahead(coming)
            self.options.keep(self.lock_path, self.lock.render())
        for name in guide.changes:
            self.options.keep(self.project.folder / name, guide.files[name])
        made |= owned

    @staticmethod
    def _rules_of(code: str) -> list[Rule]:
        return [rule for rule in all_rules() if rule.code.startswith(code)]

    def _no_pages(self, layouts: Iterable[Layout]) -> Iterator[Path]:
        """Yield the files and folders that a search for pages passes over."""
        project = self.project
        yield from (*project.settings.dialect_tables, project.file)
        if project.settings.narrative_templates is not None:
            yield project.settings.narrative_templates
        for layout in layouts:
            yield from (project.folder / layout.folders[name] for name in layout.own)
            yield from (project.folder / path for path in layout.gathered.values())

    def _release(
        self,
        done: BuildResult,
        release: FhirVersion,
        layout: Layout,
        made: dict[str, Written],
        kept: set[str],
    ) -> None:
        root, everything = self.project.folder, self.project.file.name
        settings = replace(self.project.settings, fhir_version=release, exceptions=())
        work = _Work(self, release, layout, settings, self.options.today)
        target = Target(
            folder=root,
            open_folder=lambda root: Folders(root, list(layout.folders.values()), self.options.open_folder),
            fhir_version=release,
            gathering=nullcontext() if work.collected is None else work.collected,
        )

        def before_writing(run_: RunResult) -> None:
            coming = {
                file.name: Written(work.known_sha256(file.name), self._relative_source(each.source))
                for each in run_.written
                for file in each.files
                if file.change is not Change.UNCHANGED and not layout.is_hidden(file.name)
            }
            coming |= {
                each.planned.name: Written((each.sha256,), everything)
                for each in run_.gathered
                if each.planned.change is not Change.UNCHANGED
            }
            if coming:
                self.lock = self.lock.ahead(coming)
                self.options.keep(self.lock_path, self.lock.render())

        run_ = run(
            work.results(done.found.sources),
            target,
            on_result=lambda result: self.options.on_result(release, result),
            before_writing=before_writing,
        )
        work.remember(run_)
        run_.written = [visible for each in run_.written if (visible := _visible(each)).files]
        for each in run_.written:
            source = self._relative_source(each.source)
            made |= {file.name: Written((work.sha256(file.name),), source) for file in each.files}
        made |= {each.planned.name: Written((each.sha256,), everything) for each in run_.gathered}
        # What can't be made just now is not gone.
        failed = {self._relative_source(name) for name in work.failed}
        failed |= {self._relative_source(source) for source, _ in run_.collisions}
        if failed and not run_.gathered:
            failed.add(everything)
        kept |= {path for path, written in self.lock.files.items() if written.source in failed}
        done.releases.append(
            ReleaseResult(
                release=release,
                folder=root,
                run=run_,
                converted=work.converted,
                findings=work.excused(),
                errors=tuple(work.errors),
            )
        )

    def _settle(self, done: BuildResult, made: dict[str, Written], kept: set[str]) -> None:
        """Find what former builds made and this one doesn't, and write the lock file."""
        stale = [path for path in self.lock.files if path not in made and path not in kept]
        present = [path for path in stale if (self.project.folder / path).is_file()]
        changed = [path for path in present if not self._is_ours(path)]
        removed: list[str] = []
        if self.options.remove is not None:
            for path in present:
                if path not in changed:
                    self.options.remove(self.project.folder / path)
                    removed.append(path)
        done.stale = tuple(path for path in present if path not in removed)
        done.changed_since = tuple(changed)
        done.removed = tuple(removed)
        remain = {path: self.lock.files[path] for path in (*kept, *done.stale)}
        final = Lock({**remain, **made}).render()
        before = self.lock_path.read_bytes() if self.lock_path.is_file() else None
        if final != before:
            done.lock = Change.NEW if before is None else Change.CHANGED
            self.options.keep(self.lock_path, final)
        remembered = self.fresh.render()
        self.involve(self.lock_path, hashlib.sha256(final).hexdigest())
        self.involve(self.memory_path, hashlib.sha256(remembered).hexdigest())
        if not self.memory_path.is_file() or self.memory_path.read_bytes() != remembered:
            self.options.keep(self.memory_path, remembered)

    def _is_ours(self, path: str) -> bool:
        return (digest_of_file(str(self.project.folder / path)) or "") in self.lock.files[path].sha256

    def _relative_source(self, name: str) -> str:
        return below(self.project.folder.as_posix(), name)

    def rule_of(self, code: str) -> Rule:
        """Return the rule that a finding which was kept is of."""
        if not self.rules:
            self.rules = {rule.code: rule for rule in all_rules()}
        return self.rules[code]


class _Work:
    """The sources of a build for one FHIR release."""

    def __init__(
        self, build_: _Build, release: FhirVersion, layout: Layout, settings: Settings, today: str
    ) -> None:
        self.build, self.release, self.layout = build_, release, layout
        self.root = build_.project.folder.as_posix()
        self.job = Job(settings=settings, today=today, formats=layout.formats)
        self.settings_digest = digest_of_settings(settings, layout)
        self.collected: Collected | None = None
        if layout.gathered:
            self.collected = Collected(
                layout.gathered,
                settings,
                before=build_.memory.gathered.get(release, {}),
                digest_of=self._standing,
            )
        self.converted = 0
        self.failed: list[str] = []
        self.errors: list[TermsmithError] = []
        self._wanted: set[str] = set()
        """Sources that have files, written or not."""
        self._files: dict[str, ResourceFile] = {}
        self._checked: list[CheckedSource] = []
        self._kept: dict[str, Remembered] = {}
        self._together: list[tuple[str, Finding]] = []

    def results(self, sources: Sequence[LocalSource]) -> Iterator[PageResult]:
        """Yield what the sources give, those that are as they were without converting them."""
        for source in sources:
            result = self._result(source)
            if result.files:
                self._wanted.add(source.name)
            for file in result.files:
                # Bytes are needed no more once they are staged, only what they are.
                if file.standing is not None:
                    self._files[file.name] = file
                    continue
                sha256 = None if file.write is not None else file.sha256
                self._files[file.name] = replace(file, data=b"", standing=sha256)
            if result.error is not None:
                self.failed.append(source.name)
                self.errors.append(result.error)
            elif not result.files:
                self.failed.append(source.name)
            # Parts were collected; digests are compared for all sources together.
            yield replace(result, digests=(), parts=()) if result.digests or result.parts else result

    def _standing(self, name: str) -> str | None:
        return digest_of_file(self.path_of(name))

    def path_of(self, name: str) -> str:
        """Return the path of a file that is named relative to the project."""
        return os.path.join(self.root, name)  # noqa: PTH118  thousands of paths

    def _result(self, source: LocalSource) -> PageResult:
        try:
            read = read_source(source)
        except SourceError as error:
            return PageResult(source=source.name, error=error)
        self._involve(source, read)
        known = self.build.memory.recall(self.release, source.name)
        files = _watched(self._files_of(source), known)
        try:
            key = self._key(source, read, files)
        except SourceError as error:
            return PageResult(source=source.name, error=error)
        if known is not None and known.key == key and known.day in {None, self.job.today}:
            result = self._recalled(known, source.name)
            if result is not None:
                self._kept[source.name] = known
                return result
        self.converted += 1
        result = convert_read_source(source, read, self.job, files)
        if self.collected is not None:
            self.collected.take(result)
        placed = tuple(replace(file, name=self.layout.path_of(file.name)) for file in result.files)
        result = replace(result, files=placed)
        if result.error is None:
            codes = {finding.code for finding in result.findings}
            self._kept[source.name] = Remembered(
                key=self._key(source, read, files),
                files=(),  # when it is known that they are written
                findings=tuple(map(finding_entry, result.findings)),
                digests=tuple(map(digest_entry, result.digests)),
                parts=tuple(map(part_entry, result.parts)),
                listed=tuple(map(list, result.listed)),
                dialect=result.dialect,
                also=tuple(files.opened),
                day=self.job.today if _DATED in codes else None,
            )
        self._note(source.name, result.files, result.findings)
        return result

    def _files_of(self, source: LocalSource) -> ConceptFiles:
        if source.path is None:
            return files_of_page(None, source.name)
        folder = os.path.dirname(source.path)  # noqa: PTH120  thousands of paths
        return files_of_page(source.path, source.name, neighbours=self.build.names_in(folder or "."))

    def _involve(self, source: LocalSource, read: SourceBytes) -> None:
        if source.path is None or len(read.data) > PAGE_LIMIT:
            self.build.accounted = False
            return
        self.build.involve(source.path, hashlib.sha256(read.data).hexdigest())
        if source.sidecar is not None and read.sidecar is not None:
            self.build.involve(source.sidecar, hashlib.sha256(read.sidecar).hexdigest())

    def _sha256_text(self, path: Path) -> bytes:
        sha256 = digest_of_file(os.fspath(path))
        self.build.involve(path, sha256)
        return (sha256 or "").encode()

    def _recalled(self, known: Remembered, source: str) -> PageResult | None:
        """Return what is known of a source, if its files stand as they were written."""
        files = []
        for file in known.files:
            if self._standing(file.name) != file.sha256:
                return None
            files.append(ResourceFile(type=file.type, id=file.id, name=file.name, standing=file.sha256))
        try:
            findings = tuple(recalled_finding(entry, self.build.rule_of) for entry in known.findings)
        except KeyError:
            return None
        if self.collected is not None:
            sha256 = {file.name: file.sha256 for file in known.files}
            for part in map(recalled_part, known.parts):
                name = self.layout.path_of(part.file.name)
                self.collected.add_standing(source, part, Path(self.path_of(name)), sha256[name])
        self._note(source, files, findings)
        return PageResult(source=source, dialect=known.dialect, files=tuple(files), findings=findings)

    def _key(self, source: LocalSource, read: SourceBytes, files: _WatchedFiles) -> str:
        parts = [source.name.encode(), read.data, read.sidecar or b"", (source.sidecar_name or "").encode()]
        for file in (files.given, files.beside):
            parts += [b"", b""] if file is None else [file.name.encode(), self._sha256_text(file.path)]
        for name in files.opened:
            parts += [name.encode(), self._sha256_text(Path(name))]
        return key_of(self.settings_digest, parts)

    def _note(self, source: str, files: Sequence[ResourceFile], findings: Sequence[Finding]) -> None:
        resources = tuple(
            CheckedResource.of_page(file.type, file.id, self.release)
            for file in {(file.type, file.id): file for file in files}.values()
        )
        self._checked.append(CheckedSource(source=source, resources=resources, findings=tuple(findings)))

    def known_sha256(self, name: str) -> tuple[str, ...]:
        """Return the digest of a file that is going to be written, as far as it is known by then."""
        standing = self._files[name].standing
        return () if standing is None else (standing,)

    def sha256(self, name: str) -> str:
        """Return the digest of a file that is written."""
        return self._files[name].standing or self._standing(name) or ""

    def remember(self, run_: RunResult) -> None:
        """Keep what was converted for the next build, and compare the resources of all sources."""
        written = {each.source: each.files for each in run_.written}
        for source, known in self._kept.items():
            names = [file.name for file in written.get(source, ())]
            if source in self._wanted and not names:
                continue  # another source wants its files; that is to be told again
            files = tuple(
                RememberedFile(
                    type=self._files[name].type,
                    id=self._files[name].id,
                    name=name,
                    sha256=self.sha256(name),
                )
                for name in names
            )
            self.build.fresh.keep(self.release, source, replace(known, files=files))
            for file in files:
                self.build.involve(self.path_of(file.name), file.sha256)
        for each in run_.gathered:
            self.build.involve(self.path_of(each.planned.name), each.sha256)
        if self.collected is not None:
            self.build.fresh.gathered[self.release] = self.collected.made
        self._compare(run_, written)

    def _compare(self, run_: RunResult, written: dict[str, Any]) -> None:
        compared = [(source, known) for source, known in self._kept.items() if source in written]
        key = key_of("", (known.key.encode() for _, known in compared))
        before = self.build.memory.together.get(self.release)
        if before is not None and before[0] == key:
            entries = before[1]
        else:
            digests = (recalled_digest(entry) for _, known in compared for entry in known.digests)
            entries = [
                (fault.hit.digest.source, finding_entry(replace(relation_finding(fault), pointer=None)))
                for fault in relation_faults(digests)
            ]
        self.build.fresh.together[self.release] = (key, entries)
        run_.together = [(source, recalled_finding(entry, self.build.rule_of)) for source, entry in entries]
        for source, finding in [*run_.together, *run_.collisions]:
            self._checked.append(CheckedSource(source=source, findings=(finding,)))

    def excused(self) -> tuple[tuple[str, tuple[Finding, ...]], ...]:
        """Return the findings that no exception covers, and those about exceptions."""
        checked: Sequence[CheckedSource] = self._checked
        exceptions = self.build.project.settings.exceptions
        if exceptions:
            checked = excuse(self._checked, exceptions, self.job.today)
        return tuple((each.source, each.findings) for each in checked if each.findings)


@dataclass(frozen=True, slots=True, kw_only=True)
class _WatchedFiles(ConceptFiles):
    """The files of concepts of a page, taking note of those that its sidecar names."""

    opened: list[str] = field(default_factory=list)
    """As the user gave them; at first those of the last build."""

    def named(self, name: str) -> ConceptFile:
        """Return the file that a sidecar names."""
        file = ConceptFiles.named(self, name)  # super() does not work in a class with slots
        if file.name not in self.opened:
            self.opened.append(file.name)
        return file


def _watched(files: ConceptFiles, known: Remembered | None) -> _WatchedFiles:
    given = {each.name: getattr(files, each.name) for each in fields(ConceptFiles)}
    return _WatchedFiles(**given, opened=[] if known is None else list(known.also))


def _visible(each: SourceFiles) -> SourceFiles:
    return replace(each, files=tuple(file for file in each.files if not Layout.is_hidden(file.name)))
