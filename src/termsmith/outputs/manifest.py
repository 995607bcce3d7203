"""The manifest: what a run read, wrote and found, as JSON for machines.

::

    {
      "fhirVersion": "R4",
      "sources": [
        {
          "source": "input/cvx.txt",
          "dialect": "D1",                      (absent when none fits)
          "resources": [{"type": "...", "id": "...", "file": "...", "sha256": "..."}],
          "findings": [{"code": "...", "severity": "...", "message": "...", "hint": "...",
                        "element": "...",       (absent when no element is concerned)
                        "place": {"source": "...", "line": 1, "column": 1,
                                  "table": 1, "row": 1, "cell": 1}}],
          "coverage": {"counts": {"used": 1, ...},
                       "leftovers": [{"text": "...", "note": "...", "place": {...}}]},
          "error": {"code": "...", "message": "...", "hint": "..."},   (only when it can't be read)
          "excused": [{"reason": "...", "finding": {...}}]             (only when exceptions cover some)
        }
      ],
      "exceptions": [{"source": "termsmith.toml", "finding": {...}}],  (only when some are wrong)
      "files": [{"file": "package.tgz", "sha256": "..."}]    (only when package or Bundle is written)
    }

It has no time stamps, and paths are as the user gave them: the same run gives the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, BinaryIO, Self

import orjson

from termsmith.outputs.files import render_json
from termsmith.outputs.scratch import drop, open_scratch

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import TracebackType

    from termsmith.errors import TermsmithError
    from termsmith.model.checked import Excused
    from termsmith.model.finding import Finding
    from termsmith.model.place import Place
    from termsmith.outputs.gathered import GatheredFile
    from termsmith.outputs.results import PageResult

_INDENT = b"    "


@dataclass(frozen=True, slots=True, kw_only=True)
class Afterwards:
    """What is known of a run after its last page."""

    withheld: frozenset[str] = frozenset()
    """Sources whose resources are not written after all."""
    findings: Mapping[str, Sequence[Finding]] = field(default_factory=dict)
    """By source, those that were not known before."""
    excused: Mapping[str, Sequence[Excused]] = field(default_factory=dict)
    """By source, those of them that known exceptions cover."""
    exceptions: Sequence[tuple[str, Finding]] = ()
    """Configuration files, with what is wrong with their exceptions."""
    gathered: Sequence[GatheredFile] = ()
    """Files that hold the resources of all sources."""


class ManifestDraft:
    """Collects the manifest's entries on disk while pages are converted.

    Which files are not written because two sources want them is known only after the last page; until then
    the entries wait in an unnamed temporary file, so that a long run needs no memory for them.
    """

    def __init__(self) -> None:
        self._waiting = open_scratch()

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Drop the temporary file."""
        drop(self._waiting)

    def add(self, result: PageResult) -> None:
        """Take what converting a source gave."""
        self._waiting.write(orjson.dumps(_entry(result), option=orjson.OPT_APPEND_NEWLINE))

    def write(self, file: BinaryIO, *, fhir_version: str, after: Afterwards) -> None:
        """Write the manifest.

        Args:
            file: Where to.
            fhir_version: The release of the run.
            after: What is known after the last page.
        """
        file.write(b'{\n  "fhirVersion": %s,\n  "sources": [' % orjson.dumps(fhir_version))
        self._waiting.seek(0)
        separator = b"\n"
        for line in self._waiting:
            entry = orjson.loads(line)
            if entry["source"] in after.withheld:
                entry["resources"] = []
            entry["findings"] += map(finding_json, after.findings.get(entry["source"], ()))
            excused = [*entry.pop("excused", ()), *map(_excused, after.excused.get(entry["source"], ()))]
            if excused:
                entry["excused"] = excused
            file.write(separator + _indented(render_json(entry)))
            separator = b",\n"
        file.write(b"]" if separator == b"\n" else b"\n  ]")
        if after.exceptions:
            about = [{"source": name, "finding": finding_json(each)} for name, each in after.exceptions]
            file.write(b',\n  "exceptions": ' + _indented(render_json(about), b"  ").lstrip())
        if after.gathered:
            listed = [{"file": each.planned.name, "sha256": each.sha256} for each in after.gathered]
            file.write(b',\n  "files": ' + _indented(render_json(listed), b"  ").lstrip())
        file.write(b"\n}\n")


def finding_json(finding: Finding) -> dict[str, Any]:
    """Return a finding as it stands in manifests and machine-readable reports."""
    return _stated(
        code=finding.code,
        severity=finding.severity.value,
        message=finding.message,
        hint=finding.hint,
        element=finding.element,
        place=None if finding.place is None else place_json(finding.place),
    )


def place_json(place: Place) -> dict[str, Any]:
    """Return a place as it stands in manifests and machine-readable reports."""
    return _stated(
        source=place.source,
        line=place.line,
        column=place.column,
        table=place.table,
        row=place.row,
        cell=place.cell,
    )


def error_json(error: TermsmithError) -> dict[str, Any]:
    """Return why a source can't be read, as it stands in manifests."""
    return {"code": error.code, "message": error.message, "hint": error.hint}


def _excused(excused: Excused) -> dict[str, Any]:
    return {"reason": excused.reason, "finding": finding_json(excused.finding)}


def _entry(result: PageResult) -> dict[str, Any]:
    return _stated(
        source=result.source,
        dialect=result.dialect,
        resources=[
            {"type": file.type, "id": file.id, "file": file.name, "sha256": file.sha256}
            for file in result.files
        ],
        findings=[finding_json(finding) for finding in result.findings],
        coverage={
            "counts": result.counts,
            "leftovers": [
                _stated(text=piece.text, note=piece.note, place=place_json(piece.place))
                for piece in result.leftovers
            ],
        },
        error=None if result.error is None else error_json(result.error),
        excused=[_excused(each) for each in result.excused] or None,
    )


def _stated(**members: Any) -> dict[str, Any]:
    """Return the members that have a value: like FHIR, we leave absent what there is nothing to say of."""
    return {name: value for name, value in members.items() if value is not None}


def _indented(rendered: bytes, indent: bytes = _INDENT) -> bytes:
    # JSON text holds no raw line ends inside strings, so every line is one of layout.
    return b"\n".join(indent + line for line in rendered.rstrip(b"\n").split(b"\n"))
