from __future__ import annotations

import pytest

from concepts.listing import concepts, listed, messages, told
from termsmith.model.finding import Severity


@pytest.mark.parametrize("nothing", ["-", "—", "--", "#REF!", "#N/A", "#BEZUG!"])
def test_what_is_certain_to_be_no_text_is_left_out_and_told(nothing: str) -> None:
    made = listed(f"Code,Name,Definition,Deutsch\nA,Leaf,{nothing},{nothing}\nB,Broken,Small leaves,Bruch\n")
    assert concepts(made)[0] == {"code": "A", "display": "Leaf"}
    severities = [each.severity for each in made.findings if each.code == "TAB051"]
    assert severities == [Severity.WARNING if nothing[0] == "#" else Severity.INFORMATION] * 2
    assert f"'Definition' of code 'A' is {nothing!r}, which is no text; it is left out" in messages(made)


@pytest.mark.parametrize("words", ["N/A", "TBD", "None", "n/a"])
def test_words_that_may_be_a_text_are_kept_and_told(words: str) -> None:
    made = listed(f"Code,Name,Definition\nA,{words},Leaves\n")
    assert concepts(made) == [{"code": "A", "display": words, "definition": "Leaves"}]
    assert told(made) == [("TAB052", 2)]


def test_a_code_may_look_like_nothing_and_be_its_own_display() -> None:
    made = listed("Code,Name\nN/A,N/A\n-,-\nB,Not applicable\n")
    assert [(each["code"], each["display"]) for each in concepts(made)] == [
        ("N/A", "N/A"),
        ("-", "-"),
        ("B", "Not applicable"),
    ]
    assert told(made) == []


def test_a_display_that_is_left_out_is_missing() -> None:
    made = listed("Code,Name\nA,-\nB,b\n")
    assert told(made) == [("TAB011", 2), ("TAB051", 2)] or told(made) == [("TAB051", 2), ("TAB011", 2)]
