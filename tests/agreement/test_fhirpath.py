"""Our invariants are Python; the specification's own FHIRPath gives the same verdicts, its wrong texts aside."""

from __future__ import annotations

import sys
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from fhirpathpy import compile as compiled
from fhirpathpy.engine.nodes import ResourceNode
from fhirpathpy.models import models

sys.path.insert(0, str(Path(__file__).parent))

from corpus.generate import corpus, mutated, own_examples
from verdicts import TODAY

from termsmith.checks.checking import faults
from termsmith.checks.rule import Profile
from termsmith.checks.rulebook import CHECK_RULES
from termsmith.checks.subject import Subject
from termsmith.documents.document import DocumentError
from termsmith.documents.reading import read_document

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from termsmith.checks.rule import CheckRule, Invariant

MODELS = {"R4": "r4", "R4B": "r4", "R5": "r5"}
DATATYPES = {
    "Extension": {"extension", "modifierExtension"},
    "Period": {"period", "effectivePeriod", "valuePeriod"},
    "ContactPoint": {"telecom", "valueContactPoint"},
    "Identifier": {"identifier", "valueIdentifier"},
    "Coding": {"coding", "use", "additionalUse", "valueCoding", "security", "tag"},
    "CodeSystem.concept.designation": {"designation"},
    "Reference": {"assigner", "valueReference"},
    "Quantity": {"low", "high", "numerator", "denominator", "origin", "lowNumerator"}
    | {f"value{kind}" for kind in ("Quantity", "Age", "Count", "Distance", "Duration")},
    "Attachment": {"valueAttachment"},
    "Ratio": {"valueRatio"},
    "RatioRange": {"valueRatioRange"},
    "Age": {"valueAge"},
    "Count": {"valueCount"},
    "Distance": {"valueDistance"},
    "Duration": {"valueDuration"},
    "Expression": {"valueExpression", "condition"},
    "Timing.repeat": {"repeat"},
    "TriggerDefinition": {"valueTriggerDefinition"},
    "DataRequirement.codeFilter": {"codeFilter"},
    "DataRequirement.dateFilter": {"dateFilter"},
    "SampledData": {"valueSampledData"},
    "Availability.availableTime": {"availableTime"},
    "Dosage": {"valueDosage"},
}
"""Names of the elements that have a type: enough to find them in the corpus."""

NOT_ASKED = {
    "per-1 R5": "the engine has no lowBoundary(); compared with the validator itself",
    "rng-2": "the engine can't compare quantities; compared with the validator itself",
    "age-1": "the engine has no hasValue(); compared with the validator itself",
    "cnt-3": "as age-1",
    "exp-2": "the engine has no hasValue()",
    "ele-1": "every element of every resource; arrays and nulls, which it is about, have no form in FHIRPath",
    "txt-1": "htmlChecks() is a function of HL7's validator, no FHIRPath; compared with the validator itself",
    "txt-2": "as txt-1",
    "dom-6": "warns of every resource without narrative, in a resource within another too",
}


TOLD_BY = {("DTY003", "/url"): "cnl-1"}
"""Rules that tell part of what an invariant asks, at a place: blanks in any uri."""


class WrongText(NamedTuple):
    """Where the published text says something else than the invariant means."""

    key: str
    version: str
    resources: str
    reason: str


WRONG_TEXTS = (
    WrongText("csd-1", "R5", "cs-csd1-*", "looks at codes of the top level only; the meaning is all codes"),
    WrongText("csd-1", "R4", "cs-contained-cs*", "descendants() goes into contained code systems"),
    WrongText("csd-1", "R4B", "cs-contained-cs*", "descendants() goes into contained code systems"),
    WrongText("nsd-3", "R5", "ns-nsd3*", "compares a boolean with the string 'true', and never fails"),
    WrongText("nsd-0", "R4*", "ns-name-*", "the pattern has no anchors, though the whole name is meant"),
    WrongText("csd-0", "R4*", "cs-name-*", "the pattern has no anchors, though the whole name is meant"),
    WrongText("csd-0", "R4", "*", "without a name the text is neither true nor false; that is COD003's"),
    WrongText("nsd-0", "R4*", "dar-value-too*", "the engine can't match a name with an extension"),
    WrongText("cnl-0", "R5", "dar-value-too*", "the engine can't match a name with an extension"),
    WrongText("cnl-1", "R5", "uri-18*", "the engine's $ matches before a line end, too"),
    WrongText("per-1", "R4*", "*", "dates of different precision can't be compared, which is no fault"),
)


class Verdict(NamedTuple):
    """What the text and our rule say of one resource."""

    key: str
    version: str
    resource: str
    text_fails: bool
    rule_fails: bool


