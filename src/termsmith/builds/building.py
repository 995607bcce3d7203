"""A build: each source for each FHIR release, only what has changed since the last build converted again."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from termsmith.builds.bookkeeping import Bookkeeping
from termsmith.builds.guide_files import plan_guide_files
from termsmith.builds.layout import Layout
from termsmith.builds.lock import Written
from termsmith.builds.memory import read_memory
from termsmith.builds.release_work import ReleaseWork
from termsmith.builds.result import BuildResult, ReleaseResult
from termsmith.builds.starting import generated_folders
from termsmith.builds.unchanged import as_kept, digest_of_file, leave, listing_of
from termsmith.builds.writing import Writing, not_ours
from termsmith.outputs.files import Change
from termsmith.outputs.formats import GATHERED
from termsmith.rules import all_rules
from termsmith.sources.local import find_sources

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from termsmith.builds.options import BuildOptions
    from termsmith.model.finding import Rule
    from termsmith.outputs.listed import Listed
    from termsmith.settings import FhirVersion, Project


def build(project: Project, options: BuildOptions) -> BuildResult:
    """Convert what has changed, for each FHIR release, and write what that changes.

    Raises:
        OutputError: When the disk refuses; OUT010 or OUT011, when the lock file can't be used; OUT013, when a
            file of the user's is in the way.
        SettingsError: When a dialect table or a file of the guide is wrong.
    """
    return _Build(project, options).result()


class _Build:
    def __init__(self, project: Project, options: BuildOptions) -> None:
        self.project, self.options = project, options
        self.writing = Writing(project, options)
        self.book = Bookkeeping(read_memory(project.folder))
        self.listed: dict[FhirVersion, list[Listed]] = {}

    def result(self) -> BuildResult:
        project = self.project
        # What is wrong with files of the guide stops a build before anything is written.
        plan_guide_files(project, (), self._rules_of)
        listing = listing_of(project)
        layouts = {release: Layout(project, release) for release in project.fhir_versions}
        arguments = [(project.folder / source).as_posix() for source in project.sources]
        found = find_sources(arguments, exclude=self._no_pages(layouts.values()))
        for left in found.left_out:
            if left.looked_into is not None:
                # It may become a page without that any name changes.
                self.book.involve(left.looked_into, digest_of_file(str(left.looked_into)))
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
        account = as_kept(project, done, self.book, today=self.options.today, listing=listing)
        leave(project, self.options, self.book, account)
        return done

    def _write_guide(self, done: BuildResult, made: dict[str, Written]) -> None:
        """Bring the files of the guide up to date."""
        listed = self.listed.get(self.project.guide_release, ())
        done.guide = guide = plan_guide_files(self.project, listed, self._rules_of)
        strange = [
            name
            for name in sorted(guide.owned)
            if guide.changes.get(name) is Change.CHANGED and not self.writing.is_ours(name)
        ]
        done.refused = tuple(not_ours(self.project, [name]) for name in strange)
        guide.leave(strange)
        done.switches = guide.switches
        for name, data in guide.files.items():
            self.book.involve(self.project.folder / name, hashlib.sha256(data).hexdigest())
        everything = self.writing.everything
        owned = {
            name: Written((hashlib.sha256(guide.files[name]).hexdigest(),), everything)
            for name in sorted(guide.owned)
        }
        self.writing.announce({name: written for name, written in owned.items() if name in guide.changes})
        for name in guide.changes:
            write = self.options.keep if name in guide.owned else self.options.update
            write(self.project.folder / name, guide.files[name])
        made |= owned

    @staticmethod
    def _rules_of(code: str) -> list[Rule]:
        return [rule for rule in all_rules() if rule.code.startswith(code)]

    def _no_pages(self, layouts: Collection[Layout]) -> Iterator[Path]:
        """Yield the files and folders that a search for pages passes over."""
        project = self.project
        yield from (*project.settings.dialect_tables, project.file)
        if project.settings.narrative_templates is not None:
            yield project.settings.narrative_templates
        yield from generated_folders(project.folder)
        for layout in layouts:
            yield from (project.folder / layout.folders[name] for name in layout.own)
            yield from (project.folder / path for path in layout.gathered.values())
        # What former builds left elsewhere, unless somebody has made a page of it.
        own = {layout.folders[name] for layout in layouts for name in layout.own}
        for path in self.writing.lock.files:
            if path.rpartition("/")[0] not in own and self._is_ours(path):
                yield project.folder / path

    def _release(
        self,
        done: BuildResult,
        release: FhirVersion,
        layout: Layout,
        made: dict[str, Written],
        kept: set[str],
    ) -> None:
        work = ReleaseWork(self.book, self.project, layout, release, self.options.today)
        run_, files = self.writing.run(work, work.results(done.found.sources))
        work.compare(run_)
        self.listed[release] = work.listed
        made |= files
        # What can't be made just now is not gone.
        failed = {self.writing.source(name) for name in work.failed}
        failed |= {self.writing.source(source) for source, _ in run_.collisions}
        if failed and not run_.gathered:
            failed.add(self.writing.everything)
        kept |= {path for path, written in self.writing.lock.files.items() if written.source in failed}
        done.releases.append(
            ReleaseResult(
                release=release,
                folder=self.project.folder,
                run=run_,
                converted=work.converted,
                told=work.told(run_.collisions),
                errors=tuple(work.errors),
            )
        )

    def _settle(self, done: BuildResult, made: dict[str, Written], kept: set[str]) -> None:
        """Find what former builds made and this one doesn't, and write the lock file."""
        stale = [path for path in self.writing.lock.files if path not in made and path not in kept]
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
        remain = {path: self.writing.lock.files[path] for path in (*kept, *done.stale)}
        done.lock = self.writing.settle({**remain, **made}, self.book)

    def _is_ours(self, path: str) -> bool:
        return (digest_of_file(str(self.project.folder / path)) or "") in self.writing.lock.files[path].sha256
