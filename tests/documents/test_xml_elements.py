"""What is known of elements, over all releases."""

from __future__ import annotations

import pytest

from termsmith.checks.definitions.loading import definitions
from termsmith.documents.xml_elements import elements_of


@pytest.mark.parametrize("version", ["R4", "R4B", "R5"])
@pytest.mark.parametrize("ordered", ["R4", "R4B", "R5"])
def test_the_order_of_each_release_is_kept(version: str, ordered: str) -> None:
    for name, elements in definitions(ordered).types.items():
        known = elements_of(name, version)
        positions = [known[element].position for element in elements if element in known]
        assert positions == sorted(positions), name


def test_the_release_decides_where_two_differ() -> None:
    found = [elements_of("Attachment", version)["size"] for version in ("R4", "R5")]
    assert [(each.element.type, each.differs) for each in found] == [
        ("unsignedInt", True),
        ("integer64", True),
    ]
    assert elements_of("Dosage", "R4")["maxDosePerPeriod"].differs
    assert not elements_of("CodeSystem", "R4")["url"].differs


def test_elements_of_either_release_are_known() -> None:
    assert elements_of("NamingSystem", "R4")["url"].element.type == "uri"
    assert elements_of("RelatedArtifact", "R5")["url"].element.type == "url"


def test_simple_values_have_extensions_and_unknown_types_have_nothing() -> None:
    assert list(elements_of("#string", "R4")) == ["extension"]
    assert elements_of("Patient", "R4") == {}
