from __future__ import annotations

import pytest

from records.pages import page_of, rows_of
from termsmith.dialects.loading import load_dialects
from termsmith.dialects.recognise import named, recognise
from termsmith.errors import PageError
from termsmith.pages.reading import read_page
from termsmith.records.scan import Scan, scan


def scanned(text: str, dialect: str) -> tuple[list[tuple[str, list[str]]], Scan]:
    page = page_of(text)
    found = scan(page, named(dialect, load_dialects()))
    entries = [
        (entry.label.text, [page.text[b.start : b.end] for b in entry.blocks]) for entry in found.entries
    ]
    return entries, found


def test_lines_behind_a_label_are_its_value() -> None:
    entries, found = scanned(
        "Terminology owner/maintenance organisation\n\nName, contact details, website\n\nTea Board\n1 Leaf Street\n\n"
        "Formal name of the code system\n\nShort name or abbreviation of the code system name\n\nTG",
        "D1",
    )
    assert entries == [
        ("Terminology owner/maintenance organisation", ["Tea Board", "1 Leaf Street"]),
        ("Formal name of the code system", []),
        ("Short name or abbreviation of the code system name", ["TG"]),
    ]
    assert [mark.note for mark in found.marks].count("hint") == 1
    assert found.stray == []


def test_section_label_and_value_glued_together_are_split_by_known_labels_only() -> None:
    entries, _ = scanned(
        "Code System OwnerNameTea Board\nWebsitehttps://tea.example\n"
        "Code System NamesFormal name of the code systemTea Grades\nShort name of the code systemTG\n"
        "Code System InformationLinkhttps://tea.example/grades\nNotes\nNotes on tea.\nLinked leaves are sorted.",
        "D2",
    )
    assert entries == [
        ("Name", ["Tea Board"]),
        ("Website", ["https://tea.example"]),
        ("Formal name of the code system", ["Tea Grades"]),
        ("Short name of the code system", ["TG"]),
        ("Link", ["https://tea.example/grades"]),
        ("Notes", ["Notes on tea.", "Linked leaves are sorted."]),
    ]


def test_words_of_short_labels_at_the_start_of_sentences_are_no_labels() -> None:
    entries, _ = scanned(
        "Code System Owner\n\nName\n\nAddress Office of the Sea\n\nWebsite\n\nCode System Information\n\nLink\n\n"
        "Notes of the harbour master\n\nNotes\n\nVersion management is done by lighthouse keepers.",
        "D2",
    )
    assert entries == [
        ("Name", ["Address Office of the Sea"]),
        ("Website", []),
        ("Link", ["Notes of the harbour master"]),
        ("Notes", ["Version management is done by lighthouse keepers."]),
    ]


def test_one_label_under_several_sections_is_told_by_its_section() -> None:
    _, found = scanned(
        "Code System Owner\nName\nA\nCode System Maintainer (Steward)\nName\nB\nCode System Publisher\nName\nC",
        "D2",
    )
    assert [entry.label.role and entry.label.role.value for entry in found.entries] == [
        "owner",
        "steward",
        "publisher",
    ]


def test_a_name_stands_before_its_roles() -> None:
    entries, _ = scanned(
        "Metadata Record Information Version 20251031\nMaintained By The Board\nLast Updated Date 31 October 2025\n"
        "Responsible Organizations Tea Board Roles\n* Code System Owner\nWebsite https://tea.example\n"
        "Sorting Office Roles\n* Code System Publisher",
        "D3",
    )
    assert entries == [
        ("Version", ["20251031"]),
        ("Maintained By", ["The Board"]),
        ("Last Updated Date", ["31 October 2025"]),
        ("Roles", ["Tea Board"]),
        ("Roles", ["Code System Owner"]),
        ("Website", ["https://tea.example"]),
        ("Roles", ["Sorting Office"]),
        ("Roles", ["Code System Publisher"]),
    ]


def test_a_misspelt_label_is_matched_and_reported() -> None:
    entries, found = scanned("OCode System NamesFormal name of the code systemTea Grades", "D2")
    assert entries == [("Formal name of the code system", ["Tea Grades"])]
    assert [(f.code, f.message) for f in found.findings] == [
        ("REC001", "'OCode System Names' was read as the label 'Code System Names'")
    ]


def test_text_before_the_first_label_is_stray() -> None:
    entries, found = scanned("Hello\n\nFormal name of the code system\n\nTea", "D1")
    assert entries == [("Formal name of the code system", ["Tea"])]
    assert [why for _, why in found.stray] == ["stands before the first label"]


def test_a_page_that_no_table_fits_is_refused_by_name() -> None:
    with pytest.raises(PageError) as caught:
        recognise(page_of("Formal name of the code system\n\nTea"), load_dialects())
    assert caught.value.finding.code == "DIA001"
    assert caught.value.finding.message == "no dialect table fits the page (none comes near)"
    labels = "Formal name of the code system\n\nTea\n\nScope/domain statement for the code system\n\nTea\n"
    with pytest.raises(PageError, match=r"\(nearest: D1 [1-9]") as caught:
        recognise(page_of(labels), load_dialects())
    assert " 0%" not in caught.value.finding.message


def test_two_tables_that_fit_equally_well_are_refused_by_name() -> None:
    first, *rest = load_dialects()
    text = "\n\n".join(label.text for label in first.labels)
    with pytest.raises(PageError) as caught:
        recognise(page_of(text), (first, first, *rest))
    assert caught.value.finding.code == "DIA002"
    assert caught.value.finding.message == "dialects D1 and D1 fit the page equally well"


LINES = (
    "Terminology owner/maintenance organisation\n\n{owner}\n\nFormal name of the code system\n\n{title}\n\n"
    "Technical identifiers of the code system\n\n{oid}\n\nInformation current as at\n\n2021-04\n"
)


def test_a_template_that_begins_anew_is_read_anew() -> None:
    text = LINES.format(owner="Tea Board", title="Tea Grades", oid="2.999.1")
    entries, found = scanned(text + LINES.format(owner="Cup Guild", title="Cups", oid="2.999.2"), "D1")
    assert [value for label, value in entries if label == "Formal name of the code system"] == [
        ["Tea Grades"],
        ["Cups"],
    ]
    assert found.stray == []


def test_a_label_among_comments_below_the_page_is_told() -> None:
    text = LINES.format(owner="Tea Board", title="Tea Grades", oid="2.999.1") + "\n1 Comment\n\n"
    text += LINES.format(owner="Cup Guild", title="Cups", oid="2.999.2")
    found = scan(read_page(text.encode(), "page.txt"), named("D1", load_dialects()))
    (finding,) = found.findings
    assert (finding.code, finding.place and finding.place.line) == ("REC008", 23)


def test_two_rows_with_unknown_labels_are_expected_to_be_two_labels() -> None:
    rows = (
        rows_of()
        .replace("Formal name of the code system", "Offizieller Name")
        .replace("Short name of the code system", "Kurzname")
    )
    page = read_page(f"<table>{rows}</table>".encode(), "page.html")
    found = scan(page, named("D2", load_dialects()))
    assert [each.message for each in found.findings if each.code == "REC004"] == [
        "'Offizieller Name' stands where 'Formal name of the code system' is expected",
        "'Kurzname' stands where 'Short name of the code system' is expected",
    ]


def test_a_row_of_headers_on_one_line_is_no_text() -> None:
    _, found = scanned(
        "Data element name Sub data element name Value\nCode System Owner\nName\nTea Board", "D2"
    )
    assert found.stray == []
    assert next(mark.note for mark in found.marks) == "table header"
