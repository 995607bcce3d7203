"""What is found in a folder that has no configuration yet."""

from __future__ import annotations

import tomllib
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


def write(folder: Path, **texts: str) -> None:
    for name, text in texts.items():
        path = folder / name.replace("__", "/").replace("_md", ".md").replace("_yaml", ".yaml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def test_pages_beside_other_files_are_named_themselves(tmp_path: Path) -> None:
    write(tmp_path, sushi_config_yaml="", input__tea_md=page("Tea"), input__pagecontent__index_md="# Home\n")
    (tmp_path / "sushi_config.yaml").rename(tmp_path / "sushi-config.yaml")
    write(tmp_path, input__terms__ale_md=page("Ale"), input__terms__deep__gin_md=page("Gin"))
    found = look_at(tmp_path)
    assert found.pages == {"input/tea.md": 1, "input/terms": 2}
    assert "# files are named where others that no dialect fits are beside them;" in found.configuration


def test_a_folder_of_the_guide_itself_is_told(tmp_path: Path) -> None:
    write(tmp_path, input__pagecontent__index_md="# Home\n")
    write(tmp_path, **{f"input__pagecontent__{name}_md": page(name) for name in ("a", "b", "c", "d", "e")})
    write(tmp_path, input__pages__f_md=page("f"))
    found = look_at(tmp_path)
    names = [f"input/pagecontent/{name}.md" for name in "abcde"]
    assert found.pages == dict.fromkeys([*names, "input/pages"], 1)
    assert tomllib.loads(found.configuration)["build"]["sources"] == [*names, "input/pages"]
    assert [each.partition(";")[0] for each in found.remarks[1:]] == [
        "the IG Publisher makes pages of the guide of what is in input/pagecontent",
        "the IG Publisher makes pages of the guide of what is in input/pages",
    ]


def test_the_folder_of_a_guide_is_not_named_as_a_whole(tmp_path: Path) -> None:
    (tmp_path / "ig.ini").write_text("[IG]\nig = input/gone.json\n", encoding="utf-8")
    write(tmp_path, tea_md=page("Tea"), output__index_md="# Home\n")
    found = look_at(tmp_path)
    assert found.pages == {"tea.md": 1}
    assert found.setting.unread == (
        "ig.ini names input/gone.json, which can't be read: its canonical and its FHIR version are not known",
    )
    assert f"# {found.setting.unread[0]}.\n" in found.configuration


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
