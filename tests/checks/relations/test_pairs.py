from __future__ import annotations

from typing import Any

import pytest

from checks.relations.sets import broken_together, digests, messages
from checks.samples import code_system, metadata_record, naming_system
from termsmith.checks.relations.pairs import pairs

URI = "https://tea.example.net/grades"
OID = "2.16.840.1.113883.6.99999"


def with_ids(*ids: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return naming_system(uniqueId=list(ids), **changes)


@pytest.mark.parametrize(
    ("naming", "system"),
    [
        (naming_system(), metadata_record()),
        (with_ids({"type": "uri", "value": URI, "preferred": False}), metadata_record()),
        (naming_system(), metadata_record(url="https://other.example.net")),
        (naming_system(), metadata_record(url="https://other.example.net", identifier=None)),
        (naming_system(), metadata_record(id="other", url=f"http://www.{URI[8:]}/", identifier=None)),
    ],
    ids=["preferred uri", "any uri", "oid", "id and title", "nearly the same uri"],
)
def test_records_of_one_system_are_found(naming: dict[str, Any], system: dict[str, Any]) -> None:
    assert len(list(pairs(digests(naming, system)))) == 1
    assert len(list(pairs(digests(system, naming)))) == 1


def test_records_of_different_releases_describe_one_system_all_the_same() -> None:
    (system,) = digests(metadata_record(), version="R4")
    (naming,) = digests(naming_system(), version="R5")
    (nearer,) = digests(naming_system("R4", id="nearer"), version="R4")
    assert [pair.naming for pair in pairs([naming, system])] == [naming]
    assert [pair.naming for pair in pairs([naming, system, nearer])] == [nearer]


@pytest.mark.parametrize(
    ("naming", "system"),
    [
        (naming_system(kind="identifier"), metadata_record()),
        (naming_system(), code_system(content="supplement")),
        (naming_system(), metadata_record(id="other", url="https://other.example.net", identifier=None)),
        (naming_system(), metadata_record(title="Other", url="https://other.example.net", identifier=None)),
    ],
    ids=["identifier system", "supplement", "other id", "other title"],
)
def test_other_records_are_no_pair(naming: dict[str, Any], system: dict[str, Any]) -> None:
    assert list(pairs(digests(naming, system))) == []


def test_the_preferred_uri_goes_before_the_oid() -> None:
    rival = with_ids({"type": "oid", "value": OID}, id="rival", url=None)
    ((naming, _, sure),) = pairs(digests(rival, naming_system(), metadata_record()))
    assert (naming.id, sure) == ("tea", True)


@pytest.mark.parametrize(
    ("url", "difference"),
    [
        (f"{URI}/", "; they differ in the slash at the end"),
        (URI.replace("https", "http"), "; they differ in http and https"),
        (URI.upper(), "; they differ in upper and lower case"),
        ("https://other.example.net", ""),
    ],
)
def test_the_url_is_the_preferred_uri(url: str, difference: str) -> None:
    resources = naming_system(), metadata_record(url=url)
    assert broken_together(*resources) == [("REL010", "error", "1.json", "/url")]
    (message,) = messages(*resources)
    assert message == (
        f"url of CodeSystem/tea is {url!r}, but NamingSystem/tea in 0.json prefers {URI!r} for this code system{difference}"
    )


def test_a_url_that_is_superseded_is_a_warning() -> None:
    naming = with_ids(
        {"type": "uri", "value": URI, "preferred": True},
        {"type": "uri", "value": "http://old.example.net", "preferred": False},
    )
    record = metadata_record(url="http://old.example.net")
    assert broken_together(naming, record) == [("REL010", "warning", "1.json", "/url")]


def test_an_oid_alone_does_not_make_sure_of_a_pair() -> None:
    other = metadata_record(id="other", url="https://other.example.net", status="retired", title="Other")
    assert broken_together(naming_system(), other) == [("REL010", "warning", "1.json", "/url")]


def test_an_oid_is_that_of_the_record() -> None:
    record = metadata_record(identifier=[{"system": "urn:ietf:rfc:3986", "value": "urn:oid:1.2.3.4"}])
    assert broken_together(naming_system(), record) == [("REL011", "error", "1.json", "/identifier/0/value")]


def test_an_oid_is_the_preferred_one() -> None:
    naming = with_ids(
        {"type": "uri", "value": URI},
        {"type": "oid", "value": "1.2.3.4", "preferred": True},
        {"type": "oid", "value": OID, "preferred": False},
    )
    assert broken_together(naming, metadata_record()) == [
        ("REL011", "warning", "1.json", "/identifier/0/value")
    ]


def test_record_and_system_have_urls_of_their_own() -> None:
    naming = with_ids(
        {"type": "uri", "value": URI, "preferred": False}, {"type": "oid", "value": OID}, url=URI
    )
    assert broken_together(naming, metadata_record()) == [("REL012", "error", "0.json", "/url")]


def test_a_url_that_the_record_has_for_both_is_its_own_fault() -> None:
    assert broken_together(naming_system(url=URI), metadata_record()) == []


def test_statuses_agree() -> None:
    found = broken_together(naming_system(), metadata_record(status="retired"))
    assert found == [("REL013", "warning", "1.json", "/status")]


@pytest.mark.parametrize("element", ["title", "publisher", "copyright"])
def test_texts_that_differ_are_worth_knowing(element: str) -> None:
    naming = naming_system(**{element: "Leaves, and more leaves, and many more of them, all of tea"})
    record = metadata_record(**{element: "Leaves, and more leaves, and many more of them, and buds"})
    assert broken_together(naming, record) == [("REL014", "information", "1.json", f"/{element}")]
    assert "many more of them, and buds" in messages(naming, record)[0]


@pytest.mark.parametrize("text", ["TEA  grades", None])
def test_case_and_blanks_and_absence_are_no_difference(text: str | None) -> None:
    assert broken_together(naming_system(), metadata_record(title=text)) == []


def test_versions_of_records_may_differ() -> None:
    assert broken_together(naming_system(), metadata_record(version="20260101")) == []
