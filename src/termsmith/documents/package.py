"""FHIR packages (``.tgz``): the resources in them, one after the other, and nothing on disk.

What is read: ``package/package.json`` for the FHIR release, and the JSON files directly in ``package/``.
Examples and other folders are not the package's content
(https://confluence.hl7.org/display/FHIR/NPM+Package+Specification).
"""

from __future__ import annotations

import re
import tarfile
import zlib
from gzip import GzipFile
from io import BytesIO, RawIOBase
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from termsmith import catalogue
from termsmith.documents.document import DocumentError
from termsmith.model.place import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from termsmith.model.finding import Finding

LARGEST_MEMBER = 500_000_000
LARGEST_TOTAL = 4_000_000_000
MOST_FROM_A_BYTE = 250
"""Bytes that one of a file may unpack to, on the whole; JSON makes 10 to 50, a bomb of zeros 1,000."""
_ALWAYS_UNPACKED = 100_000_000
_MOST_BEHIND_THE_END = 16_000_000
"""Zeros with which an archive is filled up."""
MOST_MEMBERS = 200_000
_LARGEST_HEADER = 65_536
"""Bytes of a name, or of what else is said of a member; tarfile takes them whole."""
_MOST_GLOBAL_HEADERS = 100
"""Headers that hold for all members that follow; tarfile copies them for each."""
_PIECE = 1 << 20
_CONTENT = re.compile(r"(?:\./)?package/([^/]+\.json)")
_NOT_RESOURCES = frozenset({"package.json", ".index.json"})
_BEGINNINGS_OF_RESOURCES = (b"{", b"<", b"[")
_CORE_PACKAGES = {"hl7.fhir.r4.core": "4.0.1", "hl7.fhir.r4b.core": "4.3.0", "hl7.fhir.r5.core": "5.0.0"}
_DAMAGES = (tarfile.TarError, EOFError, OSError, zlib.error, ValueError, LookupError, RecursionError)
"""What gzip and tarfile raise when an archive is damaged, or made to hurt."""


class Member(NamedTuple):
    """A file of a package."""

    name: str
    """``package/CodeSystem-x.json``."""
    data: bytes


class Manifest(NamedTuple):
    """What ``package.json`` says."""

    fhir_versions: tuple[str, ...]
    """As stated: ``4.0.1``; else of the core packages that it depends on; empty when nothing is."""
    canonical: str | None


def read_manifest(data: bytes, source: str) -> Manifest:
    """Return what a package says of itself.

    Raises:
        DocumentError: DOC007, when it is no package.
    """
    for member in _members(data, source, wanted=frozenset({"package.json"})):
        return _manifest(member, source)
    raise DocumentError(_damaged(source, "it has no package/package.json"))


def read_members(
    data: bytes, source: str, on_left_out: Callable[[Finding], None] = lambda _: None
) -> Iterator[Member]:
    """Yield the resource files of a package in the order that they have in it.

    Args:
        data: The package.
        source: Its name, for findings.
        on_left_out: Told of each link or device that has the name of such a file.

    Raises:
        DocumentError: DOC007, when it is damaged, or larger than any package is.
    """
    for member in _members(data, source, wanted=None, on_left_out=on_left_out):
        if member.name.rpartition("/")[2] not in _NOT_RESOURCES:
            yield member


class _Unpacked(RawIOBase):
    """What a gzip file unpacks to, as tarfile asks for it: forward only, and no more than a package has."""

    def __init__(self, data: bytes, source: str) -> None:
        super().__init__()
        self._stream = GzipFile(fileobj=BytesIO(data), mode="rb")
        self._source = source
        self._position = 0
        self._most = min(LARGEST_TOTAL, max(_ALWAYS_UNPACKED, MOST_FROM_A_BYTE * len(data)))
        self._left = _LARGEST_HEADER

    def begin_header(self) -> None:
        """Let tarfile read what is said of the next member."""
        self._left = _LARGEST_HEADER

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= self._left:
            raise DocumentError(
                _damaged(self._source, f"a header of the archive has more than {_LARGEST_HEADER:,} bytes")
            )
        self._left -= size
        return self._take(size)

    def tell(self) -> int:
        return self._position

    def seek(self, position: int, _whence: int = 0) -> int:
        """Pass over what comes before a position."""
        if position < self._position:
            raise tarfile.ReadError("the archive leads backwards")
        while self._position < position and self._take(min(position - self._position, _PIECE)):
            pass
        self.begin_header()
        return self._position

    def content(self, start: int, size: int) -> bytes:
        """Return the content of a member."""
        self.seek(start)
        pieces = []
        while size > 0 and (piece := self._take(min(size, _PIECE))):
            pieces.append(piece)
            size -= len(piece)
        if size:
            raise EOFError
        return b"".join(pieces)

    def finish(self) -> None:
        """Read to the end, where the checksum is."""
        end = self._position + _MOST_BEHIND_THE_END
        while self._take(_PIECE):
            if self._position > end:
                raise tarfile.ReadError(f"more than {_MOST_BEHIND_THE_END:,} bytes follow its end")

    def _take(self, size: int) -> bytes:
        piece = self._stream.read(size)
        self._position += len(piece)
        if self._position > self._most:
            raise DocumentError(_too_large(self._source, self._most))
        return piece


