from __future__ import annotations

import pytest

from termsmith.pages.elements import PLAIN, Element, Role, element, link_url


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("http://acme.example/a?b=c#d", "http://acme.example/a?b=c#d"),
        (" HTTPS://acme.example ", "HTTPS://acme.example"),
        ("mailto:a@acme.example", "mailto:a@acme.example"),
        ("urn:oid:2.999", "urn:oid:2.999"),
        ("ftp://acme.example/x", "ftp://acme.example/x"),
        ("NamingSystem-Acme.html", "NamingSystem-Acme.html"),
        ("/display/TA/Acme", "/display/TA/Acme"),
        ("http://acme\n.example", "http://acme.example"),
        ("#top", None),
        ("", None),
        (" ", None),
        ("javascript:alert(1)", None),
        ("java\nscript:alert(1)", None),
        ("data:text/html,x", None),
        ("file:///etc/passwd", None),
    ],
)
def test_links_lead_somewhere_as_written_or_nowhere(href: str, url: str | None) -> None:
    assert link_url(href) == url


def test_unknown_elements_do_nothing() -> None:
    assert element("acme-box", {"class": "x"}) is PLAIN
    assert element("span", {}) is PLAIN
    assert element("a", {"href": "#top"}) is PLAIN


def test_elements_and_their_attributes() -> None:
    assert element("h3", {}) == Element(Role.HEADING, level=3)
    assert element("ol", {}) == Element(Role.LIST, marker="1.")
    assert element("a", {"href": "x.html"}) == Element(Role.LINK, url="x.html")
    assert element("td", {"class": "confluenceTd"}) == Element(Role.CELL)
    assert element("div", {"id": "main-content", "class": "wiki-content"}) == Element(
        Role.BLOCK, content_rank=0, usual=False
    )
    assert element("button", {}) == Element(Role.INLINE, furniture="button or form field", usual=False)


@pytest.mark.parametrize(
    ("tag", "attributes"),
    [
        ("script", {}),
        ("p", {"hidden": ""}),
        ("p", {"style": "color: red; DISPLAY : none"}),
        ("p", {"style": "visibility:hidden"}),
    ],
)
def test_what_is_not_shown(tag: str, attributes: dict[str, str | None]) -> None:
    assert element(tag, attributes).role is Role.HIDDEN


def test_what_is_shown_after_all() -> None:
    assert element("p", {"style": "display: block", "class": "hidden"}).role is Role.BLOCK
