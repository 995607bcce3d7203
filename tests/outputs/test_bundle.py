"""Bundles: their order, how resources are put, and what a record without content may do."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fhir.resources.bundle import Bundle as BundleR5
from fhir.resources.R4B.bundle import Bundle

from outputs.rich import code_system, naming_system
from termsmith.outputs.bundle import bundle, entry_of, write_bundle
from termsmith.outputs.files import render_json
from termsmith.settings import BundleSettings

SUPPLEMENT = {
    "resourceType": "CodeSystem",
    "id": "a-supplement",
    "url": "http://tea.example/more",
    "status": "draft",
    "content": "supplement",
    "supplements": "http://tea.example/grades",
}
RECORD = {
    "resourceType": "CodeSystem",
    "id": "record",
    "url": "http://other.example/a|b?c=d&e#f",
    "status": "active",
    "content": "not-present",
}
VALUE_SET = {"resourceType": "ValueSet", "id": "v", "url": "http://tea.example/vs", "status": "draft"}
BY_ID, CONDITIONAL = BundleSettings(), BundleSettings(update="conditional")


def request(
    resource: dict[str, Any], settings: BundleSettings = BY_ID, version: str = "R4"
) -> dict[str, str]:
    return entry_of(resource, settings, version, None).request


@pytest.mark.parametrize(("model", "version"), [(Bundle, "R4"), (BundleR5, "R5")])
@pytest.mark.parametrize("kind", ["transaction", "batch"])
@pytest.mark.parametrize("update", ["id", "conditional"])
def test_fhir_resources_accepts_it(model: Any, version: str, kind: Any, update: Any) -> None:
    settings = BundleSettings(type=kind, update=update)
    resources = [SUPPLEMENT, RECORD, code_system(version), naming_system(version)]
    data = bundle(resources, settings, version, "https://x.example/fhir")
    checked = model.model_validate(data)
    assert (checked.type, len(checked.entry)) == (kind, 4)
    urls = [entry["fullUrl"] for entry in data["entry"]]
    assert len(set(urls)) == len(urls)


def test_what_others_need_comes_first() -> None:
    data = bundle([VALUE_SET, SUPPLEMENT, RECORD, code_system(), naming_system()], BY_ID, "R4")
    assert [(each["resource"]["resourceType"], each["resource"]["id"]) for each in data["entry"]] == [
        ("NamingSystem", "tea.1"),
        ("CodeSystem", "record"),
        ("CodeSystem", "tea.1"),
        ("CodeSystem", "a-supplement"),
        ("ValueSet", "v"),
    ]


def test_resources_are_put_at_their_ids() -> None:
    assert request(code_system()) == {"method": "PUT", "url": "CodeSystem/tea.1"}
    assert request(naming_system()) == {"method": "PUT", "url": "NamingSystem/tea.1"}


def test_or_where_the_server_has_them() -> None:
    url = "CodeSystem?url=http%3A%2F%2Ftea.example%2Fgrades&version=1.0"
    assert request(code_system(), CONDITIONAL) == {"method": "PUT", "url": url}


def test_naming_systems_are_found_by_value_in_r4_and_by_url_in_r5() -> None:
    by_value = "NamingSystem?value=http%3A%2F%2Ftea.example%2Fgrades"
    assert request(naming_system(), CONDITIONAL)["url"] == by_value
    by_url = "NamingSystem?url=http%3A%2F%2Ftea.example%2FNamingSystem%2Ftea.1&version=2"
    assert request(naming_system("R5"), CONDITIONAL, "R5")["url"] == by_url


def test_what_can_not_be_searched_for_is_put_at_its_id() -> None:
    assert request({"resourceType": "CodeSystem", "id": "x"}, CONDITIONAL)["url"] == "CodeSystem/x"
    assert request({"resourceType": "NamingSystem", "id": "x"}, CONDITIONAL)["url"] == "NamingSystem/x"


@pytest.mark.parametrize("settings", [BY_ID, CONDITIONAL])
def test_a_record_without_content_is_only_created(settings: BundleSettings) -> None:
    assert request(RECORD, settings) == {
        "method": "POST",
        "url": "CodeSystem",
        "ifNoneExist": "url=http%3A%2F%2Fother.example%2Fa%5C%7Cb%3Fc%3Dd%26e%23f",
    }


def test_unless_the_user_says_that_it_may_replace() -> None:
    assert request(RECORD, BundleSettings(not_present="replace")) == {
        "method": "PUT",
        "url": "CodeSystem/record",
    }


def test_full_urls_are_of_the_server_only_where_it_keeps_them() -> None:
    base = "https://x.example/fhir"
    assert entry_of(code_system(), BY_ID, "R4", base).full_url == f"{base}/CodeSystem/tea.1"
    for settings, resource in ((CONDITIONAL, code_system()), (BY_ID, RECORD)):
        assert entry_of(resource, settings, "R4", base).full_url.startswith("urn:uuid:")
    first = entry_of(code_system(), BY_ID, "R4", None).full_url
    assert (
        first
        == entry_of(code_system(), BY_ID, "R4", None).full_url
        != entry_of(RECORD, BY_ID, "R4", None).full_url
    )


def test_what_the_server_finds_by_a_search_has_no_id() -> None:
    data = bundle([naming_system(), code_system(), RECORD], CONDITIONAL, "R4")
    told = [(each["request"]["method"], "id" in each["resource"]) for each in data["entry"]]
    assert told == [("PUT", False), ("POST", True), ("PUT", False)]
    assert all(
        "id" in each["resource"] for each in bundle([naming_system(), code_system()], BY_ID, "R4")["entry"]
    )


def test_ids_further_in_are_kept() -> None:
    data = code_system() | {"contact": [{"id": "desk", "name": "Desk"}]}
    (entry,) = bundle([data], CONDITIONAL, "R4")["entry"]
    assert entry["resource"]["contact"] == data["contact"]


LAST = {"resourceType": "CodeSystem", "url": "http://tea.example/last", "status": "draft", "id": "last"}


@pytest.mark.parametrize("settings", [BY_ID, CONDITIONAL])
@pytest.mark.parametrize("resources", [[], [naming_system()], [RECORD, code_system(), naming_system(), LAST]])
def test_written_piece_by_piece_it_is_the_same(
    resources: list[dict[str, Any]], settings: BundleSettings
) -> None:
    pieces: list[bytes] = []
    entries = [
        (entry_of(each, settings, "R4", None), lambda each=each: render_json(each).splitlines(keepends=True))
        for each in resources
    ]
    write_bundle(pieces.append, entries, settings)
    expected = bundle(resources, settings, "R4")
    assert b"".join(pieces) == render_json(expected)
    assert json.loads(b"".join(pieces)) == expected
