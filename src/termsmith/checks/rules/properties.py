"""The properties that a code system declares."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from termsmith.checks.carried import Carried
from termsmith.checks.rule import CheckRule, Hit, hit
from termsmith.checks.structure.words import shown
from termsmith.model.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from termsmith.checks.subject import Subject

PREFIX = "http://hl7.org/fhir/concept-properties#"
KNOWN = {
    "status": "code",
    "inactive": "boolean",
    "effectiveDate": "dateTime",
    "deprecationDate": "dateTime",
    "retirementDate": "dateTime",
    "notSelectable": "boolean",
    "parent": "code",
    "child": "code",
    "partOf": "code",
    "synonym": "code",
    "comment": "string",
    "itemWeight": "decimal",
}
"""Properties that FHIR names, and their types; the URI is `PREFIX` and the code."""
_VALUE_SETS = frozenset({
    "http://hl7.org/fhir/StructureDefinition/codesystem-property-valueset",
    "http://hl7.org/fhir/6.0/StructureDefinition/extension-CodeSystem.property.valueSet",
})  # fmt: skip
_BASES = frozenset({"http://terminology.hl7.org/CodeSystem/utg-concept-properties"})
"""Code systems outside the FHIR core whose codes name properties; THO's own use them."""
_CORE = re.compile(r"http://hl7\.org/fhir/[^/]*")
"""Code systems of FHIR itself."""
_BLANK = re.compile(r"\s")
_ABSOLUTE = re.compile(r"[a-z][a-z0-9_+.-]*:\S+")
_SPEC = "https://hl7.org/fhir/R4/codesystem.html#properties"
_CONCEPT_PROPERTIES = "https://hl7.org/fhir/R4/codesystem-concept-properties.html"


def has_value_set(declaration: Mapping[str, Any]) -> bool:
    """Tell whether the declaration of a property names the value set of its codes, by an extension."""
    extensions = declaration.get("extension")
    return isinstance(extensions, list) and any(
        isinstance(each, dict) and isinstance(url := each.get("url"), str) and url in _VALUE_SETS
        for each in extensions
    )


def value_set_of(declaration: Mapping[str, Any]) -> Carried | None:
    """Return the canonical URL of the value set that a property's declaration names, and where in it."""
    extensions = declaration.get("extension")
    for index, each in enumerate(extensions if isinstance(extensions, list) else ()):
        if isinstance(each, dict) and isinstance(url := each.get("url"), str) and url in _VALUE_SETS:
            for name in ("valueCanonical", "valueUri"):
                if isinstance(each.get(name), str):
                    return Carried(f"/extension/{index}/{name}", each[name])
    return None


def is_supplement(subject: Subject) -> bool:
    """Tell whether a code system's codes are those of another."""
    return subject.data.get("content") == "supplement" or "supplements" in subject.data


def _declared(subject: Subject) -> Iterator[tuple[str, str | None, str | None, str | None]]:
    """Yield pointer, code, URI and type of each declared property; None for what is absent or no text."""
    for pointer, data in subject.objects("property"):
        code, uri, kind = (data.get(name) for name in ("code", "uri", "type"))
        yield (
            pointer,
            code if isinstance(code, str) else None,
            uri if isinstance(uri, str) else None,
            kind if isinstance(kind, str) else None,
        )


def _uri_not_absolute(subject: Subject) -> Iterator[Hit]:
    for pointer, code, uri, _ in _declared(subject):
        # Empty URIs and those with white space are faults of their own.
        if uri and _ABSOLUTE.fullmatch(uri) is None and _BLANK.search(uri) is None:
            yield hit(f"{pointer}/uri", uri=shown(uri), code=shown(code or ""))


def _twice(subject: Subject, element: str) -> Iterator[Hit]:
    first: dict[str, str] = {}
    for pointer, code, uri, _ in _declared(subject):
        value = code if element == "code" else uri
        if value is None:
            continue
        if value in first:
            yield hit(f"{pointer}/{element}", value=shown(value), first=first[value])
        else:
            first[value] = pointer


def _code_twice(subject: Subject) -> Iterator[Hit]:
    return _twice(subject, "code")


def _uri_twice(subject: Subject) -> Iterator[Hit]:
    return _twice(subject, "uri")


