"""What `termsmith.toml` gives, and how its mistakes are named."""

from __future__ import annotations

from pathlib import Path

import pytest

from termsmith.errors import SettingsError
from termsmith.settings import BundleSettings, PackageSettings, Settings
from termsmith.settings_file import find_settings_file, read_project_file, read_settings_file


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return Path("termsmith.toml")


def problem(file: Path, text: str) -> str:
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        read_settings_file(file)
    assert caught.value.code == "SET001"
    return caught.value.message


def test_an_empty_file_gives_the_defaults(file: Path) -> None:
    file.write_bytes(b"")
    assert read_settings_file(file) == Settings()


def test_every_key_has_its_effect(file: Path) -> None:
    file.write_text(
        """\
fhir_version = "R5"
dialect = "D2"
dialect_tables = ["tables/mine.toml"]
draft = true
registry = false
base_url = "https://terminology.example/fhir/"
carrier = "artifact"

[defaults]
status = "active"
case_sensitive = false
""",
        encoding="utf-8-sig",
    )
    assert read_settings_file(file) == Settings(
        fhir_version="R5",
        dialect="D2",
        dialect_tables=(Path("tables/mine.toml"),),
        draft=True,
        registry=False,
        base_url="https://terminology.example/fhir",
        carrier="artifact",
        status="active",
        case_sensitive=False,
    )


def test_tables_are_named_from_the_folder_of_the_file(file: Path) -> None:
    folder = Path("guide")
    folder.mkdir()
    (folder / file).write_text('dialect_tables = ["mine.toml"]', encoding="utf-8")
    assert read_settings_file(folder / file).dialect_tables == (folder / "mine.toml",)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('\nfhir_version = "R6"', "termsmith.toml:2: fhir_version: 'R6' is not known; allowed: R4, R4B, R5"),
        ("draft = 1", "termsmith.toml:1: draft: 1 is neither true nor false; allowed: true, false"),
        ("dialect = 2", "termsmith.toml:1: dialect: 2 is no text; allowed: text in quotes"),
        (
            'dialect_tables = "mine.toml"',
            (
                "termsmith.toml:1: dialect_tables: 'mine.toml' is no list; allowed: a list such as "
                '["mine.toml"]'
            ),
        ),
        (
            'base_url = "terminology.example"',
            (
                "termsmith.toml:1: base_url: 'terminology.example' is no web address; "
                "allowed: https://HOST or https://HOST/PATH"
            ),
        ),
        (
            "# fhir = 1\nfhir = 4",
            (
                "termsmith.toml:2: fhir: unknown key; allowed: base_url, build, bundle, carrier, concepts, defaults, "
                "dialect, dialect_tables, draft, exceptions, fhir_version, form, guide, outputs, package, "
                "registry"
            ),
        ),
        (
            '[package]\nname = "a.b"\nversion = "1.0.0"',
            "termsmith.toml:1: package.canonical: it is missing",
        ),
        (
            '[package]\nname = "Terms"\nversion = "1.0.0"\ncanonical = "https://x.example"',
            (
                "termsmith.toml:2: package.name: 'Terms' is no name of a package; allowed: small letters with "
                "dots, such as org.example.terms"
            ),
        ),
        (
            '[package]\nname = "a.b"\nversion = "1"\ncanonical = "https://x.example"',
            (
                "termsmith.toml:3: package.version: '1' is no version of a package; allowed: three numbers, "
                "such as 1.0.0 or 1.0.0-beta"
            ),
        ),
        (
            '[package]\nname = "a.b"\nversion = "1.0.0"\ncanonical = "https://x.example"\ndate = "today"',
            (
                "termsmith.toml:5: package.date: 'today' is no time; allowed: a time such as "
                "2027-01-31T12:00:00, without quotes"
            ),
        ),
        (
            '[bundle]\ntype = "message"',
            "termsmith.toml:2: bundle.type: 'message' is not known; allowed: transaction, batch",
        ),
        (
            'draft = true\n\n[ "defaults" ]\n"status" = "done"',
            (
                "termsmith.toml:4: defaults.status: 'done' is not known; "
                "allowed: draft, active, retired, unknown"
            ),
        ),
        ('form = "1"', "termsmith.toml:1: form: '1' is no whole number; allowed: a whole number such as 3"),
        ("form = true", "termsmith.toml:1: form: true is no whole number; allowed: a whole number such as 3"),
        (
            "draft = true\ndefaults = 3",
            "termsmith.toml:2: defaults: 3 is no table; allowed: a table with keys of case_sensitive, status",
        ),
        (
            '\n[exceptions]\nrule = "NAM003"\n',
            (
                "termsmith.toml:2: exceptions: it is a single table; allowed: [[exceptions]] in two brackets, "
                "as often as needed"
            ),
        ),
        (
            '[build]\nsources = ["pages", " "]',
            "termsmith.toml:2: build.sources: it is empty; allowed: a text",
        ),
        (
            '[outputs]\njson = "out/{version}"',
            "termsmith.toml:2: outputs.json: 'out/{version}' has a placeholder that is none; allowed: {fhir_version}",
        ),
        (
            '[outputs]\nxml = "o/{fhir_version"',
            "termsmith.toml:2: outputs.xml: 'o/{fhir_version' has a placeholder that is none; allowed: {fhir_version}",
        ),
        (
            '[outputs]\nfsh = "x/{FHIR_VERSION}"',
            "termsmith.toml:2: outputs.fsh: 'x/{FHIR_VERSION}' has a placeholder that is none; allowed: {fhir_version}",
        ),
        (
            '[outputs]\njson = "a/{fhir_version}/../x"',
            (
                "termsmith.toml:2: outputs.json: 'a/{fhir_version}/../x' leaves the folder of {fhir_version} again; "
                "allowed: no .. behind it"
            ),
        ),
        (
            '[outputs]\noid_map = "{fhir_version}.csv"',
            (
                "termsmith.toml:2: outputs.oid_map: '{fhir_version}.csv' is one file for all releases; "
                "allowed: a name without {fhir_version}"
            ),
        ),
        (
            '[[exceptions]]\nrule = "NAM"\nplace = "*"\nreason = "r"\nexpires = 2027-06-30T00:00:00',
            (
                "termsmith.toml:5: exceptions.expires: 2027-06-30 00:00:00 is no day; "
                "allowed: a date such as 2027-01-31, without quotes"
            ),
        ),
        (
            "defaults.stat = 1",
            "termsmith.toml:1: defaults.stat: unknown key; allowed: case_sensitive, status",
        ),
        (
            "draft = true\ndefaults = { stat = 1 }",
            "termsmith.toml:2: defaults.stat: unknown key; allowed: case_sensitive, status",
        ),
    ],
)
def test_a_mistake_is_named_by_its_line(file: Path, text: str, message: str) -> None:
    assert problem(file, text) == message


