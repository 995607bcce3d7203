from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resources.samples import Words, any_text, colours, options
from termsmith.model.record import Identifier, IdentifierType, TerminologyRecord
from termsmith.resources.build import build
from termsmith.resources.names import digest, make_id, make_name

NAMES = [
    ("RadLex", "RadLex"),
    ("AHA_NUBC_Codes", "AHA_NUBC_Codes"),
    ("radlex", "Radlex"),
    ("ATC/DDD", "ATCDDD"),
    ("BCP 47, Language Codes", "BCP47LanguageCodes"),
    ("ISBT 128 Product Description Codes", "ISBT128ProductDescriptionCodes"),
    ("HGNC (database)", "HGNCDatabase"),
    ("NDF-RT", "NDFRT"),
    ("EDQM Standard Terms", "EDQMStandardTerms"),
    ("11", "CS_11"),
    ("3M codes", "CS_3MCodes"),
    ("X", "X_CS"),
    ("C++", "C_CS"),
    ("ISO 3166-1", "ISO3166_1"),
    ("ISO 3166–2", "ISO3166_2"),
    ("ICD 10 1", "ICD10_1"),
    ("MedDRA®", "MedDRA"),
    ("Codes™ of colour", "CodesOfColour"),
    ("Système élémentaire", "SystemeElementaire"),
    ("Straße und Øre", "StrasseUndOre"),
    ("Alzheimer’s list", "AlzheimersList"),
    ("\uff26\uff35\uff2c\uff2c width", "FULLWidth"),
    ("__private__", "Private"),
    ("../../x", "X_CS"),
    ("\u202eRTL\u202c mark", "RTLMark"),
    ("β-lactam classes", "LactamClasses"),
]


@pytest.mark.parametrize(("text", "name"), NAMES)
def test_names_are_made_of_words(text: str, name: str) -> None:
    assert make_name(text) == name


@pytest.mark.parametrize("text", ["", " ", "---", "😀🎨", "МКБ-10", "色", "رمز", "\u202e\u200f"])
def test_what_is_not_latin_makes_no_name(text: str) -> None:
    assert make_name(text) is None


def test_long_names_keep_apart() -> None:
    one, other = make_name("a" * 300), make_name("a" * 301)
    assert one is not None
    assert other is not None
    assert one != other
    assert len(one) == len(other) == 255
    assert one.startswith("Aaaa")


IDS = [
    ("DICOM", "DICOM"),
    ("v3-ietf3066", "v3-ietf3066"),
    ("ISO 3166/2", "ISO-3166-2"),
    ("a.b", "a.b"),
    ("a.", "a"),
    ("CON", "CON-CS"),
    ("com1.json", "com1-CS.json"),
    ("Nul", "Nul-CS"),
    ("console", "console"),
    ("../../x", "x"),
    ("C:\\Windows\\system32", "C-Windows-system32"),
]


@pytest.mark.parametrize(("text", "logical_id"), IDS)
def test_ids_keep_what_fhir_and_windows_allow(text: str, logical_id: str) -> None:
    assert make_id(text) == logical_id


@pytest.mark.parametrize("text", ["", ".", "..", "...", "/", "😀", "../.."])
def test_what_has_no_letters_makes_no_id(text: str) -> None:
    assert make_id(text) is None


def test_a_long_id_ends_in_a_digest() -> None:
    text = "Example" * 20
    assert make_id(text) == f"{text[:55]}-{digest(text)}"


@given(any_text)
def test_any_text_makes_a_valid_name_or_none(text: str) -> None:
    name = make_name(text)
    assert name is None or re.fullmatch(r"[A-Z][A-Za-z0-9_]{1,254}", name)
    assert name == make_name(text)
    assert name is None or make_name(name) == name


