"""Pages made of plain lines, and one of three columns, for tests of what comes after reading."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from termsmith.conversion import convert_page
from termsmith.model.page import Block, BlockKind, Link, Page, Positions
from termsmith.settings import Settings

if TYPE_CHECKING:
    from termsmith.model.result import Conversion

_ROWS = """\
<tr><td>Code System Owner</td><td>Name</td><td>{owner}</td></tr>
<tr><td>Code System Names</td><td>Formal name of the code system</td><td>{title}</td></tr>
<tr><td></td><td>Short name of the code system</td><td>{short_name}</td></tr>
<tr><td>Code System Technical Identifiers</td><td>HTA-endorsed URI</td><td>{uri}</td></tr>
<tr><td></td><td>HTA-endorsed OID</td><td>{oid}</td></tr>
<tr><td></td><td>Other URIs</td><td>{other_uris}</td></tr>
<tr><td></td><td>Other OIDs</td><td>{other_oids}</td></tr>
<tr><td></td><td>Case Sensitive Codes (TRUE/FALSE)</td><td>{case_sensitive}</td></tr>
<tr><td>Code System Information</td><td>Notes</td><td>{notes}</td></tr>
<tr><td>Code System Copyright, Intellectual Property and Licensing</td><td>Licensing Information</td><td>Free.</td></tr>
<tr><td>HTA endorsement status</td><td>Value</td><td>{status}</td></tr>
<tr><td colspan="2">Information current as at (date)</td><td>{date}</td></tr>
"""
_CELLS = {
    "owner": "Tea Board",
    "title": "Tea Grades",
    "short_name": "TG",
    "uri": "http://tea.example/cs",
    "oid": "2.999.1",
    "other_uris": "",
    "other_oids": "",
    "case_sensitive": "TRUE",
    "notes": "Grades of tea.",
    "status": "Endorsed for use",
    "date": "20210430",
}
"""A page in which nothing is to be found fault with, but that it has few of its dialect's labels (DIA003)."""


def rows_of(**cells: str) -> str:
    """Return the rows of a page in three columns, with other cells where they are given."""
    return _ROWS.format(**{**_CELLS, **cells})


def conversion_of(rows: str, sidecar: str | None = None) -> Conversion:
    """Return what a page of these rows becomes."""
    beside = None if sidecar is None else sidecar.encode()
    page = f"<table>\n{rows}</table>".encode()
    return convert_page(page, "tea.html", Settings(), today="2026-01-31", sidecar=beside)


def naming_system_page(*tables: str) -> str:
    """Return a page of a NamingSystem with further tables behind that of what it is."""
    facts = {
        "Defining URL": "http://tea.example/NamingSystem/tea",
        "Version": "1",
        "Name": "Tea",
        "Status": "Active as of 2024-01-05",
        "Definition": "Ids of tea.",
        "Publisher": "Tea Board",
        "Kind": "Identifier",
    }
    rows = "".join(f"<tr><td>{label}:</td><td>{value}</td></tr>" for label, value in facts.items())
    behind = "".join(f"<h3>Identifiers</h3><table>{table}</table>" for table in tables)
    return f"<html><body><h1>NamingSystem: Tea</h1><table>{rows}</table>{behind}</body></html>"


def table_of(*lines: str) -> str:
    """Return the rows of a table with a header from lines whose cells are apart by ``|``."""
    rows = ["".join(f"<td>{cell}</td>" for cell in line.split("|")) for line in lines]
    return "".join(f"<tr>{row}</tr>" for row in rows)


def naming_system_of(*lines: str, settings: Settings | None = None, sidecar: str | None = None) -> Conversion:
    """Return what a page of a NamingSystem with a table of identifiers of these lines becomes."""
    return convert_page(
        naming_system_page(table_of(*lines)).encode(),
        "tea.html",
        settings or Settings(),
        today="2026-01-31",
        sidecar=None if sidecar is None else sidecar.encode(),
    )


def told(conversion: Conversion) -> list[tuple[str, str]]:
    """Return code and message of the findings on what a page says."""
    return [
        (each.code, each.message)
        for each in conversion.findings
        if each.code.startswith(("REC", "RES", "SID")) and each.code != "REC024"
    ]


def page_of(text: str, *, links: tuple[Link, ...] = (), source: str = "page.txt") -> Page:
    """Return a page with a block for each line of a text; empty lines make gaps, ``* `` or ``1. `` makes an item."""
    blocks = []
    lines, offsets = [], []
    start = 0
    gap = True
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            numbered = re.match(r"\d\.(?= )", line)
            marker = "*" if line.startswith("* ") else numbered[0] if numbered else ""
            blocks.append(
                Block(
                    start=start + (len(marker) + 1 if marker else 0),
                    end=start + len(line),
                    gap=gap,
                    kind=BlockKind.ITEM if marker else BlockKind.TEXT,
                    level=1 if marker else 0,
                    marker=marker,
                )
            )
            lines.append(number)
            offsets.append(start)
        gap = not line.strip()
        start += len(line) + 1
    positions = Positions(offsets=tuple(offsets), lines=tuple(lines), columns=(1,) * len(lines))
    return Page(
        source=source, format="text", text=text, items=tuple(blocks), positions=positions, links=links
    )
