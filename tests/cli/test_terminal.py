"""What a person at a terminal sees."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from cli.pages import write_page

if sys.platform == "win32":
    pytest.skip("pseudo-terminals of POSIX", allow_module_level=True)

import pty

COMMAND = [sys.executable, "-c", "from termsmith.cli.main import main\nif __name__ == '__main__': main()"]


def seen(*arguments: str, **environment: str) -> str:
    """Return what a terminal of 80 columns gets."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, *arguments],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, "TERM": "xterm-256color", "COLUMNS": "80", "LINES": "24", **environment},
    )
    os.close(theirs)
    parts = []
    try:
        while part := os.read(ours, 65536):
            parts.append(part)
    except OSError:  # how Linux says that the other side is closed
        pass
    os.close(ours)
    process.wait(timeout=60)
    return b"".join(parts).decode().replace("\r\n", "\n")


def test_severities_have_colours_and_hints_are_dim() -> None:
    write_page("tea.txt", "Tea", identifiers="\n")
    assert seen("convert", "tea.txt", "-o", "out") == (
        "tea.txt: \x1b[31merror[REC020]\x1b[0m: the page states no URI and no OID of the terminology\n"
        "\x1b[2m  hint: State canonical_url or oid in tea.toml; or have the resources written "
        "without one, by --draft of `convert` or `draft = true` in termsmith.toml.\x1b[0m\n"
        "1 page: 0 resources; \x1b[31m1 error\x1b[0m, 0 warnings, 0 notes\n"
    )


def test_no_color_is_respected() -> None:
    write_page("tea.txt", "Tea", identifiers="\n")
    assert "\x1b" not in seen("convert", "tea.txt", "-o", "out", NO_COLOR="1")
    assert "\x1b" not in seen("explain", "tea.txt", NO_COLOR="1")


def test_many_pages_have_a_progress_bar_and_a_short_list() -> None:
    for number in range(30):
        write_page(
            f"in/{number:02}.txt", f"Tea{number:02}", number=number, identifiers="\n" if number == 9 else None
        )
    screen = seen("convert", "in", "-o", "out")
    assert "Converting" in screen
    assert "\r\x1b[2Kin/09.txt: " in screen
    assert screen.count(" -> ") == 20
    assert re.sub(r"\x1b\[\d*m", "", screen).endswith(
        "note: 9 more pages like these\n"
        "30 pages: 58 resources (58 new); 1 error, 0 warnings, 58 notes (-v shows notes)\n"
    )
    assert " -> " not in seen("convert", "in", "-o", "out")


def test_a_terminal_that_is_dumb_gets_no_colours_and_no_bar() -> None:
    for number in range(30):
        write_page(f"in/{number:02}.txt", f"Tea{number:02}", identifiers="\n")
    for command in (("convert", "in", "-o", "out"), ("explain", "in/00.txt")):
        screen = seen(*command, TERM="dumb")
        assert "Tea" in screen or "error[REC020]" in screen
        assert "\x1b" not in screen
        assert "\r" not in screen


def test_explain_fits_the_terminal() -> None:
    write_page("tea.txt", "Tea")
    lines = [re.sub(r"\x1b\[\d*m", "", line) for line in seen("explain", "tea.txt").splitlines()]
    explained = lines[lines.index("NamingSystem/Tea") :]
    assert max(map(len, explained)) <= 80
    assert "    9 u Grades of Tea" in explained
