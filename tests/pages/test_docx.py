from __future__ import annotations

from io import BytesIO

from docx import Document

from pages.printed import assert_lawful, outline, read


def test_a_document_that_word_would_write_is_read() -> None:
    made = Document()
    made.add_heading("Acme codes", 1)
    made.add_paragraph("first", style="List Bullet")
    made.add_paragraph("second", style="List Number")
    table = made.add_table(rows=2, cols=2)
    table.cell(0, 0).text = "Name"
    table.cell(0, 1).text = "Acme\nHigh St"
    table.cell(0, 0).merge(table.cell(1, 0))
    table.cell(1, 1).text = "2.999"
    made.add_paragraph("end")
    stream = BytesIO()
    made.save(stream)
    page = read(stream.getvalue())
    assert_lawful(page)
    assert (page.format, page.title) == ("docx", "Acme codes")
    assert outline(page) == [
        "# Acme codes <page title>",
        "* first",
        "1. second",
        "1: Name | Acme / +High St",
        "1: 2.999",
        "end",
    ]


def test_a_header_with_text_is_reported_and_an_empty_one_is_not() -> None:
    made = Document()
    made.add_paragraph("body")
    made.sections[0].header.is_linked_to_previous = False
    stream = BytesIO()
    made.save(stream)
    assert [finding.code for finding in read(stream.getvalue()).findings] == []
    made.sections[0].header.paragraphs[0].text = "Confidential"
    stream = BytesIO()
    made.save(stream)
    findings = read(stream.getvalue()).findings
    assert [(finding.code, finding.message) for finding in findings] == [
        ("PAG106", "headers of the document are not read")
    ]
