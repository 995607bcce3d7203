"""`termsmith init` as users see it."""

from __future__ import annotations

from pathlib import Path

from cli.pages import termsmith, write_page


def test_a_folder_of_pages_gets_a_configuration_that_builds() -> None:
    write_page("texts/deep/tea.txt", "Tea")
    write_page("texts/ale.txt", "Ale", number=2)
    Path("notes.txt").write_text("Buy milk.\n", encoding="utf-8")
    result = termsmith("init")
    assert (result.exit_code, result.stdout) == (0, "termsmith.toml (new)\n")
    assert "a folder of pages; 2 pages that a dialect fits: texts\n" in result.stderr
    assert 'sources = ["texts"]\n' in Path("termsmith.toml").read_text(encoding="utf-8")
    assert termsmith("build").exit_code == 0
    assert Path("output/CodeSystem-Tea.json").is_file()


def test_a_guide_gets_its_canonical_and_its_folder() -> None:
    Path("sushi-config.yaml").write_text(
        "canonical: https://tea.example/fhir\nfhirVersion: 5.0.0\n", encoding="utf-8"
    )
    write_page("input/terms/tea.txt", "Tea")
    write_page("output/old.txt", "Ale")
    assert "1 page that a dialect fits: input/terms" in termsmith("init").stderr
    termsmith("build")
    text = Path("input/vocabulary/NamingSystem-Tea.json").read_text(encoding="utf-8")
    assert '"url": "https://tea.example/fhir/NamingSystem/Tea"' in text


def test_another_folder_can_be_named() -> None:
    write_page("guide/pages/tea.txt", "Tea")
    assert termsmith("init", "guide").stdout == "guide/termsmith.toml (new)\n"
    assert 'sources = ["pages"]\n' in Path("guide/termsmith.toml").read_text(encoding="utf-8")


def test_an_existing_configuration_stays() -> None:
    Path("termsmith.toml").write_text("draft = true\n", encoding="utf-8")
    result = termsmith("init")
    assert result.exit_code == 2
    assert "error[OUT012]: termsmith.toml is there already" in result.stderr
    assert Path("termsmith.toml").read_text(encoding="utf-8") == "draft = true\n"
