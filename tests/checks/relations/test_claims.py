from __future__ import annotations

from typing import Any

import pytest
from growth import grows_with_size

from checks.relations.sets import broken_together, digests, messages
from checks.samples import code_system, metadata_record, naming_system
from termsmith.checks.relations.checking import relation_faults

URI = "https://tea.example.net/grades"


def other_naming(**changes: Any) -> dict[str, Any]:
    """Return the record of another code system."""
    return naming_system(
        **{
            "id": "coffee",
            "url": "https://registry.example.net/NamingSystem/coffee",
            "title": "Coffee",
            "uniqueId": [
                {"type": "uri", "value": "https://coffee.example.net", "preferred": True},
                {"type": "oid", "value": "2.16.840.1.113883.6.88888", "preferred": True},
            ],
            **changes,
        }
    )


def other_system(**changes: Any) -> dict[str, Any]:
    return code_system(**{"id": "coffee", "url": "https://coffee.example.net", "identifier": None, **changes})


@pytest.mark.parametrize("version", ["R4", "R4B", "R5"])
def test_a_naming_system_and_its_code_system_are_a_pair_not_rivals(version: str) -> None:
    assert broken_together(naming_system(version), code_system(), version=version) == []
    assert broken_together(naming_system(version), metadata_record(), version=version) == []


def test_two_systems_with_their_records_go_together() -> None:
    assert broken_together(naming_system(), code_system(), other_naming(), other_system(title="Coffee")) == []


def test_two_resources_do_not_share_an_id() -> None:
    found = broken_together(code_system(), other_system(id="tea"))
    assert found == [("REL001", "error", "1.json", "/id")]
    assert "CodeSystem/tea in 0.json" in messages(code_system(), other_system(id="tea"))[0]


def test_a_copy_is_one_fault() -> None:
    assert broken_together(naming_system(), naming_system()) == [("REL001", "error", "1.json", "/id")]
    assert broken_together(code_system(), code_system()) == [("REL001", "error", "1.json", "/id")]


def test_versions_with_one_id_replace_each_other() -> None:
    found = broken_together(code_system(), code_system(version="2.0.0"))
    assert found == [("REL001", "warning", "1.json", "/id")]


def test_versions_with_ids_of_their_own_are_no_rivals() -> None:
    assert broken_together(code_system(), code_system(id="tea-2", version="2.0.0")) == []
    assert broken_together(naming_system(), naming_system() | {"id": "tea-2", "version": "2.0.0"}) == []


def test_the_same_resource_in_another_release_is_no_rival() -> None:
    assert list(relation_faults([*digests(code_system()), *digests(code_system(), version="R4")])) == []


def test_two_resources_do_not_share_url_and_version() -> None:
    assert broken_together(code_system(), code_system(id="tea-2")) == [("REL002", "error", "1.json", "/url")]


@pytest.mark.parametrize(
    ("kind", "value"), [("uri", "https://tea.example.net/grades"), ("oid", "2.16.840.1.113883.6.99999")]
)
def test_a_uri_or_an_oid_is_of_one_record(kind: str, value: str) -> None:
    claim = {"type": kind, "value": value, "preferred": True}
    rival = other_naming(uniqueId=[claim])
    assert broken_together(naming_system(), rival) == [("REL003", "warning", "1.json", "/uniqueId/0/value")]
    claim["preferred"] = False
    assert broken_together(naming_system(), rival) == []


def test_a_prefix_does_not_hide_an_oid() -> None:
    rival = other_naming(uniqueId=[{"type": "oid", "value": "urn:oid:2.16.840.1.113883.6.99999"}])
    assert broken_together(naming_system(), rival) == [("REL003", "warning", "1.json", "/uniqueId/0/value")]


def test_each_further_claim_is_one_finding_that_names_the_first() -> None:
    rivals = [
        other_naming(id=f"tea-{index}", url=f"{URI}/{index}", uniqueId=[{"type": "uri", "value": URI}])
        for index in range(3)
    ]
    found = broken_together(naming_system(), *rivals)
    assert [(code, source) for code, _, source, _ in found] == [
        ("REL003", "1.json"),
        ("REL003", "2.json"),
        ("REL003", "3.json"),
    ]
    assert all("NamingSystem/tea in 0.json" in message for message in messages(naming_system(), *rivals))


def test_an_oid_identifies_one_resource() -> None:
    rival = other_system(identifier=code_system()["identifier"])
    assert broken_together(code_system(), rival) == [("REL004", "error", "1.json", "/identifier/0/value")]
    rival["identifier"][0]["use"] = "old"
    assert broken_together(code_system(), rival) == []


def test_value_sets_are_only_looked_up() -> None:
    value_set = {"resourceType": "ValueSet", "id": "tea", "url": "https://tea.example.net/all"}
    assert broken_together(value_set, value_set) == []


def test_thousands_of_resources_take_time_in_proportion() -> None:
    many = digests(*(
        resource
        for index in range(4_000)
        for resource in (
            naming_system(
                id=f"n{index}", url=f"{URI}/n{index}", uniqueId=[{"type": "uri", "value": f"{URI}/{index}"}]
            ),
            metadata_record(id=f"n{index}", url=f"{URI}/{index}", identifier=None),
        )
    ))  # fmt: skip

    def compare(number: int) -> None:
        assert list(relation_faults(many[:number])) == []

    assert grows_with_size(compare, 800, 8_000)
