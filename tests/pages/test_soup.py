from __future__ import annotations

import pytest

from termsmith.errors import PageError
from termsmith.pages.soup import Masked, mask, masked_for


def test_texts_are_replaced_by_their_numbers() -> None:
    masked = masked_for("")
    mask("<p>one &amp;\n <b>two</b><!-- c --><script>x</script>", masked)
    mark = masked.mark
    assert "".join(masked.html) == (
        f"<p>{mark}0{mark}{mark}1{mark}\n <b>{mark}2{mark}</b><script>{mark}3{mark}</script>"
    )
    assert masked.texts == [("one ", 3), ("&", 7), ("two", 17), ("x", 42)]


def test_offsets_count_from_where_the_part_stands() -> None:
    masked = Masked(mark="|")
    mask("<b>x\n\U0001f600 <i>y", masked, 100)
    assert masked.texts == [("x\n\U0001f600 ", 103), ("y", 110)]


def test_cdata_is_text() -> None:
    masked = Masked(mark="|")
    mask("a<![CDATA[b]]>c", masked)
    assert masked.texts == [("a", 0), ("b", 10), ("c", 14)]


def test_the_mark_is_no_character_of_the_source() -> None:
    assert masked_for("text").mark == "\ue000"
    assert masked_for("\ue000\ue002").mark == "\ue001"


def test_a_source_with_all_private_characters_is_refused() -> None:
    everything = "".join(map(chr, (*range(0xE000, 0xF900), *range(0xF0000, 0xFFFFE))))
    with pytest.raises(PageError, match="PAG003"):
        masked_for(everything)
