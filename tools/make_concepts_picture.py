"""Write docs/concepts.svg, a code table beside its resource: ``python tools/make_concepts_picture.py``.

The table is that of input/harbour-flags.md, the resource what termsmith makes of it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

import termsmith
from termsmith.concepts.page_table import page_tables
from termsmith.pages.reading import read_page

if TYPE_CHECKING:
    from termsmith.concepts.table import CodeTable

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "input" / "harbour-flags.md"
PICTURE = ROOT / "docs" / "concepts.svg"
SHOWN = "01"
"""Code of the concept whose JSON is shown."""
ROWS = 5
_COLOURS = ("#0550ae", "#953800", "#6639ba", "#116329", "#a40e26", "#bf3989", "#0a7080", "#4d2d00")
_FONT = 'font-family="ui-monospace, Menlo, Consolas, monospace" font-size="12"'
_CHARACTER = 7.25
_ROW = 24
_LINE = 20
_GAP = 36
_MARGIN = 20


def picture() -> str:
    """Return the picture's text."""
    headers, rows = _table()
    colours = {header: _COLOURS[index % len(_COLOURS)] for index, header in enumerate(headers)}
    lines = _json_lines(
        dict(zip(headers, next(row for row in rows if row[0] == SHOWN), strict=True)), colours
    )
    widths = [
        max(len(text) for text in (header, *(row[index] for row in rows))) * _CHARACTER + 18
        for index, header in enumerate(headers)
    ]
    width = round(sum(widths)) + 2 * _MARGIN
    top = _MARGIN + 22
    table_height = (len(rows) + 1) * _ROW
    json_top = top + table_height + _GAP
    height = json_top + len(lines) * _LINE + _MARGIN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" {_FONT}>',
        "<title>A code table, and the concept that one of its rows becomes</title>",
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        _caption(f"input/{PAGE.name}, the first {len(rows)} rows", top - 10),
        *_drawn_table(headers, rows, widths, colours, top),
        _caption("output/CodeSystem-HarbourFlags.json, one concept", json_top - 14),
        *_drawn_json(lines, json_top + 6),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _caption(text: str, y: float) -> str:
    return (
        f'<text x="{_MARGIN}" y="{y:g}" font-family="system-ui, sans-serif" font-size="13" font-weight="600" '
        f'fill="#1f2328">{escape(text)}</text>'
    )


def _table() -> tuple[list[str], list[list[str]]]:
    page = read_page(PAGE.read_bytes(), PAGE.name)
    (found,) = page_tables(page)
    return [column.header for column in found.table.columns], _rows(found.table)[:ROWS]


def _rows(table: CodeTable) -> list[list[str]]:
    return [list(row) for chunk in table.reader.rows() for row in zip(*chunk.columns, strict=True)]


def _drawn_table(
    headers: list[str], rows: list[list[str]], widths: list[float], colours: dict[str, str], top: float
) -> list[str]:
    total = sum(widths)
    parts = [f'<rect x="{_MARGIN}" y="{top}" width="{total:g}" height="{_ROW}" fill="#eaeef2"/>']
    for number, row in enumerate([headers, *rows]):
        y = top + number * _ROW
        if row[0] == SHOWN:
            parts.append(f'<rect x="{_MARGIN}" y="{y:g}" width="{total:g}" height="{_ROW}" fill="#fff8c5"/>')
        x = float(_MARGIN)
        for header, text, width in zip(headers, row, widths, strict=True):
            weight = ' font-weight="700"' if number == 0 else ""
            fill = colours[header] if number == 0 or row[0] == SHOWN else "#57606a"
            parts.append(f'<text x="{x + 8:g}" y="{y + 16:g}" fill="{fill}"{weight}>{escape(text)}</text>')
            x += width
    for number in range(len(rows) + 2):
        y = top + number * _ROW
        parts.append(
            f'<line x1="{_MARGIN}" y1="{y:g}" x2="{_MARGIN + total:g}" y2="{y:g}" stroke="#d0d7de"/>'
        )
    edges = [_MARGIN + sum(widths[:index]) for index in range(len(widths) + 1)]
    bottom = top + (len(rows) + 1) * _ROW
    return parts + [
        f'<line x1="{x:g}" y1="{top:g}" x2="{x:g}" y2="{bottom:g}" stroke="#d0d7de"/>' for x in edges
    ]


def _concept() -> dict[str, Any]:
    code_system = next(
        each for each in termsmith.convert(PAGE).to_dicts() if each["resourceType"] == "CodeSystem"
    )
    return next(concept for concept in code_system["concept"] if concept["code"] == SHOWN)


_Line = list[tuple[str, str | None]]
"""Pieces of a line, each with its colour."""


def _json_lines(cells: dict[str, str], colours: dict[str, str]) -> list[_Line]:
    """Return the concept's JSON, an object of one level a line; values have the colour of their column."""
    left = dict(cells)

    def piece(value: Any) -> tuple[str, str | None]:
        header = next((header for header, cell in left.items() if cell == str(value)), None)
        if header is not None:
            del left[header]
        text = str(value) if isinstance(value, int) else f'"{value}"'
        return text, None if header is None else colours[header]

    lines: list[_Line] = [[("{", None)]]
    concept = _concept()
    for name, value in concept.items():
        end = "," if name != list(concept)[-1] else ""
        if isinstance(value, list):
            lines.append([(f'  "{name}": [', None)])
            for each in value:
                line: _Line = [("    { ", None)]
                for index, (key, inner) in enumerate(each.items()):
                    said = piece(inner) if key.startswith("value") else (f'"{inner}"', None)
                    line += [(f'{", " if index else ""}"{key}": ', None), said]
                lines.append([*line, (" }" + ("," if each is not value[-1] else ""), None)])
            lines.append([(f"  ]{end}", None)])
        else:
            lines.append([(f'  "{name}": ', None), piece(value), (end, None)])
    return [*lines, [("}", None)]]


def _drawn_json(lines: list[_Line], top: float) -> list[str]:
    return [
        f'<text xml:space="preserve" x="{_MARGIN + 8}" y="{top + number * _LINE + 8:g}">'
        f"{''.join(_span(text, colour) for text, colour in line if text)}</text>"
        for number, line in enumerate(lines)
    ]


def _span(text: str, colour: str | None) -> str:
    look = 'fill="#57606a"' if colour is None else f'fill="{colour}" font-weight="700"'
    return f"<tspan {look}>{escape(text)}</tspan>"


if __name__ == "__main__":
    PICTURE.write_text(picture(), encoding="utf-8", newline="\n")
