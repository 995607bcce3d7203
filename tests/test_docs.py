"""What the documentation shows is true."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import click
import pytest
from click.testing import CliRunner
from pydantic import BaseModel

import termsmith
from termsmith.checks.rule import Profile
from termsmith.cli.main import COMMANDS, cli
from termsmith.outputs.checks.formats import FORMATS
from termsmith.outputs.formats import FORMATS as RESOURCE_FORMATS
from termsmith.settings_file import SettingsTable, read_project_file, read_settings_file
from termsmith.sidecars.reading import read_sidecar
from termsmith.toml.mistakes import keys_of, tables_of

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
PAGES = sorted((ROOT / "docs").glob("*.md"))
assert PAGES, "no documentation found"


def blocks(page: str, language: str) -> list[str]:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def test_the_worked_example_of_a_new_page_layout_works(tmp_path: Path) -> None:
    (page, *_), (table, *_) = blocks("dialects.md", "text"), blocks("dialects.md", "toml")
    (tmp_path / "tea.txt").write_text(page, encoding="utf-8")
    (tmp_path / "registry.toml").write_text(table, encoding="utf-8")
    result = termsmith.convert(tmp_path / "tea.txt", dialect=str(tmp_path / "registry.toml"))
    assert result.ok
    assert [piece.text for piece in result.coverage.leftovers] == ["Tea Grades", "Registry entry 17"]
    code_system = result.to_dicts()[1]
    assert {key: code_system[key] for key in ("url", "name", "title", "date", "publisher", "copyright")} == {
        "url": "http://tea.example/grades",
        "name": "TG",
        "title": "Grades of Whole-Leaf Tea",
        "date": "2020-09-03",
        "publisher": "Tea Board (TB)",
        "copyright": "Free for use.",
    }


def test_a_table_with_sentences_and_kinds_of_tables_loads() -> None:
    more = blocks("dialects.md", "toml")[3]
    from termsmith.dialects.loading import load_dialect  # noqa: PLC0415  only here

    table = 'id = "x"\ntitle = "X"\nlabels = {"Full name" = "title"}\n' + more
    dialect = load_dialect(table.encode(), "x.toml", origin="x.toml")
    assert (len(dialect.sentences), dialect.tables[0].why) == (1, "history of the page")


def test_the_example_of_a_list_works(tmp_path: Path) -> None:
    (_, _, _, _, table, _) = blocks("dialects.md", "toml")
    (page,) = blocks("dialects.md", "markdown")
    (tmp_path / "systems.md").write_text(page, encoding="utf-8")
    (tmp_path / "register.toml").write_text(table, encoding="utf-8")
    result = termsmith.convert(tmp_path / "systems.md", dialect=str(tmp_path / "register.toml"))
    assert [resource.file_name for resource in result.resources] == [
        "NamingSystem-TeaGrades.json",
        "CodeSystem-TeaGrades.json",
    ]
    assert [each.code for each in result.findings if each.severity.value == "error"] == ["REC050"]
    assert result.to_dicts()[0]["contact"][0]["telecom"][0]["value"] == "https://board.example"


def test_the_example_of_a_manual_works(tmp_path: Path) -> None:
    (*_, table) = blocks("dialects.md", "toml")
    page = """
# Manual of TEA

## At a glance

| | |
|---|---|
| Where from | It is kept by the Tea Board |
| Which URI | Write http://tea.example as system |

## Terms of use

Free for use.

## Filters

