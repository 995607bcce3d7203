"""Invariants of datatypes that stand in use contexts, related artifacts and extensions.

Most ask which parts go together; such a rule is a row of the table below.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeAlias

from termsmith.checks.rule import CheckRule, Hit, Invariant, hit
from termsmith.checks.structure.words import shown
from termsmith.model.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from termsmith.checks.subject import Subject

    Test: TypeAlias = Callable[[Mapping[str, Any]], str | None]
    """Returns what is wrong with an object, and nothing where all is well."""

_DATATYPES = "https://hl7.org/fhir/R4/datatypes.html"
_METADATA = "https://hl7.org/fhir/R4/metadatatypes.html"
_UCUM = "http://unitsofmeasure.org"
_VERSIONS = ("R4", "R4B", "R5")
_QUANTITIES = ("Quantity", "Age", "Count", "Distance", "Duration")
_MEALS = frozenset({"C", "CM", "CD", "CV"})
_VARIABLE = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}", re.ASCII)


def _has(data: Mapping[str, Any], name: str) -> bool:
    """Tell whether an object has an element, if only an extension in its place; of a choice, any of it."""
    if name.endswith("[x]"):
        start = name.removesuffix("[x]")
        return any(re.fullmatch(rf"_?{start}[A-Z]\w*", key) for key in data)
    return name in data or f"_{name}" in data


def _needs(name: str, other: str) -> Test:
    def test(data: Mapping[str, Any]) -> str | None:
        return f"it has {name}, but no {other}" if _has(data, name) and not _has(data, other) else None

    return test


def _not_both(name: str, other: str) -> Test:
    def test(data: Mapping[str, Any]) -> str | None:
        return f"it has both {name} and {other}" if _has(data, name) and _has(data, other) else None

    return test


def _one_of(name: str, other: str) -> Test:
    def test(data: Mapping[str, Any]) -> str | None:
        if _has(data, name) != _has(data, other):
            return None
        return f"it has both {name} and {other}" if _has(data, name) else f"it has neither {name} nor {other}"

    return test


def _any_of(name: str, other: str) -> Test:
    def test(data: Mapping[str, Any]) -> str | None:
        has_one = _has(data, name) or _has(data, other)
        return None if has_one else f"it has neither {name} nor {other}"

    return test


def _not_negative(name: str) -> Test:
    def test(data: Mapping[str, Any]) -> str | None:
        value = _number(data, name)
        return f"{name} is {value}, and can't be below 0" if value is not None and value < 0 else None

    return test


def _number(data: Mapping[str, Any], name: str) -> float | None:
    value = data.get(name)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _in_ucum(data: Mapping[str, Any]) -> str | None:
    """Look at what ages, counts and distances ask of their unit."""
    if _has(data, "value") and not _has(data, "code"):
        return "it has a value, but no code of its unit"
    return "the system of its unit is not UCUM" if data.get("system", _UCUM) != _UCUM else None


def _age(data: Mapping[str, Any]) -> str | None:
    value = _number(data, "value")
    if value is not None and value <= 0:
        return f"it is {value}, and can't be 0 or below"
    return _in_ucum(data)


def _count(data: Mapping[str, Any]) -> str | None:
    value = _number(data, "value")
    if data.get("code", "1") != "1":
        return f"the code of its unit is {shown(data['code'])!r}, and can only be '1'"
    if value is not None and "." in repr(value):
        return f"it is {value!r}, which is no whole number"
    return _in_ucum(data)


def _duration(data: Mapping[str, Any]) -> str | None:
    if not _has(data, "code"):
        return None
    if not _has(data, "value"):
        return "it has the code of a unit, but no value"
    return None if data.get("system") == _UCUM else "the system of its unit is not UCUM"


def _ratio(data: Mapping[str, Any]) -> str | None:
    upper, lower = _has(data, "numerator"), _has(data, "denominator")
    if upper != lower:
        return "it has only one of numerator and denominator"
    return None if upper or "extension" in data else "it has neither numerator nor denominator"


def _ratio_range(data: Mapping[str, Any]) -> str | None:
    upper, lower = _has(data, "lowNumerator") or _has(data, "highNumerator"), _has(data, "denominator")
    if upper != lower:
        return "it has no denominator" if upper else "it has a denominator, but no numerator"
    return None if upper or "extension" in data else "it has neither numerators nor denominator"


def _disordered(data: Mapping[str, Any], version: str) -> str | None:
    """Compare the ends of a range; those in different units can't be told apart here."""
    low, high = data.get("low"), data.get("high")
    if not isinstance(low, dict) or not isinstance(high, dict):
        return None
    units = [tuple(each.get(name) for name in ("system", "code", "unit")) for each in (low, high)]
    # R5 compares only what a unit of UCUM makes comparable.
    if units[0] != units[1] or (version == "R5" and units[0][:1] != (_UCUM,)):
        return None
    first, last = _number(low, "value"), _number(high, "value")
    if first is None or last is None or first <= last:
        return None
    return f"it goes from {first} to {last}"


