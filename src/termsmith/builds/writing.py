"""Writing the files of a build, with a lock file that is true at each moment."""

from __future__ import annotations

import hashlib
from contextlib import nullcontext
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

from termsmith.builds.belonging import foreign, led_away
from termsmith.builds.layout import Folders, Layout, below
from termsmith.builds.lock import LOCK_NAME, Lock, Written, damaged, read_lock
from termsmith.builds.unchanged import digest_of_file
from termsmith.errors import OutputError
from termsmith.outputs.files import Change
from termsmith.run import RunResult, SourceFiles, Target, run

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from termsmith.builds.bookkeeping import Bookkeeping
    from termsmith.builds.options import BuildOptions
    from termsmith.builds.release_work import ReleaseWork
    from termsmith.outputs.files import PlannedFile
    from termsmith.outputs.gathered import GatheredFile
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

        Raises:
            OutputError: When the disk refuses; OUT013, before anything of this release is written, when a
                file of the user's is in the way.
        """
        layout, root = work.layout, self.project.folder
        target = Target(
            folder=root,
            open_folder=lambda root: Folders(root, list(layout.folders.values()), self.options.open_folder),
            fhir_version=work.release,
            gathering=nullcontext() if work.collected is None else work.collected,
        )

        def before_writing(run_: RunResult) -> None:
            changed = [
                each.name
                for each in (
                    *chain.from_iterable(one.files for one in run_.written),
                    *map(_planned, run_.gathered),
                )
                if each.change is Change.CHANGED and not layout.is_hidden(each.name)
            ]
            strange = [name for name in changed if not self.is_ours(name, work.remembered_sha256(name))]
            if strange:
                raise not_ours(self.project, strange)
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

    def is_ours(self, name: str, remembered: str | None = None) -> bool:
        """Tell whether a build of this project wrote a file that is there, whatever it holds by now.

        Args:
            name: Relative to the project.
            remembered: Digest of what the last build wrote there, for projects that lost their lock file.
        """
        if name in self.lock.files:
            return True
        return remembered is not None and digest_of_file(str(self.project.folder / name)) == remembered

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


def not_ours(project: Project, names: Sequence[str]) -> OutputError:
    """Return the error about files that are there, and that no build of the project wrote."""
    shown = [(project.folder / name).as_posix() for name in names]
    more = f" and {len(shown) - _NAMED:,} more" if len(shown) > _NAMED else ""
    are = (
        "are there already, hold something else, and are"
        if len(shown) > 1
        else "is there already, holds something else, and is"
    )
    return OutputError(
        "OUT013",
        f"{', '.join(shown[:_NAMED])}{more} {are} not in {LOCK_NAME}: no build of this project wrote that",
        "Move it, or name another place in [outputs]; what an earlier run of ours wrote may be deleted.",
    )


_NAMED = 3
"""Names of files that an error lists at most."""


def _planned(each: GatheredFile) -> PlannedFile:
    return each.planned


def _visible(each: SourceFiles) -> SourceFiles:
    return replace(each, files=tuple(file for file in each.files if not Layout.is_hidden(file.name)))
