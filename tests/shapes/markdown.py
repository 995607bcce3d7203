"""Markdown: a heading per label, or a table with inline HTML (S6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shapes.page import parts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shapes.page import Row, TestPage


def headings(page: TestPage) -> str:
    """Render a D1 page with a heading per label."""
    return "\n\n".join(["# HTA page", *_heading_blocks(page)]) + "\n"


def table(page: TestPage) -> str:
    """Render a page as one Markdown table."""
    if page.dialect == "D1":
        lines = ["| | |", "|---|---|"]
        lines += [
            f"| **{row.label}**{f'<br>{row.hint}' * bool(row.hint)} | {_cell(row.value)} |"
            for row in page.rows
        ]
    elif page.dialect == "D2":
        lines = ["| Data element name | Sub data element name | Value |", "|---|---|---|"]
        lines += [f"| {_bold(row.section)} | {row.label} | {_cell(row.value)} |" for row in page.rows]
    else:
        lines = ["| | | | |", "|---|---|---|---|", *map(_record_line, page.rows)]
    return "\n".join([f"# {page.title}", "", *lines]) + "\n"


def _record_line(row: Row) -> str:
    if row.link:
        return f"| {_bold(row.section)} | [{row.label}]({row.link}) | | |"
    if row.organization:
        return f"| {_bold(row.section)} | {row.organization} | {row.label} | {_cell(row.value)} |"
    if row.label in {"Website", "Email address", "Phone number", "Address"}:
        return f"| {_bold(row.section)} | | {row.label} | {_cell(row.value)} |"
    return f"| {_bold(row.section)} | {row.label} | {_cell(row.value)} | |"


def _bold(text: str) -> str:
    return f"**{text}**" if text else ""


def _cell(value: str) -> str:
    return "<br><br>".join(
        "".join(f"<li>{line}</li>" for line in part.lines).join((f"<{part.list}>", f"</{part.list}>"))
        if part.list
        else "<br>".join(part.lines)
        for part in parts(value)
    )


def _heading_blocks(page: TestPage) -> Iterator[str]:
    for row in page.rows:
        if row.label:
            yield f"## {row.label.strip()}"
        if row.hint:
            yield f"*{row.hint}*"
        for part in parts(row.value):
            marks = {"": "", "ul": "* ", "ol": "1. "}[part.list]
            yield "\n".join(marks + line for line in part.lines)
