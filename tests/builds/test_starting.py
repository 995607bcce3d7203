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


@pytest.mark.parametrize(
    ("stated", "release", "unread"),
    [
        ("fhirVersion: 5.0.0 # the latest", "R5", None),
        ("fhirVersion:\n  - 5.0.0\n", "R5", None),
        ("fhirVersion: # one\n- '4.3.0'\nmenu: x\n", "R4B", None),
        ("fhirVersion: [5.0.0]", "R5", None),
        ("fhirVersion:\n  - 4.0.1\n  - 5.0.0\n", "R4", "FHIR version 4.0.1 and 5.0.0: R4 is taken"),
        ("fhirVersion: 6.0.0-ballot2", None, "FHIR version 6.0.0-ballot2: R4 is taken"),
        ("version: 5.0.0", None, "no FHIR version: R4 is taken"),
        ("fhirVersion:\nmenu:\n  - 5.0.0\n", None, "no FHIR version: R4 is taken"),
    ],
)
def test_the_release_of_a_guide_is_read_or_told(stated: str, release: str | None, unread: str | None) -> None:
    setting = setting_of({"sushi-config.yaml": f"\ufeffcanonical: https://tea.example\n{stated}"})
    assert (setting.canonical, setting.fhir_version) == ("https://tea.example", release)
    told = f"sushi-config.yaml states {unread}; R4, R4B and R5 can be written"
    assert setting.unread == (() if unread is None else (told,))
    configuration = first_configuration(setting, ())
    assert (f"# {told}.\n" in configuration) is (unread is not None)
    assert tomllib.loads(configuration)["fhir_version"] == (release or "R4")


@pytest.mark.parametrize(
    "text",
    [
        '\ufeff{"url": "https://a.example/ImplementationGuide/x", "fhirVersion": ["5.0.0"]}',
        '<a><url id="u" value="https://a.example/ImplementationGuide/x"/><fhirVersion value = \'5.0.0\' /></a>',
    ],
)
def test_a_guide_is_read_as_others_write_it(text: str) -> None:
    setting = setting_of({"ig.ini": "[IG]\nig = a.json\n", "a.json": text})
    assert (setting.canonical, setting.fhir_version, setting.unread) == ("https://a.example", "R5", ())


def test_a_canonical_that_is_none_is_told() -> None:
    setting = setting_of({"sushi-config.yaml": "canonical: tea\nfhirVersion: 4.0.1\n"})
    assert setting.unread == (
        "sushi-config.yaml states the canonical tea, which is no web address: NamingSystems have no url",
    )
    (unread,) = setting_of({"ig.ini": "[IG]\n"}).unread
    assert unread == "ig.ini names no ImplementationGuide: its canonical and its FHIR version are not known"


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
