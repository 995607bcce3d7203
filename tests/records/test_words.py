from __future__ import annotations

from records.pages import page_of
from termsmith.model.place import Place
from termsmith.model.record import Span, Stated
from termsmith.records.words import blocks_of, span_at, stated_at, stated_in

PAGE = page_of("Grades of Tea\n\nby the Guild\nof Tasters", source="tea.txt")


def test_words_are_their_own_evidence() -> None:
    start = PAGE.text.index("Tea")
    stated = stated_at(PAGE, start, start + 3)
    assert stated == Stated(value="Tea", spans=(span_at(PAGE, start, start + 3),))
    (span,) = stated.spans
    assert PAGE.text[span.start : span.end] == span.raw == "Tea"
    assert (span.place.source, span.place.line) == ("tea.txt", 1)


def test_blocks_are_one_line_with_each_of_them_as_evidence() -> None:
    stated = stated_in(PAGE, PAGE.blocks[1:])
    assert stated.value == "by the Guild of Tasters"
    assert [span.raw for span in stated.spans] == ["by the Guild", "of Tasters"]
    assert list(blocks_of(PAGE, stated)) == list(PAGE.blocks[1:])


def test_the_block_of_a_few_words_is_cut_to_them() -> None:
    start = PAGE.text.index("Tea")
    (block,) = blocks_of(PAGE, stated_at(PAGE, start, start + 3))
    assert block == PAGE.blocks[0]._replace(start=start, end=start + 3)


def test_words_of_a_sidecar_have_no_block() -> None:
    span = Span(Place("tea.toml", 1, 1), "Tea")
    assert list(blocks_of(PAGE, Stated(value="Tea", spans=(span,)))) == []
