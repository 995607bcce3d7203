"""What organisations become: contact, publisher, responsible."""

from __future__ import annotations

from typing import TYPE_CHECKING

from termsmith.catalogue import SEVERAL_IN_ROLE
from termsmith.resources.evidence import Leaf, because, derived, together
from termsmith.resources.text import fitting, line, stated_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from termsmith.model.finding import Finding
    from termsmith.model.record import Organization, Role
    from termsmith.resources.evidence import Elements

_KINDS = {
    "url": "a web address",
    "email": "an e-mail address",
    "phone": "a phone number",
    "fax": "a fax number",
}


def contacts(organizations: Sequence[Organization], element: str, findings: list[Finding]) -> list[Elements]:
    """Return one ContactDetail for each organisation, as THO writes it: ``Organisation; postal address``.

    ContactDetail (https://hl7.org/fhir/R4/metadatatypes.html#ContactDetail) has no element for people's jobs
    or for an address, so all of that stands in the name.
    """
    return [contact for o in organizations if (contact := _contact(o, element, findings))]


def _contact(organization: Organization, element: str, findings: list[Finding]) -> Elements:
    contact: Elements = {}
    details = [text for detail in organization.details if (text := line(detail.value).rstrip(", "))]
    parts = [part for part in (line(organization.name.value), ", ".join(details)) if part]
    name = together("; ".join(parts), (organization.name, *organization.roles, *organization.details))
    if fits := fitting(str(name.value), name, name.reason, f"{element}.name", findings):
        contact["name"] = fits
    telecoms: list[Elements] = []
    for telecom in organization.telecoms:
        value = stated_line(telecom.value, f"{element}.telecom.value", findings)
        if value:
            kind = _KINDS.get(telecom.system, telecom.system)
            system = derived(telecom.system, telecom.value, f"“{value.value}” is given as {kind}")
            telecoms.append({"system": system, "value": value})
    if telecoms:
        contact["telecom"] = telecoms
    return contact


def holder(
    organizations: Sequence[Organization], roles: Sequence[Role], element: str, findings: list[Finding]
) -> Leaf | None:
    """Return the name of the organisation that has the first of some roles that any has.

    Args:
        organizations: Those of the record.
        roles: The one that the element means, then those that stand in for it.
        element: Path of the element that takes one name; a finding tells when several would fit.
        findings: Takes that finding.
    """
    for role in roles:
        holding = [(o, stated) for o in organizations for stated in o.roles if stated.value is role]
        if not holding:
            continue
        organization, stated = holding[0]
        name = stated_line(organization.name, element, findings)
        if name is None:
            continue
        names = {o.name.value for o, _ in holding}
        if len(names) > 1:
            findings.append(
                SEVERAL_IN_ROLE.found(
                    place=stated.spans[0].place if stated.spans else None,
                    element=element,
                    what=element,
                    count=len(names),
                    role=role.value,
                    first=name.value,
                )
            )
        reason = (
            f"the {role.value}" if role is roles[0] else f"no {roles[0].value} is stated; the {role.value}"
        )
        return together(str(name.value), (organization.name, stated), because(reason))
    return None
