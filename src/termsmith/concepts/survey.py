"""The first way through code tables: codes, parents, types of properties, and what is wrong with rows."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeAlias

from termsmith import catalogue
from termsmith.concepts import empty_texts, faults
from termsmith.concepts.columns import PREFIX, Column, ColumnRole, property_code
from termsmith.concepts.displays import Displays
from termsmith.concepts.faults import Told
from termsmith.concepts.hierarchy import (
    ROOT,
    Fault,
    Tree,
    add_parent,
    replace_rows,
    tree_of_levels,
    tree_of_numbers,
    tree_of_parents,
)
from termsmith.concepts.mangled import mangled_codes
from termsmith.concepts.property_types import TypeInference, misfit_reason
from termsmith.model.shortened import shortened

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from termsmith.concepts.table import CodeTable, Rows
    from termsmith.model.place import Place

_CODE = re.compile(r"\S+(?: \S+)*")
_ODD_IN_CODES = re.compile(r"[\s\x00-\x1f]")
_BETWEEN_CODES = re.compile(r"[|;,\n]")
_NO_PARENT = frozenset({"-", "–", "—", "n/a", "none", "null"})
"""What stands in a column of parents where there is none, in lower case."""
_STRAY = 10
"""Where one row in so many, or fewer, has a single blank in front, that is a slip and no hierarchy."""
_LEVEL = re.compile(
    r"(?:level|ebene|stufe|niveau|nivel|livello)?\s{0,3}([0-9]{1,3})(?:\s?[-\u2010\u2011]\s?[A-Z])?",
    re.IGNORECASE,
)
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
    """Columns of properties and their types, by number of the table and index; those of children too."""
    misfits: dict[str, int] = field(default_factory=dict)
    """The first row whose value is not of the type that is stated for a property, by the property's code."""
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
        self.children: list[str] = []
        self.shared: dict[str, str] = {}
        self.levels: list[int | None] = []
        self.indents: list[int] = []
        self.outline: list[int] = []
        self.numbers: list[str] = []


_Roles: TypeAlias = "Mapping[ColumnRole, Sequence[int]]"
"""The indexes of the columns that have a role."""
_SPARE = frozenset({ColumnRole.LEVEL, ColumnRole.NUMBERING})
"""What becomes a property where it tells no hierarchy."""


def survey(tables: Sequence[CodeTable], *, case_sensitive: bool, displays: Displays = Displays.OWN) -> Survey:
    """Read all rows once.

    Args:
        tables: In order; their rows are one list.
        case_sensitive: Whether codes that differ by case only are different codes.
        displays: Where they are expected.
    """
    result = Survey(tables)
    hints = _Hints()
    texts = _Texts()
    codes = _property_codes(tables)
    inferences = _inferences(tables, codes)
    again: list[int] = []
    for number, table in enumerate(tables):
        result.starts.append(len(result.codes))
        faults.tell_table(table, result.told)
        roles: dict[ColumnRole, list[int]] = {}
        for column in table.columns:
            roles.setdefault(column.role, []).append(column.index)
        looked_at = [
            (column.index, inferences[codes[number, column.index]])
            for column in table.columns
            if (number, column.index) in codes
        ]
        told_texts = [column for column in table.columns if column.role in empty_texts.TEXTS]
        for rows in table.reader.rows():
            columns = list(rows.columns)
            first = len(result.codes)
            row_codes = columns[roles[ColumnRole.CODE][0]]
            again += _take_codes(result, row_codes, rows)
            for column in told_texts:
                empty_texts.tell(column, columns[column.index], row_codes, first, result)
                columns[column.index] = empty_texts.filled(columns[column.index], row_codes)
            _take_hints(hints, rows, roles, first)
            texts.take(columns, roles, first)
            for index, inference in looked_at:
                values = set(columns[index])
                if "\n" in "".join(values):
                    values = {line for value in values for line in _lines(value)}
                fitted = inference.misfit is None
                inference.look(values)
                if fitted and inference.misfit is not None:
                    wrong = first + _position(columns[index], inference.misfit)
                    result.misfits[codes[number, index]] = wrong
        faults.tell_oddities(table, result.told)
    _settle_codes(result, case_sensitive=case_sensitive)
    _settle_tree(result, hints)
    _settle_types(result, codes, inferences)
    _settle_repeated(result, tables, again)
    missing = texts.missing(result) if displays is Displays.OWN else ()
    faults.tell_texts(missing, texts.swapped(), result)
    return result


