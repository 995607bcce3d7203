from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

import pytest

from termsmith.builds.unchanged import digest_of_file

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("size", [0, 1, (1 << 16) - 1, 1 << 16, (1 << 16) + 1, 300_000])
def test_the_digest_of_a_file_is_that_of_all_its_bytes(tmp_path: Path, size: int) -> None:
    data = bytes(number % 251 for number in range(size))
    (tmp_path / "page").write_bytes(data)
    assert digest_of_file(str(tmp_path / "page")) == hashlib.sha256(data).hexdigest()


def test_what_can_not_be_read_has_no_digest(tmp_path: Path) -> None:
    assert digest_of_file(str(tmp_path / "gone")) is None
    assert digest_of_file(str(tmp_path)) is None


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_nobody_waits_for_a_pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert digest_of_file(str(tmp_path / "pipe")) == hashlib.sha256(b"").hexdigest()
