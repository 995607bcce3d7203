"""Concepts: codes, displays, property values, designations."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from termsmith.checks.rule import CheckRule, Hit, Invariant, hit
from termsmith.checks.rules.properties import KNOWN, PREFIX, has_value_set, is_supplement
from termsmith.checks.structure.words import shown
from termsmith.model.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from termsmith.checks.subject import Subject

_SPEC = "https://hl7.org/fhir/R4/codesystem.html"
_R4_CSD_1 = "concept.code.combine($this.descendants().concept.code).isDistinct()"
_R5_CSD_1 = (
    "concept.exists() implies concept.code.combine(%resource.concept.descendants().concept.code).isDistinct()"
)
_CSD_2 = "concept.concept.exists() implies hierarchyMeaning.exists()"
_CSD_3 = (
    "concept.where(property.code = 'parent' or property.code = 'child').exists() "
    "implies hierarchyMeaning.exists()"
)
_CSD_5 = "additionalUse.exists() implies use.exists()"
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


def _same_code(subject: Subject) -> Iterator[Hit]:
    concepts = subject.concepts
    if len(concepts.code_set) == len(concepts):
        return
    first = concepts.index_of
    for index, code in enumerate(concepts.codes):
        if code is not None and first[code] != index:
            place = concepts.pointer(first[code])
            yield hit(f"{concepts.pointer(index)}/code", code=shown(code), first=place)


def _same_but_for_case(subject: Subject) -> Iterator[Hit]:
    if subject.data.get("caseSensitive") is not False:
        return
    concepts = subject.concepts
    if len({code.lower() for code in concepts.code_set if code}) == len(concepts.code_set - {None, ""}):
        return
    first: dict[str, str] = {}
    for index, code in enumerate(concepts.codes):
        if code is None or concepts.index_of[code] != index:
            continue
        other = first.setdefault(code.lower(), code)
        if other != code:
            yield hit(f"{concepts.pointer(index)}/code", code=shown(code), other=shown(other))


def _nested_without_meaning(subject: Subject) -> Iterator[Hit]:
    if "hierarchyMeaning" in subject.data or not subject.concepts.is_nested:
        return
    if subject.version == "R5":
        yield hit("", "R5")
    elif "supplements" not in subject.data:
        yield hit("", "hl7" if subject.hl7_metadata else "other")


def _linked_without_meaning(subject: Subject) -> Iterator[Hit]:
    if "hierarchyMeaning" in subject.data or subject.concepts.property_code_set.isdisjoint(_LINKS):
        return
    yield hit("")


def _additional_use(subject: Subject) -> Iterator[Hit]:
    concepts = subject.concepts
    if not any("additionalUse" in shape for shape in concepts.designation_shapes):
        return
    for index, data in enumerate(concepts.designations.data):
        if "additionalUse" in data and "use" not in data:
            yield hit(concepts.designation_pointer(index))


def _first_without(subject: Subject, element: str) -> Iterator[Hit]:
    if not subject.hl7_content:
        return
    beside = f"_{element}"
    without = [
        index
        for index, node in enumerate(subject.concepts.nodes)
        if element not in node and beside not in node
    ]
    if without:
        code = subject.concepts.codes[without[0]]
        yield hit(subject.concepts.pointer(without[0]), code=shown(code or ""), total=len(without))


def _no_display(subject: Subject) -> Iterator[Hit]:
    return _first_without(subject, "display")


def _no_definition(subject: Subject) -> Iterator[Hit]:
    return _first_without(subject, "definition")


def _declared(subject: Subject) -> dict[str, Mapping[str, Any]]:
    """Return the declared properties by code; where a code is declared twice, the first counts."""
    declared: dict[str, Mapping[str, Any]] = {}
    for _, data in subject.objects("property"):
        if isinstance(data.get("code"), str):
            declared.setdefault(data["code"], data)
    return declared


def _undeclared(subject: Subject) -> Iterator[Hit]:
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
        code = codes[index]
        yield hit(f"{concepts.property_pointer(index)}/code", code=shown(code), times=times[code])


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
    """Yield code values that are no codes of this system, each value of a property once."""
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
    reported: set[tuple[str | None, str]] = set()
    for index, value in zip(indexes, values, strict=True):
        code = codes[index]
        if value is None or code is None or value not in unknown or (code, value) in reported:
            continue
        reported.add((code, value))
        yield hit(
            f"{concepts.property_pointer(index)}/valueCode",
            references[code],
            code=shown(code),
            value=shown(value),
            part=part,
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


def _designation_like_display(subject: Subject) -> Iterator[Hit]:
    concepts = subject.concepts
    if all("use" in shape for shape in concepts.designation_shapes):
        return
    owners, _, parts = concepts.designations
    resource_language = subject.data.get("language")
    nodes = concepts.nodes
    for index, data in enumerate(parts):
        if "use" in data or "additionalUse" in data:
            continue
        language = data.get("language")
        if language is not None and language != resource_language:
            continue
        display, value = nodes[owners[index]].get("display"), data.get("value")
        if isinstance(value, str) and isinstance(display, str) and value != display:
            facts = {"value": shown(value), "display": shown(display)}
            yield hit(concepts.designation_pointer(index), **facts)


def _rule(code: str, title: str, message: str, hint: str, **description: Any) -> CheckRule:
    described: dict[str, Any] = {
        "severity": Severity.ERROR,
        "spec": _SPEC,
        "resources": ("CodeSystem",),
        "element": "CodeSystem.concept",
        **description,
    }
    return CheckRule(code=code, title=title, message=message, hint=hint, **described)


RULES: tuple[CheckRule, ...] = (
    _rule(
        "INV040",
        "Code twice",
        "code {code!r} is that of the concept at {first}, too",
        "Keep one of the concepts, or correct a code.",
        check=_same_code,
        element="CodeSystem.concept.code",
        invariants={
            "R4": Invariant("csd-1", _R4_CSD_1, "CodeSystem"),
            "R4B": Invariant("csd-1", _R4_CSD_1, "CodeSystem"),
            "R5": Invariant("csd-1", _R5_CSD_1, "CodeSystem"),
        },
        validator=("CODESYSTEM_DUPLICATE_CODE",),
    ),
    _rule(
        "INV041",
        "Hierarchy without a meaning",
        "concepts are nested, but hierarchyMeaning does not say what that means",
        "State hierarchyMeaning: is-a, part-of, grouped-by or classified-with.",
        check=_nested_without_meaning,
        severity=Severity.INFORMATION,
        levels={"R5": Severity.WARNING, "hl7": Severity.WARNING, "other": Severity.INFORMATION},
        contexts={
            "R5": "FHIR R5",
            "hl7": "R4 and R4B, where the URL contains hl7.org or fhir.org",
            "other": "R4 and R4B, all other systems",
        },
        element="CodeSystem.hierarchyMeaning",
        invariants={"R5": Invariant("csd-2", _CSD_2, "CodeSystem")},
        validator=("CODESYSTEM_CS_HL7_MISSING_ELEMENT_SHOULD", "CODESYSTEM_CS_NONHL7_MISSING_ELEMENT"),
    ),
    _rule(
        "INV042",
        "Links without a meaning",
        "concepts have the properties parent or child, but hierarchyMeaning does not say what that means",
        "State hierarchyMeaning: is-a, part-of, grouped-by or classified-with.",
        check=_linked_without_meaning,
        severity=Severity.WARNING,
        versions=("R5",),
        element="CodeSystem.hierarchyMeaning",
        invariants={"R5": Invariant("csd-3", _CSD_3, "CodeSystem")},
    ),
    _rule(
        "INV044",
        "Additional use without a use",
        "the designation has additionalUse, but no use",
        "Make the first of them the use.",
        check=_additional_use,
        versions=("R5",),
        element="CodeSystem.concept.designation",
        spec="https://hl7.org/fhir/R5/codesystem.html",
        invariants={"R5": Invariant("csd-5", _CSD_5, "CodeSystem.concept.designation")},
    ),
    _rule(
        "CON020",
        "Codes that differ by case only",
        "code {code!r} is {other!r} but for case, and caseSensitive is false",
        "Correct a code, or state caseSensitive: true.",
        check=_same_but_for_case,
        element="CodeSystem.concept.code",
    ),
    _rule(
        "CON021",
        "Concept without a display",
        "concept {code!r} of an HL7 system has no display; {total:,} in all",
        "Give each concept a display.",
        check=_no_display,
        severity=Severity.WARNING,
        element="CodeSystem.concept.display",
        validator=("CODESYSTEM_CONCEPT_NO_DISPLAY",),
    ),
    _rule(
        "CON022",
        "Concept without a definition",
        "concept {code!r} of an HL7 system has no definition; {total:,} in all",
        "Give each concept a definition.",
        check=_no_definition,
        severity=Severity.WARNING,
        element="CodeSystem.concept.definition",
        validator=("CODESYSTEM_CONCEPT_NO_DEFINITION",),
    ),
    _rule(
        "CON023",
        "Property not declared",
        "property {code!r} is not declared in CodeSystem.property; concepts use it {times:,} times",
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
        "property {code!r} has the value {value!r}, which is no code of this {part}",
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
    _rule(
        "CON027",
        "Designation against display",
        "a designation without use, in the resource's language, is {value!r}, not the display {display!r}",
        "State its use or its language, or make it the display.",
        check=_designation_like_display,
        severity=Severity.WARNING,
        element="CodeSystem.concept.designation",
        validator=("CODESYSTEM_DESIGNATION_DISP_CLASH_NO_LANG", "CODESYSTEM_DESIGNATION_DISP_CLASH_LANG"),
    ),
)
