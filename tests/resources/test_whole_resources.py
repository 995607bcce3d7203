from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from resources.samples import Words, colours, options
from termsmith.model.record import Identifier, IdentifierType, Origin, Stated, TerminologyRecord
from termsmith.resources.build import build
from termsmith.resources.versions import Carrier, FhirVersion

CROSS = "http://hl7.org/fhir/5.0/StructureDefinition/extension-NamingSystem."
ARTIFACT = "http://hl7.org/fhir/StructureDefinition/artifact-"
OLD_RELEASES = [FhirVersion.R4, FhirVersion.R4B]

DESCRIPTION = """\
Codes of colours.

* warm
* cold

Links: [the list](https://colours.example/list)

Version management:

Yearly.

Numbered by year.

Requests for change:

1. Write.
2. Wait.

Other information: Also in print."""
COPYRIGHT = "© Colour Body\n\nFree for use.\n\nArrangement with HL7: None needed."
CONTACT = [
    {
        "name": "Colour Body (CB); Rose Red, Registrar, 1 Rainbow Road, Huetown",
        "telecom": [
            {"system": "url", "value": "https://colours.example/"},
            {"system": "email", "value": "info@colours.example"},
            {"system": "phone", "value": "+00 123 456"},
        ],
    },
    {"name": "Tint Trust"},
]
UNIQUE_ID = [
    {"type": "uri", "value": "https://colours.example/cs", "preferred": True, "comment": "Endorsed 2021"},
    {"type": "uri", "value": "http://old.colours.example", "preferred": False},
    {"type": "oid", "value": "2.999.7.1", "preferred": True},
    {"type": "other", "value": "(symbolic) - colours", "preferred": False},
]

NAMING_SYSTEM_R5 = {
    "resourceType": "NamingSystem",
    "id": "colour-codes",
    "url": "https://ns.example/fhir/NamingSystem/colour-codes",
    "version": "20210430",
    "name": "ColourCodes",
    "title": "Colour Codes of the Colour Body",
    "status": "active",
    "kind": "codesystem",
    "experimental": False,
    "date": "2021-04",
    "publisher": "Colour Body (CB)",
    "contact": CONTACT,
    "responsible": "Tint Trust",
    "description": DESCRIPTION,
    "copyright": COPYRIGHT,
    "usage": "HL7 FHIR, US Core",
    "uniqueId": UNIQUE_ID,
}


def naming_system_r4(stem: str) -> dict[str, Any]:
    return {
        "resourceType": "NamingSystem",
        "id": "colour-codes",
        "extension": [
            {"url": f"{stem}url", "valueUri": "https://ns.example/fhir/NamingSystem/colour-codes"},
            {"url": f"{stem}version", "valueString": "20210430"},
            {"url": f"{stem}title", "valueString": "Colour Codes of the Colour Body"},
            {"url": f"{stem}copyright", "valueMarkdown": COPYRIGHT},
        ],
        "name": "ColourCodes",
        "status": "active",
        "kind": "codesystem",
        "date": "2021-04",
        "publisher": "Colour Body (CB)",
        "contact": CONTACT,
        "responsible": "Tint Trust",
        "description": DESCRIPTION,
        "usage": "HL7 FHIR, US Core",
        "uniqueId": UNIQUE_ID,
    }


CODE_SYSTEM = {
    "resourceType": "CodeSystem",
    "id": "colour-codes",
    "url": "https://colours.example/cs",
    "identifier": [{"system": "urn:ietf:rfc:3986", "value": "urn:oid:2.999.7.1"}],
    "version": "20210430",
    "name": "ColourCodes",
    "title": "Colour Codes of the Colour Body",
    "status": "active",
    "experimental": False,
    "date": "2021-04",
    "publisher": "Colour Body (CB)",
    "contact": CONTACT,
    "description": DESCRIPTION,
    "copyright": COPYRIGHT,
    "caseSensitive": False,
    "content": "not-present",
}


def in_order(data: Any) -> Any:
    """Make dicts compare by the order of their members too."""
    if isinstance(data, dict):
        return [(key, in_order(value)) for key, value in data.items()]
    return [in_order(item) for item in data] if isinstance(data, list) else data


def built(
    record: TerminologyRecord,
    version: FhirVersion,
    carrier: Carrier = Carrier.CROSS_VERSION,
    base_url: str | None = "https://ns.example/fhir/",
) -> list[Any]:
    made = build(record, options(version, base_url=base_url, carrier=carrier))
    return [resource.data for resource in made.resources]


@pytest.mark.parametrize("version", OLD_RELEASES)
def test_r4_and_r4b_carry_what_they_lack_in_cross_version_extensions(version: FhirVersion) -> None:
    expected = [naming_system_r4(CROSS), CODE_SYSTEM]
    assert in_order(built(colours(), version)) == in_order(expected)


@pytest.mark.parametrize("version", OLD_RELEASES)
def test_r4_and_r4b_can_carry_it_in_artifact_extensions(version: FhirVersion) -> None:
    expected = [naming_system_r4(ARTIFACT), CODE_SYSTEM]
    assert in_order(built(colours(), version, Carrier.ARTIFACT)) == in_order(expected)


@pytest.mark.parametrize("carrier", Carrier)
def test_r5_has_elements_for_all(carrier: Carrier) -> None:
    expected = [NAMING_SYSTEM_R5, CODE_SYSTEM]
    assert in_order(built(colours(), FhirVersion.R5, carrier)) == in_order(expected)


