"""What a file is, by its content."""

from __future__ import annotations

import pytest
from growth import grows_with_size

from termsmith.documents.kind import Kind, is_json_object, is_xml, kind_of

FHIR = b'xmlns="http://hl7.org/fhir"'


@pytest.mark.parametrize(
    "data",
    [
        b'{"resourceType": "CodeSystem"}',
        b'\xef\xbb\xbf \n{"id": "x", "resourceType" : 7}',
        b'[{"resourceType": "CodeSystem"}]',
        b'// note\n{"resourceType": "CodeSystem"}',
        b'/* note */{"resourceType": "CodeSystem"}',
        '{"resourceType": "CodeSystem"}'.encode("utf-16"),
        b'<?xml version="1.0"?><!-- x --><CodeSystem ' + FHIR + b"/>",
        b"<!-- <html> --> <CodeSystem/>",
        b'<f:Patient xmlns:f="http://hl7.org/fhir"/>',
        b"<?xml-stylesheet a?>\n<?b?><Bundle " + FHIR + b">",
        b"<CodeSystem>",
        b'<Patient id=">" ' + FHIR + b"/>",
        b"<Patient xmlns='http://hl7.org/fhir'/>",
        b"<Patient xmlns = 'http://hl7.org/fhir'/>",
        '<CodeSystem xmlns="http://hl7.org/fhir"/>'.encode("utf-16-be"),
        b'<!DOCTYPE CodeSystem [<!ENTITY a "]>"><!-- \' --><?x ]>?>]><CodeSystem ' + FHIR + b"/>",
    ],
)
def test_resources_are_known_in_every_dress(data: bytes) -> None:
    assert kind_of(data) is Kind.RESOURCE


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"Formal name",
        b'{"body": {"storage": {}}}',
        b"<html><body>CodeSystem</body></html>",
        b"<!DOCTYPE html><html><body>CodeSystem</body></html>",
        b"<CodeSystems/>",
        b'{"note": "\\"resourceType\\": 7"}',
        b'"resourceType": "CodeSystem"',
        b"// a page about resourceType: x",
        '{"resource": "CodeSystem"}'.encode("utf-16"),
        "<html/>".encode("utf-16-le"),
        b"<!DOCTYPE",
        b"<!--",
        b"<?",
        b"<",
    ],
)
def test_what_is_no_resource_is_a_page(data: bytes) -> None:
    assert kind_of(data) is Kind.PAGE


def test_what_is_compressed_is_a_package() -> None:
    assert kind_of(b"\x1f\x8b") is Kind.PACKAGE


@pytest.mark.parametrize(
    ("data", "xml", "json"),
    [
        (b"\xef\xbb\xbf\n <a/>", True, False),
        (" <a/>".encode("utf-16"), True, False),
        (b"\n" * 5000 + b"{}", False, True),
        ("{}".encode("utf-16-le"), False, True),
        (b"", False, False),
    ],
)
def test_xml_and_json_are_told_apart(data: bytes, xml: object, json: object) -> None:
    assert (is_xml(data), is_json_object(data)) == (xml, json)


@pytest.mark.parametrize(
    "data",
    [
        b"<!-- a -->\n" * 100_000 + b"<!DOCTYPE html>",
        b"<!DOCTYPE a [" + b"<!--" * 300_000,
        b"<!DOCTYPE a [" + b'"' * 300_001,
        b"<?" * 500_000,
        b"<" * 500_000,
        b"<Patient " + b'a="b" ' * 200_000,
        b"<Patient " + b"'" * 300_001,
        b'{"' + b"\\" * 500_000,
        b"{" + b'"resourceType"' + b" " * 500_000,
    ],
    ids=lambda data: repr(data[:20]),
)
def test_the_time_grows_with_the_size(data: bytes) -> None:
    assert kind_of(data) is Kind.PAGE
    assert grows_with_size(lambda size: kind_of(data[:size]), len(data) // 10, len(data))
