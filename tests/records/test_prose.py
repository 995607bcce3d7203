from __future__ import annotations

import pytest

from records.pages import page_of
from termsmith.model.page import Link
from termsmith.pages.reading import read_page
from termsmith.records.prose import to_markdown


@pytest.mark.parametrize(
    ("printed", "markdown"),
    [
        ("One sentence.\n\nAnother one.", "One sentence.\n\nAnother one."),
        (
            "The international standard to:\ntransmit images.",
            "The international standard to: transmit images.",
        ),
        (
            "It is managed by NEMA.\nNo licence is required.",
            "It is managed by NEMA.\n\nNo licence is required.",
        ),
        (
            '"Copyright (c) 2009 the trust and the persons named as\nthe document authors.  All rights reserved.',
            '"Copyright (c) 2009 the trust and the persons named as the document authors.  All rights reserved.',
        ),
        (
            "This text was wrapped at a margin. It has\nlines that end with words. Each of\nthem is full.",
            "This text was wrapped at a margin. It has lines that end with words. Each of them is full.",
        ),
        ("Levels:\n\n* one\n* two\n\nEnd.", "Levels:\n\n* one\n* two\n\nEnd."),
        ("Codes < 10 and <b>", r"Codes \< 10 and \<b>"),
        ("First:\n\n1. one\n2. two\n\nThen.", "First:\n\n1. one\n2. two\n\nThen."),
        (r"Escaped \< stays", r"Escaped \< stays"),
    ],
)
def test_paragraphs_lists_and_wrapped_lines(printed: str, markdown: str) -> None:
    page = page_of(printed)
    assert to_markdown(page, page.blocks) == markdown


@pytest.mark.parametrize(
    ("markup", "markdown"),
    [
        (
            "<ol start='3'><li>c</li><li>d</li></ol><ol type='a'><li>x</li><li>y</li></ol><ol><li>z</li></ol>",
            "3. c\n4. d\n1) x\n2) y\n1. z",
        ),
        ("<ol><li>a</li></ol><p>p</p><ol start='2'><li>b</li></ol>", "1. a\n\np\n\n2. b"),
        (
            "<ol><li>a<ul><li>b<p>more b</p></li></ul><p>more a</p></li><li>c</li></ol><p>d</p>",
            "1. a\n   * b\n\n     more b\n\n   more a\n\n2. c\n\nd",
        ),
        (
            "<ul><li>a<table><tr><td>no item</td></tr></table><p>more</p></li></ul>",
            "* a\n\nno item\n\nmore",
        ),
    ],
)
def test_lists_keep_their_numbers_and_what_is_in_them(markup: str, markdown: str) -> None:
    page = read_page(f"<body>{markup}</body>".encode(), "page")
    assert to_markdown(page, page.blocks) == markdown


def test_links_become_markdown_and_relative_ones_stay_text() -> None:
    text = "See the manual and the index."
    links = (
        Link(start=8, end=14, url="https://codes.example/a (b)"),
        Link(start=23, end=28, url="index.html"),
    )
    page = page_of(text, links=links)
    assert (
        to_markdown(page, page.blocks) == "See the [manual](https://codes.example/a%20%28b%29) and the index."
    )


def test_a_link_inside_literal_markdown_is_not_doubled() -> None:
    text = "See [manual](https://codes.example/) now."
    start = text.index("https")
    page = page_of(text, links=(Link(start=start, end=start + 22, url="https://codes.example/"),))
    assert to_markdown(page, page.blocks) == text
