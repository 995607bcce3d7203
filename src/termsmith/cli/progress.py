"""How far a conversion has come: a bar where a terminal can draw one, a line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

import click

from termsmith.cli.messages import counted, note
from termsmith.cli.streams import is_dumb

if TYPE_CHECKING:
    from collections.abc import Iterator

    from click._termui_impl import ProgressBar

_SECONDS_OF_BAR = 0.1
_SECONDS_OF_LINES = 2.0
"""Seconds between two signs of progress at least."""
_BAR_WIDTH = 20


class Progress(Protocol):
    """Is told how far a conversion has come."""

    def rows(self, source: str, done: int, total: int | None) -> None:
        """Take note of the rows of a long table; the total is unknown while it is read for the first time."""

    def page(self) -> None:
        """Take note of a page that is done."""

    def clear(self) -> None:
        """Make place for a line of somebody else."""


class Unseen:
    """Progress that nobody asked to see."""

    def rows(self, source: str, done: int, total: int | None) -> None:
        """Show nothing."""

    def page(self) -> None:
        """Show nothing."""

    def clear(self) -> None:
        """There is nothing in the way."""


class Lines:
    """Progress as lines, for logs and pipes."""

    def __init__(self, length: int) -> None:
        self._length, self._pages = length, 0
        self._due = _Due(_SECONDS_OF_LINES)

    def rows(self, source: str, done: int, total: int | None) -> None:
        """Show how far a table has come."""
        if self._due():
            note(f"{source}: {_rows(done, total)}")

    def page(self) -> None:
        """Show how many pages are done."""
        self._pages += 1
        if self._due():
            note(f"{self._pages:,} of {counted(self._length, 'page')}")

    def clear(self) -> None:
        """Lines are in nobody's way."""


class Bar:
    """Progress as a bar."""

    def __init__(self, bar: ProgressBar[Any]) -> None:
        self._bar, self._pages = bar, 0
        self._due = _Due(_SECONDS_OF_BAR)

    def rows(self, source: str, done: int, total: int | None) -> None:  # noqa: ARG002  a bar has no place for it
        """Show how far a table has come, behind the bar."""
        if self._due():
            self.draw(_rows(done, total))

    def page(self) -> None:
        """Move the bar on."""
        self._pages += 1
        if self._due():
            self.draw()

    def draw(self, beside: str = "") -> None:
        """Draw the bar as it is now."""
        pages, self._pages = self._pages, 0
        self._bar.update(pages, beside)
        self._bar.render_progress()

    def clear(self) -> None:
        """Remove the bar, until it is next drawn."""
        click.echo("\r\x1b[2K", nl=False, err=True)


@contextmanager
def shown_progress(length: int) -> Iterator[Progress]:
    """Show the progress of a number of pages; gives what is to be told of it."""
    if not sys.stderr.isatty() or is_dumb():
        yield Lines(length)
        return
    with click.progressbar(
        length=length,
        label="Converting",
        show_pos=True,
        show_eta=length > 1,
        item_show_func=str,
        width=_BAR_WIDTH,
        file=sys.stderr,
    ) as drawn:
        bar = Bar(drawn)
        yield bar
        bar.draw()


class _Due:
    """Tells whether enough time has gone by since it last said so."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._last = time.monotonic()

    def __call__(self) -> bool:
        now = time.monotonic()
        if now - self._last < self._seconds:
            return False
        self._last = now
        return True


def _rows(done: int, total: int | None) -> str:
    return f"{done:,} rows read" if total is None else f"{done:,} of {counted(total, 'row')}"
