from __future__ import annotations

import pytest

from termsmith.errors import PageError
from termsmith.pages.markup import MarkupWalker
from termsmith.pages.well_formed import problem, resolve, walk


class Recorder(MarkupWalker):
    """Writes down what it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.events: list[object] = []

    def text(self, text: str, offset: int) -> None:
        self.events.append((text, offset))

    def text_in_stretches(self, stretches: object) -> None:
        if stretches:
            self.events.append(stretches)


def texts(xml: str) -> list[object]:
    recorder = Recorder()
    walk(xml, recorder)
    return recorder.events


def test_html_entities_and_prefixes_need_no_declaration() -> None:
    assert problem("<p>&nbsp;&hellip;<ac:x ri:y='z'/>&nothing;</p>") is None
    assert problem("<p>&amp</p>") == "not well-formed (invalid token): line 1, column 7"


@pytest.mark.parametrize("name", ["x", "%x"])
def test_declared_entities_are_refused(name: str) -> None:
    declared = f"% {name[1:]}" if name.startswith("%") else name
    with pytest.raises(PageError, match="PAG006: the file declares entity 'x'"):
        problem(f'<!DOCTYPE p [<!ENTITY {declared} "y">]><p/>')


def test_markup_is_told_from_text_whatever_it_holds() -> None:
    xml = "<p a='>' b=\"<\">one<!-- < > <b> -->two<![CDATA[<3>]]><?pi <x> ?>four</p>".replace('"<"', '"&lt;"')
    assert texts(xml) == [
        ("one", xml.index("one")),
        ("two", xml.index("two")),
        ("<3>", xml.index("<3>")),
        ("four", xml.index("four")),
    ]


def test_tags_are_remembered_by_all_that_is_in_them() -> None:
    xml = "<p a='x'>1</p><p a='x>'>2</p><p a='x'>3</p>"
    assert [event[0] for event in texts(xml) if isinstance(event, tuple)] == ["1", "2", "3"]


def test_references_split_a_text_and_keep_their_places() -> None:
    assert texts("<p>a&amp;&#98;&unknown;&#x2014;</p>") == [
        [("a", 3), ("&", 4), ("b", 9), ("&unknown;", 14), ("—", 23)]
    ]


def test_references_in_attributes() -> None:
    assert resolve("a&amp;b&#x26;c&eacute;&foo;") == "a&b&cé&foo;"
