"""Who stands below whom: from parents, levels, indents, outlines or numbers to one form."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from enum import Enum
from operator import lt
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence

DEEPEST = 60
"""Levels of concepts that are nested; deeper hierarchies become properties, as readers give up on them."""
ROOT = -1
_LONGEST_WAY = 8
"""Codes of a circle that are told."""


class Hierarchy(Enum):
    """How a hierarchy is written."""

    NESTED = "nested"
    """Concepts within concepts."""
    PARENT_CHILD = "parent-child"
    """A flat list; each concept has its parents as properties."""
    AS_STATED = "as-stated"
    """A column of parents as properties, everything else nested."""


class Fault(NamedTuple):
    """Something wrong with a hierarchy."""

    kind: str
    """``unknown``, ``child``, ``cycle``, ``skipped``, ``level`` or ``number``."""
    row: int
    detail: str


@dataclass(slots=True)
class Tree:
    """The parents of all rows."""

    stated_by: str
    """What tells them: ``parent``, ``child``, ``level``, ``indent``, ``outline``, ``numbering``."""
    parents: array[int]
    """Row of the first parent of each; `ROOT` where there is none."""
    more: dict[int, list[int]] = field(default_factory=dict)
    """Rows of the other parents."""
    faults: list[Fault] = field(default_factory=list)
    in_order: bool = True
    """Each concept comes behind its parent, and all that are below one follow it directly."""

    @property
    def has_several(self) -> bool:
        """Whether a concept has several parents."""
        return bool(self.more)

    def all_parents(self, row: int) -> Iterator[int]:
        """Yield the rows of all parents of a row, the first stated first."""
        if self.parents[row] != ROOT:
            yield self.parents[row]
        yield from self.more.get(row, ())


def tree_of_parents(
    cells: Sequence[str], parents_in: Callable[[str], Sequence[str]], rows: Mapping[str, int]
) -> Tree:
    """Return the tree that a column of parents states.

    Args:
        cells: What each row states; empty where it states nothing.
        parents_in: Gives the codes in a cell that is no code itself.
        rows: The row of each code.
    """
    direct = list(map(rows.get, cells))
    parents = array("i", [ROOT if parent is None else parent for parent in direct])
    tree = Tree("parent", parents)
    odd = [row for row, parent in enumerate(direct) if parent is None and cells[row]]
    for row in odd:
        codes = parents_in(cells[row])
        found: list[int] = []
        for code in codes:
            parent = rows.get(code)
            if parent is None:
                tree.faults.append(Fault("unknown", row, code))
            elif parent not in found:
                found.append(parent)
        if found:
            parents[row] = found[0]
        if len(found) > 1:
            tree.more[row] = found[1:]
    return tree


def add_parent(tree: Tree, row: int, parent: int) -> None:
    """Give a row one more parent."""
    if parent in tree.all_parents(row):
        return
    if tree.parents[row] == ROOT:
        tree.parents[row] = parent
    else:
        tree.more.setdefault(row, []).append(parent)


def replace_rows(tree: Tree, others: Mapping[int, int]) -> None:
    """Put other rows in the place of some as parents."""
    for row, parent in enumerate(tree.parents):
        if parent in others:
            tree.parents[row] = others[parent] if others[parent] != row else ROOT
    for row, more in tree.more.items():
        tree.more[row] = [others.get(parent, parent) for parent in more if others.get(parent) != row]


def tree_of_levels(levels: Sequence[int | None], stated_by: str, starts: Sequence[int] = ()) -> Tree:
    """Return the tree that levels state, row by row; absent ones continue the level above.

    Args:
        levels: Of each row; the smallest is the top.
        stated_by: What tells them.
        starts: Rows with which a table begins; nothing in it is below the rows of another.

    >>> list(tree_of_levels([1, 2, 2, 1], "level").parents)
    [-1, 0, 0, -1]
    """
    parents = array("i", [ROOT]) * len(levels)
    tree = Tree(stated_by, parents)
    open_rows: list[tuple[int, int]] = []
    first = min((level for level in levels if level is not None), default=0)
    last = first
    begins = set(starts)
    for row, stated in enumerate(levels):
        if row in begins:
            open_rows.clear()
            last = first
        level = stated if stated is not None else last
        if stated is None:
            tree.faults.append(Fault("level", row, "no level"))
        while open_rows and open_rows[-1][0] >= level:
            open_rows.pop()
        expected = open_rows[-1][0] + 1 if open_rows else first
        if stated is not None and level > expected and stated_by in _COUNTED:
            above = f"below level {expected - 1}" if open_rows else "below nothing"
            tree.faults.append(Fault("skipped", row, f"level {level} {above}"))
        if open_rows:
            parents[row] = open_rows[-1][1]
        open_rows.append((level, row))
        last = level
    return tree


_COUNTED = frozenset({"level", "outline"})
"""What counts levels; blanks in front may be of any width."""
_LONGEST_NUMBER = 200
"""Characters of a number such as 1.2.3 at most."""


def tree_of_numbers(numbers: Sequence[str]) -> Tree:
    """Return the tree of numbers such as ``1``, ``1.2`` and ``1.2.3``: each below its longest beginning."""
    parts_of = [_parts(number) for number in numbers]
    rows: dict[tuple[str, ...], int] = {}
    for row, parts in enumerate(parts_of):
        rows.setdefault(parts, row)
    tree = Tree("numbering", array("i", [ROOT]) * len(numbers))
    for row, parts in enumerate(parts_of):
        if not parts:
            tree.faults.append(Fault("number", row, "no number"))
        number = ".".join(parts)
        for end in range(len(parts) - 1, 0, -1):
            if parts[:end] in rows:
                tree.parents[row] = rows[parts[:end]]
                if end < len(parts) - 1:
                    tree.faults.append(Fault("skipped", row, f"{number} below {'.'.join(parts[:end])}"))
                break
        else:
            if len(parts) > 1:
                tree.faults.append(Fault("skipped", row, f"{number} without {'.'.join(parts[:-1])}"))
    return tree


def _parts(number: str) -> tuple[str, ...]:
    if len(number) > _LONGEST_NUMBER:
        return ()
    return tuple(part for part in number.strip().strip(".)").split(".") if part)


def settle(tree: Tree, gone: Iterable[int] = ()) -> None:
    """Find cycles, and take them apart.

    Args:
        tree: Is changed: a row in a cycle loses a parent, and a fault tells the way round.
        gone: Rows that are left out; what stands below them moves up.
    """
    if not _parents_first(tree):
        _break_cycles(tree)
    left_out = set(gone)
    if left_out:
        for row, parent in enumerate(tree.parents):
            while parent in left_out:
                parent = tree.parents[parent]  # noqa: PLW2901  up to the next that stays
            tree.parents[row] = parent
        for row in left_out:
            tree.more.pop(row, None)
        tree.more = {
            row: rest
            for row, more in tree.more.items()
            if (rest := [each for each in more if each not in left_out])
        }


def levels_of(tree: Tree) -> int:
    """Return the number of levels, and note whether the rows are in order."""
    depth = array("i", [0]) * len(tree.parents)
    deepest = 0
    for row in range(len(tree.parents)):
        way = []
        at = row
        while at != ROOT and not depth[at]:
            way.append(at)
            at = tree.parents[at]
        level = depth[at] if at != ROOT else 0
        for each in reversed(way):
            level += 1
            depth[each] = level
        deepest = max(deepest, depth[row])
    tree.in_order = _in_order(tree.parents)
    return deepest


def in_document_order(tree: Tree, gone: Container[int] = ()) -> tuple[array[int], array[int]]:
    """Return the rows as they stand in a document, each before those below it, and their levels.

    Args:
        tree: Settled, each row with at most one parent.
        gone: Rows that are left out.

    >>> order, levels = in_document_order(Tree("parent", array("i", [-1, -1, 0])))
    >>> list(order), list(levels)
    ([0, 2, 1], [0, 1, 0])
    """
    length = len(tree.parents)
    # The top is one more row, behind the last. Backwards, so that the first below each comes to stand first.
    first = array("i", [ROOT]) * (length + 1)
    beside = array("i", [ROOT]) * length
    for row in range(length - 1, -1, -1):
        if row not in gone:
            parent = tree.parents[row]
            beside[row] = first[parent]
            first[parent] = row
    order, levels = array("i"), array("i")
    waiting = [first[ROOT]]
    while waiting:
        row = waiting.pop()
        if row == ROOT:
            continue
        order.append(row)
        levels.append(len(waiting))
        waiting += (beside[row], first[row])
    return order, levels


def _parents_first(tree: Tree) -> bool:
    """Tell whether each concept comes behind its parents; then there is no way round."""
    rows = range(len(tree.parents))
    return all(map(lt, tree.parents, rows)) and all(
        parent < row for row, more in tree.more.items() for parent in more
    )


def way_round(codes: Sequence[str]) -> str:
    """Return a circle of codes in words, of a long one its beginning and its end.

    >>> way_round(["A", "B", "A"])
    'A > B > A'
    >>> way_round([str(number) for number in range(100)])
    '0 > 1 > 2 > 3 > (93 more) > 97 > 98 > 99'
    """
    if len(codes) <= _LONGEST_WAY:
        return " > ".join(codes)
    left_out = f"({len(codes) - _LONGEST_WAY + 1:,} more)"
    return " > ".join([*codes[: _LONGEST_WAY - 4], left_out, *codes[-3:]])


def _break_cycles(tree: Tree) -> None:
    """Take the parents from rows that stand below themselves."""
    state = bytearray(len(tree.parents))  # 0 not seen, 1 on the way, 2 done
    for start in range(len(tree.parents)):
        if state[start]:
            continue
        # Depth first, without calls: rows and the parents of theirs that are still to be looked at.
        way: list[tuple[int, list[int]]] = [(start, list(tree.all_parents(start)))]
        state[start] = 1
        while way:
            row, left = way[-1]
            if not left:
                state[row] = 2
                way.pop()
                continue
            parent = left.pop(0)
            if state[parent] == 1:
                rows = [each for each, _ in way]
                cycle = [*rows[rows.index(parent) :], parent]
                tree.faults.append(Fault("cycle", row, " ".join(map(str, cycle))))
                _without(tree, row, parent)
            elif not state[parent]:
                state[parent] = 1
                way.append((parent, list(tree.all_parents(parent))))


def _without(tree: Tree, row: int, parent: int) -> None:
    rest = [each for each in tree.all_parents(row) if each != parent]
    tree.parents[row] = rest[0] if rest else ROOT
    tree.more.pop(row, None)
    if len(rest) > 1:
        tree.more[row] = rest[1:]


def _in_order(parents: Sequence[int]) -> bool:
    open_rows: list[int] = []
    for row, parent in enumerate(parents):
        while open_rows and open_rows[-1] != parent:
            open_rows.pop()
        if parent != ROOT and not open_rows:
            return False
        open_rows.append(row)
    return True