@given(st.one_of(any_text, st.from_regex(r"(con|PRN|Aux|NUL|com[0-9])(\.[a-z]*)*", fullmatch=True)))
def test_any_text_makes_a_safe_id_or_none(text: str) -> None:
    logical_id = make_id(text)
    if logical_id is None:
        return
    assert re.fullmatch(r"[A-Za-z0-9.-]{1,64}", logical_id)
    assert not logical_id.startswith(".")
    assert not logical_id.endswith(".")
    assert not re.fullmatch(r"(?i)(con|prn|aux|nul|(com|lpt)[0-9])(\..*)?", logical_id)
    assert make_id(logical_id) == logical_id


HOSTILE = [
    "../../x",
    "CON",
    "a" * 300,
    "😀🎨",
    "\u202eevil\u202c",
    "..",
    "NUL",
    "x" * 64 + "é",
    "色",
    "C:\\a",
]


@pytest.mark.parametrize("title", HOSTILE)
def test_hostile_titles_give_safe_file_names(title: str) -> None:
    uri = Identifier(
        type=IdentifierType.URI, value=Words().stated("https://colours.example/cs"), endorsed=True
    )
    record = TerminologyRecord(title=Words().stated(title), identifiers=(uri,))
    for resource in build(record, options()).resources:
        assert re.fullmatch(r"(NamingSystem|CodeSystem)-[A-Za-z0-9-]{1,64}\.json", resource.file_name)


def identity(record: TerminologyRecord) -> tuple[str, str]:
    data = build(record, options()).resources[0].data
    return data["name"], data["id"]


def test_the_name_is_the_stated_one_first() -> None:
    say = Words(printed=60).stated
    record = replace(colours(), name=say("OwnName"))
    assert identity(record) == ("OwnName", "colour-codes")


def test_then_the_short_name_the_id_the_title_an_identifier_a_digest() -> None:
    record = colours()
    assert identity(record) == ("ColourCodes", "colour-codes")
    record = replace(record, short_name=None)
    assert identity(record) == ("ColourCodes", "colour-codes")
    record = replace(record, record_id=Words(printed=60).stated("hues"))
    assert identity(record) == ("Hues", "hues")
    record = replace(record, record_id=None)
    assert identity(record) == ("ColourCodesOfTheColourBody", "ColourCodesOfTheColourBody")
    record = replace(record, title=Words(printed=60).stated("色"))
    assert identity(record) == ("ColoursExampleCs", "ColoursExampleCs")
    record = replace(record, identifiers=record.identifiers[2:3])
    assert identity(record) == ("OID2_999_7_1", "OID2-999-7-1")
    other = Identifier(type=IdentifierType.OTHER, value=Words(printed=70).stated("色"), endorsed=True)
    assert identity(replace(record, identifiers=(other,))) == (f"CS_{digest('色')}", f"CS-{digest('色')}")


def test_a_short_name_that_is_not_the_name_stays_in_the_description() -> None:
    say = Words(printed=60).stated
    record = replace(colours(), short_name=say("МКБ_<10>"), description=())
    made = build(record, options())
    assert made.resources[0].data["name"] == "ColourCodes"
    assert made.resources[0].data["description"] == "Short name: МКБ\\_\\<10>"
    assert [f.message for f in made.findings] == ["'МКБ_<10>' is no valid FHIR name; 'ColourCodes' is used"]


def test_a_title_is_made_into_a_name_without_a_finding() -> None:
    record = replace(colours(), short_name=None, record_id=None)
    assert build(record, options()).findings == ()


def test_a_stated_id_that_is_not_valid_is_reported() -> None:
    say = Words(printed=60).stated
    made = build(replace(colours(), record_id=say("colour codes/1")), options())
    assert made.resources[0].id == "colour-codes-1"
    assert "'colour codes/1' is no valid id; 'colour-codes-1' is used" in {f.message for f in made.findings}


def test_a_stated_id_of_which_nothing_remains_gives_way_to_the_name() -> None:
    made = build(replace(colours(), record_id=Words(printed=60).stated("..")), options())
    assert made.resources[0].id == "ColourCodes"
    assert "'..' is no valid id; 'ColourCodes' is used" in {f.message for f in made.findings}
