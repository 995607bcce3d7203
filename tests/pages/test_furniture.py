from __future__ import annotations

import re

import pytest

from pages.printed import outline, read
from termsmith.pages.furniture import furniture, load_furniture


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Page tree", "navigation"),
        ("SKIP TO  end of metadata", "navigation"),
        ("External Identifier Systems", "navigation"),
        ("Version 1 Next »", "version banner"),
        ("« Previous Version 3 Next »", "version banner"),
        ("You are viewing an old version of this page. View the current version.", "version banner"),
        ("Compare with Current View Page History", "version banner"),
        ("This line was added.", "key of a page comparison"),
        ("Created by Ann, last modified on Oct 02, 2020", "page metadata"),
        ("No labels", "page labels and likes"),
        ("• No labels", "page labels and likes"),
        (
            (
                "When adding a new HTA External Code System Information page ensure that a row for the code system "
                "is added to the index at the following link: Index"
            ),
            "note to the page's editors",
        ),
    ],
)
def test_lines_of_furniture(line: str, reason: str) -> None:
    page = read(f"Acme\n\n{line}\n\ncodes")
    assert [block.furniture for block in page.blocks] == [None, reason, None]


@pytest.mark.parametrize(
    "line",
    [
        "Page tree of the codes",
        "Version 1",
        "Version 1 is the next",
        "Created by Acme in 2020",
        "2 comments were made",
        "The version is 4 - publication follows",
        "Keys",
        "When adding a new code ensure that a row is added",
    ],
)
def test_similar_lines_are_content(line: str) -> None:
    page = read(f"Acme\n\n{line}\n\ncodes")
    assert [block.furniture for block in page.blocks] == [None, None, None]


def test_everything_below_the_comments_is_furniture() -> None:
    page = read("<p>Acme</p><p>2 Comments</p><p>Wrong OID</p><table><tr><td>OID</td></tr></table>")
    assert outline(page) == [
        "Acme",
        "2 Comments <comments below the page>",
        "Wrong OID <comments below the page>",
        "1: OID <comments below the page>",
    ]


def test_lines_in_tables_are_content() -> None:
    page = read("<table><tr><td>1 Comment</td><td>Page tree</td></tr></table><p>Acme</p>")
    assert outline(page) == ["1: 1 Comment | Page tree", "Acme"]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<h1>Acme</h1><h2>Name</h2><p>x</p>", ["# Acme <page title>", "## Name", "x"]),
        ("<h1>Name</h1><p>x</p><h1>OID</h1><p>y</p>", ["# Name", "x", "# OID", "y"]),
        ("<h2>Acme</h2><table><tr><td>x</table>", ["## Acme <page title>", "1: x"]),
        ("<h2>A</h2><h2>B</h2><table><tr><td>x</table>", ["## A", "## B", "1: x"]),
        ("<h2>Name</h2><p>x</p>", ["## Name", "x"]),
        ("<nav><h1>Site</h1></nav><h1>Acme</h1><p>x", ["# Site <navigation>", "# Acme <page title>", "x"]),
        ("<p>Acme</p><table><tr><td>x</table>", ["Acme", "1: x"]),
    ],
)
def test_the_title_of_the_page(html: str, expected: list[str]) -> None:
    assert outline(read(html)) == expected


def test_an_address_at_the_end_of_a_page_is_not_compared() -> None:
    line = "created by " + "x" * 5_000 + ", last modified on Oct 02, 2020"
    assert read(line).blocks[0].furniture is None


def test_the_table_is_sound() -> None:
    table = furniture()
    assert list(table.contents) == ["#main-content", ".wiki-content"]
    assert all(re.fullmatch(r"[#.]?[a-zA-Z][\w-]*", selector) for selector in table.elements)
    assert all(text == " ".join(text.split()).casefold() for text in table.lines.texts)
    folded = table.lines.pattern.pattern.replace("(?P<", "")
    assert folded == folded.lower()


def test_a_table_gives_the_reason_of_the_entry_that_matches() -> None:
    table = load_furniture(
        'content = ["#c"]\n[[element]]\nreason = "r1"\nmatch = ["nav", ".x"]\n'
        '[[line]]\nreason = "r2"\ntext = ["A  Line"]\npattern = ["b+", "c"]\n'
        '[[line]]\nreason = "r3"\npattern = ["d"]\n[[below]]\nreason = "r4"\ntext = ["end"]\n'
    )
    assert table.element_reason(["#y", ".x"]) == "r1"
    assert table.element_reason(["#y"]) is None
    assert table.content_rank(["div", "#c"]) == 0
    assert [table.lines.reason(line) for line in ("a line", "BB", "c", "d", "cd")] == [
        "r2",
        "r2",
        "r2",
        "r3",
        None,
    ]
    assert table.below.reason("End") == "r4"
