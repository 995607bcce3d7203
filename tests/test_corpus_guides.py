"""Five pages beside the project that explain the use of a code system, against the facts that they state."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import termsmith

if TYPE_CHECKING:
    from termsmith.model.result import Conversion
    from termsmith.settings import FhirVersion

PAGES = Path(__file__).parents[2] / "shared" / "corpus" / "d5"
pytestmark = pytest.mark.skipif(not PAGES.is_dir(), reason="no ../shared/corpus beside the project")

# What each page states, read from it: name, URI, organisations and their addresses, and so on.
FACTS: dict[str, dict[str, Any]] = {
    "CVX": {
        "url": "http://hl7.org/fhir/sid/cvx",
        "organizations": {
            "The CDC's National Center of Immunization and Respiratory Diseases (NCIRD)": (
                "http://www.cdc.gov/ncird/"
            )
        },
        "copyright": (
            "CVX has no copyright acknowledgement needed, nor are there any license terms to adhere to."
        ),
        "description": [
            "Available at [http://www2a.cdc.gov/vaccines/iis/iisstandards/vaccines.asp?rpt=cvx]",
            'Codes: Use the value of "CVX Code" column in the web page',
            'Display: Use the value of the "Short Description" column in the web page',
            "Subsumption: No Subsumption relationships are defined by CVX",
            "Version management: If it is desired to exchange the version, use the date of the last updated",
        ],
        "blanks": {
            "Todo: Describe how it is determined which concepts are inactive",
            "None are described yet",
            "No need for filters identified yet.",
            "No need for implicit value sets identified yet.",
        },
    },
    "LOINC": {
        "url": "http://loinc.org",
        "organizations": {"Regenstrief Institute": "https://www.regenstrief.org/"},
        "case_sensitive": False,
        "copyright": "The terms of use for LOINC require that a [notice]",
        "description": [
            "Version management: Where a version is used, it should be the standard LOINC version e.g. 2.48",
            "Codes: The LOINC Code Identifier e.g. 21176-3. LOINC codes are not case sensitive.",
            "Inactive codes: Codes with Property STATUS = DEPRECATED are considered inactive",
            "Subsumption: LOINC defines the Multi-Axial Hierarchy",
            "Value sets: The value set identifier http://loinc.org/vs is a value set that contains all LOINC",
        ],
        "blanks": {"TODO: Document Ontology"},
        "filters": [
            ("copyright", ["="], "LOINC | 3rdParty"),
            ("parent", ["=", "in"], 'Part Code (or, for "in", multiple part codes separated by commas)'),
            ("ancestor", ["=", "in"], 'Part Code (or, for "in", multiple part codes separated by commas)'),
        ],
        "properties": [
            ("STATUS", "string"),
            ("COMPONENT", "code"),
            ("PROPERTY", "code"),
            ("TIME_ASPCT", "code"),
            ("SYSTEM", "code"),
            ("SCALE_TYP", "code"),
            ("METHOD_TYP", "code"),
            ("CLASS", "string"),
            ("CONSUMER_NAME", "string"),
            ("CLASSTYPE", "string"),
            ("ORDER_OBS", "string"),
            ("DOCUMENT_SECTION", "string"),
        ],
        "undeclared": ["One of the names listed in the"],
    },
    "RxNorm": {
        "url": "http://www.nlm.nih.gov/research/umls/rxnorm",
        "organizations": {"US National Library of Medicine": "http://www.nlm.nih.gov/"},
        "copyright": "Using RxNorm codes of type SAB=RXNORM as this specification describes [does not require]",
        "description": [
            'encoded as in the download files, e.g. "07092014"',
            "Codes: The code value for an RxNorm code is a Concept Identifier (CUI), and only CUIs for which",
            "Subsumption: No Subsumption relationships are defined by RxNorm",
            "The identifier http://www.nlm.nih.gov/research/umls/rxnorm/vs represents a value set",
        ],
        "blanks": {
            "Todo: Describe how it is determined which concepts are inactive",
            "(Yet to be done).",
        },
        "filters": [
            ("STY", ["=", "in"], "[column:]value"),
            ("SAB", ["=", "in"], "Values from RxNorm SAB table (e.g. select RSAB from rxnsab)"),
            (
                "TTY",
                ["=", "in"],
                "TTY values from the RxNorm Concept table (e.g. select distinct TTY from rxnconso)",
            ),
        ],
        "undeclared": ["[REL]", "[RELA]"],
    },
    "UCUM": {
        "url": "http://unitsofmeasure.org",
        "organizations": {
            "Regenstrief Institute, Inc": "https://www.regenstrief.org/",
            "The UCUM Organization": None,
        },
        "case_sensitive": True,
        "compositional": True,
        "copyright": "UCUM is Copyright © 1999-2013 Regenstrief Institute, Inc. and The UCUM Organization",
        "description": [
            "it should be the standard UCUM version e.g. 1.9.",
            "Display: There is no defined display; the UCUM code is used directly for the display",
            "Inactive codes: A few codes in UCUM are marked as deprecated (e.g. ppb, pptr)",
            "The value set identifier http://unitsofmeasure.org/vs is a value set that contains all UCUM codes.",
        ],
        "filters": [
            ("property", ["="], "[string name of property]"),
            ("canonical", ["=", "in"], "UCUM expression"),
        ],
    },
}


@cache
def converted(name: str) -> Conversion:
    return termsmith.convert(PAGES / f"{name}.xml", fhir_version="R5")


@pytest.mark.parametrize("name", sorted(FACTS))
def test_a_page_gives_the_facts_that_it_states(name: str) -> None:
    facts, conversion = FACTS[name], converted(name)
    assert conversion.dialect == "D5"
    naming_system, code_system = conversion.to_dicts()
    for resource in (naming_system, code_system):
        assert (resource["id"], resource["name"]) == (name, name)
        assert "title" not in resource, "the page gives one name only"
        contacts = {
            each["name"]: next((telecom["value"] for telecom in each.get("telecom", ())), None)
            for each in resource["contact"]
        }
        assert contacts == facts["organizations"]
        assert resource["publisher"] == next(iter(facts["organizations"]))
        assert [text for text in facts["description"] if text not in resource["description"]] == []
        assert resource["copyright"].startswith(facts["copyright"])
    assert naming_system["uniqueId"] == [{"type": "uri", "value": facts["url"], "preferred": True}]
    assert code_system["url"] == facts["url"]
    assert code_system["content"] == "not-present"
    assert {"concept", "count", "valueSet", "hierarchyMeaning"} & code_system.keys() == set()
    assert code_system.get("compositional") == facts.get("compositional")
    assert code_system["caseSensitive"] is facts.get("case_sensitive", True)
    assumed = [each.code for each in conversion.findings if each.code == "RES002"]
    assert bool(assumed) == ("case_sensitive" not in facts)


@pytest.mark.parametrize("name", sorted(FACTS))
def test_a_page_declares_its_properties_and_filters(name: str) -> None:
    facts, code_system = FACTS[name], converted(name).to_dicts()[1]
    declared = [(each["code"], each["type"]) for each in code_system.get("property", ())]
    assert declared == facts.get("properties", [])
    filters = [(each["code"], each["operator"], each["value"]) for each in code_system.get("filter", ())]
    assert filters == facts.get("filters", [])
    refused = [each.message for each in converted(name).findings if each.code in ("REC060", "REC061")]
    assert len(refused) == len(facts.get("undeclared", ()))
    for words, message in zip(facts.get("undeclared", ()), refused, strict=True):
        assert words in message


def test_declarations_say_what_they_are_for() -> None:
    loinc = converted("LOINC").to_dicts()[1]
    status, *_, section = loinc["property"]
    assert status["description"] == "Status of the term"
    assert section["description"].startswith("Classification of whether this LOINC code can be used a full")
    copyright_ = loinc["filter"][0]
    assert copyright_["description"] == (
        "Allows for the inclusion or exclusion of LOINC codes that include 3rd party copyright notices. "
        "LOINC = only codes with a sole copyright by Regenstrief. 3rdParty = only codes with a 3rd party "
        "copyright in addition to the one from Regenstrief."
    )


@pytest.mark.parametrize("name", sorted(FACTS))
def test_placeholders_are_stated_blanks(name: str) -> None:
    blanks = {piece.text for piece in converted(name).coverage.pieces if piece.fate.value == "blank"}
    assert blanks == FACTS[name].get("blanks", set())


def test_one_page_gives_the_three_parts_of_its_standard() -> None:
    conversion = converted("ISO3166")
    systems = [each for each in conversion.to_dicts() if each["resourceType"] == "CodeSystem"]
    assert len(conversion.resources) == 6
    assert [(each["id"], each["url"], each["title"]) for each in systems] == [
        (
            "ISO3166Part1",
            "urn:iso:std:iso:3166",
            "ISO 3166 Part 1, Country Codes (2-letter and 3-letter, and numerical codes)",
        ),
        ("ISO3166Part2", "urn:iso:std:iso:3166:-2", "ISO 3166 Part 2, Subdivision (State/Province) Codes"),
        ("ISO3166Part3", "urn:iso:std:iso:3166:-3", "ISO 3166 Part 3, Historical Country Names"),
    ]
    own = ["Any of the 2-letter", "Any of the codes for principal subdivisions", "One of the 4 letter"]
    for number, system in enumerate(systems):
        assert system["caseSensitive"] is False
        assert "ISO Maintains the copyright on the country codes" in system["copyright"]
        assert [text for text in own if text in system["description"]] == [own[number]]
        assert "use the year of release in the format YYYY" in system["description"]
        assert "filter" not in system, "how to filter is told in an example only"


@pytest.mark.parametrize("name", [*sorted(FACTS), "ISO3166"])
def test_what_is_left_over_is_reported_chapter_by_chapter(name: str) -> None:
    conversion = converted(name)
    reported = [each.message for each in conversion.findings if each.code == "REC002"]
    more = sum(
        int(message.rpartition("; ")[2].split()[0]) for message in reported if message.endswith("more there)")
    )
    assert len(reported) + more == len(conversion.coverage.leftovers)
    assert len(reported) <= 12
    assert [each for each in conversion.findings if each.severity.value == "error"] == []


@pytest.mark.parametrize("version", ["R4", "R4B", "R5"])
def test_the_classes_of_fhir_resources_accept_them_in_every_release(version: FhirVersion) -> None:
    made = [
        resource
        for name in (*FACTS, "ISO3166")
        for resource in termsmith.convert(PAGES / f"{name}.xml", fhir_version=version).resources
    ]
    assert len(made) == 14
    assert {type(resource.model).__name__ for resource in made} == {"NamingSystem", "CodeSystem"}
