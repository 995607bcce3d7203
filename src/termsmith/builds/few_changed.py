"""Builds in which only single sources have changed: those are converted, and nothing else is looked at.

What is known of all other sources stays as the last build left it. That holds as long as the changed ones
give files of the same names as before; otherwise all sources have to be looked at.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from termsmith.builds.bookkeeping import Bookkeeping
from termsmith.builds.layout import Layout
from termsmith.builds.memory import digest_of_files, read_memory
from termsmith.builds.release_work import ReleaseWork
from termsmith.builds.result import Told
from termsmith.builds.unchanged import leave, told_entry
from termsmith.builds.writing import Writing
from termsmith.collecting import paused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from termsmith.builds.options import BuildOptions
    from termsmith.builds.result import BuildResult
    from termsmith.builds.unchanged import LastBuild
    from termsmith.outputs.results import PageResult
    from termsmith.settings import FhirVersion, Project


def build_changed(project: Project, options: BuildOptions, last: LastBuild) -> BuildResult | None:
    """Convert the sources that have changed, and write what that changes.

    Returns:
        What the build did; nothing, and nothing is written, where all sources have to be looked at.

    Raises:
        OutputError: When the disk refuses; OUT010 or OUT011, when the lock file can't be used.
        SettingsError: When a dialect table is wrong.
    """
    layouts = {release: Layout(project, release) for release in project.fhir_versions}
    if any(layout.gathered for layout in layouts.values()):
        return None  # packages and Bundles hold the resources of all sources
    with paused():
        book = Bookkeeping(read_memory(project.folder))
        if book.memory.belongs_to != digest_of_files(last.kept["files"]):
            return None
        book.fresh = book.memory.copy()
    book.involved = {
        source: files for source, files in last.kept["files"].items() if source not in last.changed
    }
    done = _FewChanged(project, options, last, book)
    if not done.convert(layouts):
        return None
    with paused():
        return done.result()


class _FewChanged:
    def __init__(self, project: Project, options: BuildOptions, last: LastBuild, book: Bookkeeping) -> None:
        self.project, self.options, self.last, self.book = project, options, last, book
        self.work: dict[FhirVersion, tuple[ReleaseWork, list[PageResult]]] = {}

    def convert(self, layouts: dict[FhirVersion, Layout]) -> bool:
        """Convert the changed sources for all releases; tell whether nothing but their contents changes."""
        sources = [self.last.source(name) for name in self.last.changed]
        for kept in self.last.kept["releases"]:
            release = kept["release"]
            work = ReleaseWork(self.book, self.project, layouts[release], release, self.options.today)
            results = list(work.results(sources))
            self.work[release] = work, results
            if kept["contested"] or not all(self._is_as_before(work, each, kept) for each in results):
                return False
        return self.book.accounted

    def _is_as_before(self, work: ReleaseWork, result: PageResult, kept: dict[str, Any]) -> bool:
        """Tell whether a source gives what it gave, by name."""
        before = self.book.memory.recall(work.release, result.source)
        names = [file.name for file in result.files]
        if result.error is not None or before is None or names != kept["written"].get(result.source, []):
            return False
        guide = self.project.guide
        in_guide = (guide.sushi_config, guide.oid_map) != (None, None)
        return not in_guide or [*map(list, result.listed)] == [*map(list, before.listed)]

    def result(self) -> BuildResult:
        """Write the files, and leave what the next build needs."""
        writing, done = Writing(self.project, self.options), self.last.result
        kept: dict[str, Any] = {**self.last.kept, "releases": []}
        order = tuple(kept["sources"])
        files = dict(writing.lock.files)
        for index, (former, release) in enumerate(
            zip(self.last.kept["releases"], done.releases, strict=True)
        ):
            work, results = self.work[release.release]
            run_, made = writing.run(work, results)
            files |= made
            work.compare_again(self.last.changed, order)
            told = self._told(work, release.told, order)
            kept["releases"].append({**former, "told": self._told_entry(told, former["told"])})
            written = {each.source: each for each in run_.written}
            release.run.written = [written.get(each.source, each) for each in release.run.written]
            done.releases[index] = replace(release, converted=work.converted, told=told)
        done.lock = writing.settle(files, self.book)
        kept["files"] = self.book.involved
        leave(self.project, self.options, self.book, kept)
        return done

    def _told(self, work: ReleaseWork, former: Told, order: Sequence[str]) -> Told:
        """Return the findings on all sources."""
        if self.project.settings.exceptions:
            # Whether an exception is of any use depends on all findings.
            work.note_all(order)
            return work.told()
        told = work.told()
        pages = {source: found for source, found in former.pages if source not in self.last.changed}
        pages |= dict(told.pages)
        in_order = tuple((source, pages[source]) for source in order if source in pages)
        return Told(pages=in_order, together=told.together, others=former.others)

    def _told_entry(self, told: Told, former: Mapping[str, Any]) -> dict[str, Any]:
        """Return the findings on all sources as they are kept; those that are as they were need no work."""
        if self.project.settings.exceptions:
            return told_entry(told)
        changed = tuple(each for each in told.pages if each[0] in self.last.changed)
        new = told_entry(replace(told, pages=changed))
        pages = dict(former["pages"]) | dict(new["pages"])
        return {**new, "pages": [[source, pages[source]] for source, _ in told.pages]}
