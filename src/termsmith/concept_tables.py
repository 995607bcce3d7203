"""Which of a page's code tables belong to which of its systems, and what became of their cells."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from termsmith import catalogue
from termsmith.concepts.columns import ColumnRole
from termsmith.concepts.page_table import PageReader, grouped
from termsmith.dialects.labels import fold
from termsmith.model.page import Table
from termsmith.model.place import Place
from termsmith.model.result import Fate
from termsmith.records.marks import Mark
from termsmith.sources.concept_files import NO_FILES, ConceptFiles

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from termsmith.concepts.columns import Column
    from termsmith.concepts.page_table import PageTable
    from termsmith.model.finding import Finding
    from termsmith.model.page import Block, Page
    from termsmith.model.record import Property, TerminologyRecord
    from termsmith.sidecars.sidecar import Sidecar

_SHORTEST_NAME = 4
"""Folded letters of a system's name by which a heading is told to be about it."""
_MOST_NAMED = 5


@dataclass(slots=True)
class Assignment:
    """The code tables of each system of a page."""

    tables: list[tuple[PageTable, ...]]
    """One for each system, in the order of the records."""
    files: list[ConceptFiles]
    """Likewise; the files that its concepts may be in."""
    findings: list[Finding] = field(default_factory=list)


def assign(
    tables: Sequence[PageTable],
    files: ConceptFiles,
    records: Sequence[TerminologyRecord],
    sidecar: Sidecar,
) -> Assignment:
    """Give each code table, and file of codes, to the system that it belongs to, and only with certainty.

    What the sidecar says counts first. The only system of a page has all tables. Of several systems, one has
    the tables whose heading is its name; what is left over then is nobody's.
    """
    result = Assignment([() for _ in records], [files for _ in records])
    asked = [_asked(tables, sidecar.of_system(number), result) for number in range(len(records))]
    if len(records) == 1:
        own = asked[0]
        if own is None and _lists_none(records[0], sidecar):
            result.findings += [_denied(each) for each in tables]
            return result
        result.tables[0] = tuple(tables) if own is None else own
        if own is None:
            result.findings += _separate(tables)
        else:
            result.findings += [_not_wanted(each) for each in tables if each not in own]
        return result
    _assign_files(files, sidecar, result)
    named = [_named_by_heading(each, records) for each in tables]
    for number, own in enumerate(asked):
        result.tables[number] = (
            own
            if own is not None
            else tuple(t for t, who in zip(tables, named, strict=True) if who == number)
        )
    taken = {each.number for own in result.tables for each in own}
    for each in tables:
        if each.number not in taken:
            result.findings.append(
                _unassigned(each, len(records)) if any(own is None for own in asked) else _not_wanted(each)
            )
    return result


def none_assigned(records: Sequence[TerminologyRecord]) -> Assignment:
    """Return the assignment for a page that lists systems, and none of their codes."""
    return Assignment([() for _ in records], [NO_FILES for _ in records])


def _assign_files(files: ConceptFiles, sidecar: Sidecar, result: Assignment) -> None:
    """Leave each of several systems the file that the sidecar names for it, and no other."""
    named = ConceptFiles(folder=files.folder)
    own = ["file" in sidecar.of_system(number).concepts for number in range(len(result.files))]
    result.files = [named if has else NO_FILES for has in own]
    file = files.given or files.beside
    if file is not None and not any(own):
        result.findings.append(
            catalogue.TABLE_UNASSIGNED.found(
                place=Place(file.name, 1, 1), what=file.name, count=len(own), key=f'file = "{file.name}"'
            )
        )


def _asked(tables: Sequence[PageTable], sidecar: Sidecar, result: Assignment) -> tuple[PageTable, ...] | None:
    """Return the tables that a system's part of the sidecar asks for; nothing when it does not say."""
    heading, numbers = sidecar.concepts.get("heading"), sidecar.concepts.get("tables")
    if heading is None and numbers is None:
        return None
    chosen: list[PageTable] = []
    has = ", ".join(f"table {each.number} ({each.title})" for each in tables[:_MOST_NAMED]) or "none"
    if heading is not None:
        wanted = fold(heading.value)
        chosen = [
            each for each in tables if wanted in {fold(name) for name in (*each.names, each.heading or "")}
        ]
        if not chosen:
            result.findings.append(
                catalogue.TABLE_NO_HEADING.found(place=heading.place, wanted=repr(heading.value), has=has)
            )
    if numbers is not None:
        by_number = {each.number: each for each in tables}
        for number in numbers.value:
            if number not in by_number:
                result.findings.append(
                    catalogue.TABLE_NO_HEADING.found(place=numbers.place, wanted=str(number), has=has)
                )
            elif by_number[number] not in chosen:
                chosen.append(by_number[number])
    return tuple(sorted(chosen, key=lambda each: each.number))


