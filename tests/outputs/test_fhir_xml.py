"""FHIR XML: it reads back equal, and HL7's schemas accept it."""

from __future__ import annotations

import json
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from fhir.resources.codesystem import CodeSystem as CodeSystemR5
from fhir.resources.R4B.codesystem import CodeSystem
from growth import grows_with_size
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree  # type: ignore[import-untyped]  # lxml has no types of its own

from outputs.rich import AWKWARD, code_system, naming_system, nested, resources
from termsmith.documents.xml_text import read_xml
from termsmith.errors import OutputError
from termsmith.outputs.bundle import bundle
from termsmith.outputs.fhir_xml import fhir_xml, write_fhir_xml
from termsmith.settings import BundleSettings

ROOT = Path(__file__).parents[2]
OUTPUT = sorted((ROOT / "output").glob("*.json"))
SCHEMAS = {
    "R4": ROOT / "tests" / "e2e" / "target" / "schemas" / "R4",
    "R5": ROOT / "tests" / "e2e" / "target" / "schemas" / "R5",
}
SAMPLES = [
    (version, make(version)) for version in ("R4", "R4B", "R5") for make in (code_system, naming_system)
]
assert OUTPUT, "no resources found"


def read(data: bytes) -> dict[str, Any]:
    """Return what our own reader sees; it must see no fault of form."""
    resource = read_xml(data, "x.xml")
    assert not resource.form
    return resource.data


def refused(data: dict[str, Any], version: str = "R4") -> str:
    with pytest.raises(OutputError, match="OUT005") as caught:
        fhir_xml(data, version)
    return caught.value.message


@pytest.mark.parametrize(("version", "data"), SAMPLES)
def test_a_resource_with_everything_reads_back_equal(version: str, data: dict[str, Any]) -> None:
    assert read(fhir_xml(data, version)) == data


@pytest.mark.parametrize("path", OUTPUT, ids=lambda path: path.stem)
def test_the_resources_of_the_sample_pages_read_back_equal(path: Path) -> None:
    data = json.loads(path.read_text(encoding="utf-8"))
    assert read(fhir_xml(data, "R4")) == data


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
@pytest.mark.parametrize("version", ["R4", "R5"])
@pytest.mark.parametrize("kind", ["CodeSystem", "NamingSystem"])
def test_whatever_a_release_defines_reads_back_equal(kind: str, version: str, data: st.DataObject) -> None:
    resource = data.draw(resources(version, kind))
    text = fhir_xml(resource, version)
    assert read_xml(text, "x.xml", version=version).data == resource
    assert etree.fromstring(text).tag == f"{{http://hl7.org/fhir}}{kind}"


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_the_order_of_the_data_does_not_matter(data: st.DataObject) -> None:
    resource = code_system()
    shuffled = {name: resource[name] for name in data.draw(st.permutations(list(resource)))}
    assert fhir_xml(shuffled, "R4") == fhir_xml(resource, "R4")


@pytest.mark.parametrize("version", ["R4", "R5"])
def test_fhir_resources_reads_the_same_from_it(version: str) -> None:
    model = CodeSystemR5 if version == "R5" else CodeSystem
    data = code_system(version)
    del data["text"]  # fhir.resources writes the div with other prefixes
    read_by_it = model.model_validate_xml(fhir_xml(data, version))
    assert json.loads(read_by_it.model_dump_json()) == json.loads(
        model.model_validate(data).model_dump_json()
    )


@cache
def schema(version: str, kind: str) -> etree.XMLSchema:
    path = SCHEMAS[version] / f"{kind.lower()}.xsd"
    if not path.exists():
        pytest.skip(f"no XML schemas of {version}; `make e2e` fetches them")
    return etree.XMLSchema(etree.parse(path))


@pytest.mark.parametrize("version", ["R4", "R5"])
@pytest.mark.parametrize("make", [code_system, naming_system])
def test_the_official_schema_accepts_a_resource_with_everything(version: str, make: Any) -> None:
    data = make(version)
    schema(version, data["resourceType"]).assertValid(etree.fromstring(fhir_xml(data, version)))


