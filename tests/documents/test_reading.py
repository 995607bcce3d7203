"""What a file is, and the resources in it."""

from __future__ import annotations

import json
import re
from datetime import datetime
from importlib import import_module
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import quoteattr

import pytest
from checks.samples import TODAY, code_system, metadata_record, naming_system
from hypothesis import given, settings
from hypothesis import strategies as st

from termsmith.checks.checking import faults
from termsmith.checks.definitions.loading import TEXTS, definitions
from termsmith.checks.subject import Subject
from termsmith.documents.document import DocumentError
from termsmith.documents.reading import read_document
from termsmith.documents.release import Release, release_of, release_of_number

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from termsmith.checks.definitions.loading import Element

CODE_SYSTEM = {"resourceType": "CodeSystem", "status": "active", "content": "complete"}


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
    assert [(each.code, each.pointer) for each in document.findings] == [
        ("DOC010", "/entry/1/resource/entry/2")
    ]


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


FHIR = "http://hl7.org/fhir"
DIV = '<div xmlns="http://www.w3.org/1999/xhtml"><p>a &amp; b</p></div>'


def test_doc001_to_doc005_come_from_here_too() -> None:
    codes = {}
    for data in (
        b'{"resourceType": ',
        b"<CodeSystem",
        b'{"resourceType": "\xff"}',
        b"<CodeSystem/>",
        f'<CodeSystem xmlns="{FHIR}">{"<a>" * 200}'.encode(),
    ):
        with pytest.raises(DocumentError) as caught:
            read_document(data, "x")
        codes[caught.value.finding.code] = data
    assert list(codes) == ["DOC001", "DOC002", "DOC003", "DOC004", "DOC005"]


def test_xml_says_nothing_of_its_byte_order_mark() -> None:
    data = f'\ufeff<CodeSystem xmlns="{FHIR}"><url value="u"/></CodeSystem>'.encode()
    document = read_document(data, "x.xml")
    assert document.findings == ()
    assert document.resources[0].data["url"] == "u"


