from __future__ import annotations

import pytest
from growth import grows_with_size

from termsmith.concepts.columns import Column, column_of, is_language_tag, property_code, recognise_columns

WORDS = {
    "code": ["Code", "ID", "Concept ID", "Code value", "Kode", "Schlüssel", "Código", "Codice", "Identifier"],
    "display": [
        "Display",
        "Name",
        "Term",
        "Meaning",
        "Bezeichnung",
        "Libellé",
        "Denominación",
        "Nome",
        "Naam",
        "Titel",
    ],
    "definition": ["Definition", "Définition", "Definición", "Definizione", "Definitie", "Erläuterung"],
    "parent": [
        "Parent",
        "Parent code",
        "Broader",
        "Oberbegriff",
        "Code parent",
        "Código padre",
        "Codice padre",
        "is-a",
    ],
    "child": ["Child", "Children", "Narrower"],
    "level": ["Level", "Lvl", "Ebene", "Niveau", "Nivel", "Livello"],
    "numbering": ["No.", "Nr.", "#", "Outline number", "Gliederung"],
}


def said(headers: str) -> list[str]:
    """Return what columns are, in words."""
    columns = recognise_columns(headers.split("|"))
    assert columns is not None
    return [word(each) for each in columns]


def word(column: Column) -> str:
    """Return what a column is, in a word."""
    if column.role.value == "property":
        return f"{column.code}{'' if column.uri is None else ' (FHIR)'}"
    use = f" {column.use['display']}" if column.use else ""
    return f"{column.role.value}{f' {column.language}' if column.language else ''}{use}"


@pytest.mark.parametrize(
    ("role", "header"), [(role, header) for role, headers in WORDS.items() for header in headers]
)
def test_headers_of_many_languages_tell_the_role(role: str, header: str) -> None:
    others = {"code": "Display", "display": "Code", "definition": "Code"}
    headers = [header, others[role]] if role in others else ["Code", "Display", header]
    columns = recognise_columns(headers)
    assert columns is not None
    assert next(each.role.value for each in columns if each.header == header) == role


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ("Code|Description", "code, display"),
        ("Code|Display|Description", "code, display, definition"),
        ("Code|Description|Definition", "code, display, definition"),
        ("Code|Name|Description|Definition", "code, display, description, definition"),
        ("ID|Code|Display", "ID, code, display"),
        ("Name|Display|Code", "name, display, code"),
        ("Code|Value", "code, display"),
        ("Code|Display|Display", "code, display, display"),
        (
            "Code|Display|Status|Inactive|Comment",
            "code, display, status (FHIR), inactive (FHIR), comment (FHIR)",
        ),
        ("Code|Display|Comment|Note", "code, display, comment (FHIR), note"),
        ("Code|Display|ATC code (WHO)", "code, display, atcCodeWHO"),
        ("Code|Display|", "code, display, column3"),
        ("Lvl|Code|Display|Definition|Status", "level, code, display, definition, status (FHIR)"),
        (
            "Value|Description|German Interpretation|Comment|Chapter",
            "code, display, designation de, comment (FHIR), chapter",
        ),
        (
            "Value of the Code|Descriptive Term of the Code|Definition of the Code",
            "code, display, definition",
        ),
    ],
)
def test_columns_are_settled_beside_each_other(headers: str, expected: str) -> None:
    assert ", ".join(said(headers)) == expected


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ("Code|Display|German", "code, display, designation de"),
        (
            "Code|Display|de|fr-CA|zh_Hant",
            "code, display, designation de, designation fr-CA, designation zh-Hant",
        ),
        (
            "Code|Display|Display (de)|name_fr|Term Spanish",
            "code, display, designation de, designation fr, designation es",
        ),
        (
            "Code|Display|Français|Italiano|Nederlands",
            "code, display, designation fr, designation it, designation nl",
        ),
        ("Code|DE|FR", "code, display de, designation fr"),
        ("Code|Display|IT", "code, display, IT"),
        ("Code|Bezeichnung_DE|Bezeichnung_FR", "code, display de, designation fr"),
        ("Code|Display|Synonym|Synonym (de)", "code, display, designation Synonym, designation de Synonym"),
        ("Code|Display|Fully Specified Name", "code, display, designation Fully specified name"),
        ("Code|Definition|German", "code, definition, designation de"),
    ],
)
def test_a_column_of_a_language_is_a_designation(headers: str, expected: str) -> None:
    assert ", ".join(said(headers)) == expected


@pytest.mark.parametrize(
    "headers",
    [
        "Name|Value",
        "Key|Value",
        "Identifier|Value",
        "Code|Parent",
        "Display|Definition",
        "Code",
        "",
        "Type|Use|Period",
    ],
)
def test_other_tables_are_no_code_tables(headers: str) -> None:
    assert recognise_columns(headers.split("|")) is None


def test_a_header_that_comes_twice_is_one_repeated_property() -> None:
    assert said("Code|Display|Colour|Colour|Colour!") == ["code", "display", "colour", "colour", "colour2"]


def test_no_two_columns_have_the_uri_of_one_property() -> None:
    columns = recognise_columns(["Code", "Display", "Valid from", "Effective date", "Status", "Statut"])
    assert columns is not None
    uris = [each.uri for each in columns if each.uri is not None]
    assert len(uris) == len(set(uris)) == 2


@pytest.mark.parametrize(
    "header", ["Weight", "score", "State", "Zustand", "Estado", "End date", "Fecha de inicio", "Date de fin"]
)
def test_a_header_that_means_more_than_one_thing_is_no_property_of_fhir(header: str) -> None:
    assert said(f"Code|Display|{header}") == ["code", "display", property_code(header)]


@pytest.mark.parametrize("header", ["Item weight", "itemWeight"])
def test_an_item_weight_is_the_property_of_fhir(header: str) -> None:
    assert said(f"Code|Display|{header}") == ["code", "display", "itemWeight (FHIR)"]


@pytest.mark.parametrize(
    "stated",
    [
        "designation:no language",
        "designation:de:use",
        "property:x:banana",
        "code:x",
        "banana",
        "designation:de:|x",
    ],
)
def test_what_is_no_role_is_refused(stated: str) -> None:
    assert column_of(0, "Header", stated) is None


def test_the_user_states_roles() -> None:
    use = column_of(0, "H", "designation:de:http://tea.example/use|short")
    assert use is not None
    assert (use.language, use.use) == ("de", {"system": "http://tea.example/use", "code": "short"})
    kept = column_of(0, "H", "property:status:string")
    assert kept is not None
    assert (kept.code, kept.type, kept.uri) == ("status", "string", None)
    parent = column_of(0, "H", "property:parent")
    assert parent is not None
    assert parent.role.value == "parent"


@pytest.mark.parametrize(
    ("tag", "well_formed"),
    [("de", True), ("sr-Latn-RS", True), ("x", False), ("de_AT", False), ("deutsch1", False)],
)
def test_language_tags_are_told_from_words(tag: str, well_formed: bool) -> None:  # noqa: FBT001  a parameter of the test
    assert is_language_tag(tag) is well_formed


def test_codes_of_properties_are_words_in_camel_case() -> None:
    assert [property_code(each) for each in ("Größe", "ATC code", "HL7 (v2)", "", "!!")] == [
        "größe", "atcCode", "hl7V2", "property", "property",
    ]  # fmt: skip


def test_long_headers_take_time_in_proportion() -> None:
    def recognise(length: int) -> None:
        assert recognise_columns(["Code", "Display", "-" * length]) is None

    assert recognise_columns(["Code", "Display", "-" * 300]) is not None
    assert grows_with_size(recognise, 100_000, 1_000_000)
