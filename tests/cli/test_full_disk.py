"""Disks that are full: real ones where the system lets us mount one, else what refuses to be written as they do."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cli.pages import termsmith, write_page
from termsmith.outputs.formats import FORMATS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs sh and /dev")

COMMAND = [sys.executable, "-m", "termsmith"]
CONFIGURATION = """\
[build]
sources = ["pages"]

[outputs]
json = "out/json"
xml = "out/xml"
fsh = "out/fsh"
package = "out/package"
bundle = "out/bundle"
oid_map = "out/oids.csv"

[package]
name = "example.terms"
version = "1.0.0"
canonical = "https://terms.example"
"""
NAMES = ("Tea", "Ale", "Gin")
needs_full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
MOUNTED = (
    (("-r", "-m"), ("-U", "--preserve-credentials", "-m")),  # what every user may, if the system lets them
    (("-m",), ("-m",)),  # what root may
)
"""How to get a mount namespace of our own, and how to enter it."""


class Disk:
    """A small file system in a mount namespace that is gone with its process."""

    def __init__(self, folder: Path, process: subprocess.Popen[str], enter: tuple[str, ...]) -> None:
        self.root = Path(f"/proc/{process.pid}/root{folder}")
        self._enter = [
            "nsenter",
            *enter,
            "-t",
            str(process.pid),
            "sh",
            "-c",
            'cd "$0" && exec "$@"',
            str(folder),
        ]
        self._folder = folder

    def termsmith(self, *arguments: str, temporary: bool = False) -> subprocess.CompletedProcess[str]:
        """Run the command in the folder, with temporary files on the disk or elsewhere."""
        elsewhere = {"TMPDIR": str(self._folder)} if temporary else {}
        return subprocess.run(
            [*self._enter, *COMMAND, *arguments],
            capture_output=True, text=True, check=False, env={**os.environ, **elsewhere},
        )  # fmt: skip

    def fill(self, free: int) -> None:
        """Leave about as many KiB."""
        with (self.root / "fill").open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(4096))
            except OSError:
                file.truncate(max(0, file.tell() - free * 1024))

    def make_room(self) -> None:
        (self.root / "fill").unlink()

    def temporary(self) -> list[str]:
        """Return what a run may have left that nobody wants."""
        return [path.name for path in self.root.rglob("*") if path.name.startswith((".termsmith-", "tmp"))]


def files_of(root: Path) -> dict[str, bytes]:
    """Return all files but what fills the disk, and what only says that the last build has nothing to do."""
    return {
        name: path.read_bytes()
        for path in root.rglob("*")
        if path.is_file()
        if (name := path.relative_to(root).as_posix()) not in {"fill", ".termsmith/unchanged.json"}
    }


@contextmanager
def mounted(folder: Path, options: str) -> Iterator[Disk]:
    """Give a disk; skip the test where the system lets us have none."""
    unshare = shutil.which("unshare")
    if unshare is None or shutil.which("nsenter") is None:
        pytest.skip("unshare and nsenter are not installed")
    folder.mkdir()
    why = []
    for flags, enter in MOUNTED:
        script = f'mount -t tmpfs -o {options} tmpfs "$0" && echo mounted && exec cat'
        process = subprocess.Popen(
            [unshare, *flags, "sh", "-c", script, str(folder)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        with process:
            assert process.stdin is not None
            assert process.stdout is not None
            assert process.stderr is not None
            if process.stdout.readline() == "mounted\n":
                disk = Disk(folder, process, enter)
                entered = disk.termsmith("--version")
                if entered.returncode == 0:
                    yield disk
                    process.stdin.close()
                    return
                why.append(entered.stderr.strip())
            process.stdin.close()
            why.append(process.stderr.read().strip())
    pytest.skip(f"no file system can be mounted here: {'; '.join(filter(None, why))}")


def write_project(folder: Path, edition: int) -> None:
    (folder / "pages").mkdir(parents=True, exist_ok=True)
    for number, name in enumerate(NAMES):
        write_page(str(folder / f"pages/{name.lower()}.txt"), name, number=number + 10 * edition)
        rows = "".join(f"c{each},Concept {each} of {edition}\n" for each in range(60))
        table = folder / f"pages/{name.lower()}.concepts.csv"
        table.write_text(f"code,display\n{rows}", encoding="utf-8")
    (folder / "termsmith.toml").write_text(CONFIGURATION, encoding="utf-8")


def outputs(files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {name: data for name, data in files.items() if name.startswith("out/")}


def listed(files: Mapping[str, bytes]) -> dict[str, list[str]]:
    """Return the digests that the lock file has of each file."""
    entries = json.loads(files["termsmith.lock"])["files"] if "termsmith.lock" in files else {}
    return {name: entry["sha256"] for name, entry in entries.items()}


def limited(kilobytes: int, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command where no file may grow beyond a size: it is written up to there, then refused."""
    command = ["sh", "-c", 'ulimit -f "$0" && exec "$@"', str(kilobytes * 1024 // 512), *COMMAND]
    return subprocess.run([*command, *arguments], capture_output=True, text=True, check=False)


def into(device: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command with its streams sent as the shell writes it in ``device``."""
    command = ["sh", "-c", f'"$@" {device}', "sh", *COMMAND, *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, **environment}
    )


@pytest.mark.parametrize(
    ("free", "state"),
    [(116, "changed"), (0, "new, temporary files there too"), (92, "new, temporary files there too")],
)
def test_a_build_onto_a_disk_that_runs_full_spoils_nothing_and_completes_when_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, state: str
) -> None:
    editions = [tmp_path / "old", tmp_path / "wanted"]
    for edition, folder in enumerate(editions):
        write_project(folder, edition)
        monkeypatch.chdir(folder)
        assert termsmith("build").exit_code == 0
    wanted = files_of(editions[1])
    temporary = state.startswith("new")
    with mounted(tmp_path / "disk", "size=2m") as disk:
        if not temporary:
            shutil.copytree(editions[0], disk.root, dirs_exist_ok=True)
        before = files_of(disk.root)
        write_project(disk.root, 1)
        disk.fill(free)
        full = disk.termsmith("build", temporary=temporary)
        assert (full.returncode, "error[OUT002]: " in full.stderr) == (2, True), full.stderr
        assert "No space left on device\n  hint: " in full.stderr
        assert "INT001" not in full.stderr
        assert disk.temporary() == []
        left = files_of(disk.root)
        assert left.get(".termsmith/.gitignore", b"*\n") == b"*\n"
        known = listed(left)
        for name, data in outputs(left).items():
            assert data in (before.get(name), wanted[name])
            assert hashlib.sha256(data).hexdigest() in known[name]
        disk.make_room()
        again = disk.termsmith("build", temporary=temporary)
        assert again.returncode == 0, again.stderr
        assert files_of(disk.root) == wanted


def test_a_conversion_onto_a_full_disk_leaves_the_old_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = ("convert", "pages", "--output", "out", *(f"--format={name}" for name in FORMATS))
    old = tmp_path / "old"
    write_project(old, 0)
    monkeypatch.chdir(old)
    assert termsmith(*arguments).exit_code == 0
    with mounted(tmp_path / "disk", "size=1m") as disk:
        shutil.copytree(old, disk.root, dirs_exist_ok=True)
        before = outputs(files_of(disk.root))
        write_project(disk.root, 1)
        disk.fill(100)
        full = disk.termsmith(*arguments)
        assert (full.returncode, "error[OUT002]: out/" in full.stderr) == (2, True), full.stderr
        assert outputs(files_of(disk.root)) == before
        assert disk.temporary() == []
        disk.make_room()
        assert disk.termsmith(*arguments).returncode == 0
        assert disk.termsmith(*arguments, "--check").returncode == 0


def test_a_disk_that_has_room_for_a_folder_but_for_no_file_in_it_is_left_clean(tmp_path: Path) -> None:
    with mounted(tmp_path / "disk", "size=1m,nr_inodes=40") as disk:
        write_project(disk.root, 1)
        (disk.root / "out").mkdir()
        fillers = []
        with suppress(OSError):
            for number in range(100):
                fillers.append(disk.root / f"fill{number}")
                fillers[-1].touch()
        fillers[0].unlink()
        full = disk.termsmith("convert", "pages", "--output", "out")
        assert (full.returncode, "No space left on device" in full.stderr) == (2, True), full.stderr
        assert disk.temporary() == []


@pytest.mark.parametrize("format_name", ["package", "bundle"])
def test_temporary_files_that_are_refused_are_told_as_such(format_name: str) -> None:
    write_project(Path(), 1)
    ended = limited(1, "convert", "pages", "--output", "out", "--format", format_name)
    assert ended.returncode == 2
    assert (
        "temporary files can't be written: File too large\n  hint: Make room there, or name" in ended.stderr
    )
    assert "INT001" not in ended.stderr
    ended = limited(0, "convert", "pages", "--output", "out", "--format", format_name)
    assert ended.returncode == 2
    assert "error[OUT002]: the folder for temporary files: " in ended.stderr
    assert not Path("out").exists()


def test_a_first_configuration_that_is_refused_does_not_stand_in_the_way_of_the_next() -> None:
    ended = limited(0, "init")
    assert (ended.returncode, "termsmith.toml: can't be written: File too large" in ended.stderr) == (2, True)
    assert list(Path().iterdir()) == []
    assert subprocess.run([*COMMAND, "init"], capture_output=True, check=False).returncode == 0


def test_a_report_that_is_refused_leaves_the_old_one() -> None:
    write_project(Path(), 1)
    Path("report.json").write_text("old", encoding="utf-8")
    ended = limited(0, "check", "pages", "--format", "json", "--output", "report.json")
    assert (ended.returncode, "report.json: can't be written: File too large" in ended.stderr) == (2, True)
    assert Path("report.json").read_text(encoding="utf-8") == "old"


@needs_full
@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize(
    "arguments",
    [("--version",), ("check", "--help"), ("rules",), ("explain", "pages/tea.txt")],
    ids=" ".join,
)
def test_standard_output_that_is_refused_is_told(arguments: tuple[str, ...], unbuffered: str) -> None:
    write_project(Path(), 1)
    ended = into(">/dev/full", *arguments, PYTHONUNBUFFERED=unbuffered)
    assert ended.returncode == 2
    assert ended.stderr.endswith(
        "error[OUT002]: standard output: can't be written: No space left on device\n"
        "  hint: Make room for it, or send it elsewhere.\n"
    )
    assert "Traceback" not in ended.stderr


@needs_full
@pytest.mark.parametrize("device", ["2>/dev/full", ">/dev/full 2>&1"])
@pytest.mark.parametrize("arguments", [("--help",), ("build",), ("explain", "nowhere.txt")], ids=" ".join)
def test_messages_that_are_refused_are_no_success(arguments: tuple[str, ...], device: str) -> None:
    write_project(Path(), 1)
    silent = arguments == ("--help",) and device == "2>/dev/full"
    assert into(device, *arguments).returncode == (0 if silent else 2)
