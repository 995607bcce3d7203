from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resources.samples import colours, leaves, options, records, statements
from termsmith.model.finding import Severity
from termsmith.model.record import Origin, TerminologyRecord
from termsmith.resources.build import Built, build
from termsmith.resources.options import BuildOptions, Drafting
from termsmith.resources.versions import Carrier, FhirVersion

BASES = st.sampled_from([None, "https://ns.example/fhir"])


@st.composite
def cases(draw: st.DrawFn) -> tuple[TerminologyRecord, BuildOptions]:
    drafting = draw(st.sampled_from(Drafting))
    chosen = options(
        draw(st.sampled_from(FhirVersion)),
        base_url=draw(BASES),
        carrier=draw(st.sampled_from(Carrier)),
        drafting=drafting,
        stem=draw(st.sampled_from(["page", "..", "CON", "色"])),
    )
    return draw(records(complete=drafting is Drafting.COMPLETE)), chosen


def check_each_leaf_has_one_evidence(made: Built) -> None:
    written = [
        (f"{resource.type}/{resource.id}", path, value)
        for resource in made.resources
        for path, value in leaves(resource.data, resource.type)
    ]
    assert Counter((e.resource, e.element, e.value) for e in made.evidence) == Counter(written)
    assert len(set(written)) == len(written)


@pytest.mark.parametrize("version", FhirVersion)
def test_every_value_of_a_full_record_has_evidence(version: FhirVersion) -> None:
    made = build(colours(), options(version, base_url="https://ns.example"))
    check_each_leaf_has_one_evidence(made)
    because = {e.element: (e.origin.value, [s.raw for s in e.spans], e.reason) for e in made.evidence}
    assert because["NamingSystem.name"] == (
        "page",
        ["Colour/Codes"],
        "made of the short name “Colour/Codes”",
    )
    assert because["NamingSystem.usage"] == ("page", ["HL7 FHIR, US Core"], None)
    assert because[
        "NamingSystem.url" if version is FhirVersion.R5 else "NamingSystem.extension[0].valueUri"
    ] == (
        "configuration",
        ["colour-codes"],
        "the configured base and the id",
    )
    assert because["NamingSystem.contact[1].name"] == ("page", ["Tint Trust", "Role.STEWARD"], None)
    assert because["NamingSystem.responsible"] == ("page", ["Tint Trust", "Role.STEWARD"], "the steward")
    assert because["NamingSystem.uniqueId[1].preferred"] == (
        "page",
        ["http://old.colours.example"],
        "another of its type is to be used",
    )
    assert because["CodeSystem.content"] == (
        "default",
        [],
        "the page describes the code system and lists no concepts",
    )
    assert because["CodeSystem.copyright"] == (
        "page",
        ["© Colour Body", "Free for use.", "None needed."],
        "“Arrangement with HL7:” put in front",
    )


@settings(max_examples=200, deadline=None)
@given(cases())
def test_values_and_evidence_correspond(case: tuple[TerminologyRecord, BuildOptions]) -> None:
    record, chosen = case
    made = build(record, chosen)
    check_each_leaf_has_one_evidence(made)
    for evidence in made.evidence:
        assert evidence.spans or evidence.origin is not Origin.PAGE
        assert evidence.spans or evidence.reason
        assert list(evidence.spans) == sorted(evidence.spans, key=lambda span: span.start or 0)


@settings(max_examples=200, deadline=None)
@given(cases())
def test_no_statement_of_a_record_is_lost(case: tuple[TerminologyRecord, BuildOptions]) -> None:
    record, chosen = case
    used = {span for evidence in build(record, chosen).evidence for span in evidence.spans}
    lost = [stated for stated in statements(record) if not set(stated.spans) <= used]
    assert lost == []


@settings(max_examples=200, deadline=None)
@given(cases())
def test_resources_are_valid_and_survive_json(case: tuple[TerminologyRecord, BuildOptions]) -> None:
    record, chosen = case
    made = build(record, chosen)
    kind = record.kind.value if record.kind else "codesystem"
    assert [r.type for r in made.resources] == ["NamingSystem", "CodeSystem"][
        : 2 if kind == "codesystem" else 1
    ]
    assert not [f for f in made.findings if f.severity is Severity.ERROR]
    for resource in made.resources:
        dumped = resource.model.model_dump_json()
        assert pairs(dumped) == pairs(json.dumps(resource.data))
        again = type(resource.model).model_validate_json(dumped)
        assert again.model_dump_json() == dumped
        check_invariants(resource.data)


@given(cases())
@settings(max_examples=20, deadline=None)
def test_building_twice_gives_the_same(case: tuple[TerminologyRecord, BuildOptions]) -> None:
    one, other = build(*case), build(*case)
    assert [r.data for r in one.resources] == [r.data for r in other.resources]
    assert (one.evidence, one.findings) == (other.evidence, other.findings)


def pairs(text: str) -> Any:
    return json.loads(text, object_pairs_hook=list)


def objects(data: Any) -> list[dict[str, Any]]:
    if isinstance(data, list):
        return [found for item in data for found in objects(item)]
    if isinstance(data, dict):
        return [data, *(found for value in data.values() for found in objects(value))]
    return []


def check_invariants(data: Any) -> None:
    """Check what FHIR states as invariants, by their meaning: fhir-rules 1.2, 2.2 and 2.3."""
    if "name" in data:  # nsd-0, csd-0, cnl-0
        assert re.fullmatch(r"[A-Z][A-Za-z0-9_]{1,254}", data["name"])
    assert re.fullmatch(r"[^|# ]+", data.get("url", "x"))  # cnl-1
    unique_ids = data.get("uniqueId", [])
    assert data.get("kind") != "root" or all(u.get("type") != "uuid" for u in unique_ids)  # nsd-1
    preferred = [u["type"] for u in unique_ids if u.get("preferred")]
    assert len(set(preferred)) == len(preferred)  # nsd-2
    assert "concept" not in data  # csd-1 to csd-3, csd-5
    assert data.get("content") in {None, "not-present"}  # csd-4
    for each in objects(data):
        assert all(value not in ("", [], {}, None) for value in each.values())  # ele-1
    for contact in data.get("contact", []):
        assert all(t["system"] and t["value"] for t in contact.get("telecom", []))  # cpt-2
    for extension in data.get("extension", []):  # ext-1
        assert sorted(key.startswith("value") for key in extension) == [False, True]
    for identifier in data.get("identifier", []):
        assert re.fullmatch(r"urn:oid:[0-2](\.(0|[1-9][0-9]*))+", identifier["value"])


def test_words_of_a_sidecar_stand_behind_those_of_the_page() -> None:
    record = colours()
    assert record.organizations[0].name.spans[0].start is not None
    publisher = record.organizations[0]
    away = publisher.name.spans[0]._replace(start=None, end=None)
    named = replace(publisher.name, spans=(away,), origin=Origin.SIDECAR, reason="the page misspells it")
    made = build(
        replace(record, organizations=(replace(publisher, name=named), *record.organizations[1:])), options()
    )
    (contact,) = (e for e in made.evidence if e.element == "CodeSystem.contact[0].name")
    assert contact.origin is Origin.SIDECAR
    assert contact.reason == "the page misspells it"
    assert contact.spans[-1] == away
    assert len(contact.spans) == 6
