"""Markup in a wrapper: REST JSON, "Export to Word" (MIME), and a Word document."""

from __future__ import annotations

import io
import json
import quopri
import zipfile
from html import escape
from typing import TYPE_CHECKING
from zlib import crc32

from shapes.html import storage, wrapped_table
from shapes.page import parts
from shapes.text import HEADER, printed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shapes.page import Row, TestPage


def rest_storage(page: TestPage) -> str:
    """Render what the wiki's REST interface answers for ``expand=body.storage,version``."""
    return _rest(page, "storage", storage(page))


def rest_view(page: TestPage) -> str:
    """Render what the wiki's REST interface answers for ``expand=body.view,version``."""
    return _rest(page, "view", wrapped_table(page))


def _rest(page: TestPage, body: str, markup: str) -> str:
    content = {
        "id": str(60_000_000 + crc32(page.title.encode()) % 1_000_000),
        "type": "page",
        "status": "current",
        "title": page.title,
        "space": {"key": "TA"},
        "version": {"number": 4, "when": page.date, "by": {"displayName": "An Editor"}},
        "body": {body: {"value": markup, "representation": body}},
        "_links": {"webui": "/display/TA/x", "base": "https://confluence.example.org"},
    }
    return json.dumps(content, ensure_ascii=False)


def word_export(page: TestPage) -> str:
    """Render the wiki's "Export to Word": MIME with quoted-printable HTML."""
    html = (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head>'
        '<meta http-equiv="Content-Type" content="text/html; charset=utf-8"></head><body>'
        f"<h1>{escape(page.title, quote=False)}</h1>{wrapped_table(page)}</body></html>"
    )
    body = quopri.encodestring(html.encode()).decode("ascii")
    return (
        "Date: Mon, 24 May 2021 10:11:12 +0000 (UTC)\nMessage-ID: <1@confluence>\n"
        "Subject: Exported From Confluence\nMIME-Version: 1.0\nContent-Type: multipart/related; \n"
        '\tboundary="----=_Part_1"\n\n------=_Part_1\nContent-Type: text/html; charset=UTF-8\n'
        "Content-Transfer-Encoding: quoted-printable\nContent-Location: file:///C:/exported.html\n\n"
        f"{body}\n------=_Part_1--\n"
    )


def docx(page: TestPage) -> bytes:
    """Render a Word document that holds the page's table; the same page gives the same bytes."""
    document = (
        '<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="http://schemas.openxmlformats.org/'
        'wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>HTA page</w:t></w:r></w:p><w:tbl>'
        + "".join(f"<w:tr>{''.join(map(_cell, cells))}</w:tr>" for cells in _document_rows(page))
        + "</w:tbl></w:body></w:document>"
    )
    types = (
        '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
        'content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
        'relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="'
        '/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        'wordprocessingml.document.main+xml"/></Types>'
    )
    relations = (
        '<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/'
        '2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/'
        '2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>'
    )
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in (
            ("[Content_Types].xml", types),
            ("_rels/.rels", relations),
            ("word/document.xml", document),
        ):
            archive.writestr(zipfile.ZipInfo(name, (2021, 5, 24, 10, 11, 12)), text)
    return content.getvalue()


def _document_rows(page: TestPage) -> Iterator[tuple[str, ...]]:
    if page.dialect == "D2":
        yield HEADER
    for row in page.rows:
        yield _document_cells(page, row)


def _document_cells(page: TestPage, row: Row) -> tuple[str, ...]:
    value = printed(row.value) if any(part.list for part in parts(row.value)) else row.value
    match page.dialect:
        case "D1":
            return (f"{row.label}\n{row.hint}" if row.hint else row.label, value)
        case "D2":
            return (row.section, row.label, value)
        case "D3":
            return (row.section, row.organization, row.label, value)


def _cell(text: str) -> str:
    if not text:
        return "<w:tc><w:p/></w:tc>"
    lines = (
        f'<w:p><w:r><w:t xml:space="preserve">{line}</w:t></w:r></w:p>'
        for line in escape(text).replace("&#x27;", "'").split("\n")
    )
    return f"<w:tc>{''.join(lines)}</w:tc>"