def _offset(data: Mapping[str, Any]) -> str | None:
    if not _has(data, "offset"):
        return None
    when = data.get("when")
    listed = when if isinstance(when, list) else []
    meals = [each for each in listed if isinstance(each, str) and each in _MEALS]
    if meals:
        return f"it has an offset from {meals[0]!r}, which is a meal itself"
    return None if _has(data, "when") else "it has an offset, but no when"


def _trigger(data: Mapping[str, Any]) -> str | None:
    kind = data.get("type")
    if not isinstance(kind, str):
        return None
    needed = {"named-event": "name", "periodic": "timing[x]"}.get(kind)
    if kind.startswith("data-"):
        needed = "data"
    return (
        f"its type is {shown(kind)!r}, but it has no {needed}" if needed and not _has(data, needed) else None
    )


def _all_day(data: Mapping[str, Any]) -> str | None:
    stated = _has(data, "availableStartTime") or _has(data, "availableEndTime")
    return "it is for the whole day, but has times" if data.get("allDay") is True and stated else None


def _as_needed(data: Mapping[str, Any]) -> str | None:
    refused = data.get("asNeeded") is False and _has(data, "asNeededFor")
    return "it has asNeededFor, but asNeeded is false" if refused else None


def _variable(data: Mapping[str, Any]) -> str | None:
    name = data.get("name")
    if not isinstance(name, str) or _VARIABLE.fullmatch(name):
        return None
    return f"its name is {shown(name)!r}, which no variable can have"


def _rule(code: str, title: str, key: str, kind: str, test: Test, hint: str, **description: Any) -> CheckRule:
    kinds = description.pop("kinds", (kind,))
    expressions: Mapping[str, str] = description.pop("expressions")

    def check(subject: Subject) -> Iterator[Hit]:
        for each in kinds:
            for column in subject.parts(each):
                for index, data in enumerate(column.values):
                    problem = test(data)
                    if problem is not None:
                        yield hit(column.pointer(index), type=each, problem=problem)

    return _described(code, title, key, kind, hint, check=check, expressions=expressions, **description)


def _described(code: str, title: str, key: str, kind: str, hint: str, **description: Any) -> CheckRule:
    expressions: Mapping[str, str] = description.pop("expressions")
    described: dict[str, Any] = {
        "severity": Severity.ERROR,
        "message": "{type}: {problem}",
        "element": kind,
        "spec": f"{_DATATYPES}#{kind.partition('.')[0]}",
        "versions": tuple(each for each in _VERSIONS if each in expressions),
        "invariants": {each: Invariant(key, text, kind) for each, text in expressions.items()},
        **description,
    }
    return CheckRule(code=code, title=title, hint=hint, **described)


def _always(expression: str) -> Mapping[str, str]:
    return dict.fromkeys(_VERSIONS, expression)


def _r4_and_r5(before: str, since: str) -> Mapping[str, str]:
    return {"R4": before, "R4B": before, "R5": since}


def _range(subject: Subject) -> Iterator[Hit]:
    for column in subject.parts("Range"):
        for index, data in enumerate(column.values):
            problem = _disordered(data, subject.version)
            if problem is not None:
                yield hit(column.pointer(index), type="Range", problem=problem)


_UNIT = "State the unit by code and system, http://unitsofmeasure.org."
_STATE_OR_LEAVE = "State what is missing, or leave the other out."
_KEEP_ONE = "Keep one of them."