def _property_codes(tables: Sequence[CodeTable]) -> dict[tuple[int, int], str]:
    """Return the codes of columns that are properties, or would be if they tell no hierarchy."""
    columns = [(number, column) for number, table in enumerate(tables) for column in table.columns]
    codes = {(n, c.index): c.code for n, c in columns if c.role is ColumnRole.PROPERTY}
    taken = {*codes.values(), "parent", "child"}
    for number, column in columns:
        if column.role in _SPARE:
            code = property_code(column.header)
            codes[number, column.index] = f"{code}Text" if code in taken else code
    return codes


def _inferences(
    tables: Sequence[CodeTable], codes: Mapping[tuple[int, int], str]
) -> Mapping[str, TypeInference]:
    """Return an inference for each code; a type that is stated for one of its columns is for all."""
    stated: dict[str, str | None] = {}
    for (number, index), code in codes.items():
        column = tables[number].columns[index]
        stated[code] = stated.get(code) or column.type
    return {code: TypeInference(kind) for code, kind in stated.items()}


def _position(cells: Sequence[str], wanted: str) -> int:
    """Return the number of the first cell with a line."""
    return next(number for number, cell in enumerate(cells) if wanted in _lines(cell))


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


def _take_hints(hints: _Hints, rows: Rows, roles: _Roles, first: int) -> None:
    for kept, role in ((hints.parents, ColumnRole.PARENT), (hints.children, ColumnRole.CHILD)):
        if role in roles:
            kept.extend([""] * (first - len(kept)))
            # Most parents have several children: one text for all of them.
            cells = _joined([rows.columns[index] for index in roles[role]])
            kept.extend(map(hints.shared.setdefault, cells, cells))
    if ColumnRole.LEVEL in roles:
        hints.levels += [None] * (first - len(hints.levels))
        for cell in rows.columns[roles[ColumnRole.LEVEL][0]]:
            found = _LEVEL.fullmatch(cell)
            hints.levels.append(None if found is None else int(found[1]))
    if ColumnRole.NUMBERING in roles:
        hints.numbers += [""] * (first - len(hints.numbers))
        hints.numbers += rows.columns[roles[ColumnRole.NUMBERING][0]]
    for counted, given in ((hints.indents, rows.indents), (hints.outline, rows.levels)):
        if given is not None:
            counted.extend([0] * (first - len(counted)))
            counted.extend(given)


def _joined(columns: Sequence[Sequence[str]]) -> Sequence[str]:
    """Return several columns as one, cells of a row on lines of one cell."""
    if len(columns) == 1:
        return columns[0]
    return ["\n".join(filter(None, cells)) for cells in zip(*columns, strict=True)]


