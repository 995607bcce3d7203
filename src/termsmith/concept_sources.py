"""Where the concepts of a code system come from: a file, a table on the page, or a resource."""

from __future__ import annotations

import codecs
import json
import re
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

from termsmith import catalogue
from termsmith.concepts.columns import ColumnRole
from termsmith.concepts.hierarchy import Hierarchy
from termsmith.concepts.page_table import PageReader
from termsmith.concepts.table import UnreadableTableError, WatchedReader
from termsmith.errors import SourceError
from termsmith.model.exact_decimal import exact_decimal
from termsmith.model.page import Block
from termsmith.model.place import Place
from termsmith.model.record import Origin, Span
from termsmith.model.result import Evidence
from termsmith.records.words import span_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from termsmith.concepts.code_list import CodeList, ListOptions
    from termsmith.concepts.columns import Column
    from termsmith.concepts.displays import Displays
    from termsmith.concepts.page_table import PageTable
    from termsmith.concepts.table import CodeTable
    from termsmith.model.finding import Finding
    from termsmith.model.page import Cell, Page
    from termsmith.model.result import Nesting
    from termsmith.sidecars.sidecar import Sidecar, SidecarValue
    from termsmith.sources.concept_files import ConceptFile, ConceptFiles

_WORKBOOKS = frozenset({".xlsx", ".xlsm"})
_SNIFFED = 4096
_MOST_HEADERS = 20
_HINTS = {"SRC001": "Correct `file`; its path starts at the folder of the page."}
"""What to do about a file that a sidecar names."""
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How old Office files start, and new ones that are encrypted."""


class Concepts(Protocol):
    """Concepts from anywhere."""

    @property
    def count(self) -> int:
        """Number of concepts, all levels."""

    @property
    def properties(self) -> Sequence[Mapping[str, Any]]:
        """Declarations of their properties."""

    @property
    def has_hierarchy(self) -> bool:
        """Whether some stand below others."""

    @property
    def findings(self) -> Sequence[Finding]:
        """What is wrong with them."""

    def concepts(self) -> Iterator[list[dict[str, Any]]]:
        """Yield the top-level concepts in chunks; again each time."""

    def one_by_one(self) -> Iterator[list[dict[str, Any]]]:
        """Yield concepts in chunks, such as `nesting` says; again each time."""

    @property
    def nesting(self) -> Callable[[], Nesting] | None:
        """Tells where the concepts of `one_by_one` stand; absent where they come with all below them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceConcepts:
    """The concepts of a CodeSystem that is there already."""

    source: str
    data: Mapping[str, Any]
    findings: tuple[Finding, ...] = ()

    @property
    def count(self) -> int:
        """Number of concepts, all levels."""
        number, waiting = 0, [self._top()]
        while waiting:
            concepts = waiting.pop()
            number += len(concepts)
            waiting += [each["concept"] for each in concepts if isinstance(each.get("concept"), list)]
        return number

    @property
    def properties(self) -> Sequence[Mapping[str, Any]]:
        """Declarations of their properties."""
        return [each for each in self.data.get("property", ()) if isinstance(each, dict)]

    @property
    def has_hierarchy(self) -> bool:
        """Whether some stand below others."""
        return any("concept" in each for each in self._top())

    def concepts(self) -> Iterator[list[dict[str, Any]]]:
        """Yield the concepts as they are."""
        yield self._top()

    def one_by_one(self) -> Iterator[list[dict[str, Any]]]:
        """Yield the concepts as they are: they are in memory anyway."""
        return self.concepts()

    @property
    def nesting(self) -> None:
        """Nothing: concepts come with all below them."""

    def _top(self) -> list[dict[str, Any]]:
        listed = self.data.get("concept")
        return [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundConcepts:
    """The concepts of a page's code system."""

    concepts: Concepts | None = None
    """Absent when there are none."""
    source: str = ""
    """File or page that they are from."""
    from_page: bool = False
    findings: tuple[Finding, ...] = ()
    tables: tuple[PageTable, ...] = ()
    """Those on the page that are used."""
    existing: Mapping[str, Any] = field(default_factory=dict)
    """The CodeSystem that is there already; empty when the concepts are not of one."""
    withheld: bool = False
    """Whether there is a file for them of which none could be taken: nobody says then that there are none."""


def find_concepts(
    page: Page,
    on_page: Sequence[PageTable],
    files: ConceptFiles,
    sidecar: Sidecar,
    *,
    hierarchy: Hierarchy,
    case_sensitive: bool,
    displays: Displays,
) -> FoundConcepts:
    """Return the concepts of a system: of the file given, named or beside the page, else of its tables.

    Args:
        page: The page.
        on_page: The code tables on it that belong to the system.
        files: Where concepts may be besides.
        sidecar: What it says of this system.
        hierarchy: How a hierarchy is to be written.
        case_sensitive: Whether codes that differ by case only are different codes.
        displays: Who says what the codes mean.

    Raises:
        SourceError: SRC001, SRC002 or SRC006, when a file can't be read; begins with the sidecar's line
            where that names the file.
    """
    named = sidecar.concepts.get("file")
    file = files.given or (_named(files, named) if named is not None else files.beside)
    if file is None and not on_page:
        return FoundConcepts()
    from termsmith.concepts.code_list import ListOptions, code_list  # noqa: PLC0415  most pages list no codes

    options = ListOptions(hierarchy=hierarchy, case_sensitive=case_sensitive, displays=displays)
    if file is not None:
        found = _of_file(file, sidecar, options)
        if found.concepts is None:
            place = Place(file.name, 1, 1)
            withheld = catalogue.TABLE_WITHHELD.found(place=place, source=file.name)
            found = replace(found, findings=(*found.findings, withheld), withheld=True)
        if file is files.beside and files.others_beside:
            others = catalogue.TABLE_OTHER_FILES.found(
                place=Place(file.name, 1, 1), source=file.name, others=", ".join(files.others_beside)
            )
            found = replace(found, findings=(*found.findings, others))
        if on_page:
            unused = catalogue.TABLE_ON_PAGE_UNUSED.found(
                place=Place(page.source, 1, 1, table=on_page[0].number, row=1), source=file.name
            )
            found = replace(found, findings=(*found.findings, unused))
        return found
    tables = [each.table for each in on_page]
    made = code_list(tables, options)
    findings = (*made.findings, *_stated_but_not_there(tables, sidecar, page.source))
    if not made.count:
        place = tables[0].place(tables[0].header_line)
        findings = (*findings, catalogue.TABLE_EMPTY.found(place=place, source=page.source))
        return FoundConcepts(source=page.source, findings=findings)
    return FoundConcepts(
        concepts=made, source=page.source, from_page=True, findings=findings, tables=tuple(on_page)
    )


def _named(files: ConceptFiles, stated: SidecarValue) -> ConceptFile:
    """Return the file that a sidecar names; where there is none, the sidecar's line tells who asks for it."""
    try:
        file = files.named(stated.value)
        file.open().close()
    except SourceError as error:
        place = f"{stated.place.source}:{stated.place.line}"
        raise SourceError(
            error.code, f"{place}: {error.message}", _HINTS.get(error.code, error.hint)
        ) from error
    return file


def _stated_but_not_there(tables: Sequence[CodeTable], sidecar: Sidecar, source: str) -> Iterator[Finding]:
    """Yield findings for columns that the sidecar states and no table has."""
    there = dict.fromkeys(column.header for table in tables for column in table.columns)
    place = tables[0].place(tables[0].header_line)
    listed = ", ".join(map(repr, list(there)[:_MOST_HEADERS]))
    for header in sidecar.columns:
        if header not in there:
            yield catalogue.TABLE_NO_COLUMN.found(place=place, header=header, source=source, headers=listed)


def _listed(table: CodeTable, options: ListOptions) -> CodeList:
    from termsmith.concepts.code_list import code_list  # noqa: PLC0415  as above

    return code_list([table], options)


def _of_file(file: ConceptFile, sidecar: Sidecar, options: ListOptions) -> FoundConcepts:
    with file.open() as opened:
        start = opened.read(_SNIFFED)
    bare = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if bare[:1] in {b"{", b"<"}:
        return _of_resource(file, options.hierarchy)
    try:
        table = _table(file, start, sidecar)
        made = None if table is None else _listed(table, options)
    except UnreadableTableError as error:
        return _unreadable(file, str(error))
    place = Place(file.name, 1, 1)
    if made is None and (kind := _no_text(start)) is not None:
        return _unreadable(file, kind)
    if made is None:
        return FoundConcepts(
            source=file.name, findings=(catalogue.TABLE_NONE.found(place=place, source=file.name),)
        )
    findings = (*made.findings, *_stated_but_not_there(made.tables, sidecar, file.name))
    if not made.count:
        empty = catalogue.TABLE_EMPTY.found(place=place, source=file.name)
        return FoundConcepts(source=file.name, findings=(*findings, empty))
    return FoundConcepts(concepts=made, source=file.name, findings=findings)


def _no_text(start: bytes) -> str | None:
    """Return what a file is that is neither text nor a workbook, by its first bytes; nothing for text."""
    if start.startswith(b"%PDF-"):
        return "it is a PDF document"
    marked = start.startswith(
        (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)
    )
    return "it is neither text nor a workbook" if b"\0" in start and not marked else None


def _table(file: ConceptFile, start: bytes, sidecar: Sidecar) -> CodeTable | None:
    table = _unwatched(file, start, sidecar)
    if table is None or file.on_rows is None:
        return table
    return replace(table, reader=WatchedReader(table.reader, partial(file.on_rows, file.name)))


def _unwatched(file: ConceptFile, start: bytes, sidecar: Sidecar) -> CodeTable | None:
    if start[:8] == _OLD_OFFICE:
        msg = "it is an old .xls workbook, or one with a password; save it as .xlsx without"
        raise UnreadableTableError(msg)
    if start[:2] == b"PK":
        from termsmith.concepts.xlsx_table import read_xlsx_table  # noqa: PLC0415  only for workbooks

        sheet = sidecar.concepts.get("sheet")
        return read_xlsx_table(
            file.path, file.name, sheet=None if sheet is None else sheet.value, stated=sidecar.columns
        )
    from termsmith.concepts.csv_table import read_csv_table  # noqa: PLC0415  only for text files

    return read_csv_table(file.open, file.name, sidecar.columns)


def _of_resource(file: ConceptFile, hierarchy: Hierarchy) -> FoundConcepts:
    from termsmith.documents.document import DocumentError  # noqa: PLC0415  only for resources
    from termsmith.documents.reading import read_document  # noqa: PLC0415  as above

    with file.open() as opened:
        data = opened.read()
    try:
        document = read_document(data, file.name)
    except DocumentError as error:
        return FoundConcepts(source=file.name, findings=(error.finding,))
    found = [each for each in document.resources if each.data.get("resourceType") == "CodeSystem"]
    if len(found) != 1:
        return _unreadable(file, f"it holds {len(found)} CodeSystems" if found else "it holds no CodeSystem")
    existing = _with_all_digits(data, found[0].pointer) or found[0].data
    place = Place(file.name, 1, 1)
    told: list[Finding] = []
    if hierarchy is not Hierarchy.AS_STATED:
        existing, told = _rearranged(existing, hierarchy, place)
    made = ResourceConcepts(source=file.name, data=existing)
    others = [*document.others, *(str(each.data["resourceType"]) for each in document.context)]
    others += [str(each.data["resourceType"]) for each in document.resources if each is not found[0]]
    lost = [
        catalogue.TABLE_ELEMENT_LOST.found(place=place, what=kind, source=file.name, why=_NO_CODE_SYSTEM)
        for kind in dict.fromkeys(others)
    ]
    return FoundConcepts(
        concepts=made, source=file.name, findings=(*document.findings, *lost, *told), existing=existing
    )


def _rearranged(
    existing: Mapping[str, Any], hierarchy: Hierarchy, place: Place
) -> tuple[Mapping[str, Any], list[Finding]]:
    """Return a CodeSystem with its hierarchy in another form, and what stands against that."""
    concepts = existing.get("concept")
    if not isinstance(concepts, list) or not all(isinstance(each, dict) for each in concepts):
        return existing, []
    from termsmith.concepts.code_list import PARENT  # noqa: PLC0415  few pages have a CodeSystem
    from termsmith.concepts.rearranging import rearranged  # noqa: PLC0415

    made = rearranged(concepts, hierarchy, place)
    if made is None:
        return existing, []
    listed, findings = made
    declared = existing.get("property", [])
    parents = any(each.get("code") == "parent" for concept in listed for each in concept.get("property", ()))
    if parents and not any(isinstance(each, dict) and each.get("code") == "parent" for each in declared):
        declared = [PARENT, *declared]
    return {**existing, **({"property": declared} if declared else {}), "concept": listed}, findings


_NO_CODE_SYSTEM = "only the CodeSystem of the file is used"
_FRACTION = re.compile(rb"[0-9][.eE][0-9+-]|[0-9]{19}")


def _with_all_digits(data: bytes, pointer: str) -> Mapping[str, Any] | None:
    """Return a resource in JSON with all digits of its decimals; nothing where there are none, or no JSON."""
    if data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] != b"{" or _FRACTION.search(data) is None:
        return None
    value = json.loads(data.decode("utf-8-sig"), parse_float=exact_decimal)
    for part in pointer.split("/")[1:]:
        value = value[int(part) if isinstance(value, list) else part]
    return cast("Mapping[str, Any]", value)


