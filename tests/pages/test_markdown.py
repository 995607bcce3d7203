from __future__ import annotations

import pytest

from pages.printed import assert_lawful, misplaced, outline, read, told
from termsmith.errors import PageError
from termsmith.pages.markdown import LARGEST


def printed(source: str) -> list[str]:
    page = read(source)
    assert page.format == "markdown"
    assert_lawful(page)
    assert misplaced(page, source) == []
    return outline(page)


def test_headings_paragraphs_and_lists() -> None:
    assert printed(
        "# Acme\n\n## Name\n\n*(official)*\n\nAcme **codes**,\n  wrapped  \nbroken\n\n- a\n  1. b\n- c\n\n> quoted\n"
    ) == [
        "# Acme <page title>",
        "## Name",
        "(official)",
        "Acme codes,",
        "+wrapped",
        "+broken",
        "* a",
        "  1. b",
        "* c",
        "quoted",
    ]


def test_tables_with_html_in_them() -> None:
    assert printed(
        "| Label | Value |\n|---|:--:|\n| **Name** | Acme<br>High St<br><br>x |\n|  | `a`  b \\| c |\n| d |\n"
    ) == [
        "1: !Label | !Value",
        "1: Name | Acme / +High St / x",
        "1:  | a b | c",
        "1: d | ",
    ]


def test_html_blocks_code_and_references() -> None:
    assert printed(
        "# a\n\n# b\n\n<div>raw &amp; <b>bold</b></div>\n\n```py\nx = 1\n\n  y\n```\n\n    code &amp;\n\ncaf&eacute; \\* &copy;\n"
    ) == ["# a", "# b", "raw & bold", "x = 1", "y", "code &amp;", "café * ©"]


def test_links_as_written() -> None:
    page = read(
        "# a\n\n## b\n\n[the site](http://a.example/ü?x=<y>) <http://b.example> [x](javascript:1) http://c.example ![alt](i.png)\n"
    )
    assert [(page.text[link.start : link.end], link.url) for link in page.links] == [
        ("the site", "http://a.example/ü?x=<y>"),
        ("http://b.example", "http://b.example"),
    ]
    assert outline(page)[-1] == "the site http://b.example x http://c.example"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("## a\n\ntext\n\n## b", "markdown"),
        ("a | b\n--|--\nc | d", "markdown"),
        ("| a |\n|---|\n| b |", "markdown"),
        ("# a\n\ntext", "text"),
        ("a\n---\nb", "text"),
        ("a | b |\nc | d |", "pipes"),
        ("#hash\n#tag\n", "text"),
    ],
)
def test_markdown_is_told_from_text(text: str, name: str) -> None:
    assert read(text).format == name


def test_what_is_too_large_for_markdown_is_refused() -> None:
    with pytest.raises(
        PageError, match=r"PAG008: the page has 1,000,008 characters of Markdown; at most 1,000,000"
    ):
        read("# a\n# b\n" + "x" * LARGEST)


def test_what_is_struck_out_is_told_and_not_read() -> None:
    page = read("# a\n\n## b\n\n| Name | ~~Tea~~ Bags |\n|---|---|\n| ~~x~~ | y |\n")
    assert outline(page)[2:] == ["1: !Name | !Bags", "1:  | y"]
    assert told(page) == [
        ("PAG107", "'Tea' is struck out on the page and was not read", 5, 12),
        ("PAG107", "'x' is struck out on the page and was not read", 7, 5),
    ]
