"""Concepts of a CodeSystem rendered as CSV, TSV, XLSX and HTML tables."""

from __future__ import annotations

import csv
import html
import io
import json
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

import openpyxl  # type: ignore[import-untyped]  # has no types of its own

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

URL = "http://tea.example/codes"


class Shape(Enum):
    """How a table tells its hierarchy."""

    PARENT = "a column of parents"
    LEVEL = "a column of levels"
    INDENT = "blanks before the code"
    NUMBERING = "a column of numbers such as 1.2"


@dataclass(frozen=True)
class Rendered:
    """A table with what a sidecar states of its columns."""

    headers: list[str]
    rows: list[list[str]]
    roles: dict[str, str]

    def sidecar(self, *lines: str) -> bytes:
        """Return a sidecar for the table."""
        stated = [f'canonical_url = "{URL}"', 'title = "Codes of Tea"', 'short_name = "TeaCodes"']
        columns = [f"{json.dumps(header)} = {json.dumps(role)}" for header, role in self.roles.items()]
        return "\n".join([*stated, "[concepts]", *lines, "[concepts.columns]", *columns]).encode()


def render(concepts: Sequence[Mapping[str, Any]], shape: Shape) -> Rendered:
    """Return concepts, nested as they are, as one table."""
    listed = list(_listed(concepts, 1, None, ()))
    designations = _most(each.get("designation", ()) for each, *_ in listed)
    properties = _most(each.get("property", ()) for each, *_ in listed)
    nests = any(level > 1 for _, level, *_ in listed)
    headers = ["Code", "Display", "Definition"]
    roles: dict[str, str] = {}
    by_shape = {Shape.PARENT: "Parent", Shape.LEVEL: "Level", Shape.NUMBERING: "No."}
    if nests and shape in by_shape:
        headers.insert(0, by_shape[shape])
    for key, number in designations.items():
        headers += [_header("named", key, roles)] * number
    for key, number in properties.items():
        headers += [_header("has", key, roles)] * number
    rows = [
        [*_start(*each, shape if nests else None), *_cells(each[0], designations, properties)]
        for each in listed
    ]
    at = headers.index("Definition")
    if not any(row[at] for row in rows) and any("display" in concept for concept, *_ in listed):
        headers.pop(at)
        for row in rows:
            row.pop(at)
    return Rendered(headers, rows, roles)


def _start(
    concept: Mapping[str, Any], level: int, parent: str | None, numbers: tuple[int, ...], shape: Shape | None
) -> list[str]:
    code = concept["code"]
    if shape is Shape.INDENT:
        code = "\u00a0\u00a0" * (level - 1) + code
    row = [code, concept.get("display", ""), concept.get("definition", "")]
    told = {
        Shape.PARENT: parent or "",
        Shape.LEVEL: str(level),
        Shape.NUMBERING: ".".join(map(str, numbers)),
    }
    return row if shape is None or shape not in told else [told[shape], *row]


def _cells(
    concept: Mapping[str, Any], designations: Mapping[str, int], properties: Mapping[str, int]
) -> list[str]:
    row: list[str] = []
    for keys, name in ((designations, "designation"), (properties, "property")):
        for key, number in keys.items():
            values = [_text(each) for each in concept.get(name, ()) if _key(each) == key]
            row += values + [""] * (number - len(values))
    return row


def _listed(
    concepts: Sequence[Mapping[str, Any]], level: int, parent: str | None, above: tuple[int, ...]
) -> Iterator[tuple[Mapping[str, Any], int, str | None, tuple[int, ...]]]:
    for number, concept in enumerate(concepts, start=1):
        yield concept, level, parent, (*above, number)
        yield from _listed(concept.get("concept", ()), level + 1, concept["code"], (*above, number))


def _key(given: Mapping[str, Any]) -> str:
    """Return the role of the column that designations or properties like this one are in."""
    if "code" in given:
        kind = next(name for name in given if name.startswith("value")).removeprefix("value")
        return f"property:{given['code']}:{kind if kind == 'Coding' else kind[0].lower() + kind[1:]}"
    use = given.get("use")
    role = f"designation:{given.get('language', '')}"
    return role if use is None else f"{role}:{use['system']}|{use['code']}"


def _most(lists: Iterator[Any]) -> dict[str, int]:
    """Return how many columns each role needs, in the order of first use."""
    most: dict[str, int] = {}
    for given in lists:
        keys = [_key(each) for each in given]
        for key in keys:
            most[key] = max(most.get(key, 0), keys.count(key))
    return most


def _header(what: str, key: str, roles: dict[str, str]) -> str:
    header = f"{what} {len(roles)} {key.split(':')[1]}".strip()
    roles[header] = key
    return header


def _text(given: Mapping[str, Any]) -> str:
    value = next(value for name, value in given.items() if name.startswith("value"))
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return f"{value['system']}|{value['code']}"
    return str(value)


def as_csv(table: Rendered, delimiter: str = ",") -> bytes:
    """Return a table as comma-separated, or otherwise separated, values."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=delimiter)
    writer.writerow(table.headers)
    writer.writerows(table.rows)
    return file.getvalue().encode()


def as_xlsx(table: Rendered, path: Path) -> Path:
    """Write a table as workbook, every cell as text."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for number, row in enumerate([table.headers, *table.rows], start=1):
        for index, text in enumerate(row, start=1):
            if text:
                cell = sheet.cell(number, index, text)
                cell.data_type = "s"
                cell.number_format = "@"
    book.save(path)
    return path


def as_html(table: Rendered) -> bytes:
    """Return a page with nothing but the table."""
    head = "".join(f"<th>{html.escape(each)}</th>" for each in table.headers)
    body = "".join(
        f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row)}</tr>\n" for row in table.rows
    )
    return (
        "<!DOCTYPE html><html><head><meta charset='utf-8'><title>Codes</title></head><body><h1>Codes of Tea</h1>\n"
        f"<table><thead><tr>{head}</tr></thead><tbody>\n{body}</tbody></table></body></html>"
    ).encode()