def rules_of(version: str) -> Iterator[tuple[CheckRule, Invariant]]:
    for rule in CHECK_RULES:
        invariant = rule.invariants.get(version)
        if invariant is not None and not NOT_ASKED.keys() & {invariant.key, f"{invariant.key} {version}"}:
            yield rule, invariant


@cache
def expression(text: str, version: str) -> Any:
    return compiled(text, models[MODELS[version]])


def elements(value: Any, names: set[str], name: str = "") -> Iterator[dict[str, Any]]:
    """Yield the objects that stand under a name, contained resources and all."""
    if isinstance(value, list):
        for each in value:
            yield from elements(each, names, name)
    elif isinstance(value, dict):
        if name in names:
            yield value
        for key, inner in value.items():
            yield from elements(inner, names, key.removeprefix("_") if "extension" in names else key)


def node(value: Any, path: str) -> Any:
    create: Any = ResourceNode.create_node
    return create(value, path)


def text_fails(invariant: Invariant, version: str, data: Mapping[str, Any]) -> bool:
    around = {"resource": data, "rootResource": data}
    evaluate = expression(invariant.expression, version)
    if invariant.context == "CanonicalResource.url":
        urls = [data["url"]] if "url" in data else []
        return any(fails(evaluate, node(url, "uri"), around) for url in urls)
    names = DATATYPES.get(invariant.context)
    if names is None:
        if invariant.context not in {"DomainResource", data["resourceType"]}:
            return False
        return fails(evaluate, data, around)
    nodes = (node(each, invariant.context) for each in elements(data, names))
    return any(fails(evaluate, each, around) for each in nodes)


def fails(evaluate: Any, data: Any, around: dict[str, Any]) -> bool:
    try:
        result = evaluate(data, around)
    except Exception:  # noqa: BLE001  the engine raises bare Exceptions for texts that can't be evaluated
        return True
    return bool(result != [True])


def verdicts(version: str) -> Iterator[Verdict]:
    """Yield verdicts on all resources of sound structure; others have other faults first."""
    folder = "R5" if version == "R5" else "R4"
    profiles = frozenset(set(Profile) - {Profile.FHIR_RESOURCES})
    for name, data in examples(folder):
        try:
            document = read_document(data, name)
        except DocumentError:
            continue
        for resource in document.resources:
            subject = Subject(resource.data, version=version, today=TODAY, form=resource.form)
            found = {(rule.code, hit.pointer) for rule, hit in faults(subject, profiles)}
            codes = {code for code, _ in found}
            if any(code.startswith("STR") for code in codes):
                continue
            failing = {invariant.key for rule, invariant in rules_of(version) if rule.code in codes}
            failing |= {TOLD_BY[each] for each in found if each in TOLD_BY}
            for key in {invariant.key for _, invariant in rules_of(version)}:
                texts = [each for _, each in rules_of(version) if each.key == key]
                broken = any(text_fails(each, version, resource.data) for each in texts)
                yield Verdict(key, version, name, broken, key in failing)


def examples(folder: str) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of the corpus and of the examples for our own rules, for a FHIR release."""
    for case in corpus():
        if case.name.startswith(f"{folder}/"):
            yield case.name.partition("/")[2], case.data
    for number, row in enumerate(own_examples()):
        if row.get("release", folder) == folder:
            for index, resource in enumerate(row["resources"]):
                yield f"own-{number}-{index}.{resource['format']}", mutated(resource, folder)


@cache
def all_verdicts(version: str) -> tuple[Verdict, ...]:
    return tuple(verdicts(version))


def explained(verdict: Verdict) -> WrongText | None:
    for each in WRONG_TEXTS:
        if (
            each.key == verdict.key
            and fnmatchcase(verdict.version, each.version)
            and fnmatchcase(verdict.resource, each.resources)
        ):
            return each
    return None


@pytest.mark.parametrize("version", ["R4", "R4B", "R5"])
def test_text_and_rule_agree(version: str) -> None:
    given = all_verdicts(version)
    assert len({each.resource for each in given}) > 600
    apart = [each for each in given if each.text_fails != each.rule_fails and explained(each) is None]
    assert apart == []


def test_each_text_that_is_called_wrong_is_wrong() -> None:
    differing = {
        explained(each)
        for version in ("R4", "R4B", "R5")
        for each in all_verdicts(version)
        if each.text_fails != each.rule_fails
    }
    assert [each for each in WRONG_TEXTS if each not in differing] == []


@pytest.mark.parametrize("version", ["R4", "R5"])
def test_each_invariant_is_broken_by_a_resource(version: str) -> None:
    broken = {each.key for each in all_verdicts(version) if each.rule_fails}
    assert {invariant.key for _, invariant in rules_of(version)} - broken == set()
