"""What is wrong with code tables, in words; of each kind only so many are told one by one."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from termsmith import catalogue
from termsmith.concepts.columns import ColumnRole
from termsmith.concepts.hierarchy import way_round

if TYPE_CHECKING:
    from collections.abc import Iterable

    from termsmith.concepts.columns import Column
    from termsmith.concepts.hierarchy import Tree
    from termsmith.concepts.survey import Survey
    from termsmith.concepts.table import CodeTable
    from termsmith.model.finding import Finding, Rule
    from termsmith.model.place import Place

MOST_OF_A_KIND = 100
"""Findings of one kind that are told one by one."""
_TREE = {
    "unknown": catalogue.TABLE_NO_PARENT,
    "child": catalogue.TABLE_NO_CHILD,
    "level": catalogue.TABLE_NO_LEVEL,
    "skipped": catalogue.TABLE_SKIPPED,
    "number": catalogue.TABLE_NO_NUMBER,
}
_ODDITIES = {
    "ragged": catalogue.TABLE_RAGGED,
    "mangled": catalogue.TABLE_MANGLED,
    "quotes": catalogue.TABLE_QUOTES,
    "characters": catalogue.TABLE_CHARACTERS,
    "formula": catalogue.TABLE_FORMULA,
    "hidden": catalogue.TABLE_HIDDEN,
    "struck": catalogue.TABLE_STRUCK_OUT,
    "raised": catalogue.TABLE_NOTE_MARK,
    "sheets": catalogue.TABLE_OTHER_SHEETS,
}


class Told:
    """Findings as they come; a table of a million rows can have a million."""

    def __init__(self) -> None:
        """Begin with none."""
        self._kept: list[Finding] = []
        self._numbers: Counter[Rule] = Counter()

    def add(self, rule: Rule, place: Place | None, **facts: Any) -> None:
        """Take note of a finding."""
        self._numbers[rule] += 1
        if self._numbers[rule] <= MOST_OF_A_KIND:
            self._kept.append(rule.found(place=place, **facts))

    def findings(self) -> tuple[Finding, ...]:
        """Return them, and of those that are too many how many there are."""
        more = [
            catalogue.TABLE_MORE.found(code=rule.code, number=number, most=MOST_OF_A_KIND)
            for rule, number in self._numbers.items()
            if number > MOST_OF_A_KIND
        ]
        return (*self._kept, *more)


def tell_table(table: CodeTable, told: Told) -> None:
    """Tell how a table was read, and which headers say nothing to us."""
    columns = ", ".join(f"{column.header or '(no header)'} = {_role(column)}" for column in table.columns)
    told.add(catalogue.TABLE_READ, table.place(table.header_line), shape=table.shape, columns=columns)
    for column in table.columns:
        if not column.known:
            place = table.place(table.header_line, column)
            told.add(catalogue.TABLE_UNKNOWN_COLUMN, place, header=column.header, code=column.code)


def _role(column: Column) -> str:
    if column.role is ColumnRole.PROPERTY:
        return f"property {column.code}"
    if column.role is ColumnRole.DESIGNATION:
        return f"designation {column.language}" if column.language else "designation"
    if column.role is ColumnRole.DISPLAY and column.language:
        return f"display and designation {column.language}"
    return str(column.role.value)


def tell_oddities(table: CodeTable, told: Told) -> None:
    """Tell what was odd about the rows of a table."""
    for each in table.reader.oddities:
        where = f"{table.row_word} {each.line}"
        told.add(_ODDITIES[each.kind], table.place(each.line), detail=each.detail, where=where)


def tell_texts(missing: Iterable[int], swapped: Iterable[tuple[int, int]], surveyed: Survey) -> None:
    """Tell concepts without display, and displays that are the definition of another concept."""
    for row in missing:
        surveyed.told.add(catalogue.TABLE_NO_DISPLAY, surveyed.place(row), code=surveyed.code(row))
    for row, other in swapped:
        facts = {"code": surveyed.code(row), "other": surveyed.code(other)}
        surveyed.told.add(catalogue.TABLE_SWAPPED, surveyed.place(row), **facts)


def tell_tree(tree: Tree, surveyed: Survey) -> None:
    """Tell what is wrong with a hierarchy."""
    for fault in tree.faults:
        place, code = surveyed.place(fault.row), surveyed.code(fault.row)
        if fault.kind == "cycle":
            way = way_round([surveyed.code(int(row)) for row in fault.detail.split()])
            surveyed.told.add(catalogue.TABLE_CYCLE, place, code=code, way=way)
        elif fault.row not in surveyed.gone:
            surveyed.told.add(_TREE[fault.kind], place, code=code, detail=fault.detail)
