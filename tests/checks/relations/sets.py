"""Sets of resources, and how to ask which rules they break together."""

from __future__ import annotations

from typing import Any

from checks.samples import TODAY
from termsmith.checks.relations.checking import relation_faults, relation_finding
from termsmith.checks.relations.digest import Digest, digest_of
from termsmith.checks.subject import Subject


def digests(*resources: dict[str, Any], version: str = "R5") -> list[Digest]:
    """Return the digests of resources from the files ``0.json``, ``1.json`` and so on."""
    return [
        digest_of(Subject(data, version=version, today=TODAY), f"{index}.json")
        for index, data in enumerate(resources)
    ]


def broken_together(*resources: dict[str, Any], version: str = "R5") -> list[tuple[str, str, str, str]]:
    """Return code, severity, source and pointer of each rule that resources break together."""
    found = []
    for fault in relation_faults(digests(*resources, version=version)):
        finding = relation_finding(fault)
        found.append((finding.code, finding.severity.value, fault.hit.digest.source, fault.hit.pointer))
    return found


def messages(*resources: dict[str, Any], version: str = "R5") -> list[str]:
    """Return what is said about them."""
    faults = relation_faults(digests(*resources, version=version))
    return [relation_finding(fault).message for fault in faults]
