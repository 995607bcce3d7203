"""A build: each source for each FHIR release, only what has changed since the last build converted again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from termsmith.batch import Job, convert_read_source
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
from termsmith.checks.exceptions import excuse
from termsmith.checks.relations.checking import relation_faults, relation_finding
from termsmith.errors import SourceError
from termsmith.model.checked import CheckedResource, CheckedSource
from termsmith.outputs.files import Change, ResourceFile
from termsmith.outputs.results import PageResult
from termsmith.rules import all_rules
from termsmith.run import RunResult, Target, run
from termsmith.sources.concept_files import ConceptFiles, files_of_page
from termsmith.sources.local import find_sources, read_source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from termsmith.errors import TermsmithError
    from termsmith.model.finding import Finding, Rule
    from termsmith.outputs.staging import Writer
    from termsmith.settings import FhirVersion, Project, Settings
    from termsmith.sources.concept_files import ConceptFile
    from termsmith.sources.local import Found, LocalSource, SourceBytes

HIDDEN = ".termsmith"
"""Folder of a project for what only saves time; may be deleted at any moment."""
_MEMORY = "memory.json"
_DATED = "RES003"
"""Finding of a resource that has the day's date in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseResult:
    """What a build did for one FHIR release."""

    release: FhirVersion
    folder: Path
    run: RunResult
    converted: int
    """Sources that were converted; the others are as they were."""
    findings: tuple[tuple[str, tuple[Finding, ...]], ...]
    """Source and its findings, in the order of the sources; those that exceptions cover left out."""
    errors: tuple[TermsmithError, ...] = ()
    """Why sources can't be read."""


