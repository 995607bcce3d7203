"""The renderers of the test pages, measured against example pages: same cells in, same bytes out."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import docx as python_docx
import pytest
from shapes import html, markdown, pipes, record, text, wrapped
from shapes.page import Furniture, Row, TestPage

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"
HTA = CORPUS / "hta"
RECORDS = CORPUS / "tsmg" / "pages"
pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="no ../shared/corpus beside the project")

COMMENT = "The OID 2.16.840.1.113883.99.1 on this page looks wrong, see https://example.org/wrong"
FURNITURE = {
    "D1-gmdn": Furniture(comment=COMMENT),
    "D1-bcp47": Furniture(old_version=3, comment=COMMENT),
}
"""What stands round the table in copied text; other pages have none of it."""
PAGES = sorted(path.name.removesuffix("-table.docx") for path in HTA.glob("*-table.docx"))


def page_of(name: str) -> TestPage:
    """Return an example page, its cells read from its Word document."""
    table = python_docx.Document(str(HTA / f"{name}-table.docx")).tables[0]
    cells = [[cell.text for cell in row.cells] for row in table.rows]
    if name.startswith("D1"):
        halves = [(label.partition("\n"), value) for label, value in cells]
        rows = [Row(label=label, hint=hint, value=value) for (label, _, hint), value in halves]
    else:
        rows = [Row(section=section, label=label, value=value) for section, label, value in cells[1:]]
    title = next(row.value for row in rows if row.label == "Formal name of the code system")
    furniture = FURNITURE.get(name, Furniture())
    return TestPage(
        dialect="D1" if name.startswith("D1") else "D2",
        title=title,
        rows=tuple(rows),
        furniture=furniture,
    )


def without_id(json_text: str) -> str:
    """Drop the wiki's page number, which says nothing."""
    return re.sub(r'"id": "\d+"', '"id": ""', json_text)


@pytest.mark.parametrize("name", PAGES)
def test_shapes_of_wiki_pages_are_those_of_the_examples(name: str) -> None:
    page = page_of(name)
    rendered = {
        "para.txt": text.paragraphs(page),
        "glued.txt": text.glued(replace(page, furniture=Furniture())),
        "pipes.md": pipes.trailing(page),
        "view.html": html.view(page),
        "storage.xml": html.storage(page),
        "word.doc": wrapped.word_export(page),
        **({"headings.md": markdown.headings(page)} if page.dialect == "D1" else {}),
        **({"table.md": markdown.table(page)} if page.dialect == "D2" else {}),
    }
    for ending, content in rendered.items():
        shape = HTA / f"{name}-{ending}"
        expected = shape.read_text(encoding="utf-8")
        assert content == expected, shape.name
    json_shape = HTA / f"{name}-rest.json"
    assert without_id(wrapped.rest_storage(page)) == without_id(json_shape.read_text(encoding="utf-8"))
    part = "word/document.xml"
    with (
        zipfile.ZipFile(io.BytesIO(wrapped.docx(page))) as own,
        zipfile.ZipFile(HTA / f"{name}-table.docx") as theirs,
    ):
        assert own.read(part) == theirs.read(part)


def record_rows(markup: str) -> list[list[str]]:
    """Return the texts of a record's cells, row by row, spacers between sections left out."""
    root = ET.fromstring(markup)  # noqa: S314  files of the project and of the corpus
    rows = [
        [" ".join("".join(cell.itertext()).split()) for cell in row.iterfind("{*}td")]
        for row in root.iterfind(".//{*}tr")
    ]
    return [row for row in rows if any(row)]


@pytest.mark.parametrize("path", sorted(RECORDS.glob("*.xml")), ids=lambda path: path.stem)
def test_records_have_the_rows_and_cells_of_the_examples(path: Path) -> None:
    expected = record_rows(path.read_text(encoding="utf-8"))
    assert len(expected) > 20
    rows = []
    for cells in expected:
        if cells[1] == "Identification Record":
            rows.append(Row(section=cells[0], label=cells[1], value="", link="NamingSystem-X.html"))
        elif len(cells) == 4:
            rows.append(Row(section=cells[0], organization=cells[1], label=cells[2], value=cells[3]))
        else:
            rows.append(Row(section=cells[0], label=cells[1], value=cells[2] if len(cells) > 2 else ""))
    page = TestPage(dialect="D3", title=path.stem, rows=tuple(rows))
    found = record_rows(record.source(page))
    assert [" ".join(cells) for cells in found] == [" ".join(cells) for cells in expected]
