"""Resources with everything that a format may stumble over, and any resource that a release defines."""

from __future__ import annotations

import string
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from termsmith.checks.definitions.loading import BOOLEAN, NUMBERS, definitions

if TYPE_CHECKING:
    from termsmith.checks.definitions.loading import Element

AWKWARD = 'Tea & "milk" <hot>\\cold\n\n  indented 100% %s \\n\ttab\r\n# * // ℞ \U0001f375 """ end'
DIV = '<div xmlns="http://www.w3.org/1999/xhtml"><p title="%s">Green &amp; black: 100%</p></div>'
UCUM = "http://unitsofmeasure.org"
PROPERTY_VALUES: dict[str, Any] = {
    "valueCode": "a b",
    "valueCoding": {"system": "http://tea.example/leaf", "version": "2", "code": "x", "display": 'a "leaf"'},
    "valueString": AWKWARD,
    "valueInteger": -7,
    "valueBoolean": False,
    "valueDateTime": "2021-04-30T10:00:00+02:00",
    "valueDecimal": 1.25,
}


def code_system(version: str = "R4") -> dict[str, Any]:
    """Return a valid CodeSystem with nested concepts, designations, extensions and each type of property."""
    ours: dict[str, Any] = {
        "resourceType": "CodeSystem",
        "id": "tea.1",
        "meta": {
            "profile": ["http://hl7.org/fhir/StructureDefinition/shareablecodesystem"],
            "tag": [{"system": "http://tea.example/tags", "code": "leaf", "display": "Leaf"}, {"code": "x"}],
        },
        "language": "en-GB",
        "text": {"status": "generated", "div": DIV},
        "extension": [
            {
                "url": "http://tea.example/harvest",
                "extension": [
                    {"url": "from", "valueDate": "2021-04"},
                    {"url": "weight", "valueQuantity": {"value": 2.5, "unit": "kg", "system": UCUM, "code": "kg"}},
                ],
            },
            {"url": "http://tea.example/note", "valueMarkdown": AWKWARD},
        ],
        "url": "http://tea.example/grades",
        "identifier": [
            {"system": "urn:ietf:rfc:3986", "value": "urn:oid:2.999.77.1", "assigner": {"display": "Guild"}}
        ],
        "version": "1.0",
        "name": "TeaGrades",
        "title": 'Grades of "Tea" \\ leaf',
        "_title": {"extension": [{"url": "http://tea.example/short", "valueString": "Grades"}]},
        "status": "active",
        "experimental": False,
        "date": "2021-04-30",
        "_publisher": {
            "extension": [
                {"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown"}
            ]
        },
        "contact": [
            {"name": "Guild", "telecom": [{"system": "url", "value": "https://tasters.example", "rank": 1}]}
        ],
        "description": "Two lines,\n\n* the second with a * star\n* and 100 % of them",
        "useContext": [
            {
                "code": {"system": "http://terminology.hl7.org/CodeSystem/usage-context-type", "code": "focus"},
                "valueCodeableConcept": {"coding": [{"system": "http://x.example", "code": "y"}], "text": "z"},
            }
        ],
        "copyright": "  © indented\n  text",
        "caseSensitive": True,
        "valueSet": "http://tea.example/vs",
        "hierarchyMeaning": "is-a",
        "content": "complete",
        "count": 7,
        "filter": [{"code": "concept", "operator": ["is-a", "="], "value": "a code"}],
        "property": [
            {"code": f"p{number}", "uri": f"http://tea.example/p#{number}", "description": AWKWARD, "type": kind}
            for number, kind in enumerate(
                ("code", "Coding", "string", "integer", "boolean", "dateTime", "decimal")
            )
        ],
        "concept": [
            {
                "code": "green tea",
                "display": AWKWARD,
                "definition": AWKWARD,
                "designation": [
                    {
                        "language": "de",
                        "use": {"system": "http://snomed.info/sct", "code": "900000000000003001", "display": "FSN"},
                        "value": "Grüner Tee",
                    },
                    {"value": "thé\nvert"},
                ],
                "property": [
                    {"code": f"p{number}", name: value}
                    for number, (name, value) in enumerate(PROPERTY_VALUES.items())
                ],
                "concept": [
                    {
                        "extension": [{"url": "http://tea.example/x", "valueBoolean": True}],
                        "code": "sencha%s",
                        "definition": "Only a definition",
                        "concept": [{"code": 'a"quoted"#code\\'}, {"code": "Ж/1"}],
                    }
                ],
            },
            {"code": '"', "display": "A quote"},
            {"code": "black", "display": "Black", "_display": {"extension": [{"url": "http://t.example/y", "valueCode": "b"}]}},
            {"code": "white", "display": "White", "definition": "Two\nlines"},
        ],
    }  # fmt: skip
    if version == "R5":
        ours["versionAlgorithmString"] = "semver"
        ours["copyrightLabel"] = "© Guild"
        ours["approvalDate"] = "2021-05-01"
        ours["concept"][3]["designation"] = [
            {
                "use": {"system": "http://tea.example/use", "code": "list"},
                "additionalUse": [{"system": "http://tea.example/use", "code": "menu"}],
                "value": "Silver needle",
            }
        ]
    return ours


