"""One table in every format in which pages with tables reach a user."""

from __future__ import annotations

import json
import quopri
from html import escape
from typing import TYPE_CHECKING

from pages.documents import document, paragraph

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Rows = Sequence[Sequence[str]]
    Rendering = Callable[[Rows], "str | bytes"]


def as_html(rows: Rows) -> str:
    """Render a table of HTML, its first row as header."""
    lines = [
        "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in row) + "</tr>"
        for row, tag in zip(rows, ["th", *["td"] * len(rows)], strict=False)
    ]
    return "<table>" + "".join(lines) + "</table>"


def as_xhtml(rows: Rows) -> str:
    """Render an XHTML page."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?><html xmlns="http://www.w3.org/1999/xhtml">'
        f"<head><title>x</title></head><body><h1>Tea</h1>{as_html(rows)}</body></html>"
    )


def as_saved_page(rows: Rows) -> str:
    """Render a page of Confluence as a browser saves it."""
    cells = as_html(rows).replace("<td>", '<td class="confluenceTd"><p>').replace("</td>", "</p></td>")
    return (
        '<html><body><div id="header">Wiki</div><div id="main-content" class="wiki-content"><h1>Tea</h1>'
        f'<div class="table-wrap">{cells}</div></div><div id="footer">Footer</div></body></html>'
    )


def as_storage(rows: Rows) -> str:
    """Render Confluence's storage format."""
    return (
        f'<ac:layout><ac:layout-section ac:type="single"><ac:layout-cell><h1>Tea</h1>{as_html(rows)}'
        "</ac:layout-cell></ac:layout-section></ac:layout>"
    )


def as_rest(rows: Rows) -> str:
    """Render what Confluence's REST interface answers."""
    body = {"storage": {"value": as_storage(rows), "representation": "storage"}}
    return json.dumps({"title": "Tea", "body": body})


def as_word_export(rows: Rows) -> str:
    """Render Confluence's "Export to Word"."""
    body = quopri.encodestring(f"<html><body><h1>Tea</h1>{as_html(rows)}</body></html>".encode()).decode()
    return (
        "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x\n"
        f"Content-Type: text/html; charset=UTF-8\nContent-Transfer-Encoding: quoted-printable\n\n{body}\n--x--\n"
    )


def as_docx(rows: Rows) -> bytes:
    """Render a Word document."""
    lines = [
        "<w:tr>" + "".join(f"<w:tc>{paragraph(escape(cell))}</w:tc>" for cell in row) + "</w:tr>"
        for row in rows
    ]
    return document(paragraph("Tea") + "<w:tbl>" + "".join(lines) + "</w:tbl>")


def as_markdown(rows: Rows) -> str:
    """Render GitHub's Markdown."""
    lines = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "# Tea\n\n" + "\n".join([lines[0], "|" + " --- |" * len(rows[0]), *lines[1:]]) + "\n"


def as_pipes(rows: Rows) -> str:
    """Render pipe rows, as copied from a wiki."""
    return "Tea\n\n" + "\n".join("| " + " | ".join(row) + " |" for row in rows) + "\n"


def as_pipes_behind(rows: Rows) -> str:
    """Render pipe rows without pipes in front."""
    return "Tea\n\n" + "\n".join(" | ".join(row) + " |" for row in rows) + "\n"


def as_tabs(rows: Rows) -> str:
    """Render lines as a browser copies them: tabs between cells."""
    return "Tea\n\n" + "\n".join("\t".join(row) for row in rows) + "\n"


def as_paragraphs(rows: Rows) -> str:
    """Render each cell as a paragraph; empty ones are lost."""
    return "Tea\n\n" + "\n\n".join(cell for row in rows for cell in row if cell) + "\n"


RENDERINGS: tuple[Rendering, ...] = (
    as_html,
    as_xhtml,
    as_saved_page,
    as_storage,
    as_rest,
    as_word_export,
    as_docx,
    as_markdown,
    as_pipes,
    as_pipes_behind,
    as_tabs,
)


def page_with(rendering: Rendering, rows: Rows) -> bytes:
    """Return a page that holds a table."""
    page = rendering(rows)
    return page.encode() if isinstance(page, str) else page