@pytest.mark.parametrize("expires", ['"2027-01-01"', "2027-01-01T00:00:00", "2027-01-01T08:00:00", "2027"])
def test_the_last_day_of_an_exception_is_a_day(file: Path, expires: str) -> None:
    text = f'[[exceptions]]\nrule = "NAM003"\nplace = "*"\nreason = "so"\nexpires = {expires}\n'
    message = problem(file, text)
    assert message.startswith("termsmith.toml:5: exceptions.expires: ")
    assert message.endswith(" is no day; allowed: a date such as 2027-01-31, without quotes")


@pytest.mark.parametrize(
    ("key", "name", "what"),
    [
        ("oid_map", "sushi-config.yaml", "what sushi_config names"),
        ("oid_map", "./termsmith.toml", "this configuration"),
        ("oid_map", "x/../pages", "a source"),
        ("oid_map", "mine.toml", "a dialect table"),
        ("ignore_warnings", "sushi-config.yaml", "what sushi_config names"),
        ("ignore_warnings", "termsmith.toml", "this configuration"),
    ],
)
def test_a_file_of_the_guide_is_no_other_file_of_the_project(
    file: Path, key: str, name: str, what: str
) -> None:
    file.write_text(
        'dialect_tables = ["mine.toml"]\n[build]\nsources = ["pages"]\n'
        f'[outputs]\nsushi_config = "sushi-config.yaml"\n{key} = "{name}"\n',
        encoding="utf-8",
    )
    with pytest.raises(SettingsError) as caught:
        read_project_file(file)
    assert caught.value.code == "SET001"
    shown = name.replace("./", "", 1) if name.startswith("./") else name.removeprefix("x/../")
    assert caught.value.message == (
        f"termsmith.toml:6: outputs.{key}: {shown!r} is {what}; allowed: a file of its own"
    )


