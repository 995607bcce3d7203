"""Concepts that come in chunks, as the lines that they are in the file of their CodeSystem.

The bytes are those of the whole document written at once; the concepts are never in memory together.
"""

from __future__ import annotations

from array import array
from itertools import chain, pairwise
from typing import IO, TYPE_CHECKING, Any

from termsmith.outputs.scratch import scratch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from termsmith.model.result import Nesting

_START, _END = b'{\n  "concept": [\n', b"\n  ]\n}"
_BETWEEN = b",\n"
_STEP = b"    "
"""A concept is indented by twice two blanks more than the one that it is in: the array, and the object."""
_LINE = b"\n"


def flat_lines(
    chunks: Iterable[Sequence[Mapping[str, Any]]], encode: Callable[[Any], bytes]
) -> Iterator[bytes]:
    """Yield the lines within ``"concept": [...]``, separators among them.

    Args:
        chunks: Concepts of the top level, with all that is below them.
        encode: Makes JSON with an indent of two, and without a line end behind it.
    """
    between = b""
    for chunk in chunks:
        if chunk:
            lines = encode({"concept": chunk})
            yield between + lines[len(_START) : -len(_END)]
            between = _BETWEEN


def nested_lines(
    chunks: Iterable[Sequence[Mapping[str, Any]]], nesting: Nesting, encode: Callable[[Any], bytes]
) -> Iterator[bytes]:
    """Yield the lines within ``"concept": [...]``, separators among them.

    Args:
        chunks: Concepts without those below them.
        nesting: Where each stands.
        encode: As for `flat_lines`.
    """
    rendered: Iterable[bytes] = map(encode, chain.from_iterable(chunks))
    if nesting.order is not None:
        rendered = _in_order(rendered, nesting.order)
    breaks = [_LINE + _STEP * level for level in range(1, max(nesting.levels, default=0) + 2)]
    ends: list[bytes] = []
    for data, (level, following) in zip(rendered, pairwise(chain(nesting.levels, (-1,))), strict=True):
        line = breaks[level]
        # Without its closing brace, as there may be more below.
        opened = line[1:] + data[:-2].replace(_LINE, line)
        ends.append(line + b"}")
        if following > level:
            yield opened + b"," + line + b'  "concept": [' + _LINE
            continue
        closed = [opened, ends.pop()]
        while len(ends) > max(following, 0):
            closed += (_LINE + _STEP * len(ends) + b"  ]", ends.pop())
        yield b"".join(closed) + (_BETWEEN if following >= 0 else b"")


def _in_order(rendered: Iterable[bytes], order: Sequence[int]) -> Iterator[bytes]:
    """Yield pieces in another order; they wait on the disk for their turn."""
    starts = array("q", [0])
    with scratch() as file:
        for data in rendered:
            starts.append(starts[-1] + len(data))
            file.write(data)
        file.flush()
        yield from _picked(file, starts, order)


def _picked(file: IO[bytes], starts: Sequence[int], order: Sequence[int]) -> Iterator[bytes]:
    at = -1
    for number in order:
        if number != at:
            file.seek(starts[number])
        yield file.read(starts[number + 1] - starts[number])
        at = number + 1