def _unreadable(file: ConceptFile, problem: str) -> FoundConcepts:
    place = Place(file.name, 1, 1)
    finding = catalogue.TABLE_UNREADABLE.found(place=place, source=file.name, problem=problem)
    return FoundConcepts(source=file.name, findings=(finding,))


def concept_evidence(found: FoundConcepts, page: Page, resource: str) -> Iterator[Evidence]:
    """Yield what the concepts rest on: of tables on the page cell by cell, of files column by column."""
    concepts = found.concepts
    if concepts is None:
        return
    from termsmith.concepts.code_list import CodeList  # noqa: PLC0415  as above

    if not isinstance(concepts, CodeList):
        span = Span(Place(found.source, 1, 1), found.source)
        reason = "as it stands in the CodeSystem"
        yield Evidence(
            resource, "CodeSystem.concept", f"{concepts.count:,} concepts", Origin.FILE, (span,), reason
        )
        return
    if not found.from_page:
        for table in concepts.tables:
            for column in table.columns:
                if column.role is ColumnRole.IGNORED:
                    continue
                span = Span(table.place(table.header_line, column), column.header)
                yield Evidence(
                    resource,
                    f"CodeSystem.concept{_ELEMENTS[column.role]}",
                    f"column {column.header!r}",
                    Origin.FILE,
                    (span,),
                    f"of {concepts.count:,} concepts; {table.shape}",
                )
        return
    yield from _Cells(concepts, page, resource).evidence()


