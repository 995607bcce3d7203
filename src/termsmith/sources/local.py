"""SOURCE arguments to bytes: files, folders and standard input.

What a folder gives, in the order of names, folders and files mixed:

* every file that may be a page, whatever its extension: formats are told apart by content;
* not hidden files and folders (``.git``, ``.DS_Store``), nor the ``NAME_files`` folder that browsers save
  beside ``NAME.html``;
* not README and LICENSE files, files whose extension says that they are no page (`NO_PAGES`), our own
  results (``NamingSystem-*.json``, ``CodeSystem-*.json``), and ``.toml`` files, which are sidecars,
  dialect tables or configuration;
* not JSON that is no answer of Confluence, such as ``package.json``;
* not the folders that the caller excludes, such as the output folder.

What is left out is listed with its reason. A file that is named itself is always read.
"""

from __future__ import annotations

import os
import re
import stat
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from termsmith.errors import SourceError, cause_of

if TYPE_CHECKING:
    from collections.abc import Iterable

STANDARD_INPUT = "-"

PAGE_LIMIT = 10_000_000
"""Bytes of a page that are read at most; one more is asked for, so that its reader can tell."""
SIDECAR_LIMIT = 1_000_000
"""Bytes of a sidecar at most."""

_EXTENSIONS = {
    "an image": ".avif .bmp .gif .ico .jpeg .jpg .png .svg .tif .tiff .webp",
    "part of a web page": ".css .eot .js .map .mjs .otf .ttf .woff .woff2",
    "an archive": ".7z .bz2 .gz .jar .rar .tar .tgz .xz .zip",
    "a table of data": ".csv .db .ods .parquet .sqlite .tsv .xls .xlsm .xlsx",
    "no document": ".bak .lock .log .orig .py .sh .swp .tmp .yaml .yml",
}
NO_PAGES = {extension: kind for kind, listed in _EXTENSIONS.items() for extension in listed.split()}
"""Extensions of files that a folder search leaves out, and what they are. A ``.pdf`` is no page that we read
either, but may hold one, so it is tried and refused by name."""

TABLES = frozenset({".csv", ".tsv", ".xlsx", ".xlsm"})
"""Extensions of files that are nothing but a table, so that they need no page but a sidecar."""
_ABOUT_THE_FOLDER = frozenset({"readme", "license", "licence", "changelog", "contributing"})
CONFLUENCE_MEMBERS = frozenset({"body", "results", "_links", "_expandable"})
"""Members of which an answer of Confluence has at least one."""
_OF_CONFLUENCE = tuple(f'"{name}"'.encode() for name in sorted(CONFLUENCE_MEMBERS))
"""The same as they stand in it."""
_OUR_RESULT = re.compile(r"(NamingSystem|CodeSystem|ValueSet)-.*\.json", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalSource:
    """A page that can be read from this computer."""

    name: str
    """Path as the user gave it, with ``/`` between its parts, or ``-``."""
    path: Path | None
    """Absent for standard input."""
    sidecar: Path | None = None
    sidecar_name: str | None = None
    """As `name`, for the sidecar."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceBytes:
    """What a source holds."""

    data: bytes
    """The page; more than `PAGE_LIMIT` bytes only tell that it is too large."""
    sidecar: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A file of a folder that was not taken as a page."""

    name: str
    reason: str
    looked_into: Path | None = None
    """The file, where what it holds is the reason."""


@dataclass(slots=True)
class Found:
    """What SOURCE arguments stand for."""

    sources: list[LocalSource] = field(default_factory=list)
    """In the order of the arguments; a file that is named twice comes once."""
    errors: list[SourceError] = field(default_factory=list)
    """SRC001 for what isn't there, SRC002 for folders that can't be read."""
    left_out: list[LeftOut] = field(default_factory=list)
    """Files in folders that are no pages."""
    lone_sidecars: list[str] = field(default_factory=list)
    """``.toml`` files in folders that stand beside no page of their name."""


def find_sources(arguments: Iterable[str], *, exclude: Iterable[Path] = ()) -> Found:
    """Return the pages that SOURCE arguments stand for.

    Args:
        arguments: Paths of files and folders, and ``-`` for standard input.
        exclude: Files and folders that a folder search passes over: the output folder, dialect tables.
    """
    search = _Search(exclude)
    for argument in arguments:
        search.add(argument)
    return search.found


def read_source(source: LocalSource) -> SourceBytes:
    """Read a page and its sidecar, at most `PAGE_LIMIT` + 1 bytes.

    Raises:
        SourceError: SRC001 or SRC002, when one can't be read; SRC003, when the sidecar is too large.
    """
    if source.path is None:
        return SourceBytes(data=_read_standard_input())
    is_table = source.path.suffix.lower() in TABLES
    # A table is read row by row, when it is known what for.
    data = b"" if is_table else _read(source.path, source.name, PAGE_LIMIT + 1)
    if source.sidecar is None:
        return SourceBytes(data=data)
    return SourceBytes(data=data, sidecar=read_sidecar(source.sidecar, source.sidecar_name))


def read_sidecar(path: Path, name: str | None = None) -> bytes:
    """Read a sidecar; its name is for messages.

    Raises:
        SourceError: SRC001 or SRC002, when it can't be read; SRC003, when it is too large.
    """
    shown = name or shown_path(path)
    sidecar = _read(path, shown, SIDECAR_LIMIT + 1)
    if len(sidecar) > SIDECAR_LIMIT:
        raise SourceError(
            "SRC003",
            f"{shown}: the sidecar has more than {SIDECAR_LIMIT:,} bytes",
            "A sidecar states a few values; this file is something else.",
        )
    return sidecar


def source_at(path: Path) -> LocalSource:
    """Return the page that a path names, and the sidecar beside it; reading it shows whether it is there."""
    sidecar = find_sidecar(path)
    return LocalSource(
        name=shown_path(path),
        path=path,
        sidecar=sidecar,
        sidecar_name=None if sidecar is None else shown_path(sidecar),
    )


def find_sidecar(page: Path) -> Path | None:
    """Return the sidecar of a page: ``dicom.txt.toml``, else ``dicom.toml`` beside ``dicom.txt``."""
    if not page.name:
        return None
    for candidate in (page.with_name(f"{page.name}.toml"), page.with_suffix(".toml")):
        # Unlike `Path.is_file`, this takes a name that is too long for a file as a file that isn't there.
        if candidate != page and os.path.isfile(candidate):  # noqa: PTH113
            return candidate
    return None


def shown_path(path: str | os.PathLike[str]) -> str:
    """Return a path for messages and manifests: ``/`` between parts, and always printable.

    Names that are no UTF-8, or that hold control characters, are shown with escapes.
    """
    text = os.fspath(path)
    if os.sep != "/":
        text = text.replace(os.sep, "/")
    text = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in text)


