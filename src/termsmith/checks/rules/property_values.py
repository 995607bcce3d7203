"""The properties that concepts have."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from termsmith.checks.rule import CheckRule, Hit, hit
from termsmith.checks.rules.properties import KNOWN, PREFIX, has_value_set, is_supplement
from termsmith.checks.structure.words import shown
from termsmith.model.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from termsmith.checks.subject import Subject

_SPEC = "https://hl7.org/fhir/R4/codesystem.html#properties"
_LINKS = frozenset({"parent", "child"})
_STANDARD = frozenset(f"{PREFIX}{code}" for code in KNOWN)
_INTERNAL = frozenset(f"{PREFIX}{code}" for code in ("parent", "child", "partOf", "synonym"))
_VALUE_TYPES = {
    "valueCode": "code",
    "valueCoding": "Coding",
    "valueString": "string",
    "valueInteger": "integer",
    "valueBoolean": "boolean",
    "valueDateTime": "dateTime",
    "valueDecimal": "decimal",
}
_TYPES = frozenset(_VALUE_TYPES.values())


def _declared(subject: Subject) -> dict[str, Mapping[str, Any]]:
    """Return the declared properties by code; where a code is declared twice, the first counts."""
    declared: dict[str, Mapping[str, Any]] = {}
    for _, data in subject.objects("property"):
        if isinstance(data.get("code"), str):
            declared.setdefault(data["code"], data)
    return declared


def _undeclared(subject: Subject) -> Iterator[Hit]:
    """Yield the first use of each property that is not declared."""
    concepts = subject.concepts
    if not concepts.properties.data:
        return
    declared = _declared(subject)
    # The validator knows a declared property by its URI, too.
    uris = {uri for data in declared.values() if isinstance(uri := data.get("uri"), str)}
    unknown = concepts.property_code_set - declared.keys() - uris - {""}
    if not unknown:
        return
    indexes = concepts.property_indexes(unknown)
    codes = concepts.property_codes
    times = Counter(codes[index] for index in indexes)
    for index in indexes:
        number = times.pop(codes[index], 0)
        if number:
            used = "once" if number == 1 else f"{number:,} times"
            yield hit(f"{concepts.property_pointer(index)}/code", code=shown(codes[index]), used=used)


def _other_type(subject: Subject) -> Iterator[Hit]:
    concepts = subject.concepts
    if not concepts.properties.data:
        return
    kinds = {
        code: kind
        for code, data in _declared(subject).items()
        if isinstance(kind := data.get("type"), str) and kind in _TYPES
    }
    wrong: dict[tuple[str | None, tuple[str, ...]], str] = {}
    for code, shape in concepts.property_shapes:
        stated = [key for key in shape if key in _VALUE_TYPES]
        # Two values are one fault already.
        if code in kinds and len(stated) == 1 and _VALUE_TYPES[stated[0]] != kinds[code]:
            wrong[code, shape] = stated[0]
    if not wrong:
        return
    data = concepts.properties.data
    for index in concepts.property_indexes({code for code, _ in wrong}):
        code = concepts.property_codes[index]
        key = wrong.get((code, tuple(data[index])))
        if code is not None and key is not None:
            facts = {"code": shown(code), "found": _VALUE_TYPES[key], "kind": kinds[code]}
            yield hit(f"{concepts.property_pointer(index)}/{key}", **facts)


def _references(subject: Subject) -> dict[str, str]:
    """Return the codes of the properties whose values are codes of this system, with the rule's levels."""
    declared = _declared(subject)
    references = {code: "other" for code in _LINKS if code not in declared}
    for code, data in declared.items():
        uri = data.get("uri")
        if data.get("type") != "code" or has_value_set(data):
            continue
        if isinstance(uri, str) and uri in _INTERNAL:
            references[code] = "hierarchy"
        elif not isinstance(uri, str) or uri not in _STANDARD:
            references[code] = "other"
    return references


