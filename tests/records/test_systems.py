from __future__ import annotations

import pytest

from records.pages import conversion_of, rows_of, told
from termsmith.model.record import IdentifierType, Stated
from termsmith.records.identifiers import PrintedIdentifier
from termsmith.records.systems import split


def named(*names: str) -> list[Stated[str]]:
    return [Stated(value=name) for name in names]


def uri(value: str, caption: str | None = None) -> PrintedIdentifier:
    return PrintedIdentifier(
        type=IdentifierType.URI,
        value=Stated(value=value),
        canonical=False,
        caption=Stated(value=caption) if caption else None,
    )


def test_captions_that_point_to_one_name_each_make_pairs() -> None:
    found = split(
        named("Disease Index, Foundation", "Disease Index, Mortality and Morbidity Statistics"),
        [],
        [uri("http://a.example", "Foundation Canonical"), uri("http://b.example", "MMS Canonical")],
    )
    assert found.uncertain is None
    assert [(s.title and s.title.value, s.identifiers[0].value.value) for s in found.systems] == [
        ("Disease Index, Foundation", "http://a.example"),
        ("Disease Index, Mortality and Morbidity Statistics", "http://b.example"),
    ]


def test_captions_that_point_nowhere_are_uncertain() -> None:
    found = split(
        named("Disease Index A", "Disease Index B"),
        [],
        [uri("http://a.example", "First"), uri("http://b.example", "Second")],
    )
    assert found.uncertain == "2 formal names, identifiers of First, Second"


def test_one_name_with_captions_of_many_is_uncertain() -> None:
    found = split(
        named("Standard Terms"), [], [uri("http://a.example", "Forms"), uri("http://b.example", "Routes")]
    )
    assert found.uncertain == "1 formal names, identifiers of Forms, Routes"


def test_two_names_with_several_identifiers_and_no_captions_are_uncertain() -> None:
    found = split(named("A", "B"), [], [uri("http://a.example"), uri("http://b.example")])
    assert found.uncertain is not None


def test_a_second_name_without_a_second_identifier_is_left_over() -> None:
    found = split(named("Tea Grades", "of the Mountain Board"), [], [uri("http://a.example")])
    assert found.uncertain is None
    assert [each.value for each in found.unused] == ["of the Mountain Board"]
    assert len(found.systems) == 1


CUPS = rows_of(
    owner="Cup Guild", title="Tea Cups", short_name="TC", uri="http://tea.example/cups", oid="2.999.2"
)


def test_a_second_description_on_a_page_is_never_mixed_with_the_first() -> None:
    conversion = conversion_of(rows_of() + CUPS)
    assert conversion.resources == ()
    (finding,) = [each for each in conversion.findings if each.code == "REC023"]
    assert finding.message == (
        "the page describes several systems (the formal names 'Tea Grades' and 'Tea Cups', and "
        "http://tea.example/cups beside other identifiers), and it is not certain what belongs to which"
    )
    assert finding.place is not None
    assert finding.place.line == 15


def test_systems_of_the_sidecar_take_their_names_and_identifiers_from_the_page() -> None:
    conversion = conversion_of(
        rows_of() + CUPS,
        '[[system]]\ntitle = "Tea Grades"\ncanonical_url = "http://tea.example/cs"\noid = "2.999.1"\n'
        '[[system]]\ntitle = "Tea Cups"\ncanonical_url = "http://tea.example/cups"\noid = "2.999.2"\n',
    )
    assert [(code, text) for code, text in told(conversion) if code in ("REC002", "REC025", "REC023")] == [
        ("REC002", "left over: 'TG' (stands after 'Short name of the code system' and is not used)"),
        (
            "REC025",
            (
                "the page describes several systems (the formal names 'Tea Grades' and 'Tea Cups', and "
                "http://tea.example/cups beside other identifiers); what it says beside names and identifiers, "
                "such as description, licence and organisations, is joined"
            ),
        ),
        ("REC002", "left over: 'TC' ('Short name of the code system' is stated before)"),
    ]
    assert not [code for code, _ in told(conversion) if code.startswith("SID")]
    assert {each.data.get("url") for each in conversion.resources if each.type == "CodeSystem"} == {
        "http://tea.example/cs",
        "http://tea.example/cups",
    }


@pytest.mark.parametrize(
    "again",
    [
        rows_of(),
        rows_of(title="Tea  grades"),
        rows_of(title="Tea Grades (TG)"),
        rows_of(uri="http://tea.example/cs2"),
    ],
    ids=["the same", "another spelling", "a longer title", "another URI"],
)
def test_what_one_system_may_say_of_itself_twice_is_no_second_system(again: str) -> None:
    conversion = conversion_of(rows_of() + again)
    assert "REC023" not in [code for code, _ in told(conversion)]
    assert [each.id for each in conversion.resources] == ["TG", "TG"]
