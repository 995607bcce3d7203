"""What `convert` takes and refuses, and that its results are the caller's own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import orjson
import pytest
from cli.pages import page, write_page

import termsmith

LARGE = 20_001
SIDECAR = b'title = "Teas"\ncanonical_url = "http://tea.example/x"\noid = "2.999.1"\nowner = "Tea Desk"\n'


def table(name: str, *rows: str) -> str:
    Path(name).write_text("\n".join(["code,display,weight", *rows]), encoding="utf-8")
    return name


def refused(code: str, **arguments: Any) -> None:
    with pytest.raises(termsmith.TermsmithError) as caught:
        termsmith.convert(**{"page": page("Tea").encode(), **arguments})
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("code", "arguments"),
    [
        ("SRC001", {"page": "gone.txt"}),
        ("SRC002", {"page": "a\0b"}),
        ("SRC002", {"page": "a\ud800.txt"}),
        ("SRC002", {"page": "."}),
        ("SRC002", {"sidecar": "a\0b"}),
        ("SRC001", {"concepts": "a\0b.csv"}),
        ("SET002", {"config": "a\0b"}),
        ("SET012", {"dialect": "a\0b.toml"}),
        ("SET012", {"dialect": Path("gone.toml")}),
        ("USE001", {"fhir_version": "R3"}),
        ("USE002", {"dialect": "D99"}),
        ("USE006", {"hierarchy": "flat"}),
        ("USE006", {"base_url": "tea.example"}),
        ("USE006", {"base_url": ""}),
        ("USE008", {"page": page("Tea")}),
    ],
)
def test_what_makes_no_sense_is_named(code: str, arguments: dict[str, Any]) -> None:
    refused(code, **arguments)


def test_a_sidecar_is_a_few_values() -> None:
    Path("large.toml").write_bytes(b"#" * 1_000_001)
    refused("SRC003", sidecar="large.toml")


def test_of_a_page_as_large_as_a_disk_only_the_beginning_is_read() -> None:
    with Path("large.txt").open("wb") as file:
        file.truncate(1 << 40)
    (finding,) = termsmith.convert("large.txt").findings
    assert finding.code == "PAG002"
    assert "more than 10,000,000 bytes" in finding.message


def test_a_name_as_long_as_it_can_be_has_no_sidecar() -> None:
    name = "n" * 251 + ".txt"
    Path(name).write_text(page("Tea"), encoding="utf-8")
    assert termsmith.convert(name).ok


def test_names_are_shown_in_printable_characters() -> None:
    write_page("tea\x1b[31m.txt", "Tea")
    result = termsmith.convert("tea\x1b[31m.txt")
    assert result.source == r"tea\x1b[31m.txt"


def test_a_configuration_holds_where_it_is_named() -> None:
    write_page("tea.txt", "Tea")
    Path("termsmith.toml").write_text(
        'fhir_version = "R5"\nbase_url = "https://tea.example/fhir"\n[outputs]\nnarrative = true\n',
        encoding="utf-8",
    )
    plain, configured = termsmith.convert("tea.txt"), termsmith.convert("tea.txt", config="termsmith.toml")
    assert (plain.fhir_version, configured.fhir_version) == ("R4", "R5")
    assert "url" not in plain.resources[0].data
    assert configured.resources[0].data["url"] == "https://tea.example/fhir/NamingSystem/Tea"
    assert configured.resources[0].data["text"]["status"] == "generated"
    over = termsmith.convert(
        "tea.txt", config="termsmith.toml", fhir_version="R4B", base_url="http://a.example/"
    )
    assert over.resources[0].data.get("url") is None  # R4B has none
    assert over.fhir_version == "R4B"


def test_no_finding_is_excused() -> None:
    write_page("tea.txt", "Tea", identifiers="OID: 2.999.1")
    plain = termsmith.convert("tea.txt").findings
    (code, *_) = {finding.code for finding in plain}
    Path("termsmith.toml").write_text(
        f'[[exceptions]]\nrule = "{code}"\nplace = "*"\nreason = "known"\n', encoding="utf-8"
    )
    assert termsmith.convert("tea.txt", config="termsmith.toml").findings == plain


def test_dictionaries_are_what_reading_the_file_gives() -> None:
    rows = ["a,A,1.50", "b,B,2.25", "c,C,99999999999.0", "d,D,1"]
    result = termsmith.convert(table("teas.csv", *rows), sidecar=SIDECAR)
    for resource, plain in zip(result.resources, result.to_dicts(), strict=True):
        assert plain == json.loads(termsmith.render(resource)) == orjson.loads(orjson.dumps(plain))
        assert json.loads(json.dumps(plain)) == plain
    values = [concept["property"][0]["valueDecimal"] for concept in result.to_dicts()[1]["concept"]]
    assert list(map(repr, values)) == ["1.5", "2.25", "99999999999.0", "1"]


def test_what_is_done_to_dictionaries_stays_there() -> None:
    result = termsmith.convert(page("Tea").encode())
    before = [termsmith.render(each) for each in result.resources]
    for each in result.to_dicts():
        each.setdefault("uniqueId", [{}])[0].clear()
        each.setdefault("identifier", [{}])[0].clear()
    assert [termsmith.render(each) for each in result.resources] == before


def test_large_code_systems_with_other_codes_are_not_equal() -> None:
    one, other = (
        termsmith.convert(table(f"{word}.csv", *(f"{n},{word} {n}," for n in range(LARGE))), sidecar=SIDECAR)
        for word in ("Leaf", "Dust")
    )
    assert one.resources[0] == other.resources[0]
    assert one.resources[1] == one.resources[1]
    assert one.resources[1] != other.resources[1]