def _known_uri(uri: str | None) -> str | None:
    """Return the code of a property that FHIR names by its URI."""
    if uri is None or not uri.startswith(PREFIX):
        return None
    code = uri[len(PREFIX) :]
    return code if code in KNOWN else None


def _hl7_uri(subject: Subject) -> Iterator[Hit]:
    url = subject.text("url")
    for pointer, _, uri, _ in _declared(subject):
        if uri is None or "://hl7.org/fhir" not in uri or _known_uri(uri) is not None:
            continue
        if url is None or not (uri.startswith(url) or _CORE.fullmatch(url)):
            yield hit(f"{pointer}/uri", uri=shown(uri))


def _other_code(subject: Subject) -> Iterator[Hit]:
    for pointer, code, uri, _ in _declared(subject):
        named = _known_uri(uri)
        if named is not None and code in KNOWN and code != named:
            yield hit(f"{pointer}/code", code=code, uri=uri, named=named)


def _other_type(subject: Subject) -> Iterator[Hit]:
    for pointer, _, uri, kind in _declared(subject):
        named = _known_uri(uri)
        if named is not None and kind is not None and kind != KNOWN[named]:
            yield hit(f"{pointer}/type", uri=uri, kind=shown(kind), expected=KNOWN[named])


def _known_without_uri(subject: Subject) -> Iterator[Hit]:
    for pointer, code, uri, _ in _declared(subject):
        if uri is None and code in KNOWN:
            yield hit(pointer, code=code, uri=f"{PREFIX}{code}")


def _known_with_other_type(subject: Subject) -> Iterator[Hit]:
    for pointer, code, uri, kind in _declared(subject):
        if uri is None and code in KNOWN and kind is not None and kind != KNOWN[code]:
            yield hit(f"{pointer}/type", code=code, kind=shown(kind), expected=KNOWN[code])


def _unknown_without_uri(subject: Subject) -> Iterator[Hit]:
    for pointer, code, uri, _ in _declared(subject):
        if uri is None and code is not None and code not in KNOWN:
            yield hit(pointer, code=shown(code))


def _uri_without_definition(subject: Subject) -> Iterator[Hit]:
    url = subject.text("url")
    seen: set[str] = set()
    for pointer, _, uri, kind in _declared(subject):
        if uri is None or uri in seen or _ABSOLUTE.fullmatch(uri) is None or _known_uri(uri) is not None:
            continue
        seen.add(uri)
        base, mark, _ = uri.partition("#")
        if not mark:
            yield hit(
                f"{pointer}/uri", "code" if kind == "code" else "other", uri=shown(uri), base=shown(base)
            )
        elif base != url and base not in _BASES and "://hl7.org/fhir" not in uri:
            yield hit(f"{pointer}/uri", "base", uri=shown(uri), base=shown(base))


def _code_without_values(subject: Subject) -> Iterator[Hit]:
    for pointer, data in subject.objects("property"):
        code, uri = data.get("code"), data.get("uri")
        if data.get("type") != "code" or not isinstance(code, str) or has_value_set(data):
            continue
        if not isinstance(uri, str) or _known_uri(uri) is None:
            yield hit(pointer, code=shown(code))


def _rule(code: str, title: str, message: str, hint: str, **description: Any) -> CheckRule:
    described: dict[str, Any] = {
        "severity": Severity.ERROR,
        "spec": _SPEC,
        "resources": ("CodeSystem",),
        "element": "CodeSystem.property",
        **description,
    }
    return CheckRule(code=code, title=title, message=message, hint=hint, **described)


