from __future__ import annotations

import pytest

from pages.printed import assert_lawful, misplaced, outline, read, told

XHTML = '<div xmlns="http://www.w3.org/1999/xhtml">{}</div>'


def both(markup: str) -> list[str]:
    """Return what a piece of well-formed markup prints, as HTML and as XHTML."""
    as_html, as_xhtml = f"<html><body>{markup}</body></html>", XHTML.format(markup)
    html, xhtml = read(as_html), read(as_xhtml)
    assert (html.format, xhtml.format) == ("html", "xhtml")
    assert_lawful(html)
    assert_lawful(xhtml)
    assert misplaced(html, as_html) == misplaced(xhtml, as_xhtml) == []
    assert outline(html) == outline(xhtml)
    return outline(html)


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<p>one</p><p>two</p>", ["one", "two"]),
        ("one<br/>two<br/><br/>three", ["one", "+two", "three"]),
        ("<p>a <b>bold</b><i>er</i> <code> c </code>d</p>", ["a bolder c d"]),
        ("<p>one\n   two</p>", ["one two"]),
        ("<h2>A<br/>B</h2>c", ["## A", "+## B", "c"]),
        (
            "<ul><li>a<ul><li>b</li></ul>c</li></ul><ol><li>d</li></ol>",
            ["* a", "  * b", "c", "1. d"],
        ),
        (
            (
                "<ol start='3'><li>c</li><li hidden>x</li><li>d<ol type='a'><li>x</li></ol></li>"
                "<li value='9'>e</li></ol><ol start='-1'><li></li><li>f</li></ol>"
                "<ul><li value='4'>g</li></ul><li value='4'>h</li>"
            ),
            ["3. c", "4. d", "  1. x", "9. e", "2. f", "* g", "* h"],
        ),
        ("<ul><li><p>a</p><p>b</p></li><li></li></ul>c", ["* a", "b", "c"]),
        ("<pre>a\n  b\n\nc</pre>d", ["a", "+b", "c", "d"]),
        ("a<!-- no -->b<script>no</script><style>no</style>c", ["abc"]),
        ("a<span hidden=''>no</span><p style='display:none'>no</p>b", ["ab"]),
        ("<code>uri</code><button>Copy</button>", ["uri", "+Copy <button or form field>"]),
        ("caf&eacute; &amp;&lt;b&gt; &#233;&#xE9; &nbsp; x", ["café &<b> éé x"]),
        ("a&#x200B;b&#xAD;c", ["abc"]),
    ],
)
def test_blocks(markup: str, expected: list[str]) -> None:
    assert both(markup) == expected


def test_a_text_with_blank_lines_is_read_as_typed() -> None:
    text = "\n   First sentence,\nwrapped. \n\nSecond.\n\n*  Active: yes\n*  Gone: <b>no</b> more\n\n1. one\n\n2. two\n  "
    assert both(f"<div>{text}</div>") == [
        "First sentence,",
        "+wrapped.",
        "Second.",
        "* Active: yes",
        "+* Gone: no more",
        "1. one",
        "2. two",
    ]


def test_a_text_without_blank_lines_is_one_line_but_for_bullets() -> None:
    assert both("<div>\n First sentence,\n wrapped:\n - one\n   more\n - two\n</div>") == [
        "First sentence, wrapped:",
        "+* one more",
        "+* two",
    ]


def test_blank_lines_between_elements_mean_nothing() -> None:
    assert both("<p><b>a</b>\n\n<i>b</i></p>\n\n<p>\n\n c\n\n</p>") == ["a b", "c"]


def test_typed_bullets_in_headings_and_items_are_text() -> None:
    assert both("<h3>1. Scope</h3><ul><li>- x</li></ul>") == ["### 1. Scope", "* - x"]


def test_the_residue_of_a_line_end_breaks_the_line() -> None:
    assert both("<p>first.#13; second</p>") == ["first.", "+second"]


def test_tables_have_the_cells_of_their_rows() -> None:
    assert both(
        "<table><tr><th>a</th><td rowspan='2'>b<br/>c</td></tr><tr><td colspan='3'/></tr>"
        "<tr><td>d</td><td><p>e</p><p>f</p></td></tr></table>g"
    ) == ["1: !a | b / +c", "1: ", "1: d | e / f", "g"]


def test_a_table_in_a_cell_is_a_table() -> None:
    assert both(
        "<table><tr><td>a<table><tr><td>b</td></tr></table>c</td><td>d</td></tr></table>"
        "<table><tr><td>e</td></tr></table>"
    ) == ["1: a / c | d", "2: b", "3: e"]


def test_the_content_of_a_wiki_page_is_told_from_what_surrounds_it() -> None:
    assert both(
        "<p>Menu</p><div class='wiki-content'>Space</div><div id='main-content' class='wiki-content'>"
        "<p>Acme</p><table><tr><td>x</td></tr></table></div><table><tr><td>y</td></tr></table>"
        "<ol class='comment-threads'><li>Wrong</li></ol>"
    ) == [
        "Menu <outside the page's content>",
        "Space <outside the page's content>",
        "Acme",
        "1: x",
        "2: y <outside the page's content>",
        "1. Wrong <comments below the page>",
    ]


