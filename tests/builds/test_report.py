"""What a report makes of findings in several releases."""

from __future__ import annotations

from pathlib import Path

import pytest

from termsmith import catalogue
from termsmith.builds.report import BuildReport, BuiltRelease, BuiltSource
from termsmith.errors import SourceError
from termsmith.model.finding import Finding, Severity
from termsmith.model.place import Place


def finding(line: int, severity: Severity = Severity.WARNING, text: str = "Draft") -> Finding:
    place = Place(source="tea.txt", line=line, column=1)
    return catalogue.LEFTOVER.found(place=place, severity=severity, text=text, why="")


def report(*releases: tuple[Finding, ...], errors: tuple[SourceError, ...] = ()) -> BuildReport:
    return BuildReport(
        folder=Path(),
        check=False,
        errors=errors,
        releases=tuple(
            BuiltRelease(
                fhir_version="R4",
                converted=1,
                files=(),
                sources=(BuiltSource(source="tea.txt", findings=findings),),
            )
            for findings in releases
        ),
    )


def test_the_same_fault_at_two_places_is_told_twice_but_not_for_each_release() -> None:
    first, second, other = finding(1), finding(2), finding(3, text="Other")
    assert report((first, second), (first, other, second)).findings == (first, second, other)


@pytest.mark.parametrize(
    ("made", "ok"),
    [
        (report(), True),
        (report((finding(1),)), True),
        (report((finding(1),), (finding(1), finding(2, Severity.ERROR))), False),
        (report(errors=(SourceError("SRC001", "gone", "Check."),)), False),
    ],
    ids=["nothing", "warning", "error", "unreadable"],
)
def test_a_report_is_fine_without_errors_of_any_kind(made: BuildReport, ok: bool) -> None:  # noqa: FBT001
    assert made.ok is ok