_ELEMENTS = {
    ColumnRole.CODE: ".code",
    ColumnRole.DISPLAY: ".display",
    ColumnRole.DEFINITION: ".definition",
    ColumnRole.DESIGNATION: ".designation",
    ColumnRole.PROPERTY: ".property",
    ColumnRole.PARENT: "",
    ColumnRole.CHILD: "",
    ColumnRole.LEVEL: "",
    ColumnRole.NUMBERING: "",
}


def _leaves(concept: Mapping[str, Any], column: Column, raw: str) -> Iterator[tuple[str, Any]]:
    """Yield the elements of a concept that a cell gives, with their values."""
    role = column.role
    if role in _PLAIN:
        name = role.value
        if name in concept:
            yield f".{name}", concept[name]
    elif role is ColumnRole.DESIGNATION:
        lines = {line.strip() for line in raw.split("\n")}
        for index, each in enumerate(concept.get("designation", ())):
            if each.get("language") == column.language and each["value"] in lines:
                yield f".designation[{index}].value", each["value"]
    elif role in _PROPERTIES:
        code = _PROPERTIES[role] or column.code
        for index, each in enumerate(concept.get("property", ())):
            if each["code"] == code:
                yield from _value_of(each, f".property[{index}]")


def _value_of(stated: Mapping[str, Any], path: str) -> Iterator[tuple[str, Any]]:
    for name, value in stated.items():
        if name.startswith("value"):
            if isinstance(value, dict):
                yield from ((f"{path}.{name}.{part}", text) for part, text in value.items())
            else:
                yield f"{path}.{name}", value


