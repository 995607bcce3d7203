"""The page beside the project that lists 158 systems, against its own cells and against curated records."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest

import termsmith
from termsmith.model.result import Fate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from termsmith.model.result import Conversion

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"
PAGE = CORPUS / "d6" / "external_code_systems.xml"
RECORDS = sorted((CORPUS / "tsmg" / "naming-systems").glob("*.xml"))
pytestmark = pytest.mark.skipif(not PAGE.is_file(), reason="no ../shared/corpus beside the project")

OTHER_TITLES = {
    "ADAToothSurfaceCodes",
    "AHANUBCCodeCode",
    "ILRSpeakingSkillScale",  # the record has none
    "ISBT128ProductDescriptionCodes",
    "icd10-CA",
    "v2-0350",
    "v2-0351",
    "v3-ada-snodent",
}
"""Systems that their record calls otherwise than the list."""


@cache
def converted() -> Conversion:
    return termsmith.convert(PAGE, fhir_version="R5")


@cache
def rows() -> tuple[tuple[str, str | None, str | None, str, str], ...]:
    """Title, URI, OID, owner and linked record of each row, read apart from the code under test."""
    return tuple(_rows())


def _rows() -> Iterator[tuple[str, str | None, str | None, str, str]]:
    root = ET.fromstring(PAGE.read_bytes())  # noqa: S314  a file of the corpus
    for row in root.iterfind(".//{*}tbody/{*}tr"):
        cells = list(row.iterfind("{*}td"))
        codes: dict[str, str] = {}
        label = ""
        for element in cells[0]:
            name, text = element.tag.rpartition("}")[2], _text(element)
            if name == "i":
                label = text
            elif name == "code":
                codes[label] = text
        (title,) = (_text(each) for each in cells[0].iterfind("{*}b"))
        (link,) = (each.get("href", "") for each in cells[2].iterfind("{*}a"))
        record = link.removeprefix("NamingSystem-").removesuffix(".html")
        yield title, codes.get("URI"), codes.get("OID"), _text(cells[1]), record


def _text(element: ET.Element) -> str:
    return " ".join("".join(element.itertext()).split())


def naming_systems() -> dict[str, dict[str, Any]]:
    return {each["id"]: each for each in converted().to_dicts() if each["resourceType"] == "NamingSystem"}


def test_every_row_becomes_the_pair_that_its_cells_state() -> None:
    assert converted().dialect == "D6"
    assert len(rows()) == 158
    pairs = converted().to_dicts()
    assert len(pairs) == 2 * len(rows())
    for (title, uri, oid, owner, record), naming, code in zip(rows(), pairs[::2], pairs[1::2], strict=True):
        assert (naming["resourceType"], code["resourceType"]) == ("NamingSystem", "CodeSystem")
        assert naming["id"] == code["id"] == record
        assert naming["title"] == code["title"] == title
        assert naming["publisher"] == owner
        stated = [("uri", uri)] if uri else []
        stated += [("oid", oid)] if oid else []
        assert [(each["type"], each["value"]) for each in naming["uniqueId"]] == stated
        assert all(each["preferred"] for each in naming["uniqueId"])
        assert code["url"] == (uri or f"urn:oid:{oid}")


def test_ids_are_unique() -> None:
    ids = [(each.type, each.id.casefold()) for each in converted().resources]
    assert len(ids) == len(set(ids))


def test_nothing_but_the_introduction_and_pointers_to_published_contents_is_left_over() -> None:
    left = [piece.text for piece in converted().coverage.leftovers]
    contents = [text for text in left if text.startswith(("Complete Code System (v", "Fragment (v"))]
    assert len(contents) == 8
    others = [text for text in left if text not in contents]
    assert len(others) == 7
    assert all(len(text) > 200 for text in others), "the seven paragraphs above the table"
    reported = [each for each in converted().findings if each.code == "REC002"]
    assert len(reported) == len(left)


def test_what_is_used_stands_in_the_first_two_columns() -> None:
    table = [piece for piece in converted().coverage.pieces if piece.place.table is not None]
    used = {piece.place.cell for piece in table if piece.fate is Fate.USED}
    assert used == {1, 2}


def test_two_rows_with_one_identifier_are_reported() -> None:
    repeated = [each.message.split("'")[1] for each in converted().findings if each.code == "REC052"]
    values = [value for _, uri, oid, *_ in rows() for value in (uri, oid) if value]
    assert sorted(repeated) == sorted({value for value in values if values.count(value) > 1})
    assert "http://hl7.org/fhir/sid/icd-9-cm" in repeated


def test_there_is_no_error() -> None:
    assert [each for each in converted().findings if each.severity.value == "error"] == []


def test_records_that_the_rows_link_say_the_same() -> None:
    made = naming_systems()
    compared, titles = 0, set()
    for path in RECORDS:
        record = ET.parse(path).getroot()  # noqa: S314  a file of the corpus
        own = made.get(_value(record, "id") or "")
        if own is None:
            # Its list is the one of retired systems.
            assert _value(record, "id") == "ClinicalTrialsGov"
            continue
        compared += 1
        preferred = {
            (_value(each, "type"), _value(each, "value"))
            for each in record.iterfind("{*}uniqueId")
            if _value(each, "preferred") == "true"
        }
        if path.name == "ISO3166Part2.xml":  # writes its OID as a URN
            preferred = {(kind, (value or "").removeprefix("urn:oid:")) for kind, value in preferred}
        assert {(each["type"], each["value"]) for each in own["uniqueId"]} == preferred, path.name
        if _value(record, "title") != own["title"]:
            titles.add(own["id"])
    assert compared == 67
    assert titles == OTHER_TITLES


def _value(element: ET.Element, name: str) -> str | None:
    found = element.find(f"{{*}}{name}")
    return None if found is None else found.get("value")