def naming_system(version: str = "R4") -> dict[str, Any]:
    """Return a valid NamingSystem."""
    ours: dict[str, Any] = {
        "resourceType": "NamingSystem",
        "id": "tea.1",
        "text": {"status": "generated", "div": DIV},
        "extension": [
            {
                "url": "http://hl7.org/fhir/5.0/StructureDefinition/extension-NamingSystem.title",
                "valueString": "Grades of Tea",
            },
            {
                "url": "http://hl7.org/fhir/5.0/StructureDefinition/extension-NamingSystem.url",
                "valueUri": "http://tea.example/NamingSystem/tea.1",
            },
        ],
        "name": "TeaGrades",
        "status": "draft",
        "kind": "codesystem",
        "date": "2021-04-30",
        "contact": [{"name": "Guild"}],
        "type": {"coding": [{"system": "http://x.example", "code": "a"}], "text": "terms"},
        "description": AWKWARD,
        "uniqueId": [
            {"type": "uri", "value": "http://tea.example/grades", "preferred": True},
            {
                "type": "other",
                "_type": {"extension": [{"url": "http://t.example/kind", "valueCode": "iri-stem"}]},
                "value": "http://tea.example/grades/",
                "comment": "100 % tea",
                "period": {"start": "2020"},
            },
        ],
    }
    if version == "R5":
        del ours["extension"]
        ours["url"] = "http://tea.example/NamingSystem/tea.1"
        ours["title"] = "Grades of Tea"
        ours["version"] = "2"
        ours["uniqueId"][1]["authoritative"] = False
        ours["uniqueId"][1]["type"] = "iri-stem"
    return ours


def nested(depth: int) -> dict[str, Any]:
    """Return a code system in which each concept but the last has one below it."""
    concept: dict[str, Any] = {"code": f"c{depth}"}
    for number in range(depth - 1, 0, -1):
        concept = {"code": f"c{number}", "display": f"Level {number}", "concept": [concept]}
    return {
        "resourceType": "CodeSystem",
        "id": "deep",
        "url": "http://deep.example",
        "name": "Deep",
        "status": "draft",
        "content": "fragment",
        "concept": [concept],
    }


_TEXT = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Cn")) | st.sampled_from('\n\t\r"\\&<%'), min_size=1
)
_PLAIN = st.text(string.ascii_letters, min_size=1, max_size=5)
_DEEPEST = 3


def _primitive(kind: str) -> st.SearchStrategy[Any]:
    if kind in BOOLEAN:
        return st.booleans()
    if kind == "decimal":
        return st.integers(-99, 99) | st.floats(-1e6, 1e6, allow_nan=False).map(float)
    if kind in NUMBERS:
        return st.integers(0, 2**31 - 1)
    if kind == "code":
        return st.from_regex(r"[!-~ä℞]+( [!-~]+)?", fullmatch=True)
    return st.just(DIV) if kind == "xhtml" else _TEXT


def resources(version: str, kind: str) -> st.SearchStrategy[dict[str, Any]]:
    """Return resources with any elements that a release defines, in any order; values are hardly sensible.

    Attachments are left out: their size is a number in R4 and text in R5, which XML by itself doesn't tell.
    """
    return _objects(version, kind, 0).map(lambda data: {"resourceType": kind, **data, "id": "x"})


@st.composite
def _objects(draw: st.DrawFn, version: str, type_name: str, depth: int) -> dict[str, Any]:
    usable = [
        element
        for element in definitions(version).types[type_name].values()
        if element.type not in {"Resource", "Attachment"} and (element.is_primitive or depth < _DEEPEST)
    ]
    chosen = draw(st.lists(st.sampled_from(usable), min_size=1, max_size=5, unique_by=lambda each: each.name))
    data: dict[str, Any] = {}
    if type_name == "Extension":
        chosen = [element for element in chosen if element.name != "url"]
        data["url"] = draw(_PLAIN)
    for element in chosen:
        data |= draw(_element(version, element, depth))
    return data


@st.composite
def _element(draw: st.DrawFn, version: str, element: Element, depth: int) -> dict[str, Any]:
    name = element.name
    if not element.is_primitive:
        one = _objects(version, element.type, depth + 1)
        return {name: draw(st.lists(one, min_size=1, max_size=2) if element.is_list else one)}
    value = _primitive(element.type)
    extended = name not in {"id", "div"} and depth < _DEEPEST and draw(st.integers(0, 4)) == 0
    extension = st.fixed_dictionaries(
        {"extension": st.lists(_objects(version, "Extension", _DEEPEST), min_size=1, max_size=1)}
    )
    if not element.is_list:
        if not extended:
            return {name: draw(value)}
        beside = {f"_{name}": draw(extension)}
        return beside if draw(st.booleans()) else {name: draw(value), **beside}
    values = draw(st.lists(value, min_size=1, max_size=3))
    if not extended:
        return {name: values}
    return {name: [*values, None], f"_{name}": [*[None] * len(values), draw(extension)]}
