"""The pages of `input/`: each converts, and none needs today's date."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

import termsmith

FOLDER = Path(__file__).parents[1] / "input"
SEED = Path(__file__).parents[2] / "shared" / "seed" / "dicom.txt"
PAGES = sorted(path for path in FOLDER.iterdir() if path.suffix != ".toml" and ".concepts" not in path.name)
assert PAGES, "no input pages found"

TITLES = {
    "apple-varieties.txt": ["Varieties of Apples in Old Orchards"],
    "bell-methods.html": ["Method Names in Change Ringing"],
    "bread-shapes.json": ["Shapes of Bread"],
    "cheese-rinds.md": ["Rind Types of Cheese"],
    "clock-escapements.doc": ["Escapements of Clocks and Watches"],
    "cloud-forms.xml": ["Forms of Clouds — Part 2: Local names"],
    "dicom.txt": ["Digital Imaging and Communications in Medicine"],
    "ferry-incidents.xml": ["Incidents on Ferries"],
    "harbour-flags.md": ["Flags Shown in Harbour"],
    "hive-inspection.txt": ["Hive Inspection Findings"],
    "knot-register.html": ["Register of Knots"],
    "light-characters.txt": ["Characters of Lights at Sea"],
    "mountain-huts.md": ["Services of Mountain Huts"],
    "pilot-licence.txt": ["Harbour Pilot Licence Number"],
    "snow-types.txt": ["Types of Snow on the Ground"],
    "tea-grades.md": ["Grades of Leaf Tea"],
    "tide-tables.txt": ["Tide Almanac Foundation", "Tide Almanac for Small Harbours (SH)"],
    "wool-grades.docx": ["Grades of Raw Wool"],
}
DATES = {
    "apple-varieties.txt": "2024-11-01",
    "bell-methods.html": "2022-11-30",
    "bread-shapes.json": "2022-02-14",
    "cheese-rinds.md": "2023-01-17",
    "clock-escapements.doc": "2023-09-05",
    "cloud-forms.xml": "2025-06-14",
    "dicom.txt": "2020-09-03",
    "ferry-incidents.xml": "2021-05-20",
    "harbour-flags.md": "2025-04-10",
    "hive-inspection.txt": "2024-04-02",
    "knot-register.html": "2021-03",
    "light-characters.txt": "2019-03",
    "mountain-huts.md": "2022-06",
    "pilot-licence.txt": "2021-10-04",
    "snow-types.txt": "2025-02-01",
    "tea-grades.md": "2023-09-11",
    "tide-tables.txt": "2022-01",
    "wool-grades.docx": "2020-10",
}


def title(naming_system: dict[str, Any]) -> str:
    """Return the title of an R5 NamingSystem."""
    return str(naming_system["title"])


def test_every_page_is_listed() -> None:
    assert sorted(TITLES) == sorted(DATES) == [path.name for path in PAGES]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_a_page_converts_without_an_error(path: Path) -> None:
    conversion = termsmith.convert(path, fhir_version="R5")
    assert [str(each.message) for each in conversion.findings if each.severity.value == "error"] == []
    naming_systems = [each for each in conversion.to_dicts() if each["resourceType"] == "NamingSystem"]
    assert [title(each) for each in naming_systems] == TITLES[path.name]
    assert {each["date"] for each in conversion.to_dicts()} == {DATES[path.name]}
    assert "RES003" not in [finding.code for finding in conversion.findings], "the date is assumed"


@pytest.mark.parametrize(
    "path", [path for path in PAGES if path.name != "dicom.txt"], ids=lambda path: path.name
)
def test_invented_pages_stay_in_the_example_arc_and_on_example_hosts(path: Path) -> None:
    for resource in termsmith.convert(path).to_dicts():
        for unique_id in resource.get("uniqueId", []):
            pattern = (
                r"2\.999\.14\..+" if unique_id["type"] == "oid" else r"https?://([\w-]+\.)+example(/.*)?"
            )
            assert re.fullmatch(pattern, unique_id["value"])


def test_an_identifier_system_has_no_code_system() -> None:
    (naming_system,) = termsmith.convert(FOLDER / "pilot-licence.txt").to_dicts()
    assert naming_system["kind"] == "identifier"
    assert naming_system["type"]["coding"][0]["code"] == "LN"


def test_the_users_page_without_its_sidecar_fails_and_offers_hl7s_record() -> None:
    conversion = termsmith.convert((FOLDER / "dicom.txt").read_bytes())
    codes = [finding.code for finding in conversion.findings]
    assert "REC020" in codes
    assert conversion.resources == ()
    (offer,) = [finding for finding in conversion.findings if finding.code == "REC024"]
    assert "http://dicom.nema.org/resources/ontology/DCM" in offer.message
    assert "1.2.840.10008.2.16.4" in offer.message
    _, _, to_paste = offer.hint.partition("\n")
    assert tomllib.loads(to_paste) == {
        "canonical_url": "http://dicom.nema.org/resources/ontology/DCM",
        "oid": "1.2.840.10008.2.16.4",
    }
    quiet = termsmith.convert((FOLDER / "dicom.txt").read_bytes(), registry=False)
    assert "REC024" not in [finding.code for finding in quiet.findings]


def test_the_users_page_with_its_sidecar_is_hl7s_dicom_record() -> None:
    naming_system, code_system = termsmith.convert(FOLDER / "dicom.txt").to_dicts()
    assert naming_system["name"] == code_system["name"] == "DCM"
    assert code_system["url"] == "http://dicom.nema.org/resources/ontology/DCM"
    assert [(each["type"], each["value"], each["preferred"]) for each in naming_system["uniqueId"]] == [
        ("uri", "http://dicom.nema.org/resources/ontology/DCM", True),
        ("oid", "1.2.840.10008.2.16.4", True),
    ]
    assert naming_system["publisher"] == "National Electrical Manufacturers Association (NEMA)"
    address = "1300 North 17th Street, Suite 900, Arlington, Virginia 22209"
    assert (
        naming_system["contact"][0]["name"]
        == f"National Electrical Manufacturers Association (NEMA); {address}"
    )
    assert naming_system["usage"] == "HL7 v. 2.x, HL7 v.3.3, HL7 FHIR"
    assert "No license is required to download or implement the DICOM Standard." in code_system["copyright"]
    assert "Free for use" in code_system["copyright"]
    assert "DVTk is an open source project" in code_system["description"]


@pytest.mark.skipif(not SEED.is_file(), reason="no ../shared/seed beside the project")
def test_the_users_page_is_untouched() -> None:
    assert (FOLDER / "dicom.txt").read_bytes() == SEED.read_bytes()


def strings(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for each in value.values() for text in strings(each)]
    if isinstance(value, list):
        return [text for each in value for text in strings(each)]
    return [value] if isinstance(value, str) else []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_no_value_is_a_printed_blank(path: Path) -> None:
    paragraphs = [
        paragraph.split(": ", 1)[-1]
        for resource in termsmith.convert(path).to_dicts()
        for text in strings(resource)
        for paragraph in text.split("\n\n")
    ]
    assert [
        each for each in paragraphs if re.fullmatch(r"(?:(?:—|-|#?N/A|None|TBD|Not Assigned)\s*)+", each)
    ] == []


def test_a_code_table_on_a_page_becomes_concepts_to_the_letter() -> None:
    _, code_system = termsmith.convert(FOLDER / "harbour-flags.md").to_dicts()
    codes = [concept["code"] for concept in code_system["concept"]]
    assert codes == ["0", "01", "02", "03", "1", "10", "1.10", "11"]
    enter = code_system["concept"][1]
    assert [(each["language"], each["value"]) for each in enter["designation"]] == [
        ("de", "Einlaufen"),
        ("fr", "Entrer"),
    ]
    assert enter["property"] == [
        {"code": "parent", "valueCode": "0"},
        {"code": "status", "valueCode": "active"},
        {"code": "hoistedSince", "valueInteger": 1931},
    ]
    assert code_system["content"] == "fragment"
    assert "count" not in code_system


def test_a_code_table_beside_a_page_becomes_its_concepts() -> None:
    _, code_system = termsmith.convert(FOLDER / "apple-varieties.txt").to_dicts()
    assert (code_system["content"], code_system["count"], code_system["hierarchyMeaning"]) == (
        "complete",
        7,
        "grouped-by",
    )
    summer, winter = code_system["concept"]
    assert [concept["code"] for concept in summer["concept"]] == ["S01", "S02"]
    assert [concept["code"] for concept in winter["concept"]] == ["W01", "W02"]
    assert [concept["code"] for concept in winter["concept"][0]["concept"]] == ["W01a"]
    assert [each["value"] for each in summer["concept"][0]["designation"]] == [
        "Weiße Perle",
        "Glass apple",
        "Early White",
    ]
