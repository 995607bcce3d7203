from __future__ import annotations

from typing import Any

import pytest

from checks.relations.sets import broken_together, digests, messages
from checks.samples import TODAY, code_system
from termsmith.checks.relations.checking import supplement_faults, supplement_finding, supplement_pairs
from termsmith.checks.subject import Subject

URI = "https://tea.example.net/grades"


def supplement(**changes: Any) -> dict[str, Any]:
    """Return a supplement of the sample code system that adds a designation."""
    return {
        "resourceType": "CodeSystem",
        "id": "tea-de",
        "url": "https://tea.example.net/grades-de",
        "status": "active",
        "content": "supplement",
        "supplements": URI,
        "concept": [{"code": "FOP", "designation": [{"language": "de", "value": "Blattspitzen"}]}],
        **changes,
    }


def of_content(supplement: dict[str, Any], base: dict[str, Any]) -> list[tuple[str, str, str]]:
    one, other = (Subject(data, version="R5", today=TODAY) for data in (supplement, base))
    findings = [supplement_finding(fault, one) for fault in supplement_faults(one, other)]
    return [(finding.code, finding.severity.value, finding.pointer or "") for finding in findings]


def test_a_good_supplement_breaks_no_rule() -> None:
    assert broken_together(code_system(), supplement()) == []
    assert of_content(supplement(), code_system()) == []


@pytest.mark.parametrize("reference", [URI, f"{URI}|1.0.0"])
def test_a_base_is_found_by_url_and_version(reference: str) -> None:
    assert broken_together(supplement(supplements=reference), code_system()) == []
    found = list(supplement_pairs(digests(supplement(supplements=reference), code_system())))
    assert [(one.id, base.id) for one, base in found] == [("tea-de", "tea")]


@pytest.mark.parametrize("reference", ["https://other.example.net", f"{URI}|2.0.0"])
def test_a_supplement_needs_its_base(reference: str) -> None:
    missing = supplement(supplements=reference)
    assert broken_together(code_system(), missing) == [("REL020", "warning", "1.json", "/supplements")]
    assert broken_together(code_system(), missing | {"concept": []}) == []


def test_a_supplement_of_itself_is_not_told_that_its_base_is_missing() -> None:
    assert (
        broken_together(supplement(url="https://tea.example.net/x", supplements="https://tea.example.net/x"))
        == []
    )


def test_a_base_needs_concepts() -> None:
    base = code_system(content="not-present", concept=None, count=None)
    assert broken_together(base, supplement()) == [("REL020", "warning", "1.json", "/supplements")]
    assert "(CodeSystem/tea in 0.json) has no concepts" in messages(base, supplement())[0]
    assert list(supplement_pairs(digests(base, supplement()))) == []


def test_a_supplement_keeps_the_meaning_of_the_hierarchy() -> None:
    other = supplement(hierarchyMeaning="part-of")
    assert broken_together(code_system(), other) == [("REL021", "error", "1.json", "/hierarchyMeaning")]
    assert broken_together(code_system(), supplement(hierarchyMeaning="is-a")) == []
    assert broken_together(code_system(hierarchyMeaning=None), other) == []


def test_a_supplement_counts_the_concepts_of_its_base() -> None:
    assert broken_together(code_system(), supplement(count=1)) == [("REL022", "error", "1.json", "/count")]
    assert broken_together(code_system(), supplement(count=3)) == []
    assert "states none" in messages(code_system(count=None), supplement(count=1))[0]


@pytest.mark.parametrize(
    ("mine", "of_base", "problem"),
    [
        ("https://tea.example.net/all", None, "but CodeSystem/tea in 0.json has none"),
        ("https://tea.example.net/all", "https://tea.example.net/other", "https://tea.example.net/other"),
    ],
)
def test_a_supplement_has_no_value_set_but_that_of_its_base(
    mine: str, of_base: str | None, problem: str
) -> None:
    resources = code_system(valueSet=of_base), supplement(valueSet=mine)
    assert broken_together(*resources) == [("REL023", "warning", "1.json", "/valueSet")]
    assert problem in messages(*resources)[0]
    assert broken_together(code_system(valueSet=mine), supplement(valueSet=mine)) == []


def test_a_value_set_can_not_be_compared_without_the_base() -> None:
    found = broken_together(supplement(valueSet="https://tea.example.net/all", concept=[]))
    assert found == [("REL023", "warning", "0.json", "/valueSet")]


@pytest.mark.parametrize(("content", "severity"), [("complete", "error"), ("fragment", "warning")])
def test_a_supplement_adds_no_codes(content: str, severity: str) -> None:
    nested = supplement(concept=[{"code": "OP", "concept": [{"code": "XOP"}, {"code": "FOP"}]}])
    assert of_content(nested, code_system(content=content)) == [
        ("REL024", severity, "/concept/0/concept/0/code")
    ]


def test_codes_can_not_be_unknown_where_the_base_has_none() -> None:
    assert of_content(supplement(), code_system(concept=None)) == []


def test_displays_of_one_language_agree() -> None:
    other = supplement(concept=[{"code": "FOP", "display": "Flowery"}])
    assert of_content(other, code_system()) == [("REL025", "information", "/concept/0/display")]
    same = supplement(concept=[{"code": "FOP", "display": "Flowery Orange Pekoe"}])
    assert of_content(same, code_system()) == []
    assert of_content(other | {"language": "de"}, code_system()) == []


@pytest.mark.parametrize(
    "concept", [None, 1, [None, 1, {}, {"code": 1, "display": 2}, {"code": "X", "display": []}]]
)
def test_concepts_of_any_form_are_compared(concept: object) -> None:
    odd = supplement(concept=concept)
    of_content(odd, code_system())
    of_content(supplement(), code_system(concept=concept))
