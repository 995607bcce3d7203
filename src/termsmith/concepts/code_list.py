"""From code tables to concepts: once through to survey the rows, once more to make the concepts.

Rows are read in chunks and never kept, so that a table may have millions: of each row only its code, its line
and its parent stay. Where concepts are nested, those below one top-level concept are in memory together, as
far as the rows come in the order of the hierarchy; otherwise all are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from termsmith import catalogue
from termsmith.concepts import faults
from termsmith.concepts.columns import PREFIX, Column, ColumnRole
from termsmith.concepts.hierarchy import DEEPEST, ROOT, Hierarchy, levels_of, settle
from termsmith.concepts.property_types import VALUE_KEYS, converter
from termsmith.concepts.survey import Survey, children_in, survey

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from termsmith.concepts.hierarchy import Tree
    from termsmith.concepts.table import CodeTable, Rows
    from termsmith.model.finding import Finding
    from termsmith.model.place import Place

_CODE = re.compile(r"\S+(?: \S+)*")
PARENT = {"code": "parent", "uri": f"{PREFIX}parent", "type": "code"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ListOptions:
    """Choices about concepts."""

    hierarchy: Hierarchy = Hierarchy.AS_STATED
    case_sensitive: bool = True


@dataclass(slots=True, kw_only=True)
class CodeList:
    """The concepts of one code system."""

    tables: tuple[CodeTable, ...]
    count: int
    """Number of concepts, all levels."""
    properties: tuple[dict[str, Any], ...]
    """Declarations of all properties that concepts have, in the order of the columns."""
    nested: bool
    has_hierarchy: bool
    parents_stated: bool
    """Concepts have their parents as properties."""
    findings: tuple[Finding, ...]
    _survey: Survey
    _makers: tuple[_Maker, ...] = field(default=())

    def concepts(self) -> Iterator[list[dict[str, Any]]]:
        """Yield the top-level concepts in chunks, those below nested in them; again each time."""
        made = self._made()
        if not self.nested:
            for _, concepts in made:
                yield [concept for concept in concepts if concept is not None]
        else:
            tree = self._survey.tree
            assert tree is not None, "nested concepts have a tree"  # noqa: S101  narrows the type
            yield from (_nested_in_order if tree.in_order else _nested)(made, tree)

    def rows(self) -> Iterator[int]:
        """Yield the row of each concept, in the order of rows."""
        gone = self._survey.gone
        return (row for row in range(len(self._survey.lines)) if row not in gone)

    def table(self, row: int) -> CodeTable:
        """Return the table that a row is in."""
        return self._survey.table(row)

    def place(self, row: int, column: Column | None = None) -> Place:
        """Return where a row, or a cell of it, stands."""
        return self._survey.place(row, column)

    def parent(self, row: int) -> int:
        """Return the row of the concept that a nested one is in; `ROOT` for those at the top."""
        return self._survey.tree.parents[row] if self.nested and self._survey.tree is not None else ROOT

    def _made(self) -> Iterator[tuple[int, list[dict[str, Any] | None]]]:
        """Yield the first row of each chunk, and a concept for each row, none for those left out."""
        row = 0
        survey_ = self._survey
        for maker, table in zip(self._makers, self.tables, strict=True):
            for rows in table.reader.rows():
                concepts: list[dict[str, Any] | None] = list(maker.concepts(rows))
                if self.parents_stated and survey_.tree is not None:
                    _add_parents(concepts, row, survey_)
                for gone in survey_.gone_between(row, row + len(concepts)):
                    concepts[gone - row] = None
                yield row, concepts
                row += len(concepts)


def code_list(tables: Sequence[CodeTable], options: ListOptions) -> CodeList:
    """Return the concepts that tables list together; rows are read, concepts not made yet."""
    surveyed = survey(tables, case_sensitive=options.case_sensitive)
    nested = _is_nested(surveyed, options.hierarchy)
    tree = surveyed.tree
    has_hierarchy = tree is not None and any(parent != ROOT for parent in tree.parents)
    columns = list(surveyed.property_columns())
    if nested:
        columns = [each for each in columns if each[1].role is not ColumnRole.CHILD]
    declared: dict[str, dict[str, Any]] = {}
    by_children = tree is not None and tree.stated_by == "child" and options.hierarchy is Hierarchy.AS_STATED
    parents_stated = has_hierarchy and not nested and not by_children
    if parents_stated or (surveyed.unknown_parents and not nested):
        parents_stated = True
        declared["parent"] = PARENT
    for _, column, kind in columns:
        if column.code in declared:
            continue
        uri = {"uri": column.uri} if column.uri is not None else {}
        described = {} if column.uri is not None else {"description": column.header} if column.header else {}
        declared[column.code] = {"code": column.code, **uri, **described, "type": kind}
    kinds = {(number, column.index): kind for number, column, kind in columns}
    codes_of = {(number, column.index): column.code for number, column, _ in columns}
    makers = tuple(
        _Maker(number, table.columns, kinds, codes_of, surveyed.rows) for number, table in enumerate(tables)
    )
    return CodeList(
        tables=tuple(tables),
        count=len(surveyed.lines) - len(surveyed.gone),
        properties=tuple(declared.values()),
        nested=nested,
        has_hierarchy=has_hierarchy,
        parents_stated=parents_stated,
        findings=surveyed.told.findings(),
        _survey=surveyed,
        _makers=makers,
    )


def _is_nested(surveyed: Survey, wanted: Hierarchy) -> bool:
    tree = surveyed.tree
    if tree is None:
        return False
    settle(tree, surveyed.gone)
    faults.tell_tree(tree, surveyed)
    nested = wanted is Hierarchy.NESTED or (
        wanted is Hierarchy.AS_STATED and tree.stated_by not in {"parent", "child"}
    )
    if not nested:
        return False
    if tree.has_several:
        row = min(tree.more)
        facts = {"code": surveyed.code(row), "number": len(tree.more)}
        surveyed.told.add(catalogue.TABLE_SEVERAL_PARENTS, surveyed.place(row), **facts)
        return False
    deepest = levels_of(tree)
    if deepest > DEEPEST:
        surveyed.told.add(catalogue.TABLE_DEEP, None, levels=deepest, limit=DEEPEST)
        return False
    return True


def _add_parents(concepts: list[dict[str, Any] | None], first: int, surveyed: Survey) -> None:
    """Give each concept its parents as properties, before those of other columns."""
    tree = surveyed.tree
    assert tree is not None, "called where there is one"  # noqa: S101  narrows the type
    unknown = surveyed.unknown_parents
    codes_of = surveyed.codes
    if not tree.more and not unknown:
        for concept, parent in zip(concepts, tree.parents[first : first + len(concepts)], strict=True):
            if parent != ROOT and concept is not None:
                made = {"code": "parent", "valueCode": codes_of[parent]}
                if "property" in concept:
                    concept["property"].insert(0, made)
                else:
                    concept["property"] = [made]
        return
    for row, concept in enumerate(concepts, start=first):
        if concept is None:
            continue
        codes = [surveyed.code(parent) for parent in tree.all_parents(row)]
        if row in unknown:
            codes += [code for code in unknown[row] if _CODE.fullmatch(code)]
        if codes:
            properties = [{"code": "parent", "valueCode": code} for code in codes]
            concept["property"] = properties + concept.get("property", [])


def _nested_in_order(
    made: Iterator[tuple[int, list[dict[str, Any] | None]]], tree: Tree
) -> Iterator[list[dict[str, Any]]]:
    """Yield top-level concepts when nothing more comes below them."""
    done: list[dict[str, Any]] = []
    open_concepts: dict[int, dict[str, Any]] = {}
    for first, concepts in made:
        for row, concept in enumerate(concepts, start=first):
            if concept is None:
                continue
            parent = tree.parents[row]
            if parent == ROOT:
                open_concepts.clear()
                done.append(concept)
            else:
                open_concepts[parent].setdefault("concept", []).append(concept)
            open_concepts[row] = concept
        # The last of them may go on in the next chunk.
        if len(done) > 1:
            yield done[:-1]
            del done[:-1]
    if done:
        yield done


def _nested(
    made: Iterator[tuple[int, list[dict[str, Any] | None]]], tree: Tree
) -> Iterator[list[dict[str, Any]]]:
    nodes: list[dict[str, Any] | None] = []
    for _, concepts in made:
        nodes += concepts
    top: list[dict[str, Any]] = []
    for row, concept in enumerate(nodes):
        if concept is None:
            continue
        parent = tree.parents[row]
        above = nodes[parent] if parent != ROOT else None
        if above is None:
            top.append(concept)
        else:
            above.setdefault("concept", []).append(concept)
    yield top


class _Maker:
    """Makes the concepts of one table, a column at a time."""

    def __init__(
        self,
        number: int,
        columns: Sequence[Column],
        kinds: dict[tuple[int, int], str],
        codes: dict[tuple[int, int], str],
        rows: Mapping[str, int],
    ) -> None:
        self._code = next(column.index for column in columns if column.role is ColumnRole.CODE)
        self._display = next((c.index for c in columns if c.role is ColumnRole.DISPLAY), None)
        self._definition = next((c.index for c in columns if c.role is ColumnRole.DEFINITION), None)
        self._rows = rows
        self._designations = [column for column in columns if column.role is ColumnRole.DESIGNATION]
        self._children = [
            column.index
            for column in columns
            if column.role is ColumnRole.CHILD and (number, column.index) in kinds
        ]
        self._properties: list[tuple[int, str, str, Callable[[str], Any] | None]] = [
            (column.index, codes[number, column.index], kind, converter(kind))
            for column in columns
            if (kind := kinds.get((number, column.index))) is not None and column.role is not ColumnRole.CHILD
        ]
        # A display whose language the header tells is a designation as well, so that this is not lost.
        self._language = next(
            (c.language for c in columns if c.role is ColumnRole.DISPLAY and c.language is not None), None
        )

    def concepts(self, rows: Rows) -> list[dict[str, Any]]:
        """Return a concept for each row, those without a code as well."""
        columns = rows.columns
        concepts = self._heads(columns)
        if self._language is not None:
            for concept in concepts:
                if "display" in concept:
                    concept["designation"] = [{"language": self._language, "value": concept["display"]}]
        for column in self._designations:
            _add_designations(concepts, columns[column.index], column)
        for index, code, kind, convert in self._properties:
            _add_properties(concepts, columns[index], code, VALUE_KEYS[kind], convert)
        for index in self._children:
            _add_children(concepts, columns[index], self._rows)
        return concepts

    def _heads(self, columns: Sequence[Sequence[str]]) -> list[dict[str, Any]]:
        codes = columns[self._code]
        concepts: list[dict[str, Any]]
        if self._display is not None and self._definition is not None:
            displays, definitions = columns[self._display], columns[self._definition]
            if all(displays) and all(definitions):
                return [
                    {"code": code, "display": display, "definition": definition}
                    for code, display, definition in zip(codes, displays, definitions, strict=True)
                ]
        concepts = [{"code": code} for code in codes]
        for name, index in (("display", self._display), ("definition", self._definition)):
            if index is not None:
                for concept, value in zip(concepts, columns[index], strict=True):
                    if value:
                        concept[name] = value
        return concepts


def _add_designations(concepts: Sequence[dict[str, Any]], values: Sequence[str], column: Column) -> None:
    start: dict[str, Any] = {}
    if column.language is not None:
        start["language"] = column.language
    if column.use is not None:
        start["use"] = dict(column.use)
    for concept, value in zip(concepts, values, strict=True):
        if not value:
            continue
        if "\n" not in value and "designation" not in concept:
            concept["designation"] = [{**start, "value": value}]
            continue
        lines = value.split("\n")
        made = [{**start, "value": text} for line in lines if (text := line.strip())]
        if "designation" in concept:
            concept["designation"] += made
        else:
            concept["designation"] = made


def _add_children(concepts: Sequence[dict[str, Any]], cells: Sequence[str], rows: Mapping[str, int]) -> None:
    for concept, cell in zip(concepts, cells, strict=True):
        codes = [code for code in children_in(cell, rows) if _CODE.fullmatch(code)] if cell else []
        if codes:
            made = [{"code": "child", "valueCode": code} for code in codes]
            concept["property"] = [*concept.get("property", ()), *made]


def _add_properties(
    concepts: Sequence[dict[str, Any]],
    values: Sequence[str],
    code: str,
    key: str,
    convert: Callable[[str], Any] | None,
) -> None:
    for concept, value in zip(concepts, values, strict=True):
        if not value:
            continue
        if "\n" not in value or key == "valueString":
            made = {"code": code, key: convert(value) if convert else value}
            if "property" in concept:
                concept["property"].append(made)
            else:
                concept["property"] = [made]
            continue
        lines = [line for each in value.split("\n") if (line := each.strip())]
        concept.setdefault("property", [])
        concept["property"] += [{"code": code, key: convert(line) if convert else line} for line in lines]
