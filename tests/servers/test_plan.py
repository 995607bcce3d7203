from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from servers.samples import TEA, code_system, naming_system, outgoing, value_set
from termsmith.servers.plan import FoundBy, planned

if TYPE_CHECKING:
    from pathlib import Path


def supplement(name: str, base: str) -> dict[str, Any]:
    return code_system(id=name, url=f"http://tea.example/{name}", content="supplement", supplements=base)


def test_naming_systems_come_before_code_systems_before_value_sets(tmp_path: Path) -> None:
    given = outgoing(
        tmp_path,
        value_set(),
        supplement("Third", "http://tea.example/Second|1"),
        supplement("Second", f"{TEA}|1"),
        supplement("Foreign", "http://other.example"),
        code_system(),
        naming_system(),
        code_system(id="Last", url="http://tea.example/last"),
    )
    order = [each.name for each in planned(given, FoundBy.ID, "R4")]
    assert order == [
        "NamingSystem/TeaNames",
        "CodeSystem/Tea",
        "CodeSystem/Last",
        "CodeSystem/Second",
        "CodeSystem/Foreign",
        "CodeSystem/Third",
        "ValueSet/TeaSet",
    ]


def test_supplements_of_each_other_end(tmp_path: Path) -> None:
    one, two = supplement("One", "http://tea.example/Two"), supplement("Two", "http://tea.example/One")
    made = planned(
        outgoing(tmp_path, one, two, supplement("Own", "http://tea.example/Own")), FoundBy.ID, "R4"
    )
    assert sorted(each.name for each in made) == ["CodeSystem/One", "CodeSystem/Own", "CodeSystem/Two"]


def codes(given: list[Any], found_by: FoundBy, release: str = "R4") -> list[list[str]]:
    return [[finding.code for finding in each.findings] for each in planned(given, found_by, release)]


@pytest.mark.parametrize("wrong", [None, "", "a b", "x" * 65, "..", ".", "a/b", 5, "ä"])
def test_without_a_usable_id_a_resource_is_not_sent_by_id(wrong: Any, tmp_path: Path) -> None:
    given = outgoing(tmp_path, code_system(id=wrong))
    assert codes(given, FoundBy.ID) == [["SRV102"]]
    assert codes(given, FoundBy.URL) == [[]]


def test_without_a_url_a_resource_is_not_sent_by_url(tmp_path: Path) -> None:
    given = outgoing(tmp_path, naming_system(uniqueId=None), code_system(url=None))
    assert codes(given, FoundBy.URL) == [["SRV103"], ["SRV103"]]
    assert codes(given, FoundBy.ID) == [[], []]


def test_two_for_one_place_are_both_not_sent_and_name_each_other(tmp_path: Path) -> None:
    given = outgoing(tmp_path, code_system(), code_system(version="2"), naming_system(id="Tea"))
    assert codes(given, FoundBy.ID) == [[], ["SRV104"], ["SRV104"]]
    assert codes(given, FoundBy.URL) == [[], [], []]
    _, first, _ = planned(given, FoundBy.ID, "R4")
    assert "001.json:1" in first.findings[0].message


@pytest.mark.parametrize(
    ("resource", "fits"),
    [
        (code_system(), {"R4", "R4B", "R5"}),
        (naming_system(), {"R4", "R4B", "R5"}),
        (naming_system(url="http://tea.example/ns"), {"R5"}),
        (code_system(versionAlgorithmString="semver"), {"R5"}),
        (
            naming_system(
                extension=[
                    {
                        "url": "http://hl7.org/fhir/5.0/StructureDefinition/extension-NamingSystem.title",
                        "valueString": "Tea",
                    }
                ]
            ),
            {"R4", "R4B"},
        ),
        (code_system(extension=[{"url": "http://tea.example/own", "valueString": "x"}]), {"R4", "R4B", "R5"}),
    ],
)
def test_a_resource_of_another_release_than_the_server_is_not_sent(
    resource: dict[str, Any], fits: set[str], tmp_path: Path
) -> None:
    given = outgoing(tmp_path, resource)
    accepted = {release for release in ("R4", "R4B", "R5") if codes(given, FoundBy.ID, release) == [[]]}
    assert accepted == fits
    assert all(codes(given, FoundBy.ID, each) == [["SRV101"]] for each in {"R4", "R4B", "R5"} - fits)


def test_the_finding_on_releases_says_what_to_do(tmp_path: Path) -> None:
    (made,) = planned(outgoing(tmp_path, naming_system(url="http://tea.example/ns")), FoundBy.ID, "R4")
    (finding,) = made.findings
    assert finding.message == (
        "NamingSystem/TeaNames is of FHIR R5 (recognised by NamingSystem.url), the server speaks R4; "
        "it was not sent"
    )
    assert (
        finding.hint
        == "Convert the page for R4 (--fhir-version of `convert`, `fhir_version` in termsmith.toml), or name a server of R5."
    )
