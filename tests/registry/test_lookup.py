from __future__ import annotations

import re

import pytest

from termsmith.registry.lookup import AT_MOST, fold, known_systems, near_matches


def ids(*names: str) -> list[str]:
    return [system.id for system in near_matches(names)]


def test_the_dicom_page_is_offered_hl7s_record() -> None:
    (dicom,) = near_matches(["Digital Imaging and Communications in Medicine"])
    assert dicom.name == "DCM"
    assert dicom.title == "DICOM Controlled Terminology"
    assert dicom.uri == "http://dicom.nema.org/resources/ontology/DCM"
    assert dicom.oid == "1.2.840.10008.2.16.4"
    assert "DICOM" in dicom.aliases


@pytest.mark.parametrize(
    ("name", "identity"),
    [
        ("DICOM® (Digital Imaging and Communications in Medicine)", "v3-DCM"),
        ("dicom controlled terminology", "v3-DCM"),
        ("DCM", "v3-DCM"),
        ("LOINC", "v3-loinc"),
        ("Logical Observation Identifier Names & Codes (LOINC®)", "v3-loinc"),
        ("UCUM", "v3-ucum"),
        ("SNOMED-CT", "v3-snomed-CT"),
        ("HGNC (database)", "v3-hgnc"),
        ("ATC/DDD", "v3-WC"),
        ("Global Medical Devices Nomenclature", "GMDN"),
        ("Medical Dictionary for Regulatory Activities Terminology (MedDRA)", "mdr"),
        ("MedDRA", "mdr"),
        ("NDF-RT", "NDFRT"),
        ("Tags for Identifying Languages", "ietf3066"),
        ("icd_10_cm", "icd10CM"),
    ],
)
def test_names_as_pages_print_them_find_their_system(name: str, identity: str) -> None:
    assert ids(name)[0] == identity


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Code System",
        "International Standard Codes",
        "Medicine",
        "Digital Signal Processing in Medicine",
        "Imaging Procedure Codes",
        "Communications Handbook",
        "Beekeeping Hive Status",
        "National Register of Lighthouses",
        "International Classification of Boats",
        "International Classification of Diseases",
        "National Drug List",
        "Human Disease Index",
        "EDQM Standard Terms",
        "Genotype Ontology",
        "American Dental Association",
        "Health Canada Sample Number",
        "第三版",
    ],
)
def test_unrelated_names_find_nothing(name: str) -> None:
    assert ids(name) == []


def test_an_equal_name_excludes_similar_ones() -> None:
    assert ids("ICPC3", "International Classification of Primary Care") == ["ICPC3"]
    assert ids("Classification of Primary Care, Third Revised Edition") == []


def test_similar_names_are_offered_best_first() -> None:
    found = ids("CDC Census Occupation 2010")
    assert found[0] == "PHOccupationCDCCensus2010"


def test_no_more_than_three_are_offered() -> None:
    assert len(near_matches(["LOINC", "UCUM", "RxNorm", "RadLex", "CVX"])) == AT_MOST


def test_a_system_found_by_two_names_is_offered_once() -> None:
    assert ids("LOINC", "Logical Observation Identifiers, Names and Codes") == ["v3-loinc"]


def test_systems_without_an_oid_say_none() -> None:
    (sevco,) = near_matches(["Scientific Evidence Code System"])
    assert sevco.oid is None
    assert sevco.uri == "https://fevir.net/sevco"


def test_folding_drops_case_accents_marks_and_punctuation() -> None:
    assert fold(" Ätlas®, of_Tea/Grades - No. 3") == "atlas of tea grades no 3"


def test_the_shipped_table_is_sound() -> None:
    systems = known_systems()
    assert len({system.id for system in systems}) == len(systems) > 100
    for system in systems:
        assert system.title
        assert system.uri or system.oid, system.id
        assert system.oid is None or re.fullmatch(r"[012](\.(0|[1-9]\d*))+", system.oid), system.id
        assert system.uri is None or re.fullmatch(r"[a-z]+:\S+", system.uri), system.id
