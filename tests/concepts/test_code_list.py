from __future__ import annotations

import pytest

from concepts.listing import concepts, listed, messages, table, told
from termsmith.concepts.code_list import ListOptions, code_list


def test_codes_are_kept_to_the_letter() -> None:
    codes = ["007", "1.10", "TRUE", "1E5", "1-2", "2024-01-01", "1.50", "=1+1", "#1", "null"]
    made = listed("Code,Name\n" + "".join(f"{code},n\n" for code in codes))
    assert [each["code"] for each in concepts(made)] == codes


def test_the_same_row_twice_and_different_rows_are_told_apart() -> None:
    made = listed("Code,Name,Colour\nA,a,red\nA,a,red\nA,a,blue\nB,b,\n")
    assert [(each["code"], each["property"][0]["valueString"]) for each in concepts(made)[:1]] == [
        ("A", "red")
    ]
    assert made.count == 2
    assert told(made) == [("TAB005", 3), ("TAB006", 4)]
    assert "'Colour' is 'blue' here and 'red' there" in messages(made)


@pytest.mark.parametrize(("case_sensitive", "code"), [(True, "TAB008"), (False, "TAB009")])
def test_codes_that_differ_by_case_only_are_told(case_sensitive: bool, code: str) -> None:  # noqa: FBT001  a parameter of the test
    made = listed("Code,Name\nab,x\nAB,y\n", case_sensitive=case_sensitive)
    assert told(made) == [(code, 3)]
    assert made.count == 2


@pytest.mark.parametrize("bad", ["a  b", "a\u00a0b", '"a\nb"', "a\tb"])
def test_codes_that_fhir_does_not_allow_give_no_concept(bad: str) -> None:
    made = listed(f"Code,Name\n{bad},x\nB,y\n")
    assert told(made) == [("TAB010", 2)]
    assert [each["code"] for each in concepts(made)] == ["B"]


def test_rows_without_code_or_display_are_told() -> None:
    made = listed("Code,Name\n,x\nA,\nB,b\n")
    assert told(made) == [("TAB004", 2), ("TAB011", 3)]
    assert concepts(made) == [{"code": "A"}, {"code": "B", "display": "b"}]


def test_a_display_that_is_the_definition_of_another_is_told() -> None:
    made = listed("Code,Name,Definition\nA,tea,leaves\nB,leaves,water\nC,same,same\n")
    assert told(made) == [("TAB012", 3)]


def test_unknown_columns_become_properties() -> None:
    made = listed("Code,Name,Colour,Weight (g),Since\nA,a,red,1.50,2020-01\nB,b,,2,\n")
    assert [each["type"] for each in made.properties] == ["string", "decimal", "dateTime"]
    assert "the column 'Weight (g)' becomes the property weightG" in messages(made)
    assert concepts(made)[1]["property"] == [{"code": "weightG", "valueDecimal": 2}]


def test_columns_of_standard_properties_have_their_uri_and_type() -> None:
    made = listed("Code,Name,Status,Inactive,Valid from\nA,a,active,no,2020\n")
    assert [(each["code"], each.get("uri", "").rpartition("#")[2], each["type"]) for each in made.properties] == [
        ("status", "status", "code"), ("inactive", "inactive", "boolean"), ("effectiveDate", "effectiveDate", "dateTime"),
    ]  # fmt: skip
    assert concepts(made)[0]["property"][1] == {"code": "inactive", "valueBoolean": False}


@pytest.mark.parametrize(
    ("kind", "value", "why"),
    [
        ("dateTime", "soon", "is none"),
        ("decimal", "0.1234567890123456789", "has more than 18 digits"),
        ("integer", "2147483648", "is beyond FHIR's integers"),
        ("integer", "007", "has zeros in front"),
    ],
)
def test_the_first_value_of_another_type_is_told_with_its_row_and_fault(
    kind: str, value: str, why: str
) -> None:
    made = listed(f"Code,Name,Size\nA,a,\nB,b,{value}\n", stated={"Size": f"property:size:{kind}"})
    assert told(made) == [("TAB020", 3)]
    assert f"'Size' should be of type {kind}, but {value!r} in line 3 {why}" in messages(made)


def test_values_that_do_not_fit_a_standard_property_make_it_another() -> None:
    made = listed("Code,Name,Inactive,Inactive text\nA,a,perhaps,x\n")
    assert told(made) == [("TAB020", 2)]
    assert "'Inactive' should be of type boolean, but 'perhaps' in line 2 is none" in messages(made)
    assert [each["code"] for each in made.properties] == ["inactiveTextText", "inactiveText"]
    assert all("uri" not in each for each in made.properties)


def test_repeated_columns_and_lines_of_a_cell_are_repeated_values() -> None:
    made = listed('Code,Name,Size,Size\nA,a,1,2\nB,b,"3\n4",\n')
    assert [[p["valueInteger"] for p in each["property"]] for each in concepts(made)] == [[1, 2], [3, 4]]
    assert len(made.properties) == 1


def test_a_column_without_values_is_no_property() -> None:
    assert listed("Code,Name,Colour\nA,a,\n").properties == ()


def test_designations_have_language_and_use() -> None:
    made = listed('Code,Display,German,Synonyms\nA,a,ä,"x\ny"\nB,b,,\n')
    synonym = {"system": "http://snomed.info/sct", "code": "900000000000013009", "display": "Synonym"}
    assert concepts(made)[0]["designation"] == [
        {"language": "de", "value": "ä"}, {"use": synonym, "value": "x"}, {"use": synonym, "value": "y"},
    ]  # fmt: skip
    assert "designation" not in concepts(made)[1]


def test_the_language_of_a_display_is_not_lost() -> None:
    made = listed("Code,DE,FR\nA,Käse,fromage\n")
    assert concepts(made)[0] == {
        "code": "A",
        "display": "Käse",
        "designation": [{"language": "de", "value": "Käse"}, {"language": "fr", "value": "fromage"}],
    }


def test_of_many_findings_of_a_kind_only_some_are_told() -> None:
    made = listed("Code,Name\n" + "".join(f"{n},\n" for n in range(150)))
    assert len([each for each in made.findings if each.code == "TAB011"]) == 100
    assert "TAB011 was found 150 times" in messages(made)


def test_several_tables_are_one_list() -> None:
    made = code_list([table("Code,Name\nA,a\n"), table("Code,Name,Colour\nB,b,red\nA,x,\n")], ListOptions())
    assert [each["code"] for each in concepts(made)] == ["A", "B"]
    assert ("TAB006", 3) in told(made)


def test_concepts_come_again_each_time() -> None:
    made = listed("Level,Code,Name\n1,A,a\n2,B,b\n")
    assert concepts(made) == concepts(made)
