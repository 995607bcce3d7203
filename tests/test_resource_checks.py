"""The last stage of a conversion: what is no valid FHIR is not written, and says why."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import pytest
from resources.samples import Words, colours, options

from termsmith.model.finding import Severity
from termsmith.model.record import Paragraph
from termsmith.resource_checks import CheckedResources, check_resources
from termsmith.resources.build import build

if TYPE_CHECKING:
    from termsmith.model.record import TerminologyRecord
    from termsmith.resources.options import BuildOptions

TODAY = "2026-02-03"


def checked(record: TerminologyRecord, wanted: BuildOptions | None = None) -> CheckedResources:
    wanted = wanted or options()
    made = build(record, wanted)
    return check_resources(made.resources, made.evidence, fhir_version=wanted.fhir_version.value, today=TODAY)


def errors(result: CheckedResources) -> list[tuple[str, str | None, str]]:
    return [(f.code, f.element, f.message) for f in result.findings if f.severity is Severity.ERROR]


def test_sound_resources_go_on() -> None:
    result = checked(colours())
    assert [each.type for each in result.sound] == ["NamingSystem", "CodeSystem"]
    assert errors(result) == []


def test_a_date_that_is_none_is_refused_at_its_words() -> None:
    date = Words(printed=60).stated("2021-13")
    result = checked(replace(colours(), date=date))
    assert result.sound == ()
    assert [(code, element) for code, element, _ in errors(result)] == [
        ("DTY007", "NamingSystem.date"),
        ("RES008", "NamingSystem"),
        ("DTY007", "CodeSystem.date"),
        ("RES008", "CodeSystem"),
    ]
    assert result.findings[0].place == date.spans[0].place


def test_words_that_went_into_both_resources_are_told_once() -> None:
    words = Words(printed=60).stated("A tea\u00e2\u20ac\u2122s colour")
    paragraph = Paragraph(topic="description", text=words)
    result = checked(replace(colours(), description=(paragraph,)))
    assert [(f.code, f.element) for f in result.findings if f.code == "DTY070"] == [
        ("DTY070", "NamingSystem.description")
    ]


def test_a_refused_naming_system_leaves_the_code_system() -> None:
    result = checked(replace(colours(), identifiers=()))
    assert [each.type for each in result.sound] == ["CodeSystem"]
    assert errors(result) == [
        ("STR003", "NamingSystem", "NamingSystem lacks uniqueId, which is required"),
        (
            "RES008",
            "NamingSystem",
            "NamingSystem/colour-codes is not written, as it would be no valid FHIR (STR003)",
        ),
    ]


@pytest.mark.parametrize("accepted", [True, False])
def test_the_classes_of_fhir_resources_say_the_same(accepted: bool) -> None:  # noqa: FBT001  two cases
    record = colours() if accepted else replace(colours(), date=Words(printed=60).stated("2021-13"))
    sound = checked(record).sound
    for resource in build(record, options()).resources:
        make = partial(getattr, resource, "model")
        if accepted:
            assert type(make()).__name__ == resource.type
        else:
            with pytest.raises(ValueError, match="date"):
                make()
    assert len(sound) == (2 if accepted else 0)
