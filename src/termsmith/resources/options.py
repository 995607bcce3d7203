"""What a caller decides about the resources to build."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from termsmith.resources.versions import Carrier, FhirVersion

if TYPE_CHECKING:
    from termsmith.model.record import Stated


class Drafting(Enum):
    """What happens where an element is required and the record does not say it."""

    COMPLETE = "complete"
    """It does not happen: the caller builds complete records only."""
    DRAFT = "draft"
    """The element says data-absent-reason ``unknown``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildOptions:
    """Decisions that no page can make."""

    fhir_version: FhirVersion = FhirVersion.R4
    base_url: str | None = None
    """Where NamingSystem.url starts; absent means that no url is written."""
    carrier: Carrier = Carrier.CROSS_VERSION
    """Which extensions carry what a release's NamingSystem has no element for."""
    fallback_date: Stated[str]
    """Date of a record that states none; its reason says what it is (``today``)."""
    default_status: Stated[str]
    """Status of a record that states none."""
    case_sensitive: Stated[bool] | None = None
    """CodeSystem.caseSensitive of a record that does not say; absent to assume true, with a finding."""
    drafting: Drafting = Drafting.COMPLETE
    stem: str
    """File stem of the source; names a draft that has nothing else."""
