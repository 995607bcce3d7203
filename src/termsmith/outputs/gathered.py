"""Files that hold all resources of a run: the package and the Bundle.

Which sources are left out because two want the same resource is known only after the last page; until then
the resources wait in an unnamed temporary file, so that a long run needs no memory for them.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Self, cast

from termsmith.outputs.bundle import entry_of, write_bundle
from termsmith.outputs.files import PlannedFile
from termsmith.outputs.formats import GATHERED
from termsmith.outputs.package import Packaged, index_row, write_package
from termsmith.outputs.scratch import drop, open_scratch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

    from termsmith.model.result import Resource
    from termsmith.outputs.bundle import Entry
    from termsmith.outputs.files import ResourceFile
    from termsmith.outputs.results import PageResult
    from termsmith.outputs.staging import Writer
    from termsmith.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A resource that goes into the files of a whole run."""

    file: ResourceFile
    """As JSON."""
    index: Mapping[str, str]
    """Its row in a package's index."""
    entry: Entry
    """Its entry in a Bundle, without the resource."""


def part_of(resource: Resource, file: ResourceFile, settings: Settings) -> Part:
    """Return what the files of a whole run need of a resource.

    Args:
        resource: The resource.
        file: Its JSON.
        settings: How Bundles load resources.
    """
    return Part(
        file=file,
        index=index_row(file.name, resource.data),
        entry=entry_of(resource.data, settings.bundle, settings.fhir_version, settings.base_url),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A resource that was added."""

    source: str
    part: Part
    start: int
    size: int
    sha256: str
    path: Path | None = None
    """Where it stands on the disk; absent for the temporary file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GatheredFile:
    """A file of a whole run, as it was written or would be."""

    planned: PlannedFile
    sha256: str


class Gathered:
    """Collects the resources of a run, and writes the files that hold all of them."""

    def __init__(
        self, formats: Sequence[str], settings: Settings, names: Mapping[str, str] = GATHERED
    ) -> None:
        """Take the formats, of which those in `GATHERED` matter here, and what goes into the files.

        Args:
            formats: What is written.
            settings: What a package says of itself, and how a Bundle loads resources.
            names: The file of each format.
        """
        self._formats, self._settings = [name for name in GATHERED if name in formats], settings
        self.names = names
        self._file = open_scratch()
        self.kept: list[Kept] = []

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Drop the temporary file."""
        drop(self._file)

    def add(self, result: PageResult) -> None:
        """Keep the resources of a source."""
        for part in result.parts:
            start, digest = self._file.tell(), hashlib.sha256()
            hashing = _Hashing(self._file, digest)
            if part.file.write is None:
                hashing.write(part.file.data)
            else:
                part.file.write(cast("BinaryIO", hashing))
            self.kept.append(
                Kept(
                    source=result.source,
                    part=part,
                    start=start,
                    size=self._file.tell() - start,
                    sha256=digest.hexdigest(),
                )
            )

    def add_standing(self, source: str, part: Part, path: Path, sha256: str) -> None:
        """Take a resource whose JSON stands on the disk; it is only read where a file has to be written."""
        self.kept.append(Kept(source=source, part=part, start=0, size=-1, sha256=sha256, path=path))

    def write(self, writer: Writer, granted: Callable[[str], bool]) -> list[GatheredFile]:
        """Write the files; nothing where there are no resources.

        Args:
            writer: Takes the files.
            granted: Tells whether the resources of a source are written at all.
        """
        kept = [each for each in self.kept if granted(each.source)]
        return [self.make(name, writer, kept) for name in (self._formats if kept else ())]

    def make(self, format_name: str, writer: Writer, kept: Sequence[Kept]) -> GatheredFile:
        """Write the file of a format."""
        name, digest = self.names[format_name], hashlib.sha256()
        change = writer.make(name, lambda file: self._write(format_name, _Hashing(file, digest), kept))
        return GatheredFile(planned=PlannedFile(name=name, change=change), sha256=digest.hexdigest())

    def _write(self, format_name: str, file: _Hashing, kept: Sequence[Kept]) -> None:
        settings = self._settings
        if format_name == "bundle":
            entries = [(each.part.entry, lambda each=each: self._lines(each)) for each in kept]
            write_bundle(file.write, entries, settings.bundle)
        elif settings.package is not None:
            write_package(
                cast("BinaryIO", file), settings.package, settings.fhir_version, map(self._packaged, kept)
            )

    def _packaged(self, kept: Kept) -> Packaged:
        if kept.path is None:
            size, content = kept.size, cast("BinaryIO", _Stretch(self._file, kept.start))
        else:
            size = kept.path.stat().st_size
            content = cast("BinaryIO", _Standing(kept.path, size))
        return Packaged(name=kept.part.file.name, size=size, index=kept.part.index, content=content)

    def _lines(self, kept: Kept) -> Iterator[bytes]:
        if kept.path is not None:
            with kept.path.open("rb") as file:
                yield from file
            return
        self._file.seek(kept.start)
        left = kept.size
        while left > 0:
            line = self._file.readline()
            left -= len(line)
            yield line


class _Stretch:
    """A part of a file, from its first byte on, as what only reads forward wants it."""

    def __init__(self, file: BinaryIO, start: int) -> None:
        self._file, self._at = file, start

    def read(self, size: int) -> bytes:
        self._file.seek(self._at)
        data = self._file.read(size)
        self._at += len(data)
        return data


class _Standing:
    """A file on the disk that is only open while it is read, as a package may have thousands."""

    def __init__(self, path: Path, size: int) -> None:
        self._path, self._left = path, size
        self._file: BinaryIO | None = None

    def read(self, size: int) -> bytes:
        if self._file is None:
            self._file = self._path.open("rb")
        data = self._file.read(size)
        self._left -= len(data)
        if self._left <= 0 or len(data) < size:
            self._file.close()
        return data


class _Hashing:
    """A file whose digest is taken while it is written."""

    def __init__(self, file: BinaryIO, digest: hashlib._Hash) -> None:
        self._file, self._digest = file, digest

    def write(self, data: bytes) -> int:
        self._digest.update(data)
        return self._file.write(data)

    def flush(self) -> None:
        self._file.flush()
