"""Record in, resources out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from termsmith.model.result import Evidence, Resource
from termsmith.resources.code_system import code_system
from termsmith.resources.facts import CODE_SYSTEM, gather
from termsmith.resources.models import model_of
from termsmith.resources.naming_system import naming_system
from termsmith.resources.versions import version_table
from termsmith.resources.writer import write

if TYPE_CHECKING:
    from termsmith.model.finding import Finding
    from termsmith.model.record import TerminologyRecord
    from termsmith.resources.evidence import Elements
    from termsmith.resources.options import BuildOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What a record became."""

    resources: tuple[Resource, ...]
    """NamingSystem, then CodeSystem; not checked yet."""
    evidence: tuple[Evidence, ...]
    """One for each value of each of these resources."""
    findings: tuple[Finding, ...]


def build(record: TerminologyRecord, options: BuildOptions, content: Elements | None = None) -> Built:
    """Return the resources of one terminology.

    A code system gives a NamingSystem and a CodeSystem, an identifier system or a root only the former, a
    supplement only the latter. The record needs a title or short name, and an identifier, unless the options
    ask for a draft.

    Args:
        record: What the page and its sidecar say.
        options: Decisions that no page can make.
        content: Elements of the CodeSystem about its concepts; absent for a page that lists none.
    """
    table = version_table(options.fhir_version)
    findings: list[Finding] = []
    facts = gather(record, options, findings)
    written: list[tuple[str, Elements]] = []
    if content is None or content.get("supplements") is None:
        written.append(("NamingSystem", naming_system(record, facts, options, findings)))
    if facts.kind.value == CODE_SYSTEM:
        written.append(("CodeSystem", code_system(record, facts, options, findings, content)))
    resources: list[Resource] = []
    evidence: list[Evidence] = []
    for resource_type, elements in written:
        data, why = write(f"{resource_type}/{facts.id.value}", elements, table, options.carrier)
        resources.append(
            Resource(
                data=data,
                fhir_version=options.fhir_version.value,
                model_from=partial(model_of, table),
            )
        )
        evidence.extend(why)
    return Built(resources=tuple(resources), evidence=tuple(evidence), findings=tuple(findings))
