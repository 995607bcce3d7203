"""The files of a run: their bytes, what writing them would change, and which sources want the same one."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from enum import Enum
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import orjson

from termsmith import catalogue
from termsmith.collecting import paused
from termsmith.errors import OutputError
from termsmith.model.exact_decimal import exact_json
from termsmith.outputs.concept_lines import flat_lines, nested_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from termsmith.model.finding import Finding
    from termsmith.model.result import Nesting, Resource

_SAFE_NAME = re.compile(r"(NamingSystem|CodeSystem|ValueSet)-[A-Za-z0-9.-]{1,64}\.json")
_OURS = re.compile(r"(NamingSystem|CodeSystem)-[A-Za-z0-9.-]{1,64}\.(json|xml|fsh)|package\.tgz|bundle\.json")
"""Names of files that every run may write; a ValueSet in the folder may be anybody's."""
_CHUNK = 1 << 16


class Change(Enum):
    """What writing a file does to the one that is there."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputFile:
    """A file that was written, or would be, or stands already as it would be written."""

    path: str
    """With ``/`` between its parts, relative to the folder that the report names."""
    change: Change
    source: str | None = None
    """What it was made of, as the user gave it; absent where that is not one source."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceFile:
    """A resource as the bytes of its file."""

    type: str
    id: str
    name: str
    """File name in the output folder."""
    data: bytes = b""
    write: Callable[[BinaryIO], None] | None = None
    """Writes the bytes, where there are too many to hold; ``data`` is empty then."""
    standing: str | None = None
    """Digest of the bytes, where they stand in the folder already; then neither of the two is needed."""

    @property
    def sha256(self) -> str:
        """Digest of the bytes, in hexadecimal."""
        if self.standing is not None:
            return self.standing
        if self.write is None:
            return hashlib.sha256(self.data).hexdigest()
        sink = _Digest()
        self.write(cast("BinaryIO", sink))
        return sink.digest.hexdigest()

    def in_memory(self) -> ResourceFile:
        """Return the same file with its bytes at hand."""
        if self.write is None:
            return self
        file = BytesIO()
        self.write(file)
        return ResourceFile(type=self.type, id=self.id, name=self.name, data=file.getvalue())


class _Digest:
    """A file that only takes what is written to it into account."""

    def __init__(self) -> None:
        self.digest = hashlib.sha256()

    def write(self, data: bytes) -> int:
        self.digest.update(data)
        return len(data)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedFile:
    """A file that a source wants written."""

    name: str
    change: Change


def render_json(data: Mapping[str, Any] | Sequence[Any]) -> bytes:
    """Return JSON as it is written: UTF-8, two spaces of indent, data in its order, newline at the end."""
    return _encoded(data) + b"\n"


def _encoded(value: Any) -> bytes:
    return orjson.dumps(value, exact_json, orjson.OPT_INDENT_2)


def resource_file(resource: Resource) -> ResourceFile:
    """Return the file of a resource.

    Raises:
        OutputError: OUT004, when its id would not make a plain file name. Ids are made valid before; this
            is the last door before the disk.
    """
    name = resource.file_name
    if _SAFE_NAME.fullmatch(name) is None:
        raise OutputError("OUT004", f"{name!r} is no safe file name", "State a valid id in the sidecar.")
    if resource.more_concepts is not None:
        write = partial(write_concepts, resource.data, resource.more_concepts, nesting=resource.nesting)
        return ResourceFile(type=resource.type, id=resource.id, name=name, write=write)
    return ResourceFile(type=resource.type, id=resource.id, name=name, data=render_json(resource.data))


def write_concepts(
    data: Mapping[str, Any],
    concepts: Callable[[], Iterator[Sequence[Mapping[str, Any]]]],
    file: BinaryIO,
    *,
    nesting: Callable[[], Nesting] | None = None,
) -> None:
    """Write a CodeSystem as `render_json` would with its concepts, which come in chunks.

    Concepts are the last element of a CodeSystem.

    Args:
        data: The CodeSystem without its concepts.
        concepts: Gives the chunks.
        file: Where to.
        nesting: Tells where each concept stands; absent where they come with all that is below them.
    """
    file.write(render_json(data).removesuffix(b"\n}\n"))
    with paused():
        chunks = concepts()
        lines = flat_lines(chunks, _encoded) if nesting is None else nested_lines(chunks, nesting(), _encoded)
        first = next(lines, None)
        if first is not None:
            file.write(b',\n  "concept": [\n')
            file.write(first)
            file.writelines(lines)
            file.write(b"\n  ]")
    file.write(b"\n}\n")


