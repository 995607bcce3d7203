"""One walk over a resource along the definitions of its FHIR release."""

from __future__ import annotations

from typing import TYPE_CHECKING

from termsmith.checks.structure.anatomy import Anatomy

if TYPE_CHECKING:
    from termsmith.checks.subject import Subject


def anatomy_of(subject: Subject) -> Anatomy:
    """Return the parts of a resource, and what is wrong with its structure."""
    del subject
    return Anatomy()
