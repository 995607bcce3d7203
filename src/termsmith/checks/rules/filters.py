"""The filters that a code system declares for value sets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from termsmith.checks.rule import CheckRule, Hit, hit
from termsmith.checks.structure.words import shown
from termsmith.model.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from termsmith.checks.subject import Subject

_SPEC = "https://hl7.org/fhir/R4/codesystem-definitions.html#CodeSystem.filter"


def _code_twice(subject: Subject) -> Iterator[Hit]:
    first: dict[str, str] = {}
    for pointer, data in subject.objects("filter"):
        code = data.get("code")
        if not isinstance(code, str):
            continue
        if code in first:
            yield hit(f"{pointer}/code", code=shown(code), first=first[code])
        else:
            first[code] = pointer


def _operator_twice(subject: Subject) -> Iterator[Hit]:
    for pointer, data in subject.objects("filter"):
        operators = data.get("operator")
        if not isinstance(operators, list):
            continue
        met: set[str] = set()
        for index, operator in enumerate(operators):
            if not isinstance(operator, str):
                continue
            if operator in met:
                yield hit(f"{pointer}/operator/{index}", operator=shown(operator))
            met.add(operator)


RULES: tuple[CheckRule, ...] = (
    CheckRule(
        code="CON050",
        severity=Severity.ERROR,
        title="Filter declared twice",
        message="filter {code!r} is declared already at {first}, so value sets can't say which is meant",
        hint="Put the operators of both into one filter, or correct a code.",
        check=_code_twice,
        resources=("CodeSystem",),
        element="CodeSystem.filter.code",
        spec=f"{_SPEC}.code",
    ),
    CheckRule(
        code="CON051",
        severity=Severity.WARNING,
        title="Operator twice",
        message="operator {operator!r} is listed twice in this filter",
        hint="Remove one, or correct it, where another was meant.",
        check=_operator_twice,
        resources=("CodeSystem",),
        element="CodeSystem.filter.operator",
        spec=f"{_SPEC}.operator",
    ),
)
