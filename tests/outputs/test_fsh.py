"""FHIR Shorthand: its words, its escapes, and what it can't say. `make e2e` has SUSHI read all of it."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from growth import grows_with_size
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from outputs.rich import AWKWARD, code_system, naming_system, nested, resources
from termsmith.errors import OutputError
from termsmith.outputs.fsh import code, fsh, string, text, write_fsh


def lines(data: dict[str, Any], version: str = "R4") -> list[str]:
    return fsh(data, version).decode().splitlines()


def of_concepts(*concepts: Any) -> list[str]:
    """Return the lines of some concepts."""
    return lines({"resourceType": "CodeSystem", "id": "x", "concept": list(concepts)})[2:]


def refused(data: dict[str, Any]) -> str:
    with pytest.raises(OutputError, match="OUT005") as caught:
        fsh(data, "R4")
    return caught.value.message


def unquoted(token: str) -> str:
    """Return what a quoted string of FSH means, as the language defines it."""
    assert token[0] == token[-1] == '"'
    plain = {"n": "\n", "r": "\r", "t": "\t"}
    return re.sub(r"\\(.)", lambda found: plain.get(found[1], found[1]), token[1:-1], flags=re.DOTALL)


def test_a_code_system_has_keywords_caret_rules_and_concepts() -> None:
    data = {
        "resourceType": "CodeSystem",
        "id": "tea.1",
        "url": "http://tea.example",
        "name": "TeaGrades",
        "title": "Tea",
        "status": "active",
        "experimental": False,
        "date": "2021-04",
        "description": "Grades",
        "content": "complete",
        "count": 2,
        "property": [{"code": "p", "type": "string"}],
        "concept": [
            {
                "code": "green",
                "display": "Green",
                "definition": "Not oxidised",
                "designation": [{"language": "de", "value": "Grün"}],
                "concept": [{"code": "a b", "display": "Sencha", "property": [{"code": "p", "valueString": "x"}]}],
            }
        ],
    }  # fmt: skip
    assert fsh(data, "R4").decode() == (
        "CodeSystem: TeaGrades\n"
        "Id: tea.1\n"
        'Title: "Tea"\n'
        'Description: "Grades"\n'
        '* ^url = "http://tea.example"\n'
        "* ^status = #active\n"
        "* ^experimental = false\n"
        '* ^date = "2021-04"\n'
        "* ^content = #complete\n"
        "* ^count = 2\n"
        "* ^property[0].code = #p\n"
        "* ^property[0].type = #string\n"
        '* #green "Green" "Not oxidised"\n'
        "* #green ^designation[0].language = #de\n"
        '* #green ^designation[0].value = "Grün"\n'
        '* #green #"a b" "Sencha"\n'
        '* #green #"a b" ^property[0].code = #p\n'
        '* #green #"a b" ^property[0].valueString = "x"\n'
    )


def test_a_naming_system_is_an_instance_named_by_type_and_id() -> None:
    data = {
        "resourceType": "NamingSystem",
        "id": "tea",
        "name": "Tea",
        "status": "draft",
        "description": "Grades",
        "uniqueId": [{"type": "oid", "value": "2.999", "preferred": True}],
    }
    assert fsh(data, "R4").decode() == (
        "Instance: NamingSystem-tea\n"
        "InstanceOf: NamingSystem\n"
        "Usage: #definition\n"
        'Description: "Grades"\n'
        '* id = "tea"\n'
        '* name = "Tea"\n'
        "* status = #draft\n"
        "* uniqueId[0].type = #oid\n"
        '* uniqueId[0].value = "2.999"\n'
        "* uniqueId[0].preferred = true\n"
    )


def test_the_concepts_of_a_contained_code_system_are_like_any_elements() -> None:
    concepts = [{"code": "a b", "display": "A", "concept": [{"code": "c"}]}]
    contained = {"resourceType": "CodeSystem", "id": "c", "concept": concepts}
    data = {"resourceType": "NamingSystem", "id": "n", "contained": [contained]}
    assert lines(data)[5:] == [
        '* contained[0].id = "c"',
        '* contained[0].concept[0].code = #"a b"',
        '* contained[0].concept[0].display = "A"',
        "* contained[0].concept[0].concept[0].code = #c",
    ]


def test_a_title_that_an_extension_carries_names_the_instance_in_the_guide() -> None:
    assert 'Title: "Grades of Tea"' in lines(naming_system())
    shown = lines(naming_system("R5"), "R5")
    assert 'Title: "Grades of Tea"' in shown
    assert not any(line.startswith("* title") for line in shown)


def test_a_name_that_is_no_word_becomes_a_rule() -> None:
    data = {"resourceType": "CodeSystem", "id": "x", "name": "Tea grades"}
    assert lines(data) == ["CodeSystem: x", "Id: x", '* ^name = "Tea grades"']


def test_codings_are_short_where_that_says_all() -> None:
    use = {"system": "http://snomed.info/sct", "code": "1 2", "display": 'a "b"'}
    versioned = {"system": "http://x.example", "version": "2", "code": "a"}
    odd = {"system": "http://x.example/a#b", "code": "a"}
    shown = of_concepts(
        {"code": "c", "designation": [{"use": each, "value": "x"} for each in (use, versioned, odd)]}
    )
    assert shown[1] == '* #c ^designation[0].use = http://snomed.info/sct#"1 2" "a \\"b\\""'
    assert '* #c ^designation[1].use.version = "2"' in shown
    assert '* #c ^designation[2].use.system = "http://x.example/a#b"' in shown


def test_a_definition_without_a_display_is_a_caret_rule() -> None:
    assert of_concepts({"code": "a", "definition": "D"}) == ["* #a", '* #a ^definition = "D"']


def test_extensions_of_values_and_absent_values() -> None:
    shown = of_concepts(
        {"code": "a", "_display": {"extension": [{"url": "http://x.example", "valueCode": "b"}]}}
    )
    assert shown == [
        "* #a",
        '* #a ^display.extension[0].url = "http://x.example"',
        "* #a ^display.extension[0].valueCode = #b",
    ]


def test_percent_signs_stand_as_they_are_wherever_they_come_from() -> None:
    shown = of_concepts(
        {
            "code": "5%s",
            "display": "%s 100%",
            "property": [{"code": "%d", "valueString": "%%"}, {"code": "e", "valueCoding": {"code": "%"}}],
        }
    )
    assert shown == [
        '* #5%s "%s 100%"',
        "* #5%s ^property[0].code = #%d",
        '* #5%s ^property[0].valueString = "%%"',
        "* #5%s ^property[1].code = #e",
        "* #5%s ^property[1].valueCoding.code = #%",
    ]


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from('\n\r\t"\\')))
def test_a_string_means_what_it_was_made_of(value: str) -> None:
    token = string(value)
    assert "\n" not in token
    assert unquoted(token) == value


def test_lines_stand_between_triple_quotes_only_where_they_come_back_unchanged() -> None:
    assert text("a\n\n  b") == '"""\na\n\n  b\n"""'
    for value in (
        "one",
        "  a\n  b",
        "a\n ",
        "\na",
        "a\n \nb",
        'a\n"""',
        'a\nb"',
        "a\n\\n",
        "a\r\nb",
        "a\n\tb",
    ):
        assert text(value) == string(value)


