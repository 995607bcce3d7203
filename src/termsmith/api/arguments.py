"""What arguments of the Python interface may say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from termsmith.errors import UsageError
from termsmith.settings import FHIR_VERSIONS

if TYPE_CHECKING:
    from collections.abc import Iterable


def known_version(fhir_version: str) -> None:
    """Refuse what is no FHIR version.

    Raises:
        UsageError: USE001.
    """
    if fhir_version not in FHIR_VERSIONS:
        raise UsageError(
            "USE001", f"there is no FHIR version {fhir_version!r}", f"Known are {', '.join(FHIR_VERSIONS)}."
        )


def one_of(value: str, known: Iterable[str], argument: str) -> None:
    """Refuse what an argument may not be.

    Raises:
        UsageError: USE006, which names the argument and what it may be.
    """
    allowed = tuple(known)
    if value not in allowed:
        raise UsageError("USE006", f"{argument} can't be {value!r}", f"Known are {', '.join(allowed)}.")
