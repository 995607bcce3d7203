"""The facts that a page states, and what of them a conversion got wrong."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from termsmith.model.result import Conversion

FURNITURE = (
    "Page tree",
    "Skip to end of metadata",
    "Go to start of metadata",
    "old version of this page",
    "Compare with Current",
    "Next »",
    "No labels",
    "1 Comment",
    "looks wrong",
    "2.16.840.1.113883.99.1",
    "Draft\u00a0page",
    "Draft page",
    "see the index",
    "Back to the index",
    "When adding a new HTA",
    "Created by an author",
    "Data element name",
    "This line was",
    "Versions Compared",
    "confluence.example",
    "Identification Record",
    "Continuous Process Integration",
    "part of the HL7 Terminology",
    "Getting issue details",
    "var x",
    "#13;",
)
"""Text that must be in no resource, whatever the page says."""
BLANKS = frozenset(
    {"", "-", "—", "N/A", "#N/A", "None", "None at present", "Not Assigned", "Not assigned", "TBD", "OID:"}
)
"""Text that must be no value and no paragraph of one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a page says; in the manner of the corpus' ``gold.json``."""

    title: str | None = None
    short: str | None = None
    publisher: str | None = None
    """Absent when not checked."""
    oids: tuple[str, ...] = ()
    """The endorsed one; further ones stand in ``other_oids``."""
    uris: tuple[str, ...] = ()
    other_oids: tuple[str, ...] = ()
    other_uris: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    """Identifiers that are neither URI nor OID."""
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    websites: tuple[str, ...] | None = None
    """Absent when not checked."""
    organizations: tuple[str, ...] = ()
    """Those that must be a contact, beside the publisher."""
    contacts: int | None = None
    """How many distinct organisations there are; absent when not checked."""
    address: tuple[str, ...] = ()
    description: tuple[str, ...] = ()
    copyright: tuple[str, ...] = ()
    usage: str | None = None
    date: str | None = None
    case: bool | None = None
    status: str | None = None
    """Absent when not checked."""
    systems: int = 1
    expect: str | None = None
    """Code of the error because of which nothing is written."""
    findings: tuple[str, ...] = ()
    """Codes of findings that must be there."""
    absent: tuple[str, ...] = ()
    """Text that must be in no resource of this page."""
    also: tuple[Facts, ...] = ()
    """Facts of the further systems on the page."""

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> Facts:
        """Return facts from JSON or TOML data; unknown keys are a mistake."""
        known = {field.name for field in fields(cls)}
        if unknown := set(table) - known:
            msg = f"unknown facts: {sorted(unknown)}"
            raise ValueError(msg)
        values: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value
            for key, value in table.items()
            if value is not None and key != "also"
        }
        return cls(**values, also=tuple(cls.from_table(each) for each in table.get("also", ())))


def problems(facts: Facts, conversion: Conversion) -> list[str]:
    """Return what a conversion got wrong, a sentence each; empty when all is right."""
    return list(_problems(facts, conversion))


def plain(text: str) -> str:
    """Return text without what Markdown adds: links, escapes, list markers, line breaks.

    >>> plain("* See [the site](https://a.example)\\n  for `x` \\\\< 1.")
    'See the site for `x` < 1.'
    """
    text = re.sub(r"(?m)^[ \t]*(?:[*•-]|\d+[.)])[ \t]+", "", text)
    text = re.sub(r"\[([^\]]*)\]\((?:[^()\s]|\([^()\s]*\))*\)", r"\1", text)
    text = re.sub(r"<(https?://[^>\s]+)>", r"\1", text)
    text = re.sub(r"\\([\\<>\[\]*_#`|~!&()+.-])", r"\1", text)
    return " ".join(text.replace("\u00a0", " ").split())


def _problems(facts: Facts, conversion: Conversion) -> Iterator[str]:
    codes = [finding.code for finding in conversion.findings]
    yield from (f"finding {code} is missing" for code in facts.findings if code not in codes)
    errors = [
        f"{each.code}: {each.message}" for each in conversion.findings if each.severity.value == "error"
    ]
    if facts.expect:
        if facts.expect not in codes:
            yield f"error {facts.expect} expected, found {errors}"
        if conversion.resources:
            yield f"{len(conversion.resources)} resources written in spite of {facts.expect}"
        return
    yield from errors
    systems = [resource.data for resource in conversion.resources if resource.type == "NamingSystem"]
    contents = [resource.data for resource in conversion.resources if resource.type == "CodeSystem"]
    if (len(systems), len(contents)) != (facts.systems, facts.systems):
        yield f"{len(systems)} NamingSystems and {len(contents)} CodeSystems, expected {facts.systems} each"
        return
    for each, naming_system, code_system in zip((facts, *facts.also), systems, contents, strict=True):
        yield from _identity(each, naming_system, code_system)
        yield from _contacts(each, naming_system, code_system)
        yield from _texts(each, naming_system, code_system)
        yield from _choices(each, naming_system, code_system, codes)
    for resource in (*systems, *contents):
        yield from _intruders(facts, resource)


