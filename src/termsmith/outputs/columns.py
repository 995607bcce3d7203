"""Texts of many elements at once: a column of cells for each place in which they differ.

A code system may have very many concepts, most of them alike. What is done to a column is done for all of its
cells together, so an element costs little more than the joining of its text.
"""

from __future__ import annotations

import math
from collections import defaultdict
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, Any

from termsmith.outputs.unwritable import Unwritable, stated_list

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence

    Columns = list[Iterable[str]]

_BATCH = 1_000
"""Elements that are rendered together."""
_SEPARATOR = "\x00"
_CONTROLS = bytes(set(range(0x20)) - set(b"\t\n\r"))


class Escaping:
    """How text stands between the quotes of a format."""

    def __init__(self, escapes: Mapping[str, str], forbidden: str = "") -> None:
        """Take what is written for characters, in this order, and what to refuse besides controls."""
        self.escapes = escapes
        self.forbidden = forbidden
        self.special = _CONTROLS + "".join(escapes).encode()

    def column(self, values: Sequence[Any]) -> Sequence[str]:
        """Return texts as they stand between quotes.

        Raises:
            Unwritable: When there is one that can't be written; it doesn't say which.
            TypeError: When one is no text.
        """
        joined = _SEPARATOR.join(values)
        encoded = joined.encode()
        between = len(values) - 1
        escaped = len(encoded) - len(encoded.translate(None, self.special)) > between
        if (
            not all(values)
            or (escaped and len(encoded) - len(encoded.translate(None, _CONTROLS)) > between)
            or (not joined.isascii() and any(character in joined for character in self.forbidden))
        ):
            raise Unwritable("has a value that can't be written")
        return self.text(joined).split(_SEPARATOR) if escaped else values

    def text(self, value: str) -> str:
        """Return one text as it stands between quotes, whatever it holds."""
        for character, escaped in self.escapes.items():
            value = value.replace(character, escaped)
        return value


def numbers(values: Sequence[Any]) -> list[str]:
    """Return numbers with their digits.

    Raises:
        Unwritable: When one is none, or not finite.
    """
    return list(map(str if set(map(type, values)) == {int} else number, values))


def number(value: Any) -> str:
    """Return a number as `numbers` does."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise Unwritable(f"is {value!r}, not a number")
    if not isinstance(value, int) and not math.isfinite(value):
        raise Unwritable(f"is {value!r}, which FHIR has no number for")
    return repr(value) if isinstance(value, float) else str(value)


def truth(value: Any) -> str:
    """Return a boolean as FHIR writes it.

    Raises:
        Unwritable: When it is none.
    """
    if not isinstance(value, bool):
        raise Unwritable(f"is {value!r}, not true or false")
    return "true" if value else "false"


def lists(values: Sequence[Any], name: str) -> list[list[Any]]:
    """Return a repeating element of each of some elements that have it.

    Raises:
        Unwritable: When one is no list, or empty.
    """
    stated = [value[name] for value in values]
    if set(map(type, stated)) == {list} and all(stated):
        return stated
    return [stated_list(each) for each in stated]


def joined(columns: Columns) -> list[str]:
    """Return the text of each of some elements from the columns that make it up."""
    return list(map("".join, zip(*columns)))  # noqa: B905  what is the same in all is repeated without end


def of_lists(columns: Columns, stated: Sequence[Sequence[Any]]) -> Columns:
    """Return columns for each of some lists, none of them empty, from columns for all of their elements."""
    if set(map(len, stated)) == {1}:
        return columns
    texts = iter(joined(columns))
    return [["".join(islice(texts, len(each))) for each in stated]]


def in_groups(keys: Sequence[Hashable], render: Callable[[Sequence[int]], Iterable[str]]) -> list[str]:
    """Return the texts of elements in their order, though those of one key are rendered together.

    Args:
        keys: One for each element.
        render: Takes the indices of the elements of one key.
    """
    if keys.count(keys[0]) == len(keys):
        return list(render(range(len(keys))))
    groups: dict[Hashable, list[int]] = defaultdict(list)
    for index, key in enumerate(keys):
        groups[key].append(index)
    texts = {key: iter(render(group)) for key, group in groups.items()}
    return [next(texts[key]) for key in keys]


def in_order(trees: Iterable[Any], below: str) -> Iterator[tuple[list[Any], list[int]]]:
    """Yield elements in batches, each before those below it, with their levels from 0.

    Args:
        trees: Elements of level 0.
        below: Name of the element that holds those below.

    Raises:
        Unwritable: When what is below is no list, or empty.
        TypeError: When an element is no object.
    """
    elements: list[Any] = []
    levels: list[int] = []
    waiting = [iter(trees)]
    while waiting:
        level = len(waiting) - 1
        for element in waiting[-1]:
            elements.append(element)
            levels.append(level)
            if len(elements) >= _BATCH:
                yield elements, levels
                elements, levels = [], []
            if below in element:
                waiting.append(iter(stated_list(element[below])))
                break
        else:
            waiting.pop()
    if elements:
        yield elements, levels
