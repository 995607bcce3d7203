"""XML of a workbook, read so that it can't be understood in two ways: UTF-8, and without a DTD.

Workbooks have no DTD (ECMA-376 part 2, 8.1.4); one could add attributes that other readers do not see.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.parsers import expat

from termsmith.concepts.table import UnreadableTableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping


def parse(
    pieces: Iterable[bytes],
    start: Callable[[str, Mapping[str, str]], None],
    end: Callable[[str], None] | None = None,
) -> None:
    """Tell of a part's elements, by their names without prefix; attributes keep theirs.

    Raises:
        UnreadableTableError: When it is not well-formed, in another encoding, or has a DTD.
    """

    def refuse(*_: object) -> None:
        raise UnreadableTableError("its XML has a DTD")

    def started(name: str, attributes: dict[str, str]) -> None:
        start(_local(name), attributes)

    parser = expat.ParserCreate("utf-8")
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = started
    if end is not None:
        ended = end
        parser.EndElementHandler = lambda name: ended(_local(name))
    try:
        for piece in pieces:
            parser.Parse(piece, False)  # noqa: FBT003  expat's interface
        parser.Parse(b"", True)  # noqa: FBT003  as above
    except expat.ExpatError as error:
        raise UnreadableTableError(f"the workbook is damaged: {error}") from None


def _local(name: str) -> str:
    """Return what stands behind the first colon, as python-calamine takes it."""
    prefix, _, local = name.partition(":")
    return local or prefix
