"""`termsmith watch`, with real changes of real files."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO

import pytest

from cli.pages import write_page

pytest.importorskip("watchfiles")
COMMAND = [sys.executable, "-c", "from termsmith.cli.main import main\nif __name__ == '__main__': main()"]
_LONGEST = 90
"""Seconds after which the process is ended, so that a line that never comes can't stop the suite."""


def lines_until(stream: IO[str] | None, wanted: str) -> list[str]:
    """Read lines up to one with a text; a process that ends gives an empty one."""
    assert stream is not None
    read = []
    for line in iter(stream.readline, ""):
        read.append(line)
        if wanted in line:
            return read
    raise AssertionError("".join(read))


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal")
def test_changes_are_built_as_they_come_and_mistakes_do_not_end_it() -> None:
    Path("termsmith.toml").write_text('[build]\nsources = ["pages"]\n', encoding="utf-8")
    write_page("pages/tea.txt", "Tea")
    with subprocess.Popen(
        [*COMMAND, "watch"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, bufsize=1
    ) as child:
        watchdog = threading.Timer(_LONGEST, child.kill)
        watchdog.start()
        try:
            lines_until(child.stdout, "waiting for changes in .; Ctrl-C ends")
            write_page("pages/ale.txt", "Ale", number=2)
            lines_until(child.stdout, "pages/ale.txt -> output/CodeSystem-Ale.json (new)")
            lines_until(child.stdout, "2 pages, 1 converted")
            Path("termsmith.toml").write_text('[build]\nsources = ["pages"]\nnew = 1\n', encoding="utf-8")
            lines_until(child.stdout, "build.new: unknown key")
            Path("termsmith.toml").write_text(
                '[build]\nsources = ["pages"]\n[outputs]\njson = "other"\n', encoding="utf-8"
            )
            lines_until(child.stdout, "pages/tea.txt -> other/CodeSystem-Tea.json (new)")
        finally:
            child.send_signal(signal.SIGINT)
            rest = child.communicate()[0]
            watchdog.cancel()
    assert "interrupted" in rest
    assert child.returncode == 130