RULES: tuple[CheckRule, ...] = (
    _rule(
        "CON001",
        "Property URI not absolute",
        "the URI {uri!r} of property {code!r} is not absolute",
        "Write the whole URI, such as https://example.net/codes#colour.",
        check=_uri_not_absolute,
        element="CodeSystem.property.uri",
        validator=("CODESYSTEM_PROPERTY_ABSOLUTE_URI",),
    ),
    _rule(
        "CON002",
        "Property declared twice",
        "property {value!r} is declared already at {first}",
        "Keep one declaration.",
        check=_code_twice,
        element="CodeSystem.property.code",
        validator=("CODESYSTEM_PROPERTY_DUPLICATE_CODE",),
    ),
    _rule(
        "CON003",
        "Property URI used twice",
        "the URI {value!r} is that of the property at {first}, too",
        "Give each property its own URI.",
        check=_uri_twice,
        element="CodeSystem.property.uri",
        validator=("CODESYSTEM_PROPERTY_DUPLICATE_URI",),
    ),
    _rule(
        "CON004",
        "Unknown property URI of HL7",
        "the URI {uri!r} is in HL7's name space, but HL7 defines no such property",
        "Use a URI of your own, or one of " + PREFIX + "{{status, inactive, parent, ...}}.",
        check=_hl7_uri,
        element="CodeSystem.property.uri",
        spec=_CONCEPT_PROPERTIES,
        validator=("CODESYSTEM_PROPERTY_BAD_HL7_URI", "CODESYSTEM_PROPERTY_URI_INVALID"),
    ),
    _rule(
        "CON005",
        "Property with another's URI",
        "property {code!r} has the URI of {named!r}: {uri}",
        "Give it the URI " + PREFIX + "{code}, or another code.",
        check=_other_code,
        element="CodeSystem.property.code",
        spec=_CONCEPT_PROPERTIES,
        validator=("CODESYSTEM_PROPERTY_URI_CODE_MISMATCH",),
    ),
    _rule(
        "CON006",
        "Property of the wrong type",
        "the property of URI {uri} has type {kind!r}; FHIR defines it as {expected!r}",
        "Make the type {expected!r}, and the values too.",
        check=_other_type,
        element="CodeSystem.property.type",
        spec=_CONCEPT_PROPERTIES,
        validator=("CODESYSTEM_PROPERTY_URI_TYPE_MISMATCH",),
    ),
    _rule(
        "CON007",
        "Known property without its URI",
        "property {code!r} looks like FHIR's property of that code, but has no URI",
        "Add the URI {uri}, if that is meant.",
        check=_known_without_uri,
        severity=Severity.WARNING,
        element="CodeSystem.property.uri",
        spec=_CONCEPT_PROPERTIES,
        validator=("CODESYSTEM_PROPERTY_KNOWN_CODE_SUGGESTIVE",),
    ),
    _rule(
        "CON008",
        "Known property with another type",
        "property {code!r} has type {kind!r}; FHIR's property of that code has {expected!r}",
        "Make the type {expected!r}, or give the property a URI of its own.",
        check=_known_with_other_type,
        severity=Severity.WARNING,
        element="CodeSystem.property.type",
        spec=_CONCEPT_PROPERTIES,
        validator=("CODESYSTEM_PROPERTY_CODE_TYPE_MISMATCH",),
    ),
    _rule(
        "CON009",
        "Property without a URI",
        "property {code!r} has no URI, so nobody else can know what it means",
        "Add a URI that says what it means.",
        check=_unknown_without_uri,
        severity=Severity.INFORMATION,
        element="CodeSystem.property.uri",
        validator=("CODESYSTEM_PROPERTY_UNKNOWN_CODE",),
    ),
    _rule(
        "CON010",
        "Property URI that can't be looked up",
        "nothing at hand defines the property URI {uri!r}",
        "Compare {base} with what defines the property; where it is right, there is nothing to do.",
        check=_uri_without_definition,
        severity=Severity.INFORMATION,
        levels={"code": Severity.WARNING, "other": Severity.INFORMATION, "base": Severity.WARNING},
        contexts={
            "code": "URI without #, property of type code",
            "other": "URI without #, property of another type",
            "base": "URI with #, whose code system is not at hand",
        },
        element="CodeSystem.property.uri",
        validator=(
            "CODESYSTEM_PROPERTY_URI_UNKNOWN",
            "CODESYSTEM_PROPERTY_URI_UNKNOWN_TYPE",
            "CODESYSTEM_PROPERTY_URI_UNKNOWN_BASE",
        ),
    ),
    _rule(
        "CON011",
        "Codes of no stated value set",
        "the values of property {code!r} are taken for codes of this code system, as no value set is stated",
        "Nothing to do where they are; else name their value set (extension codesystem-property-valueset).",
        check=_code_without_values,
        severity=Severity.INFORMATION,
        element="CodeSystem.property.type",
        validator=("CODESYSTEM_PROPERTY_CODE_DEFAULT_WARNING",),
    ),
)
