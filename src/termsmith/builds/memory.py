"""What a build remembers of each source, so that a source that is as it was is not converted again."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, TypeAlias

import orjson

from termsmith import __version__
from termsmith.builds.layout import HIDDEN
from termsmith.checks.carried import Carried
from termsmith.checks.relations.digest import Bound, Digest, Include, UniqueId
from termsmith.model.finding import Finding, Severity
from termsmith.model.place import Place
from termsmith.outputs.manifest import place_json
from termsmith.rules import rules_by_code

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

NAME = f"{HIDDEN}/memory.jsonl"
"""Relative to the project."""
FORM = 6
"""Changes with each change of what is remembered; other forms are forgotten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RememberedFile:
    """A file that was made of a source."""

    type: str
    id: str
    name: str
    """Relative to the project."""
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """What converting a source gave."""

    key: str
    """Digest of everything that it was made of (`key_of`)."""
    files: tuple[RememberedFile, ...]
    findings: tuple[Mapping[str, Any], ...]
    """As `finding_entry` has them."""
    digests: tuple[Mapping[str, Any], ...]
    """As `digest_entry` has them."""
    parts: tuple[Mapping[str, Any], ...] = ()
    """What a package and a Bundle say of its resources; empty where neither is written."""
    listed: tuple[Sequence[Any], ...] = ()
    """Its resources as a guide lists them."""
    dialect: str | None = None
    also: tuple[str, ...] = ()
    """Further files that it was made of, as the user gave them: those that its sidecar names."""


Entry: TypeAlias = "Mapping[str, Any]"
"""A finding as `finding_entry` has it."""


@dataclass(slots=True)
class Memory:
    """What is remembered, by FHIR release and source.

    What is remembered of a source stays as it is read from the disk until it is asked for, since most builds
    need that of a few sources only.
    """

    sources: dict[str, dict[str, bytes]] = field(default_factory=dict)
    """JSON of `Remembered`."""
    points: dict[str, dict[str, Sequence[str]]] = field(default_factory=dict)
    """Meeting points of the resources of each source that has files."""
    together: dict[str, tuple[str, dict[str, list[Entry]]]] = field(default_factory=dict)
    """By release: digest of all that was compared, and by source what did not go together."""
    gathered: dict[str, dict[str, tuple[str, str]]] = field(default_factory=dict)
    """By release and format: digest of what the file of all resources was made of, and of the file."""

    belongs_to: str = ""
    """`digest_of_files` of the build that left it."""

    def recall(self, release: str, source: str) -> Remembered | None:
        """Return what is remembered of a source."""
        kept = self.sources.get(release, {}).get(source)
        try:
            return None if kept is None else _remembered(orjson.loads(kept))
        except (ValueError, KeyError, TypeError):
            return None

    def keep(self, release: str, source: str, remembered: Remembered) -> None:
        """Remember a source."""
        self.sources.setdefault(release, {})[source] = orjson.dumps(_entry(remembered))

    def keep_from(self, former: Memory, release: str, source: str) -> None:
        """Remember of a source what a former build does."""
        self.sources.setdefault(release, {})[source] = former.sources[release][source]

    def copy(self) -> Memory:
        """Return a memory that can be changed by itself."""
        return Memory(
            sources={release: dict(known) for release, known in self.sources.items()},
            points={release: dict(known) for release, known in self.points.items()},
            together=dict(self.together),
            gathered=dict(self.gathered),
        )

    def render(self) -> bytes:
        """Return the bytes to be kept: a line about all, then one for each source."""
        about = {
            "form": FORM,
            "termsmith": __version__,
            "belongs_to": self.belongs_to,
            "sources": {release: list(known) for release, known in self.sources.items()},
            "points": self.points,
            "together": self.together,
            "gathered": self.gathered,
        }
        lines = (line for known in self.sources.values() for line in known.values())
        return b"\n".join([orjson.dumps(about), *lines])


def digest_of_files(files: Mapping[str, Mapping[str, str | None]]) -> str:
    """Return a digest of all files of a build, by source (`Bookkeeping.involved`)."""
    try:
        data = orjson.dumps(files)
    except TypeError:  # names that are no UTF-8 have a way to be written in json, which takes longer
        data = json.dumps(files).encode()
    return hashlib.sha256(data).hexdigest()


