from __future__ import annotations

import pytest

from pages.printed import assert_lawful, outline, read, told


def macro(name: str, content: str = "") -> str:
    return f'<ac:structured-macro ac:name="{name}">{content}</ac:structured-macro>'


def parameter(name: str, value: str) -> str:
    return f'<ac:parameter ac:name="{name}">{value}</ac:parameter>'


def attachment(name: str) -> str:
    return f'<ri:attachment ri:filename="{name}"/>'


LINKED = '<ac:link><ri:page ri:content-title="Terms &amp; more"/></ac:link>'


@pytest.mark.parametrize(
    ("markup", "what"),
    [
        (macro("include", parameter("", LINKED)), "the macro 'include' of 'Terms & more'"),
        (
            macro("excerpt-include", parameter("nopanel", "true") + parameter("", LINKED)),
            "the macro 'excerpt-include' of 'Terms & more'",
        ),
        (macro("view-file", parameter("name", attachment("a.xlsx"))), "the macro 'view-file' of 'a.xlsx'"),
        (macro("mathinline", parameter("body", "x^2")), "the macro 'mathinline' of 'x^2'"),
        ('<ac:structured-macro ac:name="gallery"/>', "the macro 'gallery'"),
        (macro("jira", parameter("jqlQuery", "project = T")), "the macro 'jira'"),
        (f"<ac:image>{attachment('a.png')}</ac:image>", "the picture 'a.png'"),
        (f"<ac:image ac:alt='A &gt; B'>{attachment('a.png')}</ac:image>", "the picture 'a.png' (A > B)"),
        ('<ac:image><ri:url ri:value="http://a.example/a"/></ac:image>', "the picture 'http://a.example/a'"),
        ('<ac:link><ri:user ri:userkey="u1"/></ac:link>', "the mention of a user"),
        ('<ac:link><ri:user ri:username="jo"/></ac:link>', "the mention of the user 'jo'"),
    ],
)
def test_content_that_is_not_in_the_page_is_told(markup: str, what: str) -> None:
    page = read(f"<p>a</p>\n<p>{markup}b</p>")
    assert outline(page) == ["a", "b"]
    assert told(page) == [("PAG108", f"{what} is not read", 2, page_column(markup))]


def page_column(markup: str) -> int:
    """Return where what is told stands behind ``<p>``."""
    return 4 + (markup.index("<ri:user") if "<ri:user" in markup else 0)


@pytest.mark.parametrize(
    "markup",
    [
        macro("toc"),
        macro("anchor", parameter("", "here")),
        macro("info", "<ac:rich-text-body><p>b</p></ac:rich-text-body>"),
        macro("panel", f"<ac:rich-text-body>{macro('toc')}</ac:rich-text-body>"),
        '<ac:emoticon ac:name="smile"/>',
        f"<p style='display:none'>{macro('include')}</p>",
        f"<!-- {macro('include')} -->",
        macro("code", f"<ac:plain-text-body><![CDATA[{macro('include')}</ac:macro>]]></ac:plain-text-body>"),
    ],
)
def test_what_says_nothing_of_its_own_is_not_told(markup: str) -> None:
    assert told(read(f"<p>a</p>{markup}{macro('toc')}")) == []


def test_lists_of_other_pages_are_no_more_than_noted() -> None:
    (finding,) = read(f"<p>a</p>{macro('children')}").findings
    assert (finding.message, finding.severity.value) == ("the macro 'children' is not read", "information")


def test_an_icon_is_told_as_all_that_a_cell_shows() -> None:
    tick = '<ac:emoticon ac:name="tick" ac:emoji-fallback="✔"/>'
    page = read(f"<table><tr><td>a {tick}</td><td><p>{tick}</p></td></tr></table>")
    assert outline(page) == ["1: a | "]
    assert [message for _, message, *_ in told(page)] == ["the icon '✔' is not read"]


def test_titles_stand_above_bodies() -> None:
    body = "<ac:rich-text-body>b</ac:rich-text-body>"
    page = read(f"<p>x</p>y{macro('expand', parameter('title', 'More &amp; more') + body)}z")
    assert_lawful(page)
    assert outline(page) == ["x", "y", "More & more", "b", "z"]
    assert page.positions.line_and_column(page.text.index("More")) == (1, 78)
    assert outline(read(f"<p>x</p>{macro('info', parameter('title', 'Note') + body)}")) == ["x", "Note", "b"]


def test_links_lead_where_they_say_and_show_what_they_name() -> None:
    site = '<ri:url ri:value="https://tea.example/?a&amp;b" />'
    body = "<ac:plain-text-link-body><![CDATA[Tea]]></ac:plain-text-link-body>"
    page = read(
        f"<p><ac:link>{site}{body}</ac:link>, <ac:link>{site}</ac:link>; "
        f"<ac:link>{attachment('a.pdf')}</ac:link></p>"
    )
    assert outline(page) == ["Tea, https://tea.example/?a&b; a.pdf"]
    assert [(page.text[link.start : link.end], link.url) for link in page.links] == [
        ("Tea", "https://tea.example/?a&b"),
        ("https://tea.example/?a&b", "https://tea.example/?a&b"),
    ]
    assert told(page) == []
