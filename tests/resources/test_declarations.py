"""Properties, filters and the like that only the page states."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from termsmith.model.record import (
    FilterDeclaration,
    Property,
    Stated,
    TerminologyRecord,
)
from termsmith.resources.declarations import declared
from termsmith.resources.evidence import Leaf, default
from termsmith.resources.versions import FhirVersion

if TYPE_CHECKING:
    from termsmith.model.finding import Finding
    from termsmith.resources.evidence import Elements


def stated(value: str) -> Stated[str]:
    return Stated(value=value)


def plain(node: Any) -> Any:
    """Return elements as the values that their leaves have."""
    if isinstance(node, Leaf):
        return node.value
    if isinstance(node, dict):
        return {name: plain(each) for name, each in node.items() if each is not None}
    return [plain(each) for each in node]


RECORD = TerminologyRecord(
    properties=(
        Property(code=stated("heat"), type=stated("decimal")),
        Property(code=stated("garden"), type=stated("code")),
    ),
    filters=(FilterDeclaration(code=stated("garden"), operators=(stated("near"),), value=stated("x")),),
    hierarchy_meaning=stated("is-a"),
    implicit_value_set=stated("http://tea.example/vs"),
)


def made_with(content: str, **elements: Any) -> tuple[dict[str, Any], list[str]]:
    findings: list[Finding] = []
    about: Elements = {"content": default(content, "x"), **elements}
    made = plain(declared(RECORD, about, FhirVersion.R4, findings))
    return made, [finding.code for finding in findings]


def test_what_goes_with_the_content_goes_before_what_the_page_says() -> None:
    made, _ = made_with(
        "complete",
        hierarchyMeaning=default("part-of", "stated"),
        property=[{"code": default("heat", "a column"), "type": default("integer", "its values")}],
    )
    assert made["hierarchyMeaning"] == "part-of"
    assert made["property"] == [{"code": "heat", "type": "integer"}, {"code": "garden", "type": "code"}]


def test_a_filter_that_keeps_no_operator_is_no_filter() -> None:
    made, codes = made_with("not-present")
    assert made["filter"] == []
    assert made["hierarchyMeaning"] == "is-a"
    assert codes == ["RES022", "RES021"]


def test_the_value_set_waits_for_complete_content() -> None:
    assert made_with("complete")[0]["valueSet"] == "http://tea.example/vs"
    assert "valueSet" not in made_with("fragment")[0]
