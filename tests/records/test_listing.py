"""Pages that list terminologies, a row each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from growth import grows_with_size

from termsmith.conversion import convert_page
from termsmith.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from termsmith.model.result import Conversion

HEAD = "<tr><th>Name</th><th>Owner</th><th>URI</th><th>OID</th></tr>"
CODINGS = "<tr><th>Coding System</th><th>Description</th><th>URI<br><br>LRI Code</th></tr>"


def convert(html: str, **settings: Any) -> Conversion:
    return convert_page(html.encode(), "list.html", Settings(**settings), today="2026-01-31")


def listed(*rows: str, head: str = HEAD, **settings: Any) -> Conversion:
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row.split('|'))}</tr>" for row in rows)
    return convert(f"<html><body><table>{head}{body}</table></body></html>", **settings)


def naming_systems(conversion: Conversion) -> list[dict[str, Any]]:
    return [each for each in conversion.to_dicts() if each["resourceType"] == "NamingSystem"]


def codes(conversion: Conversion) -> list[str]:
    return [each.code for each in conversion.findings if each.severity.value != "information"]


def test_each_row_is_a_system_of_its_own() -> None:
    made = naming_systems(
        listed("Teas|Tea Board|http://tea.example|2.999.1", "Cups|Cup Guild|http://cup.example|2.999.2")
    )
    assert [(each["id"], each["publisher"], [u["value"] for u in each["uniqueId"]]) for each in made] == [
        ("Teas", "Tea Board", ["http://tea.example", "2.999.1"]),
        ("Cups", "Cup Guild", ["http://cup.example", "2.999.2"]),
    ]


def test_evidence_of_a_row_stands_in_that_row() -> None:
    conversion = listed("Teas|Tea Board|http://tea.example|—", "Cups|Cup Guild|http://cup.example|—")
    rows = {(each.resource, span.place.row) for each in conversion.evidence for span in each.spans}
    assert rows == {
        ("NamingSystem/Teas", 2),
        ("CodeSystem/Teas", 2),
        ("NamingSystem/Cups", 3),
        ("CodeSystem/Cups", 3),
    }


def test_a_row_without_identifier_is_refused_and_the_others_are_written() -> None:
    conversion = listed("Teas|Tea Board|http://tea.example|—", "Cups|Cup Guild|—|—")
    assert [each["id"] for each in naming_systems(conversion)] == ["Teas"]
    (error,) = (each for each in conversion.findings if each.severity.value == "error")
    assert error.code == "REC050"
    assert error.message.startswith("'Cups' states no URI and no OID")
    assert error.place is not None
    assert error.place.row == 3


def test_a_draft_has_such_a_row_too() -> None:
    conversion = listed("Teas|Tea Board|http://tea.example|—", "Cups|Cup Guild|—|—", draft=True)
    assert [each["id"] for each in naming_systems(conversion)] == ["Teas", "Cups"]
    assert [each.severity.value for each in conversion.findings if each.code == "REC050"] == ["warning"]


def test_nothing_is_written_where_no_row_says_enough() -> None:
    conversion = listed("Cups|Cup Guild|—|—")
    assert conversion.resources == ()
    assert "REC050" in codes(conversion)


def test_a_list_without_rows_is_an_error() -> None:
    conversion = listed()
    assert conversion.resources == ()
    assert codes(conversion) == ["REC050"]


def test_a_cut_oid_is_refused_at_its_place() -> None:
    conversion = listed("Teas|Tea Board|http://tea.example|2.16.840.1.113883.")
    (cut,) = (each for each in conversion.findings if each.code == "REC010")
    assert cut.place is not None
    assert (cut.place.row, cut.place.cell) == (2, 4)
    assert [u["type"] for u in naming_systems(conversion)[0]["uniqueId"]] == ["uri"]


def test_rows_with_one_uri_are_reported_and_both_written() -> None:
    conversion = listed("Teas|Tea Board|http://tea.example|—", "Old teas|Tea Board|http://tea.example|—")
    assert len(naming_systems(conversion)) == 2
    (twice,) = (each for each in conversion.findings if each.code == "REC052")
    assert twice.place is not None
    assert twice.place.row == 3
    assert "row 2" in twice.message


def test_ids_that_collide_are_told_apart_and_reported() -> None:
    conversion = listed(
        "Teas|Tea Board|http://tea.example/1|—",
        "TEAS|Tea Board|http://tea.example/2|—",
        "Teas 2|Tea Board|http://tea.example/3|—",
        "teas|Tea Board|http://tea.example/4|—",
    )
    ids = [each["id"] for each in naming_systems(conversion)]
    assert len({each.casefold() for each in ids}) == 4
    assert ids[0] == "Teas"
    assert codes(conversion).count("RES020") == 2


def test_an_owner_that_all_rows_lack_is_said_once_and_one_that_some_lack_at_its_row() -> None:
    all_lack = listed("Teas|—|http://tea.example|—", "Cups|—|http://cup.example|—")
    places = [each.place for each in all_lack.findings if each.code == "RES006"]
    assert places == [None]
    one_lacks = listed("Teas|—|http://tea.example|—", "Cups|Cup Guild|http://cup.example|—")
    (place,) = (each.place for each in one_lacks.findings if each.code == "RES006")
    assert place is not None
    assert place.row == 2


def test_a_row_that_lacks_cells_is_not_guessed() -> None:
    conversion = convert(
        f"<table>{HEAD}"
        '<tr><td rowspan="2">Teas</td><td>Tea Board</td><td>http://tea.example/1</td><td>2.999.1</td></tr>'
        "<tr><td>Cup Guild</td><td>http://tea.example/2</td><td>2.999.2</td></tr></table>"
    )
    assert [each["id"] for each in naming_systems(conversion)] == ["Teas"]
    assert "REC051" in codes(conversion)
    assert "http://tea.example/2" in {piece.text for piece in conversion.coverage.leftovers}


def test_heads_that_come_again_are_no_rows() -> None:
    head = HEAD.replace("th>", "td>")
    conversion = convert(
        f"<table>{HEAD}<tr><td>Teas</td><td>A</td><td>http://tea.example</td><td>—</td></tr>{head}</table>"
    )
    assert len(naming_systems(conversion)) == 1
    assert codes(conversion) == ["RES003"]


def test_lines_of_a_cell_carry_labels_of_their_own() -> None:
    conversion = listed(
        "Genes|Names of genes.|<b>URI:</b> http://genes.example/id (Gene)<br>http://genes.example/group (Group)"
        "<br><br><b>LRI Code:</b> GEN",
        "Units|Units.|<b>URI:</b> http://units.example (Not Official)<br><br><b>LRI Code:</b> None",
        "Teas|Teas.|<b>URI:</b> (Not Assigned)<br><br><b>LRI Code:</b> TEA",
        head=CODINGS,
    )
    genes, units = naming_systems(conversion)
    assert [(u["type"], u["value"], u.get("preferred"), u.get("comment")) for u in genes["uniqueId"]] == [
        ("uri", "http://genes.example/id", True, "Gene"),
        ("uri", "http://genes.example/group", False, "Group"),
        ("other", "GEN", None, "LRI Code"),
    ]
    assert [(u["value"], u.get("comment")) for u in units["uniqueId"]] == [
        ("http://units.example", "Not Official")
    ]
    assert genes["description"] == "Names of genes."
    found = codes(conversion)
    assert "REC014" in found, "two URIs, none endorsed"
    assert "REC054" in found, "one that is not official"
    assert "REC050" in found, "a row with an LRI code only"


def test_a_linked_owner_has_the_address_that_the_link_leads_to() -> None:
    (made,) = naming_systems(
        listed('Teas|<a href="https://board.example">Tea Board</a>|http://tea.example|—')
    )
    assert made["contact"] == [
        {"name": "Tea Board", "telecom": [{"system": "url", "value": "https://board.example"}]}
    ]


HEAD_WITH_RECORD = (
    "<tr><th>Name</th><th>Owner</th><th>URI</th><th>OID</th>"
    "<th>Identification Record</th><th>Metadata Record</th></tr>"
)


@pytest.mark.parametrize(
    ("other", "made"),
    [("ECS_MR-XYZ.html", "XYZ"), ("ECS_MR-XYZ.html#top", "XYZ"), ("ECS_MR-ABC.html", "Teas")],
)
def test_a_record_whose_id_fits_no_word_is_taken_where_two_links_name_it(other: str, made: str) -> None:
    conversion = listed(
        f'Teas|Board|http://tea.example|—|<a href="NamingSystem-XYZ.html">R</a>|<a href="{other}">M</a>',
        head=HEAD_WITH_RECORD,
    )
    assert naming_systems(conversion)[0]["id"] == made
    assert ("REC034" in codes(conversion)) == (made == "Teas")


def test_a_list_that_looks_like_a_code_table_is_none() -> None:
    conversion = listed(
        "Teas|The teas.|http://tea.example",
        head="<tr><th>Coding System</th><th>Description</th><th>URI</th></tr>",
    )
    assert conversion.dialect == "D6"
    assert all("concept" not in each for each in conversion.to_dicts())


def with_sidecar(text: str, *rows: str, head: str = HEAD) -> Conversion:
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row.split('|'))}</tr>" for row in rows)
    html = f"<html><body><table>{head}{body}</table></body></html>"
    return convert_page(
        html.encode(),
        "list.html",
        Settings(),
        today="2026-01-31",
        sidecar=text.encode(),
        sidecar_source="list.toml",
    )


def test_a_sidecar_completes_one_row_by_its_title_and_all_by_what_is_above() -> None:
    conversion = with_sidecar(
        'date = "2024"\n\n[[system]]\ntitle = "Cups"\noid = "2.999.2"\n',
        "Teas|Tea Board|http://tea.example|—",
        "Cups|Cup Guild|—|—",
    )
    made = naming_systems(conversion)
    assert [(each["id"], each["date"]) for each in made] == [("Teas", "2024"), ("Cups", "2024")]
    assert [u["value"] for u in made[1]["uniqueId"]] == ["2.999.2"]
    assert "REC050" not in codes(conversion)


def test_a_sidecar_corrects_the_row_whose_record_it_names() -> None:
    conversion = with_sidecar(
        '[[system]]\nid = "Teas"\ntitle = "Tea leaves"\n',
        'Teas|Board|http://tea.example|—|<a href="NamingSystem-Teas.html">R</a>|—',
        "Cups|Cup Guild|http://cup.example|—|—|—",
        head=HEAD_WITH_RECORD,
    )
    titles = [each["title"] for each in conversion.to_dicts() if each["resourceType"] == "CodeSystem"]
    assert titles == ["Tea leaves", "Cups"]
    assert "SID001" in codes(conversion)


@pytest.mark.parametrize("title", ["Coffee", "Teas"])
def test_a_system_of_the_sidecar_that_is_not_one_row_is_an_error_and_the_rows_are_written(title: str) -> None:
    conversion = with_sidecar(
        f'[[system]]\ntitle = "{title}"\noid = "2.999.9"\n',
        "Teas|Tea Board|http://tea.example/1|—",
        "Teas|Tea Board|http://tea.example/2|—",
    )
    assert len(naming_systems(conversion)) == 2
    (error,) = (each for each in conversion.findings if each.severity.value == "error")
    assert error.code == "SID010"
    assert ("2 rows" if title == "Teas" else "no rows") in error.message


MINE = """
id = "mine"
title = "Our lists"

