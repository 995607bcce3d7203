from __future__ import annotations

import pytest

from pages.printed import codes, outline, read

XHTML = 'xmlns="http://www.w3.org/1999/xhtml"'


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (f"<div {XHTML}>x</div>", "xhtml"),
        ('<?xml version="1.0"?>\n<html><p>x</p></html>', "xhtml"),
        (f"<!-- c -->\n<!DOCTYPE html>\n<html lang='en' {XHTML}>x</html>", "xhtml"),
        ("<!doctype html><p>x", "html"),
        ("  <P CLASS=x>x", "html"),
        ("x <table border=1><tr><td>y</table>", "html"),
        ("a < b and <c", "text"),
        ("<3 codes", "text"),
    ],
)
def test_html_and_xhtml_are_told_apart(text: str, name: str) -> None:
    assert read(text).format == name


def test_what_is_not_well_formed_is_read_as_html_and_that_is_said() -> None:
    page = read(f"<div {XHTML}><p>one<p>two & three<br></div>")
    assert outline(page) == ["one", "two & three"]
    assert codes(page) == ["PAG101"]
    assert page.findings[0].message.startswith(
        "not well-formed XML (not well-formed (invalid token): line 1,"
    )


def test_controls_do_not_make_xml_malformed() -> None:
    page = read(f"<div {XHTML}>some text that is long enough to be a text with a \x01 in it</div>")
    assert codes(page) == ["PAG104"]


def test_tag_soup_is_read_as_a_browser_would() -> None:
    page = read("<table><tr><td>a<td>b<tr><th>c</table><p>d<p>e<b>f<i>g</b>h</i>")
    assert outline(page) == ["1: a | b", "1: !c", "d", "efgh"]


def test_text_in_a_table_but_in_no_cell_stands_above_it() -> None:
    assert outline(read("<p>x</p><table>lost<tr><td>a</table>")) == ["x", "lost", "1: a"]