class _Texts:
    """Displays and definitions, as far as rows are compared by them."""

    def __init__(self) -> None:
        self._without: list[int] = []
        self._chunks: list[tuple[int, Sequence[str], Sequence[str]]] = []
        self._rows = 0

    def take(self, columns: Sequence[Sequence[str]], roles: _Roles, first: int) -> None:
        if ColumnRole.DISPLAY not in roles:
            return
        displays = columns[roles[ColumnRole.DISPLAY][0]]
        if not all(displays):
            self._without += [row for row, cell in enumerate(displays, start=first) if not cell]
        self._rows += len(displays)
        if self._rows > _MOST_TEXTS:
            self._chunks.clear()
        elif ColumnRole.DEFINITION in roles:
            self._chunks.append((first, displays, columns[roles[ColumnRole.DEFINITION][0]]))

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
    result: Survey, codes: Mapping[tuple[int, int], str], inferences: Mapping[str, TypeInference]
) -> None:
    """Decide the types of properties; a type that FHIR or the user states has to fit all values."""
    used = {"level": ColumnRole.LEVEL, "numbering": ColumnRole.NUMBERING}.get(
        result.tree.stated_by if result.tree is not None else ""
    )
    taken = set(codes.values())
    for key, code in codes.items():
        number, index = key
        table = result.tables[number]
        column = table.columns[index]
        inference = inferences[code]
        if inference.empty or column.role is used:
            continue
        kind = inference.type(result.rows)
        place = table.place(table.header_line, column)
        if column.role in _SPARE:
            result.told.add(catalogue.TABLE_NO_HIERARCHY, place, header=column.header, code=code)
            column = replace(column, role=ColumnRole.PROPERTY, code=code)
        elif column.type is not None and kind != column.type:
            _tell_misfit(result, code, column, inference, kind)
            if column.uri is not None:
                other = _other_code(column)
                while other in taken:
                    other += "Text"
                taken.add(other)
                column = replace(column, uri=None, code=other, type=None)
        result.types[key] = (column, kind)
    for number, table in enumerate(result.tables):
        for column in table.columns:
            if column.role is ColumnRole.CHILD:
                child = replace(column, code="child", uri=f"{PREFIX}child", type="code")
                result.types[number, column.index] = (child, "code")


def _tell_misfit(result: Survey, code: str, column: Column, inference: TypeInference, kind: str) -> None:
    """Tell the first value that is not of the type stated for its column."""
    value, row = inference.misfit or "", result.misfits.get(code, 0)
    # Columns of several tables may be one property; the place is then in the table that has the value.
    own = next((each for each in result.table(row).columns if each.header == column.header), column)
    facts = {
        "header": column.header,
        "stated": column.type,
        "kind": kind,
        "value": shortened(value),
        "where": result.word(row),
        "why": misfit_reason(value, column.type or kind),
    }
    result.told.add(catalogue.TABLE_TYPE_DIFFERS, result.place(row, own), **facts)


def _other_code(column: Column) -> str:
    code = property_code(column.header)
    return code if code != column.code or column.uri is None else f"{code}Text"


def _settle_codes(result: Survey, *, case_sensitive: bool) -> None:
    """Look for codes that FHIR does not allow, or that a spreadsheet has changed, and for equal ones."""
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
                result.gone.add(row)
                result.rows.pop(code, None)
    for row, detail in mangled_codes(result.rows, text):
        where = result.word(row)
        result.told.add(catalogue.TABLE_MANGLED, result.place(row), detail=detail, where=where)
    if text.isascii() and text in {text.upper(), text.lower()}:
        return  # all of one case
    first: dict[str, int] = {}
    rule = catalogue.TABLE_CASE_ONLY if case_sensitive else catalogue.TABLE_CASE_SAME
    folds = list(map(hash, map(str.casefold, result.rows)))
    if len(set(folds)) == len(folds):
        return
    for code, row in result.rows.items():
        before = first.setdefault(code.casefold(), row)
        if before != row:
            facts = {"code": code, "other": result.code(before), "where": result.word(before)}
            result.told.add(rule, result.place(row), **facts)


def _settle_tree(result: Survey, hints: _Hints) -> None:
    """Take the hierarchy from what tells it most surely."""
    length = len(result.codes)
    for counted in (hints.indents, hints.outline):
        counted.extend([0] * (length - len(counted)) if counted else [])
    for cells in (hints.parents, hints.children):
        cells.extend([""] * (length - len(cells)) if any(cells) else [])
    if any(hints.parents):
        result.tree = tree_of_parents(hints.parents, _parents_in, result.rows)
        for fault in result.tree.faults:
            result.unknown_parents.setdefault(fault.row, []).append(fault.detail)
        _add_children(result, result.tree, hints.children)
    elif any(hints.children):
        result.tree = Tree("child", array("i", [ROOT]) * length)
        _add_children(result, result.tree, hints.children)
    else:
        result.tree = _tree_of_order(hints, length, result.starts)


