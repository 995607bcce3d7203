"""What a file is, and the resources in it."""

from __future__ import annotations

import json

import pytest

from termsmith.documents.document import DocumentError
from termsmith.documents.reading import Kind, kind_of, read_document
from termsmith.documents.release import Release, release_of, release_of_number

CODE_SYSTEM = {"resourceType": "CodeSystem", "status": "active", "content": "complete"}


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b'{"resourceType": "CodeSystem"}', Kind.RESOURCE),
        (b'\xef\xbb\xbf \n{"id": "x", "resourceType" : 7}', Kind.RESOURCE),
        (b'<?xml version="1.0"?><!-- x --><CodeSystem xmlns="http://hl7.org/fhir"/>', Kind.RESOURCE),
        (b'<f:Patient xmlns:f="http://hl7.org/fhir"/>', Kind.RESOURCE),
        (b"\x1f\x8b", Kind.PACKAGE),
        (b'{"body": {"storage": {}}}', Kind.PAGE),
        (b"<html><body>CodeSystem</body></html>", Kind.PAGE),
        (b"Formal name", Kind.PAGE),
        (b"", Kind.PAGE),
    ],
)
def test_a_file_is_told_by_its_content(data: bytes, kind: Kind) -> None:
    assert kind_of(data) is kind


def test_bundles_are_opened_those_in_bundles_too() -> None:
    inner = {"resourceType": "Bundle", "entry": [{"resource": CODE_SYSTEM}, {"fullUrl": "x"}, 7]}
    outer = {
        "resourceType": "Bundle",
        "entry": [
            {"resource": {"resourceType": "Patient"}},
            {"resource": inner},
            {"resource": {"resourceType": "ValueSet"}},
        ],
    }
    document = read_document(json.dumps(outer).encode(), "x.json")
    assert [each.pointer for each in document.resources] == ["/entry/1/resource/entry/0/resource"]
    assert [each.pointer for each in document.context] == ["/entry/2/resource"]
    assert document.others == ("Patient",)
    assert document.findings == ()


def test_faults_of_form_go_to_the_resource_they_are_in() -> None:
    text = b'{"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "CodeSystem", "id": "a", "id": "b"}}]}'
    (found,) = read_document(text, "x.json").resources
    assert [hit.pointer for hit in found.form["STR090"]] == ["/id"]


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        (b"[1]", "DOC004", "no JSON object"),
        (b'{"id": "x"}', "DOC004", "no resourceType"),
        (b'{"resourceType": 7}', "DOC004", "no text"),
        (b'{"resourceType": "CodeSytem"}', "DOC004", "perhaps CodeSystem is meant"),
    ],
)
def test_what_holds_no_resource_is_told(data: bytes, code: str, words: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read_document(data, "x.json")
    assert caught.value.finding.code == code
    assert words in caught.value.finding.message


def test_what_is_worth_knowing_of_a_file_is_told() -> None:
    codes = {
        name: [finding.code for finding in read_document(data, "x.json").findings]
        for name, data in {
            "mark": b"\xef\xbb\xbf" + json.dumps(CODE_SYSTEM).encode(),
            "plain": json.dumps(CODE_SYSTEM).encode(),
            "other": b'{"resourceType": "Patient"}',
            "empty": b'{"resourceType": "Bundle"}',
        }.items()
    }
    assert codes == {"mark": ["DOC008"], "plain": [], "other": ["DOC009"], "empty": ["DOC009"]}


@pytest.mark.parametrize(
    ("number", "release"),
    [("4.0.1", "R4"), ("4.3.0", "R4B"), ("5.0.0", "R5"), ("5.0.0-ballot", "R5"), ("3.0.2", None), ("", None)],
)
def test_version_numbers_name_releases(number: str, release: str | None) -> None:
    assert release_of_number(number) == release


def test_a_release_is_recognised_by_what_only_it_has() -> None:
    assert release_of({"resourceType": "NamingSystem", "url": "x"}, default="R4").version == "R5"
    unique = {"resourceType": "NamingSystem", "uniqueId": [7, {"authoritative": True}]}
    assert release_of(unique, default="R4") == Release(
        "R5", "recognised by NamingSystem.uniqueId.authoritative"
    )
    assert release_of({"resourceType": "CodeSystem", "url": "x"}, default="R4B") == Release(
        "R4B", "default", assumed=True
    )
