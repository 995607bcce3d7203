"""What a build remembers of each source, so that a source that is as it was is not converted again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

import orjson

from termsmith import __version__
from termsmith.checks.carried import Carried
from termsmith.checks.relations.digest import Bound, Digest, Include, UniqueId
from termsmith.model.finding import Finding, Severity
from termsmith.model.place import Place
from termsmith.outputs.manifest import place_json
from termsmith.rules import rules_by_code

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

FORM = 4
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
    day: str | None = None
    """``YYYY-MM-DD``, where the result has the day's date in it; absent where it is the same on any day."""


@dataclass(slots=True)
class Memory:
    """What is remembered, by FHIR release and source."""

    sources: dict[str, dict[str, Remembered]] = field(default_factory=dict)
    together: dict[str, tuple[str, list[tuple[str, Mapping[str, Any]]]]] = field(default_factory=dict)
    """By release: digest of all that was compared, and what did not go together."""

    gathered: dict[str, dict[str, tuple[str, str]]] = field(default_factory=dict)
    """By release and format: digest of what the file of all resources was made of, and of the file."""

    def recall(self, release: str, source: str) -> Remembered | None:
        """Return what is remembered of a source."""
        return self.sources.get(release, {}).get(source)

    def keep(self, release: str, source: str, remembered: Remembered) -> None:
        """Remember a source."""
        self.sources.setdefault(release, {})[source] = remembered

    def render(self) -> bytes:
        """Return the bytes to be kept."""
        data = {
            "form": FORM,
            "termsmith": __version__,
            "sources": {
                release: {name: _entry(each) for name, each in known.items()}
                for release, known in self.sources.items()
            },
            "together": self.together,
            "gathered": self.gathered,
        }
        return orjson.dumps(data)


def read_memory(path: Path) -> Memory:
    """Return what the last build remembers; nothing when it can't be read or another version wrote it."""
    try:
        data = orjson.loads(path.read_bytes())
        if data["form"] != FORM or data["termsmith"] != __version__:
            return Memory()
        return Memory(
            sources={
                release: {name: _remembered(entry) for name, entry in known.items()}
                for release, known in data["sources"].items()
            },
            together={
                release: (key, [(source, finding) for source, finding in found])
                for release, (key, found) in data["together"].items()
            },
            gathered={
                release: {name: (key, sha256) for name, (key, sha256) in made.items()}
                for release, made in data["gathered"].items()
            },
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Memory()


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
        "day": remembered.day,
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
        day=entry["day"],
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
    return {
        "code": finding.code,
        "message": finding.message,
        "hint": finding.hint,
        "severity": finding.severity.value,
        "element": finding.element,
        "pointer": finding.pointer,
        "offending": finding.offending,
        "place": None if finding.place is None else place_json(finding.place),
    }


def recalled_finding(entry: Mapping[str, Any]) -> Finding:
    """Return a finding that was kept.

    Raises:
        KeyError: When there is no such rule any more.
    """
    place = entry["place"]
    return Finding(
        rule=rules_by_code()[entry["code"]],
        message=entry["message"],
        hint=entry["hint"],
        severity=Severity(entry["severity"]),
        element=entry["element"],
        pointer=entry["pointer"],
        offending=entry["offending"],
        place=None if place is None else Place(**place),
    )


def digest_entry(digest: Digest) -> dict[str, Any]:
    """Return what a resource is compared by, as it is kept."""
    return {each.name: _plain(getattr(digest, each.name)) for each in fields(Digest)}


def _plain(value: Any) -> Any:
    """Return tuples as lists, and sets as sorted ones, as JSON has nothing else for them."""
    if isinstance(value, frozenset):
        return sorted(value)
    return [_plain(each) for each in value] if isinstance(value, tuple) else value


_CARRIED = ("url", "version", "title", "copyright")


def recalled_digest(entry: Mapping[str, Any]) -> Digest:
    """Return what a resource is compared by."""
    given = {each.name: entry[each.name] for each in fields(Digest)}
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
    return Digest(**given)


def _codes(listed: Sequence[str] | None) -> frozenset[str] | None:
    return None if listed is None else frozenset(listed)
