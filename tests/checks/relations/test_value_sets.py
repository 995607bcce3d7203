from __future__ import annotations

from typing import Any

import pytest

from checks.relations.sets import broken_together
from checks.samples import code_system

URI = "https://tea.example.net/grades"
ALL = "https://tea.example.net/all-grades"


def value_set(*includes: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {
        "resourceType": "ValueSet",
        "id": "all",
        "url": ALL,
        "version": "1",
        "compose": {"include": list(includes)},
        **changes,
    }


@pytest.mark.parametrize("reference", [ALL, f"{ALL}|1"])
def test_a_value_set_of_all_codes_breaks_no_rule(reference: str) -> None:
    codes = [{"code": code} for code in ("OP", "FOP", "P")]
    whole = value_set({"system": URI}, expansion={"contains": codes})
    assert broken_together(code_system(valueSet=reference), whole) == []


@pytest.mark.parametrize(
    ("found", "code"),
    [
        (value_set(), "REL030"),
        (value_set() | {"compose": None}, "REL030"),
        (value_set({"system": URI}, {"system": URI}), "REL030"),
        (value_set({"system": "https://other.example.net"}), "REL031"),
        (value_set({"valueSet": ["https://other.example.net"]}), "REL031"),
        (value_set({"system": URI, "concept": [{"code": "OP"}]}), "REL032"),
        (value_set({"system": URI, "filter": []}), "REL032"),
        (value_set({"system": URI}, expansion={"contains": [{"code": "OP"}]}), "REL033"),
    ],
)
def test_a_value_set_has_all_codes_of_the_system(found: dict[str, Any], code: str) -> None:
    assert broken_together(code_system(valueSet=ALL), found) == [(code, "error", "0.json", "/valueSet")]


def test_other_value_sets_do_not_matter() -> None:
    assert broken_together(code_system(valueSet=f"{ALL}|2"), value_set()) == []
    assert broken_together(code_system(valueSet="https://other.example.net"), value_set()) == []


def test_an_expansion_has_another_size_than_a_fragment() -> None:
    fragment = code_system(content="fragment", count=None, valueSet=ALL)
    assert broken_together(fragment, value_set({"system": URI}, expansion={"contains": []})) == []


OWN = "http://hl7.org/fhir/StructureDefinition/codesystem-property-valueset"
COLOURS = "https://tea.example.net/colours"


def coloured(*colours: str, named: str = ALL, kind: str = "code") -> dict[str, Any]:
    """Return a code system with the colours of its concepts, whose value set is named."""
    declared = {"extension": [{"url": OWN, "valueCanonical": named}], "code": "colour", "type": kind}
    concepts = [
        {"code": f"c{index}", "property": [{"code": "colour", "valueCode": colour}]}
        for index, colour in enumerate(colours)
    ]
    return code_system(property=[declared], concept=concepts, count=len(concepts))


def colours(**changes: Any) -> dict[str, Any]:
    listed = [{"code": "green"}, {"code": "black"}]
    return (
        code_system(id="colours", url=COLOURS, identifier=None, property=None, concept=listed, count=2)
        | changes
    )


@pytest.mark.parametrize(
    "include", [{"system": COLOURS}, {"system": COLOURS, "concept": [{"code": "green"}, {"code": "black"}]}]
)
def test_values_of_a_property_are_codes_of_its_value_set(include: dict[str, Any]) -> None:
    others = (value_set(include), colours())
    assert broken_together(coloured("green", "black", "green"), *others) == []
    assert broken_together(coloured("green", "blue", "blue"), *others) == [
        ("REL034", "error", "0.json", "/concept/1/property/0/valueCode")
    ]


@pytest.mark.parametrize(
    ("found", "system"),
    [
        (value_set({"system": COLOURS, "filter": [{"property": "a", "op": "=", "value": "b"}]}), colours()),
        (value_set({"system": COLOURS}), colours(content="fragment", count=9)),
        (
            value_set({"system": COLOURS}, compose={"include": [{"system": COLOURS}], "exclude": []}),
            colours(),
        ),
        (value_set({"system": "https://other.example.net"}), colours()),
        (value_set({"valueSet": ["https://other.example.net"]}), colours()),
        (value_set(), colours()),
    ],
    ids=["filter", "fragment", "exclude", "system elsewhere", "imported", "nothing included"],
)
def test_nothing_is_said_where_the_codes_of_a_value_set_cannot_be_told(
    found: dict[str, Any], system: dict[str, Any]
) -> None:
    assert broken_together(coloured("blue"), found, system) == []


@pytest.mark.parametrize(
    ("named", "severity"),
    [
        ("https://other.example.net/colours", "warning"),
        (f"{ALL}|2", "warning"),
        ("http://hl7.org/fhir/ValueSet/colours", "information"),
    ],
)
def test_a_value_set_that_is_not_at_hand_is_told(named: str, severity: str) -> None:
    found = broken_together(coloured("blue", named=named), value_set({"system": COLOURS}))
    assert found == [("REL035", severity, "0.json", "/property/0/extension/0/valueCanonical")]
    assert broken_together(coloured("blue", named=named, kind="Coding")) == []