def test_links_and_their_places() -> None:
    markup = "<p>see <a href='http://a.example'>the <b>site</b></a>, <a href='#x'>here</a> or <a href='b.html'>b<br/>c</a></p>"
    for source in (f"<html>{markup}</html>", XHTML.format(markup)):
        page = read(source)
        assert [(page.text[link.start : link.end], link.url) for link in page.links] == [
            ("the site", "http://a.example"),
            ("b", "b.html"),
            ("c", "b.html"),
        ]


def test_the_first_title_is_the_title_and_no_text() -> None:
    page = read(
        "<html><head><title> Acme &amp; more\n - Wiki</title></head><body>x<svg><title>y</title></svg></body>"
    )
    assert page.title == "Acme & more - Wiki"
    assert outline(page) == ["x"]


def test_controls_that_references_stand_for_are_reported() -> None:
    for source in ("<html>a&#x202E;b", XHTML.format("a&#x202E;b")):
        assert [finding.message for finding in read(source).findings] == [
            "1 control or text-direction character(s) (RIGHT-TO-LEFT OVERRIDE) were left out"
        ]


def struck_out(what: str, line: int, column: int) -> tuple[str, str, int, int]:
    return ("PAG107", f"{what!r} is struck out on the page and was not read", line, column)


@pytest.mark.parametrize(
    ("markup", "expected", "struck"),
    [
        ("<p>a <del>b</del> c</p>", ["a c"], ["b"]),
        ("<p>2.999<s>.<b>7</b></s>.8</p>", ["2.999.8"], [".7"]),
        ("<p><strike>a</strike><u>b</u></p>", ["b"], ["a"]),
        ("<p style='text-decoration: underline line-through'>a<br/>b</p>c", ["c"], ["a", "b"]),
        ("<div style='text-decoration-line:line-through'>a<p>b</p> </div>c", ["c"], ["a", "b"]),
        ("<p><span style='text-decoration: none; x: line-through'>a</span></p>", ["a"], []),
        ("<p><s>a<span hidden=''>no</span></s><s> &amp; </s>b<s> </s></p>", ["b"], ["a", "&"]),
        ("<form><button><s>no</s></button></form>b", ["b"], []),
        (
            "<table><tr style='text-decoration:line-through'><td>A</td><td>a</td></tr><tr><td>B</td></tr></table>",
            ["1:  | ", "1: B"],
            ["A", "a"],
        ),
    ],
)
def test_what_is_struck_out_is_told_and_not_read(markup: str, expected: list[str], struck: list[str]) -> None:
    assert both(markup) == expected
    findings = told(read(XHTML.format(markup)))
    assert [(code, message.split("'")[1]) for code, message, *_ in findings] == [
        ("PAG107", what) for what in struck
    ]


def test_what_is_struck_out_is_told_with_its_place() -> None:
    assert told(read("<html><body>\n<p>a <del> b\n&amp; c</del></p>")) == [struck_out("b & c", 2, 11)]


def test_of_much_that_is_struck_out_the_first_is_told_and_the_number() -> None:
    page = read("<p>a</p>" + "<p><s>b</s></p>" * 150)
    assert [each.code for each in page.findings] == [*["PAG107"] * 100, "PAG109"]
    assert page.findings[-1].message == "150 findings PAG107 in all; only the first 100 are listed"


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("10<sup>9</sup>/L", ["10⁹/L"]),
        ("H<sub>2</sub>O", ["H₂O"]),
        ("10<sup>&#8722;3</sup> x<sup> 1,2\n</sup>y", ["10⁻³ x ^(1,2) y"]),
        ("1<sup>st</sup> A<sup>&reg;</sup>", ["1st A®"]),
        ("a<sup><a href='#n'>1</a></sup>b<span style='vertical-align: super'>2</span>c", ["a¹b²c"]),
        ("<span style='vertical-align:SUB'>2<sup>3</sup>4</span>5", ["₂³₄5"]),
        ("<sup>1</sup> A note<s>2<sup>3</sup></s>", ["¹ A note"]),
        ("<table><tr><td style='vertical-align: super'>1</td></tr></table>", ["1: 1"]),
    ],
)
def test_superscripts_and_subscripts_are_not_set_on_the_line(markup: str, expected: list[str]) -> None:
    page = read(XHTML.format(markup))
    assert_lawful(page)
    assert outline(page) == outline(read(f"<html><body>{markup}</body></html>")) == expected


def test_what_stands_off_the_line_keeps_its_place() -> None:
    source = "<html><body>a<sup>1,2</sup> b<sub>3</sub>"
    page = read(source)
    assert page.text == "a^(1,2) b₃"
    columns = [page.positions.line_and_column(page.text.index(each))[1] for each in "12b₃"]
    assert columns == [source.index(each) + 1 for each in ("1,", "2<", "b<", "3<")]
