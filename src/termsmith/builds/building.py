"""A build: each source for each FHIR release, only what has changed since the last build converted again."""

from __future__ import annotations

import hashlib
from contextlib import nullcontext
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import orjson

from termsmith.builds.bookkeeping import Bookkeeping
from termsmith.builds.guide_files import plan_guide_files
from termsmith.builds.layout import HIDDEN, Folders, Layout, below
from termsmith.builds.lock import LOCK_NAME, Lock, Written, read_lock
from termsmith.builds.memory import read_memory
from termsmith.builds.release_work import ReleaseWork
from termsmith.builds.result import BuildResult, ReleaseResult
from termsmith.builds.unchanged import NAME as UNCHANGED
from termsmith.builds.unchanged import as_kept, digest_of_file, listing_of
from termsmith.outputs.files import Change
from termsmith.outputs.formats import GATHERED
from termsmith.rules import all_rules
from termsmith.run import RunResult, SourceFiles, Target, run
from termsmith.sources.local import find_sources

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from termsmith.model.finding import Rule
    from termsmith.outputs.listed import Listed
    from termsmith.outputs.results import PageResult
    from termsmith.outputs.staging import Writer
    from termsmith.settings import FhirVersion, Project

_MEMORY = "memory.json"


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
        self.book = Bookkeeping(read_memory(self.memory_path))
        self.listed: dict[FhirVersion, list[Listed]] = {}

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
        self._account(done, listing, self._remember())
        return done

    def _account(self, done: BuildResult, listing: str, memory: str) -> None:
        """Leave what tells the next build that it has nothing to do."""
        kept = as_kept(
            self.project, done, self.book, today=self.options.today, listing=listing, memory=memory
        )
        if kept is not None:
            self.options.keep(self.project.folder / UNCHANGED, orjson.dumps(kept))

    def _write_guide(self, done: BuildResult, made: dict[str, Written]) -> None:
        """Bring the files of the guide up to date."""
        listed = self.listed.get(self.project.guide_release, ())
        done.guide = guide = plan_guide_files(self.project, listed, self._rules_of)
        done.switches = guide.switches
        for name, data in guide.files.items():
            self.book.involve(self.project.folder / name, hashlib.sha256(data).hexdigest())
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
        work = ReleaseWork(self.book, self.project, layout, settings, self.options.today)
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
        work.compare(run_)
        self.listed[release] = work.listed
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
                told=work.told(run_.collisions),
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
        self.book.involve(self.lock_path, hashlib.sha256(final).hexdigest())

    def _remember(self) -> str:
        """Keep what the next build may use; return its digest."""
        remembered = self.book.fresh.render()
        if not self.memory_path.is_file() or self.memory_path.read_bytes() != remembered:
            self.options.keep(self.memory_path, remembered)
        return hashlib.sha256(remembered).hexdigest()

    def _is_ours(self, path: str) -> bool:
        return (digest_of_file(str(self.project.folder / path)) or "") in self.lock.files[path].sha256

    def _relative_source(self, name: str) -> str:
        return below(self.project.folder.as_posix(), name)


def _visible(each: SourceFiles) -> SourceFiles:
    return replace(each, files=tuple(file for file in each.files if not Layout.is_hidden(file.name)))
