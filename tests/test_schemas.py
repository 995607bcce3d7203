"""The JSON Schemas of files that people write."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest
from cli.pages import termsmith
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from termsmith.schemas import SCHEMAS, schema_of
from termsmith.settings_file import SettingsTable
from termsmith.toml.mistakes import keys_of, tables_of

DOCS = Path(__file__).parent.parent / "docs"
SHOWN = {
    "config": ("build.md", "checking.md", "configuration.md", "outputs.md"),
    "sidecar": ("concepts.md", "sidecars.md"),
}
EXAMPLES = [
    pytest.param(name, text, id=f"{name}-{page}-{number}")
    for name, pages in SHOWN.items()
    for page in pages
    for number, text in enumerate(
        re.findall(r"```toml\n(.*?)```", (DOCS / page).read_text(encoding="utf-8"), re.DOTALL)
    )
]


def problems(name: str, text: str) -> list[str]:
    """Return what a schema says of a TOML file; editors take its dates as text."""
    data = json.loads(json.dumps(tomllib.loads(text), default=lambda day: day.isoformat()))
    return [each.message for each in Draft202012Validator(schema_of(name)).iter_errors(data)]


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_one_is_printed_and_is_published(name: str) -> None:
    Draft202012Validator.check_schema(schema_of(name))
    printed = termsmith("schema", name).stdout
    assert json.loads(printed) == schema_of(name)
    published = (DOCS / "schemas" / f"{name}.json").read_text(encoding="utf-8")
    assert published == printed, "run python tools/make_schemas.py"


def test_there_are_examples_of_each_kind_of_file() -> None:
    assert len(EXAMPLES) >= 8


@pytest.mark.parametrize(("name", "text"), EXAMPLES)
def test_the_examples_of_the_documentation_are_valid(name: str, text: str) -> None:
    assert problems(name, text) == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("config", "fhir_versoin = 'R4'"),
        ("config", "fhir_version = 'R6'"),
        ("config", "[outputs]\nyaml = 'x'"),
        ("config", "[package]\nname = 'org.example'\nversion = '1.0.0'"),
        ("config", "[[exceptions]]\nrule = 'NAM'\nplace = '*'"),
        ("config", "draft = 'yes'"),
        ("config", "base_url = 'registry.example'"),
        ("config", "[[exceptions]]\nrule = 'NAM1'\nplace = '*'\nreason = 'r'"),
        ("config", "[[exceptions]]\nrule = 'NAM'\nplace = '*'\nreason = ''"),
        ("config", "[package]\nname = 'Example'\nversion = '1.0.0'\ncanonical = 'https://a.example'"),
        ("config", "[package]\nname = 'a.b'\nversion = '1'\ncanonical = 'https://a.example'"),
        ("sidecar", "titel = 'Tea'"),
        ("sidecar", "title = 5"),
        ("sidecar", "[title]\nreason = 'no value'"),
        ("sidecar", "[title]\nvalue = 'Tea'\nwhy = 'x'"),
        ("sidecar", "status = 'done'"),
        ("sidecar", "[concepts]\ncount = -1"),
        ("sidecar", "[[system]]\nid = 'a b'"),
    ],
)
def test_a_wrong_key_or_value_is_refused(name: str, text: str) -> None:
    assert len(problems(name, text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "title = 'Tea'",
        "[title]\nvalue = 'Tea'",
        "[title]\nvalue = 'Tea'\nreason = 'as on the box'",
        "other_urls = ['urn:a']\n[other_oids]\nvalue = ['2.999']\nreason = 'r'",
        "case_sensitive = true\n[concepts]\ncount = { value = 3, reason = 'counted' }",
        "date = 2020-09-03",
    ],
)
def test_values_of_sidecars_stand_alone_or_with_their_reason(text: str) -> None:
    assert problems("sidecar", text) == []


def test_every_key_of_the_configuration_is_described() -> None:
    found = schema_of("config")
    assert list(found["properties"]) == list(keys_of(SettingsTable))
    tables = [
        found,
        *(
            found["properties"][path[0]]
            for path in tables_of(SettingsTable)
            if path and path != ("exceptions",)
        ),
    ]
    for table in [*tables, found["properties"]["exceptions"]["items"]]:
        assert [name for name, each in table["properties"].items() if not each.get("description")] == []


def test_every_key_of_a_sidecar_is_described() -> None:
    found = schema_of("sidecar")
    concepts = found["properties"]["concepts"]
    system = found["properties"]["system"]["items"]
    for table in (found, concepts, system):
        assert [name for name, each in table["properties"].items() if not each.get("description")] == []


@pytest.mark.parametrize("name", SCHEMAS)
def test_descriptions_have_no_marks_of_pythons_documentation(name: str) -> None:
    assert "``" not in json.dumps(schema_of(name))