def _named_by_heading(table: PageTable, records: Sequence[TerminologyRecord]) -> int | None:
    """Return the system whose name the heading of a table has in it, when it is only one's."""
    text = fold(table.heading or "")
    found = {
        name: number
        for number, record in enumerate(records)
        for stated in (record.title, record.short_name)
        if stated is not None and len(name := fold(stated.value)) >= _SHORTEST_NAME and name in text
    }
    # `Tea Grades, Broken Leaf` has `Tea Grades` in it, too: the longest counts.
    longest = [name for name in found if not any(name != other and name in other for other in found)]
    numbers = {found[name] for name in longest}
    return numbers.pop() if len(numbers) == 1 else None


def _separate(tables: Sequence[PageTable]) -> Iterator[Finding]:
    groups = grouped(tables)
    if len(groups) > 1:
        titles = list(dict.fromkeys(group[0].title for group in groups))
        if len(titles) == 1:
            titles = [f"table {group[0].number}" for group in groups]
        listed = ", ".join(titles[:_MOST_NAMED]) + (" and others" if len(titles) > _MOST_NAMED else "")
        yield catalogue.TABLE_SEPARATE.found(place=_place(tables[0]), headings=listed)


def _lists_none(record: TerminologyRecord, sidecar: Sidecar) -> bool:
    """Whether the page says that its codes are elsewhere."""
    content = record.content
    return content is not None and content.value == "not-present" and "content" not in sidecar.concepts


def _denied(table: PageTable) -> Finding:
    return catalogue.TABLE_DENIED.found(place=_place(table), what=table.title)


def _unassigned(table: PageTable, count: int) -> Finding:
    key = f'heading = "{table.heading}"' if table.heading else f"tables = [{table.number}]"
    return catalogue.TABLE_UNASSIGNED.found(
        place=_place(table), what=f"the table {table.title}", count=count, key=key
    )


def _not_wanted(table: PageTable) -> Finding:
    return catalogue.TABLE_NOT_WANTED.found(place=_place(table), what=f"the table {table.title}")


def _place(table: PageTable) -> Place:
    return table.table.place(table.table.header_line)


def numbers_of(tables: Sequence[PageTable]) -> tuple[int, ...]:
    """Return the numbers of all tables on the page that code tables are made of."""
    return tuple(
        number
        for each in tables
        for number in (each.table.reader.tables() if isinstance(each.table.reader, PageReader) else ())
    )


def declared(tables: Sequence[PageTable], properties: Sequence[Property]) -> tuple[PageTable, ...]:
    """Return code tables whose columns are the properties that the page declares, told by code or name."""
    by_name = {
        fold(stated.value): each
        for each in properties
        for stated in (each.name, each.code)
        if stated is not None
    }
    return tuple(
        replace(
            each,
            table=replace(each.table, columns=tuple(_declared(c, by_name) for c in each.table.columns)),
        )
        for each in tables
    )


def _declared(column: Column, properties: Mapping[str, Property]) -> Column:
    found = properties.get(fold(column.header))
    if found is None or column.role is not ColumnRole.PROPERTY:
        return column
    return replace(
        column,
        code=found.code.value,
        uri=found.uri.value if found.uri is not None else None,
        type=found.type.value if found.type is not None else column.type,
        known=True,
    )


def table_marks(tables: Sequence[PageTable]) -> Iterator[Mark]:
    """Yield marks of the cells of code tables that only say what other cells are."""
    for each in tables:
        reader = each.table.reader
        if not isinstance(reader, PageReader):
            continue
        if each.caption is not None:
            yield Mark.of(each.caption, Fate.LABEL, "heading of a code table")
        for cells, note in (
            (reader.header_cells(), "header of a code table"),
            (reader.repeated_codes(), "code of a concept of the table above"),
        ):
            for cell in cells:
                for block in cell.blocks:
                    yield Mark.of(block, Fate.LABEL, note)


def reasons(
    page: Page, tables: Sequence[PageTable], used: Sequence[PageTable]
) -> Iterator[tuple[Block, str]]:
    """Yield why text in code tables is left over, where nothing uses it."""
    taken = {each.number for each in used}
    numbers: Mapping[int, bool] = {
        number: each.number in taken for each in tables for number in numbers_of((each,))
    }
    for item in page.items:
        if isinstance(item, Table) and item.number in numbers:
            why = (
                "stands in a code table, but in no row or column that gives concepts"
                if numbers[item.number]
                else "stands in a code table that is not used"
            )
            for row in item.rows:
                for cell in row.cells:
                    for block in cell.blocks:
                        yield block, why
