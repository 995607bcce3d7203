"""Files of concepts: named on the command line or in the sidecar, or found beside the page."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, TypeAlias

from termsmith.errors import SourceError
from termsmith.sources.local import TABLES, shown_path

if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import BinaryIO

EXTENSIONS = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".json", ".xml")
"""Of files beside a page, in the order in which they are looked for: ``dicom.concepts.csv``."""


OnRows: TypeAlias = Callable[[str, int, int | None], None]
"""Is told of a table's rows while it is read: name of the file, rows so far, and rows in all where known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConceptFile:
    """A file that holds the concepts of a code system."""

    name: str
    """Path as the user gave it, with ``/`` between its parts."""
    path: Path
    on_rows: OnRows | None = field(default=None, compare=False, repr=False)
    """Told how far reading has come."""

    def open(self) -> BinaryIO:
        """Open the file to read its bytes.

        Raises:
            SourceError: SRC002, when it can't be read.
        """
        try:
            return self.path.open("rb")
        except OSError as error:
            why = error.strerror or str(error)
            raise SourceError("SRC002", f"{self.name}: can't be read: {why}", "Check the path.") from error


def concept_file(path: str | Path) -> ConceptFile:
    """Return the file at a path.

    Raises:
        SourceError: SRC001, when there is none.
    """
    file = ConceptFile(name=shown_path(path), path=Path(path))
    if not os.path.isfile(file.path):  # noqa: PTH113  so that a name that no file can have is not there
        raise SourceError("SRC001", f"{file.name}: no such file", "Check the path.")
    return file


@dataclass(frozen=True, slots=True, kw_only=True)
class ConceptFiles:
    """The files that a page's concepts may be in."""

    given: ConceptFile | None = None
    """Named on the command line; goes before all others."""
    beside: ConceptFile | None = None
    """``dicom.concepts.csv`` beside ``dicom.txt``."""
    others_beside: tuple[str, ...] = ()
    """Further files of concepts beside the page, which are not read."""
    folder: str = ""
    """Folder of the page as the user gave it, with a slash at the end; names in sidecars start there."""
    on_rows: OnRows | None = field(default=None, compare=False, repr=False)
    """Told how far reading has come."""

    def named(self, name: str) -> ConceptFile:
        """Return the file that a sidecar names, relative to the page.

        A sidecar may come with its page from somebody else, and what it names gets into our results. So it
        leads only to files below the folder of its page, or below the current one.

        Raises:
            SourceError: SRC001, when there is none; SRC006, when it is elsewhere.
        """
        plain = name.replace("\\", "/")
        elsewhere = PurePosixPath(plain).is_absolute() or PureWindowsPath(name).drive
        target = Path(f"{self.folder}{plain}")
        reach = [Path(self.folder or ".").resolve(), Path.cwd().resolve()]
        if elsewhere or not any(target.resolve().is_relative_to(each) for each in reach):
            raise SourceError(
                "SRC006",
                f"{name}: a sidecar can't name files outside its folder and the current one",
                "Put the file beside the page, or give it with --concepts.",
            )
        return replace(concept_file(target), on_rows=self.on_rows)


NO_FILES = ConceptFiles()


def files_of_page(
    path: Path | None,
    name: str,
    given: ConceptFile | None = None,
    on_rows: OnRows | None = None,
    *,
    neighbours: Collection[str] | None = None,
) -> ConceptFiles:
    """Return the files of concepts for a page.

    Args:
        path: The page; absent for standard input.
        name: The page as the user gave it.
        given: Named on the command line.
        on_rows: Told how far reading has come.
        neighbours: Names of the files in its folder, casefolded, where they are known; so that thousands
            of pages need not look for each name that there may be.
    """
    given = None if given is None else replace(given, on_rows=on_rows)
    if path is None:
        return ConceptFiles(given=given)
    folder = name[: len(name) - len(path.name)] if name.endswith(path.name) else f"{path.parent.as_posix()}/"
    if given is None and path.suffix.lower() in TABLES:
        itself = ConceptFile(name=name, path=path, on_rows=on_rows)
        return ConceptFiles(given=itself, folder=folder)
    found = find_beside(path, folder, neighbours)
    return ConceptFiles(
        given=given,
        beside=replace(found[0], on_rows=on_rows) if found else None,
        others_beside=tuple(each.name for each in found[1:]),
        folder=folder,
        on_rows=on_rows,
    )


def find_beside(page: Path, folder: str, neighbours: Collection[str] | None = None) -> list[ConceptFile]:
    """Return the files of concepts beside a page, the one that is read first.

    Each name is looked for by itself: listing the folder for each of its thousands of pages takes far longer.
    """
    start = os.path.join(page.parent, f"{page.stem}.concepts")  # noqa: PTH118  a text, as this runs for each page
    stem = page.stem.casefold()
    found = []
    for extension in EXTENSIONS:
        if neighbours is not None and f"{stem}.concepts{extension}" not in neighbours:
            continue
        for written in (extension, extension.upper()):
            if os.path.isfile(start + written):  # noqa: PTH113  as above
                name = shown_path(f"{folder}{page.stem}.concepts{written}")
                found.append(ConceptFile(name=name, path=Path(start + written)))
                break
    return found