_PLAIN = frozenset({ColumnRole.CODE, ColumnRole.DISPLAY, ColumnRole.DEFINITION})
_PROPERTIES = {ColumnRole.PROPERTY: "", ColumnRole.PARENT: "parent", ColumnRole.CHILD: "child"}
"""Roles of columns that give properties, and the code of those that have a code of their own."""


class _Cells:
    """The cells of a page's code tables, as evidence of concepts."""

    def __init__(self, concepts: CodeList, page: Page, resource: str) -> None:
        self.concepts, self.page, self.resource = concepts, page, resource

    def evidence(self) -> Iterator[Evidence]:
        paths: dict[int, str] = {}
        numbers: dict[int, int] = {}
        made = (concept for chunk in self.concepts.one_by_one() for concept in chunk)
        for row, concept in zip(self.concepts.rows(), made, strict=True):
            parent = self.concepts.parent(row)
            number = numbers.get(parent, 0)
            numbers[parent] = number + 1
            paths[row] = f"{paths.get(parent, 'CodeSystem')}.concept[{number}]"
            for column in self._table(row).columns:
                cell = self._cell(row, column)
                if cell is None or not cell.blocks or column.role is ColumnRole.IGNORED:
                    continue
                start, end = cell.blocks[0].start, cell.blocks[-1].end
                span = span_at(self.page, start, end)
                # What only places a concept, or is no value of its own, is evidence of the whole concept.
                for path, value in list(_leaves(concept, column, span.raw)) or [("", span.raw)]:
                    yield Evidence(
                        self.resource,
                        f"{paths[row]}{path}",
                        value,
                        Origin.PAGE,
                        (span,),
                        f"column {column.header!r}",
                    )

    def _table(self, row: int) -> CodeTable:
        return self.concepts.table(row)

    def _cell(self, row: int, column: Column) -> Cell | None:
        place, reader = self.concepts.place(row), self._table(row).reader
        if place.row is None or not isinstance(reader, PageReader):
            return None
        return reader.cell(place.row, column.index)


def without_tables(page: Page, numbers: Sequence[int], lines: Sequence[Block] = ()) -> Page:
    """Return a page without some tables and lines, for those who read what it says of the code system."""
    if not numbers and not lines:
        return page
    tables, starts = set(numbers), {line.start for line in lines}
    return replace(
        page,
        items=tuple(
            item
            for item in page.items
            if (item.start not in starts if isinstance(item, Block) else item.number not in tables)
        ),
    )


def is_table(path: str) -> bool:
    """Tell by its extension whether a source is nothing but a table."""
    return Path(path).suffix.lower() in {".csv", ".tsv", *_WORKBOOKS}