class _Search:
    """One pass over the arguments; knows what it has seen."""

    def __init__(self, exclude: Iterable[Path]) -> None:
        self.found = Found()
        self._taken: set[object] = set()
        self._excluded = {_identity(path) for path in exclude if path.exists()}

    def add(self, argument: str) -> None:
        if argument == STANDARD_INPUT:
            if STANDARD_INPUT not in self._taken:
                self._taken.add(STANDARD_INPUT)
                self.found.sources.append(LocalSource(name=STANDARD_INPUT, path=None))
            return
        path = Path(argument)
        try:
            mode = path.stat().st_mode
        except (OSError, ValueError) as error:
            self.found.errors.append(missing(argument, error))
            return
        if stat.S_ISDIR(mode):
            self._add_folder(path, _prefix(argument))
        else:
            self._add_file(path, argument)

    def _add_file(self, path: Path, given: str) -> None:
        try:
            identity = _identity(path)
        except OSError as error:  # it went while we looked
            self.found.errors.append(unreadable(shown_path(given), error))
            return
        if identity in self._taken:
            return
        self._taken.add(identity)
        sidecar = find_sidecar(path)
        self.found.sources.append(
            LocalSource(
                name=shown_path(given),
                path=path,
                sidecar=sidecar,
                sidecar_name=None if sidecar is None else shown_path(_beside(given, sidecar.name)),
            )
        )

    def _add_folder(self, path: Path, prefix: str) -> None:
        # A stack of our own: folders can be nested more deeply than Python calls.
        waiting = [(path, prefix)]
        while waiting:
            path, shown = waiting.pop()
            if path.is_dir():
                waiting += reversed(self._entries(path, shown))
            else:
                self._add_file(path, shown)

    def _entries(self, folder: Path, prefix: str) -> list[tuple[Path, str]]:
        """Return the pages and folders in a folder by name; nothing when it was searched already."""
        try:
            identity = _identity(folder)
            names = sorted(os.listdir(folder))  # noqa: PTH208  names, to be sorted and joined to what was given
        except OSError as error:
            self.found.errors.append(unreadable(shown_path(prefix.removesuffix("/") or os.curdir), error))
            return []
        if identity in self._taken:
            return []
        self._taken.add(identity)
        entries: list[tuple[Path, str]] = []
        stems = {Path(name).stem for name in names if _page_of_concepts(name) is None and not _is_toml(name)}
        for name in names:
            path = folder / name
            if name.startswith(".") or self._is_excluded(path):
                continue
            if path.is_dir():
                if not _is_saved_with_page(name, names):
                    entries.append((path, f"{prefix}{name}/"))
            elif _page_of_concepts(name) in stems:
                continue  # read with its page
            elif (left := _left_out(path, shown_path(prefix + name))) is not None:
                self.found.left_out.append(left)
            elif path.suffix.lower() != ".toml":
                entries.append((path, prefix + name))
        tomls = [name for name in names if _is_toml(name) and not self._is_excluded(folder / name)]
        pages = [path for path, _ in entries]
        self.found.lone_sidecars += (shown_path(prefix + name) for name in _lone_sidecars(tomls, pages))
        return entries

    def _is_excluded(self, path: Path) -> bool:
        return bool(self._excluded) and path.exists() and _identity(path) in self._excluded


