"""Which tables of a page are of a known kind: told by their header, and by what their columns can hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from termsmith.dialects.labels import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from termsmith.dialects.table import TableKind

_LONGEST_HEADER = 60


def kind_of(rows: Sequence[Sequence[str]], kinds: Iterable[TableKind]) -> TableKind | None:
    """Return the kind of a table; nothing when it is of none.

    Args:
        rows: The texts of its cells, from the header on.
        kinds: Those to choose from, the most special first.
    """
    headers = [_header(cell) for cell in rows[0]] if rows else []
    filled = [header for header in headers if header]
    if not filled:
        return None
    for kind in kinds:
        known = {header for header, _ in kind.columns}
        if not kind.needs <= set(filled) or not (kind.others or known.issuperset(filled)):
            continue
        if all(
            header in filled and _holds(rows, headers.index(header), allowed)
            for header, allowed in kind.values
        ):
            return kind
    return None


def resembles(header: Sequence[str], kind: TableKind) -> bool:
    """Whether a table that is of no kind has two of a kind's headers, one of them needed."""
    found = {_header(cell) for cell in header}
    return bool(kind.needs & found) and len(found.intersection(known for known, _ in kind.columns)) > 1


def _header(cell: str) -> str:
    return fold(cell) if len(cell) <= _LONGEST_HEADER else cell


def _holds(rows: Sequence[Sequence[str]], index: int, allowed: frozenset[str]) -> bool:
    """Whether a column has nothing but allowed values, and some."""
    found = {fold(row[index]) for row in rows[1:] if index < len(row) and row[index].strip()}
    return bool(found) and found <= allowed
