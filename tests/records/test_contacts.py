from __future__ import annotations

import pytest

from records.pages import conversion_of, page_of, rows_of, told
from termsmith.dialects.loading import load_dialects
from termsmith.dialects.recognise import named
from termsmith.dialects.table import Field
from termsmith.model.page import Link
from termsmith.model.record import Role
from termsmith.records.contacts import ContactReader


def reader_of(text: str, dialect: str = "D1") -> ContactReader:
    page = page_of(text)
    reader = ContactReader(page, named(dialect, load_dialects()))
    reader.cell(page.blocks, Role.OWNER)
    return reader


def test_a_cell_with_everything_is_taken_apart() -> None:
    reader = reader_of(
        "Example Board of Tea (EBT),\nMs A. Nobody, Registrar\n1 Leaf Street, Suite 2\nOolong, OX14 4RS\n\n"
        "+44 (0) 1235 799759\nhelp@tea.example\nWebsite: https://tea.example/"
    )
    (organization,) = reader.organizations()
    assert organization.name.value == "Example Board of Tea (EBT)"
    assert [each.value for each in organization.details] == [
        "Ms A. Nobody, Registrar",
        "1 Leaf Street, Suite 2",
        "Oolong, OX14 4RS",
    ]
    assert [(each.system, each.value.value) for each in organization.telecoms] == [
        ("url", "https://tea.example/"),
        ("email", "help@tea.example"),
        ("phone", "+44 (0) 1235 799759"),
    ]


@pytest.mark.parametrize(
    "phone",
    [
        "+1 877.258.8280",
        "+44 (0) 1235 799759",
        "1-800-381-6660",
        "1-(613) 523-3343",
        "(416) 886-4967",
        "0123 456789 x12",
    ],
)
def test_phone_numbers_of_all_shapes_are_phones(phone: str) -> None:
    (organization,) = reader_of(f"Example Board\n{phone}").organizations()
    assert [(each.system, each.value.value) for each in organization.telecoms] == [("phone", phone)]


@pytest.mark.parametrize(
    "line", ["20894", "1300 North 17th Street", "96, rue Didot, 75014 Paris", "CH-1211 Geneva 27"]
)
def test_address_lines_are_no_phones(line: str) -> None:
    (organization,) = reader_of(f"Example Board\n{line}").organizations()
    assert organization.telecoms == ()
    assert [each.value for each in organization.details] == [line]


def test_two_websites_in_one_cell_are_two() -> None:
    page = page_of("https://a.example/ and https://b.example/")
    reader = ContactReader(page, named("D3", load_dialects()))
    reader.name(page_of("A and B").blocks, Role.OWNER)
    reader.telecom(page.blocks, Field.WEBSITE, "Website")
    (organization,) = reader.organizations()
    assert [each.value.value for each in organization.telecoms] == [
        "https://a.example/",
        "https://b.example/",
    ]
    assert [(m.note, page.text[m.start : m.end]) for m in reader.marks] == [("between contacts", "and")]
    assert reader.findings == []


def test_a_web_address_in_the_email_row_is_kept_as_such_and_reported() -> None:
    page = page_of("(https://forge.example/issues)")
    reader = ContactReader(page, named("D2", load_dialects()))
    reader.name(page_of("A Board").blocks, Role.OWNER)
    reader.telecom(page.blocks, Field.EMAIL, "Email address")
    (organization,) = reader.organizations()
    assert [(t.system, t.value.value) for t in organization.telecoms] == [
        ("url", "https://forge.example/issues")
    ]
    assert [finding.code for finding in reader.findings] == ["REC033"]


def test_one_organisation_in_three_roles_is_one() -> None:
    text = "Code System Owner\nCode System Maintainer (Steward) - Pat Nobody\nCode System Publisher"
    page = page_of(text)
    reader = ContactReader(page, named("D3", load_dialects()))
    for block in page.blocks:
        reader.name(page_of("Example Board").blocks, None)
        reader.roles([block])
    (organization,) = reader.organizations()
    assert [each.value for each in organization.roles] == [Role.OWNER, Role.STEWARD, Role.PUBLISHER]
    assert [each.value for each in organization.details] == ["Pat Nobody"]


def test_contact_details_without_an_organisation_are_left_over() -> None:
    page = page_of("https://a.example/")
    reader = ContactReader(page, named("D2", load_dialects()))
    reader.name([], Role.STEWARD)
    reader.telecom(page.blocks, Field.WEBSITE, "Website")
    assert reader.organizations() == ()
    assert [why for _, why in reader.stray] == ["belongs to an organisation without a name"]


def test_a_bare_host_that_is_a_link_gives_the_link() -> None:
    text = "Tea Board\nTel.: +44 1632 960 222\nWebsite: www.tea.example"
    start = text.index("www")
    page = page_of(text, links=(Link(start=start, end=len(text), url="https://www.tea.example/"),))
    reader = ContactReader(page, named("D1", load_dialects()))
    reader.cell(page.blocks, Role.OWNER)
    (organization,) = reader.organizations()
    assert [(each.system, each.value.value) for each in organization.telecoms] == [
        ("url", "https://www.tea.example/"),
        ("phone", "+44 1632 960 222"),
    ]
    assert organization.details == ()


@pytest.mark.parametrize(
    ("kind", "url", "value"),
    [
        (Field.WEBSITE, "https://tea.example/", "https://tea.example/"),
        (Field.EMAIL, "mailto:help@tea.example?subject=x", "help@tea.example"),
    ],
)
def test_words_that_are_a_link_lead_where_it_leads(kind: Field, url: str, value: str) -> None:
    page = page_of("our desk", links=(Link(start=0, end=8, url=url),))
    reader = ContactReader(page, named("D2", load_dialects()))
    reader.name(page_of("Tea Board").blocks, Role.OWNER)
    reader.telecom(page.blocks, kind, "label")
    (organization,) = reader.organizations()
    assert [each.value.value for each in organization.telecoms] == [value]
    assert reader.findings == []


def test_names_on_two_lines_are_told_to_be_read_as_one() -> None:
    assert told(conversion_of(rows_of(owner="Tea Board<br>Cup Guild"))) == [
        ("REC037", "'Tea Board Cup Guild' stands on 2 lines and is read as the name of one organisation")
    ]


@pytest.mark.parametrize("owner", ["Board of<br>Tea", "Tea Board<br>(TB)", "Board of Tea<br>and Cups"])
def test_a_name_that_plainly_wraps_is_one(owner: str) -> None:
    assert told(conversion_of(rows_of(owner=owner))) == []
