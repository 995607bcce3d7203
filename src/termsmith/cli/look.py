"""How reports look on this terminal, or in a pipe."""

from __future__ import annotations

import shutil
import sys

import click

from termsmith.cli.messages import safe
from termsmith.outputs.reports import Look

_STYLES: dict[str, dict[str, object]] = {
    "heading": {"bold": True},
    "dim": {"dim": True},
    "used": {"fg": "green"},
    "label": {"dim": True},
    "furniture": {"dim": True},
    "blank": {"fg": "yellow"},
    "leftover": {"fg": "red"},
}
_WIDEST = 120
"""Longer lines are hard to read, however wide the terminal is."""


def standard_output_look() -> Look:
    """Return colours and width for standard output; click drops the colours where they don't belong."""
    if not sys.stdout.isatty():
        return Look(paint=_plain, width=None)
    return Look(paint=_painted, width=min(shutil.get_terminal_size().columns, _WIDEST))


def _plain(text: str, _role: str) -> str:
    return safe(text)


def _painted(text: str, role: str) -> str:
    return click.style(safe(text), **_STYLES.get(role, {}))  # type: ignore[arg-type]