def read_memory(folder: Path) -> Memory:
    """Return what the last build of a project remembers; nothing when it is damaged, or another version's."""
    try:
        first, *lines = (folder / NAME).read_bytes().split(b"\n")
        about = orjson.loads(first)
        if about["form"] != FORM or about["termsmith"] != __version__:
            return Memory()
        waiting = iter(lines)
        memory = Memory(
            sources={
                release: dict(zip(names, waiting, strict=False))
                for release, names in about["sources"].items()
            },
            belongs_to=about["belongs_to"],
            points=about["points"],
            together={release: (key, found) for release, (key, found) in about["together"].items()},
            gathered={
                release: {name: (key, sha256) for name, (key, sha256) in made.items()}
                for release, made in about["gathered"].items()
            },
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Memory()
    return memory if sum(map(len, memory.sources.values())) == len(lines) else Memory()


def _entry(remembered: Remembered) -> dict[str, Any]:
    return {
        "key": remembered.key,
        "files": [
            {"type": each.type, "id": each.id, "name": each.name, "sha256": each.sha256}
            for each in remembered.files
        ],
        "findings": remembered.findings,
        "digests": remembered.digests,
        "parts": remembered.parts,
        "listed": remembered.listed,
        "dialect": remembered.dialect,
        "also": remembered.also,
    }


def _remembered(entry: Mapping[str, Any]) -> Remembered:
    return Remembered(
        key=entry["key"],
        files=tuple(RememberedFile(**file) for file in entry["files"]),
        findings=tuple(entry["findings"]),
        digests=tuple(entry["digests"]),
        parts=tuple(entry["parts"]),
        listed=tuple(entry["listed"]),
        dialect=entry["dialect"],
        also=tuple(entry["also"]),
    )


def key_of(settings: str, parts: Iterable[bytes]) -> str:
    """Return a digest of all that a result is made of.

    Args:
        settings: Digest of the settings.
        parts: Names and contents, in a fixed order; their borders count.
    """
    digest = hashlib.sha256(settings.encode())
    for part in parts:
        digest.update(b"%d:" % len(part))
        digest.update(part)
    return digest.hexdigest()


def finding_entry(finding: Finding) -> dict[str, Any]:
    """Return a finding as it is kept."""
    entry = {
        "code": finding.code,
        "message": finding.message,
        "hint": finding.hint,
        "severity": finding.severity.value,
        "element": finding.element,
        "pointer": finding.pointer,
        "offending": finding.offending,
        "place": None if finding.place is None else place_json(finding.place),
    }
    return {name: value for name, value in entry.items() if value is not None}


_SEVERITIES = {each.value: each for each in Severity}


def recalled_finding(entry: Mapping[str, Any]) -> Finding:
    """Return a finding that was kept.

    Raises:
        KeyError: When there is no such rule any more.
    """
    place = entry.get("place")
    return Finding(
        rule=rules_by_code()[entry["code"]],
        message=entry["message"],
        hint=entry["hint"],
        severity=_SEVERITIES[entry["severity"]],
        element=entry.get("element"),
        pointer=entry.get("pointer"),
        offending=entry.get("offending"),
        place=None if place is None else Place(**place),
    )


_BLANK: Mapping[str, Any] = {
    **{each.name: None for each in fields(Digest)},
    **dict.fromkeys(("unique_ids", "oids", "bound", "includes", "places"), ()),
    "excludes": False,
}
"""What most resources have; it is not kept."""


def digest_entry(digest: Digest) -> dict[str, Any]:
    """Return what a resource is compared by, as it is kept."""
    kept = ((each.name, getattr(digest, each.name)) for each in fields(Digest))
    return {name: _plain(value) for name, value in kept if value != _BLANK[name]}


def _plain(value: Any) -> Any:
    """Return tuples as lists, and sets as sorted ones, as JSON has nothing else for them."""
    if isinstance(value, frozenset):
        return sorted(value)
    return [_plain(each) for each in value] if isinstance(value, tuple) else value


_CARRIED = ("url", "version", "title", "copyright")


def recalled_digest(entry: Mapping[str, Any]) -> Digest:
    """Return what a resource is compared by."""
    given = {**_BLANK, **entry}
    for name in _CARRIED:
        if given[name] is not None:
            given[name] = Carried(*given[name])
    given["unique_ids"] = tuple(UniqueId(*each) for each in given["unique_ids"])
    given["oids"] = tuple(tuple(each) for each in given["oids"])
    given["codes"] = _codes(given["codes"])
    given["bound"] = tuple(
        Bound(pointer, code, value_set, tuple(tuple(value) for value in values))
        for pointer, code, value_set, values in given["bound"]
    )
    given["includes"] = tuple(
        Include(system, whole, _codes(codes)) for system, whole, codes in given["includes"]
    )
    given["places"] = tuple((pointer, Place(*place)) for pointer, place in given["places"])
    return Digest(**given)


def _codes(listed: Sequence[str] | None) -> frozenset[str] | None:
    return None if listed is None else frozenset(listed)
