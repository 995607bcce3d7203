"""`termsmith fetch confluence` against a server of the documented REST API."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from confluence.server import Page, Space, serve

from cli.pages import termsmith

if TYPE_CHECKING:
    from collections.abc import Iterator

    from click.testing import Result

pytest.importorskip("atlassian.confluence")
pytestmark = pytest.mark.filterwarnings(
    "ignore::DeprecationWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)

ROWS = (
    ("Terminology owner/maintenance organisation", "Guild of Tasters"),
    ("Formal name of the code system", "Grades of {name}"),
    ("Short name or abbreviation of the code system name", "{name}"),
    (
        "Technical identifier/s for the code system",
        "Canonical URL: https://tasters.example/id/{name}<br/>OID: 2.999.77.{number}",
    ),
    ("Scope/domain statement for the code system", "Grades &ndash; of {name}."),
    ("IP Information and Licensing Information", "Free."),
    ("Information current as at (date)", "2021-04-30"),
)
CODES = b"Code;Display\n01;Leaf\n02;Broken leaf\n"


def body(name: str, number: int) -> str:
    rows = "".join(f"<tr><th><p>{label}</p></th><td><p>{value}</p></td></tr>" for label, value in ROWS)
    return f"<table><tbody>{rows}</tbody></table>".format(name=name, number=number)


@pytest.fixture
def space() -> Space:
    made = Space()
    made.add(
        Page("101", "Grades: Tea / leaf", body("Tea", 1), labels=("hta",), tables={"codes.csv": (1, CODES)})
    )
    made.add(Page("102", "Ale", body("Ale", 2), version=4, labels=("hta",)))
    made.add(
        Page(
            "103",
            "Salt",
            body("Salt", 3),
            tables={"a b.csv": (1, CODES), "b.xlsx": (2, b"PK"), "x.png": (1, b"")},
        )
    )
    return made


@pytest.fixture
def base(space: Space) -> Iterator[str]:
    with serve(space) as address:
        yield address


@pytest.fixture(autouse=True)
def _no_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TOKEN", "USER", "PASSWORD"):
        monkeypatch.delenv(f"TERMSMITH_CONFLUENCE_{name}", raising=False)


def fetch(base: str, *options: str) -> Result:
    return termsmith("fetch", "confluence", "--base", base, "--space", "TA", *options)


def names() -> list[str]:
    return sorted(path.name for path in Path("input").iterdir())


def test_a_space_is_stored_with_its_tables_and_converts(base: str) -> None:
    result = fetch(base)
    assert result.exit_code == 0
    assert names() == [
        ".termsmith-confluence.json",
        "Ale-102.json",
        "Grades-Tea-leaf-101.concepts.csv",
        "Grades-Tea-leaf-101.json",
        "Salt-103.attached.a-b.csv",
        "Salt-103.attached.b.xlsx",
        "Salt-103.json",
    ]
    assert "input/Ale-102.json (new)\n" in result.stdout
    assert "'Salt' has several tables (Salt-103.attached.a-b.csv, Salt-103.attached.b.xlsx)" in result.stderr
    assert result.stderr.endswith("3 pages in TA: 3 fetched, 0 as before\n")
    stored = json.loads(Path("input/Ale-102.json").read_bytes())
    assert (stored["id"], stored["version"]["number"], stored["title"]) == ("102", 4, "Ale")
    assert "by" not in stored["version"]
    converted = termsmith("convert", "input", "-o", "out")
    assert converted.exit_code == 0
    tea = json.loads(Path("out/CodeSystem-Tea.json").read_bytes())
    assert [concept["code"] for concept in tea["concept"]] == ["01", "02"]
    assert tea["description"] == "Grades – of Tea."


def test_only_what_has_a_new_version_is_fetched_again(base: str, space: Space) -> None:
    fetch(base)
    space.asked.clear()
    assert fetch(base).stdout == ""
    assert not [path for path in space.asked if re.fullmatch(r"/download/.*|/rest/api/content/\d+", path)]
    space.pages["102"].version = 5
    space.pages["102"].body = body("Ale", 22)
    space.pages["101"].tables["codes.csv"] = (2, b"Code;Display\n03;Dust\n")
    result = fetch(base)
    assert result.stdout == (
        "input/Grades-Tea-leaf-101.concepts.csv (changed)\ninput/Ale-102.json (changed)\n"
    )
    assert result.stderr.endswith("3 pages in TA: 2 fetched, 1 as before\n")
    assert b"Dust" in Path("input/Grades-Tea-leaf-101.concepts.csv").read_bytes()


def test_what_was_deleted_by_hand_comes_back(base: str) -> None:
    fetch(base)
    Path("input/Ale-102.json").unlink()
    assert fetch(base).stdout == "input/Ale-102.json (new)\n"


def test_a_label_narrows_the_fetch(base: str) -> None:
    fetch(base, "--label", "hta", "-o", "pages")
    assert sorted(path.name for path in Path("pages").glob("*.json")) == [
        ".termsmith-confluence.json",
        "Ale-102.json",
        "Grades-Tea-leaf-101.json",
    ]


def test_pages_that_are_gone_are_told_and_removed_on_demand(base: str, space: Space) -> None:
    fetch(base)
    Path("input/own.txt").write_text("mine", encoding="utf-8")
    del space.pages["101"]
    told = fetch(base)
    assert "2 files of pages that are no longer found there" in told.stderr
    assert "Grades-Tea-leaf-101.json" in names()
    result = fetch(base, "--prune")
    assert sorted(result.stdout.splitlines()) == [
        "input/Grades-Tea-leaf-101.concepts.csv (removed)",
        "input/Grades-Tea-leaf-101.json (removed)",
    ]
    assert "own.txt" in names()
    assert "no longer" not in fetch(base).stderr


def test_a_renamed_page_leaves_no_second_copy(base: str, space: Space) -> None:
    fetch(base)
    space.pages["102"].title, space.pages["102"].version = "Beer", 5
    assert sorted(fetch(base).stdout.splitlines()) == [
        "input/Ale-102.json (removed)",
        "input/Beer-102.json (new)",
    ]


def test_a_token_from_the_environment_is_sent_and_never_shown(
    base: str, space: Space, monkeypatch: pytest.MonkeyPatch
) -> None:
    space.token = "s3cret-t0ken"  # noqa: S105  no real one
    refused = fetch(base)
    assert refused.exit_code == 2
    assert "error[FET002]" in refused.stderr
    assert "TERMSMITH_CONFLUENCE_TOKEN" in refused.stderr
    monkeypatch.setenv("TERMSMITH_CONFLUENCE_TOKEN", "s3cret-t0ken")
    result = fetch(base)
    assert result.exit_code == 0
    assert "s3cret" not in result.output
    monkeypatch.setenv("TERMSMITH_CONFLUENCE_TOKEN", "wr0ng")
    space.pages["102"].version = 9
    wrong = fetch(base)
    assert wrong.exit_code == 2
    assert "wr0ng" not in wrong.output


def test_user_and_password_are_sent_as_basic_credentials(
    base: str, space: Space, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERMSMITH_CONFLUENCE_USER", "me@x.example")
    monkeypatch.setenv("TERMSMITH_CONFLUENCE_PASSWORD", "pw")
    assert fetch(base).exit_code == 0
    assert set(space.authorizations) == {"Basic bWVAeC5leGFtcGxlOnB3"}


@pytest.mark.parametrize(
    "base_",
    [
        "http://me:secret@h.example/wiki",
        "https://h.example/wiki?token=secret",
        "ftp://h.example",
        "wiki",
        "http://h..example/",
        "http://" + "h" * 64,
    ],
)
def test_an_address_with_more_in_it_is_refused_without_repeating_it(base_: str) -> None:
    result = fetch(base_)
    assert result.exit_code == 2
    assert "error[USE011]" in result.stderr
    assert "secret" not in result.output


@pytest.mark.parametrize(
    ("failure", "code", "words"),
    [
        ((403, {}, b"no"), "FET002", "refuses access (403)"),
        ((404, {}, b""), "FET003", "no such address (404)"),
        ((500, {}, b"<html>"), "FET004", "the server answered 500"),
        ((200, {"Content-Type": "text/html"}, b"<html>Log in</html>"), "FET005", "no JSON but text/html"),
        ((200, {"Content-Type": "application/json"}, b"[]"), "FET005", "no list of results"),
        ((200, {}, b'{"results": [{"id": "../../etc", "version": {"number": 1}}]}'), "FET005", "without id"),
        ((200, {}, b'{"results": [], "_links": {"next": "/x"}}'), "FET005", "goes on without entries"),
        ((200, {}, b'{"results": [], "_links": null}'), "FET005", "a list whose links are none"),
        ((200, {}, b'{"results": [], "_links": [1]}'), "FET005", "a list whose links are none"),
        ((200, {}, b'{"results": [{"id": "1", "version": null}]}'), "FET005", "without id or version"),
        ((200, {}, b'{"results": [{"content": null}]}'), "FET005", "without id or version"),
        ((200, {}, b'{"results": [' + b"9" * 6_000 + b"]}"), "FET005", "a number of too many digits"),
        ((200, {"Content-Type": "application/json"}, b"{"), "FET005", "damaged JSON"),
        ((302, {"Location": "http://[bad"}, b""), "FET005", "a redirect to what is no web address"),
        ((302, {"Location": "file:///etc/passwd"}, b""), "FET005", "a redirect to what is no web address"),
        ((200, {}, b'{"a":' * 5_000 + b"1" + b"}" * 5_000), "FET005", "JSON that is nested too deeply"),
    ],
)
def test_what_a_server_may_answer_instead(
    base: str, space: Space, failure: tuple[int, dict[str, str], bytes], code: str, words: str
) -> None:
    space.failures.append(failure)
    result = fetch(base)
    assert result.exit_code == 2
    assert f"error[{code}]" in result.stderr
    assert words in result.stderr
    assert fetch(base).exit_code == 0


def test_a_server_that_is_busy_is_asked_again(base: str, space: Space) -> None:
    space.failures += [(503, {"Retry-After": "0"}, b""), (429, {"Retry-After": "0"}, b"")]
    assert fetch(base).exit_code == 0


def test_a_server_that_is_not_there_is_told() -> None:
    result = fetch("http://127.0.0.1:9")
    assert result.exit_code == 2
    assert re.search(
        r"error\[FET001\]: http://127.0.0.1:9 can't be reached: [^\"']*$", result.stderr, re.MULTILINE
    )


def test_a_fetch_that_breaks_off_goes_on_where_it_stopped(base: str, space: Space) -> None:
    real, broken = space.pages["102"], Page("102", "Ale", "", version=4)
    space.pages["102"] = broken
    broken.body = None  # type: ignore[assignment]  # as a page without a body comes
    assert fetch(base).exit_code == 2
    assert "Grades-Tea-leaf-101.json" in names()
    space.pages["102"] = real
    space.asked.clear()
    assert fetch(base).exit_code == 0
    assert "/rest/api/content/101" not in space.asked


def test_a_damaged_state_is_told(base: str) -> None:
    fetch(base)
    Path("input/.termsmith-confluence.json").write_text("{", encoding="utf-8")
    result = fetch(base)
    assert result.exit_code == 2
    assert "error[FET006]: input/.termsmith-confluence.json: can't be used" in result.stderr


def test_headers_without_end_are_told(base: str, space: Space) -> None:
    space.failures += [(200, {"X": "a" * 70_000}, b"{}")] * 9
    result = fetch(base)
    assert result.exit_code == 2
    assert "error[FET005]: the server answered with more headers, or longer ones, than are" in result.stderr


def test_redirects_without_end_are_told(base: str, space: Space) -> None:
    space.failures += [(302, {"Location": "/wiki/rest/api/content/search"}, b"")] * 40
    result = fetch(base)
    assert result.exit_code == 2
    assert "error[FET005]: the server answered with redirects without end" in result.stderr


def test_pages_of_another_host_are_not_taken_for_those_of_the_wiki(base: str, space: Space) -> None:
    elsewhere = base.replace("127.0.0.1", "localhost") + '/rest/api/content/search?cql=space = "TA"'
    space.failures.append((302, {"Location": elsewhere}, b""))
    space.failures.append((200, {}, b'{"results": []}'))
    result = fetch(base)
    assert result.exit_code == 2
    assert "error[FET005]: the server answered with a redirect to another host, localhost" in result.stderr


def test_an_answer_without_end_is_broken_off(
    base: str, space: Space, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = iter(range(0, 10_000, 400))
    monkeypatch.setattr("termsmith.confluence.client.time.monotonic", lambda: next(now))
    space.failures.append((200, {}, b" " * 2_000_000 + b"{}"))
    result = fetch(base)
    assert result.exit_code == 2
    assert "error[FET004]: the server's answer has no end within 600 seconds" in result.stderr


@pytest.mark.parametrize(
    "name", ["../own-102.json", "own.json", "own-102.txt", "/own-102.json", "a/../102.json"]
)
def test_only_files_that_a_fetch_can_have_stored_are_its_own(base: str, name: str) -> None:
    fetch(base)
    state = Path("input/.termsmith-confluence.json")
    stored = json.loads(state.read_bytes())
    stored["pages"]["102"]["files"][name] = None
    state.write_text(json.dumps(stored), encoding="utf-8")
    result = fetch(base, "--prune")
    assert result.exit_code == 2
    assert f"{name!r} is no file of the page '102'" in result.stderr


@pytest.mark.parametrize("stated", ['{"form": 1, "pages": {"1": {"version": Infinity}}}', "[" * 100_000])
def test_an_odd_state_is_told(base: str, stated: str) -> None:
    Path("input").mkdir()
    Path("input/.termsmith-confluence.json").write_text(stated, encoding="utf-8")
    result = fetch(base)
    assert result.exit_code == 2
    assert "error[FET006]: input/.termsmith-confluence.json: can't be used" in result.stderr


@pytest.mark.parametrize("letter", ["術", "\U00020000", "a"])
def test_long_titles_give_names_that_disks_take(base: str, space: Space, letter: str) -> None:
    tables = {f"{letter * 80}{each}.csv": (1, b"Code\n1\n") for each in range(3)}
    space.pages = {"1" * 20: Page("1" * 20, letter * 200, "<p>x</p>", tables=tables)}
    assert fetch(base).exit_code == 0
    assert len(names()) == 5
    assert max(len(name.encode()) for name in names()) <= 255


def test_tables_whose_names_differ_by_case_only_have_names_of_their_own(base: str, space: Space) -> None:
    space.pages["103"].tables = {
        name: (1, name.encode()) for name in ("Con.csv", "con.CSV", "\u00e9.csv", "E\u0301.csv")
    }
    assert fetch(base).exit_code == 0
    assert [name for name in names() if name.startswith("Salt")] == [
        "Salt-103.attached.Con.csv",
        "Salt-103.attached.con-2.csv",
        "Salt-103.attached.É-2.csv",
        "Salt-103.attached.é.csv",
        "Salt-103.json",
    ]
