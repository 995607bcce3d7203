"""A page that describes a terminology, as rows of its table; no shape yet."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

Dialect = Literal["D1", "D2", "D3"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of the page's table."""

    label: str
    """As printed; empty when the page lacks the label."""
    value: str
    """Paragraphs are parted by an empty line; a list item starts with ``1. `` or ``• ``."""
    hint: str = ""
    """Printed below the label."""
    section: str = ""
    """On the first row of a section; its own label where ``label`` is empty."""
    organization: str = ""
    """D3: the organisation that starts with this row."""
    link: str = ""
    """D3: target of a row that is only a link."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Furniture:
    """What stands round the table on a wiki page."""

    old_version: int = 0
    """Number in the banner of an old version; 0 for no banner."""
    comment: str = ""
    """Text of a comment below the page."""
    key: bool = False
    """Whether it is a page that compares two versions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TestPage:
    """A page before it takes a shape."""

    __test__ = False
    dialect: Dialect
    title: str
    """What the wiki calls the page."""
    rows: tuple[Row, ...]
    furniture: Furniture = field(default_factory=Furniture)
    date: str = "2021-05-24T10:11:12.000Z"
    """When the wiki saved the version."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A paragraph or a list in a value."""

    lines: tuple[str, ...]
    """Lines of the paragraph, or texts of the items without markers."""
    list: Literal["", "ul", "ol"] = ""


ITEM = re.compile(r"(?:(?P<number>\d+)\.|•) ")


def parts(value: str) -> tuple[Part, ...]:
    """Return the paragraphs and lists of a value; a list is a paragraph all lines of which are items."""
    return tuple(_part(tuple(text.split("\n"))) for text in value.split("\n\n") if text.strip())


def _part(lines: tuple[str, ...]) -> Part:
    found = [ITEM.match(line) for line in lines]
    if not all(found):
        return Part(lines=lines)
    kind: Literal["ul", "ol"] = "ol" if found[0] and found[0]["number"] else "ul"
    return Part(lines=tuple(ITEM.sub("", line, count=1) for line in lines), list=kind)
