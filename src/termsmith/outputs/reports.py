"""Reports for people, laid out by the templates beside this module, and `explain` for machines."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from termsmith.dialects.table import Report
from termsmith.model.record import Origin
from termsmith.model.result import Fate
from termsmith.outputs.manifest import finding_json, place_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from termsmith.dialects.table import Blank, Dialect, Label
    from termsmith.model.place import Place
    from termsmith.model.record import Span
    from termsmith.model.result import Conversion, Evidence, Piece

MARKS = {Fate.USED: "u", Fate.LABEL: "l", Fate.FURNITURE: "f", Fate.BLANK: "-", Fate.LEFTOVER: "!"}
"""Letters that stand before the pieces of a page's text."""

_LONGEST_VALUE = 400
"""Characters of a value that the text report shows; JSON has all."""
_LONGEST_WORDS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a report is shown."""

    paint: Callable[[str, str], str]
    """Takes text and its role (``heading``, ``dim``, or the value of a `Fate`); may add colour."""
    width: int | None
    """Columns to wrap at; absent for lines of any length, which machines and `grep` like better."""


def explain_text(conversion: Conversion, look: Look) -> str:
    """Return both views of a conversion: each element and its words, each piece and its use."""
    counts = conversion.coverage.counts
    return _render(
        "explain.txt.j2",
        look,
        conversion=conversion,
        resources=[
            _ResourceView(name=name, elements=[_element(each) for each in group])
            for name, group in groupby(conversion.evidence, key=lambda each: each.resource)
        ],
        pieces=list(_pieces(conversion)),
        fates=[(MARKS[fate], fate.value, counts[fate.value]) for fate in MARKS],
    )


def dialect_text(dialect: Dialect, look: Look) -> str:
    """Return what a dialect table says: labels, what each becomes, and what counts as blank."""
    return _render(
        "dialect.txt.j2",
        look,
        dialect=dialect,
        labels=[_label(each) for each in dialect.labels],
        indent="  " if any(each.is_section for each in dialect.labels) else "",
        blanks=[_blank(each) for each in dialect.blanks],
    )


def explain_json(conversion: Conversion) -> dict[str, Any]:
    """Return both views of a conversion as JSON data.

    Members: ``source``, ``fhirVersion``, ``dialect`` (null when none fits), ``ok``; ``resources``, each with
    ``type``, ``id`` and ``elements``, each of those with ``element``, ``value``, ``origin`` (page, sidecar,
    configuration, default), ``reason`` (or null) and ``words`` (``text``, ``place``); ``pieces`` of the
    page's text in order, white space included, so that their ``text`` together is the page's text: ``text``,
    ``start``, ``end``, ``fate`` (used, label, furniture, blank, leftover, space), ``note`` (or null),
    ``elements``, ``place``; ``counts`` of pieces by fate; ``findings`` and places as in the manifest.
    """
    return {
        "source": conversion.source,
        "fhirVersion": conversion.fhir_version,
        "dialect": conversion.dialect,
        "ok": conversion.ok,
        "resources": [
            {
                "type": name.partition("/")[0],
                "id": name.partition("/")[2],
                "elements": [_element_json(each) for each in group],
            }
            for name, group in groupby(conversion.evidence, key=lambda each: each.resource)
        ],
        "pieces": [_piece_json(piece) for piece in conversion.coverage.pieces],
        "counts": conversion.coverage.counts,
        "findings": [finding_json(finding) for finding in conversion.findings],
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class _ElementView:
    path: str
    value: str
    grounds: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _ResourceView:
    name: str
    elements: list[_ElementView]


@dataclass(frozen=True, slots=True, kw_only=True)
class _PieceView:
    line: int
    mark: str
    fate: str
    lines: list[str]
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _LabelView:
    text: str
    level: int
    becomes: str
    aliases: tuple[str, ...]
    hints: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _BlankView:
    pattern: str
    reason: str


def _element(evidence: Evidence) -> _ElementView:
    value = evidence.value if isinstance(evidence.value, str) else orjson.dumps(evidence.value).decode()
    return _ElementView(
        path=evidence.element.partition(".")[2] or evidence.element,
        value=_shortened(value, _LONGEST_VALUE),
        grounds=list(_grounds(evidence, value)),
    )


def _grounds(evidence: Evidence, value: str) -> Iterator[str]:
    """Yield what an element rests on: places with their words, and the reason."""
    reason = f" ({evidence.reason})" if evidence.reason and evidence.spans else ""
    if not evidence.spans:
        yield f"{evidence.origin.value}: {evidence.reason or 'no reason given'}"
    elif len(evidence.spans) > 2:  # noqa: PLR2004  more places would be harder to read than a range
        first, last = evidence.spans[0], evidence.spans[-1]
        count = len(evidence.spans)
        yield f"{_where(evidence, first)} to {_at(last.place)}, {count} pieces{reason}"
    else:
        for span in evidence.spans:
            words = "" if span.raw == value else f" {_shortened(span.raw, _LONGEST_WORDS)!r}"
            yield f"{_where(evidence, span)}{words}{reason}"


def _where(evidence: Evidence, span: Span) -> str:
    if evidence.origin is Origin.PAGE:
        return f"page {_at(span.place)}"
    return f"{evidence.origin.value} {span.place.source}:{_at(span.place)}"


def _at(place: Place) -> str:
    """Return a place without its source."""
    return str(place).removeprefix(f"{place.source}:")


def _pieces(conversion: Conversion) -> Iterator[_PieceView]:
    several = len({each.resource.partition("/")[2] for each in conversion.evidence}) > 1
    before = None
    for piece in conversion.coverage.pieces:
        if piece.fate is Fate.SPACE:
            continue
        note = _note(piece, _with_id if several else _without_id)
        yield _PieceView(
            line=piece.place.line,
            mark=MARKS[piece.fate],
            fate=piece.fate.value,
            lines=[" ".join(line.split()) for line in piece.text.splitlines()],
            note="" if (piece.fate, note) == before else note,
        )
        before = (piece.fate, note)


def _note(piece: Piece, shown: Callable[[str], str]) -> str:
    """Return what a piece is used for, or why it is not."""
    if piece.elements:
        paths: dict[str, list[str]] = {}
        for each in piece.elements:
            resource, _, element = each.partition(" ")
            paths.setdefault(shown(resource), []).append(element.partition(".")[2])
        return "-> " + "; ".join(f"{resource}: {', '.join(each)}" for resource, each in paths.items())
    if piece.note is None or piece.note == piece.text:
        return ""
    return f"({piece.note})"


def _without_id(resource: str) -> str:
    return resource.partition("/")[0]


def _with_id(resource: str) -> str:
    return resource


def _label(label: Label) -> _LabelView:
    if label.field is None:
        becomes = "a section"
    elif label.why is not None:
        becomes = f"nothing: {label.why}"
    else:
        becomes = label.field.value + (f", as {label.role.value}" if label.role is not None else "")
    return _LabelView(
        text=label.text,
        level=0 if label.is_section else 1,
        becomes=becomes,
        aliases=label.aliases,
        hints=label.hints,
    )


def _blank(blank: Blank) -> _BlankView:
    loud = "" if blank.report is Report.QUIET else f" ({blank.report.value})"
    return _BlankView(pattern=blank.pattern.pattern, reason=blank.reason + loud)


def _element_json(evidence: Evidence) -> dict[str, Any]:
    return {
        "element": evidence.element,
        "value": evidence.value,
        "origin": evidence.origin.value,
        "reason": evidence.reason,
        "words": [{"text": span.raw, "place": place_json(span.place)} for span in evidence.spans],
    }


def _piece_json(piece: Piece) -> dict[str, Any]:
    return {
        "text": piece.text,
        "start": piece.start,
        "end": piece.end,
        "fate": piece.fate.value,
        "note": piece.note,
        "elements": list(piece.elements),
        "place": place_json(piece.place),
    }


def _shortened(text: str, limit: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= limit else f"{line[:limit]}... ({len(text):,} characters)"


def _render(template: str, look: Look, **view: object) -> str:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=False,  # noqa: S701  plain text for a terminal
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
    )

    def wrapped(text: str, indent: int, role: str = "") -> str:
        """Lay text out behind an indent that its first line has already, and paint each line."""
        lines = [text]
        if look.width is not None:
            width = max(look.width - indent, 20)
            lines = textwrap.wrap(text, width, break_on_hyphens=False) or [""]
        painted = [look.paint(line, role) for line in lines]
        return f"\n{' ' * indent}".join(painted)

    environment.filters["paint"] = look.paint
    environment.filters["wrapped"] = wrapped
    return environment.get_template(template).render(view)
