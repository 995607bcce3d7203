"""A resource on its way to a server: what is needed to plan, and where its bytes are."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from termsmith.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from termsmith.model.finding import Finding
    from termsmith.model.place import Place

_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")
_CHUNK = 1 << 20
_PACKED_LEVEL = 1
XML, JSON = "application/fhir+xml", "application/fhir+json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """Bytes of a resource: a file that is read again when it is sent, or compressed in memory."""

    source: str
    media_type: str
    size: int
    packed: bytes | None = None
    path: Path | None = None
    state: tuple[int, int] = (0, 0)
    """Size and time of change of the file when it was planned."""

    @classmethod
    def of_bytes(cls, data: bytes, source: str, media_type: str) -> Body:
        """Keep bytes, compressed, so that a package takes about its own size."""
        packed = zlib.compress(data, _PACKED_LEVEL)
        return cls(source=source, media_type=media_type, size=len(data), packed=packed)

    @classmethod
    def of_file(cls, path: Path, source: str, media_type: str) -> Body:
        """Remember a file."""
        status = path.stat()
        state = (status.st_size, status.st_mtime_ns)
        return cls(source=source, media_type=media_type, size=status.st_size, path=path, state=state)

    def read(self) -> bytes:
        """Return all bytes.

        Raises:
            SourceError: SRC002, when the file can't be read any more, or was changed.
        """
        return b"".join(self.chunks())

    def chunks(self) -> Iterator[bytes]:
        """Yield all bytes, a file's piece by piece.

        Raises:
            SourceError: As `read`.
        """
        if self.path is None:
            yield zlib.decompress(self.packed or b"")
            return
        try:
            status = self.path.stat()
            if (status.st_size, status.st_mtime_ns) != self.state:
                raise SourceError(
                    "SRC002",
                    f"{self.source}: was changed while it was uploaded",
                    "Upload it again when nothing writes it.",
                )
            with self.path.open("rb") as file:
                while chunk := file.read(_CHUNK):
                    yield chunk
        except OSError as error:
            raise SourceError(
                "SRC002", f"{self.source}: can't be read: {error.strerror}", "Check its permissions."
            ) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A resource that is to be sent."""

    source: str
    """File, or member of a package, as the user gave it."""
    place: Place
    type: str
    id: str | None
    """Absent when it has none that FHIR allows."""
    url: str | None
    version: str | None
    """The resource's own, ``CodeSystem.version``."""
    supplements: str | None
    """URL of the code system that it adds to, without a version."""
    content: str | None
    concepts: int
    """Number of concepts at all levels."""
    identifiers: tuple[str, ...]
    """Values of ``NamingSystem.uniqueId``, those first that are best to find it by."""
    release: str | None
    """``R4``, ``R4B`` or ``R5``; absent when it fits all."""
    release_reason: str
    body: Body
    findings: tuple[Finding, ...] = ()
    """Why it can't be sent, found while it was read."""

    @property
    def name(self) -> str:
        """``CodeSystem/Tea``; by its URL where it has no id."""
        return f"{self.type}/{self.id}" if self.id is not None else f"{self.type} {self.url or 'without id'}"


def is_usable_id(value: object) -> bool:
    """Tell whether an id is one that FHIR allows, and that means no other place in a URL, as ``..`` would."""
    return isinstance(value, str) and _ID.fullmatch(value) is not None and value not in {".", ".."}


def text_of(data: Mapping[str, Any], element: str) -> str | None:
    """Return the text of an element; nothing where it is absent, empty or no text."""
    value = data.get(element)
    return value if isinstance(value, str) and value else None


def concept_count(data: Mapping[str, Any]) -> int:
    """Return the number of concepts at all levels.

    >>> concept_count({"concept": [{"code": "a", "concept": [{"code": "b"}]}]})
    2
    """
    number = 0
    waiting = [data]
    while waiting:
        below = waiting.pop().get("concept")
        for each in below if isinstance(below, list) else ():
            if isinstance(each, dict):
                number += 1
                if "concept" in each:
                    waiting.append(each)
    return number
