from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

import termsmith
from termsmith.dialects.loading import load_dialect, load_dialects
from termsmith.dialects.schema import checked
from termsmith.dialects.table import Field
from termsmith.errors import SettingsError
from termsmith.model.record import Role

TABLES = Path(termsmith.__file__).parent / "dialects" / "tables"
ACME = b"""
id = "acme"
title = "Acme code systems"

[labels]
"Steward" = "steward"
"Code system OID" = "endorsed_oid"
"Permalink" = "endorsed_uri"
"Full title" = "title"

[ignored]
"Page owner" = "wiki housekeeping"
"""


def test_built_in_dialects_are_listed_by_id() -> None:
    ids = [dialect.id for dialect in load_dialects()]
    assert ids[:6] == ["D1", "D2", "D3", "D4", "D4-naming-system", "D4-narrative"]
    assert ids[-2:] == ["D10", "D11"]


def test_a_table_of_labels_is_enough() -> None:
    dialect = load_dialect(ACME, "acme.toml", origin="acme.toml")
    assert [(label.text, label.field, label.role) for label in dialect.labels] == [
        ("Steward", Field.ORGANIZATION, Role.STEWARD),
        ("Code system OID", Field.ENDORSED_OID, None),
        ("Permalink", Field.ENDORSED_URI, None),
        ("Full title", Field.TITLE, None),
        ("Page owner", Field.IGNORED, None),
    ]
    assert dialect.labels[-1].why == "wiki housekeeping"


@pytest.mark.parametrize(
    ("old", "new", "code", "message"),
    [
        (
            b'"Steward" = "steward"',
            b'"Steward" = "stewart"',
            "SET011",
            "labels.Steward: 'stewart' is not one of",
        ),
        (b'title = "Acme', b'titel = "Acme', "SET011", "title: Field required"),
        (b'"Steward"', b'"A"', "SET011", "label 'A' is too short"),
        (b'id = "acme"', b'id = "a b"', "SET011", "id: String should match"),
        (b"[labels]", b"[labels", "SET010", "no valid TOML"),
        (b'id = "acme"', b'id = "acme"\nspeed = 3', "SET011", "speed: Extra inputs"),
        (
            b'id = "acme"',
            b'id = "acme"\nblanks = [{text = "x", pattern = "y", reason = "z"}]',
            "SET011",
            "either",
        ),
        (
            b'id = "acme"',
            b'id = "acme"\nblanks = [{pattern = "(", reason = "z"}]',
            "SET011",
            "regular expression",
        ),
    ],
)
def test_a_wrong_table_is_refused_by_its_place(old: bytes, new: bytes, code: str, message: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_dialect(ACME.replace(old, new, 1), "acme.toml", origin="acme.toml")
    assert caught.value.code == code
    assert message in caught.value.message
    assert caught.value.message.startswith("acme.toml: ")


def test_an_id_that_is_taken_is_refused(tmp_path: Path) -> None:
    table = tmp_path / "mine.toml"
    table.write_bytes(ACME.replace(b'id = "acme"', b'id = "D1"'))
    with pytest.raises(SettingsError, match="SET013"):
        load_dialects([table])


def test_a_missing_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="SET012"):
        load_dialects([tmp_path / "none.toml"])


@pytest.mark.parametrize("path", sorted(TABLES.glob("*.toml")), ids=lambda path: path.name)
def test_our_own_tables_pass_the_check_that_users_tables_do(path: Path) -> None:
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    assert checked(table, path.name) == table


def test_the_defaults_pass_it_too() -> None:
    defaults = tomllib.loads((TABLES.parent / "defaults.toml").read_text(encoding="utf-8"))
    table = {"id": "x", "title": "X", "labels": {"Name": "title"}, **defaults}
    assert checked(table, "defaults.toml") == table


def test_a_table_that_changed_is_read_again(tmp_path: Path) -> None:
    table = tmp_path / "mine.toml"
    table.write_bytes(ACME)
    assert load_dialects([table])[-1].title == "Acme code systems"
    table.write_bytes(ACME.replace(b"Acme code systems", b"Acme's other code systems"))
    assert load_dialects([table])[-1].title == "Acme's other code systems"
