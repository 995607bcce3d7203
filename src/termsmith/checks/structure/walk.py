"""One walk over a resource along the definitions of its FHIR release."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from termsmith.checks.columns import Column
from termsmith.checks.definitions.loading import NUMBERS, TEXTS, Element, definitions, resource_types
from termsmith.checks.rule import Hit, hit
from termsmith.checks.structure import words
from termsmith.checks.structure.anatomy import Anatomy
from termsmith.checks.structure.concept_columns import concept_columns

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from termsmith.checks.subject import Subject

DEEPEST = 100
"""Levels of objects below a resource that are walked. Concepts have a limit of their own."""

_RANGES = {
    "integer": (-(2**31), 2**31 - 1),
    "unsignedInt": (0, 2**31 - 1),
    "positiveInt": (1, 2**31 - 1),
}


@dataclass(frozen=True, slots=True)
class Plan:
    """How objects of one type are walked."""

    type: str
    elements: Mapping[str, Element]
    required: tuple[tuple[str, tuple[str, ...]], ...]
    """What must be there, and the keys of which one has to be; ``_name`` counts, as it may say why not."""
    choices: tuple[tuple[str, frozenset[str]], ...]
    """Choices, and their keys."""


@cache
def plan(version: str, type_name: str) -> Plan | None:
    """Return how a type is walked in a release; nothing for types that our tables don't hold."""
    elements = definitions(version).types.get(type_name)
    if elements is None:
        return None
    required: dict[str, list[str]] = {}
    choices: dict[str, list[str]] = {}
    for name, element in elements.items():
        label = f"{element.choice}[x]" if element.choice else name
        if element.choice:
            choices.setdefault(label, []).append(name)
        if element.min:
            required.setdefault(label, []).append(name)
            if element.is_primitive:
                required[label].append(f"_{name}")
    return Plan(
        type_name,
        elements,
        tuple((label, tuple(names)) for label, names in required.items()),
        tuple((label, frozenset(names)) for label, names in choices.items()),
    )


def anatomy_of(subject: Subject) -> Anatomy:
    """Return the parts of a resource, and what is wrong with its structure."""
    walk = Walk(subject.version)
    walk.resource(subject.data, subject.type)
    if subject.type == "CodeSystem":
        concept_columns(subject.concepts, walk)
    return walk.anatomy()


