"""Known exceptions: what they cover, and what is said of those that cover nothing."""

from __future__ import annotations

import pytest

from termsmith.checks.exceptions import excuse
from termsmith.model.checked import CheckedResource, CheckedSource
from termsmith.model.finding import Finding, Rule, Severity
from termsmith.settings import KnownException

TODAY = "2026-06-30"


def rule(code: str) -> Rule:
    return Rule(code=code, severity=Severity.WARNING, title="", message="", hint="")


def finding(code: str, element: str, pointer: str = "") -> Finding:
    return Finding(
        rule=rule(code),
        message=code,
        hint="",
        place=None,
        element=element,
        severity=Severity.WARNING,
        pointer=pointer,
    )


SOURCE = CheckedSource(
    source="vocabulary/tea.json",
    resources=(
        CheckedResource(
            type="NamingSystem", id="tea", pointer="", fhir_version="R4", version_reason="default"
        ),
    ),
    findings=(
        finding("NAM001", "NamingSystem.uniqueId[2].value", "/uniqueId/2/value"),
        finding("NAM003", "NamingSystem.uniqueId[0].value", "/uniqueId/0/value"),
        finding("NAR001", "NamingSystem.text", "/text"),
    ),
)


def known(code: str, place: str, expires: str | None = None) -> KnownException:
    return KnownException(
        rule=code, place=place, reason="agreed", expires=expires, source="termsmith.toml", line=3
    )


@pytest.mark.parametrize(
    ("code", "place", "covered"),
    [
        ("NAM001", "vocabulary/tea.json", ["NAM001"]),
        ("NAM001", "vocabulary/*", ["NAM001"]),
        ("NAM", "NamingSystem/tea", ["NAM001", "NAM003"]),
        ("NAM001", "NamingSystem/tea#uniqueId[2].value", ["NAM001"]),
        ("NAM", "NamingSystem/*#uniqueId[*].value", ["NAM001", "NAM003"]),
        ("NAM001", "NamingSystem/tea#uniqueId[1].value", []),
        ("NAM001", "CodeSystem/tea", []),
        ("NAM001", "other.json", []),
        ("NAM002", "vocabulary/tea.json", []),
    ],
)
def test_an_exception_covers_its_rule_at_its_place(code: str, place: str, covered: list[str]) -> None:
    first, *_ = excuse([SOURCE], [known(code, place)], TODAY)
    assert [each.finding.code for each in first.excused] == covered
    assert [each.reason for each in first.excused] == ["agreed"] * len(covered)
    assert [each.code for each in first.findings] == [
        each.code for each in SOURCE.findings if each.code not in covered
    ]


@pytest.mark.parametrize(
    ("expires", "covers"), [(None, True), ("2026-06-30", True), ("2026-07-01", True), ("2026-06-29", False)]
)
def test_it_holds_up_to_its_last_day(expires: str | None, covers: bool) -> None:  # noqa: FBT001  expected
    first, *others = excuse([SOURCE], [known("NAM001", "NamingSystem/tea", expires)], TODAY)
    assert bool(first.excused) is covers
    told = [each.code for source in others for each in source.findings]
    assert told == ([] if covers else ["EXC001"])


def test_one_that_excuses_nothing_is_told_where_its_place_was_checked() -> None:
    _, about = excuse(
        [SOURCE], [known("DTY001", "NamingSystem/tea"), known("DTY001", "NamingSystem/gone")], TODAY
    )
    assert [(each.code, each.place and each.place.line) for each in about.findings] == [("EXC002", 3)]
    assert about.source == "termsmith.toml"