def test_templates_that_a_build_would_not_use_are_told(file: Path) -> None:
    text = '[build]\nsources = ["pages"]\n[outputs]\nnarrative_templates = "templates"\n'
    file.write_text(text, encoding="utf-8")
    with pytest.raises(
        SettingsError, match=r"termsmith.toml:4: outputs.narrative_templates: .* narrative = true"
    ):
        read_project_file(file)
    assert read_settings_file(file).narrative_templates == Path("templates")  # for convert --narrative


def test_folders_are_plain_paths(file: Path) -> None:
    text = '[build]\nsources = ["pages"]\n[outputs]\njson = "./a/../b/"\nxml = "x/../{fhir_version}/y"\n'
    file.write_text(text, encoding="utf-8")
    assert read_project_file(file).outputs == {"json": "b", "xml": "{fhir_version}/y"}


@pytest.mark.parametrize(
    ("text", "place"), [("draft = \n", "termsmith.toml:1:9"), ("\n[defaults", "termsmith.toml:2")]
)
def test_what_is_no_toml_is_named_by_its_place(file: Path, text: str, place: str) -> None:
    assert problem(file, text).startswith(f"{place}: no valid TOML: ")


def test_all_mistakes_are_named_in_the_order_of_lines(file: Path) -> None:
    found = problem(file, 'draft = 1\n[defaults]\nstatus = "x"\ncase_sensitive = "no"\n')
    assert [line.rpartition("; ")[0] for line in found.splitlines()] == [
        "termsmith.toml:1: draft: 1 is neither true nor false",
        "termsmith.toml:3: defaults.status: 'x' is not known",
        "termsmith.toml:4: defaults.case_sensitive: 'no' is neither true nor false",
    ]


def test_text_that_is_no_utf8_is_named(file: Path) -> None:
    file.write_bytes(b'dialect = "\xff"')
    with pytest.raises(SettingsError, match=r"SET001: termsmith\.toml:1: no UTF-8 text"):
        read_settings_file(file)


def test_a_file_that_is_not_there_is_named(file: Path) -> None:
    with pytest.raises(SettingsError, match=r"SET002: termsmith\.toml: can't be read: No such file"):
        read_settings_file(file)


def test_the_file_of_a_folder_is_found(file: Path) -> None:
    assert find_settings_file(Path()) is None
    file.write_bytes(b"")
    assert find_settings_file(Path()) == file


def test_a_package_and_a_bundle_are_described(file: Path) -> None:
    file.write_text(
        '[package]\nname = "org.example.terms"\nversion = "1.0.0-beta"\ncanonical = "https://x.example/fhir/"\n'
        'date = 2027-01-31T12:00:00\ndependencies = { "hl7.terminology.r4" = "6.0.0" }\n'
        '[bundle]\nupdate = "conditional"\n',
        encoding="utf-8",
    )
    settings = read_settings_file(file)
    assert settings.package == PackageSettings(
        name="org.example.terms",
        version="1.0.0-beta",
        canonical="https://x.example/fhir",
        date="20270131120000",
        dependencies={"hl7.terminology.r4": "6.0.0"},
    )
    assert settings.bundle == BundleSettings(update="conditional")


def test_without_them_there_is_no_package(file: Path) -> None:
    file.write_text("", encoding="utf-8")
    assert (read_settings_file(file).package, read_settings_file(file).bundle) == (None, BundleSettings())


def test_a_configuration_without_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "termsmith.toml"
    path.write_bytes(b"#" * 1_000_001)
    with pytest.raises(SettingsError, match=r"SET002: .*can't be read: it has more than 1,000,000 bytes"):
        read_settings_file(path)
