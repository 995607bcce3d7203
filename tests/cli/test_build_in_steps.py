"""Builds in small steps find and write what one that looks at everything does."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cli.pages import termsmith, write_page
from termsmith.builds.few_changed import build_changed

if TYPE_CHECKING:
    from collections.abc import Callable

NAMES = ("Tea", "Ale", "Gin", "Rum")
CONFIGURATIONS = (
    "",
    'fhir_versions = ["R4", "R5"]\n[outputs]\njson = "output"\nxml = "xml"\nfsh = "fsh"\n',
    '[outputs]\njson = "output"\nbundle = "output"\n',
    '[outputs]\njson = "output"\noid_map = "oids.csv"\nsushi_config = "sushi-config.yaml"\n',
    (
        '[[exceptions]]\nrule = "RES004"\nplace = "pages/*"\nreason = "drafts"\n'
        '[[exceptions]]\nrule = "REL003"\nplace = "pages/Ale.txt"\nreason = "known"\n'
    ),
)


def _sidecar(page: str, text: str) -> None:
    Path(f"pages/{page}.toml").write_text(text, encoding="utf-8")


def _page(page: str, short_name: str, number: int, other: str) -> None:
    identifiers = f"URL: https://tasters.example/id/{other.lower()}\nOID: 2.999.77.{number}"
    write_page(f"pages/{page}.txt", short_name, number=number, identifiers=identifiers)


def _codes(page: str, text: str) -> None:
    Path(f"pages/{page}.concepts.csv").write_text(text, encoding="utf-8")


def _output(page: str, text: str | None) -> None:
    for path in Path("output").rglob(f"CodeSystem-{page}.json"):
        if text is None:
            path.unlink()
        else:
            path.write_text(text, encoding="utf-8")


def _gone(page: str) -> None:
    Path(f"pages/{page}.txt").unlink(missing_ok=True)


page = st.sampled_from(NAMES)
number = st.integers(1, 4)
EDITS = st.one_of(
    st.tuples(
        st.just(_sidecar), page, st.sampled_from(['version = "1"\n', 'version = "2"\n', "version = 3\n", ""])
    ),
    st.tuples(st.just(_sidecar), page, st.just('status = "active"\ntitle = "Other"\n')),
    st.tuples(st.just(_page), page, page, number, page),
    st.tuples(
        st.just(_codes), page, st.sampled_from(["code,display\na,A\nb,B\n", "code,display\na,A\na,B\n"])
    ),
    st.tuples(st.just(_output), page, st.sampled_from(["{}", None])),
    st.tuples(st.just(_gone), page),
)


_CLAIM = (_page, "Ale", "Ale", 2, "Tea")
_NO_CLAIM = (_page, "Ale", "Ale", 2, "Ale")
_OTHER_VERSION = (_sidecar, "Tea", 'version = "2"\n')
_CODES = (_codes, "Tea", "code,display\na,A\nb,B\n")
_FEWER_CODES = (_codes, "Tea", "code,display\na,A\n")


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether builds, in order, got by with looking at few sources."""
    told: list[bool] = []

    def noted(*arguments: object) -> object:
        done = build_changed(*arguments)  # type: ignore[arg-type]
        told.append(done is not None)
        return done

    monkeypatch.setattr("termsmith.builds.few_changed.build_changed", noted)
    return told


def _begin(configuration: str) -> None:
    Path("termsmith.toml").write_text(f'[build]\nsources = ["pages"]\n{configuration}', encoding="utf-8")
    Path("sushi-config.yaml").write_text("id: guide\ncanonical: https://guide.example\n", encoding="utf-8")
    for index, name in enumerate(NAMES, start=1):
        write_page(f"pages/{name}.txt", name, number=index)
        _sidecar(name, "")


def _files() -> dict[str, bytes]:
    return {
        path.as_posix(): path.read_bytes()
        for path in sorted(Path().rglob("*"))
        if path.is_file() and path.parts[0] != ".termsmith"
    }


