"""Bytes of resources are those that the command line writes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from cli.pages import page, write_page
from cli.pages import termsmith as command

import termsmith

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from termsmith import Resource

DESCRIBED: dict[str, Any] = {
    "name": "org.example.tea",
    "version": "1.0.0",
    "canonical": "https://tea.example",
}


def resources(fhir_version: Any = "R4", *, name: str = "Tea", number: int = 1) -> tuple[Resource, ...]:
    return termsmith.convert(
        page(name, number=number).encode(), fhir_version=fhir_version, base_url="https://tea.example/fhir/"
    ).resources


@pytest.fixture
def converted() -> list[Resource]:
    """Resources of two pages, one with codes, and in ``out`` what the command line writes for them."""
    write_page("pages/ale.txt", "Ale", number=2)
    write_page("pages/tea.txt", "Tea")
    Path("pages/tea.concepts.csv").write_text(
        "code,display,parent,weight\n01,Leaf,,1.50\n02,Broken “leaf”,01,2\n", encoding="utf-8"
    )
    Path("termsmith.toml").write_text(
        'base_url = "https://tea.example/fhir"\n[package]\nname = "org.example.tea"\nversion = "1.0.0"\n'
        'canonical = "https://tea.example"\ndate = 2026-01-31T12:00:00\n'
        'dependencies = { "hl7.terminology.r4" = "6.0.0" }\n[bundle]\nupdate = "conditional"\n',
        encoding="utf-8",
    )
    formats = [f"--format={name}" for name in ("json", "xml", "fsh", "package", "bundle")]
    assert command("convert", "pages", "--output", "out", *formats).exit_code == 0
    return [
        resource
        for name in ("pages/ale.txt", "pages/tea.txt")
        for resource in termsmith.convert(name, base_url="https://tea.example/fhir").resources
    ]


@pytest.mark.parametrize("form", ["json", "xml", "fsh"])
def test_a_resource_has_the_bytes_of_its_file(converted: list[Resource], form: Any) -> None:
    assert len(converted) == 4
    for resource in converted:
        path = (Path("out") / resource.file_name).with_suffix(f".{form}")
        assert termsmith.render(resource, form) == path.read_bytes()


def test_json_is_what_is_written_unless_something_else_is_said(converted: list[Resource]) -> None:
    assert termsmith.render(converted[0]) == termsmith.render(converted[0], "json")
    assert termsmith.check(termsmith.render(converted[0])).ok


def test_a_bundle_has_the_bytes_of_its_file(converted: list[Resource]) -> None:
    made = termsmith.bundle(reversed(converted), update="conditional", base_url="https://tea.example/fhir/")
    assert made == Path("out/bundle.json").read_bytes()


def test_a_package_has_the_bytes_of_its_file(converted: list[Resource]) -> None:
    made = termsmith.package(
        reversed(converted),
        **DESCRIBED,
        date=datetime(2026, 1, 31, 12),  # noqa: DTZ001  as TOML states one
        dependencies={"hl7.terminology.r4": "6.0.0"},
    )
    assert made == Path("out/package.tgz").read_bytes()


@pytest.mark.parametrize("form", ["json", "xml", "fsh"])
def test_more_codes_than_are_kept_in_memory_are_all_written(form: Any) -> None:
    write_page("tea.txt", "Tea")
    rows = "".join(f"{number:05},Tea {number},{number // 7:05}\n" for number in range(20_001))
    Path("tea.concepts.csv").write_text(
        f"code,display,parent\n{rows}".replace(",00000\n", ",\n"), encoding="utf-8"
    )
    command("convert", "tea.txt", "--output", "out", "--format", form)
    _, code_system = termsmith.convert("tea.txt").resources
    assert "concept" not in code_system.data
    path = Path("out/CodeSystem-Tea.json").with_suffix(f".{form}")
    assert path.stat().st_size > 1_000_000
    assert termsmith.render(code_system, form) == path.read_bytes()


@pytest.mark.parametrize("release", ["R4", "R4B", "R5"])
def test_a_package_is_of_the_release_of_its_resources(release: Any) -> None:
    made = resources(release)
    assert {each.fhir_version for each in made} == {release}
    (checked,) = {each.fhir_version for each in _checked(termsmith.package(made, **DESCRIBED))}
    assert checked == release


def _checked(package: bytes) -> list[Any]:
    return [each for source in termsmith.check(package).sources for each in source.resources]


def test_a_narrative_is_made_on_demand(converted: list[Resource]) -> None:
    assert "text" not in converted[0].data
    result = termsmith.convert("pages/ale.txt", base_url="https://tea.example/fhir", narrative=True)
    command("convert", "pages/ale.txt", "--output", "told", "--narrative")
    for resource in result.resources:
        assert termsmith.render(resource) == (Path("told") / resource.file_name).read_bytes()


def test_what_a_format_has_no_way_to_write_is_refused_with_its_place() -> None:
    naming_system = resources()[0]
    broken = replace(naming_system, data={**naming_system.data, "publisher": "Tea\x01Board"})
    with pytest.raises(termsmith.OutputError, match=r"OUT005: NamingSystem/Tea .* NamingSystem\.publisher"):
        termsmith.render(broken, "xml")


@pytest.mark.parametrize(
    ("kept", "problem"),
    [
        (lambda: (), "there are none"),
        (lambda: (*resources("R4"), *resources("R5", name="Ale", number=2)), "they are of R4 and R5"),
        (lambda: (*resources(), *resources(number=2)), "several are NamingSystem/Tea"),
        (lambda: (*resources(), *resources(name="TEA", number=2)), "several are NamingSystem/Tea"),
    ],
    ids=["none", "two releases", "one twice", "one twice but for case"],
)
@pytest.mark.parametrize("make", [termsmith.bundle, partial(termsmith.package, **DESCRIBED)])
def test_what_can_not_be_in_one_file_is_refused(
    make: Callable[[Iterable[Resource]], bytes], kept: Callable[[], tuple[Resource, ...]], problem: str
) -> None:
    with pytest.raises(termsmith.OutputError) as caught:
        make(kept())
    assert (caught.value.code, caught.value.message) == (
        "OUT006",
        f"these resources can't be in one file: {problem}",
    )


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: termsmith.render(resources()[0], "yaml"), "format can't be 'yaml'"),  # type: ignore[arg-type]
        (lambda: termsmith.bundle(resources(), type="message"), "type can't be 'message'"),  # type: ignore[arg-type]
        (lambda: termsmith.bundle(resources(), update="url"), "update can't be 'url'"),  # type: ignore[arg-type]
        (
            lambda: termsmith.bundle(resources(), not_present="skip"),  # type: ignore[arg-type]
            "not_present can't be 'skip'",
        ),
        (
            lambda: termsmith.package(resources(), name="Tea", version="1", canonical="tea"),
            (
                "no package can say this of itself: name: 'Tea' is no name of a package; allowed: small letters with dots, "
                "such as org.example.terms; version: '1' is no version of a package; allowed: three numbers, such as "
                "1.0.0 or 1.0.0-beta; canonical: 'tea' is no web address; allowed: https://HOST or https://HOST/PATH"
            ),
        ),
    ],
    ids=["format", "type", "update", "not_present", "package"],
)
def test_arguments_that_make_no_sense_are_named(call: Any, message: str) -> None:
    with pytest.raises(termsmith.UsageError) as caught:
        call()
    assert (caught.value.code, caught.value.message) == ("USE006", message)


@pytest.mark.parametrize(
    ("stated", "problem"),
    [
        ({"title": "\ud800"}, "title: it holds half of a character"),
        ({"dependencies": ["a"]}, "dependencies: "),
    ],
)
def test_what_no_package_can_hold_is_refused(stated: dict[str, Any], problem: str) -> None:
    with pytest.raises(termsmith.UsageError) as caught:
        termsmith.package(resources(), **{**DESCRIBED, **stated})
    assert caught.value.code == "USE006"
    assert problem in caught.value.message


@pytest.mark.parametrize("base_url", ["", "tea.example", "https://a b"])
def test_addresses_are_made_from_an_address(base_url: str) -> None:
    with pytest.raises(termsmith.UsageError, match=r"USE006: base_url can't be "):
        termsmith.bundle(resources(), base_url=base_url)
