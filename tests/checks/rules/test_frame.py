from __future__ import annotations

import pytest

from checks.samples import hits_of, naming_system

ID = {"type": "uri", "value": "https://tea.example.net/grades", "preferred": True}


@pytest.mark.parametrize(
    ("start", "end", "wrong_in"),
    [
        ("2024-01-02", "2024-01-01", {"R4", "R4B", "R5"}),
        ("2024-02", "2024-01", {"R4", "R4B", "R5"}),
        ("2024-01-01", "2024-01-01", set()),
        ("2024-01-01", "2024-01-02", set()),
        ("2024-05-03", "2024-05", {"R4", "R4B"}),  # the end may be the 31st, which R4 can't tell
        ("2024-06-03", "2024-05", {"R4", "R4B", "R5"}),
        ("2024-05-01T10:00:00Z", "2024-05-01T09:00:00Z", {"R4", "R4B", "R5"}),
        ("2024-05-01T10:00:00+02:00", "2024-05-01T09:00:00Z", set()),
        ("2024-05-01T10:00:00Z", "2024-05-01", {"R4", "R4B"}),
        ("2024-02-30", "2024-02-31", set()),
        ("x", "2024", set()),
    ],
)
@pytest.mark.parametrize("version", ["R4", "R4B", "R5"])
def test_a_period_does_not_end_before_it_starts(
    start: str, end: str, wrong_in: set[str], version: str
) -> None:
    resource = naming_system(version, uniqueId=[{**ID, "period": {"start": start, "end": end}}])
    expected = [("error", "/uniqueId/0/period")] if version in wrong_in else []
    assert hits_of("INV011", resource, version) == expected


@pytest.mark.parametrize(
    ("version", "severity"), [("R4", "warning"), ("R4B", "warning"), ("R5", "information")]
)
def test_a_resource_without_narrative_is_told(version: str, severity: str) -> None:
    assert hits_of("INV006", naming_system(version), version) == [(severity, "")]
    text = {"status": "generated", "div": '<div xmlns="http://www.w3.org/1999/xhtml">Tea</div>'}
    assert hits_of("INV006", naming_system(version, text=text), version) == []
