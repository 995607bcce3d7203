"""Every test of the Python interface has an empty folder to itself, and an environment that says nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in (
        "SOURCE_DATE_EPOCH",
        *(f"TERMSMITH_CONFLUENCE_{each}" for each in ("TOKEN", "USER", "PASSWORD")),
    ):
        monkeypatch.delenv(name, raising=False)
