"""The metadata of code systems."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from termsmith.checks.rule import CheckRule

RULES: tuple[CheckRule, ...] = ()
