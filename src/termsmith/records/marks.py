"""What is known of a stretch of text before anything is made of it."""

from __future__ import annotations

from typing import NamedTuple

from termsmith.model.result import Fate  # noqa: TC001  part of a public dataclass


class Mark(NamedTuple):
    """A stretch of page text whose fate is known before anything is made of it."""

    start: int
    end: int
    fate: Fate
    note: str