class Walk:
    """Collects faults and values while it goes."""

    def __init__(self, version: str) -> None:
        """Begin with nothing."""
        self.version = version
        self.faults: dict[str, list[Hit]] = {}
        self._texts: dict[str, tuple[list[str], list[str]]] = {}
        self._parts: dict[str, tuple[list[Mapping[str, Any]], list[str]]] = {}
        self.text_columns: dict[str, list[Column[str]]] = {}
        """Columns of concepts, to which those of the head are added."""
        self.part_columns: dict[str, list[Column[Mapping[str, Any]]]] = {}
        self._root = ""

    def fault(self, code: str, pointer: str, **facts: Any) -> None:
        """Note a fault."""
        self.faults.setdefault(code, []).append(hit(pointer, **facts))

    def anatomy(self) -> Anatomy:
        """Return what was found."""
        for texts, (values, pointers) in self._texts.items():
            self.text_columns.setdefault(texts, []).insert(0, _column(values, pointers, self._root))
        for parts, (objects, pointers) in self._parts.items():
            self.part_columns.setdefault(parts, []).insert(0, _column(objects, pointers, self._root))
        return Anatomy(faults=self.faults, texts=self.text_columns, parts=self.part_columns)

    def resource(self, data: Mapping[str, Any], type_name: str) -> None:
        """Walk a resource, all but the concepts of a code system, which are walked in columns."""
        self._root = type_name
        how = plan(self.version, type_name)
        assert how is not None, "our tables hold both resources"  # noqa: S101  narrows the type
        head = data
        concepts = data.get("concept") if type_name == "CodeSystem" else None
        if isinstance(concepts, list):
            head = {key: value for key, value in data.items() if key != "concept"}
            if not concepts:
                self.fault("STR008", "/concept", name="concept")
            self.not_objects(concepts, "/concept", "concept")
        self.object(head, how, "", 0, frozenset({"resourceType"}))

    def object(  # noqa: C901, PLR0912  one loop over all keys, where every call would cost
        self,
        value: Mapping[str, Any],
        how: Plan,
        pointer: str,
        depth: int,
        allowed: frozenset[str] = frozenset(),
    ) -> None:
        """Walk an object of a type."""
        if depth > DEEPEST:
            self.fault("STR016", pointer, limit=DEEPEST)
            return
        if not value or (len(value) == 1 and "id" in value and pointer):
            self.fault("STR009", pointer, what=how.type)
            return
        bucket = self._parts.get(how.type)
        if bucket is None:
            bucket = self._parts[how.type] = ([], [])
        bucket[0].append(value)
        bucket[1].append(pointer)
        elements = how.elements
        for key, item in value.items():
            element = elements.get(key)
            if element is not None:
                at = f"{pointer}/{key}"
                if element.is_list:
                    self._list(item, element, at, value.get(f"_{key}"), depth)
                elif element.type in _SIMPLE:
                    self.primitive(item, element, at)
                else:
                    self._complex(item, element, at, depth)
            elif key not in allowed:
                self._other(key, value, how, pointer, depth)
        for label, keys in how.required:
            for key in keys:
                if key in value:
                    break
            else:
                self.fault("STR003", pointer, name=label, parent=how.type)
        for label, names in how.choices:
            stated = [name for name in value if name in names]
            if len(stated) > 1:
                self.fault("STR011", pointer, choice=label, stated=" and ".join(stated))

    def not_objects(self, items: Sequence[Any], pointer: str, name: str) -> None:
        """Note what stands in an array of objects and is none."""
        for index, item in enumerate(items):
            if type(item) is not dict:
                at = f"{pointer}/{index}"
                if item is None:
                    self.fault("STR007", at, name=name)
                else:
                    self.fault("STR017", at, name=name, found=words.json_type(item))

    def primitive(self, value: Any, element: Element, pointer: str) -> None:  # noqa: C901, PLR0912  as `object`
        """Look at a simple value; texts are kept, to be looked at by their type."""
        kind = element.type
        if kind in TEXTS:
            if type(value) is str:
                if not value:
                    self.fault("STR010", pointer, name=element.name)
                    return
                bucket = self._texts.get(kind)
                if bucket is None:
                    bucket = self._texts[kind] = ([], [])
                bucket[0].append(value)
                bucket[1].append(pointer)
                if element.codes is not None and value not in element.codes:
                    self.fault("STR012", pointer, **words.unbound(value, element))
                return
        elif kind == "boolean":
            if type(value) is bool:
                return
        elif type(value) is int:
            lowest, highest = _RANGES.get(kind, (value, value))
            if not lowest <= value <= highest:
                self.fault("DTY001", pointer, value=value, type=kind, lowest=lowest, highest=highest)
            return
        elif kind == "decimal" and isinstance(value, float | Decimal):
            return
        if value is None:
            self.fault("STR007", pointer, name=element.name)
        elif type(value) is list:
            self.fault("STR006", pointer, name=element.name)
        else:
            self.fault("STR004", pointer, **words.wrong_type(value, element))

    def _complex(self, value: Any, element: Element, pointer: str, depth: int) -> None:
        if type(value) is dict:
            if element.type == "Resource":
                self._contained(value, pointer, depth)
                return
            how = plan(self.version, element.type)
            if how is not None:
                self.object(value, how, pointer, depth + 1)
        elif value is None:
            self.fault("STR007", pointer, name=element.name)
        elif type(value) is list:
            self.fault("STR006", pointer, name=element.name)
        else:
            self.fault("STR017", pointer, name=element.name, found=words.json_type(value))

    def _list(self, value: Any, element: Element, pointer: str, shadow: Any, depth: int) -> None:
        if type(value) is not list:
            if value is None:
                self.fault("STR007", pointer, name=element.name)
            else:
                self.fault("STR005", pointer, name=element.name, found=words.json_type(value))
            return
        if not value:
            self.fault("STR008", pointer, name=element.name)
            return
        simple = element.type in _SIMPLE
        for index, item in enumerate(value):
            at = f"{pointer}/{index}"
            if not simple:
                self._complex(item, element, at, depth)
            elif item is None:
                # https://hl7.org/fhir/R4/json.html#primitive: null where only the other array says something.
                if not (isinstance(shadow, list) and index < len(shadow) and shadow[index] is not None):
                    self.fault("STR007", at, name=element.name)
            else:
                self.primitive(item, element, at)

    def _contained(self, value: Mapping[str, Any], pointer: str, depth: int) -> None:
        type_name = value.get("resourceType")
        if not isinstance(type_name, str):
            self.fault("STR014", pointer)
            return
        if type_name not in resource_types(self.version):
            self.fault("STR022", pointer, type=words.shown(type_name), version=self.version)
            return
        how = plan(self.version, type_name)
        if how is None:
            self.fault("STR015", pointer, type=type_name)
            self._frame(value, pointer, depth)
            return
        self.object(value, how, pointer, depth + 1, frozenset({"resourceType"}))

    def _frame(self, value: Mapping[str, Any], pointer: str, depth: int) -> None:
        """Look at what all resources have, of one whose own elements are not known."""
        for name, element in _RESOURCE(self.version).items():
            if name in value and element.type in _SIMPLE:
                self.primitive(value[name], element, f"{pointer}/{name}")
            elif name in value:
                self._complex(value[name], element, f"{pointer}/{name}", depth)

    def _other(self, key: str, value: Mapping[str, Any], how: Plan, pointer: str, depth: int) -> None:
        """Look at a key that is no element: ``_name`` beside a simple element, or something unknown."""
        at = f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}"
        element = how.elements.get(key[1:]) if key[:1] == "_" else None
        if element is None or element.type not in _SIMPLE:
            code, facts = words.unknown(key, how.type, how.elements, self.version)
            self.fault(code, at, **facts)
            return
        item = value[key]
        if element.codes is not None and element.name not in value:
            self.fault("STR019", at, name=element.name)
        if not element.is_list:
            self._shadow(item, element, at, depth, value.get(element.name))
        elif type(item) is not list:
            self.fault("STR013", at, name=element.name, problem="it has to be an array")
        else:
            beside = value.get(element.name)
            if isinstance(beside, list) and len(beside) != len(item):
                problem = f"it has {len(item)} entries, the values are {len(beside)}"
                self.fault("STR013", at, name=element.name, problem=problem)
            values = beside if isinstance(beside, list) else []
            for index, each in enumerate(item):
                if each is not None:
                    stated = values[index] if index < len(values) else None
                    self._shadow(each, element, f"{at}/{index}", depth, stated)

    def _shadow(self, value: Any, element: Element, pointer: str, depth: int, beside: Any) -> None:
        if type(value) is not dict:
            problem = f"it is {words.json_type(value)}, not an object"
            self.fault("STR013", pointer, name=element.name, problem=problem)
            return
        if not value:
            self.fault("STR009", pointer, what=f"_{element.name}")
            return
        how = _ELEMENT(self.version)
        if value.keys() != {"id"}:
            self.object(value, how, pointer, depth + 1)
            return
        self.primitive(value["id"], how.elements["id"], f"{pointer}/id")
        # An id alone is enough where there is a value beside it, which counts as content.
        if beside is None:
            self.fault("STR009", pointer, what=f"_{element.name}")


_SIMPLE = TEXTS | NUMBERS | {"boolean"}


@cache
def _ELEMENT(version: str) -> Plan:  # noqa: N802  the type's name
    """Return how what stands beside a simple value is walked: id and extensions."""
    elements = definitions(version).types["Extension"]
    return Plan("Element", {name: elements[name] for name in ("id", "extension")}, (), ())


@cache
def _RESOURCE(version: str) -> Mapping[str, Element]:  # noqa: N802  the type's name
    """Return the elements that all resources have."""
    elements = definitions(version).types["CodeSystem"]
    return {name: elements[name] for name in ("id", "meta", "implicitRules", "language")}


def _column(values: list[Any], pointers: list[str], element: str) -> Column[Any]:
    return Column(values=values, pointer=pointers.__getitem__, element=element)
