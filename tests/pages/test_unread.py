from __future__ import annotations

from pages.printed import codes, read, told

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