@pytest.mark.parametrize("path", OUTPUT, ids=lambda path: path.stem)
def test_the_official_schema_accepts_the_resources_of_the_sample_pages(path: Path) -> None:
    data = json.loads(path.read_text(encoding="utf-8"))
    schema("R4", data["resourceType"]).assertValid(etree.fromstring(fhir_xml(data, "R4")))


def test_the_official_schema_accepts_a_bundle() -> None:
    whole = bundle([naming_system(), code_system()], BundleSettings(), "R4")
    text = etree.fromstring(fhir_xml(whole, "R4"))
    schema("R4", "Bundle").assertValid(text)


def test_the_schema_would_refuse_another_order() -> None:
    text = etree.fromstring(fhir_xml(naming_system(), "R4"))
    text.append(text[0])
    assert not schema("R4", "NamingSystem").validate(text)


def test_layout_attributes_and_primitive_extensions() -> None:
    data = {
        "resourceType": "CodeSystem",
        "id": "x",
        "_title": {"id": "t", "extension": [{"id": "e", "url": "http://x.example", "valueCode": "a"}]},
        "content": "fragment",
        "concept": [{"id": "c", "code": "1"}],
    }
    assert fhir_xml(data, "R4").decode() == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<CodeSystem xmlns="http://hl7.org/fhir">\n'
        '  <id value="x"/>\n'
        '  <title id="t">\n'
        '    <extension id="e" url="http://x.example">\n'
        '      <valueCode value="a"/>\n'
        "    </extension>\n"
        "  </title>\n"
        '  <content value="fragment"/>\n'
        '  <concept id="c">\n'
        '    <code value="1"/>\n'
        "  </concept>\n"
        "</CodeSystem>\n"
    )


def test_line_ends_and_tabs_are_character_references() -> None:
    data = {"resourceType": "CodeSystem", "id": "x", "description": "a\r\nb\tc"}
    assert b'<description value="a&#13;&#10;b&#9;c"/>' in fhir_xml(data, "R4")
    assert etree.fromstring(fhir_xml(data, "R4"))[1].get("value") == "a\r\nb\tc"


def test_decimals_keep_their_digits() -> None:
    concept = {"code": "a", "property": [{"code": "p", "valueDecimal": Decimal("0.010")}]}
    data = {"resourceType": "CodeSystem", "id": "x", "concept": [concept]}
    assert b'<valueDecimal value="0.010"/>' in fhir_xml(data, "R4")


def test_contained_resources_have_a_wrapper() -> None:
    data = {"resourceType": "CodeSystem", "id": "x", "contained": [{"resourceType": "ValueSet", "id": "v"}]}
    text = fhir_xml(data, "R4")
    assert b'  <contained>\n    <ValueSet>\n      <id value="v"/>\n    </ValueSet>\n  </contained>\n' in text
    assert read(text) == data


def test_concepts_sixty_deep_read_back_equal() -> None:
    assert read(fhir_xml(nested(60), "R4")) == nested(60)


def test_nesting_beyond_all_reason_is_refused() -> None:
    assert "is nested more than 150 deep" in refused(nested(400))


