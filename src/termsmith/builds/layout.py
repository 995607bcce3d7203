"""Where the files of a build go: paths relative to the project, so that one run can write several folders."""

from __future__ import annotations

import hashlib
from contextlib import ExitStack
from typing import TYPE_CHECKING, BinaryIO, Self

from termsmith.outputs.formats import FORMATS, GATHERED

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import TracebackType

    from termsmith.outputs.files import Change
    from termsmith.outputs.staging import Writer
    from termsmith.settings import FhirVersion, Project, Settings

HIDDEN = ".termsmith"
"""Folder of a project for what only saves time; may be deleted at any moment."""


def below(folder: str, path: str) -> str:
    """Return a path relative to a folder that it is in; any other path as it is.

    >>> below("guide", "guide/input/tea.txt"), below(".", "input/tea.txt")
    ('input/tea.txt', 'input/tea.txt')
    """
    return path if folder == "." else path.removeprefix(f"{folder}/")


class Layout:
    """The files of one FHIR release."""

    def __init__(self, project: Project, release: FhirVersion) -> None:
        root = project.folder.as_posix()
        self.folders = {
            name: below(root, project.folder_of(project.outputs[name], release).as_posix())
            for name in FORMATS
            if name in project.outputs
        }
        """Folder of each format."""
        self.formats = tuple(self.folders)
        """What pages are converted to."""
        self.gathered = {
            name: self._in(self.folders[name], GATHERED[name]) for name in self.formats if name in GATHERED
        }
        """The file of each format that holds all resources."""
        if self.gathered and "json" not in self.folders:
            # Packages and Bundles are made of JSON, also of pages that are not converted again.
            self.folders["json"] = f"{HIDDEN}/resources/{release.lower()}"
            self.formats = ("json", *self.formats)

    @property
    def own(self) -> list[str]:
        """Formats that have a file for each resource."""
        return [name for name in self.formats if name not in GATHERED]

    def path_of(self, name: str) -> str:
        """Return where the file of a resource goes; its extension tells the format."""
        return self._in(self.folders[name.rpartition(".")[2]], name)

    @staticmethod
    def is_hidden(path: str) -> bool:
        """Tell whether a file only saves time, and is no output."""
        return path.startswith(f"{HIDDEN}/")

    @staticmethod
    def _in(folder: str, name: str) -> str:
        return name if folder == "." else f"{folder}/{name}"


def digest_of_settings(settings: Settings, layout: Layout) -> str:
    """Return a digest of all that conversion is told, and of where its files go."""
    digest = hashlib.sha256(repr((settings, layout.formats, layout.folders)).encode())
    templates = () if settings.narrative_templates is None else settings.narrative_templates.rglob("*")
    for table in (*settings.dialect_tables, *sorted(templates)):
        digest.update(table.read_bytes() if table.is_file() else b"")
    return digest.hexdigest()


class Folders:
    """A writer for files in several folders of a project."""

    def __init__(self, root: Path, folders: list[str], open_folder: Callable[[Path], Writer]) -> None:
        """Take the project's folder, and those below it that files may go to."""
        self._writers = {folder: open_folder(root / folder) for folder in dict.fromkeys(folders)}
        self._stack = ExitStack()

    def _writer(self, path: str) -> tuple[Writer, str]:
        folder, _, name = path.rpartition("/")
        return self._writers[folder or "."], name

    def put(self, name: str, data: bytes | BinaryIO) -> None:
        """Take a file to be written; nothing changes yet."""
        writer, own = self._writer(name)
        writer.put(own, data)

    def make(self, name: str, write: Callable[[BinaryIO], None]) -> Change:
        """Take a file that is only known as it is written; nothing changes yet."""
        writer, own = self._writer(name)
        return writer.make(own, write)

    def discard(self, name: str) -> None:
        """Forget a file that was put."""
        writer, own = self._writer(name)
        writer.discard(own)

    def commit(self) -> None:
        """Move all files that were put into place, folder after folder."""
        for writer in self._writers.values():
            writer.commit()

    def __enter__(self) -> Self:
        """Begin in all folders."""
        for writer in self._writers.values():
            self._stack.enter_context(writer)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave nothing behind but what was committed."""
        self._stack.__exit__(kind, error, trace)
