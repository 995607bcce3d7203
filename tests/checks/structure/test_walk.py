"""The walk finds what the classes of fhir.resources refuse, and more; concepts in columns are the same walk."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.samples import TODAY, broken, code_system, hits_of, messages_of
from checks.structure.damages import damaged, sound
from termsmith.checks.checking import faults
from termsmith.checks.concepts import DEEPEST, concepts_of
from termsmith.checks.rule import Profile
from termsmith.checks.structure.concept_columns import _below, _one, concept_columns
from termsmith.checks.structure.walk import Walk
from termsmith.checks.subject import Subject
from termsmith.documents.reading import read_document
from termsmith.model.finding import Severity
from termsmith.resources.models import model_class
from termsmith.resources.versions import FhirVersion, version_table

KINDS = ["NamingSystem", "CodeSystem"]
VERSIONS = ["R4B", "R5"]


def refused(data: dict[str, Any], version: str) -> str | None:
    """Return why fhir.resources refuses a resource; nothing when it accepts it."""
    package = version_table(FhirVersion(version)).package
    try:
        model_class(package, data["resourceType"]).model_validate(data)
    except (ValueError, TypeError, AttributeError, KeyError, ArithmeticError) as error:
        return str(error)
    return None


def errors(data: dict[str, Any], version: str, *profiles: Profile) -> list[str]:
    subject = Subject(data, version=version, today=TODAY)
    return [
        rule.code
        for rule, hit in faults(subject, frozenset(profiles))
        if rule.severity_of(hit, version) is Severity.ERROR
    ]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("kind", KINDS)
def test_sound_resources_are_accepted_by_both(kind: str, version: str) -> None:
    data = sound(kind, version)
    assert refused(data, version) is None
    assert errors(data, version) == []


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("kind", KINDS)
@given(choices=st.data())
@settings(max_examples=250)
def test_whatever_fhir_resources_refuses_has_an_error(
    kind: str, version: str, choices: st.DataObject
) -> None:
    data = choices.draw(damaged(kind, version))
    why = refused(data, version)
    if why is not None:
        assert errors(data, version) != [], why


@pytest.mark.parametrize("version", VERSIONS)
@given(choices=st.data())
@settings(max_examples=150)
def test_concepts_in_columns_and_one_by_one_are_the_same(version: str, choices: st.DataObject) -> None:
    data = choices.draw(damaged("CodeSystem", version, most=4))
    concepts = concepts_of(data.get("concept"))
    together, alone = Walk(version), Walk(version)
    concept_columns(concepts, together)
    _below(concepts, alone)
    for index in range(len(concepts)):
        _one(concepts, index, alone)
    assert found(together) == found(alone)


def found(walk: Walk) -> tuple[Any, Any]:
    anatomy = walk.anatomy()
    wrong = {
        code: sorted((hit.pointer, sorted(map(str, hit.facts.items()))) for hit in hits)
        for code, hits in anatomy.faults.items()
    }
    texts = {
        kind: sorted(
            (column.pointer(index), value) for column in columns for index, value in enumerate(column.values)
        )
        for kind, columns in anatomy.texts.items()
    }
    return wrong, {kind: values for kind, values in texts.items() if values}


def test_a_resource_in_another_says_what_it_is() -> None:
    contained = sound("CodeSystem", "R5") | {"contained": [{"id": "x"}]}
    assert "STR014" in errors(contained, "R5")
    contained["contained"] = [{"resourceType": "ValueSet", "id": "x", "status": "active"}]
    contained["valueSet"] = "#x"
    assert "STR014" not in errors(contained, "R5")


@pytest.mark.parametrize(("levels", "too_deep"), [(DEEPEST, False), (DEEPEST + 1, True)])
def test_concepts_are_read_down_to_a_limit(levels: int, too_deep: bool) -> None:  # noqa: FBT001  near miss
    data = sound("CodeSystem", "R5")
    concept: dict[str, Any] = {"code": "c0", "display": "0"}
    for number in range(1, levels):
        concept = {"code": f"c{number}", "display": str(number), "concept": [concept]}
    data["concept"], data["count"] = [concept], levels
    assert ("STR016" in errors(data, "R5")) is too_deep


def test_fhir_resources_is_asked_where_the_profile_says_so() -> None:
    data = sound("NamingSystem", "R5")
    assert errors(data, "R5", Profile.FHIR_RESOURCES) == []
    assert "STR018" not in errors(data | {"status": 7}, "R5", Profile.FHIR_RESOURCES)


@pytest.mark.parametrize(("number", "refused"), [(1e40, False), (float("inf"), True)])
def test_what_only_the_classes_refuse_is_told_where_they_are_asked(number: float, refused: bool) -> None:  # noqa: FBT001  expected
    # No file holds such a number, so the walk has no rule about it.
    context = {"code": {"system": "https://a.net", "code": "x"}, "valueQuantity": {"value": number}}
    data = sound("CodeSystem", "R5") | {"useContext": [context]}
    assert errors(data, "R5") == []
    assert errors(data, "R5", Profile.FHIR_RESOURCES) == (["STR018"] if refused else [])


@pytest.mark.parametrize("version", ["R4", "R4B", "R5"])
def test_an_id_beside_no_value_is_no_content(version: str) -> None:
    data = {key: value for key, value in code_system().items() if key != "date"}
    assert hits_of("STR009", {**data, "_date": {"id": "x"}}, version) == [("error", "/_date")]
    assert hits_of("STR009", {**data, "date": "2024", "_date": {"id": "x"}}, version) == []


def test_in_a_list_an_id_needs_a_value_beside_it_too() -> None:
    profile = "https://tea.example.net/profile"
    meta = {"profile": [profile, None], "_profile": [{"id": "x"}, {"id": "y"}]}
    assert hits_of("STR009", code_system(meta=meta)) == [("error", "/meta/_profile/1")]


@pytest.mark.parametrize(
    ("kind", "code"),
    [("Banana", "STR022"), ("Address", "STR022"), ("patient", "STR022"), ("Patient", "STR015")],
)
def test_a_contained_resource_has_a_type_of_the_release(kind: str, code: str) -> None:
    data = code_system(contained=[{"resourceType": kind, "id": "x"}])
    found = [each for each, *_ in broken(data) if each in {"STR015", "STR022"}]
    assert found == [code]


def test_what_all_resources_have_is_looked_at_in_a_contained_one_of_any_type() -> None:
    inner = {
        "resourceType": "Patient",
        "id": "#o",
        "meta": {"lastUpdated": "soon"},
        "language": 7,
        "gender": 7,
    }
    data = code_system(contained=[inner])
    assert [pointer for _, pointer in hits_of("DTY002", data)] == ["/contained/0/id"]
    assert [pointer for _, pointer in hits_of("DTY007", data)] == ["/contained/0/meta/lastUpdated"]
    assert [pointer for _, pointer in hits_of("STR004", data)] == ["/contained/0/language"]


@pytest.mark.parametrize(
    ("element", "said"),
    [
        (
            '<experimental value="1"/>',
            "experimental has FHIR type boolean, which is true or false; this is '1'",
        ),
        (
            '<experimental value="True"/>',
            "experimental has FHIR type boolean, which is true or false; this is 'True', with capital letters",
        ),
        (
            '<count value="01"/>',
            "count has FHIR type unsignedInt, which is a whole number from 0; this is '01', which has a leading zero",
        ),
        (
            '<count value=" 1"/>',
            "count has FHIR type unsignedInt, which is a whole number from 0; this is ' 1', with white space around it",
        ),
    ],
)
def test_what_is_wrong_in_xml_is_told_in_its_words(element: str, said: str) -> None:
    text = f'<CodeSystem xmlns="http://hl7.org/fhir"><status value="draft"/>{element}</CodeSystem>'
    (resource,) = read_document(text.encode(), "tea.xml").resources
    assert messages_of("STR004", dict(resource.data), "R4") == [said]


def test_what_is_wrong_in_json_is_told_in_its_words() -> None:
    assert messages_of("STR004", code_system(experimental="1")) == [
        "experimental has FHIR type boolean, which is true or false in JSON; this is the string '1'"
    ]