def change_of(path: Path, data: bytes) -> Change:
    """Return what writing ``data`` would do to a file."""
    try:
        if path.stat().st_size != len(data):
            return Change.CHANGED
        return Change.UNCHANGED if path.read_bytes() == data else Change.CHANGED
    except FileNotFoundError:
        return Change.NEW
    except OSError:
        return Change.CHANGED  # what can't be read is seen to differ; writing it will say why it can't be


def change_of_stream(path: Path, data: BinaryIO) -> Change:
    """Return what writing a stream would do to a file, without reading either as a whole."""
    try:
        with path.open("rb") as old:
            while True:
                ours = data.read(_CHUNK)
                if ours != old.read(_CHUNK):
                    return Change.CHANGED
                if not ours:
                    return Change.UNCHANGED
    except FileNotFoundError:
        return Change.NEW
    except OSError:
        return Change.CHANGED


def _planned_change(folder: Path, file: ResourceFile) -> Change:
    if file.standing is not None:
        return Change.UNCHANGED
    # What too many bytes change is only known when they are written.
    return Change.CHANGED if file.write is not None else change_of(folder / file.name, file.data)


class Plan:
    """Who writes what, for a whole run; holds names only, so that thousands of pages take little memory.

    File names are compared without case, because the file systems of macOS and Windows do.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._claims: dict[str, tuple[str, list[str]]] = {}
        self._files: dict[str, tuple[PlannedFile, ...]] = {}
        self._names: dict[str, tuple[str, ...]] = {}

    def add(
        self, source: str, files: Sequence[ResourceFile], parts: Iterable[str] = ()
    ) -> tuple[PlannedFile, ...]:
        """Enter the files of a source, and return what writing them would change.

        Args:
            source: As the user gave it.
            files: What the source wants written.
            parts: Names of files that it wants to have within others, such as a package.
        """
        own = {file.name for file in files}
        names = (*(file.name for file in files), *(name for name in parts if name not in own))
        self._names[source] = names
        for name in names:
            self._claims.setdefault(name.casefold(), (name, []))[1].append(source)
        planned = tuple(
            PlannedFile(
                name=file.name,
                change=_planned_change(self._folder, file),
            )
            for file in files
        )
        self._files[source] = planned
        return planned

    def settle(self, source: str, name: str, change: Change) -> None:
        """Enter what writing a file changes, where that was not known before it was written."""
        self._files[source] = tuple(
            PlannedFile(name=name, change=change) if file.name == name else file
            for file in self._files[source]
        )

    @property
    def sources(self) -> tuple[str, ...]:
        """The sources in the order in which they came."""
        return tuple(self._files)

    def contested(self, source: str) -> bool:
        """Tell whether another source, so far, wants a file of this one too."""
        return any(len(self._claims[name.casefold()][1]) > 1 for name in self._names[source])

    def rivals(self, source: str) -> Iterator[str]:
        """Yield the other sources that want a file of this one."""
        for name in self._names[source]:
            yield from (each for each in self._claims[name.casefold()][1] if each != source)

    def wanted(self, source: str) -> tuple[PlannedFile, ...]:
        """Return the files that a source would have."""
        return self._files[source]

    def granted(self, source: str) -> tuple[PlannedFile, ...]:
        """Return what is written for a source: all its files, or none when one of them is contested."""
        return () if self.contested(source) else self._files[source]

    def collisions(self) -> Iterator[tuple[str, Finding]]:
        """Yield each source that shares a file with others, with the finding that says so."""
        shared: dict[tuple[str, ...], list[str]] = {}
        for name, claimants in self._claims.values():
            if len(claimants) > 1:
                shared.setdefault(tuple(claimants), []).append(name)
        for sources, names in shared.items():
            finding = catalogue.SAME_FILE.found(
                file=" and ".join(names), first=sources[0], second=" and by ".join(sources[1:])
            )
            for source in dict.fromkeys(sources):
                yield source, finding

    def others(self, written: Iterable[str] = ()) -> list[str]:
        """Return the names of files in the folder that a run may have written, and this one does not.

        Args:
            written: What this run writes besides the files of its sources.
        """
        ours = {
            *(file.name.casefold() for files in self._files.values() for file in files),
            *(name.casefold() for name in written),
        }
        try:
            names = sorted(path.name for path in self._folder.iterdir())
        except OSError:
            return []
        return [n for n in names if _OURS.fullmatch(n) is not None and n.casefold() not in ours]