def _identity(
    facts: Facts, naming_system: Mapping[str, Any], code_system: Mapping[str, Any]
) -> Iterator[str]:
    yield from _differs("CodeSystem.title", code_system.get("title"), facts.title)
    if facts.short:
        for resource in (naming_system, code_system):
            yield from _differs(
                f"{resource['resourceType']}.name (letters)",
                _letters(resource["name"]),
                _letters(facts.short),
            )
    unique_ids = naming_system.get("uniqueId", [])
    for kind, endorsed, others in (
        ("uri", facts.uris, facts.other_uris),
        ("oid", facts.oids, facts.other_oids),
        ("other", (), facts.others),
    ):
        values = [each["value"] for each in unique_ids if each["type"] == kind]
        preferred = [each["value"] for each in unique_ids if each["type"] == kind and each.get("preferred")]
        yield from _differs(f"uniqueId of type {kind}", sorted(values), sorted((*endorsed, *others)))
        yield from _differs(f"preferred uniqueId of type {kind}", preferred, list(endorsed[:1]))
    url = facts.uris[0] if facts.uris else f"urn:oid:{facts.oids[0]}" if facts.oids else None
    yield from _differs("CodeSystem.url", code_system.get("url"), url)
    identifiers = [each.get("value") for each in code_system.get("identifier", [])]
    yield from (
        f"CodeSystem.identifier lacks urn:oid:{oid}: {identifiers}"
        for oid in facts.oids
        if f"urn:oid:{oid}" not in identifiers
    )


def _contacts(
    facts: Facts, naming_system: Mapping[str, Any], code_system: Mapping[str, Any]
) -> Iterator[str]:
    for resource in (naming_system, code_system):
        of = resource["resourceType"]
        contacts = resource.get("contact", [])
        if facts.publisher:
            yield from _differs(f"{of}.publisher", resource.get("publisher"), facts.publisher)
        if facts.contacts is not None:
            yield from _differs(f"number of {of}.contact", len(contacts), facts.contacts)
        names = [contact.get("name", "") for contact in contacts]
        telecoms = [telecom for contact in contacts for telecom in contact.get("telecom", [])]
        for system, expected in (
            ("email", facts.emails),
            ("phone", facts.phones),
            ("url", facts.websites),
        ):
            found = {telecom["value"] for telecom in telecoms if telecom["system"] == system}
            if expected is not None:
                yield from _differs(f"{of}.contact.telecom of {system}", sorted(found), sorted(set(expected)))
        for part in (*facts.address, *facts.organizations, *filter(None, [facts.publisher])):
            if not any(plain(part) in plain(name) for name in names):
                yield f"{of}.contact.name lacks {part!r}: {names}"


def _texts(facts: Facts, naming_system: Mapping[str, Any], code_system: Mapping[str, Any]) -> Iterator[str]:
    for resource in (naming_system, code_system):
        yield from _lacking(
            f"{resource['resourceType']}.description", resource.get("description"), facts.description
        )
    yield from _lacking("CodeSystem.copyright", code_system.get("copyright"), facts.copyright)
    usage = naming_system.get("usage")
    if facts.usage and plain(usage or "").strip(" ,") != plain(facts.usage).strip(" ,"):
        yield f"NamingSystem.usage is {usage!r}, expected {facts.usage!r}"
    if not facts.usage and usage:
        yield f"NamingSystem.usage is {usage!r}, expected none"


def _choices(
    facts: Facts, naming_system: Mapping[str, Any], code_system: Mapping[str, Any], codes: list[str]
) -> Iterator[str]:
    if facts.date:
        yield from _differs("NamingSystem.date", naming_system["date"], facts.date)
        yield from _differs("CodeSystem.date", code_system.get("date"), facts.date)
    elif naming_system["date"] not in {"2021-05-24", "2020-10-02"} and "RES003" not in codes:
        yield f"date {naming_system['date']} is from nowhere, and no RES003 says so"
    if facts.case is not None:
        yield from _differs("CodeSystem.caseSensitive", code_system.get("caseSensitive"), facts.case)
    elif "RES002" not in codes or code_system.get("caseSensitive") is not True:
        yield f"caseSensitive is {code_system.get('caseSensitive')} with {codes}, expected true with RES002"
    if facts.status:
        yield from _differs("NamingSystem.status", naming_system["status"], facts.status)
        yield from _differs("CodeSystem.status", code_system["status"], facts.status)


def _intruders(facts: Facts, resource: Mapping[str, Any]) -> Iterator[str]:
    for path, value in _strings(resource, str(resource["resourceType"])):
        for text in (*FURNITURE, *facts.absent):
            if text in value:
                yield f"{path} has {text!r}: {value!r}"
        paragraphs = {paragraph.strip(" *") for paragraph in value.split("\n\n")}
        if blank := paragraphs & BLANKS:
            yield f"{path} has the blank {blank}: {value!r}"


def _strings(value: object, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from _strings(each, f"{path}.{key}")
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _strings(each, f"{path}[{index}]")


def _differs(what: str, found: object, expected: object) -> Iterator[str]:
    if found != expected:
        yield f"{what} is {found!r}, expected {expected!r}"


def _lacking(what: str, text: str | None, paragraphs: Iterable[str]) -> Iterator[str]:
    printed = plain(text or "")
    yield from (f"{what} lacks {part!r}: {text!r}" for part in paragraphs if plain(part) not in printed)


def _letters(text: str) -> str:
    return "".join(char for char in text if char.isalnum()).casefold()
