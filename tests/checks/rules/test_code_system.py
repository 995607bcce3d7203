"""Rules about the metadata of code systems, and those about versions and texts of both resources."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.samples import broken, code_system, hits_of, metadata_record, naming_system
from termsmith.checks.rule import Profile
from termsmith.checks.rules.code_system import RULES
from termsmith.checks.subject import Subject
from termsmith.model.finding import Severity

CODES = {rule.code for rule in RULES}
VERSIONS = ("R4", "R4B", "R5")
BASE = "https://tea.example.net/base"
HL7 = "http://terminology.hl7.org/CodeSystem/tea"


def supplement(**changes: Any) -> dict[str, Any]:
    return code_system(
        **{"content": "supplement", "supplements": BASE, "caseSensitive": None, "count": None} | changes
    )


@pytest.mark.parametrize("version", VERSIONS)
def test_good_resources_break_no_rule(version: str) -> None:
    for data in (code_system(), metadata_record(), supplement(), naming_system(version)):
        assert [each for each in broken(data, version) if each[0] in CODES] == []


@pytest.mark.parametrize("version", VERSIONS)
def test_what_supplements_is_a_supplement(version: str) -> None:
    assert hits_of("COD001", supplement(content="complete"), version) == [("error", "/content")]
    assert hits_of("COD001", supplement(), version) == []
    assert hits_of("COD001", supplement(content=None), version) == []
    assert hits_of("COD001", supplement(content="supplment"), version) == []


@pytest.mark.parametrize("version", VERSIONS)
def test_a_code_system_does_not_supplement_itself(version: str) -> None:
    for reference in (BASE, f"{BASE}|1.0.0"):
        own = supplement(url=BASE, supplements=reference)
        assert hits_of("COD015", own, version) == [("error", "/supplements")]
    assert hits_of("COD015", supplement(), version) == []
    assert hits_of("COD015", supplement(url=f"{BASE}/de"), version) == []


@pytest.mark.parametrize("version", VERSIONS)
def test_a_supplement_names_its_base(version: str) -> None:
    assert hits_of("INV043", supplement(supplements=None), version) == [("error", "")]
    assert hits_of("INV043", supplement(), version) == []


def test_a_supplement_says_nothing_of_case() -> None:
    assert hits_of("COD002", supplement(caseSensitive=False)) == [("error", "/caseSensitive")]
    assert hits_of("COD002", supplement()) == []
    assert hits_of("COD002", code_system()) == []


@pytest.mark.parametrize("version", VERSIONS)
def test_case_sensitivity_is_stated(version: str) -> None:
    assert hits_of("COD003", metadata_record(caseSensitive=None), version) == [("information", "")]
    assert hits_of("COD003", metadata_record(caseSensitive=None, url=HL7), version) == [("warning", "")]
    assert hits_of("COD003", metadata_record(caseSensitive=False), version) == []


def test_a_complete_system_has_concepts() -> None:
    assert hits_of("COD004", code_system(concept=None)) == [("warning", "/content")]
    assert hits_of("COD004", metadata_record()) == []


@pytest.mark.parametrize("version", VERSIONS)
def test_the_count_of_a_complete_system_is_that_of_its_concepts(version: str) -> None:
    assert hits_of("COD005", code_system(count=2), version) == [("error", "/count")]
    assert hits_of("COD005", code_system(count=3), version) == []
    assert hits_of("COD005", code_system(count="2"), version) == []


def test_concepts_that_were_not_read_count_for_nothing() -> None:
    concept: dict[str, Any] = {"code": "deepest"}
    for level in range(70):
        concept = {"code": f"level{level}", "concept": [concept]}
    assert hits_of("COD005", code_system(count=71, concept=[concept])) == []


@pytest.mark.parametrize("content", ["fragment", "example"])
def test_a_part_has_fewer_concepts_than_the_whole(content: str) -> None:
    assert hits_of("COD006", code_system(content=content)) == [("warning", "/count")]
    assert hits_of("COD006", code_system(content=content, count=4)) == []
    assert hits_of("COD006", code_system(content=[content])) == []


def test_what_is_not_present_is_not_there() -> None:
    data = code_system(content="not-present", count=0)
    found = [each for each in broken(data) if each[0] in CODES]
    assert found == [("COD007", "error", "/concept")]
    assert hits_of("COD007", metadata_record()) == []


def test_only_complete_systems_have_a_value_set_of_all_codes() -> None:
    all_codes = f"{BASE}/vs"
    assert hits_of("COD009", metadata_record(valueSet=all_codes)) == [("information", "/valueSet")]
    assert hits_of("COD009", code_system(valueSet=all_codes)) == []


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("http://hl7.org/fhir/us/tea/CodeSystem/tea", True),
        (HL7, False),
        ("http://hl7.org/cda/stds/core/CodeSystem/tea", False),
        ("https://tea.example.net/grades", False),
    ],
)
def test_new_systems_of_hl7_belong_to_tho(url: str, *, found: bool) -> None:
    expected = [("information", "/url")] if found else []
    assert hits_of("COD010", code_system(url=url), "R5", Profile.PUBLICATION) == expected
    assert hits_of("COD010", code_system(url=url)) == []


def test_a_temporary_url_is_not_for_ever() -> None:
    temporary = "http://terminology.hl7.org/temporary-uri/codeSystem/tea"
    assert hits_of("COD011", code_system(url=temporary)) == [("warning", "/url")]
    assert hits_of("COD011", code_system(url=HL7)) == []


@pytest.mark.parametrize("text", ["#N/A", "—", " - ", "None", "n/a"])
@pytest.mark.parametrize("element", ["description", "copyright"])
def test_placeholders_are_no_text(element: str, text: str) -> None:
    for data in (code_system(**{element: text}), naming_system(**{element: text})):
        assert hits_of("COD012", data) == [("error", f"/{element}")]
        assert hits_of("COD012", data | {element: f"See {text}"}) == []


def test_placeholders_are_found_in_extensions_of_older_releases() -> None:
    url = "http://hl7.org/fhir/5.0/StructureDefinition/extension-NamingSystem.copyright"
    data = naming_system("R4", extension=[{"url": url, "valueMarkdown": "#N/A"}])
    assert hits_of("COD012", data, "R4") == [("error", "/extension/0/valueMarkdown")]


@pytest.mark.parametrize(
    ("version", "code"),
    [
        ("20251301", "COD013"),
        ("20250230", "COD013"),
        ("20290209", "COD014"),
        ("20260209", None),
        ("20250228", None),
        ("2025-13-01", None),
        ("202513", None),
        ("٢٠٢٩٠٢٠٩", None),
    ],
)
def test_versions_that_look_like_days_are_days_near_the_date(version: str, code: str | None) -> None:
    for data in (code_system(version=version), naming_system() | {"version": version}):
        for each in ("COD013", "COD014"):
            assert hits_of(each, data) == ([("warning", "/version")] if each == code else [])


def test_without_a_date_today_counts() -> None:
    assert hits_of("COD014", code_system(version="20290209", date=None)) == [("warning", "/version")]
    assert hits_of("COD014", code_system(version="20260209", date=None)) == []


def test_versions_in_extensions_are_looked_at_too() -> None:
    data = naming_system("R4")
    data["extension"][1]["valueString"] = "20251301"
    assert hits_of("COD013", data, "R4") == [("warning", "/extension/1/valueString")]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["complete", "2025"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["code", "concept", "uri", "extension", "url"]), inner, max_size=3)
    ),
    max_leaves=8,
)
ELEMENTS = (
    "url", "version", "date", "title", "description", "copyright", "content", "count", "supplements",
    "caseSensitive", "valueSet", "concept", "extension",
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(ELEMENTS), JSON), st.sampled_from(["CodeSystem", "NamingSystem"]))
def test_whatever_the_json_no_rule_raises(data: dict[str, Any], resource: str) -> None:
    subject = Subject(data | {"resourceType": resource}, version="R5", today="2026-01-01")
    for rule in RULES:
        for each in rule.check(subject):
            rule.message.format(**each.facts)
            rule.hint.format(**each.facts)
            assert isinstance(rule.severity_of(each, "R5"), Severity)


def test_levels_are_explained() -> None:
    for rule in RULES:
        assert rule.levels.keys() == rule.contexts.keys()
