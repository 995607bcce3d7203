"""From code tables to concepts: once through to survey the rows, once more to make the concepts.

Rows are read in chunks and never kept, so that a table may have millions: of each row only its code, its line
and its parent stay. Concepts can be had nested, which takes all those below one top-level concept into memory
together, or one by one with what tells where each stands.
"""

from __future__ import annotations

import re
from array import array
from dataclasses import dataclass, field
from itertools import repeat
from operator import add
from typing import TYPE_CHECKING, Any, TypeAlias

from termsmith import catalogue
from termsmith.concepts import faults
from termsmith.concepts.columns import PREFIX, Column, ColumnRole
from termsmith.concepts.displays import Displays
from termsmith.concepts.empty_texts import TEXTS, filled
from termsmith.concepts.hierarchy import DEEPEST, ROOT, Hierarchy, in_document_order, levels_of, settle
from termsmith.concepts.property_types import VALUE_KEYS, converter
from termsmith.concepts.survey import Survey, children_in, survey
from termsmith.model.result import Nesting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from termsmith.concepts.hierarchy import Tree
    from termsmith.concepts.table import CodeTable, Rows
    from termsmith.model.finding import Finding
    from termsmith.model.place import Place

_CODE = re.compile(r"\S+(?: \S+)*")
_Parts: TypeAlias = "list[dict[str, Any]]"
"""Designations or properties of one concept."""
PARENT = {"code": "parent", "uri": f"{PREFIX}parent", "type": "code"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ListOptions:
    """Choices about concepts."""

    hierarchy: Hierarchy = Hierarchy.AS_STATED
    case_sensitive: bool = True
    displays: Displays = Displays.OWN


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

    def one_by_one(self) -> Iterator[list[dict[str, Any]]]:
        """Yield all concepts in chunks, in the order of rows, none with those below it; again each time."""
        for _, concepts in self._made():
            yield [concept for concept in concepts if concept is not None]

    @property
    def nesting(self) -> Callable[[], Nesting] | None:
        """Tells where the concepts of `one_by_one` stand; absent where none stands below another."""
        return self._nesting if self.nested else None

    def _nesting(self) -> Nesting:
        tree = self._survey.tree
        assert tree is not None, "nested concepts have a tree"  # noqa: S101  narrows the type
        rows, levels = in_document_order(tree, self._survey.gone)
        if tree.in_order:
            return Nesting(levels, None)
        number_of = array("i", [0]) * len(tree.parents)
        for number, row in enumerate(self.rows()):
            number_of[row] = number
        return Nesting(levels, array("i", map(number_of.__getitem__, rows)))

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
                links = None
                if self.parents_stated and survey_.tree is not None:
                    links = _parent_properties(row, row + len(rows.lines), survey_)
                concepts: list[dict[str, Any] | None] = list(maker.concepts(rows, links))
                for gone in survey_.gone_between(row, row + len(concepts)):
                    concepts[gone - row] = None
                yield row, concepts
                row += len(concepts)


def code_list(tables: Sequence[CodeTable], options: ListOptions) -> CodeList:
    """Return the concepts that tables list together; rows are read, concepts not made yet."""
    surveyed = survey(tables, case_sensitive=options.case_sensitive, displays=options.displays)
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


def _parent_properties(first: int, end: int, surveyed: Survey) -> list[_Parts]:
    """Return the parents of each row of a stretch as properties."""
    tree = surveyed.tree
    assert tree is not None, "called where there is one"  # noqa: S101  narrows the type
    unknown = surveyed.unknown_parents
    codes_of = surveyed.codes
    if not tree.more and not unknown:
        return [
            [{"code": "parent", "valueCode": codes_of[parent]}] if parent != ROOT else []
            for parent in tree.parents[first:end]
        ]
    made: list[_Parts] = []
    for row in range(first, end):
        codes = [*map(surveyed.code, tree.all_parents(row))]
        codes += [code for code in unknown.get(row, ()) if _CODE.fullmatch(code)]
        made.append([{"code": "parent", "valueCode": code} for code in codes])
    return made


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
        self._texts = [column.index for column in columns if column.role in TEXTS]
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

    def concepts(self, rows: Rows, links: Sequence[_Parts] | None = None) -> list[dict[str, Any]]:
        """Return a concept for each row, those without a code as well.

        Args:
            rows: A chunk.
            links: Properties of each concept that come before those of columns.
        """
        columns = list(rows.columns)
        for index in self._texts:
            columns[index] = filled(columns[index], columns[self._code])
        designations = [_designations(columns[column.index], column) for column in self._designations]
        if self._language is not None and self._display is not None:
            designations.insert(0, _spoken(columns[self._display], self._language))
        properties = [
            _properties(columns[index], code, VALUE_KEYS[kind], convert)
            for index, code, kind, convert in self._properties
        ]
        properties += [_child_properties(columns[index], self._rows) for index in self._children]
        elements: dict[str, Sequence[Any]] = {"code": columns[self._code]}
        if self._display is not None:
            elements["display"] = columns[self._display]
        if self._definition is not None:
            elements["definition"] = columns[self._definition]
        if designations:
            elements["designation"] = _together(designations)
        if links is not None or properties:
            elements["property"] = _together([*(() if links is None else (links,)), *properties])
        by_row = zip(*elements.values(), strict=True)
        if all(map(all, elements.values())):
            return list(map(dict, map(zip, repeat(tuple(elements)), by_row)))
        return [{name: value for name, value in zip(elements, row, strict=True) if value} for row in by_row]


def _together(columns: Sequence[Sequence[_Parts]]) -> Sequence[_Parts]:
    """Return the parts of each concept that come from several columns."""
    first, *others = columns
    for other in others:
        first = list(map(add, first, other))
    return first


def _designations(values: Sequence[str], column: Column) -> Sequence[_Parts]:
    start: dict[str, Any] = {}
    if column.language is not None:
        start["language"] = column.language
    if column.use is not None:
        start["use"] = dict(column.use)
    if _has_lines(values):
        return [[{**start, "value": line} for line in _lines(value)] for value in values]
    return [[{**start, "value": value}] if value else [] for value in values]


def _spoken(displays: Sequence[str], language: str) -> Sequence[_Parts]:
    """Return the displays as designations in their language."""
    return [[{"language": language, "value": display}] if display else [] for display in displays]


def _child_properties(cells: Sequence[str], rows: Mapping[str, int]) -> Sequence[_Parts]:
    return [
        [
            {"code": "child", "valueCode": code}
            for code in (children_in(cell, rows) if cell else ())
            if _CODE.fullmatch(code)
        ]
        for cell in cells
    ]


def _properties(
    values: Sequence[str], code: str, key: str, convert: Callable[[str], Any] | None
) -> Sequence[_Parts]:
    if key != "valueString" and _has_lines(values):
        return [
            [{"code": code, key: convert(line) if convert else line} for line in _lines(value)]
            for value in values
        ]
    if convert is None:
        return [[{"code": code, key: value}] if value else [] for value in values]
    return [[{"code": code, key: convert(value)}] if value else [] for value in values]


def _has_lines(values: Sequence[str]) -> bool:
    return "\n" in "".join(values)


def _lines(value: str) -> Iterator[str]:
    return (line for each in value.split("\n") if (line := each.strip()))