| Name | Operators | Value | Meaning |
|---|---|---|---|
| garden | = | a garden | Teas of one garden |
"""
    (tmp_path / "tea.md").write_text(page, encoding="utf-8")
    (tmp_path / "manual.toml").write_text(table, encoding="utf-8")
    result = termsmith.convert(tmp_path / "tea.md", dialect=str(tmp_path / "manual.toml"))
    code_system = result.to_dicts()[1]
    assert {key: code_system.get(key) for key in ("url", "name", "publisher", "copyright", "filter")} == {
        "url": "http://tea.example",
        "name": "TEA",
        "publisher": "Tea Board",
        "copyright": "Free for use.",
        "filter": [
            {"code": "garden", "description": "Teas of one garden", "operator": ["="], "value": "a garden"}
        ],
    }


def test_a_table_that_gives_rows_of_sections_loads() -> None:
    (_, _, sections, *_) = blocks("dialects.md", "toml")
    from termsmith.dialects.loading import load_dialect  # noqa: PLC0415  only here

    table = 'id = "x"\ntitle = "X"\n' + sections
    (section, row) = load_dialect(table.encode(), "x.toml", origin="x.toml").labels
    assert (section.text, row.text, row.aliases, row.role and row.role.value) == (
        "Code System Owner",
        "Name",
        ("Organisation",),
        "owner",
    )


def test_the_sidecars_shown_are_valid() -> None:
    one, several, rows, assigned = blocks("sidecars.md", "toml")
    assert set(read_sidecar(one.encode(), "x.toml").values) == {"date", "canonical_url"}
    assert len(read_sidecar(several.encode(), "x.toml").systems) == 2
    sidecar = read_sidecar(rows.encode(), "list.toml")
    assert (set(sidecar.values), [set(each) for each in sidecar.systems]) == (
        {"publisher"},
        [{"title", "oid"}],
    )
    first, second = read_sidecar(assigned.encode(), "x.toml").system_concepts
    assert (first["heading"].value, second["tables"].value) == ("Codes of whole leaves", (2, 3))


def test_every_key_about_codes_is_documented() -> None:
    from termsmith.sidecars.reading import _Concepts  # noqa: PLC0415  the list of keys

    text = (ROOT / "docs" / "sidecars.md").read_text(encoding="utf-8")
    assert [key for key in _Concepts.model_fields if f"`{key}`" not in text] == []


def test_every_key_of_a_sidecar_is_documented() -> None:
    from termsmith.sidecars.reading import _Facts  # noqa: PLC0415  the list of keys

    text = (ROOT / "docs" / "sidecars.md").read_text(encoding="utf-8")
    assert [key for key in _Facts.model_fields if f"`{key}`" not in text] == []


def test_every_key_about_concepts_is_documented() -> None:
    from termsmith.sidecars.reading import _Concepts  # noqa: PLC0415  the list of keys

    text = (ROOT / "docs" / "concepts.md").read_text(encoding="utf-8")
    assert [key for key in _Concepts.model_fields if f"`{key}`" not in text] == []


def test_the_columns_shown_are_understood(tmp_path: Path) -> None:
    (shown,) = blocks("concepts.md", "toml")
    head = 'title = "Tea"\ncanonical_url = "http://tea.example/grades"\ndate = "2024"\n'
    (tmp_path / "tea.toml").write_text(head + shown, encoding="utf-8")
    columns = "Nr;Kurztext;Suchbegriff;Packung;Seit;Interne Notiz\n7;Blatt;Blatttee;Dose;1990-05;alt\n"
    (tmp_path / "tea.csv").write_text(columns, encoding="utf-8")
    _, code_system = termsmith.convert(tmp_path / "tea.csv").to_dicts()
    assert code_system["concept"] == [
        {
            "code": "7",
            "display": "Blatt",
            "designation": [{"language": "de", "value": "Blatttee"}],
            "property": [
                {"code": "package", "valueString": "Dose"},
                {"code": "since", "valueDateTime": "1990-05"},
            ],
        }
    ]
    assert (code_system["content"], code_system["count"]) == ("complete", 1)


def test_the_picture_of_a_code_table_is_up_to_date() -> None:
    sys.path.insert(0, str(ROOT / "tools"))
    try:
        from make_concepts_picture import picture  # noqa: PLC0415  lives outside the package
    finally:
        sys.path.pop(0)
    assert (ROOT / "docs" / "concepts.svg").read_text(encoding="utf-8") == picture(), (
        "run `python tools/make_concepts_picture.py`"
    )


def test_the_manual_page_is_up_to_date() -> None:
    sys.path.insert(0, str(ROOT / "tools"))
    try:
        from make_man_page import page  # noqa: PLC0415  lives outside the package
    finally:
        sys.path.pop(0)
    assert (ROOT / "docs" / "termsmith.1").read_text(encoding="utf-8") == page(), (
        "run `python tools/make_man_page.py`"
    )


def test_the_configuration_shown_is_valid_and_names_every_key(tmp_path: Path) -> None:
    (shown,) = blocks("configuration.md", "toml")
    path = tmp_path / "termsmith.toml"
    path.write_text(shown, encoding="utf-8")
    settings = read_settings_file(path)
    assert (settings.dialect, settings.status, settings.case_sensitive) == ("D1", "active", True)
    tables = tables_of(SettingsTable)
    keys = {key for table in tables.values() for key in keys_of(table)} - {path[0] for path in tables if path}
    assert [key for key in keys if not re.search(rf"^{key} = ", shown, re.MULTILINE)] == []


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder that the commands of the page about outputs fill."""
    monkeypatch.chdir(tmp_path)
    (configuration,) = blocks("outputs.md", "toml")
    (page, *_) = blocks("outputs.md", "text")
    (csv,) = blocks("outputs.md", "csv")
    Path("termsmith.toml").write_text(configuration, encoding="utf-8")
    Path("pages").mkdir()
    Path("pages/tea.md").write_text(page, encoding="utf-8")
    Path("pages/tea.concepts.csv").write_text(csv, encoding="utf-8")
    (command,) = re.findall(r"^termsmith (convert .*)$", blocks("outputs.md", "sh")[0], re.MULTILINE)
    result = CliRunner().invoke(cli, command.split(), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return tmp_path / "output"


def test_the_formats_shown_are_what_is_written(written: Path) -> None:
    (xml,), (fsh, naming), (bundle,) = (blocks("outputs.md", name) for name in ("xml", "fsh", "json"))
    assert (written / "CodeSystem-TeaGrades.xml").read_text(encoding="utf-8") == xml
    assert (written / "CodeSystem-TeaGrades.fsh").read_text(encoding="utf-8") == fsh
    assert (written / "NamingSystem-TeaGrades.fsh").read_text(encoding="utf-8") == naming
    requests = [each["request"] for each in json.loads((written / "bundle.json").read_bytes())["entry"]]
    assert requests == json.loads(bundle)


def test_every_format_of_resources_is_documented() -> None:
    text = (ROOT / "docs" / "outputs.md").read_text(encoding="utf-8")
    assert [name for name in RESOURCE_FORMATS if f"`{name}`" not in text] == []


def test_the_check_shown_finds_what_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (resource,), (shown,) = blocks("checking.md", "json"), blocks("checking.md", "text")
    (tmp_path / "tea.json").write_text(resource, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(cli, ["check", "tea.json"])
    assert (result.exit_code, result.output) == (1, shown)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (excerpt,) = re.findall(r"^```text\n(tea\.json\n.*?)^```$", readme, re.DOTALL | re.MULTILINE)
    assert [line for line in excerpt.splitlines() if line not in shown.splitlines()] == []


def test_the_exceptions_shown_are_valid(tmp_path: Path) -> None:
    (shown,) = blocks("checking.md", "toml")
    path = tmp_path / "termsmith.toml"
    path.write_text(shown, encoding="utf-8")
    first, second = read_settings_file(path).exceptions
    assert (first.rule, first.expires, second.expires) == ("INV006", None, "2027-06-30")


def test_the_page_of_rules_is_up_to_date() -> None:
    sys.path.insert(0, str(ROOT / "tools"))
    try:
        from make_rules_page import page  # noqa: PLC0415  lives outside the package
    finally:
        sys.path.pop(0)
    assert (ROOT / "docs" / "rules.md").read_text(encoding="utf-8") == page(), (
        "run `python tools/make_rules_page.py`"
    )


def test_every_profile_and_format_is_documented() -> None:
    text = (ROOT / "docs" / "checking.md").read_text(encoding="utf-8")
    assert [
        name for name in [*(each.value for each in Profile), *FORMATS, "text"] if f"`{name}`" not in text
    ] == []


def test_the_project_shown_is_valid(tmp_path: Path) -> None:
    shown, guide = blocks("build.md", "toml")
    path = tmp_path / "termsmith.toml"
    path.write_text(f'[build]\nsources = ["pages"]\n{guide}', encoding="utf-8")
    assert read_project_file(path).guide.group == "terminology"
    path.write_text(shown, encoding="utf-8")
    project = read_project_file(path)
    assert project.fhir_versions == ("R4", "R5")
    folders = [project.folder_of(project.outputs["json"], release) for release in project.fhir_versions]
    assert folders == [tmp_path / "input/vocabulary/r4", tmp_path / "input/vocabulary/r5"]


@pytest.mark.parametrize("name", ["action.yml", ".pre-commit-hooks.yaml"])
def test_what_others_start_us_by_is_a_command_with_these_options(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    lines = re.findall(r"^\s*(?:run: |entry: )?termsmith (\w+)(.*)$", text, re.MULTILINE)
    assert len(lines) == 2
    for command, rest in lines:
        found = cli.get_command(click.Context(cli), command)
        assert found is not None
        known = {option for parameter in found.params for option in parameter.opts}
        assert set(re.findall(r"--[a-z-]+", rest)) <= known


def test_every_key_of_a_dialect_table_is_documented() -> None:
    from termsmith.dialects.schema import _Table  # noqa: PLC0415  the list of keys

    text = (ROOT / "docs" / "dialects.md").read_text(encoding="utf-8")
    assert [key for key in keys_below(_Table) if not re.search(rf"\b{key}\b", text)] == []


def keys_below(model: type[BaseModel]) -> set[str]:
    """Return the keys of a table and of the tables in it."""
    below = [each for field in model.model_fields.values() for each in models_in(field.annotation)]
    return set(model.model_fields).union(*map(keys_below, below))


def models_in(annotation: object) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for each in get_args(annotation) for model in models_in(each)]


def test_every_field_of_a_label_is_documented_once() -> None:
    from termsmith.dialects.table import Field  # noqa: PLC0415  the list of fields
    from termsmith.model.record import Role  # noqa: PLC0415  as above

    text = (ROOT / "docs" / "dialects.md").read_text(encoding="utf-8")
    rows = text.partition("## What a label can state")[2].partition("## Full tables")[0]
    stated = [
        name
        for cell in re.findall(r"^\| (`.*?) \|", rows, re.MULTILINE)
        for name in re.findall(r"`(\w+)`", cell)
    ]
    known = {each.value for each in Field} - {"ignored"} | {each.value for each in Role}
    assert sorted(stated) == sorted(known)


def test_every_command_is_documented() -> None:
    text = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
    assert [name for name in COMMANDS if f"termsmith {name}" not in text] == []


def commands(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    """Yield the commands that do something, with their names."""
    below = command.commands if isinstance(command, click.Group) else {}
    if not below or getattr(command, "invoke_without_command", False):
        yield name, command
    for each, sub in below.items():
        yield from commands(sub, f"{name} {each}")


def test_the_synopses_have_every_option() -> None:
    (synopses,) = blocks("command-line.md", "text")
    shown = [" ".join(each.split()) for each in re.split(r"\n(?! )", synopses.strip())]
    context = click.Context(cli)
    known = {
        name: {option for each in command.params for option in each.opts if option.startswith("--")}
        for top in COMMANDS
        for name, command in commands(cli.get_command(context, top) or cli, top)
    }
    names = {
        max((each for each in known if line.startswith(f"termsmith {each} ")), key=len): line
        for line in shown
    }
    assert names.keys() == known.keys()
    assert {name: set(re.findall(r"--[a-z-]+", line)) for name, line in names.items()} == known


@pytest.mark.parametrize(
    "page", [*PAGES, ROOT / "README.md", ROOT / "CHANGELOG.md"], ids=lambda page: page.name
)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    targets = re.findall(r"\]\((?!https?:)([^)#\s]+)", text)
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_the_readme_shows_what_the_sample_page_gives_without_its_sidecar(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"^```text\n(input/dicom\.txt: error.*?)^```$", text, re.DOTALL | re.MULTILINE)
    (tmp_path / "input").mkdir()
    (tmp_path / "input/dicom.txt").write_bytes((ROOT / "input/dicom.txt").read_bytes())
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(cli, ["convert", "input/dicom.txt", "-o", "out"]).stderr == shown


def test_the_readme_shows_what_the_sample_page_gives() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"^```json\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    lines = [line for line in shown.splitlines() if "…" not in line]
    assert len(lines) > 10
    output = (ROOT / "output" / "NamingSystem-DCM.json").read_text(encoding="utf-8")
    assert [line for line in lines if line not in output] == []