def _prefix(folder: str) -> str:
    """Return what stands before the names of a folder's files; nothing for ``.``, as if named from there."""
    stripped = folder.rstrip(f"/{os.sep}")
    return "" if stripped == os.curdir else f"{stripped}/"


def _identity(path: Path) -> object:
    """Return what two names of one file have in common."""
    status = path.stat()
    return (status.st_dev, status.st_ino) if status.st_ino else os.path.realpath(path)


def _page_of_concepts(name: str) -> str | None:
    """Return the stem of the page whose concepts a file holds by its name; nothing for other files."""
    stem, found, _ = name.rpartition(".concepts.")
    return stem if found else None


def _left_out(path: Path, name: str) -> LeftOut | None:
    """Return a file of a folder with the reason why it is no page; nothing for one that may be a page."""
    reason = _why_no_page(path)
    if reason is not None:
        return LeftOut(name=name, reason=reason)
    return (
        LeftOut(name=name, reason="JSON without a page", looked_into=path) if _is_other_json(path) else None
    )


def _why_no_page(path: Path) -> str | None:  # noqa: PLR0911  one return for each reason
    if not path.is_file():
        return "broken link" if path.is_symlink() else "no regular file"
    if _page_of_concepts(path.name) is not None:
        return "the concepts of a page that is not there"
    if path.suffix.lower() in NO_PAGES and not (path.suffix.lower() in TABLES and find_sidecar(path)):
        return NO_PAGES[path.suffix.lower()]
    if path.name.partition(".")[0].lower() in _ABOUT_THE_FOLDER:
        return "about the folder"
    if _OUR_RESULT.fullmatch(path.name) is not None:
        return "a resource, not a page"
    if path.name.endswith("~") or path.name.startswith("~$"):
        return "left by an editor"
    return None


def _is_other_json(path: Path) -> bool:
    """Tell whether a file is JSON in which nothing is as in an answer of Confluence."""
    if path.suffix.lower() != ".json":
        return False
    try:
        with path.open("rb") as file:
            data = file.read(PAGE_LIMIT + 1)
    except OSError:
        return False  # reading it as a page tells why
    is_json = data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in {b"{", b"["}
    return is_json and len(data) <= PAGE_LIMIT and not any(mark in data for mark in _OF_CONFLUENCE)


def _is_toml(name: str) -> bool:
    return name.endswith(".toml") and not name.startswith(".") and name != "termsmith.toml"


def _lone_sidecars(names: list[str], pages: list[Path]) -> list[str]:
    served = {name for page in pages for name in (f"{page.name}.toml", f"{page.stem}.toml")}
    return [name for name in names if name not in served]


def _is_saved_with_page(folder: str, names: list[str]) -> bool:
    """Tell whether a folder holds the images and scripts of a page that a browser saved beside it."""
    if not folder.endswith(("_files", "_Dateien", "_fichiers")):
        return False
    stem = folder.rpartition("_")[0]
    return f"{stem}.html" in names or f"{stem}.htm" in names


def _beside(given: str, name: str) -> str:
    """Return the path of a neighbour, written as the path that the user gave."""
    for separator in {"/", os.sep}:
        folder, found, _ = given.rpartition(separator)
        if found:
            return f"{folder}{found}{name}"
    return name


def _read(path: Path, shown: str, limit: int) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(limit)
    except (OSError, ValueError) as error:  # a path with a NUL is a ValueError
        raise missing(shown, error) from error


def _read_standard_input() -> bytes:
    if sys.stdin is None:  # closed by whoever started us
        raise SourceError("SRC002", "-: standard input is closed", "Pipe a page into the command.")
    try:
        return sys.stdin.buffer.read(PAGE_LIMIT + 1)
    except OSError as error:
        raise unreadable("-: standard input", error) from error


def missing(argument: str, error: OSError | ValueError) -> SourceError:
    """Return the error for a path that may lead nowhere: SRC001, or SRC002 where something is there."""
    name = shown_path(argument)
    if isinstance(error, (FileNotFoundError, NotADirectoryError)):
        return SourceError("SRC001", f"{name}: no such file or folder", "Check the path.")
    return unreadable(name, error)


def unreadable(name: str, error: OSError | ValueError) -> SourceError:
    """Return SRC002, the error for what is there and can't be read."""
    return SourceError("SRC002", f"{name}: can't be read: {cause_of(error)}", "Check its permissions.")
