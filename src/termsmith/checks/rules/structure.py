"""What JSON, XML and the resource's definition allow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from termsmith.checks.rule import CheckRule, Hit, Invariant, Profile
from termsmith.model.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from termsmith.checks.subject import Subject

_JSON = "https://hl7.org/fhir/R4/json.html"
_XML = "https://hl7.org/fhir/R4/xml.html"
_ELEMENTS = "https://hl7.org/fhir/R4/resourcelist.html"
_ELE_1 = {
    version: Invariant("ele-1", expression, "Element")
    for version, expression in (
        ("R4", "hasValue() or (children().count() > id.count())"),
        ("R4B", "hasValue() or (children().count() > id.count())"),
        ("R5", "hasValue() or (children().count() > id.count())"),
    )
}


def _walked(code: str) -> Callable[[Subject], Iterable[Hit]]:
    """Return the check of a rule whose faults the walk over the structure finds."""

    def check(subject: Subject) -> Iterable[Hit]:
        return subject.anatomy.faults.get(code, ())

    return check


def _of_the_file(code: str) -> Callable[[Subject], Iterable[Hit]]:
    """Return the check of a rule whose faults the reader of the file finds."""

    def check(subject: Subject) -> Iterable[Hit]:
        return subject.form.get(code, ())

    return check


def _refused(subject: Subject) -> Iterable[Hit]:
    from termsmith.checks.structure.models import refusals  # noqa: PLC0415  loads the classes

    return refusals(subject)


_FINDERS: dict[Any, str] = {_walked: "structure", _of_the_file: "form"}


def _rule(
    code: str, check: Callable[[str], Callable[[Subject], Iterable[Hit]]], **description: Any
) -> CheckRule:
    described: dict[str, Any] = {
        "severity": Severity.ERROR,
        "finder": _FINDERS.get(check),
        "spec": _JSON,
        "element": "Resource",
        **description,
    }
    return CheckRule(code=code, check=check(code), **described)


RULES: tuple[CheckRule, ...] = (
    _rule(
        "STR001",
        _walked,
        title="Unknown element",
        message="{parent} has no element {name} in FHIR {version}",
        hint="Remove it, or put it into an extension.{meant}",
        spec=_ELEMENTS,
    ),
    _rule(
        "STR002",
        _walked,
        title="Element of another FHIR release",
        message="{parent} has no element {name} in FHIR {version}; {other} has it",
        hint="Check as {other} (--fhir-version), or carry it by an extension.",
        spec=_ELEMENTS,
    ),
    _rule(
        "STR003",
        _walked,
        title="Required element missing",
        message="{parent} lacks {name}, which is required",
        hint="State it. Where it is not known, an extension data-absent-reason on it says so.",
        spec=_ELEMENTS,
        validator=(
            "Validation_VAL_Profile_Minimum",
            "CODESYSTEM_CS_HL7_MISSING_ELEMENT_SHALL",
            "CODESYSTEM_CS_NONHL7_MISSING_ELEMENT",
            "CODESYSTEM_PROPERTY_NO_VALUE",
        ),
    ),
    _rule(
        "STR004",
        _walked,
        title="Wrong JSON type",
        message="{name} has FHIR type {type}, which is {expected}{form}; this is {found}",
        hint="Write it as {expected}.",
    ),
    _rule(
        "STR005",
        _walked,
        title="Array needed",
        message="{name} may repeat, so it is an array in JSON even when there is one; this is {found}",
        hint="Put brackets around it: [ ... ].",
    ),
    _rule(
        "STR006",
        _walked,
        title="Array where one value belongs",
        message="{name} can't repeat, but is a list of values here",
        hint="Keep one value; in JSON without brackets.",
    ),
    _rule(
        "STR007",
        _walked,
        title="Null",
        message="{name} is null; JSON null is no value in FHIR",
        hint="Remove the property, or give it a value.",
    ),
    _rule(
        "STR008",
        _walked,
        title="Empty array",
        message="{name} is an empty array",
        hint="Remove the property; what has no values is left out.",
    ),
    _rule(
        "STR009",
        _walked,
        title="Empty object",
        message="{what} has neither values nor parts",
        hint="Remove it, or give it a value.",
        spec="https://hl7.org/fhir/R4/element.html",
        invariants=_ELE_1,
    ),
    _rule(
        "STR010",
        _walked,
        title="Empty string",
        message="{name} is an empty string",
        hint="Remove the property, or give it a value.",
        spec="https://hl7.org/fhir/R4/datatypes.html#string",
        invariants=_ELE_1,
    ),
    _rule(
        "STR011",
        _walked,
        title="Choice made twice",
        message="{choice} is stated as {stated}; only one may be",
        hint="Keep the one that is meant.",
        spec="https://hl7.org/fhir/R4/formats.html#choice",
    ),
    _rule(
        "STR012",
        _walked,
        title="Code not allowed",
        message="{name} is {value!r}, which its required value set does not have",
        hint="Allowed: {allowed}.{meant}",
        spec="https://hl7.org/fhir/R4/terminologies.html#required",
    ),
    _rule(
        "STR013",
        _walked,
        title="Faulty extension of a simple value",
        message="_{name} can't hold the id and extensions of {name}: {problem}",
        hint="Make _{name} an object, or for an array an array as long as {name}, with null for nothing.",
        spec="https://hl7.org/fhir/R4/json.html#primitive",
    ),
    _rule(
        "STR014",
        _walked,
        title="Contained resource without a type",
        message="the contained resource has no resourceType",
        hint="State resourceType.",
        spec="https://hl7.org/fhir/R4/references.html#contained",
    ),
    _rule(
        "STR015",
        _walked,
        severity=Severity.INFORMATION,
        title="Contained resource not checked",
        message="the contained {type} was not checked; only NamingSystem, CodeSystem and ValueSet are",
        hint="Check it with HL7's validator.",
        spec="https://hl7.org/fhir/R4/references.html#contained",
    ),
    _rule(
        "STR016",
        _walked,
        title="Nested too deeply",
        message="objects are nested more than {limit} deep; what is below was not checked",
        hint="Make the hierarchy flatter, for concepts with properties parent or child.",
        spec="https://hl7.org/fhir/R4/codesystem.html#hierarchy",
    ),
    _rule(
        "STR017",
        _walked,
        title="Object needed",
        message="{name} is an object in JSON; this is {found}",
        hint="Write its parts as an object: {{ ... }}.",
    ),
    _rule(
        "STR018",
        lambda _: _refused,
        title="Refused by fhir.resources",
        message="the Python classes of fhir.resources refuse {what}: {problem}",
        profiles=(Profile.FHIR_RESOURCES,),
        hint="Compare the element with its definition.",
        spec="https://pypi.org/project/fhir.resources/",
    ),
    _rule(
        "STR019",
        _walked,
        title="Required code without a value",
        message="{name} has no value, only an extension; its required value set asks for a code",
        hint="State a code.",
        spec="https://hl7.org/fhir/R4/terminologies.html#required",
        validator=("Terminology_TX_Code_ValueSet_MISSING",),
    ),
    _rule(
        "STR022",
        _walked,
        title="Contained resource of an unknown type",
        message="the contained resource has the resourceType {type!r}, which FHIR {version} does not have",
        hint="Correct resourceType; names are case-sensitive.",
        spec=_ELEMENTS,
    ),
    _rule(
        "STR090",
        _of_the_file,
        title="Property twice",
        message="the property {name} comes {times} times in one object; readers keep the last or the first",
        hint="Keep one of them.",
    ),
    _rule(
        "STR091",
        _of_the_file,
        title="XML elements out of order",
        message="{name} comes after {before}; in XML the order of the definition counts",
        hint="Move what stands too late up to its place in the order of the definition: {names}.",
        spec=_XML,
        validator=("Validation_VAL_Profile_OutOfOrder",),
    ),
    _rule(
        "STR092",
        _of_the_file,
        title="Unexpected XML attribute",
        message="{tag} has an attribute {name}, which FHIR does not know there",
        hint="Simple values stand in the attribute value; remove others.",
        spec=_XML,
    ),
    _rule(
        "STR093",
        _of_the_file,
        title="Text between XML elements",
        message="{tag} holds the text {text!r}; FHIR has values in attributes only",
        hint='Write <{tag} value="..."/>, or remove the text.',
        spec=_XML,
    ),
    _rule(
        "STR094",
        _of_the_file,
        title="Foreign XML namespace",
        message="{tag} is in the namespace {namespace!r}, not in http://hl7.org/fhir",
        hint="Remove the namespace, or the element.",
        spec=_XML,
    ),
    _rule(
        "STR096",
        _of_the_file,
        title="XML processing instruction",
        message="there is a processing instruction {name}; FHIR has none within resources",
        hint="Remove it.",
        spec=_XML,
    ),
    _rule(
        "STR097",
        _of_the_file,
        title="XML in another encoding",
        message="the file says that its encoding is {encoding}; FHIR asks for UTF-8",
        hint="Save it as UTF-8, and say so in its first line.",
        spec=_XML,
    ),
    _rule(
        "STR098",
        _of_the_file,
        title="XML element that is an attribute",
        message="{name} of {tag} is an element here; in XML it is an attribute",
        hint='Write <{tag} {name}="...">.',
        spec=_XML,
    ),
    _rule(
        "STR095",
        _of_the_file,
        title="XML element without a value",
        message="{tag} has neither a value nor parts",
        hint="Give it a value attribute, or remove it.",
        spec=_XML,
        invariants=_ELE_1,
    ),
)
