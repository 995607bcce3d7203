from __future__ import annotations

import tomllib

import pytest

from termsmith.builds.starting import Setting, first_configuration, setting_of
from termsmith.settings_file import SettingsTable

SUSHI = "# a guide\nid: tea\ncanonical: https://tea.example/fhir/\nfhirVersion: '4.0.1'\nstatus: draft\n"
GUIDE = (
    '<ImplementationGuide xmlns="http://hl7.org/fhir"><id value="tea"/>'
    '<url value="https://tea.example/fhir/ImplementationGuide/tea"/><fhirVersion value="4.3.0"/>'
    '<definition><resource><extension url="x"><valueUrl value="y"/></extension></resource></definition>'
    "</ImplementationGuide>"
)


def test_a_sushi_configuration_tells_canonical_and_release() -> None:
    assert setting_of({"sushi-config.yaml": SUSHI, "ig.ini": "[IG]\nig = x.json\n"}) == Setting(
        kind="a SUSHI project",
        described_in="sushi-config.yaml",
        canonical="https://tea.example/fhir",
        fhir_version="R4",
    )


@pytest.mark.parametrize(
    ("path", "text", "release"),
    [
        ("input/tea.xml", GUIDE, "R4B"),
        (
            "input/tea.json",
            '{"url": "https://tea.example/fhir/ImplementationGuide/tea", "fhirVersion": ["5.0.0"]}',
            "R5",
        ),
    ],
)
def test_the_guide_that_an_ini_file_names_tells_them(path: str, text: str, release: str) -> None:
    assert setting_of({"ig.ini": f"[IG]\nig = {path}\ntemplate = x\n", path: text}) == Setting(
        kind="an IG Publisher project",
        described_in=path,
        canonical="https://tea.example/fhir",
        fhir_version=release,
    )


@pytest.mark.parametrize("text", ["", "{", '{"url": 1, "fhirVersion": "x"}', "<a/>", "[]"])
def test_a_guide_that_tells_nothing_gives_nothing(text: str) -> None:
    setting = setting_of({"ig.ini": "ig = a.json", "a.json": text})
    assert (setting.canonical, setting.fhir_version) == (None, None)


def test_other_folders_have_pages() -> None:
    assert setting_of({}) == Setting(kind="a folder of pages")


@pytest.mark.parametrize("found", [(), ("pages",), ('a "quoted" folder', "b\\c")])
@pytest.mark.parametrize("setting", [setting_of({}), setting_of({"sushi-config.yaml": SUSHI})])
def test_a_first_configuration_is_a_valid_one(setting: Setting, found: tuple[str, ...]) -> None:
    table = SettingsTable.model_validate(tomllib.loads(first_configuration(setting, found)))
    assert table.build.sources == (
        found or (("input/terminology-pages",) if setting.is_guide else ("pages",))
    )
    assert table.base_url == setting.canonical
    assert table.outputs.json_folder == ("input/vocabulary" if setting.is_guide else "output")
