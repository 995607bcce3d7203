from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

import termsmith
from checks.samples import code_system, naming_system
from termsmith.checks.carried import Carried, carried

VERSIONS = Path(termsmith.__file__).parent / "resources" / "versions" / "R4.toml"
CARRIERS = tomllib.loads(VERSIONS.read_text(encoding="utf-8"))["carriers"]
OLD = "http://terminology.hl7.org/StructureDefinition/ext-namingsystem-title"
ROWS = [
    (element, row["url"], row["value"])
    for family in CARRIERS.values()
    for element, row in family["NamingSystem"].items()
] + [("title", OLD, "valueString")]


@pytest.mark.parametrize(("element", "url", "value"), ROWS)
def test_what_is_written_is_read(element: str, url: str, value: str) -> None:
    resource = naming_system("R4", extension=[{"url": "https://tea.example.net"}, {"url": url, value: "x"}])
    assert carried(resource, element) == Carried(f"/extension/1/{value}", "x")


def test_an_element_goes_before_an_extension() -> None:
    resource = naming_system() | {"extension": [{"url": OLD, "valueString": "x"}]}
    assert carried(resource, "title") == Carried("/title", "Tea Grades")


def test_extensions_of_other_resources_carry_nothing() -> None:
    resource = code_system(title=None, extension=[{"url": OLD, "valueString": "x"}])
    assert carried(resource, "title") is None


@pytest.mark.parametrize(
    "extension", [None, {}, [1, None, {}], [{"url": OLD}], [{"url": OLD, "valueString": 1}]]
)
def test_extensions_of_any_form_are_read(extension: object) -> None:
    assert carried(naming_system("R4") | {"extension": extension}, "title") is None
