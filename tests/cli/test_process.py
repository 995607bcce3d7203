"""The command as a process of its own: pipes, signals, several processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cli.pages import listing, write_page

COMMAND = [sys.executable, "-c", "from termsmith.cli.main import main\nif __name__ == '__main__': main()"]


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments],
        check=False,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, **environment},
    )


def test_results_go_to_standard_output_and_messages_to_standard_error_without_colours() -> None:
    write_page("tea.txt", "Tea")
    ended = run("convert", "tea.txt", "-o", "out")
    assert (ended.stdout, ended.stderr, ended.returncode) == (
        "tea.txt -> NamingSystem-Tea.json (new), CodeSystem-Tea.json (new)\n",
        "1 page: 2 resources (2 new); 0 errors, 0 warnings, 2 notes (-v shows notes)\n",
        0,
    )


def test_several_processes_give_the_same_in_the_same_order() -> None:
    for number in range(40):
        write_page(
            f"in/{number:02}.txt",
            f"Tea{number:02}" if number != 17 else "Tea03",
            number=number,
            identifiers="\n" if number == 8 else None,
        )
    one = run("convert", "in", "gone.txt", "-o", "one", "-v", "--manifest", "manifest.json")
    manifest = Path("manifest.json")
    of_one = manifest.read_bytes()
    manifest.unlink()
    two = run("convert", "in", "gone.txt", "-o", "two", "-v", "--manifest", "manifest.json", "--jobs", "2")
    assert (one.stdout, one.stderr, one.returncode) == (two.stdout, two.stderr, two.returncode)
    assert one.returncode == 2
    assert len(listing("one")) == 74
    assert listing("one") == listing("two")
    assert manifest.read_bytes() == of_one


def test_standard_input_is_read_for_other_processes() -> None:
    write_page("tea.txt", "Tea")
    ended = subprocess.run(
        [*COMMAND, "convert", "-", "-o", "out", "-j", "2"],
        input=Path("tea.txt").read_bytes(),
        capture_output=True,
        check=True,
    )
    assert ended.stdout == b"- -> NamingSystem-Tea.json (new), CodeSystem-Tea.json (new)\n".replace(
        b"\n", os.linesep.encode()
    )


def test_letters_that_the_terminal_lacks_do_not_stop_us() -> None:
    write_page("☕.txt", "Tea")
    ended = run("convert", "☕.txt", "-o", "out", PYTHONIOENCODING="cp1252", PYTHONUTF8="0")
    assert ended.stdout.startswith("\\u2615.txt -> ")
    assert ended.returncode == 0


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
class TestBeingStopped:
    @pytest.mark.parametrize(
        ("number", "status", "message"),
        [(signal.SIGINT, 130, b"interrupted\n"), (signal.SIGTERM, 143, b"")],
    )
    @pytest.mark.parametrize("jobs", ["1", "2"])
    def test_nothing_is_left_and_no_traceback_is_shown(
        self, number: signal.Signals, status: int, message: bytes, jobs: str
    ) -> None:
        for index in range(1000):
            write_page(f"in/{index:04}.txt", f"Tea{index:04}", number=index)
        process = subprocess.Popen(
            [*COMMAND, "convert", "in", "-o", "out", "-j", jobs],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        deadline = time.monotonic() + 30
        while not list(Path().glob("out/.termsmith-*/*.json")) and time.monotonic() < deadline:
            time.sleep(0.01)
        os.killpg(process.pid, number) if number is signal.SIGINT else process.send_signal(number)
        stdout, stderr = process.communicate(timeout=30)
        assert (stdout, stderr, process.returncode) == (b"", message, status)
        assert listing("out") == {}

    def test_a_reader_that_goes_away_is_no_fault(self) -> None:
        folder = "in/" + "long" * 50  # so that the lines are more than a pipe takes unread
        for index in range(300):
            write_page(f"{folder}/{index:04}.txt", f"Tea{index:04}", number=index)
        process = subprocess.Popen(
            [*COMMAND, "convert", "in", "-o", "out"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        assert process.stdout is not None
        assert process.stderr is not None
        with process, process.stderr:
            process.stdout.readline()
            process.stdout.close()
            stderr = process.stderr.read()
            process.wait(timeout=60)
        assert b"Traceback" not in stderr
        assert b"Exception ignored" not in stderr
        assert len(listing("out")) == 600


@pytest.mark.skipif(sys.platform == "win32", reason="needs sh")
@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        ("--version", 0),
        ("convert tea.txt -o out", 0),
        ("check broken.json", 1),
        ("convert nothing.txt -o out", 2),
    ],
)
def test_closed_standard_streams_change_no_exit_status(closed: str, arguments: str, status: int) -> None:
    write_page("tea.txt", "Tea")
    Path("broken.json").write_text('{"resourceType": "CodeSystem"}', encoding="utf-8")
    done = subprocess.run(
        ["sh", "-c", f'"$0" -m termsmith {arguments} {closed}', sys.executable],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == status
    assert "Traceback" not in done.stderr
    assert "INT001" not in done.stderr
