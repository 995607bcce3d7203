"""`termsmith check` as its user meets it: text, formats, exit status, exceptions."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from checks.samples import CODE_SYSTEM, NAMING_SYSTEM_R5

from cli.pages import termsmith, write_page

TEXT = {"status": "generated", "div": '<div xmlns="http://www.w3.org/1999/xhtml"><p>Tea</p></div>'}
GOOD: dict[str, Any] = NAMING_SYSTEM_R5 | {"text": TEXT}


def write(path: str, /, *, without: str = "", **changes: Any) -> None:
    """Write a NamingSystem, changed at the top, as JSON with one element a line."""
    data = {key: value for key, value in (GOOD | changes).items() if key != without}
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(json.dumps(data, indent=1), encoding="utf-8")


def test_text_is_grouped_by_file_with_place_value_and_hint_and_ends_with_counts() -> None:
    write("a.json", status="banana")
    write("b.json", id="tea2", url="https://registry.example.net/NamingSystem/tea2", name="tea", uniqueId=[
        {"type": "uri", "value": "https://tea.example.net/2", "preferred": True},
        {"type": "uri", "value": "https://tea.example.net/3", "preferred": True},
    ])  # fmt: skip
    write("c.json", id="tea3", url="https://registry.example.net/NamingSystem/tea3", uniqueId=[
        {"type": "uri", "value": "https://tea.example.net/4", "preferred": True},
    ])  # fmt: skip
    result = termsmith("check", "a.json", "b.json", "c.json")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "a.json",
        "  8:12 error[STR012] NamingSystem.status",
        "    status is 'banana', which its required value set does not have",
        "    hint: Allowed: active, draft, retired, unknown.",
        "",
        "b.json",
        "  6:10 warning[INV020] NamingSystem.name",
        "    name 'tea' can't be used by programs",
        "    hint: Begin with a capital letter; then letters A to Z or a to z, digits and underscores, 2 to 255 in all.",
        "  35:17 error[INV023] NamingSystem.uniqueId[1].preferred",
        "    two identifiers of type uri are preferred; the first is at /uniqueId/0",
        "    value: true",
        "    hint: Keep preferred: true on one of each type.",
        "",
        "3 NamingSystems (R5); 2 errors, 1 warning, 0 notes",
    ]


@pytest.mark.parametrize(
    ("changes", "statuses"),
    [
        ({}, (0, 0, 0)),
        ({"type": {"text": "licence"}}, (0, 0, 1)),  # a note
        ({"name": "tea"}, (0, 1, 1)),  # a warning
        ({"status": "banana"}, (1, 1, 1)),
    ],
)
def test_the_exit_status_is_that_of_fail_on(changes: dict[str, Any], statuses: tuple[int, ...]) -> None:
    write("a.json", **changes)
    for fail_on, status in zip(("error", "warning", "information"), statuses, strict=True):
        assert termsmith("check", "a.json", "--fail-on", fail_on).exit_code == status


def test_notes_are_counted_and_shown_when_asked_for() -> None:
    write("a.json", type={"text": "licence"})
    assert termsmith("check", "a.json").stdout == "1 NamingSystem (R5); 0 errors, 0 warnings, 1 note\n"
    assert "note[NAM010] NamingSystem.type" in termsmith("check", "a.json", "-v").stdout


def test_what_is_not_there_is_told_in_each_format_and_is_status_2() -> None:
    write("a.json")
    result = termsmith("check", "gone.json", "a.json")
    assert result.exit_code == 2
    assert result.stdout.splitlines()[:3] == [
        "gone.json",
        "  error[SRC001] gone.json: no such file or folder",
        "    hint: Check the path.",
    ]
    for name in ("json", "sarif", "junit", "github", "operation-outcome"):
        result = termsmith("check", "gone.json", "a.json", "--format", name)
        assert result.exit_code == 2
        assert "SRC001" in result.stdout
        assert "gone.json: no such file or folder" in result.stdout
        assert "error[SRC001]" in result.stderr
    assert json.loads(termsmith("check", "gone.json", "--format", "json").stdout)["ok"] is False


def test_a_wrong_command_line_is_status_2() -> None:
    assert termsmith("check").exit_code == 2
    assert termsmith("check", "a.json", "--format", "xml").exit_code == 2


def test_machine_formats_go_to_standard_output_and_the_summary_does_not() -> None:
    write("a.json", status="banana")
    result = termsmith("check", "a.json", "--format", "json")
    assert json.loads(result.stdout)["counts"]["error"] == 1
    assert result.stderr == "1 NamingSystem (R5); 1 error, 0 warnings, 0 notes\n"


def test_output_is_written_to_a_file() -> None:
    write("a.json", status="banana")
    assert termsmith("check", "a.json", "--format", "sarif", "-o", "out.sarif").stdout == ""
    (run,) = json.loads(Path("out.sarif").read_text(encoding="utf-8"))["runs"]
    assert [each["ruleId"] for each in run["results"]] == ["STR012"]
    result = termsmith("check", "a.json", "-o", "out.sarif/report.txt")
    assert (result.exit_code, "OUT003" in result.stderr) == (2, True)


def test_output_goes_into_a_new_folder_through_links_and_into_devices() -> None:
    write("a.json")
    assert termsmith("check", "a.json", "-o", "new/report.txt").exit_code == 0
    text = Path("new/report.txt").read_text(encoding="utf-8")
    Path("link.txt").symlink_to("new/report.txt")
    Path("new/report.txt").write_text("old", encoding="utf-8")
    assert termsmith("check", "a.json", "-o", "link.txt").exit_code == 0
    assert Path("link.txt").is_symlink()
    assert Path("new/report.txt").read_text(encoding="utf-8") == text
    assert termsmith("check", "a.json", "-o", os.devnull).exit_code == 0


def test_standard_input_bundles_folders_and_pages_are_read() -> None:
    other = {"resourceType": "Patient", "id": "p"}
    bundle = {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"resource": GOOD}, {"resource": other}],
    }
    result = termsmith("check", "-", stdin=json.dumps(bundle))
    assert result.stdout == "1 NamingSystem (R5); no findings; not checked: Patient\n"
    write("folder/deep/a.json", status="banana")
    write_page("folder/Cats.txt", "Cats")
    result = termsmith("check", "folder")
    assert "folder/deep/a.json\n  8:12 error[STR012]" in result.stdout
    assert result.stdout.splitlines()[-1].startswith(
        "1 CodeSystem (R4), 1 NamingSystem (R4), 1 NamingSystem (R5);"
    )


def test_files_of_a_folder_that_no_dialect_fits_are_no_pages() -> None:
    """As in the folder of an implementation guide, which the GitHub action looks at as a whole."""
    write("input/vocabulary/a.json")
    for name, text in {
        "input/pagecontent/index.md": "# Home\n\nWelcome.\n",
        "input/ignoreWarnings.txt": "== Suppressed Messages ==\n",
        "output/index.html": "<html><body><p>Home</p></body></html>",
        "input/images/a.pdf": "%PDF-1.4\n",
        "input/fsh/empty.fsh": "",
    }.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text, encoding="utf-8")
    result = termsmith("check", "--format", "github", "--", ".")
    assert result.exit_code == 0
    assert "::error" not in result.stdout
    assert "left out: 5 files that no dialect fits (-v names each)" in result.stderr
    told = termsmith("check", "-v", ".")
    assert "note: input/pagecontent/index.md was left out: no page, as no dialect table fits" in told.stderr
    assert told.stdout.endswith("; left out: 5 files that no dialect fits (-v names each)\n")
    # Named itself, or completed by a sidecar, such a file is meant as a page.
    assert "error[DIA001]" in termsmith("check", "input/pagecontent/index.md").stdout
    Path("input/pagecontent/index.md.toml").write_text('name = "Home"\n', encoding="utf-8")
    result = termsmith("check", ".")
    assert (result.exit_code, result.stdout.count("error[DIA001]")) == (1, 1)


def test_the_release_is_that_which_is_asked_for() -> None:
    write("a.json")
    assert "error[STR002] NamingSystem.url" in termsmith("check", "a.json", "--fhir-version", "R4").stdout


def test_profiles_and_the_guide_ask_for_more() -> None:
    write("a.json", without="title")
    assert termsmith("check", "a.json").exit_code == 0
    assert "SHA010" in termsmith("check", "a.json", "--profile", "shareable").stdout
    arguments = ("--profile", "ig-publisher", "--guide", "https://guide.example.net")
    assert "PUB003" in termsmith("check", "a.json", *arguments).stdout


def test_exceptions_excuse_and_are_findings_when_expired_or_unused() -> None:
    write("a.json", status="banana")
    Path("termsmith.toml").write_text(
        "[[exceptions]]\nrule = 'STR012'\nplace = 'NamingSystem/tea#status'\nreason = 'a fruit shop'\n"
        "[[exceptions]]\nrule = 'STR012'\nplace = 'a.json'\nreason = 'old'\nexpires = 2020-01-01\n"
        "[[exceptions]]\nrule = 'NAM'\nplace = 'a.json'\nreason = 'never'\n",
        encoding="utf-8",
    )
    result = termsmith("check", "a.json")
    assert result.exit_code == 0
    lines = [line for line in result.stdout.splitlines() if line.startswith("  ") and line[2] != " "]
    assert lines == ["  5:1 warning[EXC001]", "  10:1 warning[EXC002]"]
    assert result.stdout.splitlines()[-1] == "1 NamingSystem (R5); 0 errors, 2 warnings, 0 notes; 1 excused"
    assert termsmith("check", "a.json", "--fail-on", "warning").exit_code == 1


@pytest.mark.parametrize(("number", "more"), [(1000, False), (1001, True)])
def test_of_one_rule_a_thousand_findings_are_told(number: int, more: bool) -> None:  # noqa: FBT001  expected
    concepts = [{"code": f"c{index} "} for index in range(number)]
    data = CODE_SYSTEM | {"text": TEXT, "concept": concepts, "count": number}
    Path("a.json").write_text(json.dumps(data), encoding="utf-8")
    (source,) = json.loads(termsmith("check", "a.json", "--format", "json").stdout)["sources"]
    codes = [each["code"] for each in source["findings"]]
    assert codes.count("DTY006") == 1000
    assert ("LIM001" in codes) is more
