"""Which changes are occasions to build again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from termsmith.builds.watching import _filter

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("above", ["plain", ".git-worktrees", ".github/terms", ".termsmith-tests"])
def test_only_names_in_the_project_tell_what_is_ours(tmp_path: Path, above: str) -> None:
    folder = tmp_path / above / "guide"
    folder.mkdir(parents=True)
    config = folder / "termsmith.toml"
    config.write_text('[build]\nsources = ["pages"]\n', encoding="utf-8")
    matters = _filter(config, [folder])
    told = {
        name: matters(None, str(folder.resolve() / name))
        for name in (
            "pages/tea.txt",
            "termsmith.toml",
            "termsmith.lock",
            ".git/index",
            ".termsmith/memory.jsonl",
            "output/.termsmith-1234.tmp/CodeSystem-Tea.json",
        )
    }
    assert told == {
        "pages/tea.txt": True,
        "termsmith.toml": True,
        "termsmith.lock": False,
        ".git/index": False,
        ".termsmith/memory.jsonl": False,
        "output/.termsmith-1234.tmp/CodeSystem-Tea.json": False,
    }
