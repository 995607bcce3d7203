from __future__ import annotations

from typing import Any

from records.pages import conversion_of, rows_of, told

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
