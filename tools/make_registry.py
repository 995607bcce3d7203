"""Make ``src/termsmith/registry/systems.toml`` from public HL7 Terminology data.

    python tools/make_registry.py FOLDER

FOLDER holds, of github.com/HL7/UTG at commit a19c26361, NamingSystem records of external code systems
(``tsmg/naming-systems/*.xml``) and the index page of all of them (``d6/external_code_systems.xml``).
Only facts are taken: id, names, preferred URI and OID. The further aliases below are our own.
"""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCE = "HL7 Unified Terminology Governance, github.com/HL7/UTG"
VERSION = "commit a19c26361"
TARGET = Path(__file__).parents[1] / "src" / "termsmith" / "registry" / "systems.toml"

FHIR = "{http://hl7.org/fhir}"
XHTML = "{http://www.w3.org/1999/xhtml}"

ALIASES = {
    "GMDN": ("Global Medical Devices Nomenclature",),
    "NDFRT": ("National Drug File - Reference Terminology",),
    "icd10CM": ("ICD-10-CM",),
    "icd10PCS": ("ICD-10-PCS", "ICD-10 Procedure Coding System"),
    "ietf3066": ("BCP 47", "Tags for Identifying Languages"),
    "mdr": ("Medical Dictionary for Regulatory Activities Terminology",),
    "v3-DCM": ("DICOM", "Digital Imaging and Communications in Medicine"),
    "v3-WC": ("ATC", "ATC/DDD", "Anatomical Therapeutic Chemical classification"),
    "v3-hgnc": ("HGNC", "HUGO Gene Nomenclature Committee"),
    "v3-loinc": ("Logical Observation Identifiers Names and Codes",),
    "v3-snomed-CT": (
        "SNOMED CT",
        "SNOMED Clinical Terms",
        "Systematized Nomenclature of Medicine Clinical Terms",
    ),
}
"""Names that pages use and the records don't, by the record's id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What is shipped of one system."""

    id: str
    name: str
    """Not written when it equals the id."""
    title: str
    aliases: tuple[str, ...]
    uri: str | None
    oid: str | None

    def to_toml(self) -> str:
        """Return the row as a table of the array ``system``."""
        name = self.name if self.name != self.id else None
        facts = {"id": self.id, "name": name, "title": self.title, "uri": self.uri, "oid": self.oid}
        lines = ["[[system]]"]
        lines += [f"{key} = {_quoted(value)}" for key, value in facts.items() if value]
        if self.aliases:
            lines.append(f"aliases = [{', '.join(map(_quoted, self.aliases))}]")
        return "\n".join(lines) + "\n"


def from_records(folder: Path) -> Iterator[Row]:
    """Yield the code systems among NamingSystem records."""
    for path in sorted(folder.glob("*.xml")):
        record = ET.parse(path).getroot()  # noqa: S314  files of a known commit
        if _value(record, "kind") != "codesystem":
            continue
        identity = _value(record, "id") or path.stem
        name = _value(record, "name") or identity
        preferred = {
            _value(unique_id, "type"): _value(unique_id, "value")
            for unique_id in record.findall(f"{FHIR}uniqueId")
            if _value(unique_id, "preferred") == "true"
        }
        title = _value(record, "title") or name
        yield Row(
            id=identity,
            name=name,
            title=title,
            aliases=tuple(alias for alias in ALIASES.get(identity, ()) if alias not in {name, title}),
            uri=preferred.get("uri"),
            oid=(preferred.get("oid") or "").removeprefix("urn:oid:") or None,
        )


def from_index(page: Path) -> Iterator[Row]:
    """Yield the rows of the index page; a system's short name is the bracket at the end of its title."""
    for line in ET.parse(page).getroot().iter(f"{XHTML}tr"):  # noqa: S314  a file of a known commit
        cells = line.findall(f"{XHTML}td")
        if not cells:
            continue
        link = cells[2].find(f"{XHTML}a")
        found = re.fullmatch(r"NamingSystem-(.+)\.html", link.get("href", "")) if link is not None else None
        if found is None:
            continue
        facts = [" ".join(code.itertext()) for code in cells[0].iter(f"{XHTML}code")]
        title = " ".join("".join(cells[0].findall(f"{XHTML}b")[0].itertext()).split())
        short = re.search(r"\(([\w.-]{2,12})®?\)$", title)
        yield Row(
            id=found[1],
            name=short[1] if short else found[1],
            title=title,
            aliases=ALIASES.get(found[1], ()),
            uri=next((fact for fact in facts if not _is_oid(fact)), None),
            oid=next((fact for fact in facts if _is_oid(fact)), None),
        )


def merged(records: Iterator[Row], index: Iterator[Row]) -> list[Row]:
    """Return one row for each id, the record's before the index page's."""
    rows = {row.id: row for row in index}
    rows |= {row.id: row for row in records}
    return [rows[key] for key in sorted(rows, key=str.casefold)]


def main(folder: Path) -> None:
    """Write the table."""
    rows = merged(
        from_records(folder / "tsmg" / "naming-systems"),
        from_index(folder / "d6" / "external_code_systems.xml"),
    )
    head = [
        "# Well-known code systems: names, URI and OID that HL7 endorses.",
        f"# Source: {SOURCE}, {VERSION}.",
        "# Made by tools/make_registry.py; don't edit.",
    ]
    TARGET.write_text("\n".join([*head, "", *(row.to_toml() for row in rows)]), encoding="utf-8")
    print(f"{TARGET.name}: {len(rows)} systems")


def _quoted(text: str) -> str:
    """Return a TOML string; literal ones load twice as fast, and a JSON string is a basic one."""
    return json.dumps(text, ensure_ascii=False) if "'" in text else f"'{text}'"


def _value(element: ET.Element, child: str) -> str | None:
    found = element.find(f"{FHIR}{child}")
    return None if found is None else found.get("value")


def _is_oid(text: str) -> bool:
    return re.fullmatch(r"[0-2](\.\d+)+", text) is not None


if __name__ == "__main__":
    if len(sys.argv) != 2:  # noqa: PLR2004  the command and its folder
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
