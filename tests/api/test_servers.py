"""Pages from Confluence, by Python."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from confluence.server import Page, Space, serve

import termsmith
from termsmith import Change, OutputFile

if TYPE_CHECKING:
    from collections.abc import Iterator

pytest.importorskip("atlassian.confluence")
pytestmark = pytest.mark.filterwarnings(
    "ignore::DeprecationWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)
CODES = b"Code;Display\n01;Leaf\n"


@pytest.fixture
def space() -> Space:
    made = Space()
    made.add(Page("101", "Tea", "<p>Tea</p>", labels=("hta",), tables={"codes.csv": (1, CODES)}))
    made.add(Page("102", "Ale", "<p>Ale</p>", tables={"a.csv": (1, CODES), "b.csv": (1, CODES)}))
    return made


@pytest.fixture
def base(space: Space) -> Iterator[str]:
    with serve(space) as address:
        yield address


def test_a_space_is_stored_and_only_what_is_new_is_fetched_again(base: str, space: Space) -> None:
    report = termsmith.fetch_confluence(base, "TA")
    assert (report.folder, report.pages, report.fetched) == (Path("input"), 2, 2)
    assert report.files == (
        OutputFile(path="Tea-101.json", change=Change.NEW, source="Tea"),
        OutputFile(path="Tea-101.concepts.csv", change=Change.NEW, source="Tea"),
        OutputFile(path="Ale-102.json", change=Change.NEW, source="Ale"),
        OutputFile(path="Ale-102.attached.a.csv", change=Change.NEW, source="Ale"),
        OutputFile(path="Ale-102.attached.b.csv", change=Change.NEW, source="Ale"),
    )
    assert all((report.folder / file.path).is_file() for file in report.files)
    assert report.several == (("Ale", ("Ale-102.attached.a.csv", "Ale-102.attached.b.csv")),)
    space.pages["102"].title, space.pages["102"].version = "Beer", 2
    space.pages["101"].tables["codes.csv"] = (2, CODES + b"02;Dust\n")
    again = termsmith.fetch_confluence(base, "TA")
    assert (again.pages, again.fetched, again.stale) == (2, 2, ())
    assert again.files[0] == OutputFile(path="Tea-101.concepts.csv", change=Change.CHANGED, source="Tea")
    assert set(again.removed) == {"Ale-102.json", "Ale-102.attached.a.csv", "Ale-102.attached.b.csv"}
    last = termsmith.fetch_confluence(base, "TA")
    assert (last.pages, last.fetched, last.files, last.removed) == (2, 0, (), ())


def test_a_label_and_a_folder_may_be_named(base: str) -> None:
    report = termsmith.fetch_confluence(base, "TA", label="hta", output="pages")
    assert (report.folder, report.pages) == (Path("pages"), 1)
    assert sorted(path.name for path in Path("pages").glob("Tea*")) == [
        "Tea-101.concepts.csv",
        "Tea-101.json",
    ]


def test_pages_that_are_gone_are_told_and_pruned_on_demand(base: str, space: Space) -> None:
    termsmith.fetch_confluence(base, "TA")
    del space.pages["101"]
    told = termsmith.fetch_confluence(base, "TA")
    assert (set(told.stale), told.removed) == ({"Tea-101.json", "Tea-101.concepts.csv"}, ())
    pruned = termsmith.fetch_confluence(base, "TA", prune=True)
    assert (pruned.stale, set(pruned.removed)) == ((), {"Tea-101.json", "Tea-101.concepts.csv"})
    assert list(Path("input").glob("Tea*")) == []
    assert termsmith.fetch_confluence(base, "TA").stale == ()


def test_credentials_come_from_the_environment(
    base: str, space: Space, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    space.token = "s3cret-t0ken"  # noqa: S105  no real one
    with pytest.raises(termsmith.FetchError) as caught:
        termsmith.fetch_confluence(base, "TA")
    assert caught.value.code == "FET002"
    monkeypatch.setenv("TERMSMITH_CONFLUENCE_TOKEN", "s3cret-t0ken")
    assert termsmith.fetch_confluence(base, "TA").pages == 2
    assert capfd.readouterr() == ("", "")


def test_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(termsmith.UsageError, match="USE011"):
        termsmith.fetch_confluence("wiki", "TA")


def test_a_damaged_state_is_told(base: str) -> None:
    termsmith.fetch_confluence(base, "TA")
    Path("input/.termsmith-confluence.json").write_text("{", encoding="utf-8")
    with pytest.raises(termsmith.FetchError, match="FET006"):
        termsmith.fetch_confluence(base, "TA")