def _said(verb: str) -> tuple[str, str, int]:
    """Build; return what was said of it, without the number of pages that were converted."""
    result = termsmith("build", "-v", *verb.split())
    return result.stdout, re.sub(r"\d+ (to be )?converted", "", result.stderr), result.exit_code


@given(
    configuration=st.sampled_from(CONFIGURATIONS),
    steps=st.lists(st.lists(EDITS, min_size=1, max_size=2), max_size=3),
)
@settings(max_examples=15)
@example(configuration=CONFIGURATIONS[0], steps=[[_CLAIM], [_NO_CLAIM]])
@example(configuration=CONFIGURATIONS[1], steps=[[_CLAIM], [_OTHER_VERSION], [_NO_CLAIM]])
@example(configuration=CONFIGURATIONS[4], steps=[[_CLAIM], [_OTHER_VERSION], [_NO_CLAIM]])
@example(configuration=CONFIGURATIONS[0], steps=[[_CODES], [_OTHER_VERSION], [_FEWER_CODES]])
def test_each_step_is_what_a_build_of_everything_does(
    configuration: str, steps: list[list[tuple[Callable[..., None], ...]]]
) -> None:
    before = Path.cwd()
    with TemporaryDirectory() as folder:
        one, other = Path(folder) / "one", Path(folder) / "other"
        one.mkdir()
        try:
            os.chdir(one)
            _begin(configuration)
            termsmith("build")
            for edits in steps:
                for edit, *arguments in edits:
                    edit(*arguments)
                shutil.copytree(one, other, ignore=shutil.ignore_patterns(".termsmith"))
                os.chdir(other)
                expected = [_said("--check"), _said(""), _files()]
                os.chdir(one)
                shutil.rmtree(other)
                assert [_said("--check"), _said(""), _files()] == expected
        finally:
            os.chdir(before)


def test_one_page_that_changes_is_the_only_one_that_is_looked_at(few: list[bool]) -> None:
    _begin("")
    termsmith("build")
    _sidecar("Tea", 'version = "2"\n')
    result = termsmith("build")
    assert few == [True]
    assert result.stdout == (
        "pages/Tea.txt -> output/NamingSystem-Tea.json (changed)\n"
        "pages/Tea.txt -> output/CodeSystem-Tea.json (changed)\n"
    )
    assert result.stderr.startswith("4 pages, 1 converted: R4 8 resources (2 changed, 6 unchanged);")
    assert termsmith("build").stdout == ""
    assert few == [True]
    _sidecar("Tea", 'version = "3"\n')
    _sidecar("Rum", 'version = "3"\n')
    assert termsmith("build", "--check").exit_code == 1
    assert "4 pages, 2 converted" in termsmith("build").stderr
    assert few == [True, True, True]


@pytest.mark.parametrize(
    ("configuration", "change"),
    [
        ("", lambda: _page("Tea", "Cocoa", 1, "Cocoa")),
        ("", lambda: _sidecar("Tea", "version = 3\n")),
        ("", lambda: _codes("Tea", "code,display\na,A\n")),
        ("", lambda: Path(".termsmith/memory.jsonl").unlink()),
        ("", lambda: Path(".termsmith/memory.jsonl").write_text("nonsense", encoding="utf-8")),
        ('[outputs]\njson = "output"\nbundle = "output"\n', lambda: None),
        (
            '[outputs]\njson = "output"\nsushi_config = "sushi-config.yaml"\n',
            lambda: _sidecar("Tea", 'title = "Other"\n'),
        ),
    ],
    ids=[
        "other names",
        "an error",
        "a new file",
        "memory gone",
        "memory damaged",
        "a bundle",
        "the guide's list",
    ],
)
def test_where_more_than_contents_changes_everything_is_looked_at(
    few: list[bool], configuration: str, change: Callable[[], None]
) -> None:
    _begin(configuration)
    termsmith("build")
    _sidecar("Ale", 'version = "2"\n')
    change()
    result = termsmith("build")
    assert not any(few)
    assert "pages/Ale.txt -> " in result.stdout
    assert termsmith("build").stdout == ""
