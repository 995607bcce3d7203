"""Tables that teach lists and usage pages."""

from __future__ import annotations

import pytest

from termsmith.dialects.lists import list_tables, lists_on
from termsmith.dialects.loading import load_dialect, load_dialects
from termsmith.dialects.recognise import measure, recognise
from termsmith.errors import SettingsError
from termsmith.model.record import Role
from termsmith.pages.reading import read_page

LIST = b"""
id = "mine"
title = "Our lists"
reservations = ["Unchecked"]

[[lists]]

[[lists.columns]]
header = "System"
field = "title"
lines = { "OID" = "endorsed_oid" }

[[lists.columns]]
header = "Kept by"
field = "organization"
role = "owner"
optional = true
"""
GUIDE = b"""
id = "mine"
title = "Our manuals"

[[sections]]
label = "Summary"

[[guide.chapters]]
heading = "Terms"
field = "copyright"

[[guide.sentences]]
pattern = "^Manual of (?P<short_name>.+)$"

[[guide.sentences]]
pattern = "case matters"
states = { case_sensitive = "true" }
"""


def test_columns_and_lines_of_a_list_are_labels_of_the_dialect() -> None:
    dialect = load_dialect(LIST, "mine.toml", origin="mine.toml")
    assert [label.text for label in dialect.labels] == ["System", "OID", "Kept by"]
    (layout,) = dialect.lists
    assert (layout.needed, layout.columns[1].label.role) == (1, Role.OWNER)
    assert dialect.reservations == {"unchecked"}


@pytest.mark.parametrize(
    ("table", "old", "new", "message"),
    [
        (
            LIST,
            b'field = "title"',
            b'field = "names"',
            "lists.columns.field: 'names' is not known; allowed: title, ",
        ),
        (
            LIST,
            b'lines = { "OID" = "endorsed_oid" }',
            b"",
            "never missing for names, and one for identifiers",
        ),
        (LIST, b'field = "title"', b'field = "title"\noptional = true', "never missing for names"),
        (LIST, b'field = "organization"', b'field = "ignored"', '"ignored" needs `why`'),
        (LIST, b'"endorsed_oid"', b'"ignored"', '`lines` take no "ignored"'),
        (
            LIST,
            b"optional = true",
            b"options = true",
            "lists.columns.options: unknown key; allowed: aliases, field, ",
        ),
        (GUIDE, b'"Terms"', b'"Terms("', "no regular expression"),
        (GUIDE, b'field = "copyright"', b'field = "title"', "a chapter is about one of case_rule"),
        (GUIDE, b"P<short_name>", b"P<nickname>", "not 'nickname'"),
        (GUIDE, b"(?P<short_name>.+)", b".+", "needs a named group or `states`"),
        (GUIDE, b'"true"', b'"perhaps"', "takes no case_sensitive = 'perhaps'"),
    ],
)
def test_a_wrong_table_is_refused_by_its_place(table: bytes, old: bytes, new: bytes, message: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_dialect(table.replace(old, new, 1), "mine.toml", origin="mine.toml")
    assert caught.value.code == "SET011"
    assert message in caught.value.message


def page(head: str) -> bytes:
    cells = "".join(f"<td>{each}</td>" for each in head.split("|"))
    return f"<html><body><table><tr>{cells}</tr><tr>{cells}</tr></table></body></html>".encode()


@pytest.mark.parametrize(
    ("head", "known"),
    [
        ("Name|Owner / Maintainer|URI|OID|Metadata Record|Use with HL7 Standards", 4),
        ("OID|URI|NAME|owner", 4),
        ("Title / Official URI and OID|Owner|Fragment", 2),
        ("Coding System|Description|URI / LRI Code|Remarks", 3),
    ],
)
def test_a_list_is_known_by_its_head(head: str, known: int) -> None:
    read = read_page(page(head), "list.html")
    first = measure(read, load_dialects())[0]
    assert (first.dialect.id, first.labels, first.total, first.share) == ("D6", known, known, 1.0)
    assert lists_on(read, load_dialects()) == {1}


@pytest.mark.parametrize("head", ["Name|Owner|URI", "Code|Display|Definition", "Name|Name|URI|OID", ""])
def test_other_tables_are_none(head: str) -> None:
    read = read_page(page(head) + b"<p>text</p>", "list.html")
    assert lists_on(read, load_dialects()) == frozenset()


def test_of_several_layouts_the_one_with_most_columns_counts() -> None:
    (dialect,) = (each for each in load_dialects() if each.id == "D6")
    read = read_page(page("Name|Owner|URI|OID|Title / Official URI and OID"), "list.html")
    (found,) = list_tables(read, dialect)
    assert sum(column is not None for column in found.columns) == 4


def test_heads_of_lists_tell_nothing_of_a_page_without_a_list() -> None:
    """A line ``OID: ...`` made a short page of D1 one of D6, whose columns have that name twice."""
    text = (
        "# Grades of Tea\n\n## Terminology owner/maintenance organisation\n\n*Name, contact details, website*\n\n"
        "Leaf & Bud Exchange\n\n## Formal name of the code system\n\nGrades of Tea\n\n"
        "## Short name or abbreviation of the code system name\n\nTea grades\n\n"
        "## Technical identifier/s for the code system\n\nURI: https://tea.example/id/grades\nOID: 2.999.1.2\n\n"
        "## Information current as at (date)\n\n2026-03-01\n"
    )
    page = read_page(text.encode(), "tea.md")
    assert recognise(page, load_dialects(())).dialect.id == "D1"
    (list_,) = measure(page, [each for each in load_dialects(()) if each.id == "D6"])
    assert (list_.labels, list_.share) == (0, 0.0)
