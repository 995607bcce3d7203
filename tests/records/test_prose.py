from __future__ import annotations

import pytest

from records.pages import page_of
from termsmith.model.page import Link
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