@pytest.mark.parametrize(
    ("value", "token"),
    [
        ("a", "#a"),
        ("a b", '#"a b"'),
        ('a"b', '#"a\\"b"'),
        ("a\\b", '#"a\\\\b"'),
        ("a#b", "#a#b"),
        ("a//b", "#a//b"),
        ("ä\u2003b", '#"ä\u2003b"'),
    ],
)
def test_codes_have_quotes_where_they_need_them(value: str, token: str) -> None:
    assert code(value) == token
    assert of_concepts({"code": value})[0] == f"* {token}"


@pytest.mark.parametrize("value", [" a", "a ", "a  b", "a\nb", "a\tb"])
def test_a_code_with_blanks_that_fsh_can_not_write_is_refused(value: str) -> None:
    message = refused({"resourceType": "CodeSystem", "id": "x", "concept": [{"code": "b"}, {"code": value}]})
    assert "CodeSystem.concept[1].code is the code" in message
    message = refused({"resourceType": "CodeSystem", "id": "x", "content": value})
    assert "CodeSystem.content is the code" in message


@pytest.mark.parametrize(
    ("concept", "message"),
    [
        ({"code": "a", "display": "x\x01"}, "concept[1].display holds the character U+0001"),
        ({"code": "a", "display": "x\ud800"}, "concept[1].display holds the character U+D800"),
        ({"code": "a\x01"}, "concept[1].code holds the character U+0001"),
        ({"code": ""}, "concept[1].code is empty"),
        ({"display": "a"}, "concept[1].code is empty"),
        ({"code": "a", "display": ""}, "concept[1].display is empty"),
        ({"code": "a", "dsiplay": "x"}, "concept[1] has 'dsiplay', which R4 does not define"),
        ({"code": "a", "concept": []}, "concept[1].concept is empty"),
        ({"code": "a", "concept": ["b"]}, "concept[1].concept[0] is no object"),
        ("a", "concept[1] is no object"),
        (5, "concept[1] is no object"),
        (
            {"code": "a", "property": [{"code": "p", "valueInteger": "1"}]},
            "concept[1].property[0].valueInteger is '1', not a number",
        ),
        ({"code": "a", "property": [{}]}, "concept[1].property[0] is empty"),
    ],
)
def test_what_fsh_can_not_say_is_refused_with_its_place(concept: Any, message: str) -> None:
    data = {"resourceType": "CodeSystem", "id": "x", "concept": [{"code": "b", "display": "B"}, concept]}
    assert f"CodeSystem/x can't be written as FSH: CodeSystem.{message}" in refused(data)


