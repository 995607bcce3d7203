"""What is known of a stretch of text before anything is made of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Self

from termsmith.model.result import Fate  # noqa: TC001  part of a public dataclass

if TYPE_CHECKING:
    from termsmith.model.page import Block


class Mark(NamedTuple):
    """A stretch of page text whose fate is known before anything is made of it."""

    start: int
    end: int
    fate: Fate
    note: str

    @classmethod
    def of(cls, block: Block, fate: Fate, note: str) -> Self:
        """Return the mark of a whole block."""
        return cls(block.start, block.end, fate, note)
