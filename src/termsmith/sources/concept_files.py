"""Files of concepts: named on the command line or in the sidecar, or found beside the page."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from termsmith.errors import SourceError
from termsmith.sources.local import TABLES, shown_path

if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import BinaryIO

EXTENSIONS = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".json", ".xml")
"""Of files beside a page, in the order in which they are looked for: ``dicom.concepts.csv``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConceptFile:
    """A file that holds the concepts of a code system."""

    name: str
    """Path as the user gave it, with ``/`` between its parts."""
    path: Path

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
    if not file.path.is_file():
        raise SourceError("SRC001", f"{file.name}: no such file", "Check the path.")
    return file


@dataclass(frozen=True, slots=True, kw_only=True)
class ConceptFiles:
    """The files that a page's concepts may be in."""

    given: ConceptFile | None = None
    """Named on the command line; goes before all others."""
    beside: ConceptFile | None = None
    """``dicom.concepts.csv`` beside ``dicom.txt``."""
    folder: str = ""
    """Folder of the page as the user gave it, with a slash at the end; names in sidecars start there."""

    def named(self, name: str) -> ConceptFile:
        """Return the file that a sidecar names, relative to the page.

        Raises:
            SourceError: SRC001, when there is none.
        """
        return concept_file(f"{self.folder}{name}" if not Path(name).is_absolute() else name)


NO_FILES = ConceptFiles()


def files_of_page(
    path: Path | None,
    name: str,
    given: ConceptFile | None = None,
    *,
    neighbours: Collection[str] | None = None,
) -> ConceptFiles:
    """Return the files of concepts for a page.

    Args:
        path: The page; absent for standard input.
        name: The page as the user gave it.
        given: Named on the command line.
        neighbours: Names of the files in its folder, casefolded, where they are known; so that thousands
            of pages need not look for each name that there may be.
    """
    if path is None:
        return ConceptFiles(given=given)
    folder = name[: len(name) - len(path.name)] if name.endswith(path.name) else f"{path.parent.as_posix()}/"
    if given is None and path.suffix.lower() in TABLES:
        return ConceptFiles(given=ConceptFile(name=name, path=path), folder=folder)
    return ConceptFiles(given=given, beside=find_beside(path, folder, neighbours), folder=folder)


def find_beside(page: Path, folder: str, neighbours: Collection[str] | None = None) -> ConceptFile | None:
    """Return the file of concepts beside a page, if there is one."""
    stem = page.stem.casefold()
    for extension in EXTENSIONS:
        if neighbours is not None and f"{stem}.concepts{extension}" not in neighbours:
            continue
        path = page.with_name(f"{page.stem}.concepts{extension}")
        if path.is_file():
            return ConceptFile(name=shown_path(f"{folder}{path.name}"), path=path)
    return None
