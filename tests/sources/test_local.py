"""Which files SOURCE arguments stand for, and what reading them gives."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

import pytest

from termsmith.errors import SourceError
from termsmith.sources import local
from termsmith.sources.local import LeftOut, SourceBytes, find_sidecar, find_sources, read_source, shown_path


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def make(*names: str) -> None:
    for name in names:
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"This is {name}", encoding="utf-8")


def names(*arguments: str) -> list[str]:
    found = find_sources(arguments)
    assert found.errors == []
    return [source.name for source in found.sources]


@pytest.mark.usefixtures("here")
class TestSearchingFolders:
    def test_files_come_in_the_order_of_names_with_folders_among_them(self) -> None:
        make("in/b.txt", "in/a/z.html", "in/a/b/y.md", "in/c.docx", "in/a.txt")
        assert names("in") == ["in/a/b/y.md", "in/a/z.html", "in/a.txt", "in/b.txt", "in/c.docx"]

    def test_paths_are_shown_as_given(self) -> None:
        make("in/sub/a.txt")
        assert names("in/") == ["in/sub/a.txt"]
        assert names("./in") == ["./in/sub/a.txt"]
        assert names(".") == ["in/sub/a.txt"]
        assert names(str(Path("in").resolve())) == [f"{Path('in').resolve().as_posix()}/sub/a.txt"]

    def test_arguments_keep_their_order(self) -> None:
        make("in/a.txt", "z.txt")
        assert names("z.txt", "in") == ["z.txt", "in/a.txt"]

    def test_hidden_files_and_folders_are_passed_over(self) -> None:
        make("in/.git/page.txt", "in/.DS_Store", "in/.page.txt", "in/page.txt")
        assert names("in") == ["in/page.txt"]

    def test_what_is_no_page_is_listed_with_its_reason(self) -> None:
        make(
            "in/logo.PNG",
            "in/codes.csv",
            "in/README.md",
            "in/page.txt~",
            "in/NamingSystem-x.json",
            "in/a.json",
        )
        Path("in/package.json").write_text('{"a": 1}', encoding="utf-8")
        found = find_sources(["in"])
        assert [source.name for source in found.sources] == ["in/a.json"]
        assert found.left_out == [
            LeftOut(name="in/NamingSystem-x.json", reason="a resource, not a page"),
            LeftOut(name="in/README.md", reason="about the folder"),
            LeftOut(name="in/codes.csv", reason="a table of data"),
            LeftOut(name="in/logo.PNG", reason="an image"),
            LeftOut(
                name="in/package.json", reason="JSON without a page", looked_into=Path("in/package.json")
            ),
            LeftOut(name="in/page.txt~", reason="left by an editor"),
        ]

    @pytest.mark.parametrize(
        ("text", "is_taken"),
        [
            ('{"id": "1", "body": {"storage": {}}}', True),
            ('{"results": []}', True),
            ('{"id": "1", "_expandable": {}}', True),
            ("just text", True),
            ("\ufeff [1]", False),
            ('{"resourceType": "Patient"}', False),
        ],
    )
    def test_json_in_a_folder_is_a_page_where_it_may_be_of_confluence(
        self,
        text: str,
        is_taken: bool,  # noqa: FBT001  expected
    ) -> None:
        make("in/a.json")
        Path("in/a.json").write_text(text, encoding="utf-8")
        assert names("in") == (["in/a.json"] if is_taken else [])

    def test_a_file_that_is_named_is_read_whatever_its_name(self) -> None:
        make("README.md", ".hidden", "table.csv")
        assert names("README.md", ".hidden", "table.csv") == ["README.md", ".hidden", "table.csv"]

    def test_a_pdf_is_tried_so_that_it_is_refused_by_name(self) -> None:
        make("in/page.pdf")
        assert names("in") == ["in/page.pdf"]

    def test_the_folder_that_a_browser_saves_beside_a_page_is_passed_over(self) -> None:
        make("in/Page.html", "in/Page_files/frame.html", "in/my_files/page.html")
        assert names("in") == ["in/Page.html", "in/my_files/page.html"]

    def test_excluded_folders_are_passed_over(self) -> None:
        make("page.txt", "output/manifest.json", "outputs/page.txt")
        found = find_sources(["."], exclude=[Path("output"), Path("gone")])
        assert [source.name for source in found.sources] == ["outputs/page.txt", "page.txt"]

    def test_a_loop_of_links_ends(self) -> None:
        make("in/a/page.txt")
        Path("in/a/up").symlink_to("..", target_is_directory=True)
        Path("in/b").symlink_to("a", target_is_directory=True)
        assert names("in") == ["in/a/page.txt"]

    def test_a_broken_link_is_left_out(self) -> None:
        make("in/page.txt")
        Path("in/gone.txt").symlink_to("nowhere.txt")
        found = find_sources(["in"])
        assert [source.name for source in found.sources] == ["in/page.txt"]
        assert found.left_out == [LeftOut(name="in/gone.txt", reason="broken link")]

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
    def test_a_named_pipe_in_a_folder_is_not_waited_for(self) -> None:
        make("in/page.txt")
        os.mkfifo("in/pipe.txt")
        found = find_sources(["in"])
        assert [source.name for source in found.sources] == ["in/page.txt"]
        assert found.left_out == [LeftOut(name="in/pipe.txt", reason="no regular file")]


@pytest.mark.usefixtures("here")
class TestNamingTwice:
    def test_a_file_named_twice_comes_once(self) -> None:
        make("in/a.txt", "in/b.txt")
        assert names("in/b.txt", "in", "./in/a.txt", "in") == ["in/b.txt", "in/a.txt"]

    def test_a_link_to_a_page_is_that_page(self) -> None:
        make("in/a.txt")
        Path("in/z.txt").symlink_to("a.txt")
        assert names("in") == ["in/a.txt"]

    def test_standard_input_comes_once(self) -> None:
        assert names("-", "-") == ["-"]


@pytest.mark.usefixtures("here")
class TestSidecars:
    def test_a_sidecar_has_the_name_of_its_page(self) -> None:
        make("in/dicom.txt", "in/dicom.toml")
        (source,) = find_sources(["in"]).sources
        assert (source.sidecar, source.sidecar_name) == (Path("in/dicom.toml"), "in/dicom.toml")

    def test_the_longer_name_wins(self) -> None:
        make("dicom.txt", "dicom.toml", "dicom.txt.toml")
        assert find_sidecar(Path("dicom.txt")) == Path("dicom.txt.toml")
        (source,) = find_sources(["dicom.txt"]).sources
        assert source.sidecar_name == "dicom.txt.toml"

    def test_a_toml_file_is_not_its_own_sidecar(self) -> None:
        make("page.toml")
        assert find_sidecar(Path("page.toml")) is None

    def test_a_sidecar_of_no_page_is_reported(self) -> None:
        make("in/dicon.toml", "in/dicom.txt", "in/dicom.toml", "in/termsmith.toml")
        assert find_sources(["in"]).lone_sidecars == ["in/dicon.toml"]


@pytest.mark.usefixtures("here")
class TestErrors:
    def test_a_missing_path_does_not_stop_the_others(self) -> None:
        make("a.txt")
        found = find_sources(["gone.txt", "a.txt", "a.txt/x"])
        assert [source.name for source in found.sources] == ["a.txt"]
        assert [(error.code, error.message) for error in found.errors] == [
            ("SRC001", "gone.txt: no such file or folder"),
            ("SRC001", "a.txt/x: no such file or folder"),
        ]

    def test_a_path_that_no_system_takes_is_an_error(self) -> None:
        (error,) = find_sources(["a\0b"]).errors
        assert (error.code, error.message) == ("SRC002", "a\\x00b: can't be read: embedded null byte")

    def test_a_file_that_goes_away_is_not_there(self) -> None:
        make("a.txt")
        (source,) = find_sources(["a.txt"]).sources
        Path("a.txt").unlink()
        with pytest.raises(SourceError, match=r"SRC001: a\.txt: no such file"):
            read_source(source)


@pytest.mark.usefixtures("here")
class TestReading:
    def test_page_and_sidecar_are_read(self) -> None:
        make("a.txt", "a.toml")
        (source,) = find_sources(["a.txt"]).sources
        assert read_source(source) == SourceBytes(data=b"This is a.txt", sidecar=b"This is a.toml")

    def test_no_more_than_the_limit_and_one_byte_is_read(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(local, "PAGE_LIMIT", 4)
        make("a.txt")
        (source,) = find_sources(["a.txt"]).sources
        assert read_source(source).data == b"This "

    def test_a_large_sidecar_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(local, "SIDECAR_LIMIT", 4)
        make("a.txt", "a.toml")
        (source,) = find_sources(["a.txt"]).sources
        with pytest.raises(SourceError, match=r"SRC003: a\.toml: the sidecar has more than 4 bytes"):
            read_source(source)

    def test_standard_input_is_read(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xffpage")))
        (source,) = find_sources(["-"]).sources
        assert read_source(source) == SourceBytes(data=b"\xffpage")

    def test_closed_standard_input_is_an_error(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "stdin", None)
        (source,) = find_sources(["-"]).sources
        with pytest.raises(SourceError, match="SRC002: -: standard input is closed"):
            read_source(source)


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("in/Größe.txt", "in/Größe.txt"),
        ("a\nb\x1b[31m.txt", "a\\nb\\x1b[31m.txt"),
        ("a\udcff.txt", "a\\udcff.txt"),
        ("a\u202etxt.exe", "a\\u202etxt.exe"),
    ],
)
def test_names_are_shown_printable(path: str, shown: str) -> None:
    assert shown_path(path) == shown


def test_the_concepts_of_a_page_are_left_out_only_where_the_page_is_missing(tmp_path: Path) -> None:
    for name in ("tea.txt", "tea.concepts.csv", "ale.concepts.csv"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    found = find_sources([str(tmp_path)])
    assert [Path(source.name).name for source in found.sources] == ["tea.txt"]
    assert [(Path(each.name).name, each.reason) for each in found.left_out] == [
        ("ale.concepts.csv", "the concepts of a page that is not there")
    ]
