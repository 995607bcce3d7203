"""What is found in a folder that has no configuration yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.pages import page, write_page

from termsmith.builds.looking import look_at

if TYPE_CHECKING:
    from pathlib import Path


def test_folders_with_pages_are_counted_with_those_below_and_generated_ones_passed_over(
    tmp_path: Path,
) -> None:
    for number, name in enumerate(("texts/tea", "texts/deep/ale", "more/gin", "output/old", "temp/old")):
        write_page(str(tmp_path / f"{name}.txt"), "Tea", number=number)
    (tmp_path / "notes.txt").write_text("Buy milk.\n", encoding="utf-8")
    found = look_at(tmp_path)
    assert found.setting.kind == "a folder of pages"
    assert found.pages == {"more": 1, "texts": 2}
    assert 'sources = ["more", "texts"]\n' in found.configuration


def test_pages_of_the_folder_itself_count_for_all_below(tmp_path: Path) -> None:
    (tmp_path / "tea.txt").write_text(page("Tea"), encoding="utf-8")
    write_page(str(tmp_path / "deep/ale.txt"), "Ale", number=2)
    assert look_at(tmp_path).pages == {".": 2}


def test_the_guide_that_an_ini_file_names_is_read(tmp_path: Path) -> None:
    (tmp_path / "ig.ini").write_text("[IG]\nig = input/tea.json\n", encoding="utf-8")
    (tmp_path / "input").mkdir()
    guide = '{"url": "https://tea.example/ImplementationGuide/tea", "fhirVersion": ["5.0.0"]}'
    (tmp_path / "input" / "tea.json").write_text(guide, encoding="utf-8")
    setting = look_at(tmp_path).setting
    assert (setting.described_in, setting.canonical, setting.fhir_version) == (
        "input/tea.json",
        "https://tea.example",
        "R5",
    )
