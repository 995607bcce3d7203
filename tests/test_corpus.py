"""Public example pages beside the project, against the facts that they state."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from shapes.facts import BLANKS, Facts, plain, problems

import termsmith
from termsmith.checks.checking import faults
from termsmith.checks.subject import Subject
from termsmith.documents.reading import read_document
from termsmith.model.finding import Severity
from termsmith.outputs.files import render_json

if TYPE_CHECKING:
    from termsmith.model.report import CheckReport
    from termsmith.model.result import Resource
    from termsmith.settings import FhirVersion

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"
HTA = CORPUS / "hta"
RECORDS = CORPUS / "tsmg" / "pages"
pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="no ../shared/corpus beside the project")

GOLD = json.loads((HTA / "gold.json").read_text(encoding="utf-8")) if HTA.is_dir() else {}
CONTACTS = {"Website", "Email address", "Phone number", "Address"}
COPYRIGHT = {
    "Copyright Statement",
    "Copyright Information",
    "Intellectual Property Information",
    "Licensing Information",
}


@pytest.mark.parametrize("name", sorted(GOLD))
def test_wiki_pages_give_the_facts_in_gold(name: str) -> None:
    conversion = termsmith.convert(HTA / name)
    assert problems(Facts.from_table(GOLD[name]), conversion) == []


@pytest.mark.parametrize("path", sorted(RECORDS.glob("*.xml")), ids=lambda path: path.stem)
def test_records_give_what_their_cells_say(path: Path) -> None:
    stated = Record(path)
    conversion = termsmith.convert(path)
    assert [
        f"{each.code}: {each.message}" for each in conversion.findings if each.severity.value == "error"
    ] == []
    naming_system, code_system = conversion.to_dicts()
    unique_ids = {
        (each["type"], each["value"]) for each in naming_system["uniqueId"] if each.get("preferred")
    }
    assert code_system["title"] == stated.first("Formal name")
    uri, oid = stated.first("TSMG-endorsed URI"), stated.first("TSMG-endorsed OID")
    assert unique_ids == {("uri", uri), *([("oid", oid)] if oid else [])}
    assert code_system["url"] == uri
    names = [contact.get("name", "") for contact in naming_system["contact"]]
    assert [name for name in stated.organizations if not any(name in each for each in names)] == []
    assert len(names) == len(stated.organizations)
    assert naming_system["publisher"] == stated.publisher
    for resource in (naming_system, code_system):
        description = squeezed(resource.get("description", ""))
        assert [text for text in stated.texts({"Description"}) if text not in description] == []
    copyright_ = squeezed(code_system.get("copyright", ""))
    assert [text for text in stated.texts(COPYRIGHT) if text not in copyright_] == []
    assert naming_system["status"] == ("retired" if stated.first("Status") == "Retired" else "active")


def squeezed(text: str) -> str:
    """Return text without Markdown, white space, control characters and remains of references."""
    return re.sub(r"[\s\x7f-\x9f]+|#13;", "", plain(text))


class Record:
    """A record's cells, read apart from the code under test."""

    def __init__(self, path: Path) -> None:
        """Read a page."""
        self._cells: list[tuple[str, ET.Element]] = []
        roles: list[tuple[str, str]] = []
        root = ET.fromstring(path.read_bytes())  # noqa: S314  a file of the corpus
        for row in root.iterfind(".//{*}tr"):
            cells = list(row.iterfind("{*}td"))
            if len(cells) == 4 and _text(cells[2]) == "Roles":
                roles += [(_text(cells[1]), _text(item)) for item in cells[3].iterfind(".//{*}li")]
            elif len(cells) in {3, 4}:
                self._cells.append((_text(cells[-2]), cells[-1]))
        self.organizations = tuple(dict.fromkeys(name for name, _ in roles))
        publishers = [name for name, role in roles if "Publisher" in role]
        self.publisher = (publishers or [name for name, role in roles if "Owner" in role])[0]

    def first(self, label: str) -> str | None:
        """Return the text of a row; nothing for a blank."""
        found = [_text(cell) for printed, cell in self._cells if printed == label]
        return found[0] if found and found[0] not in BLANKS else None

    def texts(self, labels: set[str]) -> list[str]:
        """Return the paragraphs and items of rows, without white space."""
        texts = []
        for printed, cell in self._cells:
            if printed in labels and _text(cell) not in BLANKS:
                texts += [squeezed(text) for text in _paragraphs(cell)]
        return [text for text in texts if text]


