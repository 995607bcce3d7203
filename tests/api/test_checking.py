"""What `check` takes and refuses."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from cli.pages import page

import termsmith
from termsmith.model.exact_decimal import ExactDecimal

SYSTEM: dict[str, Any] = {
    "resourceType": "CodeSystem",
    "id": "tea",
    "url": "http://tea.example/x",
    "version": "1",
    "name": "Tea",
    "title": "Tea",
    "status": "active",
    "experimental": False,
    "date": "2026-01-31",
    "publisher": "Tea Desk",
    "description": "Grades of tea.",
    "caseSensitive": True,
    "content": "complete",
    "count": 1,
    "property": [{"code": "weight", "description": "Weight in grams.", "type": "decimal"}],
    "concept": [{"code": "a", "display": "A", "definition": "The first."}],
}


def weighing(value: object) -> dict[str, Any]:
    concept = {**SYSTEM["concept"][0], "property": [{"code": "weight", "valueDecimal": value}]}
    return {**SYSTEM, "concept": [concept]}


@pytest.mark.parametrize("value", [1.5, 3, Decimal("1.50"), ExactDecimal("1.50")])
def test_numbers_of_any_kind_are_numbers(value: object) -> None:
    codes = {each.code for each in termsmith.check(weighing(value)).findings}
    assert codes == {"INV006", "CON009"}  # no narrative, and no URI for the property


def test_what_we_made_has_no_error() -> None:
    result = termsmith.convert(page("Tea").encode())
    assert all(termsmith.check(resource.data).ok for resource in result.resources)
    assert all(termsmith.check(each, fhir_version="R4").ok for each in result.to_dicts())


def deep() -> dict[str, Any]:
    made: dict[str, Any] = {}
    for _ in range(2_000):
        made = {"extension": [made]}
    return made


def ring() -> dict[str, Any]:
    made: dict[str, Any] = {}
    made["contained"] = [made]
    return made


@pytest.mark.parametrize(
    "more",
    [
        {"count": 2**70},
        {"count": float("nan")},
        {"count": Decimal("Infinity")},
        {"title": "\ud800"},
        {"title": b"Tea"},
        {1: "one"},
        deep(),
        ring(),
    ],
    ids=["integer", "nan", "infinite", "surrogate", "bytes", "key", "deep", "ring"],
)
def test_what_no_json_can_hold_is_named(more: dict[Any, Any]) -> None:
    with pytest.raises(termsmith.UsageError, match=r"USE007: the resource can't be JSON: "):
        termsmith.check({**SYSTEM, **more})


def test_nothing_to_check_is_no_success() -> None:
    Path("empty").mkdir()
    with pytest.raises(termsmith.SourceError, match=r"SRC005: nothing to check"):
        termsmith.check("empty")
    with pytest.raises(termsmith.SourceError, match=r"SRC005: nothing to upload"):
        termsmith.upload("http://127.0.0.1:9/fhir")


def test_a_dash_is_a_file_of_that_name() -> None:
    with pytest.raises(termsmith.SourceError, match=r"SRC001: \./-: no such file"):
        termsmith.check("-")
    Path("-").write_bytes(termsmith.render(termsmith.convert(page("Tea").encode()).resources[0]))
    assert termsmith.check("-").resources == {("NamingSystem", "R4"): 1}


def test_one_profile_may_be_named_by_itself() -> None:
    assert termsmith.check(SYSTEM, profiles="shareable") == termsmith.check(SYSTEM, profiles=["shareable"])


def test_a_configuration_excuses_where_it_is_named() -> None:
    broken = {**SYSTEM, "status": "none"}
    Path("termsmith.toml").write_text(
        '[[exceptions]]\nrule = "STR"\nplace = "*"\nreason = "known"\n', encoding="utf-8"
    )
    plain, excused = termsmith.check(broken), termsmith.check(broken, config="termsmith.toml")
    assert (plain.ok, plain.excused) == (False, 0)
    assert (excused.ok, excused.excused) == (True, 1)


def test_counts_of_a_report_are_copies() -> None:
    report = termsmith.check({**SYSTEM, "status": "none"})
    report.severities.clear()
    report.resources.clear()
    assert not report.ok
    assert report.severities[termsmith.Severity.ERROR] == 1
    assert report.resources.total() == 1
