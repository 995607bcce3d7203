"""Rules about concepts, their properties and designations."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.samples import broken, code_system, hits_of, messages_of
from termsmith.checks.rules import concepts, designations, hierarchy, property_values
from termsmith.checks.rules.properties import PREFIX
from termsmith.checks.subject import Subject
from termsmith.model.finding import Severity

RULES = (*concepts.RULES, *property_values.RULES, *designations.RULES, *hierarchy.RULES)
CODES = {rule.code for rule in RULES}
VERSIONS = ("R4", "R4B", "R5")
HL7 = "http://terminology.hl7.org/CodeSystem/tea"
OWN = "https://tea.example.net/grades#"


def having(*concepts: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return code_system(concept=list(concepts), **changes)


def concept(code: str, *properties: tuple[str, str, object], **more: Any) -> dict[str, Any]:
    stated: dict[str, Any] = {"code": code}
    if properties:
        stated["property"] = [{"code": name, f"value{kind}": value} for name, kind, value in properties]
    return stated | more


def codes_of(data: dict[str, Any], version: str = "R5") -> list[tuple[str, str, str]]:
    return [each for each in broken(data, version) if each[0] in CODES]


@pytest.mark.parametrize("version", VERSIONS)
def test_good_resources_break_no_rule(version: str) -> None:
    assert codes_of(code_system(), version) == []


@pytest.mark.parametrize("version", VERSIONS)
def test_codes_are_unique_on_all_levels(version: str) -> None:
    data = having(concept("A"), concept("B", concept=[concept("A"), concept("a")]), concept("B"))
    assert hits_of("INV040", data, version) == [
        ("error", "/concept/1/concept/0/code"),
        ("error", "/concept/2/code"),
    ]
    assert hits_of("INV040", having({"display": "A"}, {"display": "A"}, concept("A")), version) == []


def test_codes_differ_by_more_than_case_where_case_says_nothing() -> None:
    data = having(concept("a"), concept("A"), concept("b"), concept("b"))
    assert hits_of("CON020", data | {"caseSensitive": False}) == [("error", "/concept/1/code")]
    assert hits_of("CON020", data) == []


@pytest.mark.parametrize(
    ("version", "url", "severity"),
    [("R5", "", "warning"), ("R4", HL7, "warning"), ("R4B", OWN, "information")],
)
def test_nesting_has_a_meaning(version: str, url: str, severity: str) -> None:
    data = code_system(hierarchyMeaning=None, url=url)
    assert hits_of("INV041", data, version) == [(severity, "")]
    assert hits_of("INV041", having(concept("A"), hierarchyMeaning=None, url=url), version) == []


@pytest.mark.parametrize("concepts", ["A", [concept("A", concept="B")], [concept("A", concept=["B"])]])
def test_what_are_no_concepts_are_not_nested(concepts: object) -> None:
    assert hits_of("INV041", code_system(concept=concepts, hierarchyMeaning=None)) == []


def test_links_have_a_meaning() -> None:
    linked = having(concept("A"), concept("B", ("parent", "Code", "A"), ("x", "String", "y")))
    assert hits_of("INV042", linked | {"hierarchyMeaning": "is-a"}) == []
    del linked["hierarchyMeaning"]
    assert hits_of("INV042", linked) == [("warning", "")]
    assert hits_of("INV042", linked, "R4") == []


def test_an_additional_use_comes_after_a_use() -> None:
    use = {"code": "display"}
    without = concept("A", designation=[{"value": "a"}, {"additionalUse": [use], "value": "b"}])
    assert hits_of("INV044", having(without)) == [("error", "/concept/0/designation/1")]
    without["designation"][1]["use"] = use
    assert hits_of("INV044", having(without)) == []


@pytest.mark.parametrize(("code", "element"), [("CON021", "display"), ("CON022", "definition")])
def test_concepts_of_hl7_are_described_in_full(code: str, element: str) -> None:
    full = {"display": "x", "definition": "x"}
    short = {key: value for key, value in full.items() if key != element}
    data = having(concept("A", **full), concept("B", **short), concept("C", **short))
    assert hits_of(code, data | {"url": HL7}) == [("warning", "/concept/1")]
    assert hits_of(code, data) == []
    absent = having(concept("A", **short, **{f"_{element}": {"extension": []}}), url=HL7)
    assert hits_of(code, absent) == []


@pytest.mark.parametrize("version", VERSIONS)
def test_properties_are_declared(version: str) -> None:
    data = having(concept("A", ("inactive", "Boolean", True), ("colour", "String", "green")))
    assert codes_of(data, version) == [("CON023", "warning", "/concept/0/property/1/code")]
    by_uri = having(concept("A", (PREFIX + "inactive", "Boolean", True)))
    assert codes_of(by_uri, version) == []
    faulty = [{"code": ["colour"]}, {"valueString": "green"}, {"code": ""}, "colour"]
    assert codes_of(having(concept("A", property=faulty)), version) == []


def test_an_undeclared_property_is_told_once_with_the_number_of_its_uses() -> None:
    thrice = [concept(each, ("colour", "String", "green")) for each in "ABC"]
    assert hits_of("CON023", having(*thrice)) == [("warning", "/concept/0/property/0/code")]
    assert "concepts use it 3 times" in messages_of("CON023", having(*thrice))[0]
    assert "concepts use it once" in messages_of("CON023", having(thrice[0]))[0]


def test_where_no_value_of_a_property_is_a_code_that_is_told_once() -> None:
    foreign = [concept(each, ("colour", "Code", f"x{each}")) for each in "ABC"]
    data = having(*foreign, property=[COLOUR])
    assert hits_of("CON025", data) == [("warning", "/concept/0/property/0/valueCode")]
    assert "nor is any other of its 3 values" in messages_of("CON025", data)[0]
    one_right = having(*foreign, concept("D", ("colour", "Code", "A")), property=[COLOUR])
    assert len(hits_of("CON025", one_right)) == 3
    assert "nor is any other" not in messages_of("CON025", one_right)[0]


@pytest.mark.parametrize("version", VERSIONS)
def test_values_have_the_declared_type(version: str) -> None:
    data = having(concept("A", ("inactive", "Boolean", True), ("inactive", "String", "yes")))
    assert codes_of(data, version) == [("CON024", "error", "/concept/0/property/1/valueString")]
    twice = {"code": "inactive", "valueString": "yes", "valueBoolean": True}
    assert hits_of("CON024", having(concept("A", property=[twice])), version) == []
    data["property"] = [{"code": "inactive", "type": "bool"}]
    assert hits_of("CON024", data, version) == []


PARENT = {"code": "parent", "uri": PREFIX + "parent", "type": "code"}
COLOUR = {"code": "colour", "uri": OWN + "colour", "type": "code"}


@pytest.mark.parametrize(("declared", "severity"), [(PARENT, "error"), (COLOUR, "warning")])
def test_codes_that_properties_name_are_codes_of_the_system(declared: dict[str, Any], severity: str) -> None:
    name = declared["code"]
    linked = [concept(each, (name, "Code", value)) for each, value in (("A", "D"), ("B", "A"), ("C", "D"))]
    data = having(*linked, property=[declared])
    assert hits_of("CON025", data) == [(severity, "/concept/0/property/0/valueCode")]
    assert hits_of("CON025", having(*linked, concept("D"), property=[declared])) == []
    assert hits_of("CON025", data | {"content": "supplement", "supplements": OWN}) == []


def test_codes_with_a_value_set_of_their_own_are_others() -> None:
    extension = "http://hl7.org/fhir/StructureDefinition/codesystem-property-valueset"
    declared = COLOUR | {"extension": [{"url": extension, "valueCanonical": OWN}]}
    data = having(concept("A", ("colour", "Code", "green")), property=[declared])
    assert codes_of(data) == []
    status = {"code": "status", "uri": PREFIX + "status", "type": "code"}
    assert codes_of(having(concept("A", ("status", "Code", "active")), property=[status])) == []


def test_a_synonym_is_a_code() -> None:
    data = having(concept("A", ("synonym", "Code", "B"), ("synonym", "Code", "A")))
    assert hits_of("CON026", data) == [("warning", "/concept/0/property/0/valueCode")]
    declared = {"code": "synonym", "uri": PREFIX + "synonym", "type": "code"}
    assert codes_of(data | {"property": [declared]}) == [
        ("CON025", "error", "/concept/0/property/0/valueCode")
    ]


@pytest.mark.parametrize(
    ("resource", "designation", "found"),
    [
        (None, {"value": "b"}, True),
        ("en", {"value": "b"}, True),
        ("en", {"value": "b", "language": "en"}, True),
        ("en", {"value": "b", "language": "de"}, False),
        (None, {"value": "b", "language": "en"}, False),
        (None, {"value": "a"}, False),
        (None, {"value": "b", "use": {"code": "x"}}, False),
    ],
)
def test_designations_without_use_are_the_display(
    resource: str | None, designation: dict[str, Any], *, found: bool
) -> None:
    data = having(concept("A", display="a", designation=[designation]), language=resource)
    assert hits_of("CON027", data) == ([("warning", "/concept/0/designation/0")] if found else [])


KEYS = (
    "code", "display", "concept", "property", "designation", "valueCode", "valueString", "language", "use",
    "additionalUse", "value", "type", "uri",
)  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(0, 3) | st.sampled_from(["a", "A", "b", "parent", "child", ""]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=15,
)


@given(
    st.fixed_dictionaries(
        {"concept": JSON | st.lists(JSON, max_size=4)},
        optional={
            "property": st.lists(JSON, max_size=2),
            "url": JSON,
            "content": JSON,
            "language": JSON,
            "caseSensitive": st.booleans(),
        },
    ),
    st.sampled_from(VERSIONS),
)
def test_whatever_the_json_no_rule_raises(data: dict[str, Any], version: str) -> None:
    subject = Subject({"resourceType": "CodeSystem", **data}, version=version, today="2026-01-01")
    for rule in RULES:
        for each in rule.check(subject):
            assert rule.message.format(**each.facts)
            assert rule.hint.format(**each.facts)
            assert isinstance(rule.severity_of(each, version), Severity)


def tree(codes: st.SearchStrategy[str]) -> st.SearchStrategy[list[dict[str, Any]]]:
    leaf = st.fixed_dictionaries({"code": codes})
    return st.lists(
        st.recursive(
            leaf,
            lambda inner: st.fixed_dictionaries({"code": codes, "concept": st.lists(inner, max_size=3)}),
            max_leaves=6,
        ),
        max_size=4,
    )


def all_codes(concepts: list[dict[str, Any]]) -> list[str]:
    return [code for each in concepts for code in (each["code"], *all_codes(each.get("concept", [])))]


@given(tree(st.sampled_from("aAbcde")))
def test_as_many_codes_come_twice_as_a_recursive_count_says(concepts: list[dict[str, Any]]) -> None:
    codes = Counter(all_codes(concepts))
    found = hits_of("INV040", having(*concepts))
    assert len(found) == sum(codes.values()) - len(codes)


@given(tree(st.sampled_from("aAbBcC")))
def test_as_many_codes_differ_by_case_as_a_recursive_count_says(concepts: list[dict[str, Any]]) -> None:
    codes = set(all_codes(concepts))
    found = hits_of("CON020", having(*concepts, caseSensitive=False))
    assert len(found) == len(codes) - len({code.lower() for code in codes})
