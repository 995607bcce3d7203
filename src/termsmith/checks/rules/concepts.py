"""Concepts: codes, displays, property values, designations."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from termsmith.checks.rule import CheckRule, Hit, Invariant, hit
from termsmith.checks.rules.properties import KNOWN, PREFIX
from termsmith.checks.structure.words import shown
from termsmith.model.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

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
_INTERNAL = frozenset({"parent", "child", "partOf", "synonym"})
_VALUE_TYPES = {
    "valueCode": "code",
    "valueCoding": "Coding",
    "valueString": "string",
    "valueInteger": "integer",
    "valueBoolean": "boolean",
    "valueDateTime": "dateTime",
    "valueDecimal": "decimal",
}


def _same_code(subject: Subject) -> Iterator[Hit]:
    concepts = subject.concepts
    if len(concepts.code_set) == len(concepts):
        return
    first: dict[str, int] = {}
    for index, code in enumerate(concepts.codes):
        if code is None:
            continue
        if code in first:
            place = concepts.pointer(first[code])
            yield hit(f"{concepts.pointer(index)}/code", code=shown(code), first=place)
        else:
            first[code] = index


def _same_but_for_case(subject: Subject) -> Iterator[Hit]:
    if subject.data.get("caseSensitive") is not False:
        return
    concepts = subject.concepts
    folded = [code.casefold() if code is not None else None for code in concepts.codes]
    if len(set(folded)) == len(concepts.code_set):
        return
    first: dict[str, int] = {}
    for index, (code, low) in enumerate(zip(concepts.codes, folded, strict=True)):
        if code is None or low is None:
            continue
        other = concepts.codes[first.setdefault(low, index)]
        if other != code:
            yield hit(f"{concepts.pointer(index)}/code", code=shown(code), other=shown(other))


def _nested_without_meaning(subject: Subject) -> Iterator[Hit]:
    if "hierarchyMeaning" in subject.data:
        return
    concepts = subject.concepts
    for node, parent in zip(concepts.nodes, concepts.parents, strict=True):
        if parent < 0 and node.get("concept"):
            level = "R5" if subject.version == "R5" else "hl7" if subject.hl7_metadata else "other"
            yield hit("", level)
            return


def _linked_without_meaning(subject: Subject) -> Iterator[Hit]:
    if "hierarchyMeaning" in subject.data or subject.concepts.property_codes.isdisjoint({"parent", "child"}):
        return
    parents, properties = subject.concepts.parents, subject.concepts.properties
    for owner, data in zip(properties.owners, properties.data, strict=True):
        if data.get("code") in {"parent", "child"} and parents[owner] < 0:
            yield hit("")
            return


def _additional_use(subject: Subject) -> Iterator[Hit]:
    designations = subject.concepts.designations
    if not any("additionalUse" in shape for shape in subject.concepts.designation_shapes):
        return
    for index, data in enumerate(designations.data):
        if "additionalUse" in data and "use" not in data:
            owner = subject.concepts.pointer(designations.owners[index])
            yield hit(f"{owner}/designation/{designations.positions[index]}")


def _first_without(subject: Subject, element: str) -> Iterator[Hit]:
    if not subject.hl7_content:
        return
    without = [index for index, node in enumerate(subject.concepts.nodes) if element not in node]
    if without:
        yield hit(subject.concepts.pointer(without[0]), total=len(without))


def _no_display(subject: Subject) -> Iterator[Hit]:
    return _first_without(subject, "display")


def _no_definition(subject: Subject) -> Iterator[Hit]:
    return _first_without(subject, "definition")


class _Declared:
    """The declared properties of a code system, and the values that its concepts have for them."""

    def __init__(self, subject: Subject) -> None:
        self.by_code: dict[str, Mapping[str, Any]] = {}
        for _, data in subject.objects("property"):
            if isinstance(data.get("code"), str):
                self.by_code.setdefault(data["code"], data)

    def meaning(self, code: str) -> str | None:
        """Return the FHIR property that a declared code stands for, by its URI."""
        uri = self.by_code.get(code, {}).get("uri")
        if isinstance(uri, str) and uri.startswith(PREFIX):
            return uri[len(PREFIX) :]
        return None


def _pointer(subject: Subject, index: int) -> str:
    properties = subject.concepts.properties
    owner = subject.concepts.pointer(properties.owners[index])
    return f"{owner}/property/{properties.positions[index]}"


def _undeclared(subject: Subject) -> Iterator[Hit]:
    properties = subject.concepts.properties
    if not properties.data:
        return
    declared = _Declared(subject).by_code
    unknown = subject.concepts.property_codes - declared.keys() - {""}
    if not unknown:
        return
    codes = [code if isinstance(code := data.get("code"), str) else "" for data in properties.data]
    times = Counter(codes)
    for index, code in enumerate(codes):
        if code in unknown:
            yield hit(f"{_pointer(subject, index)}/code", code=shown(code), times=times[code])


def _other_type(subject: Subject) -> Iterator[Hit]:
    properties = subject.concepts.properties
    if not properties.data:
        return
    kinds = {
        code: data["type"]
        for code, data in _Declared(subject).by_code.items()
        if isinstance(data.get("type"), str)
    }
    wrong = {
        shape
        for shape in {
            (data.get("code"), *data) for data in properties.data if isinstance(data.get("code"), str)
        }
        if shape[0] in kinds
        and any(key in _VALUE_TYPES and _VALUE_TYPES[key] != kinds[shape[0]] for key in shape[1:])
    }
    if not wrong:
        return
    for index, data in enumerate(properties.data):
        if isinstance(data.get("code"), str) and (data["code"], *data) in wrong:
            for key in data:
                if key in _VALUE_TYPES and _VALUE_TYPES[key] != kinds[data["code"]]:
                    facts = {
                        "code": shown(data["code"]),
                        "found": _VALUE_TYPES[key],
                        "kind": kinds[data["code"]],
                    }
                    yield hit(f"{_pointer(subject, index)}/{key}", **facts)


def _no_such_code(subject: Subject) -> Iterator[Hit]:
    """Yield code values that are no codes of this system, each value of a property once."""
    properties = subject.concepts.properties
    content = subject.data.get("content")
    if not properties.data or content == "supplement":
        return
    known = subject.concepts.code_set
    declared = _Declared(subject)
    internal = {
        code
        for code, data in declared.by_code.items()
        if data.get("type") == "code"
        and (declared.meaning(code) is None or declared.meaning(code) in _INTERNAL)
    }
    if internal.isdisjoint(subject.concepts.property_codes):
        return
    seen: set[tuple[str, str]] = set()
    for index, data in enumerate(properties.data):
        value, code = data.get("valueCode"), data.get("code")
        if not isinstance(value, str) or code not in internal or value in known or (code, value) in seen:
            continue
        seen.add((code, value))
        level = "hierarchy" if declared.meaning(code) in _INTERNAL else "other"
        yield hit(f"{_pointer(subject, index)}/valueCode", level, code=shown(code), value=shown(value))


def _synonym(subject: Subject) -> Iterator[Hit]:
    properties = subject.concepts.properties
    if "synonym" not in subject.concepts.property_codes or _Declared(subject).meaning("synonym") is not None:
        return
    declared = _Declared(subject).by_code
    if "synonym" in declared and declared["synonym"].get("type") == "code":
        return
    known = subject.concepts.code_set
    for index, data in enumerate(properties.data):
        value = data.get("valueCode")
        if data.get("code") == "synonym" and isinstance(value, str) and value not in known:
            yield hit(f"{_pointer(subject, index)}/valueCode", value=shown(value))


def _designation_like_display(subject: Subject) -> Iterator[Hit]:
    if all("use" in shape for shape in subject.concepts.designation_shapes):
        return
    designations = subject.concepts.designations
    resource_language = subject.data.get("language")
    nodes = subject.concepts.nodes
    for index, data in enumerate(designations.data):
        if "use" in data or "additionalUse" in data:
            continue
        language, value = data.get("language"), data.get("value")
        display = nodes[designations.owners[index]].get("display")
        if language is not None and language != resource_language:
            continue
        if isinstance(value, str) and isinstance(display, str) and value != display:
            owner = subject.concepts.pointer(designations.owners[index])
            facts = {"value": shown(value), "display": shown(display)}
            yield hit(f"{owner}/designation/{designations.positions[index]}", **facts)


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
        "a concept of an HL7 system has no display; {total:,} in all",
        "Give each concept a display.",
        check=_no_display,
        severity=Severity.WARNING,
        element="CodeSystem.concept.display",
        validator=("CODESYSTEM_CONCEPT_NO_DISPLAY",),
    ),
    _rule(
        "CON022",
        "Concept without a definition",
        "a concept of an HL7 system has no definition; {total:,} in all",
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
        "property {code!r} has the value {value!r}, which is no code of this code system",
        "Correct the code, or add the concept.",
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
assert KNOWN.keys() >= _INTERNAL  # noqa: S101  the table names them
