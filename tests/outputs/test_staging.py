"""Replacing files: old or new, never half, and nothing left behind."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from termsmith.errors import OutputError
from termsmith.outputs.staging import DryRun, Staging, remove_file, replace_file_for_now, update_file

if TYPE_CHECKING:
    from pathlib import Path


def listing(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() if path.is_file() else b"(folder)" for path in folder.iterdir()}


def write(folder: Path, name: str, data: bytes) -> None:
    write_all(folder, {name: data})


def write_all(folder: Path, files: dict[str, bytes]) -> None:
    with Staging(folder) as writer:
        for name, data in files.items():
            writer.put(name, data)
        writer.commit()


def give_up(folder: Path) -> None:
    with Staging(folder) as writer:
        writer.put("a.json", b"new")
        raise KeyboardInterrupt


def test_files_appear_when_they_are_committed(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "output"
    with Staging(folder) as writer:
        writer.put("a.json", b"a")
        writer.put("b.json", io.BytesIO(b"b"))
        writer.put("c.json", b"c")
        writer.discard("c.json")
        writer.discard("never.json")
        assert not (folder / "a.json").exists()
        writer.commit()
    assert listing(folder) == {"a.json": b"a", "b.json": b"b"}


def test_a_folder_is_only_made_for_files(tmp_path: Path) -> None:
    with Staging(tmp_path / "output") as writer:
        writer.commit()
    assert listing(tmp_path) == {}


def test_what_is_not_committed_leaves_no_trace(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b"old")
    with pytest.raises(KeyboardInterrupt):
        give_up(tmp_path)
    assert listing(tmp_path) == {"a.json": b"old"}


def test_a_link_is_replaced_and_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside.json"
    outside.write_bytes(b"old")
    folder = tmp_path / "output"
    folder.mkdir()
    (folder / "a.json").symlink_to(outside)
    write(folder, "a.json", b"new")
    assert (outside.read_bytes(), (folder / "a.json").read_bytes()) == (b"old", b"new")


def test_a_file_that_can_not_be_replaced_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.json").mkdir()
    with pytest.raises(OutputError) as caught:
        write(tmp_path, "a.json", b"new")
    assert caught.value.code == "OUT002"
    assert caught.value.message == f"{tmp_path.as_posix()}/a.json: can't be written: Is a directory"
    assert listing(tmp_path) == {"a.json": b"(folder)"}


def test_a_full_disk_leaves_the_old_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.json").write_bytes(b"old")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="No space left on device"):
        write(tmp_path, "a.json", b"new")
    assert listing(tmp_path) == {"a.json": b"old"}


def test_of_many_files_none_is_replaced_before_all_are_safe(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"{number:02}.json" for number in range(40)]
    for name in names:
        (tmp_path / name).write_bytes(b"old")
    seen: list[bool] = []
    synced = os.fsync

    def fsync(descriptor: int) -> None:
        seen.append(os.fstat(descriptor).st_size == len(b"broken"))
        if seen[-1]:
            raise OSError(28, "No space left on device")
        synced(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(OutputError) as raised:
        write_all(tmp_path, {name: b"broken" if name == "25.json" else b"new" for name in names})
    assert raised.value.code == "OUT002"
    assert "25.json: can't be written: No space left on device" in raised.value.message
    assert listing(tmp_path) == dict.fromkeys(names, b"old")
    assert seen.count(True) == 1
    assert seen.count(False) >= names.index("25.json")


def test_many_files_are_all_safe_before_they_are_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: synced.append(os.fstat(descriptor).st_ino))
    names = [f"{number:02}.json" for number in range(40)]
    write_all(tmp_path, {name: name.encode() for name in names})
    assert {(tmp_path / name).stat().st_ino for name in names} <= set(synced)
    assert listing(tmp_path) == {name: name.encode() for name in names}


def test_what_only_saves_time_is_replaced_in_one_step_too(tmp_path: Path) -> None:
    path = tmp_path / "new" / "memory"
    replace_file_for_now(path, b"one")
    replace_file_for_now(path, b"two")
    assert listing(path.parent) == {"memory": b"two"}
    (tmp_path / "folder").mkdir()
    with pytest.raises(OutputError) as raised:
        replace_file_for_now(tmp_path / "folder", b"one")
    assert raised.value.code == "OUT002"
    assert listing(tmp_path) == {"new": b"(folder)", "folder": b"(folder)"}


@pytest.mark.skipif(sys.platform == "win32", reason="no modes, and links need rights")
def test_a_file_of_the_users_keeps_its_mode_and_the_links_to_it(tmp_path: Path) -> None:
    real, link = tmp_path / "real" / "config.yaml", tmp_path / "config.yaml"
    real.parent.mkdir()
    real.write_bytes(b"old")
    real.chmod(0o664)
    link.symlink_to("real/config.yaml")
    update_file(link, b"new")
    assert (link.is_symlink(), real.read_bytes(), real.stat().st_mode & 0o777) == (True, b"new", 0o664)
    update_file(tmp_path / "another.yaml", b"new")
    assert (tmp_path / "another.yaml").read_bytes() == b"new"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["another.yaml", "config.yaml", "real"]


def test_a_file_in_the_place_of_the_folder_is_named(tmp_path: Path) -> None:
    path = tmp_path / "output"
    path.write_bytes(b"")
    with pytest.raises(OutputError, match=r"OUT003: .*output is a file"):
        Staging(path)


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    with DryRun(tmp_path / "output") as writer:
        writer.put("a.json", b"a")
        writer.discard("a.json")
        writer.commit()
    assert listing(tmp_path) == {}


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_what_a_killed_run_left_is_removed_by_the_next_and_by_no_run_at_its_side(tmp_path: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path; from termsmith.outputs.staging import Staging\n"
        "with Staging(Path(sys.argv[1])) as writer:\n"
        "    writer.put('a.json', b'half'); print('put', flush=True); time.sleep(60)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE)
    assert process.stdout is not None
    with process, process.stdout:
        assert process.stdout.readline() == b"put\n"
        with Staging(tmp_path):
            assert len(listing(tmp_path)) == 1
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert len(listing(tmp_path)) == 1
    with Staging(tmp_path):
        assert listing(tmp_path) == {}


def test_a_staging_folder_that_is_just_being_made_is_left_alone(tmp_path: Path) -> None:
    young = tmp_path / ".termsmith-0.tmp"
    old = tmp_path / ".termsmith-1.tmp"
    young.mkdir()
    old.mkdir()
    hour_ago = time.time() - 3600
    os.utime(old, (hour_ago, hour_ago))
    with Staging(tmp_path):
        assert list(listing(tmp_path)) == [young.name]


def test_removing_a_file_tells_whether_it_was_there(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b"{}")
    assert remove_file(tmp_path / "a.json")
    assert not remove_file(tmp_path / "a.json")


def test_what_can_not_be_removed_is_told(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(OutputError, match=r"OUT002: .*/folder: can't be removed: "):
        remove_file(tmp_path / "folder")


def test_a_folder_that_is_a_link_to_nowhere_is_named_so(tmp_path: Path) -> None:
    (tmp_path / "out").symlink_to(tmp_path / "gone")
    with pytest.raises(OutputError, match=r"OUT003: .*/out is a link that leads nowhere"):
        Staging(tmp_path / "out")
