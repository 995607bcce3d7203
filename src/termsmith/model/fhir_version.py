"""The FHIR releases that are read and written."""

from __future__ import annotations

from typing import Literal

FhirVersion = Literal["R4", "R4B", "R5"]