def _too_large(source: str, most: int) -> Finding:
    """Return the finding about a package that unpacks to more than any package of its size."""
    return _damaged(source, f"it unpacks to more than {most:,} bytes")


def _members(
    data: bytes,
    source: str,
    wanted: frozenset[str] | None,
    on_left_out: Callable[[Finding], None] = lambda _: None,
) -> Iterator[Member]:
    try:
        unpacked = _Unpacked(data, source)
        with tarfile.open(fileobj=unpacked, mode="r:") as archive:
            yield from _content(archive, unpacked, source, wanted, on_left_out)
        unpacked.finish()
    except _DAMAGES as error:
        raise DocumentError(_damaged(source, _why(data, error))) from error


def _content(
    archive: tarfile.TarFile,
    unpacked: _Unpacked,
    source: str,
    wanted: frozenset[str] | None,
    on_left_out: Callable[[Finding], None],
) -> Iterator[Member]:
    total = 0
    for number, entry in enumerate(_entries(archive, unpacked)):
        if number >= MOST_MEMBERS:
            raise DocumentError(_damaged(source, f"it has more than {MOST_MEMBERS:,} files"))
        if len(archive.pax_headers) > _MOST_GLOBAL_HEADERS:
            raise DocumentError(_damaged(source, f"it has more than {_MOST_GLOBAL_HEADERS} global headers"))
        if entry.size < 0:
            raise tarfile.ReadError("a file of it has a negative size")
        total += entry.size
        if total > LARGEST_TOTAL:
            raise DocumentError(_too_large(source, LARGEST_TOTAL))
        found = _CONTENT.fullmatch(entry.name)
        if found is None or entry.isdir() or (wanted is not None and found[1] not in wanted):
            continue
        if not entry.isfile():
            # Links and devices are no content, wherever they lead.
            kind = "a link" if entry.issym() or entry.islnk() else "a device"
            name = f"package/{found[1]}"
            on_left_out(catalogue.DOCUMENT_LINK.found(place=Place(source, 1, 1), name=name, kind=kind))
            continue
        if entry.size > LARGEST_MEMBER:
            raise DocumentError(_damaged(source, f"{entry.name} has more than {LARGEST_MEMBER:,} bytes"))
        if entry.sparse is not None:
            raise DocumentError(_damaged(source, f"{entry.name} is a sparse file"))
        yield Member(f"package/{found[1]}", unpacked.content(entry.offset_data, entry.size))


def _entries(archive: tarfile.TarFile, unpacked: _Unpacked) -> Iterator[tarfile.TarInfo]:
    while (entry := archive.next()) is not None:
        archive.members = []  # type: ignore[attr-defined]  # else all are kept, with all that is said of them
        yield entry
        unpacked.begin_header()


def _why(data: bytes, error: Exception) -> str:
    """Say what is wrong with an archive that can't be read."""
    try:
        beginning = GzipFile(fileobj=BytesIO(data)).read(100).lstrip()
    except _DAMAGES:
        beginning = b""
    if beginning.startswith(_BEGINNINGS_OF_RESOURCES):
        return "it is a compressed file, and no archive; unpack it, and check what it holds"
    if isinstance(error, EOFError):
        return "it ends too early; the file may be cut off"
    if isinstance(error, RecursionError):
        return "its headers have no end"
    return str(error) or type(error).__name__


def _manifest(member: Member, source: str) -> Manifest:
    try:
        stated: Any = orjson.loads(member.data.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        raise DocumentError(_damaged(source, f"package.json is no JSON: {error.msg}")) from error
    if not isinstance(stated, dict):
        return Manifest((), None)
    versions = stated.get("fhirVersions", stated.get("fhir-version-list"))
    canonical = stated.get("canonical")
    return Manifest(
        fhir_versions=tuple(each for each in versions if isinstance(each, str))
        if isinstance(versions, list) and versions
        else _core_versions(stated.get("dependencies")),
        canonical=canonical if isinstance(canonical, str) else None,
    )


def _core_versions(dependencies: object) -> tuple[str, ...]:
    """Return the FHIR versions of the core packages that a package builds on."""
    stated = dependencies if isinstance(dependencies, dict) else {}
    return tuple(version for name, version in _CORE_PACKAGES.items() if name in stated)


def _damaged(source: str, problem: str) -> Finding:
    return catalogue.DOCUMENT_PACKAGE.found(place=Place(source, 1, 1), problem=problem)
