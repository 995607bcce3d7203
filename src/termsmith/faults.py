"""Exceptions that nobody expected, as findings: a fault of ours must not cost a user the other pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from termsmith.catalogue import INTERNAL

if TYPE_CHECKING:
    from termsmith.model.finding import Finding


def internal_finding(error: Exception) -> Finding:
    """Return the finding for an exception that nobody expected, with the place in our code."""
    trace = error.__traceback__
    where = "unknown place"
    while trace is not None:
        code = trace.tb_frame.f_code
        module = trace.tb_frame.f_globals.get("__name__", "")
        if str(module).partition(".")[0] == "termsmith":
            where = f"{module}:{trace.tb_lineno} {code.co_name}"
        trace = trace.tb_next
    return INTERNAL.found(kind=type(error).__name__, problem=str(error)[:200], where=where)
