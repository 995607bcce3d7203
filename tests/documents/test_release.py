"""The FHIR release of a resource, by the elements that it has."""

from __future__ import annotations

from typing import Any

import pytest
from checks.samples import code_system, metadata_record, naming_system
from hypothesis import given
from hypothesis import strategies as st

from termsmith.checks.definitions.loading import definitions
from termsmith.documents.release import Release, release_of, release_of_number

ASSUMED = Release("R4", "default", assumed=True)
KINDS = ["NamingSystem", "CodeSystem", "ValueSet"]


def elements(version: str, kind: str) -> set[str]:
    return set(definitions(version).types[kind])


@pytest.mark.parametrize("number", ["4.0", "4.0.0", "4.0.1", "4.0.1-cibuild"])
def test_all_numbers_of_a_release_are_it(number: str) -> None:
    assert release_of_number(number) == "R4"


@pytest.mark.parametrize(
    "number", ["4", "4.1.0", "4.2.0", "4.6.0", "40.0.1", "6.0.0-ballot2", "R4", "5", "v5.0.0", "."]
)
def test_what_is_no_number_of_a_release_is_none(number: str) -> None:
    assert release_of_number(number) is None


@given(number=st.text(max_size=9))
def test_any_text_is_a_release_or_none(number: str) -> None:
    known = {"4.0": "R4", "4.3": "R4B", "5.0": "R5"}
    assert release_of_number(number) == next(
        (each for start, each in known.items() if number == start or number.startswith(f"{start}.")), None
    )


@pytest.mark.parametrize("kind", KINDS)
def test_each_element_that_came_with_r5_tells_it(kind: str) -> None:
    new = elements("R5", kind) - elements("R4", kind)
    assert new
    for name in new:
        found = release_of({"resourceType": kind, name: None}, default="R4")
        assert found == Release("R5", f"recognised by {kind}.{name}")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("default", ["R4", "R4B", "R5"])
def test_elements_of_all_releases_tell_none(kind: str, default: str) -> None:
    data = dict.fromkeys(elements("R4", kind) | {"colour", "_status"}) | {"resourceType": kind}
    assert release_of(data, default=default) == Release(default, "default", assumed=True)


def test_a_code_system_has_no_unique_ids_that_tell() -> None:
    data = {"resourceType": "CodeSystem", "uniqueId": [{"authoritative": True}]}
    assert release_of(data, default="R4") == ASSUMED


@pytest.mark.parametrize("version", ["R4", "R5"])
def test_samples_are_recognised(version: str) -> None:
    assert release_of(naming_system(version), default="R4").version == version
    assert release_of(code_system(), default="R4") == ASSUMED
    assert release_of(metadata_record(), default="R4") == ASSUMED


@given(
    data=st.dictionaries(
        st.sampled_from(["uniqueId", "url", "name", "x"]),
        st.none() | st.integers() | st.lists(st.none() | st.text() | st.dictionaries(st.text(), st.none())),
    ),
    kind=st.sampled_from([*KINDS, "Patient"]),
)
def test_no_json_makes_it_raise(data: dict[str, Any], kind: str) -> None:
    found = release_of({**data, "resourceType": kind}, default="R4B")
    assert found.version == "R5" if "url" in data and kind == "NamingSystem" else found.assumed
