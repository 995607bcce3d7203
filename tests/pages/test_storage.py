from __future__ import annotations

import pytest

from pages.printed import assert_lawful, codes, misplaced, outline, read


def printed(markup: str) -> list[str]:
    page = read(markup)
    assert page.format == "confluence-storage"
    assert_lawful(page)
    return outline(page)


def macro(name: str, content: str) -> str:
    return f'<ac:structured-macro ac:name="{name}" ac:schema-version="1">{content}</ac:structured-macro>'


def parameter(name: str, value: str) -> str:
    return f'<ac:parameter ac:name="{name}">{value}</ac:parameter>'


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        (
            macro("info", "<ac:rich-text-body><p>Draft&nbsp;&ndash; see</p></ac:rich-text-body>")
            + "<p>x</p>",
            ["Draft – see", "x"],
        ),
        (macro("panel", parameter("bgColor", "#fff") + "<ac:rich-text-body>a</ac:rich-text-body>"), ["a"]),
        ("<p>x</p>" + macro("toc", parameter("maxLevel", "2")), ["x"]),
        (
            f"<p>URL: {macro('jira', parameter('server', 'J') + parameter('key', 'HTA-76'))}</p>",
            ["URL: HTA-76 - Getting issue details... STATUS"],
        ),
        (
            f"<p>{macro('status', parameter('colour', 'Red') + parameter('title', 'DRAFT'))} page</p>",
            ["DRAFT page"],
        ),
        (
            (
                "<p><ac:link><ri:page ri:content-title='x'/><ac:plain-text-link-body><![CDATA[the <index>]]>"
                "</ac:plain-text-link-body></ac:link></p>"
            ),
            ["the <index>"],
        ),
        ('<p>see <ac:link><ri:page ri:content-title="A &amp; B" /></ac:link>.</p>', ["see A & B."]),
        ('<p>by <ac:link><ri:user ri:userkey="u"/></ac:link>me</p>', ["by me"]),
        (
            '<p>at <time datetime="2021-04-01"/><ac:placeholder>type here</ac:placeholder></p>',
            ["at 2021-04-01"],
        ),
        (
            macro("code", "<ac:plain-text-body><![CDATA[a <b>\n\n  c]]></ac:plain-text-body>"),
            ["a <b>", "c"],
        ),
        (
            (
                "<ac:task-list><ac:task><ac:task-id>1</ac:task-id><ac:task-status>complete</ac:task-status>"
                "<ac:task-body>do</ac:task-body></ac:task></ac:task-list>"
            ),
            ["do"],
        ),
        (
            (
                "<ac:layout><ac:layout-section><ac:layout-cell>a</ac:layout-cell><ac:layout-cell>b</ac:layout-cell>"
                "</ac:layout-section></ac:layout>"
            ),
            ["a", "b"],
        ),
    ],
)
def test_macros_and_links_read_as_in_a_browser(markup: str, expected: list[str]) -> None:
    assert printed(markup) == expected


def test_places_are_those_of_the_page_without_its_root() -> None:
    source = '<p>Draft &ndash;\n<ac:link><ri:user ri:userkey="u"/></ac:link> text <![CDATA[and <more>]]></p>'
    page = read(source)
    assert outline(page) == ["Draft – text and <more>"]
    assert misplaced(page, source) == []


def test_a_damaged_page_is_read_as_html() -> None:
    page = read("<p>a<ac:link><ri:user ri:userkey='u'></ac:link><br>b <![CDATA[c]]></p>")
    assert codes(page) == ["PAG101"]
    assert page.findings[0].message == "not well-formed XML (mismatched tag: line 1, column 39); read as HTML"
    assert outline(page) == ["a", "+b c"]
