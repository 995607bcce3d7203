"""What NamingSystem and CodeSystem say alike about one terminology."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from termsmith.catalogue import DATE_ASSUMED, NO_PUBLISHER, STATUS_ASSUMED
from termsmith.model.record import Origin, Role
from termsmith.model.shortened import shortened
from termsmith.resources.contacts import contacts, holder
from termsmith.resources.evidence import Leaf, default, derived
from termsmith.resources.identity import identify
from termsmith.resources.prose import case_statement, copyright_text, description, short_name_statement
from termsmith.resources.text import stated_line

if TYPE_CHECKING:
    from termsmith.model.finding import Finding
    from termsmith.model.place import Place
    from termsmith.model.record import Stated, TerminologyRecord
    from termsmith.resources.evidence import Elements
    from termsmith.resources.options import BuildOptions

CODE_SYSTEM = "codesystem"
"""The kind (https://hl7.org/fhir/R4/valueset-namingsystem-type.html) that has codes, hence a CodeSystem."""

_DEFAULT_KIND = default(
    CODE_SYSTEM, "a page describes a code system unless its dialect or sidecar says otherwise"
)
_ABOUT = {"case_sensitive": "codes' case", "date": "date", "status": "status"}
_EXPERIMENTAL = default(False, "pages describe terminologies for real use")  # noqa: FBT003  a FHIR value
_PUBLISHING = (Role.PUBLISHER, Role.OWNER, Role.STEWARD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Elements that both resources have, with their evidence; None is not stated."""

    id: Leaf
    name: Leaf | None
    title: Leaf | None
    version: Leaf | None
    kind: Leaf
    status: Leaf | None
    experimental: Leaf
    date: Leaf | None
    publisher: Leaf | None
    contact: list[Elements]
    description: Leaf | None
    copyright: Leaf | None


def gather(record: TerminologyRecord, options: BuildOptions, findings: list[Finding]) -> Facts:
    """Return the shared elements of a record; assumptions are reported once, for the NamingSystem."""
    identity = identify(record, options.stem, findings)
    kind = stated_line(record.kind, "NamingSystem.kind", findings) or _DEFAULT_KIND
    about = list(record.description)
    if identity.unused_short_name:
        about.append(short_name_statement(identity.unused_short_name))
    if record.case_sensitive and kind.value != CODE_SYSTEM:
        about.append(case_statement(record.case_sensitive))
    publisher = holder(record.organizations, _PUBLISHING, "NamingSystem.publisher", findings)
    if publisher is None:
        findings.append(NO_PUBLISHER.found(element="NamingSystem.publisher"))
    return Facts(
        id=identity.id,
        name=identity.name,
        title=stated_line(record.title, "NamingSystem.title", findings),
        version=stated_line(record.version, "NamingSystem.version", findings),
        kind=kind,
        status=stated_line(_status(record, options, findings), "NamingSystem.status", findings),
        experimental=_EXPERIMENTAL
        if record.experimental is None
        else derived(record.experimental.value, record.experimental, record.experimental.reason),
        date=stated_line(_date(record, options, findings), "NamingSystem.date", findings),
        publisher=publisher,
        contact=contacts(record.organizations, "NamingSystem.contact", findings),
        description=description(about, "NamingSystem.description", findings),
        copyright=copyright_text(record.copyright, "NamingSystem.copyright", findings),
    )


def said_of(record: TerminologyRecord, field: str, nothing: str) -> tuple[Place | None, str]:
    """Return where and what the page says of a field that has no value; ``nothing`` where it is silent."""
    words = record.unread_words(field)
    if words is None:
        return None, nothing
    place = words.spans[0].place if words.spans else None
    return place, f"what the page says of its {_ABOUT[field]} can't be read ({shortened(words.value)!r})"


def _status(record: TerminologyRecord, options: BuildOptions, findings: list[Finding]) -> Stated[str]:
    if record.status:
        return record.status
    status = options.default_status
    if status.origin is Origin.DEFAULT:
        place, says = said_of(record, "status", "the page states no status")
        findings.append(
            STATUS_ASSUMED.found(place=place, element="NamingSystem.status", says=says, status=status.value)
        )
    return status


def _date(record: TerminologyRecord, options: BuildOptions, findings: list[Finding]) -> Stated[str]:
    if record.date:
        return record.date
    date = options.fallback_date
    if date.origin in {Origin.DEFAULT, Origin.CONFIGURATION}:
        # Any other fallback was saved with the page, as the date of its Confluence version is.
        place, says = said_of(record, "date", "the page states no date")
        findings.append(
            DATE_ASSUMED.found(
                place=place,
                element="NamingSystem.date",
                says=says,
                date=date.value,
                source=date.reason or "assumed",
            )
        )
    return date
