"""The form of primitive values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from termsmith.checks.rule import CheckRule, Hit
from termsmith.model.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from termsmith.checks.subject import Subject

_DATATYPES = "https://hl7.org/fhir/R4/datatypes.html"


def _out_of_range(subject: Subject) -> Iterable[Hit]:
    return subject.anatomy.faults.get("DTY001", ())


def _rule(code: str, anchor: str, **description: Any) -> CheckRule:
    def check(subject: Subject) -> Iterable[Hit]:
        return subject.lexical.get(code, ())

    described: dict[str, Any] = {
        "check": check,
        "finder": "lexical",
        "severity": Severity.ERROR,
        "spec": f"{_DATATYPES}#{anchor}",
        **description,
    }
    return CheckRule(code=code, **described)


RULES: tuple[CheckRule, ...] = (
    _rule(
        "DTY001",
        "integer",
        check=_out_of_range,
        element="integer",
        title="Number out of range",
        message="{value} is no {type}; those go from {lowest} to {highest}",
        hint="State a number in that range.",
    ),
    _rule(
        "DTY002",
        "id",
        element="id",
        title="Malformed id",
        message="{value!r} is no id: {problem}",
        hint="An id has 1 to 64 letters (A-Z, a-z), digits, hyphens and dots.",
    ),
    _rule(
        "DTY003",
        "uri",
        element="uri",
        title="White space in a URI",
        message="{value!r} is no {type}: {problem}",
        hint="Remove the white space, or escape a blank as %20.",
        validator=("Type_Specific_Checks_DT_URI_WS",),
    ),
    _rule(
        "DTY004",
        "oid",
        element="oid",
        title="Malformed OID",
        message="{value!r} is no value of type oid: {problem}",
        hint="Write urn:oid: and the dotted decimal, without leading zeros.",
    ),
    _rule(
        "DTY005",
        "uuid",
        element="uuid",
        title="Malformed UUID",
        message="{value!r} is no value of type uuid: {problem}",
        hint="Write urn:uuid: and the UUID in lower case.",
    ),
    _rule(
        "DTY006",
        "code",
        element="code",
        title="White space in a code",
        message="{value!r} is no code: {problem}",
        hint="Remove the white space; single blanks inside may stay.",
    ),
    _rule(
        "DTY007",
        "dateTime",
        element="dateTime",
        title="Malformed date or time",
        message="{value!r} is no {type}: {problem}",
        hint="{form}",
    ),
    _rule(
        "DTY008",
        "date",
        element="date",
        title="No day of the calendar",
        message="there is no day {value!r}",
        hint="Compare with the source.",
    ),
    _rule(
        "DTY009",
        "base64Binary",
        element="base64Binary",
        title="Malformed base64",
        message="{value!r} is no base64 text: {problem}",
        hint="Encode the bytes again.",
    ),
    _rule(
        "DTY010",
        "integer",
        element="integer64",
        title="Malformed integer64",
        message="{value!r} is no integer64: {problem}",
        hint="Write a whole number in quotes.",
    ),
    _rule(
        "DTY011",
        "string",
        element="string",
        title="Text too long",
        message="the text has {length:,} characters; FHIR allows {limit:,}",
        hint="Shorten it, or link to it.",
        validator=("Type_Specific_Checks_DT_String_Length",),
    ),
)
