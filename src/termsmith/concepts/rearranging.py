"""The concepts of a CodeSystem that is there already, in the other form of hierarchy."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any

from termsmith import catalogue
from termsmith.concepts.hierarchy import (
    DEEPEST,
    ROOT,
    Hierarchy,
    Tree,
    add_parent,
    levels_of,
    settle,
    way_round,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from termsmith.model.finding import Finding
    from termsmith.model.place import Place

_PLAIN = {"code", "valueCode"}
"""The keys of a property that says no more than that there is a parent or child."""


def rearranged(
    concepts: Sequence[Mapping[str, Any]], wanted: Hierarchy, place: Place
) -> tuple[list[dict[str, Any]], list[Finding]] | None:
    """Return concepts nested, or flat with parents as properties; nothing where they stay as they are.

    Args:
        concepts: At the top, others nested in them.
        wanted: The form.
        place: Of findings.
    """
    nodes, tree = _flat(concepts)
    rows: dict[str, int] = {}
    for row, node in enumerate(nodes):
        if not isinstance(node.get("code"), str):
            return None
        rows.setdefault(node["code"], row)
    stated = _add_stated(nodes, tree, rows)
    if stated is None:
        return None
    if wanted is Hierarchy.PARENT_CHILD:
        return [_with_parents(node, tree, row, nodes) for row, node in enumerate(nodes)], []
    settle(tree)
    findings = [
        catalogue.TABLE_CYCLE.found(
            place=place,
            code=nodes[fault.row]["code"],
            way=way_round([nodes[int(row)]["code"] for row in fault.detail.split()]),
        )
        for fault in tree.faults
    ]
    if tree.has_several:
        code = nodes[min(tree.more)]["code"]
        several = catalogue.TABLE_SEVERAL_PARENTS.found(place=place, code=code, number=len(tree.more))
        return list(map(dict, concepts)), [several]
    levels = levels_of(tree)
    if levels > DEEPEST:
        deep = catalogue.TABLE_DEEP.found(place=place, levels=levels, limit=DEEPEST)
        return list(map(dict, concepts)), [deep]
    return _nested(nodes, tree, rows), findings


def _flat(concepts: Sequence[Mapping[str, Any]]) -> tuple[list[dict[str, Any]], Tree]:
    """Return all concepts without those below them, in their order, and the tree of the nesting."""
    nodes: list[dict[str, Any]] = []
    parents = array("i")
    waiting: list[tuple[Mapping[str, Any], int]] = [(each, ROOT) for each in reversed(concepts)]
    while waiting:
        concept, parent = waiting.pop()
        row = len(nodes)
        nodes.append({name: value for name, value in concept.items() if name != "concept"})
        parents.append(parent)
        below = concept.get("concept", ())
        waiting += [(each, row) for each in reversed(below) if isinstance(each, dict)]
    return nodes, Tree("parent", parents)


def _add_stated(nodes: Sequence[Mapping[str, Any]], tree: Tree, rows: Mapping[str, int]) -> Tree | None:
    """Add the parents that properties state."""
    for row, node in enumerate(nodes):
        listed = node.get("property", ())
        if not isinstance(listed, list | tuple) or not all(isinstance(each, dict) for each in listed):
            return None
        for each in listed:
            other = rows.get(str(each.get("valueCode")))
            if other is not None and each.get("code") == "parent":
                add_parent(tree, row, other)
            elif other is not None and each.get("code") == "child":
                add_parent(tree, other, row)
    return tree


def _with_parents(
    node: dict[str, Any], tree: Tree, row: int, nodes: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    listed = list(node.get("property", ()))
    there = {each.get("valueCode") for each in listed if each.get("code") == "parent"}
    codes = [nodes[parent]["code"] for parent in tree.all_parents(row)]
    added = [{"code": "parent", "valueCode": code} for code in codes if code not in there]
    return {**node, "property": [*added, *listed]} if added else node


def _nested(nodes: Sequence[dict[str, Any]], tree: Tree, rows: Mapping[str, int]) -> list[dict[str, Any]]:
    top: list[dict[str, Any]] = []
    for row, node in enumerate(nodes):
        kept = [each for each in node.pop("property", ()) if not _is_nesting(each, row, tree.parents, rows)]
        if kept:
            node["property"] = kept
    for row, node in enumerate(nodes):
        parent = tree.parents[row]
        (top if parent == ROOT else nodes[parent].setdefault("concept", [])).append(node)
    return top


def _is_nesting(given: Mapping[str, Any], row: int, parents: Sequence[int], rows: Mapping[str, int]) -> bool:
    """Tell whether a property says what the nesting says."""
    other = rows.get(str(given.get("valueCode")))
    if other is None or given.keys() != _PLAIN:
        return False
    if given["code"] == "parent":
        return parents[row] == other
    return bool(given["code"] == "child" and parents[other] == row)