RULES: tuple[CheckRule, ...] = (
    _rule(
        "INV050", "Unit without a system", "qty-3", "Quantity", _needs("code", "system"), _UNIT,
        kinds=_QUANTITIES, expressions=_always("code.empty() or system.exists()"),
    ),
    _described(
        "INV051", "Range ends before it starts", "rng-2", "Range", "Correct one of them.", check=_range,
        expressions=_r4_and_r5(
            "low.empty() or high.empty() or (low <= high)",
            "low.value.empty() or high.value.empty() or "
            "low.lowBoundary().comparable(high.highBoundary()).not() or "
            "(low.lowBoundary() <= high.highBoundary())",
        ),
    ),
    _rule(
        "INV052", "Attachment without a content type", "att-1", "Attachment", _needs("data", "contentType"),
        "State contentType, such as application/pdf.",
        expressions=_always("data.empty() or contentType.exists()"),
    ),
    _rule(
        "INV053", "Half a ratio", "rat-1", "Ratio", _ratio, "State both numerator and denominator.",
        expressions=_r4_and_r5(
            "(numerator.empty() xor denominator.exists()) and (numerator.exists() or extension.exists())",
            "(numerator.exists() and denominator.exists()) or "
            "(numerator.empty() and denominator.empty() and extension.exists())",
        ),
    ),
    _rule(
        "INV054", "Age that is none", "age-1", "Age", _age, _UNIT,
        expressions=_always(
            "(code.exists() or value.empty()) and (system.empty() or system = %ucum) and "
            "(value.empty() or value.hasValue().not() or value > 0)"
        ),
    ),
    _rule(
        "INV055", "Count that is none", "cnt-3", "Count", _count,
        "State a whole number, with the code '1' of http://unitsofmeasure.org.",
        expressions=_always(
            "(code.exists() or value.empty()) and (system.empty() or system = %ucum) and "
            "(code.empty() or code = '1') and "
            "(value.empty() or value.hasValue().not() or value.toString().contains('.').not())"
        ),
    ),
    _rule(
        "INV056", "Distance that is none", "dis-1", "Distance", _in_ucum, _UNIT,
        expressions=_always("(code.exists() or value.empty()) and (system.empty() or system = %ucum)"),
    ),
    _rule(
        "INV057", "Duration that is none", "drt-1", "Duration", _duration, _UNIT,
        expressions=_always("code.exists() implies ((system = %ucum) and value.exists())"),
    ),
    _rule(
        "INV058", "Expression without a text", "exp-1", "Expression", _any_of("expression", "reference"),
        "State the expression, or a reference to it.", spec=f"{_METADATA}#Expression",
        expressions=_always("expression.exists() or reference.exists()"),
    ),
    _rule(
        "INV059", "Expression with a bad name", "exp-2", "Expression", _variable,
        "Begin with a letter; then letters A to z, digits and underscores, up to 64 in all.",
        spec="https://hl7.org/fhir/R5/metadatatypes.html#Expression",
        expressions={"R5": r"name.hasValue() implies name.matches('[A-Za-z][A-Za-z0-9\\_]{0,63}')"},
    ),
    _rule(
        "INV060", "Duration without a unit", "tim-1", "Timing.repeat", _needs("duration", "durationUnit"),
        _STATE_OR_LEAVE, expressions=_always("duration.empty() or durationUnit.exists()"),
    ),
    _rule(
        "INV061", "Repetition without a unit", "tim-2", "Timing.repeat", _needs("period", "periodUnit"),
        _STATE_OR_LEAVE, expressions=_always("period.empty() or periodUnit.exists()"),
    ),
    _rule(
        "INV062", "Negative duration", "tim-4", "Timing.repeat", _not_negative("duration"),
        "Correct it.", expressions=_always("duration.exists() implies duration >= 0"),
    ),
    _rule(
        "INV063", "Negative repetition", "tim-5", "Timing.repeat", _not_negative("period"),
        "Correct it.", expressions=_always("period.exists() implies period >= 0"),
    ),
    _rule(
        "INV064", "Longest repetition without the shortest", "tim-6", "Timing.repeat",
        _needs("periodMax", "period"), _STATE_OR_LEAVE,
        expressions=_always("periodMax.empty() or period.exists()"),
    ),
    _rule(
        "INV065", "Longest duration without the shortest", "tim-7", "Timing.repeat",
        _needs("durationMax", "duration"), _STATE_OR_LEAVE,
        expressions=_always("durationMax.empty() or duration.exists()"),
    ),
    _rule(
        "INV066", "Highest count without the lowest", "tim-8", "Timing.repeat", _needs("countMax", "count"),
        _STATE_OR_LEAVE, expressions=_always("countMax.empty() or count.exists()"),
    ),
    _rule(
        "INV067", "Offset from nothing", "tim-9", "Timing.repeat", _offset,
        "State when, by an event such as ACM; meals themselves (C, CM, CD, CV) take no offset.",
        expressions=_r4_and_r5(
            "offset.empty() or (when.exists() and ((when in ('C' | 'CM' | 'CD' | 'CV')).not()))",
            "offset.empty() or "
            "(when.exists() and when.select($this in ('C' | 'CM' | 'CD' | 'CV')).allFalse())",
        ),
    ),
    _rule(
        "INV068", "Time of day beside an event", "tim-10", "Timing.repeat", _not_both("timeOfDay", "when"),
        _KEEP_ONE, expressions=_always("timeOfDay.empty() or when.empty()"),
    ),
    _rule(
        "INV069", "Trigger of data and of time", "trd-1", "TriggerDefinition", _not_both("data", "timing[x]"),
        _KEEP_ONE, spec=f"{_METADATA}#TriggerDefinition",
        expressions=_always("data.empty() or timing.empty()"),
    ),
    _rule(
        "INV070", "Condition without data", "trd-2", "TriggerDefinition", _needs("condition", "data"),
        _STATE_OR_LEAVE, spec=f"{_METADATA}#TriggerDefinition",
        expressions=_always("condition.exists() implies data.exists()"),
    ),
    _rule(
        "INV071", "Trigger without what its type asks for", "trd-3", "TriggerDefinition", _trigger,
        "State it, or correct type.", spec=f"{_METADATA}#TriggerDefinition",
        expressions=_always(
            "(type = 'named-event' implies name.exists()) and "
            "(type = 'periodic' implies timing.exists()) and (type.startsWith('data-') implies data.exists())"
        ),
    ),
    _rule(
        "INV072", "Code filter without one place", "drq-1", "DataRequirement.codeFilter",
        _one_of("path", "searchParam"), "State one of them.", spec=f"{_METADATA}#DataRequirement",
        expressions=_always("path.exists() xor searchParam.exists()"),
    ),
    _rule(
        "INV073", "Date filter without one place", "drq-2", "DataRequirement.dateFilter",
        _one_of("path", "searchParam"), "State one of them.", spec=f"{_METADATA}#DataRequirement",
        expressions=_always("path.exists() xor searchParam.exists()"),
    ),
    _rule(
        "INV074", "Sampled data without one scale", "sdd-1", "SampledData", _one_of("interval", "offsets"),
        "State one of them.", spec="https://hl7.org/fhir/R5/datatypes.html#SampledData",
        expressions={"R5": "interval.exists().not() xor offsets.exists().not()"},
    ),
    _rule(
        "INV075", "Whole day with times", "av-1", "Availability.availableTime", _all_day,
        "Remove the times, or allDay.", spec="https://hl7.org/fhir/R5/metadatatypes.html#Availability",
        expressions={
            "R5": "allDay.exists().not() or "
            "(allDay implies availableStartTime.exists().not() and availableEndTime.exists().not())"
        },
    ),
    _rule(
        "INV076", "Need that is denied", "dos-1", "Dosage", _as_needed, "Make asNeeded true, or remove it.",
        spec="https://hl7.org/fhir/R5/dosage.html",
        expressions={"R5": "asNeededFor.empty() or asNeeded.empty() or asNeeded"},
    ),
    _rule(
        "INV077", "Half a range of ratios", "ratrng-1", "RatioRange", _ratio_range,
        "State the denominator and at least one numerator.",
        spec="https://hl7.org/fhir/R5/datatypes.html#RatioRange",
        expressions={
            "R5": "((lowNumerator.exists() or highNumerator.exists()) and denominator.exists()) or "
            "(lowNumerator.empty() and highNumerator.empty() and denominator.empty() and extension.exists())"
        },
    ),
)  # fmt: skip
