"""Which files SOURCE arguments of a check stand for, and what reading them gives."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

import pytest

from termsmith.check_run import CheckOptions, check_sources
from termsmith.errors import SourceError
from termsmith.settings import Settings
from termsmith.sources import resources
from termsmith.sources.local import NO_PAGES, LeftOut
from termsmith.sources.resources import CheckSource, find_check_sources, read_check_source, read_sidecar_of

RESOURCE = '{"resourceType": "CodeSystem", "status": "draft", "content": "complete"}'


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def make(*names: str, text: str = RESOURCE) -> None:
    for name in names:
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def names(*arguments: str) -> list[str]:
    found = find_check_sources(arguments)
    assert found.errors == []
    return [source.name for source in found.sources]


def source(name: str) -> CheckSource:
    return CheckSource(name=name, path=Path(name))


def checked(*arguments: str) -> list[str]:
    """Return the names of what a check of these arguments tells something about."""
    options = CheckOptions(settings=Settings(), today="2026-01-01")
    return [each.source for each in check_sources(find_check_sources(arguments).sources, options)]


class TestNamedFiles:
    def test_a_file_that_is_named_is_read_whatever_it_is_called(self) -> None:
        given = ["a.json", "package.json", "README.md", "logo.png", "x~", ".hidden", "data", "a.toml"]
        make(*given)
        assert names(*given) == given
        assert all(each.named for each in find_check_sources(given).sources)

    def test_each_is_taken_once_in_the_order_given(self) -> None:
        make("b.json", "a.json", "in/c.json")
        os.link("a.json", "twin.json")
        Path("link.json").symlink_to("b.json")
        assert names(
            "b.json", "a.json", "b.json", "./a.json", "link.json", "twin.json", "in", "in/c.json"
        ) == [
            "b.json",
            "a.json",
            "in/c.json",
        ]

    def test_patterns_are_the_shells_affair(self) -> None:
        make("a.json", "[b].json")
        assert names("[b].json") == ["[b].json"]
        (error,) = find_check_sources(["*.json"]).errors
        assert (error.code, error.message) == ("SRC001", "*.json: no such file or folder")

    @pytest.mark.parametrize("name", ["nothing.json", "a.json/b.json", "no/such/folder"])
    def test_what_is_not_there_is_src001_and_costs_nothing_else(self, name: str) -> None:
        make("a.json", "b.json")
        found = find_check_sources(["a.json", name, "b.json"])
        assert [each.name for each in found.sources] == ["a.json", "b.json"]
        assert [(each.code, each.exit_status) for each in found.errors] == [("SRC001", 2)]

    def test_impossible_names_are_src002_and_shown_safely(self) -> None:
        (error,) = find_check_sources(["a\0\x1b[31m.json"]).errors
        assert error.code == "SRC002"
        assert error.message.startswith("a\\x00\\x1b[31m.json: can't be read: ")
        assert error.message.isprintable()

    def test_a_link_that_leads_nowhere_is_src001(self) -> None:
        Path("link.json").symlink_to("nothing.json")
        assert [error.code for error in find_check_sources(["link.json"]).errors] == ["SRC001"]

    def test_a_link_to_itself_is_src002(self) -> None:
        Path("link.json").symlink_to("link.json")
        assert [error.code for error in find_check_sources(["link.json"]).errors] == ["SRC002"]


class TestStandardInput:
    def test_a_dash_is_standard_input_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        make("-x.json")
        found = find_check_sources(["-", "-x.json", "-"]).sources
        assert [(each.name, each.path) for each in found] == [("-", None), ("-x.json", Path("-x.json"))]
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xff{}\r\n")))
        assert read_check_source(found[0]) == b"\xff{}\r\n"
        assert read_sidecar_of(found[0]) is None

    def test_a_closed_one_is_src002(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "stdin", None)
        with pytest.raises(SourceError, match="standard input is closed") as caught:
            read_check_source(CheckSource(name="-", path=None))
        assert caught.value.code == "SRC002"


class TestFolders:
    def test_files_come_in_the_order_of_names_with_folders_among_them(self) -> None:
        make("in/b.json", "in/a/z.xml", "in/a/b/y.tgz", "in/c.html", "in/a.json")
        assert names("in") == ["in/a/b/y.tgz", "in/a/z.xml", "in/a.json", "in/b.json", "in/c.html"]
        assert not any(each.named for each in find_check_sources(["in"]).sources)

    def test_paths_are_shown_as_given(self) -> None:
        make("in/sub/a.json")
        assert names("in/") == ["in/sub/a.json"]
        assert names("./in") == ["./in/sub/a.json"]
        assert names(".") == ["in/sub/a.json"]
        assert names(str(Path("in").resolve())) == [f"{Path('in').resolve().as_posix()}/sub/a.json"]

    def test_what_holds_no_resource_by_its_name_is_left_out_with_a_reason(self) -> None:
        make(
            "in/package.json", "in/.index.json", "in/tsconfig.json", "in/README.md", "in/LICENSE", "in/a.json~",
            "in/~$b.xml", "in/logo.png", "in/a.toml", "in/.git/a.json", "in/c.json",
        )  # fmt: skip
        found = find_check_sources(["in"])
        assert [each.name for each in found.sources] == ["in/c.json"]
        assert {each.name: each.reason for each in found.left_out} == {
            "in/LICENSE": "about the folder",
            "in/README.md": "about the folder",
            "in/a.json~": "left by an editor",
            "in/logo.png": NO_PAGES[".png"],
            "in/package.json": "about a package",
            "in/tsconfig.json": "about a package",
            "in/~$b.xml": "left by an editor",
        }

    def test_broken_links_and_pipes_are_left_out(self) -> None:
        make("in/a.json")
        Path("in/b.json").symlink_to("nowhere")
        os.mkfifo("in/c.json")
        found = find_check_sources(["in"])
        assert [each.name for each in found.sources] == ["in/a.json"]
        assert found.left_out == [
            LeftOut(name="in/b.json", reason="broken link"),
            LeftOut(name="in/c.json", reason="no regular file"),
        ]
        assert found.errors == []

    def test_links_in_a_circle_end(self) -> None:
        make("in/a/b.json")
        Path("in/a/up").symlink_to(Path("in").resolve())
        assert names("in") == ["in/a/b.json"]

    def test_what_is_excluded_is_not_found(self) -> None:
        make("in/a.json", "in/report.json", "in/old/b.json")
        found = find_check_sources(["in"], exclude=[Path("in/report.json"), Path("in/old"), Path("none")])
        assert [each.name for each in found.sources] == ["in/a.json"]

    @pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
    def test_a_folder_that_cannot_be_read_is_src002(self) -> None:
        make("in/a.json", "in/shut/b.json")
        Path("in/shut").chmod(0)
        found = find_check_sources(["in"])
        Path("in/shut").chmod(0o700)
        assert [each.name for each in found.sources] == ["in/a.json"]
        assert [each.code for each in found.errors] == ["SRC002"]

    def test_an_empty_folder_gives_nothing(self) -> None:
        Path("in").mkdir()
        found = find_check_sources(["in"])
        assert (found.sources, found.errors, found.left_out) == ([], [], [])

    def test_thousands_of_folders_deep_is_no_matter(self) -> None:
        deep = "in/" + "d/" * 300
        make(f"{deep}a.json")
        assert names("in") == [f"{deep}a.json"]


class TestWhatIsTold:
    def test_files_of_a_folder_that_hold_no_resource_are_passed_over(self) -> None:
        make("in/a.json")
        make("in/b.json", "in/c.xml", text='{"resource": 1}')
        assert checked("in") == ["in/a.json"]

    def test_named_ones_are_told_of(self) -> None:
        make("b.json", text='{"resource": 1}')
        assert checked("b.json") == ["b.json"]

    def test_a_folder_given_with_its_file_is_searched_for_the_rest(self) -> None:
        make("in/b.json", "in/a.json")
        assert checked("in/b.json", "in") == ["in/b.json", "in/a.json"]


class TestReading:
    def test_bytes_come_as_they_are(self) -> None:
        Path("a.json").write_bytes(b"\xef\xbb\xbf\0\r\n")
        assert read_check_source(source("a.json")) == b"\xef\xbb\xbf\0\r\n"

    @pytest.mark.parametrize("name", ["gone.json", "."])
    def test_what_cannot_be_read_is_src002(self, name: str) -> None:
        with pytest.raises(SourceError) as caught:
            read_check_source(source(name))
        assert (caught.value.code, caught.value.exit_status) == ("SRC002", 2)
        assert caught.value.message.startswith(f"{name}: can't be read: ")

    def test_more_than_the_limit_is_src003(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(resources, "RESOURCE_LIMIT", 10)
        make("a.json", text="x" * 10)
        assert read_check_source(source("a.json")) == b"x" * 10
        make("a.json", text="x" * 11)
        with pytest.raises(SourceError, match=r"a\.json: has more than 10 bytes") as caught:
            read_check_source(source("a.json"))
        assert caught.value.code == "SRC003"

    def test_a_sidecar_is_found_beside_a_page(self) -> None:
        make("page.txt", "other.txt")
        make("page.toml", text="oid = '2.999'")
        assert read_sidecar_of(source("page.txt")) == (b"oid = '2.999'", "page.toml")
        assert read_sidecar_of(source("other.txt")) is None
