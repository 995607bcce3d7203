from __future__ import annotations

from typing import TYPE_CHECKING

from termsmith.model.place import Place
from termsmith.model.record import (
    Identifier,
    IdentifierType,
    Organization,
    Origin,
    Paragraph,
    Role,
    Span,
    Stated,
    TerminologyRecord,
)
from termsmith.sidecars.complete import Completed, complete
from termsmith.sidecars.reading import read_sidecar

if TYPE_CHECKING:
    from termsmith.model.finding import Finding


def said(value: str) -> Stated[str]:
    place = Place(source="tea.txt", line=1, column=1)
    return Stated(value=value, spans=(Span(place=place, raw=value, start=0, end=len(value)),))


def uri(value: str, *, endorsed: bool) -> Identifier:
    return Identifier(type=IdentifierType.URI, value=said(value), endorsed=endorsed)


RECORD = TerminologyRecord(
    title=said("Tea Grades"),
    identifiers=(uri("http://tea.example/a", endorsed=True), uri("http://tea.example/b", endorsed=False)),
    organizations=(
        Organization(
            name=said("Tea Board"), roles=(Stated(value=Role.OWNER),), details=(said("1 Leaf Street"),)
        ),
    ),
    description=(
        Paragraph(topic="description", text=said("Grades.")),
        Paragraph(topic="links", text=said("None")),
    ),
)


def completed(toml: str) -> Completed:
    return complete((RECORD,), read_sidecar(toml.encode(), "tea.toml"))


def lines(findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
    return [(finding.code, finding.message) for finding in findings]


def test_without_a_sidecar_nothing_changes() -> None:
    result = completed("")
    assert (result.records, result.replaced, result.findings) == ((RECORD,), (), ())


def test_a_missing_value_is_completed_and_cites_its_line() -> None:
    result = completed('short_name = "TG"')
    short_name = result.records[0].short_name
    assert short_name is not None
    assert (short_name.value, short_name.origin, short_name.spans[0].raw) == (
        "TG",
        Origin.SIDECAR,
        'short_name = "TG"',
    )
    assert lines(result.findings) == [
        ("SID003", "short_name = 'TG' is from the sidecar; the page states none")
    ]


def test_true_and_false_are_told_as_the_sidecar_has_them() -> None:
    assert lines(completed("case_sensitive = false").findings) == [
        ("SID003", "case_sensitive = false is from the sidecar; the page states none")
    ]


def test_a_correction_is_reported_with_both_values() -> None:
    result = completed('[title]\nvalue = "Tea Grades II"\nreason = "renamed in 2024"')
    assert result.records[0].title is not None
    assert result.records[0].title.value == "Tea Grades II"
    assert lines(result.findings) == [
        ("SID001", "title: the page says 'Tea Grades', the sidecar 'Tea Grades II'")
    ]
    assert "renamed in 2024" in result.findings[0].hint
    assert [stated.value for stated in result.replaced] == ["Tea Grades"]


def test_a_repetition_is_reported_as_such() -> None:
    assert lines(completed('title = "Tea Grades"').findings) == [
        ("SID002", "title: the sidecar says what the page says already")
    ]


def test_another_canonical_url_replaces_the_endorsed_one() -> None:
    result = completed('canonical_url = "http://tea.example/c"')
    assert [(i.value.value, i.endorsed) for i in result.records[0].identifiers] == [
        ("http://tea.example/c", True),
        ("http://tea.example/b", False),
    ]
    assert [stated.value for stated in result.replaced] == ["http://tea.example/a"]


def test_a_canonical_url_among_the_printed_ones_settles_which_is_endorsed() -> None:
    result = completed('canonical_url = "http://tea.example/b"')
    assert [(i.value.value, i.endorsed) for i in result.records[0].identifiers] == [
        ("http://tea.example/b", True),
        ("http://tea.example/a", False),
    ]
    assert result.replaced == ()


def test_a_publisher_beside_the_owner_and_its_contact() -> None:
    result = completed(
        'publisher = "Sorting Office"\nwebsite = "https://sort.example/"\nother_oids = ["2.999.7"]'
    )
    owner, publisher = result.records[0].organizations
    assert [role.value for role in owner.roles] == [Role.OWNER]
    assert publisher.name.value == "Sorting Office"
    assert [(t.system, t.value.value) for t in publisher.telecoms] == [("url", "https://sort.example/")]
    assert [i.value.value for i in result.records[0].identifiers][-1] == "2.999.7"


def test_prose_is_replaced_topic_by_topic() -> None:
    result = completed('description = "Grades of tea."')
    assert [(p.topic, p.text.value) for p in result.records[0].description] == [
        ("description", "Grades of tea."),
        ("links", "None"),
    ]


def test_systems_share_what_the_page_says_of_all() -> None:
    result = completed(
        '[[system]]\ntitle = "Green"\noid = "2.999.1"\n[[system]]\ntitle = "Black"\noid = "2.999.2"\n'
    )
    assert [(r.title and r.title.value, r.identifiers[0].value.value) for r in result.records] == [
        ("Green", "2.999.1"),
        ("Black", "2.999.2"),
    ]
    assert all(record.organizations == RECORD.organizations for record in result.records)