def test_everything_stated_gives_no_finding_but_the_changed_name() -> None:
    assert [f.message for f in build(colours(), options()).findings] == [
        "'Colour/Codes' is no valid FHIR name; 'ColourCodes' is used"
    ]


@pytest.mark.parametrize("version", FhirVersion)
def test_no_base_no_url_of_the_naming_system(version: FhirVersion) -> None:
    naming_system, _ = built(colours(), version, base_url=None)
    assert "url" not in naming_system
    assert [e["url"] for e in naming_system.get("extension", [])] == (
        [] if version is FhirVersion.R5 else [f"{CROSS}version", f"{CROSS}title", f"{CROSS}copyright"]
    )


def bare(**stated: Any) -> TerminologyRecord:
    say = Words().stated
    uri = Identifier(type=IdentifierType.URI, value=say("https://colours.example/cs"), endorsed=True)
    return replace(TerminologyRecord(title=say("Colours"), identifiers=(uri,)), **stated)


def test_a_record_of_title_and_uri_is_enough() -> None:
    made = build(bare(), options())
    assert [r.data for r in made.resources] == [
        {
            "resourceType": "NamingSystem",
            "id": "Colours",
            "extension": [{"url": f"{CROSS}title", "valueString": "Colours"}],
            "name": "Colours",
            "status": "draft",
            "kind": "codesystem",
            "date": "2026-02-03",
            "uniqueId": [{"type": "uri", "value": "https://colours.example/cs", "preferred": True}],
        },
        {
            "resourceType": "CodeSystem",
            "id": "Colours",
            "url": "https://colours.example/cs",
            "name": "Colours",
            "title": "Colours",
            "status": "draft",
            "experimental": False,
            "date": "2026-02-03",
            "caseSensitive": True,
            "content": "not-present",
        },
    ]
    assert [(f.code, f.element) for f in made.findings] == [
        ("RES006", "NamingSystem.publisher"),
        ("RES004", "NamingSystem.status"),
        ("RES003", "NamingSystem.date"),
        ("RES002", "CodeSystem.caseSensitive"),
    ]


def test_the_date_of_the_pages_version_is_no_assumption() -> None:
    version_date = Stated(value="2021-04-30", reason="date of the Confluence version")
    made = build(bare(), options(fallback_date=version_date))
    assert made.resources[0].data["date"] == "2021-04-30"
    assert "RES003" not in {f.code for f in made.findings}


def test_source_date_epoch_is_an_assumption() -> None:
    epoch = Stated(value="2020-01-01", origin=Origin.CONFIGURATION, reason="SOURCE_DATE_EPOCH")
    (finding,) = (f for f in build(bare(), options(fallback_date=epoch)).findings if f.code == "RES003")
    assert finding.message == (
        "the page states no date; 2020-01-01 (SOURCE_DATE_EPOCH) is used, since NamingSystem.date is required"
    )


def test_what_the_configuration_says_is_not_reported_as_assumed() -> None:
    configured = {"origin": Origin.CONFIGURATION, "reason": "configuration"}
    made = build(
        bare(),
        options(
            default_status=Stated(value="active", **configured),  # type: ignore[arg-type]
            case_sensitive=Stated(value=False, **configured),  # type: ignore[arg-type]
        ),
    )
    _, code_system = made.resources
    assert (code_system.data["status"], code_system.data["caseSensitive"]) == ("active", False)
    assert {f.code for f in made.findings} == {"RES006", "RES003"}


def test_an_oid_alone_makes_the_url_with_a_finding() -> None:
    value = Words(printed=40).stated("2.999.7.1")
    oid = Identifier(type=IdentifierType.OID, value=value, endorsed=True)
    made = build(bare(identifiers=(oid,)), options())
    naming_system, code_system = (r.data for r in made.resources)
    assert naming_system["uniqueId"] == [{"type": "oid", "value": "2.999.7.1", "preferred": True}]
    assert code_system["url"] == "urn:oid:2.999.7.1"
    assert code_system["identifier"] == [{"system": "urn:ietf:rfc:3986", "value": "urn:oid:2.999.7.1"}]
    (finding,) = (f for f in made.findings if f.code == "RES001")
    assert finding.message == "no URI is stated; CodeSystem.url is 'urn:oid:2.999.7.1'"
    assert finding.place == value.spans[0].place


def test_identifiers_that_are_not_endorsed_are_no_url() -> None:
    say = Words().stated
    others = (
        Identifier(type=IdentifierType.URI, value=say("http://old.example/cs"), endorsed=False),
        Identifier(type=IdentifierType.OID, value=say("2.999.8"), endorsed=False),
    )
    made = build(bare(identifiers=others), options())
    naming_system, code_system = (r.data for r in made.resources)
    assert [u["preferred"] for u in naming_system["uniqueId"]] == [False, False]
    assert not {"url", "identifier"} & set(code_system)
    assert "RES012" in {f.code for f in made.findings}


@pytest.mark.parametrize("kind", ["identifier", "root"])
def test_an_identifier_system_has_a_type_and_no_code_system(kind: str) -> None:
    say = Words(printed=40).stated
    record = bare(kind=say(kind), identifier_type=say("PPN"), case_sensitive=say(True))  # noqa: FBT003
    (naming_system,) = build(record, options()).resources
    assert naming_system.data["kind"] == kind
    assert naming_system.data["type"] == {
        "coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "PPN"}]
    }
    assert naming_system.data["description"] == "Case sensitivity: Identifiers are case sensitive."
    assert naming_system.file_name == "NamingSystem-Colours.json"
