from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from termsmith.errors import PageError
from termsmith.model.page import Block, BlockKind, Table
from termsmith.pages.builder import MOST_PARTS, PageBuilder
from termsmith.pages.characters import clean

if TYPE_CHECKING:
    from termsmith.pages.draft import Draft


def finished(builder: PageBuilder, source: str) -> Draft:
    return builder.finish(clean(source))


def test_white_space_is_collapsed_and_every_word_keeps_its_place() -> None:
    source = "  one \n two\tthree  "
    builder = PageBuilder()
    builder.add(source, 0)
    draft = finished(builder, source)
    assert draft.text == "one two three"
    assert draft.items == (Block(start=0, end=13),)
    assert [draft.positions.line_and_column(at) for at in (0, 4, 8)] == [(1, 3), (2, 2), (2, 6)]


def test_a_soft_hyphen_or_a_control_in_a_word_leaves_it_whole() -> None:
    source = "ter\u00admi\u200bnology"
    builder = PageBuilder()
    builder.add(clean(source).text, 0)
    draft = finished(builder, source)
    assert draft.text == "terminology"
    assert [draft.positions.line_and_column(at)[1] for at in (0, 3, 5)] == [1, 5, 8]
    assert [each.message for each in draft.findings] == [
        "1 control or text-direction character(s) (ZERO WIDTH SPACE) were left out"
    ]


def test_breaks_between_blocks() -> None:
    builder = PageBuilder()
    builder.add("a", 0)
    builder.line_break()
    builder.add("b", 1)
    builder.line_break()
    builder.line_break()
    builder.add("c", 2)
    builder.paragraph()
    builder.add(" ", 3)
    builder.line_break()
    builder.add("d", 3)
    draft = finished(builder, "abcd")
    assert draft.text == "a\nb\n\nc\n\nd"
    assert [item.gap for item in draft.items if isinstance(item, Block)] == [True, False, True, True]


def test_an_item_is_one_block_and_a_heading_all_until_its_end() -> None:
    builder = PageBuilder()
    builder.item(2, "1.")
    builder.add("a", 0)
    builder.line_break()
    builder.add("b", 1)
    builder.paragraph()
    builder.heading(3)
    builder.add("c", 2)
    builder.line_break()
    builder.add("d", 3)
    builder.paragraph()
    builder.end_heading()
    builder.add("e", 4)
    blocks = [item for item in finished(builder, "abcde").items if isinstance(item, Block)]
    assert [(block.kind, block.level, block.marker) for block in blocks] == [
        (BlockKind.ITEM, 2, "1."),
        (BlockKind.TEXT, 0, ""),
        (BlockKind.HEADING, 3, ""),
        (BlockKind.HEADING, 3, ""),
        (BlockKind.TEXT, 0, ""),
    ]


def test_cells_of_nested_tables_belong_to_their_own_table() -> None:
    builder = PageBuilder()
    builder.open_table()
    builder.open_header_cell()
    builder.add("outer", 0)
    builder.open_table()
    builder.open_row()
    builder.open_cell()
    builder.add("inner", 5)
    builder.close_table()
    builder.add("after", 10)
    builder.open_cell()
    draft = finished(builder, "outerinnerafter")
    outer, inner = (item for item in draft.items if isinstance(item, Table))
    shown = [
        [[draft.text[block.start : block.end] for block in cell.blocks] for cell in row.cells]
        for table in (outer, inner)
        for row in table.rows
    ]
    assert shown == [[["outer", "after"], []], [["inner"]]]
    assert [cell.header for cell in outer.rows[0].cells] == [True, False]
    assert (outer.number, inner.number) == (1, 2)


def test_two_links_side_by_side_are_two_and_one_in_pieces_is_one() -> None:
    builder = PageBuilder()
    builder.link("u")
    builder.add("a", 0)
    builder.add(" b", 1)
    builder.end_link()
    builder.link("u")
    builder.add("c", 3)
    builder.end_link()
    builder.add("d", 4)
    draft = finished(builder, "a bcd")
    assert draft.text == "a bcd"
    assert [(link.start, link.end, link.url) for link in draft.links] == [(0, 3, "u"), (3, 4, "u")]


def test_all_outside_the_best_content_is_furniture() -> None:
    builder = PageBuilder()
    builder.add("menu", 0)
    assert builder.enter_content(1)
    builder.add("wiki", 4)
    assert builder.enter_content(0)
    builder.add("main", 8)
    builder.leave_content(0)
    assert not builder.enter_content(0)
    builder.add("more", 12)
    builder.leave_content(1)
    draft = finished(builder, "menuwikimainmore")
    assert [
        draft.text[item.start : item.end]
        for item in draft.items
        if isinstance(item, Block) and item.furniture is None
    ] == ["main"]


def test_a_caption_stands_above_its_table() -> None:
    builder = PageBuilder()
    builder.open_table()
    builder.add("caption", 0)
    builder.open_row()
    builder.open_cell()
    builder.add("cell", 7)
    builder.close_table()
    first, second = finished(builder, "captioncell").items
    assert isinstance(first, Block)
    assert isinstance(second, Table)


def test_cells_are_counted() -> None:
    builder = PageBuilder()
    builder.open_table()
    for _ in range(MOST_PARTS):
        builder.open_cell()
    with pytest.raises(PageError, match=f"PAG007: the page has more than {MOST_PARTS:,} table cells"):
        builder.open_cell()


def test_rows_and_cells_need_a_table() -> None:
    with pytest.raises(RuntimeError, match="a cell outside a table"):
        PageBuilder().open_cell()
    with pytest.raises(RuntimeError, match="a row outside a table"):
        PageBuilder().open_row()