def test_a_resource_needs_an_id() -> None:
    assert "has no valid id, which FSH needs" in refused({"resourceType": "CodeSystem"})


def test_decimals_keep_their_digits() -> None:
    concept = {"code": "a", "property": [{"code": "p", "valueDecimal": Decimal("0.010")}]}
    assert of_concepts(concept)[-1] == "* #a ^property[0].valueDecimal = 0.010"


def test_concepts_sixty_deep_name_all_that_are_above() -> None:
    assert lines(nested(60))[-1] == "* " + " ".join(f"#c{number}" for number in range(1, 61))
    assert "is nested more than 150 deep" in refused(nested(400))


def test_concepts_that_come_in_chunks_give_the_same_bytes() -> None:
    data = code_system()
    pieces: list[bytes] = []
    concepts = data["concept"]
    head = {name: value for name, value in data.items() if name != "concept"}
    write_fsh(head, "R4", pieces.append, lambda: iter([concepts[:1], concepts[1:]]))
    assert b"".join(pieces) == fsh(data, "R4")


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
@pytest.mark.parametrize("version", ["R4", "R5"])
@pytest.mark.parametrize("kind", ["CodeSystem", "NamingSystem"])
def test_no_text_gets_out_of_its_rule(kind: str, version: str, data: st.DataObject) -> None:
    resource = data.draw(resources(version, kind))
    rules = fsh(resource, version).decode()
    outside = re.sub(r'"""\n.*?\n"""|"(?:[^"\\]|\\.)*"', '""', rules, flags=re.DOTALL)
    assert [
        line for line in outside.split("\n") if line and not re.match(r"\* |[A-Z][A-Za-z]*: ", line)
    ] == []


def test_text_is_never_a_rule() -> None:
    data = {"resourceType": "CodeSystem", "id": "x", "title": 'a"\n* ^status = #active', "name": AWKWARD}
    assert [line for line in lines(data) if line.startswith("* ^status")] == []


def test_the_time_grows_with_the_number_of_concepts() -> None:
    concepts = [{"code": f"c{number}", "display": 'x "y"'} for number in range(40_000)]

    def write(count: int) -> None:
        fsh({"resourceType": "CodeSystem", "id": "x", "concept": concepts[:count]}, "R4")

    assert grows_with_size(write, 5_000, 40_000)
