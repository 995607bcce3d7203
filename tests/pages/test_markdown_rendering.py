from __future__ import annotations

from termsmith.pages.markdown_rendering import render
from termsmith.pages.soup import Masked


def test_every_text_gets_its_number_and_its_place() -> None:
    masked = Masked(mark="|")
    render("a *b* c\n\n- [d](e 'd') d\n", masked)
    assert "".join(masked.html) == '<p>|0|<em>|1|</em>|2|</p><ul><li><a href="e">|3|</a>|4|</li></ul>'
    assert masked.texts == [("a ", 0), ("b", 3), (" c", 5), ("d", 12), (" d", 21)]


def test_an_escaped_pipe_in_a_cell_is_found_where_it_stands() -> None:
    masked = Masked(mark="!")
    render("| x |\n|---|\n| a\\|b |\n", masked)
    assert masked.texts == [("x", 2), ("a", 14), ("|", 16), ("b", 17)]


def test_a_text_that_is_not_found_gets_the_place_where_the_one_before_ends() -> None:
    masked = Masked(mark="!")
    render("a\n" + " " * 2_000 + "b", masked)
    assert masked.texts == [("a", 0), ("b", 2)]


def test_attributes_are_escaped() -> None:
    masked = Masked(mark="!")
    render('[a](<u"x>)', masked)
    assert "".join(masked.html) == '<p><a href="u&quot;x">!0!</a></p>'
