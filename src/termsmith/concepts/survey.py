"""The first way through code tables: codes, parents, types of properties, and what is wrong with rows."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from termsmith import catalogue
from termsmith.concepts import faults
from termsmith.concepts.columns import Column, ColumnRole, property_code
from termsmith.concepts.faults import Told
from termsmith.concepts.hierarchy import Tree, add_parent, tree_of_levels, tree_of_numbers, tree_of_parents
from termsmith.concepts.property_types import TypeInference, allowed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from termsmith.concepts.table import CodeTable, Rows
    from termsmith.model.place import Place

_CODE = re.compile(r"\S+(?: \S+)*")
_ODD_IN_CODES = re.compile(r"[\s\x00-\x1f]")
_BETWEEN_PARENTS = re.compile(r"\s*[|;,\n]\s*")
_LEVEL = re.compile(r"\s*(?:level|ebene|stufe)?\s*(\d{1,3})\s*", re.IGNORECASE)
_MOST_TEXTS = 200_000
"""Rows up to which displays are compared with the definitions of other rows."""


@dataclass(slots=True)
class Survey:
    """What is known of all rows."""

    tables: Sequence[CodeTable]
    starts: list[int] = field(default_factory=list)
    """The first row of each table."""
    lines: array[int] = field(default_factory=lambda: array("l"))
    """Line of each row in its table."""
    codes: list[str] = field(default_factory=list)
    """Of each row."""
    rows: dict[str, int] = field(default_factory=dict)
    """The first row of each code."""
    gone: set[int] = field(default_factory=set)
    """Rows that give no concept of their own."""
    tree: Tree | None = None
    """Absent where nothing tells a hierarchy."""
    unknown_parents: dict[int, list[str]] = field(default_factory=dict)
    """Parents that no row has, by row."""
    types: dict[tuple[int, int], tuple[Column, str]] = field(default_factory=dict)
    """Columns of properties and their types, by number of the table and index."""
    told: Told = field(default_factory=Told)

    def code(self, row: int) -> str:
        """Return the code of a row."""
        return self.codes[row]

    def table(self, row: int) -> CodeTable:
        """Return the table that a row is in."""
        return self.tables[bisect_right(self.starts, row) - 1]

    def place(self, row: int, column: Column | None = None) -> Place:
        """Return where a row, or a cell of it, stands."""
        return self.table(row).place(self.lines[row], column)

    def word(self, row: int) -> str:
        """Return a row in words: ``line 17``."""
        return f"{self.table(row).row_word} {self.lines[row]}"

    def gone_between(self, first: int, end: int) -> Iterator[int]:
        """Yield the rows of a stretch that give no concept."""
        if self.gone:
            yield from (row for row in range(first, end) if row in self.gone)

    def property_columns(self) -> Iterator[tuple[int, Column, str]]:
        """Yield the columns that become properties: number of the table, column and type."""
        for (number, _), (column, kind) in sorted(self.types.items(), key=lambda item: item[0]):
            yield number, column, kind


class _Hints:
    """What tells a hierarchy, collected row by row."""

    def __init__(self) -> None:
        self.parents: list[str] = []
        self.shared: dict[str, str] = {}
        self.levels: list[int | None] = []
        self.indents: list[int] = []
        self.outline: list[int] = []
        self.numbers: list[str] = []


def survey(tables: Sequence[CodeTable], *, case_sensitive: bool) -> Survey:
    """Read all rows once.

    Args:
        tables: In order; their rows are one list.
        case_sensitive: Whether codes that differ by case only are different codes.
    """
    result = Survey(tables)
    hints = _Hints()
    texts = _Texts()
    inferences: dict[tuple[int, int], TypeInference] = {}
    again: list[int] = []
    for number, table in enumerate(tables):
        result.starts.append(len(result.codes))
        faults.tell_table(table, result.told)
        roles = {column.role: column.index for column in reversed(table.columns)}
        properties = [column for column in table.columns if column.role is ColumnRole.PROPERTY]
        for column in properties:
            inferences[number, column.index] = TypeInference()
        for rows in table.reader.rows():
            columns = rows.columns
            first = len(result.codes)
            again += _take_codes(result, columns[roles[ColumnRole.CODE]], rows)
            _take_hints(hints, rows, columns, roles, first)
            texts.take(columns, roles, first)
            for column in properties:
                values = set(columns[column.index])
                if any("\n" in value for value in values):
                    values = {line for value in values for line in _lines(value)}
                inferences[number, column.index].look(values)
        faults.tell_oddities(table, result.told)
    _settle_types(result, tables, inferences)
    _settle_codes(result, case_sensitive=case_sensitive)
    _settle_tree(result, hints)
    _settle_repeated(result, tables, again)
    faults.tell_texts(texts.missing(result), texts.swapped(), result)
    return result


def _lines(value: str) -> Iterable[str]:
    return (line.strip() for line in value.split("\n")) if "\n" in value else (value,)


def _take_codes(result: Survey, codes: Sequence[str], rows: Rows) -> list[int]:
    """Add the codes of a chunk; return the rows whose code came before."""
    first = len(result.codes)
    result.codes += codes
    result.lines.extend(rows.lines)
    new = dict(zip(codes, range(first, first + len(codes)), strict=True))
    again: list[int] = []
    if len(new) == len(codes) and "" not in new and result.rows.keys().isdisjoint(new):
        result.rows |= new
        return again
    for row, code in enumerate(codes, start=first):
        if not code:
            result.gone.add(row)
            result.told.add(catalogue.TABLE_NO_CODE, result.place(row), where=result.word(row))
        elif result.rows.setdefault(code, row) != row:
            again.append(row)
    return again


def _take_hints(
    hints: _Hints,
    rows: Rows,
    columns: Sequence[Sequence[str]],
    roles: Mapping[ColumnRole, int],
    first: int,
) -> None:
    if ColumnRole.PARENT in roles:
        hints.parents += [""] * (first - len(hints.parents))
        # Most parents have several children: one text for all of them.
        cells = columns[roles[ColumnRole.PARENT]]
        hints.parents += map(hints.shared.setdefault, cells, cells)
    if ColumnRole.LEVEL in roles:
        hints.levels += [None] * (first - len(hints.levels))
        for cell in columns[roles[ColumnRole.LEVEL]]:
            found = _LEVEL.fullmatch(cell)
            hints.levels.append(None if found is None else int(found[1]))
    if ColumnRole.NUMBERING in roles:
        hints.numbers += [""] * (first - len(hints.numbers))
        hints.numbers += columns[roles[ColumnRole.NUMBERING]]
    for kept, given in ((hints.indents, rows.indents), (hints.outline, rows.levels)):
        if given is not None:
            kept.extend([0] * (first - len(kept)))
            kept.extend(given)


class _Texts:
    """Displays and definitions, as far as rows are compared by them."""

    def __init__(self) -> None:
        self._without: list[int] = []
        self._chunks: list[tuple[int, Sequence[str], Sequence[str]]] = []
        self._rows = 0

    def take(self, columns: Sequence[Sequence[str]], roles: Mapping[ColumnRole, int], first: int) -> None:
        if ColumnRole.DISPLAY not in roles:
            return
        displays = columns[roles[ColumnRole.DISPLAY]]
        if not all(displays):
            self._without += [row for row, cell in enumerate(displays, start=first) if not cell]
        self._rows += len(displays)
        if self._rows > _MOST_TEXTS:
            self._chunks.clear()
        elif ColumnRole.DEFINITION in roles:
            self._chunks.append((first, displays, columns[roles[ColumnRole.DEFINITION]]))

    def missing(self, result: Survey) -> list[int]:
        """Return the rows that have a code, but no display."""
        return [row for row in self._without if row not in result.gone]

    def swapped(self) -> list[tuple[int, int]]:
        """Return rows whose display is the definition of another row, with that row."""
        if self._rows > _MOST_TEXTS or not self._chunks:
            return []
        shown = set().union(*(displays for _, displays, _ in self._chunks))
        both = shown & set().union(*(definitions for _, _, definitions in self._chunks)) - {""}
        if not both:
            return []
        shown_at: dict[str, int] = {}
        defined_at: dict[str, int] = {}
        for first, displays, definitions in self._chunks:
            pairs = zip(displays, definitions, strict=True)
            for row, (display, definition) in enumerate(pairs, start=first):
                # A definition that only repeats its own display is usual.
                if display != definition:
                    shown_at.setdefault(display, row)
                    defined_at.setdefault(definition, row)
        return sorted(
            (shown_at[text], defined_at[text]) for text in both if text in shown_at and text in defined_at
        )


def _settle_types(
    result: Survey, tables: Sequence[CodeTable], inferences: Mapping[tuple[int, int], TypeInference]
) -> None:
    """Decide the types of properties; a type that FHIR or the user states has to fit all values."""
    by_code: dict[str, list[tuple[int, int]]] = {}
    columns: dict[tuple[int, int], Column] = {}
    for number, table in enumerate(tables):
        for column in table.columns:
            if column.role is ColumnRole.PROPERTY:
                columns[number, column.index] = column
                by_code.setdefault(column.code, []).append((number, column.index))
    for keys in by_code.values():
        found = [inferences[key] for key in keys]
        if all(not each.values() for each in found if each.values() is not None) and not any(
            each.values() is None for each in found
        ):
            continue  # columns without any value
        stated = columns[keys[0]].type
        values = {value for each in found for value in each.values() or ()}
        if stated is not None and allowed(stated, values):
            kinds = {stated}
        else:
            kinds = {each.type(result.rows) for each in found if each.values() != set()}
        kind = kinds.pop() if len(kinds) == 1 else "string"
        for key in keys:
            column = columns[key]
            if stated is not None and kind != stated:
                place = tables[key[0]].place(tables[key[0]].header_line, column)
                facts = {"header": column.header, "stated": stated, "kind": kind}
                result.told.add(catalogue.TABLE_TYPE_DIFFERS, place, **facts)
                column = replace(column, uri=None, code=_other_code(column), type=None)
            result.types[key] = (column, kind)


def _other_code(column: Column) -> str:
    code = property_code(column.header)
    return code if code != column.code or column.uri is None else f"{code}Text"


def _settle_codes(result: Survey, *, case_sensitive: bool) -> None:
    """Look for codes that FHIR does not allow, and for those that differ by case only."""
    text = "\n".join(result.codes)
    if (
        "  " in text
        or _ODD_IN_CODES.search(text.replace("\n", "").replace(" ", ""))
        or text.count("\n") != len(result.codes) - 1
    ):
        for row, code in enumerate(result.codes):
            if code and _CODE.fullmatch(code) is None:
                facts = {"code": code, "where": result.word(row)}
                result.told.add(catalogue.TABLE_CODE_FORM, result.place(row), **facts)
    if text.isascii() and text in {text.upper(), text.lower()}:
        return  # all of one case
    first: dict[int, int] = {}
    rule = catalogue.TABLE_CASE_ONLY if case_sensitive else catalogue.TABLE_CASE_SAME
    folds = list(map(hash, map(str.casefold, result.rows)))
    if len(set(folds)) == len(folds):
        return
    for code, row in result.rows.items():
        before = first.setdefault(hash(code.casefold()), row)
        if before != row:
            facts = {"code": code, "other": result.code(before), "where": result.word(before)}
            result.told.add(rule, result.place(row), **facts)


def _settle_tree(result: Survey, hints: _Hints) -> None:
    """Take the hierarchy from what tells it most surely."""
    length = len(result.codes)
    for kept in (hints.indents, hints.outline):
        kept.extend([0] * (length - len(kept)) if kept else [])
    if any(hints.parents):
        cells = hints.parents + [""] * (length - len(hints.parents))
        result.tree = tree_of_parents(cells, _parents_in, result.rows)
        for fault in result.tree.faults:
            if fault.kind == "unknown":
                result.unknown_parents.setdefault(fault.row, []).append(fault.detail)
    elif any(level is not None for level in hints.levels) and len(set(hints.levels)) > 1:
        levels = hints.levels + [None] * (length - len(hints.levels))
        result.tree = tree_of_levels(levels, "level")
    elif any(hints.indents):
        result.tree = tree_of_levels(list(hints.indents), "indent")
    elif any(hints.outline):
        result.tree = tree_of_levels(list(hints.outline), "outline")
    elif any("." in number.strip().rstrip(".") for number in hints.numbers):
        numbers = hints.numbers + [""] * (length - len(hints.numbers))
        result.tree = tree_of_numbers(numbers)


def _parents_in(cell: str) -> list[str]:
    """Return the parents in a cell that is no code itself."""
    return [code for code in _BETWEEN_PARENTS.split(cell) if code] or [cell]


def _settle_repeated(result: Survey, tables: Sequence[CodeTable], again: Sequence[int]) -> None:
    """Compare rows of the same code: one concept with several parents, the same row twice, or a clash."""
    if not again:
        return
    wanted = {*again, *(result.rows[result.code(row)] for row in again)}
    kept = _cells(tables, wanted)
    for row in again:
        result.gone.add(row)
        first = result.rows[result.code(row)]
        mine, others = kept[row], kept[first]
        facts = {
            "code": result.code(row),
            "where": result.word(first),
        }
        if mine == others and not _other_parent(result, row, first):
            result.told.add(catalogue.TABLE_SAME_ROW, result.place(row), **facts)
        elif mine == others:
            assert result.tree is not None, "rows have parents"  # noqa: S101  narrows the type
            for parent in result.tree.all_parents(row):
                add_parent(result.tree, first, parent)
            result.told.add(catalogue.TABLE_ANOTHER_PARENT, result.place(row), **facts)
        else:
            header = next(header for header, cell in mine.items() if others.get(header) != cell)
            facts |= {"header": header, "mine": mine[header], "other": others.get(header, "")}
            result.told.add(catalogue.TABLE_SAME_CODE, result.place(row), **facts)


def _other_parent(result: Survey, row: int, first: int) -> bool:
    tree = result.tree
    if tree is None or tree.stated_by != "parent":
        return False
    return not set(tree.all_parents(row)) <= set(tree.all_parents(first))


def _cells(tables: Sequence[CodeTable], wanted: set[int]) -> dict[int, dict[str, str]]:
    """Return what some rows say, by header; parents, levels and numbers aside."""
    found: dict[int, dict[str, str]] = {}
    ordered = sorted(wanted)
    row = 0
    where = (ColumnRole.PARENT, ColumnRole.LEVEL, ColumnRole.NUMBERING)
    for table in tables:
        columns = [column for column in table.columns if column.role not in where]
        for rows in table.reader.rows():
            start = bisect_left(ordered, row)
            end = bisect_left(ordered, row + len(rows.lines))
            for each in ordered[start:end]:
                found[each] = {column.header: rows.columns[column.index][each - row] for column in columns}
            row += len(rows.lines)
    return found
