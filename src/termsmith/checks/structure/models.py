"""The classes of fhir.resources as a second opinion about structure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from termsmith.checks.rule import Hit, hit
from termsmith.resources.models import model_class
from termsmith.resources.versions import FhirVersion, version_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from termsmith.checks.subject import Subject


def refusals(subject: Subject) -> Iterator[Hit]:
    """Yield what the classes refuse where our own rules have found nothing.

    Concepts are left out: the classes take long for each, and refuse nothing there that our walk lets pass (a
    test compares them).
    """
    data = {key: value for key, value in subject.data.items() if key != "concept"}
    try:
        model_class(version_table(FhirVersion(subject.version)).package, subject.type).model_validate(data)
    except ValueError as error:
        from pydantic import ValidationError  # noqa: PLC0415  loaded by now; too slow to load for --help

        if not isinstance(error, ValidationError):
            yield hit("", what="the resource", problem=str(error)[:200])
            return
        known = [each.pointer for hits in subject.anatomy.faults.values() for each in hits]
        known += [each.pointer for hits in subject.lexical.values() for each in hits]
        for fault in error.errors(include_url=False):
            pointer = "".join(f"/{step}" for step in fault["loc"])
            if not any(_related(pointer, each) for each in known):
                what = str(fault["loc"][-1]) if fault["loc"] else "the resource"
                yield hit(pointer, what=what, problem=fault["msg"])
    except (TypeError, KeyError, AttributeError, RecursionError, ArithmeticError) as error:
        # The classes stumble over some JSON that is no FHIR at all, which our own rules describe.
        if not subject.anatomy.faults:
            yield hit("", what="the resource", problem=type(error).__name__)


def _related(one: str, other: str) -> bool:
    """Tell whether a place is the other, or is around it."""
    one, other = one.replace("/_", "/"), other.replace("/_", "/")
    return one == other or one.startswith(f"{other}/") or other.startswith(f"{one}/") or not one or not other
