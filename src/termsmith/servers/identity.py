"""The id of a resource in its bytes: left out, or another one put in, with all else as it was.

A resource that is found by its URL has at the server the id that the server gave it.
"""

from __future__ import annotations

import json
import re
from xml.parsers import expat

from termsmith.servers.outgoing import XML

_TOKEN = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\]:,]', re.DOTALL)
_ROOT_TAG = re.compile(rb"<[^<>\"']*(?:\"[^\"]*\"[^<>\"']*|'[^']*'[^<>\"']*)*>")
_NO_LAST_COMMA = re.compile(rb",(\s*)$")


def with_id(data: bytes, media_type: str, wanted: str | None) -> bytes:
    """Return a resource's bytes with another id, or without any.

    Args:
        data: A well-formed resource.
        media_type: Tells JSON from XML.
        wanted: The id; absent to leave it out.

    >>> with_id(b'{"resourceType": "CodeSystem", "id": "Tea", "url": "u"}', "application/fhir+json", None)
    b'{"resourceType": "CodeSystem", "url": "u"}'
    >>> with_id(b'{"resourceType": "CodeSystem", "url": "u"}', "application/fhir+json", "7")
    b'{"id": "7", "resourceType": "CodeSystem", "url": "u"}'
    """
    return _xml(data, wanted) if media_type == XML else _json(data, wanted)


def _json(data: bytes, wanted: str | None) -> bytes:
    found = _json_member(data)
    new = None if wanted is None else b'"id": ' + json.dumps(wanted).encode("ascii")
    if found is None:
        if new is None:
            return data
        start = data.index(b"{") + 1
        return data[:start] + new + b", " + data[start:].lstrip()
    start, end = found
    before, after = data[:start], data[end:]
    if new is not None:
        return before + new + after
    rest = after.lstrip()
    if rest[:1] == b",":
        return before + rest[1:].lstrip()
    return _NO_LAST_COMMA.sub(rb"\1", before) + after


def _json_member(data: bytes) -> tuple[int, int] | None:
    """Return where the root's member ``id`` starts and ends."""
    depth, key, start = 0, None, 0
    expects_key = False
    for token in _TOKEN.finditer(data):
        text = token[0]
        if text in {b"{", b"["}:
            depth += 1
            expects_key = depth == 1
        elif text in {b"}", b"]"}:
            depth -= 1
        elif depth != 1:
            continue
        elif text == b",":
            expects_key = True
        elif text == b":":
            expects_key = False
        elif expects_key:
            key, start = json.loads(text), token.start()
        elif key == "id":
            return start, token.end()
    return None


def _xml(data: bytes, wanted: str | None) -> bytes:
    """Work on bytes in UTF-8, as XML is read in no other encoding."""
    reader = _XmlId()
    reader.parser.Parse(data, True)  # noqa: FBT003  expat's interface
    new = b"" if wanted is None else b'<%sid value="%s"/>' % (reader.prefix, wanted.encode("ascii"))
    if reader.start is None:
        tag = _ROOT_TAG.match(data, reader.root)
        end = reader.root if tag is None else tag.end()
        return data[:end] + new + data[end:]
    # Where the end tag starts; of an empty-element tag, where it ends.
    closed = data.startswith(b"</", reader.end)
    end = data.index(b">", reader.end) + 1 if closed else reader.end
    rest = data[end:] if new else data[end:].lstrip()
    return data[: reader.start] + new + rest


class _XmlId:
    """Where the root's start tag and its ``id`` are, as offsets in bytes."""

    def __init__(self) -> None:
        self.root, self.prefix = 0, b""
        self.start: int | None = None
        self.end = 0
        self._depth = 0
        self._inside = False
        self.parser = expat.ParserCreate("utf-8")
        self.parser.StartElementHandler = self._open
        self.parser.EndElementHandler = self._close

    def _open(self, name: str, _attributes: object) -> None:
        if self._depth == 0:
            self.root = self.parser.CurrentByteIndex
            prefix, colon, _ = name.rpartition(":")
            self.prefix = f"{prefix}{colon}".encode()
        elif self._depth == 1 and name.rpartition(":")[2] == "id" and self.start is None:
            self.start, self._inside = self.parser.CurrentByteIndex, True
        self._depth += 1

    def _close(self, _name: str) -> None:
        self._depth -= 1
        if self._inside and self._depth == 1:
            self.end, self._inside = self.parser.CurrentByteIndex, False