def _text(element: ET.Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _paragraphs(cell: ET.Element) -> list[str]:
    """Return the stretches of text between block elements and empty lines."""
    return re.split(r"\n\s*\n", "".join(_walk(cell)))


def _walk(element: ET.Element) -> list[str]:
    block = element.tag.rpartition("}")[2] in {"div", "p", "li", "ul", "ol", "br", "tr", "td", "table"}
    texts = ["\n\n"] if block else []
    texts.append(element.text or "")
    for child in element:
        texts += _walk(child)
        texts.append(child.tail or "")
    return [*texts, "\n\n"] if block else texts


@pytest.mark.parametrize(
    ("place", "code", "words"),
    [
        ("naming-systems/ISO3166Part2.xml", "NAM001", "'urn:oid:1.0.3166.2'"),
        ("code-systems/ClinVarV.xml", "STR006", "caseSensitive can't repeat"),
        ("code-systems/ICD-9CM-procedurecodes.xml", "REL011", "2.16.840.1.113883.6.103"),
        ("code-systems/ClinicalTrialsGov.xml", "REL013", "'retired'"),
        ("code-systems/ISO3166Part2.xml", "REL013", "'active'"),
    ],
)
def test_known_defects_of_published_resources_are_found_once(place: str, code: str, words: str) -> None:
    found = [
        finding.message
        for source in published().sources
        for finding in source.findings
        if source.source.endswith(place) and finding.code == code
    ]
    assert len(found) == 1
    assert words in found[0]


def test_nothing_else_is_found_in_published_resources_but_what_was_looked_through() -> None:
    counts = Counter(
        (source.source.split("/")[-2], finding.code)
        for source in published().sources
        for finding in source.findings
    )
    assert counts == {
        ("naming-systems", "NAM001"): 1,
        ("naming-systems", "STR091"): 67,  # all but one have the url behind the title
        ("naming-systems", "INV006"): 68,  # a note in R5
        ("code-systems", "STR091"): 7,
        ("code-systems", "STR006"): 1,
        ("code-systems", "INV006"): 60,  # none has a narrative
        ("code-systems", "CON011"): 1,
        ("code-systems", "CON025"): 1,  # SNODENT's internalId, declared as code of its own, 166 values
        ("code-systems", "COD009"): 2,
        ("code-systems", "REL011"): 1,
        ("code-systems", "REL013"): 2,
        ("code-systems", "REL014"): 22,
    }


def test_published_content_has_what_was_looked_through() -> None:
    found = Counter(
        (source.source.split("/")[-1], finding.code)
        for source in termsmith.check(CORPUS / "content").sources
        for finding in source.findings
        if finding.code != "INV006"
    )
    assert found == {
        ("cs-CMS-PlaceofServiceCodes.xml", "STR091"): 1,
        ("cs-color-names.xml", "CON009"): 1,
        ("cs-color-names.xml", "CON022"): 1,
        ("cs-presentOnAdmission.xml", "STR091"): 1,
        ("v3-mediaType.xml", "STR091"): 1,
        ("v3-mediaType.xml", "CON023"): 1,  # internalId, used 27 times
    }


@cache
def published() -> CheckReport:
    return termsmith.check(RECORDS.parent)


@cache
def made_of_pages(version: FhirVersion) -> list[tuple[Path, Resource]]:
    return [
        (path, resource)
        for path in (*sorted(RECORDS.glob("*.xml")), *(HTA / name for name in sorted(GOLD)))
        for resource in termsmith.convert(path, fhir_version=version).resources
    ]


@pytest.mark.parametrize("version", ["R4", "R4B", "R5"])
def test_no_resource_made_of_a_page_has_an_error(version: FhirVersion) -> None:
    made = made_of_pages(version)
    assert len({path for path, _ in made}) == len(list(RECORDS.glob("*.xml"))) + len(GOLD)
    wrong = []
    for path, resource in made:
        (read,) = read_document(render_json(resource.data), f"{resource.id}.json").resources
        subject = Subject(read.data, version=version, today=date.today().isoformat(), form=read.form)  # noqa: DTZ011  as a user checks it
        wrong += [
            f"{path.name}: {resource.type} {rule.code} {hit.pointer}"
            for rule, hit in faults(subject)
            if rule.severity_of(hit, version) is Severity.ERROR
        ]
    assert wrong == []


@pytest.mark.parametrize("version", ["R4", "R4B", "R5"])
def test_the_classes_of_fhir_resources_accept_every_resource_made_of_a_page(version: FhirVersion) -> None:
    made = made_of_pages(version)
    assert len(made) > 200
    assert {type(resource.model).__name__ for _, resource in made} == {"NamingSystem", "CodeSystem"}
