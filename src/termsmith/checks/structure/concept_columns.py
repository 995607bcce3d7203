"""The walk over concepts: those of the usual shape in columns, the others one by one.

A code system may have a million concepts. Nearly all have the usual shape; for them, whole columns of values
are looked at together. What has another shape is walked like everything else; both ways find the same.
"""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from termsmith.checks.columns import Column
from termsmith.checks.concepts import DEEPEST, Concepts
from termsmith.model.exact_decimal import ExactDecimal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from termsmith.checks.concepts import Parts
    from termsmith.checks.structure.walk import Walk

CONCEPT = "CodeSystem.concept"

_USUAL: Mapping[str, Mapping[str, str]] = {
    CONCEPT: {
        "code": "code",
        "display": "string",
        "definition": "string",
        "designation": "",
        "property": "",
        "concept": "",
    },
    "designation": {"language": "code", "use": "Coding", "value": "string"},
    "property": {
        "code": "code",
        "valueCode": "code",
        "valueString": "string",
        "valueDateTime": "dateTime",
        "valueBoolean": "boolean",
        "valueInteger": "integer",
        "valueDecimal": "decimal",
        "valueCoding": "Coding",
    },
    "Coding": {"system": "uri", "version": "string", "code": "code", "display": "string"},
}
"""The keys of objects of the usual shape, with the types of their values."""
_NEEDED = {CONCEPT: "code", "designation": "value", "property": "code"}
_PYTHON_TYPES: Mapping[str, frozenset[type]] = {
    "": frozenset({list}),
    "boolean": frozenset({bool}),
    "integer": frozenset({int}),
    "decimal": frozenset({int, float, ExactDecimal}),
    "Coding": frozenset({dict}),
}
_TEXT = frozenset({str})
_LARGEST = 2**31


def concept_columns(concepts: Concepts, walk: Walk) -> None:
    """Walk all concepts; faults and values go to ``walk``."""
    _below(concepts, walk)
    columns = _columns(concepts)
    if columns is None:
        usual = []
        for index in range(len(concepts)):
            if _is_usual(concepts.nodes[index]):
                usual.append(index)
            else:
                _one(concepts, index, walk)
        columns = _columns(concepts.selected(usual))
        assert columns is not None, "each of them is of the usual shape"  # noqa: S101  narrows the type
    for kind, texts in columns.texts:
        walk.text_columns.setdefault(kind, []).append(texts)
    for kind, objects in columns.objects:
        walk.part_columns.setdefault(kind, []).append(objects)


def _below(concepts: Concepts, walk: Walk) -> None:
    """Look at the arrays that hold concepts."""
    nodes = concepts.nodes
    for index in [index for index, node in enumerate(nodes) if "concept" in node]:
        below = nodes[index]["concept"]
        if not isinstance(below, list):
            continue
        if not below:
            walk.fault("STR008", f"{concepts.pointer(index)}/concept", name="concept")
        elif set(map(type, below)) != {dict}:
            walk.not_objects(below, f"{concepts.pointer(index)}/concept", "concept")
    for index in concepts.too_deep:
        walk.fault("STR016", f"{concepts.pointer(index)}/concept", limit=DEEPEST)


def _one(concepts: Concepts, index: int, walk: Walk) -> None:
    """Walk a concept as everything else is walked, without the concepts below it."""
    from termsmith.checks.structure.walk import plan  # noqa: PLC0415  a circle: the walk calls us

    how = plan(walk.version, CONCEPT)
    assert how is not None, "our tables hold code systems"  # noqa: S101  narrows the type
    node: Mapping[str, Any] = concepts.nodes[index]
    if isinstance(node.get("concept"), list):
        node = {key: value for key, value in node.items() if key != "concept"}
    walk.object(node, how, concepts.pointer(index), 0)


def _is_usual(node: Mapping[str, Any]) -> bool:
    """Tell whether a concept is of the usual shape, by the same means that are used for all together."""
    return _columns(Concepts([node], [-1], [0])) is not None


class _Found(NamedTuple):
    """Columns with the types of their values."""

    texts: list[tuple[str, Column[str]]]
    objects: list[tuple[str, Column[Mapping[str, Any]]]]


def _columns(concepts: Concepts) -> _Found | None:
    """Return the columns of concepts, or nothing when not all are of the usual shape."""
    found = _Found([], [])
    table = _Table(found, CONCEPT, CONCEPT, concepts.nodes, concepts.pointer)
    if not table.read():
        return None
    for array in ("designation", "property"):
        if array in table.keys and not _parts(found, concepts, array):
            return None
    return found


def _parts(found: _Found, concepts: Concepts, array: str) -> bool:
    parts: Parts = concepts.designations if array == "designation" else concepts.properties
    listed = sum(len(node[array]) for node in concepts.nodes if array in node)
    if listed != len(parts.data) or any(array in node and not node[array] for node in concepts.nodes):
        return False

    def pointer(index: int) -> str:
        return f"{concepts.pointer(parts.owners[index])}/{array}/{parts.positions[index]}"

    return _Table(found, array, f"{CONCEPT}.{array}", parts.data, pointer).read()


class _Table:
    """Objects of one kind, all of the usual shape or not."""

    def __init__(
        self,
        found: _Found,
        kind: str,
        path: str,
        records: Sequence[Mapping[str, Any]],
        pointer: Callable[[int], str],
    ) -> None:
        self.found, self.kind, self.path = found, kind, path
        self.records, self.pointer = records, pointer
        self.shapes = set(map(tuple, records))
        self.keys: set[str] = set().union(*self.shapes)

    def read(self) -> bool:
        """Add the columns; tell whether all records are of the usual shape."""
        usual = _USUAL[self.kind]
        if not self.keys <= usual.keys() or () in self.shapes:
            return False
        needed = _NEEDED.get(self.kind)
        if needed is not None and not all(needed in shape for shape in self.shapes):
            return False
        if self.kind == "property" and not all(len(shape) == 2 for shape in self.shapes):  # noqa: PLR2004  code, value
            return False
        if self.records:
            self.found.objects.append(
                (
                    self.path if self.kind != "Coding" else "Coding",
                    _column(self.records, self.pointer, self.path),
                )
            )
        return all(self._key(key, usual[key]) for key in sorted(self.keys))

    def _key(self, key: str, kind: str) -> bool:
        records, at = self.records, self.pointer
        if all(key in shape for shape in self.shapes):
            values = list(map(itemgetter(key), records))

            def pointer(index: int) -> str:
                return f"{at(index)}/{key}"

        else:
            having = [index for index, record in enumerate(records) if key in record]
            values = [records[index][key] for index in having]

            def pointer(index: int) -> str:
                return f"{at(having[index])}/{key}"

        if not set(map(type, values)) <= _PYTHON_TYPES.get(kind, _TEXT):
            return False
        if kind == "integer":
            return bool(min(values) >= -_LARGEST and max(values) < _LARGEST)
        if kind == "Coding":
            return _Table(self.found, "Coding", f"{self.path}.{key}", values, pointer).read()
        if kind not in _PYTHON_TYPES:
            if "" in values:
                return False
            self.found.texts.append((kind, _column(values, pointer, f"{self.path}.{key}")))
        return True


def _column(values: Sequence[Any], pointer: Callable[[int], str], element: str) -> Column[Any]:
    return Column(values=values, pointer=pointer, element=element)