@dataclass(slots=True, kw_only=True)
class BuildResult:
    """What a build did."""

    found: Found
    releases: list[ReleaseResult] = field(default_factory=list)
    stale: tuple[str, ...] = ()
    """Files of former builds that this one no longer makes, relative to the project."""
    changed_since: tuple[str, ...] = ()
    """Those of them that somebody has changed; they are never removed."""
    removed: tuple[str, ...] = ()
    lock: Change = Change.UNCHANGED

    @property
    def differs(self) -> bool:
        """Whether anything on the disk is not what this build makes."""
        return (
            any(each.run.differs for each in self.releases)
            or self.lock is not Change.UNCHANGED
            or bool(self.stale)
        )


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

    def result(self) -> BuildResult:
        project = self.project
        folders = [project.folder_of(project.json_folder, release) for release in project.fhir_versions]
        arguments = [(project.folder / source).as_posix() for source in project.sources]
        found = find_sources(arguments, exclude=(*folders, *project.settings.dialect_tables, project.file))
        done = BuildResult(found=found)
        made: dict[str, Written] = {}
        kept: set[str] = set()
        for release, folder in zip(project.fhir_versions, folders, strict=True):
            self._release(done, release, folder, made, kept)
        self._settle(done, made, kept)
        return done

    def _release(
        self, done: BuildResult, release: FhirVersion, folder: Path, made: dict[str, Written], kept: set[str]
    ) -> None:
        settings = replace(self.project.settings, fhir_version=release, exceptions=())
        work = _Work(self, release, folder, settings, self.options.today)
        target = Target(folder=folder, open_folder=self.options.open_folder, fhir_version=release)

        def before_writing(run_: RunResult) -> None:
            coming = {
                self._relative(folder / file.name): Written(
                    work.known_sha256(file.name), self._relative_source(each.source)
                )
                for each in run_.written
                for file in each.files
                if file.change is not Change.UNCHANGED
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
        for each in run_.written:
            for file in each.files:
                path = self._relative(folder / file.name)
                made[path] = Written((work.sha256(file.name),), self._relative_source(each.source))
        # What can't be made just now is not gone.
        failed = {self._relative_source(name) for name in work.failed}
        failed |= {self._relative_source(source) for source, _ in run_.collisions}
        kept |= {path for path, written in self.lock.files.items() if written.source in failed}
        done.releases.append(
            ReleaseResult(
                release=release,
                folder=folder,
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
        if not self.memory_path.is_file() or self.memory_path.read_bytes() != remembered:
            self.options.keep(self.memory_path, remembered)

    def _is_ours(self, path: str) -> bool:
        return sha256_of(self.project.folder / path) in self.lock.files[path].sha256

    def _relative(self, path: Path) -> str:
        return _below(self.project.folder.as_posix(), path.as_posix())

    def _relative_source(self, name: str) -> str:
        return _below(self.project.folder.as_posix(), name)

    def rule_of(self, code: str) -> Rule:
        """Return the rule that a finding which was kept is of."""
        if not self.rules:
            self.rules = {rule.code: rule for rule in all_rules()}
        return self.rules[code]


class _Work:
    """The sources of a build for one FHIR release."""

    def __init__(
        self, build_: _Build, release: FhirVersion, folder: Path, settings: Settings, today: str
    ) -> None:
        self.build, self.release, self.folder = build_, release, folder
        self.job = Job(settings=settings, today=today)
        self.settings_digest = _digest_of(settings)
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
                sha256 = None if file.write is not None else file.sha256
                self._files[file.name] = replace(file, data=b"", standing=sha256)
            if result.error is not None:
                self.failed.append(source.name)
                self.errors.append(result.error)
            elif not result.files:
                self.failed.append(source.name)
            yield replace(result, digests=())

    def _result(self, source: LocalSource) -> PageResult:
        try:
            read = read_source(source)
        except SourceError as error:
            return PageResult(source=source.name, error=error)
        known = self.build.memory.recall(self.release, source.name)
        files = _watched(files_of_page(source.path, source.name), known)
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
        if result.error is None:
            codes = {finding.code for finding in result.findings}
            self._kept[source.name] = Remembered(
                key=self._key(source, read, files),
                files=(),  # when it is known that they are written
                findings=tuple(map(finding_entry, result.findings)),
                digests=tuple(map(digest_entry, result.digests)),
                dialect=result.dialect,
                also=tuple(files.opened),
                day=self.job.today if _DATED in codes else None,
            )
        self._note(source.name, result.files, result.findings)
        return result

    def _recalled(self, known: Remembered, source: str) -> PageResult | None:
        """Return what is known of a source, if its files stand as they were written."""
        files = []
        for file in known.files:
            if sha256_of(self.folder / file.name) != file.sha256:
                return None
            files.append(ResourceFile(type=file.type, id=file.id, name=file.name, standing=file.sha256))
        try:
            findings = tuple(recalled_finding(entry, self.build.rule_of) for entry in known.findings)
        except KeyError:
            return None
        self._note(source, files, findings)
        return PageResult(source=source, dialect=known.dialect, files=tuple(files), findings=findings)

    def _key(self, source: LocalSource, read: SourceBytes, files: _WatchedFiles) -> str:
        parts = [source.name.encode(), read.data, read.sidecar or b"", (source.sidecar_name or "").encode()]
        for file in (files.given, files.beside):
            parts += [b"", b""] if file is None else [file.name.encode(), _sha256_text(file.path)]
        for name in files.opened:
            parts += [name.encode(), _sha256_text(Path(name))]
        return key_of(self.settings_digest, parts)

    def _note(self, source: str, files: Sequence[ResourceFile], findings: Sequence[Finding]) -> None:
        resources = tuple(
            CheckedResource(
                type=file.type,
                id=file.id,
                pointer="",
                fhir_version=self.release,
                version_reason="converted from the page",
            )
            for file in files
        )
        self._checked.append(CheckedSource(source=source, resources=resources, findings=tuple(findings)))

    def known_sha256(self, name: str) -> tuple[str, ...]:
        """Return the digest of a file that is going to be written, as far as it is known by then."""
        standing = self._files[name].standing
        return () if standing is None else (standing,)

    def sha256(self, name: str) -> str:
        """Return the digest of a file that is written."""
        return self._files[name].standing or sha256_of(self.folder / name) or ""

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


def sha256_of(path: Path) -> str | None:
    """Return the digest of a file's bytes, in hexadecimal; nothing when it can't be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def _sha256_text(path: Path) -> bytes:
    return (sha256_of(path) or "").encode()


def _below(folder: str, path: str) -> str:
    return path if folder == "." else path.removeprefix(f"{folder}/")


def _digest_of(settings: Settings) -> str:
    digest = hashlib.sha256(repr(settings).encode())
    for table in settings.dialect_tables:
        digest.update(table.read_bytes() if table.is_file() else b"")
    return digest.hexdigest()
