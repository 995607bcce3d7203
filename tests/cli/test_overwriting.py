"""Reports never replace what they report on."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.pages import termsmith, write_page


def write_all() -> dict[str, bytes]:
    write_page("tea.txt", "Tea")
    Path("tea.toml").write_text('status = "active"\n', encoding="utf-8")
    Path("tea.concepts.csv").write_text("Code,Display\n1,One\n", encoding="utf-8")
    Path("termsmith.toml").write_text("", encoding="utf-8")
    Path("c.json").write_text('{"resourceType": "CodeSystem", "status": "draft"}', encoding="utf-8")
    Path("link.json").symlink_to("c.json")
    return {path.name: path.read_bytes() for path in Path().iterdir()}


@pytest.mark.parametrize("report", ["c.json", "./c.json", "link.json", "termsmith.toml"])
def test_a_report_of_a_check_replaces_no_source(report: str) -> None:
    before = write_all()
    result = termsmith("check", "c.json", "--output", report, "--format", "json")
    assert result.exit_code == 2
    assert "error[USE012]" in result.stderr
    assert {path.name: path.read_bytes() for path in Path().iterdir()} == before


@pytest.mark.parametrize("report", ["tea.txt", "tea.toml", "tea.concepts.csv", "termsmith.toml", "./tea.txt"])
def test_a_manifest_replaces_nothing_that_is_read(report: str) -> None:
    before = write_all()
    result = termsmith("convert", "tea.txt", "-o", "o", "--manifest", report)
    assert result.exit_code == 2
    assert "error[USE012]" in result.stderr
    assert {path.name: path.read_bytes() for path in Path().iterdir()} == before


def test_a_report_of_a_former_run_is_replaced() -> None:
    write_all()
    for _ in range(2):
        assert termsmith("convert", "tea.txt", "-o", "o", "--manifest", "manifest.json").exit_code == 0
        assert "USE012" not in termsmith("convert", ".", "-o", "o", "--manifest", "manifest.json").stderr
        assert termsmith("check", "c.json", "--output", "report.json", "--format", "json").exit_code == 1
