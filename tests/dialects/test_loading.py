from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

import termsmith
from termsmith.conversion import convert_page
from termsmith.dialects.loading import load_dialect, load_dialects
from termsmith.dialects.schema import checked
from termsmith.dialects.table import Field
from termsmith.errors import SettingsError
from termsmith.model.record import Role
from termsmith.settings import Settings

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
            "acme.toml:6: labels.Steward: 'stewart' is not known; allowed: ",
        ),
        (
            b'"Page owner" = "wiki housekeeping"',
            b'"Page owner" = ""',
            "SET011",
            'acme.toml:12: ignored."Page owner": it is empty; allowed: a text',
        ),
        (
            b'title = "Acme',
            b'titel = "Acme',
            "SET011",
            "acme.toml:1: title: it is missing\nacme.toml:3: titel: ",
        ),
        (
            b'"Steward"',
            '"№ "'.encode(),
            "SET011",
            "acme.toml:6: labels.\"№ \": '№' has no letter and no digit; allowed: a label with at least one, ",
        ),
        (
            b"[ignored]",
            b'[[sections]]\nlabel = " "\nrows = [{ label = "Uses", field = "usage", aliases = [\n"-"] }]\n[ignored]',
            "SET011",
            "acme.toml:12: sections.label: ' ' has no letter and no digit; allowed: a label with at least one, ",
        ),
        (
            b'id = "acme"',
            b'id = "a b"',
            "SET011",
            "acme.toml:2: id: 'a b' is no id; allowed: letters, digits, - and _, at most 32",
        ),
        (b"[labels]", b"[labels", "SET010", "acme.toml:5:8: no valid TOML: "),
        (b'id = "acme"', b'id = "\xff"', "SET010", "acme.toml:2: no UTF-8 text"),
        (
            b'id = "acme"',
            b'id = "acme"\nspeed = 3',
            "SET011",
            "acme.toml:3: speed: unknown key; allowed: any_order, ",
        ),
        (
            b'id = "acme"',
            b'id = "acme"\nblanks = [\n  {text = "a", reason = "b"},\n  {text = "x", pattern = "y", reason = "z"},\n]',
            "SET011",
            "acme.toml:5: blanks: give either `text` or `pattern`",
        ),
        (
            b'id = "acme"',
            b'id = "acme"\nblanks = [{pattern = "(", reason = "z"}]',
            "SET011",
            "acme.toml:3: blanks: '(' is no regular expression: ",
        ),
        (
            b"[ignored]",
            b'[[sections]]\n[[sections.rows]]\nlabel = "Uses"\nfield = "usage"\nlabl = "x"\n[ignored]',
            "SET011",
            "acme.toml:15: sections.rows.labl: unknown key; allowed: aliases, field, hints, label, ",
        ),
        (
            b"[ignored]",
            b'[[tables]]\ntitle = "T"\nneeds = ["Nr"]\ncolumns = { "Nr" = "nothing" }\n[ignored]',
            "SET011",
            "acme.toml:14: tables.columns.Nr: 'nothing' is not known; allowed: \"\", ",
        ),
    ],
)
def test_a_wrong_table_is_refused_by_its_place(old: bytes, new: bytes, code: str, message: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_dialect(ACME.replace(old, new, 1), "acme.toml", origin="acme.toml")
    assert caught.value.code == code
    assert caught.value.message.startswith(message)


REGISTRY = b"""
id = "registry"
title = "Entry of our registry"
any_order = true

[labels]
"Full title" = "title"
"ID" = "short_name"
"URL" = "endorsed_uri"
"Notes" = "description"
"Description of all the codes" = "description"

[[sections]]
[[sections.rows]]
label = "OID"
hints = ["(registered)"]
field = "endorsed_oid"
"""
NOTES = "OIDs are assigned by ID. URLs: by hand."
FACTS = [
    ("CodeSystem.title", "Teas"),
    ("CodeSystem.name", "TG"),
    ("CodeSystem.url", "http://tea.example"),
    ("CodeSystem.identifier[0].value", "urn:oid:2.999.17"),
    ("CodeSystem.description", NOTES),
]


@pytest.mark.parametrize(
    "page",
    [
        f"Full title: Teas\nID: TG\nURL : http://tea.example\nOID (registered): 2.999.17\nNotes: {NOTES}",
        f"Full title: Teas\nID\nTG\nURL\nhttp://tea.example\nOID (registered)\n2.999.17\nNotes:\n{NOTES}",
        f"Full title: Teas\nID: TG\nURL: http://tea.example\nOID: 2.999.17\nDescription of all the codes {NOTES}",
        f"Full title | Teas\nID | TG\nURL | http://tea.example\nOID (registered) | 2.999.17\nNotes | {NOTES}",
        f"""<table><tr><td>Full title</td><td>Teas</td></tr><tr><td>ID</td><td>TG</td></tr>
        <tr><td>URL</td><td>http://tea.example</td></tr><tr><td>OID (registered)</td><td>2.999.17</td></tr>
        <tr><td>Notes</td><td>{NOTES}</td></tr></table>""",
    ],
    ids=["colons", "lines", "blanks", "pipes", "cells"],
)
def test_short_labels_are_found_where_they_stand_apart(page: str, tmp_path: Path) -> None:
    table = tmp_path / "registry.toml"
    table.write_bytes(REGISTRY)
    made = convert_page(page.encode(), "tea", Settings(dialect_tables=(table,)), today="2026-01-31")
    stated = {each.element: each.value for each in made.evidence}
    assert {name: stated.get(name) for name, _ in FACTS} == dict(FACTS)
    assert made.coverage.leftovers == ()


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
    text = path.read_text(encoding="utf-8")
    table = tomllib.loads(text)
    assert checked(table, text, path.name) == table


def test_the_defaults_pass_it_too() -> None:
    defaults = tomllib.loads((TABLES.parent / "defaults.toml").read_text(encoding="utf-8"))
    table = {"id": "x", "title": "X", "labels": {"Name": "title"}, **defaults}
    assert checked(table, "", "defaults.toml") == table


def test_a_table_that_changed_is_read_again(tmp_path: Path) -> None:
    table = tmp_path / "mine.toml"
    table.write_bytes(ACME)
    assert load_dialects([table])[-1].title == "Acme code systems"
    table.write_bytes(ACME.replace(b"Acme code systems", b"Acme's other code systems"))
    assert load_dialects([table])[-1].title == "Acme's other code systems"


def test_short_labels_are_no_starts_of_words(tmp_path: Path) -> None:
    table = tmp_path / "registry.toml"
    table.write_bytes(REGISTRY)
    page = f"Full title: Teas\nOID: 2.999.17\nDescription of all the codes {NOTES}\nURL paths: none.\nIDs"
    made = convert_page(page.encode(), "tea", Settings(dialect_tables=(table,)), today="2026-01-31")
    stated = {each.element: each.value for each in made.evidence}
    assert stated["CodeSystem.description"] == f"{NOTES}\n\nURL paths: none.\n\nIDs"
    assert stated["CodeSystem.url"] == "urn:oid:2.999.17"


def test_a_table_without_end_is_refused(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_bytes(b"#" * 1_000_001)
    with pytest.raises(SettingsError, match=r"SET012: .*can't be read: it has more than 1,000,000 bytes"):
        load_dialects([tmp_path / "own.toml"])