def _no_such_code(subject: Subject) -> Iterator[Hit]:
    """Yield code values that are no codes of this system, each value of a property once.

    Where not one of a property's values is a code, the property is wrong, not each value: that is told once.
    """
    concepts = subject.concepts
    # The codes of a supplement are those of its base, which is looked at elsewhere.
    if not concepts.properties.data or is_supplement(subject):
        return
    references = _references(subject)
    if concepts.property_code_set.isdisjoint(references):
        return
    indexes = concepts.property_indexes(references)
    data, codes = concepts.properties.data, concepts.property_codes
    values = _values(data, indexes, "valueCode")
    known = concepts.code_set
    unknown = set(values) - known - {None}
    if not unknown:
        return
    content = subject.data.get("content")
    part = content if content in ("fragment", "example") else "code system"
    distinct: dict[str, set[str]] = {}
    for index, value in zip(indexes, values, strict=True):
        if value is not None and (code := codes[index]) is not None:
            distinct.setdefault(code, set()).add(value)
    reported: set[tuple[str, str | None]] = set()
    for index, value in zip(indexes, values, strict=True):
        code = codes[index]
        if value is None or code is None or value not in unknown:
            continue
        number = len(distinct[code])
        as_one = references[code] == "other" and number > 1 and distinct[code] <= unknown
        if (code, None if as_one else value) in reported:
            continue
        reported.add((code, None if as_one else value))
        yield hit(
            f"{concepts.property_pointer(index)}/valueCode",
            references[code],
            code=shown(code),
            value=shown(value),
            part=part,
            others=f"; nor is any other of its {number:,} values" if as_one else "",
        )


def _values(data: Sequence[Mapping[str, Any]], indexes: Sequence[int], key: str) -> list[str | None]:
    return [value if isinstance(value := data[index].get(key), str) else None for index in indexes]


def _synonym(subject: Subject) -> Iterator[Hit]:
    concepts = subject.concepts
    if "synonym" not in concepts.property_code_set or is_supplement(subject):
        return
    if "synonym" in _references(subject):
        return
    data, known = concepts.properties.data, concepts.code_set
    for index in concepts.property_indexes({"synonym"}):
        for key in ("valueCode", "valueString"):
            value = data[index].get(key)
            if isinstance(value, str) and value not in known:
                yield hit(f"{concepts.property_pointer(index)}/{key}", value=shown(value))


def _rule(code: str, title: str, message: str, hint: str, **description: Any) -> CheckRule:
    described: dict[str, Any] = {
        "severity": Severity.ERROR,
        "spec": _SPEC,
        "resources": ("CodeSystem",),
        "element": "CodeSystem.concept.property",
        **description,
    }
    return CheckRule(code=code, title=title, message=message, hint=hint, **described)


RULES: tuple[CheckRule, ...] = (
    _rule(
        "CON023",
        "Property not declared",
        "property {code!r} is not declared in CodeSystem.property; concepts use it {used}",
        "Declare it with code, type, and a URI if possible.",
        check=_undeclared,
        severity=Severity.WARNING,
        element="CodeSystem.concept.property.code",
        validator=("CODESYSTEM_PROPERTY_UNDEFINED",),
    ),
    _rule(
        "CON024",
        "Value of another type than declared",
        "property {code!r} is declared as {kind}, but this value is a {found}",
        "Write the value as {kind}, or correct the declaration.",
        check=_other_type,
        element="CodeSystem.concept.property.value[x]",
        validator=("CODESYSTEM_PROPERTY_WRONG_TYPE",),
    ),
    _rule(
        "CON025",
        "No such code",
        "property {code!r} has the value {value!r}, which is no code of this {part}{others}",
        "Correct the code, or add the concept. Where the values are no codes of this system, declare their "
        "value set, or type string.",
        check=_no_such_code,
        severity=Severity.WARNING,
        levels={"hierarchy": Severity.ERROR, "other": Severity.WARNING},
        contexts={
            "hierarchy": "properties declared with FHIR's URI of parent, child, partOf or synonym",
            "other": "other properties of type code",
        },
        element="CodeSystem.concept.property.value[x]",
        validator=("CODESYSTEM_PROPERTY_BAD_INTERNAL_REFERENCE", "CODESYSTEM_PROPERTY_SYNONYM_CHECK"),
    ),
    _rule(
        "CON026",
        "Synonym that is no code",
        "property 'synonym' has the value {value!r}, which is no code of this code system",
        "A synonym is a code; another name of a concept is a designation.",
        check=_synonym,
        severity=Severity.WARNING,
        element="CodeSystem.concept.property.value[x]",
        validator=("CODESYSTEM_PROPERTY_SYNONYM_CHECK",),
    ),
)
