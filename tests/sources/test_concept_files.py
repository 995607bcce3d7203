"""Files of concepts beside a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from termsmith.sources.concept_files import find_beside

if TYPE_CHECKING:
    from pathlib import Path


def test_a_known_listing_gives_the_same_file_as_looking_for_each(tmp_path: Path) -> None:
    for name in ("Tea.txt", "Tea.concepts.xlsx", "Tea.concepts.tsv", "ale.txt"):
        (tmp_path / name).write_text("", encoding="utf-8")
    names = {path.name.casefold() for path in tmp_path.iterdir()}
    for name in ("Tea.txt", "ale.txt"):
        page = tmp_path / name
        assert find_beside(page, "", names) == find_beside(page, "")
    assert find_beside(tmp_path / "Tea.txt", "", {"tea.txt"}) == []
