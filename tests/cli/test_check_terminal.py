"""What a person at a terminal sees of a check."""

from __future__ import annotations

import re

from cli.test_check import write
from cli.test_terminal import seen


def test_a_terminal_gets_whole_words_in_lines_that_fit() -> None:
    write("a.json", name="tea")
    text = re.sub("\x1b\\[[0-9;]*m", "", seen("check", "a.json", COLUMNS="60"))
    assert text.splitlines()[3:5] == [
        "    hint: Begin with a capital letter; then letters A to Z",
        "          or a to z, digits and underscores, 2 to 255 in",
    ]
    assert max(map(len, text.splitlines())) <= 60
    wide = re.sub("\x1b\\[[0-9;]*m", "", seen("check", "a.json", COLUMNS="120"))
    assert wide.splitlines()[3].endswith("2 to 255 in all.")


def test_severities_have_colours_and_hints_are_dim() -> None:
    write("a.json", status="banana")
    text = seen("check", "a.json")
    assert "\x1b[31merror[STR012]\x1b[0m NamingSystem.status\n" in text
    assert "\x1b[2m    hint: Allowed: active, draft, retired, unknown.\x1b[0m\n" in text
    assert "\x1b" not in seen("check", "a.json", NO_COLOR="1")


def test_a_terminal_that_is_dumb_gets_no_colours_and_no_bar() -> None:
    for number in range(30):
        write(f"{number:02}.json", status="banana")
    assert "Checking" in seen("check", ".")
    screen = seen("check", ".", TERM="dumb")
    assert "error[STR012]" in screen
    assert "Checking" not in screen
    assert "\x1b" not in screen
