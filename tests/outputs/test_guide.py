"""What a guide has to say of the resources in it."""

from __future__ import annotations

import json
from xml.etree import ElementTree as ET

import pytest

from termsmith.outputs.guide import (
    as_json,
    as_xml,
    as_yaml,
    canonical_of,
    fragment_of,
    oid_map,
    overwriting_switches,
    suppressed,
)
from termsmith.outputs.listed import Listed

BASE = "https://guide.example"
TEA = Listed("CodeSystem", "tea", 'The "Tea"\u0085', "Line 1\nLine 2", "urn:tea", None, ())
OWN = Listed("CodeSystem", "own", "Own", None, f"{BASE}/CodeSystem/own", None, ())
NAMING = Listed("NamingSystem", "tea", "Tea", None, None, "urn:tea", ("2.999.10", "2.999.9"))
FRAGMENT = fragment_of([TEA, NAMING, OWN], BASE, "terms")


def test_only_foreign_urls_are_special() -> None:
    assert FRAGMENT.foreign == ("urn:tea",)
    assert fragment_of([OWN], None, None).foreign == (f"{BASE}/CodeSystem/own",)


def test_the_fragment_for_sushi_lists_names_descriptions_and_the_group() -> None:
    assert as_yaml(FRAGMENT) == (
        "resources:\n"
        "  CodeSystem/own:\n"
        '    name: "Own"\n'
        '    groupingId: "terms"\n'
        "  CodeSystem/tea:\n"
        '    name: "The \\"Tea\\"\\u0085"\n'
        '    description: "Line 1\\nLine 2"\n'
        '    groupingId: "terms"\n'
        "  NamingSystem/tea:\n"
        '    name: "Tea"\n'
        '    groupingId: "terms"\n'
        "parameters:\n"
        "  special-url:\n"
        '    - "urn:tea"\n'
    )


@pytest.mark.parametrize(
    ("release", "code", "example"),
    [
        ("R4", "special-url", "exampleBoolean"),
        (
            "R5",
            {"system": "http://hl7.org/fhir/tools/CodeSystem/ig-parameters", "code": "special-url"},
            "isExample",
        ),
    ],
)
def test_the_fragment_for_an_implementation_guide_is_of_its_release(
    release: str, code: object, example: str
) -> None:
    definition = json.loads(as_json(FRAGMENT, release))["definition"]
    assert definition["parameter"] == [{"code": code, "value": "urn:tea"}]
    assert list(definition["resource"][0].items()) == [
        ("reference", {"reference": "CodeSystem/own"}),
        ("name", "Own"),
        (example, False),
        ("groupingId", "terms"),
    ]


def test_the_fragment_as_xml_has_the_same_content() -> None:
    root = ET.fromstring(as_xml(FRAGMENT, "R4"))  # noqa: S314  our own text
    described = root.findall("resource/description")
    assert [each.get("value") for each in described] == ["Line 1\nLine 2"]
    assert [each.get("value") for each in root.findall("resource/exampleBoolean")] == ["false"] * 3
    assert [each.get("value") for each in root.findall("parameter/value")] == ["urn:tea"]


def test_the_map_of_oids_is_ordered_by_their_numbers() -> None:
    assert oid_map([TEA, NAMING]).decode() == "oid,url,name\n2.999.9,urn:tea,Tea\n2.999.10,urn:tea,Tea\n"


def test_switches_that_overwrite_what_owners_say_are_found() -> None:
    text = "parameters:\n  apply-publisher: true\n  apply-version: false\n  apply-wg: 'true' # yes\n"
    assert overwriting_switches(text) == ["apply-publisher", "apply-wg"]
    text = "parameters: {a: b, 'apply-version': True, apply-contact: TRUE}\n"
    assert overwriting_switches(text) == ["apply-version", "apply-contact"]
    text = "parameters: { apply-wg: true } # apply-publisher: true\n# apply-contact: true\n"
    assert overwriting_switches(text) == ["apply-wg"]
    assert overwriting_switches('description: "apply-wg: true"\napply-wg: true\n') == []


def test_the_canonical_of_a_guide_is_read_without_quotes() -> None:
    assert canonical_of('id: x\ncanonical: "https://a.example/"\n') == "https://a.example"
    assert canonical_of("id: x\n  canonical: y\n") is None


def test_messages_are_suppressed_once_each_with_the_reason() -> None:
    first, *lines = suppressed([("a\nb", ("X", "X", "Y")), ("c", ("Y",)), ("d", ("Z",)), ("e", ())])
    assert (
        first
        == "# The messages below are hidden in the whole guide, not only at the places of the exceptions."
    )
    assert lines == [
        "# a b",
        "X",
        "Y",
        "# c",
        "# (the messages stand above)",
        "# d",
        "Z",
        "# e",
        "# (HL7's validator has no message for this; nothing is suppressed)",
    ]


def test_the_reason_of_an_exception_stands_there_also_where_nothing_is_suppressed() -> None:
    assert suppressed([("why", ())]) == [
        "# why",
        "# (HL7's validator has no message for this; nothing is suppressed)",
    ]
    assert suppressed([]) == []