[[lists]]

[[lists.columns]]
header = "System"
field = "title"
lines = { "Short" = "short_name" }

[[lists.columns]]
header = "Kept by"
field = "organization"
role = "steward"

[[lists.columns]]
header = "Numbers"
field = "identifiers"

[[lists.columns]]
header = "Shelf"
field = "left_over"
optional = true
"""


def test_a_list_of_ones_own_is_taught_by_its_columns(tmp_path: Path) -> None:
    table = tmp_path / "mine.toml"
    table.write_text(MINE, encoding="utf-8")
    conversion = listed(
        "Grades of tea<br>Short: TG|Tea Desk|OID: 2.999.4<br>http://tea.example|left of the door",
        head="<tr><th>System</th><th>Kept by</th><th>Numbers</th><th>Shelf</th></tr>",
        dialect_tables=(table,),
    )
    assert conversion.dialect == "mine"
    naming_system, code_system = conversion.to_dicts()
    assert (naming_system["name"], code_system["title"]) == ("TG", "Grades of tea")
    assert naming_system["responsible"] == "Tea Desk"
    assert [u["value"] for u in naming_system["uniqueId"]] == ["http://tea.example", "2.999.4"]
    assert [piece.text for piece in conversion.coverage.leftovers] == ["left of the door"]


def test_a_list_of_many_rows_takes_time_in_proportion() -> None:
    def convert_rows(number: int) -> None:
        rows = [
            f'Teas {n}|<a href="https://a.example/{n}">Board {n}</a>|http://tea.example/{n}|2.999.{n + 1}.'
            for n in range(number)
        ]
        assert len(naming_systems(listed(*rows))) == number

    assert grows_with_size(convert_rows, 100, 800)
