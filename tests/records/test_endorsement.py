from __future__ import annotations

from typing import Any

import pytest

from records.pages import conversion_of, naming_system_of, rows_of, told

OLD = "http://tea.example/old"


def unique_ids(rows: str) -> tuple[list[tuple[str, bool]], Any, list[tuple[str, str]]]:
    conversion = conversion_of(rows)
    data = {each.type: each.data for each in conversion.resources}
    identifiers = [(each["value"], each["preferred"]) for each in data["NamingSystem"]["uniqueId"]]
    return identifiers, data["CodeSystem"]["url"], told(conversion)


def test_an_endorsed_oid_goes_before_a_uri_that_is_only_another_one() -> None:
    assert unique_ids(rows_of(uri="", other_uris=OLD)) == (
        [(OLD, False), ("2.999.1", True)],
        "urn:oid:2.999.1",
        [("RES001", "no URI is endorsed; CodeSystem.url is 'urn:oid:2.999.1'")],
    )


def test_where_nothing_is_endorsed_another_one_is_taken_and_told() -> None:
    assert unique_ids(rows_of(uri="", oid="", other_uris=OLD)) == (
        [(OLD, True)],
        OLD,
        [
            (
                "REC016",
                (
                    f"the page endorses no identifier; {OLD!r}, which it lists as another one of type uri, is taken "
                    "as preferred"
                ),
            )
        ],
    )


def test_other_oids_beside_an_endorsed_uri_are_not_preferred() -> None:
    identifiers, url, findings = unique_ids(rows_of(oid="", other_oids="2.999.5<br>2.999.6"))
    assert identifiers == [("http://tea.example/cs", True), ("2.999.5", False), ("2.999.6", False)]
    assert url == "http://tea.example/cs"
    assert findings == []


def test_several_endorsed_ones_are_told() -> None:
    identifiers, _, findings = unique_ids(rows_of(oid="2.999.1<br>2.999.2"))
    assert identifiers == [("http://tea.example/cs", True), ("2.999.1", True), ("2.999.2", False)]
    assert findings == [
        ("REC015", "the page endorses 2 of type oid; '2.999.1', the first, is taken as preferred")
    ]


HEAD = "Type|Value|Preferred"
TEA, CUP = "53fefa32-fcbb-4ff8-8a92-55ee120877b7", "53fefa32-fcbb-4ff8-8a92-55ee120877b8"
URI = "URI|http://tea.example/ids|true"


def preferred(*rows: str) -> tuple[list[tuple[str, bool | None]], list[tuple[str, str]]]:
    """Return which identifiers of other types are preferred, and what is told of them."""
    conversion = naming_system_of(HEAD, URI, *rows)
    unique_ids = conversion.to_dicts()[0]["uniqueId"]
    return [(each["type"], each.get("preferred")) for each in unique_ids[1:]], told(conversion)


def test_what_the_page_prefers_is_preferred_whatever_its_type() -> None:
    assert preferred(f"UUID|{TEA}|true", "Other|xyz|true") == ([("uuid", True), ("other", True)], [])


@pytest.mark.parametrize(("cell", "expected"), [("", None), ("false", False), ("true", True)])
@pytest.mark.parametrize("kind", ["uuid", "other"])
def test_of_a_lone_one_of_another_type_is_said_what_the_page_says(
    *, kind: str, cell: str, expected: bool | None
) -> None:
    assert preferred(f"{kind}|{TEA}|{cell}") == ([(kind, expected)], [])


def test_beside_a_preferred_one_another_of_its_type_is_not_preferred() -> None:
    assert preferred(f"UUID|{TEA}|", f"UUID|{CUP}|true") == ([("uuid", True), ("uuid", False)], [])


@pytest.mark.parametrize("kind", ["uuid", "other"])
def test_several_preferred_ones_of_another_type_are_told(kind: str) -> None:
    found, findings = preferred(f"{kind}|{TEA}|true", f"{kind}|{CUP}|true")
    assert found == [(kind, True), (kind, False)]
    assert findings == [
        ("REC019", f"the page endorses 2 of type {kind}; {TEA!r}, the first, is taken as preferred")
    ]


def test_why_one_is_not_preferred_is_true() -> None:
    conversion = naming_system_of(HEAD, URI, "URI|http://tea.example/old|", f"UUID|{TEA}|false")
    assert {each.element: each.reason for each in conversion.evidence if "preferred" in each.element} == {
        "NamingSystem.uniqueId[0].preferred": "the one of its type to be used",
        "NamingSystem.uniqueId[1].preferred": "another of its type is to be used",
        "NamingSystem.uniqueId[2].preferred": "stated as one that is not the one to be used",
    }