def _tree_of_order(hints: _Hints, length: int, starts: Sequence[int]) -> Tree | None:
    """Return the tree that the order of the rows tells together with levels, blanks, outlines or numbers."""
    if len({level for level in hints.levels if level is not None}) > 1:
        return tree_of_levels(hints.levels + [None] * (length - len(hints.levels)), "level", starts)
    if _tells_levels(hints.indents):
        return tree_of_levels(list(hints.indents), "indent", starts)
    if len(set(hints.outline)) > 1:
        return tree_of_levels(list(hints.outline), "outline", starts)
    if any("." in number.strip().rstrip(".") for number in hints.numbers):
        tree = tree_of_numbers(hints.numbers + [""] * (length - len(hints.numbers)))
        # Numbers such as 1.50 are below none.
        return None if tree.parents.count(ROOT) == length else tree
    return None


def _tells_levels(indents: Sequence[int]) -> bool:
    """Tell whether blanks in front are meant, and not a slip in a few rows or the same everywhere."""
    depths = set(indents)
    if len(depths) < 2:  # noqa: PLR2004  below something
        return False
    return depths != {0, 1} or indents.count(1) * _STRAY > len(indents)


def _add_children(result: Survey, tree: Tree, cells: Sequence[str]) -> None:
    for row, cell in enumerate(cells):
        for code in children_in(cell, result.rows) if cell else ():
            child = result.rows.get(code)
            if child is None:
                tree.faults.append(Fault("child", row, code))
            elif result.rows.get(result.codes[row]) is not None:
                add_parent(tree, child, result.rows[result.codes[row]])


def children_in(cell: str, rows: Mapping[str, int]) -> Sequence[str]:
    """Return the codes in a cell of children."""
    return [cell] if cell in rows else _parents_in(cell)


def _parents_in(cell: str) -> list[str]:
    """Return the parents in a cell that is no code itself."""
    if cell.lower() in _NO_PARENT:
        return []
    return [code for part in _BETWEEN_CODES.split(cell) if (code := part.strip())]


def _settle_repeated(result: Survey, tables: Sequence[CodeTable], again: Sequence[int]) -> None:
    """Compare rows of the same code: one concept with several parents, the same row twice, or a clash."""
    again = [row for row in again if row not in result.gone]
    if not again:
        return
    firsts = {row: result.rows[result.code(row)] for row in again}
    kept = _cells(tables, {*firsts, *firsts.values()})
    if result.tree is not None:
        # What stands below a repeated row stands below its code.
        replace_rows(result.tree, firsts)
    for row, first in firsts.items():
        result.gone.add(row)
        mine, others = kept[row], kept[first]
        facts = {"code": result.code(row), "where": result.word(first)}
        if mine != others:
            header = next((h for h in [*mine, *others] if mine.get(h, "") != others.get(h, "")), "")
            facts |= {"header": header, "mine": mine.get(header, ""), "other": others.get(header, "")}
            result.told.add(catalogue.TABLE_SAME_CODE, result.place(row), **facts)
        elif result.tree is not None and not set(result.tree.all_parents(row)) <= {
            *result.tree.all_parents(first),
            first,
        }:
            for parent in list(result.tree.all_parents(row)):
                add_parent(result.tree, first, parent)
            result.told.add(catalogue.TABLE_ANOTHER_PARENT, result.place(row), **facts)
        else:
            result.told.add(catalogue.TABLE_SAME_ROW, result.place(row), **facts)


def _cells(tables: Sequence[CodeTable], wanted: set[int]) -> dict[int, dict[str, str]]:
    """Return what some rows say, by header; parents, levels and numbers aside."""
    found: dict[int, dict[str, str]] = {}
    ordered = sorted(wanted)
    row = 0
    where = (ColumnRole.PARENT, ColumnRole.LEVEL, ColumnRole.NUMBERING, ColumnRole.IGNORED)
    for table in tables:
        columns = [column for column in table.columns if column.role not in where]
        for rows in table.reader.rows():
            start = bisect_left(ordered, row)
            end = bisect_left(ordered, row + len(rows.lines))
            for each in ordered[start:end]:
                found[each] = {
                    f"{column.header}": cell
                    for column in columns
                    if (cell := rows.columns[column.index][each - row])
                }
            row += len(rows.lines)
    return found
