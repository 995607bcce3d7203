"""Writing the files of a build, with a lock file that is true at each moment."""

from __future__ import annotations

import hashlib
from contextlib import nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING

from termsmith.builds.belonging import foreign, led_away
from termsmith.builds.layout import Folders, Layout, below
from termsmith.builds.lock import LOCK_NAME, Lock, Written, damaged, read_lock
from termsmith.outputs.files import Change
from termsmith.run import RunResult, SourceFiles, Target, run

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from termsmith.builds.bookkeeping import Bookkeeping
    from termsmith.builds.options import BuildOptions
    from termsmith.builds.release_work import ReleaseWork
    from termsmith.outputs.results import PageResult
    from termsmith.settings import Project


class Writing:
    """The files of one build, as they are written."""

    def __init__(self, project: Project, options: BuildOptions) -> None:
        """Read the lock file.

        Raises:
            OutputError: OUT010 or OUT011, when it can't be used.
        """
        self.project, self.options = project, options
        self.lock_path = project.folder / LOCK_NAME
        self.lock = read_lock(self.lock_path)
        self._refuse_foreign()
        self.everything = project.file.name
        """In place of a source, for what is made of all of them."""

    def _refuse_foreign(self) -> None:
        """Refuse a lock file by which files would be removed that are not the project's."""
        name = foreign(self.lock.files, self.project)
        if name is not None:
            raise damaged(
                self.lock_path, f"{name!r} is outside of the project, and in no folder of its outputs"
            )
        name = None if self.options.remove is None else led_away(self.lock.files, self.project.folder)
        if name is not None:
            raise damaged(self.lock_path, f"a link leads {name!r} out of the project")

    def source(self, name: str) -> str:
        """Return a source relative to the project."""
        return below(self.project.folder.as_posix(), name)

    def run(self, work: ReleaseWork, results: Iterable[PageResult]) -> tuple[RunResult, dict[str, Written]]:
        """Write the files of the sources of one FHIR release.

        Returns:
            What was done, hidden files left out; and the files that there are now, for the lock file.
        """
        layout, root = work.layout, self.project.folder
        target = Target(
            folder=root,
            open_folder=lambda root: Folders(root, list(layout.folders.values()), self.options.open_folder),
            fhir_version=work.release,
            gathering=nullcontext() if work.collected is None else work.collected,
        )

        def before_writing(run_: RunResult) -> None:
            coming = {
                file.name: Written(work.known_sha256(file.name), self.source(each.source))
                for each in run_.written
                for file in each.files
                if file.change is not Change.UNCHANGED and not layout.is_hidden(file.name)
            }
            coming |= {
                each.planned.name: Written((each.sha256,), self.everything)
                for each in run_.gathered
                if each.planned.change is not Change.UNCHANGED
            }
            self.announce(coming)

        run_ = run(results, target, before_writing=before_writing)
        work.remember(run_)
        run_.written = [visible for each in run_.written if (visible := _visible(each)).files]
        made = {
            file.name: Written((work.sha256(file.name),), self.source(each.source))
            for each in run_.written
            for file in each.files
        }
        made |= {each.planned.name: Written((each.sha256,), self.everything) for each in run_.gathered}
        return run_, made

    def announce(self, coming: Mapping[str, Written]) -> None:
        """Have the lock file list what files are going to be, besides what they are."""
        if coming:
            self.lock = self.lock.ahead(coming)
            self.options.keep(self.lock_path, self.lock.render())

    def settle(self, files: Mapping[str, Written], book: Bookkeeping) -> Change:
        """Have the lock file list the files that there are; return what that changed."""
        final = Lock(dict(files)).render()
        book.involve(self.lock_path, hashlib.sha256(final).hexdigest())
        before = self.lock_path.read_bytes() if self.lock_path.is_file() else None
        if final == before:
            return Change.UNCHANGED
        self.options.keep(self.lock_path, final)
        return Change.NEW if before is None else Change.CHANGED


def _visible(each: SourceFiles) -> SourceFiles:
    return replace(each, files=tuple(file for file in each.files if not Layout.is_hidden(file.name)))
