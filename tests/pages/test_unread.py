from __future__ import annotations

import pytest

from pages.printed import codes, outline, read, told
from termsmith.model.finding import Severity
from termsmith.pages.unread import Thing, picture

STRUCK = "<p><s>old</s></p>"


def test_what_stands_amid_content_is_told_at_its_place() -> None:
    assert told(read(f"<body>\n{STRUCK}<p>a</p></body>")) == [
        ("PAG107", "'old' is struck out on the page and was not read", 2, 7)
    ]


def test_what_stands_amid_furniture_is_not_told() -> None:
    assert codes(read(f"<p>a</p><div id='footer'>{STRUCK}Powered by x</div>")) == []
    assert codes(read(f"<div>menu{STRUCK}menu</div><div id='main-content'>a</div>")) == []


def test_what_stands_between_furniture_and_content_is_told() -> None:
    assert codes(read(f"<div>menu</div><div id='main-content'>{STRUCK}a</div>")) == ["PAG107"]
    assert codes(read(f"<div id='main-content'>a{STRUCK}</div><div>labels</div>")) == ["PAG107"]


@pytest.mark.parametrize(
    ("attributes", "thing"),
    [
        ({"src": "a/codes.png?x=1", "alt": "A is\nbelow B"}, Thing("the picture 'codes.png' (A is below B)")),
        ({"src": "data:image/png;base64,/a", "alt": "A"}, Thing("a picture (A)")),
        ({"src": "a.png"}, Thing("the picture 'a.png'", Severity.INFORMATION)),
        ({"src": "a.png", "alt": " "}, Thing("the picture 'a.png'", None)),
        ({"src": "a.png", "role": "presentation"}, Thing("the picture 'a.png'", None)),
        ({"src": "a.png", "alt": "(tick)", "class": "x Emoticon"}, Thing("the icon '(tick)'", None)),
        ({"class": "icon"}, Thing("an icon", None)),
    ],
)
def test_pictures_are_told_by_name_and_description(attributes: dict[str, str], thing: Thing) -> None:
    assert picture(attributes) == thing


def test_pictures_are_told_in_every_kind_of_markup() -> None:
    found = "the picture 'a.png' (A &) is not read"
    html = read("<body><p>a<img src='a.png' alt='A &amp;'>b</p></body>")
    xhtml = read("<div xmlns='http://www.w3.org/1999/xhtml'><p>a<img src='a.png' alt='A &amp;'/>b</p></div>")
    markdown = read("# h\n\n## i\n\na![A &amp;](a.png)b\n")
    assert outline(html) == outline(xhtml) == outline(markdown)[2:] == ["ab"]
    assert told(html) == [("PAG108", found, 1, 11)]
    assert told(xhtml) == [("PAG108", found, 1, 47)]
    assert told(markdown) == [("PAG108", found, 5, 4)]


def test_decoration_is_told_as_all_that_a_cell_shows() -> None:
    page = read("<table><tr><td>a<img alt=''><td><img alt='' src='b.png'><td>c</table><img alt=''><img>")
    assert outline(page) == ["1: a |  | c"]
    assert [message for _, message, *_ in told(page)] == ["the picture 'b.png' is not read"]


def test_hidden_pictures_are_not_told() -> None:
    assert (
        codes(read("<body>a<p hidden><img src='a.png' alt='A'></p><noscript><img alt='B'></noscript>")) == []
    )
