"""Test systems: TOML files with what a page prints in each cell, and the facts it states."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shapes.facts import Facts
from shapes.page import Furniture, Row, TestPage

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from shapes.page import Dialect

D1_LABELS = {
    "owner": ("Terminology owner/maintenance organisation", "Name, contact details, website"),
    "title": ("Formal name of the code system", ""),
    "short": ("Short name or abbreviation of the code system name", ""),
    "identifiers": ("Technical identifier/s for the code system ", ""),
    "scope": ("Scope/domain statement for the code system", "(Official or from HTA)"),
    "link": ("Link to information about the code system - including how to obtain the content", ""),
    "agreement": ("Arrangement or agreements with HL7 for use of content", ""),
    "versions": ("Version management - timing and identification of versions", ""),
    "licence": ("IP Information and Licensing Information", ""),
    "usage": ("HL7 users of this information - which HL7 products use this link (if known)", ""),
    "changes": ("Process to request content change", ""),
    "other": ("Other useful Information", ""),
    "date": ("Information current as at (date)", ""),
}
"""Key in a test system -> label and hint. ``versions`` stands on new pages only."""
D1_OLD_IDENTIFIERS = "Technical identifier/s of the code system (OIDs, URNs etc)"

_CONTACTS = {"website": "Website", "email": "Email address", "phone": "Phone number", "address": "Address"}
_ORGANIZATION = {"name": "Name", **_CONTACTS}
_COPYRIGHT = {
    "copyright_statement": "Copyright Statement",
    "copyright_information": "Copyright Information",
    "ip": "Intellectual Property Information",
    "licensing": "Licensing Information",
}
_COPYRIGHT_SECTION = "Code System Copyright, Intellectual Property and Licensing"
D2_SECTIONS: tuple[tuple[str, Mapping[str, str]], ...] = (
    ("Code System Owner", {f"owner.{key}": label for key, label in _ORGANIZATION.items()}),
    ("Code System Maintainer (Steward)", {f"steward.{key}": label for key, label in _ORGANIZATION.items()}),
    ("Code System Publisher", {f"publisher.{key}": label for key, label in _ORGANIZATION.items()}),
    (
        "Code System Names",
        {"title": "Formal name of the code system", "short": "Short name of the code system"},
    ),
    (
        "Code System Technical Identifiers",
        {
            "uri": "HTA-endorsed URI",
            "oid": "HTA-endorsed OID",
            "other_uris": "Other URIs",
            "other_oids": "Other OIDs",
            "case": "Case Sensitive Codes (TRUE/FALSE)",
        },
    ),
    ("Code System Information", {"link": "Link", "notes": "Notes"}),
    ("Arrangement or agreements with HL7 for use of content", {"agreement": ""}),
    ("Version management", {"versions": ""}),
    (_COPYRIGHT_SECTION, _COPYRIGHT),
    (
        "HTA endorsement status (Draft, In review, Endorsed for use, Pending re-endorsement, Retired)",
        {"status": "Value", "assigned": "Assignment date"},
    ),
    ("HTA review status", {"reviewed": "Last review date", "next_review": "Next review date"}),
    ("Information current as at (date)", {"date": ""}),
)
"""Section and its rows; ``case`` stands on later pages only."""
D3_SECTIONS: tuple[tuple[str, Mapping[str, str]], ...] = (
    (
        "Metadata Record Information",
        {
            "status": "Status",
            "version": "Version",
            "maintained_by": "Maintained By",
            "updated": "Last Updated Date",
        },
    ),
    ("Responsible Organizations", {}),
    ("Code System Names", {"title": "Formal name", "short": "Short name"}),
    (
        "Code System Technical Identifiers",
        {"record": "Identification Record", "uri": "TSMG-endorsed URI", "oid": "TSMG-endorsed OID"},
    ),
    ("Code System Information", {"links": "Links", "description": "Description"}),
    ("Arrangements or agreements with HL7 for use of content", {"agreement": "—"}),
    ("Version management", {"versions": "Version information"}),
    (_COPYRIGHT_SECTION, _COPYRIGHT),
)
_D3_DEFAULTS = {
    "version": "20251031",
    "maintained_by": "HL7 Terminology Services Management Group (TSMG)",
    "updated": "31 October 2025",
}
_ON_SOME_PAGES = {"versions", "case", "status"}


@dataclass(frozen=True, slots=True, kw_only=True)
class TestSystem:
    """A page of the test suite and what must come of it."""

    __test__ = False
    id: str
    page: TestPage
    facts: Facts
    shapes: frozenset[str] | None
    """Names of the shapes to try; all of the dialect's where absent."""


def load_system(path: Path) -> TestSystem:
    """Return a test system from its TOML file."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    dialect: Dialect = table["dialect"]
    rows = {"D1": _d1_rows, "D2": _d2_rows, "D3": _d3_rows}[dialect]
    shapes = table.get("shapes")
    return TestSystem(
        id=path.stem,
        page=TestPage(
            dialect=dialect,
            title=table.get("wiki_title") or table["facts"].get("title") or path.stem,
            rows=tuple(rows(table["page"], table.get("labels", {}))),
            furniture=Furniture(**table.get("furniture", {})),
        ),
        facts=Facts.from_table(table["facts"]),
        shapes=frozenset(shapes) if shapes else None,
    )


def _d1_rows(page: Mapping[str, str], labels: Mapping[str, str]) -> Iterator[Row]:
    for key, (label, hint) in D1_LABELS.items():
        if key == "versions" and key not in page:
            continue
        yield Row(label=labels.get(key, label), hint=hint, value=page.get(key, "").strip("\n"))


def _d2_rows(page: Mapping[str, Any], labels: Mapping[str, str]) -> Iterator[Row]:
    for section, keys in D2_SECTIONS:
        first = True
        for key, label in keys.items():
            if key == "case" and key not in page:
                continue
            group, _, member = key.rpartition(".")
            value = page.get(group, {}).get(member, "") if group else page.get(key, "")
            yield Row(
                section=labels.get(section, section) if first else "",
                label=labels.get(key, label),
                value=value.strip("\n"),
            )
            first = False


def _d3_rows(page: Mapping[str, Any], labels: Mapping[str, str]) -> Iterator[Row]:
    for section, keys in D3_SECTIONS:
        if section == "Responsible Organizations":
            yield from _organizations(page["organizations"])
            continue
        first = True
        for key, label in keys.items():
            if key == "status" and key not in page:
                continue
            link = f"NamingSystem-{page.get('record', 'X')}.html" if key == "record" else ""
            value = "" if link else page.get(key, _D3_DEFAULTS.get(key, "—")).strip("\n")
            head = section if first else ""
            yield Row(section=head, label=labels.get(key, label), value=value, link=link)
            first = False


def _organizations(organizations: list[dict[str, Any]]) -> Iterator[Row]:
    for number, organization in enumerate(organizations):
        yield Row(
            section="" if number else "Responsible Organizations",
            organization=organization["name"],
            label="Roles",
            value="\n".join(f"• {role}" for role in organization["roles"]),
        )
        for key, label in _CONTACTS.items():
            yield Row(label=label, value=organization.get(key, "—"))
