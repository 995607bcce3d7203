from __future__ import annotations

from typing import Any

import pytest

from checks.samples import code_system, hits_of, messages_of, naming_system


def with_email(value: str) -> dict[str, Any]:
    return naming_system(contact=[{"telecom": [{"system": "email", "value": value}]}])


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("mailto:a@tea.test", "it begins with mailto:, which is no part of the address"),
        ("a@tea.test; b@tea.test", "it has more than one address; each is a contact of its own"),
        ("Tea Board <a@tea.test>", "it has another form than name@domain"),
        ("a@", "it has another form than name@domain"),
        ("tea.test", "it has no @"),
        ("https://a@tea.test", "it is a URL"),
    ],
)
def test_an_email_contact_is_one_address(value: str, problem: str) -> None:
    (message,) = messages_of("DTY072", with_email(value))
    assert message.endswith(f": {problem}")


@pytest.mark.parametrize(
    "value", ["a@tea.test", "a.b+c@tea.test", '"a b"@tea.test', "ä@tea.test", "a@localhost"]
)
def test_an_address_of_email_passes(value: str) -> None:
    assert hits_of("DTY072", with_email(value)) == []


@pytest.mark.parametrize("version", ["R4", "R4B", "R5"])
def test_a_profile_is_stated_by_its_whole_url(version: str) -> None:
    relative = code_system(meta={"profile": ["shareablecodesystem"]})
    assert hits_of("DTY053", relative, version) == [("error", "/meta/profile/0")]
    assert messages_of("DTY053", relative, version) == [
        "profile is 'shareablecodesystem', which is not absolute"
    ]
    whole = code_system(meta={"profile": ["http://hl7.org/fhir/StructureDefinition/shareablecodesystem"]})
    assert hits_of("DTY053", whole, version) == []