@pytest.mark.parametrize(
    ("concept", "message"),
    [
        ({"code": "a", "display": "x\x01"}, "concept[1].display holds the character U+0001"),
        ({"code": "a", "display": "x\x00"}, "concept[1].display holds the character U+0000"),
        ({"code": "a", "display": "x\uffff"}, "concept[1].display holds the character U+FFFF"),
        ({"code": "a", "display": "x\ud800"}, "concept[1].display holds the character U+D800"),
        ({"code": "a", "display": ""}, "concept[1].display is empty"),
        ({"code": "a", "display": 1}, "concept[1].display is 1, not text"),
        ({"code": "a", "dsiplay": "x"}, "concept[1] has 'dsiplay', which R4 does not define"),
        ({"code": "a", "concept": []}, "concept[1].concept is empty"),
        ({"code": "a", "concept": {}}, "concept[1].concept repeats, so a list is needed"),
        ({"code": "a", "concept": ["b"]}, "concept[1].concept[0] is no object"),
        ({"code": "a", "concept": [["code"]]}, "concept[1].concept[0] is no object"),
        (5, "concept[1] is no object"),
        ({}, "concept[1] is empty"),
        ({"code": "a", "_code": {"x": 1}}, "concept[1].code has something besides id and extension"),
        (
            {"code": "a", "property": [{"code": "p", "valueBoolean": "true"}]},
            "concept[1].property[0].valueBoolean is 'true', not true or false",
        ),
        (
            {"code": "a", "property": [{"code": "p", "valueInteger": True}]},
            "concept[1].property[0].valueInteger is True, not a number",
        ),
        (
            {"code": "a", "property": [{"code": "p", "valueDecimal": float("inf")}]},
            "concept[1].property[0].valueDecimal is inf, which FHIR has no number for",
        ),
    ],
)
def test_what_xml_can_not_say_is_refused_with_its_place(concept: Any, message: str) -> None:
    data = {"resourceType": "CodeSystem", "id": "x", "concept": [{"code": "b", "display": "B"}, concept]}
    assert f"CodeSystem/x can't be written as XML: CodeSystem.{message}" in refused(data)


@pytest.mark.parametrize(
    "div",
    [
        "<div>no namespace</div>",
        '<div xmlns="http://www.w3.org/1999/xhtml">&nbsp;</div>',
        '<div xmlns="http://www.w3.org/1999/xhtml"><p></div>',
        '<p xmlns="http://www.w3.org/1999/xhtml">x</p>',
        '<!DOCTYPE div [<!ENTITY a "b">]><div xmlns="http://www.w3.org/1999/xhtml">&a;</div>',
        '<div xmlns="http://www.w3.org/1999/xhtml"/><!-- after -->',
        '<div xmlns="http://www.w3.org/1999/xhtml"/></text><script/>',
        "",
        7,
    ],
)
def test_a_narrative_that_is_not_one_div_is_refused(div: object) -> None:
    data = {"resourceType": "CodeSystem", "id": "x", "text": {"status": "generated", "div": div}}
    assert "CodeSystem.text.div " in refused(data)


def test_a_resource_of_an_unknown_type_is_refused() -> None:
    assert "is a resource of type 'Patient'" in refused({"resourceType": "Patient", "id": "x"})


def test_concepts_that_come_in_chunks_give_the_same_bytes() -> None:
    data = code_system()
    pieces: list[bytes] = []
    concepts = data["concept"]
    head = {name: value for name, value in data.items() if name != "concept"}
    write_fhir_xml(head, "R4", pieces.append, lambda: iter([concepts[:1], [], concepts[1:]]))
    assert b"".join(pieces) == fhir_xml(data, "R4")


def test_a_fault_in_a_later_chunk_is_named_by_the_number_of_the_concept() -> None:
    chunks = [[{"code": "a"}], [{"code": "b"}, {"code": "c", "display": "\x02"}]]
    with pytest.raises(OutputError, match=r"CodeSystem.concept\[2\].display holds the character U\+0002"):
        write_fhir_xml({"resourceType": "CodeSystem", "id": "x"}, "R4", len, lambda: iter(chunks))


def test_text_is_never_markup() -> None:
    data = {"resourceType": "CodeSystem", "id": "x", "title": '"/><status value="active', "name": AWKWARD}
    assert read(fhir_xml(data, "R4")) == data


def test_the_time_grows_with_the_number_of_concepts() -> None:
    concepts = [{"code": f"c{number}", "display": "x & y"} for number in range(40_000)]

    def write(count: int) -> None:
        fhir_xml({"resourceType": "CodeSystem", "id": "x", "concept": concepts[:count]}, "R4")

    assert grows_with_size(write, 5_000, 40_000)