@pytest.mark.parametrize(
    ("data", "others"),
    [
        ({"resourceType": "Patient"}, "Patient"),
        ({"resourceType": "ValueSet"}, "ValueSet"),
        ({"resourceType": "Bundle", "entry": []}, "an empty Bundle"),
        ({"resourceType": "Bundle", "entry": [{"resource": {}}] * 2}, "a resource without a type"),
        ({"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "B" * 90}}]}, "B" * 59 + "…"),
        ({"resourceType": "Bundle", "entry": {}}, "Bundle"),
    ],
)
def test_doc009_names_what_is_there_instead(data: dict[str, Any], others: str) -> None:
    findings = read_document(json.dumps(data).encode(), "x").findings
    (finding,) = (each for each in findings if each.code != "DOC010")
    assert finding.code == "DOC009"
    assert finding.message == f"the file holds no NamingSystem and no CodeSystem, but {others}"


@pytest.mark.parametrize("kind", [{}, []])
def test_a_type_in_a_bundle_may_be_anything(kind: object) -> None:
    data = {
        "resourceType": "Bundle",
        "entry": [{"resource": {"resourceType": kind}}, {"resource": CODE_SYSTEM}],
    }
    assert len(read_document(json.dumps(data).encode(), "x").resources) == 1


def test_doc010_tells_of_entries_that_are_no_resource() -> None:
    entries = [
        {"resource": CODE_SYSTEM}, {}, {"fullUrl": "x"}, None, {"resource": 7}, {"resource": {}},
        {"resource": {"resourceType": "CodeSytem"}}, {"resource": {"resourceType": {}}},
    ]  # fmt: skip
    document = read_document(json.dumps({"resourceType": "Bundle", "entry": entries}).encode(), "x")
    assert [(each.code, each.pointer, each.message.partition(": ")[2]) for each in document.findings] == [
        ("DOC010", "/entry/3", "it is null, no object"),
        ("DOC010", "/entry/4/resource", "it is a number, no object"),
        ("DOC010", "/entry/5/resource", "it has no resourceType"),
        (
            "DOC010",
            "/entry/6/resource/resourceType",
            "FHIR has no resource 'CodeSytem'; perhaps CodeSystem is meant",
        ),
        ("DOC010", "/entry/7/resource/resourceType", "its resourceType is no text"),
    ]
    assert document.findings[3].element == "Bundle.entry[6].resource.resourceType"


def test_masses_of_unknown_entries_are_counted() -> None:
    entries = [{"resource": {"resourceType": f"Tea{index}"}} for index in range(1_500)]
    findings = read_document(json.dumps({"resourceType": "Bundle", "entry": entries}).encode(), "x").findings
    assert len(findings) == 1_002
    assert {each.code for each in findings} == {"DOC009", "DOC010", "LIM001"}
    assert max(len(each.message) for each in findings) < 400


def test_a_bundle_has_the_faults_of_form_beside_its_resources() -> None:
    text = b'{"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "CodeSystem", "id": "a", "id": "b"}, "x": 1, "x": 2}], "id": "a", "id": "b"}'
    document = read_document(text, "x.json")
    (bundle,) = document.bundles
    assert [hit.pointer for hit in bundle.form["STR090"]] == ["/entry/0/x", "/id"]
    assert [hit.pointer for hit in document.resources[0].form["STR090"]] == ["/id"]


def test_bundles_may_be_nested_as_deeply_as_json() -> None:
    data = '{"resourceType": "Bundle", "entry": [{"resource": ' * 250 + json.dumps(CODE_SYSTEM) + "}]}" * 250
    (found,) = read_document(data.encode(), "x").resources
    assert found.pointer == "/entry/0/resource" * 250


def test_places_are_of_the_file_whatever_its_format() -> None:
    as_json = b'{"resourceType": "Bundle",\n "entry": [\n {"resource": {"resourceType": "CodeSystem",\n "url": "u"}}]}'
    inner = '\n<entry><resource><CodeSystem>\n <url value="u"/></CodeSystem></resource></entry>'
    as_xml = f'<Bundle xmlns="{FHIR}">{inner}</Bundle>'.encode()
    pointer = "/entry/0/resource/url"
    assert read_document(as_json, "x").locate([pointer]) == {pointer: (4, 9)}
    assert read_document(as_xml, "x").locate([pointer]) == {pointer: (3, 2)}


def xml_of(data: Mapping[str, Any], types: Mapping[str, Mapping[str, Element]]) -> str:
    """Write a resource as XML, from its JSON form."""
    kind = data["resourceType"]
    return f'<{kind} xmlns="{FHIR}">{inner_xml(data, kind, types)}</{kind}>'


def inner_xml(data: Mapping[str, Any], kind: str, types: Mapping[str, Mapping[str, Element]]) -> str:
    written = ""
    for name, element in types[kind].items():
        if name in attributes_of(kind):
            continue
        values, shadows = data.get(name), data.get(f"_{name}")
        if not element.is_list:
            values, shadows = [values], [shadows]
        for value, shadow in zip_longest(values or (), shadows or ()):
            parts = value if isinstance(value, dict) else shadow or {}
            if value is None and not parts:
                continue
            inner_kind = "Element" if element.is_primitive else element.type
            stated = "" if element.is_primitive else inner_xml(parts, inner_kind, types)
            if element.is_primitive:
                stated = "".join(
                    f'<extension url="{each["url"]}"><valueString value="{each["valueString"]}"/></extension>'
                    for each in parts.get("extension", ())
                )
            pairs = {key: parts[key] for key in attributes_of(inner_kind) if key in parts}
            if element.is_primitive and value is not None:
                pairs["value"] = {True: "true", False: "false"}[value] if isinstance(value, bool) else value
            listed = "".join(f" {key}={quoteattr(str(each))}" for key, each in pairs.items())
            written += value if element.type == "xhtml" else f"<{name}{listed}>{stated}</{name}>"
    return written


def attributes_of(kind: str) -> tuple[str, ...]:
    return {"Extension": ("id", "url"), "CodeSystem": (), "NamingSystem": (), "ValueSet": ()}.get(
        kind, ("id",)
    )


NUMBERS = {"decimal": st.integers(-99, 99).map(lambda each: each / 4), "boolean": st.booleans()}
TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff")
)
EXTENSION = {"extension": [{"url": "u", "valueString": "x"}]}
R4_ONLY = {("Attachment", "size"), ("Dosage", "maxDosePerPeriod")}
"""What R5 has otherwise than R4."""


@st.composite
def resources(draw: st.DrawFn, kind: str, version: str, depth: int = 3) -> dict[str, Any]:
    """Return any value of a type that has elements, in JSON form and definition order."""
    elements = definitions(version).types[kind]
    names = draw(st.sets(st.sampled_from(sorted(elements)), min_size=1, max_size=5))
    made: dict[str, Any] = {}
    choices = set()
    for name, element in elements.items():
        if name not in names or (element.choice, kind) in choices or (kind, name) in R4_ONLY:
            continue
        if element.choice is not None:
            choices.add((element.choice, kind))
        if element.type == "Resource" or (not element.is_primitive and depth == 0):
            continue
        items: list[tuple[Any, Any]] = []
        for _ in range(draw(st.integers(1, 2)) if element.is_list else 1):
            if not element.is_primitive:
                items.append((draw(resources(element.type, version, depth - 1)), None))
            elif element.type == "xhtml":
                items.append((DIV, None))
            else:
                numbers = NUMBERS.get(element.type, st.integers(-(2**40), 2**40))
                value = draw(numbers if element.type not in TEXTS else TEXT)
                plain = name in attributes_of(kind)
                items.append(
                    draw(
                        st.sampled_from(
                            [(value, None), *([] if plain else [(value, EXTENSION), (None, EXTENSION)])]
                        )
                    )
                )
        for key, each in ((name, [item[0] for item in items]), (f"_{name}", [item[1] for item in items])):
            if any(part is not None for part in each):
                made[key] = each if element.is_list else each[0]
    return made or {"id": "x"}


@pytest.mark.parametrize("version", ["R4", "R5"])
@pytest.mark.parametrize("kind", ["CodeSystem", "NamingSystem"])
@settings(max_examples=30)
@given(data=st.data())
def test_xml_says_what_json_says(kind: str, version: str, data: st.DataObject) -> None:
    meant = {"resourceType": kind, **data.draw(resources(kind, version))}
    written = xml_of(meant, definitions(version).types)
    (as_xml,) = read_document(written.encode(), "x").resources
    (as_json,) = read_document(json.dumps(meant).encode(), "x").resources
    assert as_xml.data == as_json.data == meant
    assert as_xml.form == as_json.form == {}


@pytest.mark.parametrize("release", ["R4B", "R5"])
@pytest.mark.parametrize("make", [naming_system, code_system, metadata_record])
def test_what_fhir_resources_writes_as_xml_and_json_reads_alike(
    make: Callable[..., dict[str, Any]], release: str
) -> None:
    data = make(release) if make is naming_system else make()
    data |= {"text": {"status": "generated", "div": DIV}, "_status": EXTENSION}
    module = import_module(
        f"fhir.resources.{'' if release == 'R5' else 'R4B.'}{data['resourceType'].lower()}"
    )
    model = getattr(module, data["resourceType"]).model_validate(data)
    (as_json,) = read_document(model.model_dump_json().encode(), "x").resources
    (as_xml,) = read_document(model.model_dump_xml(), "x").resources
    assert as_xml.data == as_json.data == data
    assert as_xml.form == as_json.form == {}


CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
PUBLISHED = sorted(CORPUS.glob("tsmg/*-systems/*.xml")) + sorted(CORPUS.glob("content/*.xml"))


@pytest.mark.skipif(not PUBLISHED, reason="no ../shared/corpus beside the project")
def test_published_xml_says_what_fhir_resources_reads_in_it() -> None:
    different = {}
    for path in PUBLISHED:
        (found,) = read_document(path.read_bytes(), path.name).resources
        kind = found.data["resourceType"]
        model = getattr(import_module(f"fhir.resources.{kind.lower()}"), kind)
        theirs = json.loads(model.model_validate_xml(path.read_bytes()).model_dump_json())
        names = [
            name
            for name in {**found.data, **theirs}
            if moments(found.data.get(name)) != moments(theirs.get(name))
        ]
        if names:
            different[path.name] = names
    # It states caseSensitive twice; we keep both for the rules to tell, fhir.resources keeps one.
    assert different == {"ClinVarV.xml": ["caseSensitive"]}


def moments(value: Any) -> Any:
    """Return a value with its times as such, so that Z and -00:00 are one."""
    if isinstance(value, dict):
        return {key: moments(each) for key, each in value.items()}
    if isinstance(value, list):
        return [moments(each) for each in value]
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT\S+", value):
        return datetime.fromisoformat(value)
    return value


def test_an_element_that_r5_has_otherwise_is_read_as_r4_has_it() -> None:
    inner = (
        '<extension url="http://a.example"><valueAttachment><size value="5"/></valueAttachment></extension>'
    )
    document = read_document(f'<CodeSystem xmlns="{FHIR}">{inner}</CodeSystem>'.encode(), "x")
    subject = Subject(document.resources[0].data, version="R4", today=TODAY)
    assert [rule.code for rule, hit in faults(subject, frozenset()) if hit.pointer.endswith("/size")] == []


@pytest.mark.parametrize(("element", "size"), [("", 5), ("<versionAlgorithmString value='semver'/>", "5")])
def test_the_release_of_each_resource_decides_how_xml_is_read(element: str, size: object) -> None:
    inner = f"<extension url='http://a.example'><valueAttachment><size value='5'/></valueAttachment></extension>{element}"
    other = "<entry><resource><CodeSystem><status value='draft'/></CodeSystem></resource></entry>"
    text = f"<Bundle xmlns='{FHIR}'>{other}<entry><resource><CodeSystem>{inner}</CodeSystem></resource></entry></Bundle>"
    found = read_document(text.encode(), "x").resources[1].data
    assert found["extension"][0]["valueAttachment"]["size"] == size
    asked = read_document(text.encode(), "x", version="R5").resources[1].data
    assert asked["extension"][0]["valueAttachment"]["size"] == "5"
