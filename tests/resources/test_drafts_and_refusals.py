from __future__ import annotations

from dataclasses import replace

import pytest

from resources.samples import Words, colours, options
from termsmith.model.record import Organization, Paragraph, Role, TerminologyRecord
from termsmith.resources.build import build
from termsmith.resources.options import Drafting
from termsmith.resources.text import LIMIT
from termsmith.resources.versions import FhirVersion

UNKNOWN = {
    "extension": [
        {"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown"}
    ]
}


@pytest.mark.parametrize("version", FhirVersion)
def test_a_draft_of_nothing_says_what_is_unknown(version: FhirVersion) -> None:
    made = build(TerminologyRecord(), options(version, drafting=Drafting.DRAFT, stem="my page"))
    naming_system, code_system = (r.data for r in made.resources)
    expected = {
        "resourceType": "NamingSystem",
        "id": "my-page",
        "_name": UNKNOWN,
        "status": "draft",
        "kind": "codesystem",
        "experimental": False,
        "date": "2026-02-03",
        "uniqueId": [{"_type": UNKNOWN, "_value": UNKNOWN}],
    }
    if version is not FhirVersion.R5:
        del expected["experimental"]
    assert list(naming_system.items()) == list(expected.items())
    assert code_system == {
        "resourceType": "CodeSystem",
        "id": "my-page",
        "status": "draft",
        "experimental": False,
        "date": "2026-02-03",
        "caseSensitive": True,
        "content": "not-present",
    }
    assert [(f.code, f.element) for f in made.findings if f.code == "RES007"] == [
        ("RES007", "NamingSystem.name"),
        ("RES007", "NamingSystem.uniqueId"),
    ]
    absent = {e.element: e.value for e in made.evidence if e.element.startswith("NamingSystem.name")}
    assert absent == {
        "NamingSystem.name.extension[0].url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason",
        "NamingSystem.name.extension[0].valueCode": "unknown",
    }


def test_a_draft_keeps_what_is_stated() -> None:
    record = replace(colours(), identifiers=())
    draft = build(record, options(drafting=Drafting.DRAFT))
    assert draft.resources[0].data["name"] == "ColourCodes"
    assert draft.resources[0].data["uniqueId"] == [{"_type": UNKNOWN, "_value": UNKNOWN}]
    assert {f.code for f in draft.findings} == {"RES005", "RES007", "RES012"}


def test_a_complete_record_is_the_same_as_a_draft() -> None:
    assert [r.data for r in build(colours(), options(drafting=Drafting.DRAFT)).resources] == [
        r.data for r in build(colours(), options()).resources
    ]


@pytest.mark.parametrize(
    ("stem", "expected"), [("CON", "CON-CS"), ("..", "page-5ec1f7e7"), ("my_page", "my-page")]
)
def test_the_file_names_a_draft_that_has_nothing_else(stem: str, expected: str) -> None:
    made = build(TerminologyRecord(), options(drafting=Drafting.DRAFT, stem=stem))
    assert {r.id for r in made.resources} == {expected}


def test_a_text_longer_than_fhir_allows_is_left_out() -> None:
    usage = Words(printed=60).stated("x" * (LIMIT + 1))
    text = Paragraph(topic="description", text=Words(printed=61).stated("y" * (LIMIT + 1)))
    made = build(replace(colours(), usage=usage, description=(text,)), options())
    assert not {"usage", "description"} & set(made.resources[0].data)
    assert [(f.element, f.message) for f in made.findings if f.code == "RES009"] == [
        (
            "NamingSystem.description",
            "NamingSystem.description has 1,048,577 characters; FHIR allows 1,048,576",
        ),
        ("NamingSystem.usage", "NamingSystem.usage has 1,048,577 characters; FHIR allows 1,048,576"),
    ]


def test_text_of_nothing_but_white_space_and_controls_is_no_element() -> None:
    say = Words(printed=60).stated
    blank = say(" \x00\u00a0\n")
    record = replace(
        colours(),
        usage=blank,
        version=blank,
        description=(Paragraph(topic="links", text=blank),),
        organizations=(Organization(name=blank, roles=()),),
    )
    data = build(record, options(FhirVersion.R5)).resources[0].data
    assert not {"usage", "version", "description", "contact", "publisher"} & set(data)


def test_strings_are_lines_and_markdown_keeps_its_lines() -> None:
    say = Words(printed=60).stated
    text = "one\u00a0two\r\n\r\n* three\x07 \u2028four"
    record = replace(
        colours(), usage=say(text), description=(Paragraph(topic="description", text=say(text)),)
    )
    data = build(record, options()).resources[0].data
    assert data["usage"] == "one two * three four"
    assert data["description"] == "one two\n\n* three \nfour"


def organisation(name: str, *roles: Role) -> Organization:
    say = Words(printed=60).stated
    return Organization(name=say(name), roles=tuple(say(role) for role in roles))


@pytest.mark.parametrize(
    ("organizations", "publisher", "responsible"),
    [
        ([("A", Role.OWNER)], "A", "A"),
        ([("A", Role.STEWARD)], "A", "A"),
        ([("A", Role.PUBLISHER)], "A", None),
        ([("A", Role.OWNER), ("B", Role.PUBLISHER)], "B", "A"),
        ([("A", Role.OWNER), ("B", Role.STEWARD)], "A", "B"),
        ([("A", Role.OWNER, Role.STEWARD, Role.PUBLISHER)], "A", "A"),
    ],
)
def test_roles_decide_publisher_and_responsible(
    organizations: list[tuple[str, Role]], publisher: str, responsible: str | None
) -> None:
    orgs = tuple(organisation(name, *roles) for name, *roles in organizations)
    naming_system, code_system = build(replace(colours(), organizations=orgs), options()).resources
    assert naming_system.data["publisher"] == publisher
    assert naming_system.data.get("responsible") == responsible
    assert code_system.data["publisher"] == publisher
    assert "responsible" not in code_system.data
    assert [c["name"] for c in naming_system.data["contact"]] == [name for name, *_ in organizations]


def test_several_publishers_are_reported_and_all_are_contacts() -> None:
    orgs = (organisation("A", Role.PUBLISHER), organisation("B", Role.PUBLISHER))
    made = build(replace(colours(), organizations=orgs), options())
    assert [c["name"] for c in made.resources[1].data["contact"]] == ["A", "B"]
    assert "2 organisations are stated as publisher; NamingSystem.publisher takes one, 'A'" in {
        f.message for f in made.findings
    }


def test_organisations_without_a_role_publish_nothing() -> None:
    made = build(replace(colours(), organizations=(organisation("A"),)), options())
    assert "publisher" not in made.resources[0].data
    assert "RES006" in {f.code for f in made.findings}
