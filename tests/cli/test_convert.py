"""`termsmith convert` as users and scripts see it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

import termsmith.batch as termsmith_batch
import termsmith.cli.convert as termsmith_convert
from cli.pages import listing, page, termsmith, write_page
from termsmith.conversion import convert_page

BLANK_IDENTIFIERS = "\n"


def test_a_page_becomes_two_files() -> None:
    write_page("in/tea.txt", "Tea")
    result = termsmith("convert", "in/tea.txt", "--output", "out")
    assert result.stdout == "in/tea.txt -> NamingSystem-Tea.json (new), CodeSystem-Tea.json (new)\n"
    assert result.stderr == "1 page: 2 resources (2 new); 0 errors, 0 warnings, 2 notes (-v shows notes)\n"
    assert result.exit_code == 0
    files = listing("out")
    assert list(files) == ["CodeSystem-Tea.json", "NamingSystem-Tea.json"]
    for data in files.values():
        text = data.decode()
        assert text == json.dumps(json.loads(text), indent=2, ensure_ascii=False) + "\n"


def test_notes_are_shown_when_asked_for() -> None:
    write_page("tea.txt", "Tea")
    assert termsmith("convert", "tea.txt", "-o", "out", "-v").stderr == (
        "tea.txt: note[RES002]: the page does not say whether codes are case sensitive; "
        "caseSensitive = true is assumed\n"
        "  hint: State case_sensitive in the sidecar to settle it.\n"
        "tea.txt: note[RES004]: the page states no status; draft is assumed\n"
        "  hint: State status in the sidecar or the configuration.\n"
        "1 page: 2 resources (2 new); 0 errors, 0 warnings, 2 notes\n"
    )


def test_rows_that_claim_one_url_are_both_named() -> None:
    head = "<tr><th>Name</th><th>Owner</th><th>URI</th><th>OID</th></tr>"
    rows = [
        f"<tr><td>{name}</td><td>Tea Board</td>\n<td>http://tea.example</td><td>2.999.{number}</td></tr>"
        for number, name in enumerate(("Teas", "Cups"), start=1)
    ]
    Path("list.html").write_text(
        f"<html><body><table>{head}\n{''.join(rows)}</table></body></html>", encoding="utf-8"
    )
    result = termsmith("convert", "list.html", "-o", "out", "--manifest", "out.json")
    (told,) = (line for line in result.stderr.splitlines() if "REL002" in line)
    assert told == (
        "list.html:4:5: error[REL002]: url 'http://tea.example' of CodeSystem/Cups is also that of "
        "CodeSystem/Teas in list.html; references to it mean two resources"
    )
    (source,) = json.loads(Path("out.json").read_bytes())["sources"]
    places = {each["code"]: each["place"] for each in source["findings"] if each["code"].startswith("REL")}
    assert places["REL002"] == places["REL003"]
    assert (places["REL002"]["line"], places["REL002"]["row"]) == (4, 3)


def test_a_second_run_touches_nothing() -> None:
    write_page("in/tea.txt", "Tea")
    write_page("in/ale.txt", "Ale", number=2)
    termsmith("convert", "in", "-o", "out")
    for path in Path("out").iterdir():
        os.utime(path, (1, 1))
    write_page("in/ale.txt", "Ale", number=3)
    result = termsmith("convert", "in", "-o", "out")
    assert result.stdout == (
        "in/ale.txt -> NamingSystem-Ale.json (changed), CodeSystem-Ale.json (changed)\n"
        "in/tea.txt -> NamingSystem-Tea.json, CodeSystem-Tea.json\n"
    )
    assert result.stderr == (
        "2 pages: 4 resources (2 changed, 2 unchanged); 0 errors, 0 warnings, 4 notes (-v shows notes)\n"
    )
    assert {path.name: path.stat().st_mtime == 1 for path in Path("out").iterdir()} == {
        "CodeSystem-Ale.json": False,
        "CodeSystem-Tea.json": True,
        "NamingSystem-Ale.json": False,
        "NamingSystem-Tea.json": True,
    }


def test_standard_input_is_a_page() -> None:
    result = termsmith("convert", "-", "-o", "out", stdin=page("Tea"))
    assert result.stdout == "- -> NamingSystem-Tea.json (new), CodeSystem-Tea.json (new)\n"
    assert result.exit_code == 0


def test_a_bad_page_does_not_stop_the_others_and_is_exit_status_1() -> None:
    write_page("in/a.txt", "Tea", identifiers=BLANK_IDENTIFIERS)
    write_page("in/b.txt", "Ale")
    result = termsmith("convert", "in", "-o", "out")
    assert result.stdout == "in/b.txt -> NamingSystem-Ale.json (new), CodeSystem-Ale.json (new)\n"
    assert result.stderr == (
        "in/a.txt: error[REC020]: the page states no URI and no OID of the terminology\n"
        "  hint: State canonical_url or oid in in/a.toml; or have the resources written without one, "
        "by --draft of `convert` or `draft = true` in termsmith.toml.\n"
        "2 pages: 2 resources (2 new); 1 error, 0 warnings, 2 notes (-v shows notes)\n"
    )
    assert result.exit_code == 1


def test_a_draft_is_written_without_an_identifier() -> None:
    write_page("a.txt", "Tea", identifiers=BLANK_IDENTIFIERS)
    result = termsmith("convert", "a.txt", "-o", "out", "--draft")
    assert result.stdout == "a.txt -> NamingSystem-Tea.json (new), CodeSystem-Tea.json (new)\n"
    assert result.exit_code == 0


def test_a_missing_source_is_exit_status_2_and_the_others_are_converted() -> None:
    write_page("a.txt", "Tea", identifiers=BLANK_IDENTIFIERS)
    write_page("b.txt", "Ale")
    result = termsmith("convert", "gone.txt", "a.txt", "b.txt", "-o", "out")
    assert result.stdout == "b.txt -> NamingSystem-Ale.json (new), CodeSystem-Ale.json (new)\n"
    assert result.stderr.startswith(
        "error[SRC001]: gone.txt: no such file or folder\n  hint: Check the path.\na.txt: error[REC020]: "
    )
    assert result.exit_code == 2


def test_a_folder_without_pages_is_an_error() -> None:
    Path("in").mkdir()
    Path("in/logo.png").write_bytes(b"")
    result = termsmith("convert", "in", "-o", "out")
    assert result.stderr == (
        "note: 1 file in folders left out as no pages; -v lists them\n"
        "error[SRC004]: no page was found\n"
        "  hint: Name a page, or a folder that holds pages.\n"
    )
    assert result.exit_code == 2


def test_what_a_folder_search_leaves_out_is_said() -> None:
    write_page("in/tea.txt", "Tea")
    Path("in/logo.png").write_bytes(b"")
    Path("in/tee.toml").write_bytes(b"")
    assert termsmith("convert", "in", "-o", "out", "-v").stderr.startswith(
        "note: in/tee.toml stands beside no page of that name, and was not used\n"
        "note: in/logo.png was left out: an image\n"
    )


def test_the_sidecar_beside_a_page_completes_it() -> None:
    write_page("tea.txt", "Tea", identifiers=BLANK_IDENTIFIERS)
    Path("tea.toml").write_text('canonical_url = "https://tasters.example/id/tea"\n', encoding="utf-8")
    assert termsmith("convert", "tea.txt", "-o", "out").exit_code == 0
    assert json.loads(Path("out/CodeSystem-Tea.json").read_text(encoding="utf-8"))["url"] == (
        "https://tasters.example/id/tea"
    )


class TestTwoSourcesForOneFile:
    STDERR = "".join(
        f"in/{source}.txt: error[OUT001]: NamingSystem-Tea.json and CodeSystem-Tea.json would be written by "
        "in/a.txt and by in/b.txt; neither is written\n"
        "  hint: State a different id in the sidecar of one of them.\n"
        for source in "ab"
    )

    def test_neither_is_written_and_both_are_named(self) -> None:
        for name in "ab":
            write_page(f"in/{name}.txt", "Tea")
        write_page("in/c.txt", "Ale", number=2)
        result = termsmith("convert", "in", "-o", "out")
        assert result.stdout == "in/c.txt -> NamingSystem-Ale.json (new), CodeSystem-Ale.json (new)\n"
        assert result.stderr == (
            self.STDERR + "3 pages: 2 resources (2 new); 2 errors, 0 warnings, 6 notes (-v shows notes)\n"
        )
        assert result.exit_code == 1
        assert list(listing("out")) == ["CodeSystem-Ale.json", "NamingSystem-Ale.json"]

    def test_what_an_earlier_run_wrote_stays(self) -> None:
        write_page("in/a.txt", "Tea")
        termsmith("convert", "in", "-o", "out")
        before = listing("out")
        write_page("in/a.txt", "Tea", number=7)
        write_page("in/b.txt", "Tea", number=8)
        assert termsmith("convert", "in", "-o", "out").stderr.startswith(self.STDERR)
        assert listing("out") == before


class TestCheck:
    def test_nothing_is_written_and_what_would_change_is_listed(self) -> None:
        write_page("in/tea.txt", "Tea")
        result = termsmith("convert", "in", "-o", "out", "--check", "--manifest", "manifest.json")
        assert result.stdout == (
            "in/tea.txt -> NamingSystem-Tea.json (new), CodeSystem-Tea.json (new)\nmanifest.json (new)\n"
        )
        assert result.exit_code == 1
        assert sorted(path.name for path in Path().iterdir()) == ["in"]

    def test_it_is_silent_and_0_when_all_is_as_it_should_be(self) -> None:
        write_page("in/tea.txt", "Tea")
        termsmith("convert", "in", "-o", "out")
        result = termsmith("convert", "in", "-o", "out", "--check")
        assert (result.stdout, result.exit_code) == ("", 0)

    def test_a_manifest_that_would_change_counts(self) -> None:
        write_page("in/tea.txt", "Tea")
        termsmith("convert", "in", "-o", "out")
        result = termsmith("convert", "in", "-o", "out", "--check", "--manifest", "manifest.json")
        assert (result.stdout, result.exit_code) == ("manifest.json (new)\n", 1)


def test_other_resources_in_the_folder_are_mentioned_for_a_whole_folder_only() -> None:
    write_page("in/tea.txt", "Tea")
    write_page("in/ale.txt", "Ale", number=2)
    termsmith("convert", "in", "-o", "out")
    Path("in/ale.txt").unlink()
    note = "note: 2 other files in out left alone: CodeSystem-Ale.json, NamingSystem-Ale.json\n"
    assert note in termsmith("convert", "in", "-o", "out").stderr
    assert note not in termsmith("convert", "in/tea.txt", "-o", "out").stderr
    assert len(listing("out")) == 4


def test_the_manifest_lists_sources_and_files() -> None:
    write_page("in/a.txt", "Tea", identifiers=BLANK_IDENTIFIERS)
    write_page("in/b.txt", "Ale")
    termsmith("convert", "in", "-o", "out", "--manifest", "out/manifest.json")
    text = Path("out/manifest.json").read_text(encoding="utf-8")
    sources = json.loads(text)["sources"]
    assert [
        (each["source"], each["dialect"], [file["file"] for file in each["resources"]]) for each in sources
    ] == [("in/a.txt", "D1", []), ("in/b.txt", "D1", ["NamingSystem-Ale.json", "CodeSystem-Ale.json"])]
    assert [finding["code"] for finding in sources[0]["findings"]] == ["REC020"]
    termsmith("convert", "in", "-o", "out", "--manifest", "out/manifest.json")
    assert Path("out/manifest.json").read_text(encoding="utf-8") == text


class TestSettings:
    def test_the_configuration_of_the_folder_is_used(self) -> None:
        write_page("tea.txt", "Tea")
        Path("termsmith.toml").write_text('fhir_version = "R5"\n[defaults]\nstatus = "active"\n', "utf-8")
        termsmith("convert", "tea.txt", "-o", "out")
        naming_system = json.loads(Path("out/NamingSystem-Tea.json").read_text(encoding="utf-8"))
        assert (naming_system["status"], naming_system["title"]) == ("active", "Grades of Tea")

    def test_the_command_line_wins(self) -> None:
        write_page("tea.txt", "Tea")
        Path("other.toml").write_text('fhir_version = "R5"\n', encoding="utf-8")
        termsmith("convert", "tea.txt", "-o", "out", "--config", "other.toml", "--fhir-version", "R4")
        assert "title" not in json.loads(Path("out/NamingSystem-Tea.json").read_text(encoding="utf-8"))

    def test_a_wrong_configuration_is_exit_status_2(self) -> None:
        write_page("tea.txt", "Tea")
        Path("termsmith.toml").write_text('\nfhir_version = "R6"\n', encoding="utf-8")
        result = termsmith("convert", "tea.txt", "-o", "out")
        assert result.stderr == (
            "error[SET001]: termsmith.toml:2: fhir_version: 'R6' is not known; allowed: R4, R4B, R5\n"
            "  hint: `termsmith schema config` prints every key; the documentation of termsmith.toml explains them.\n"
        )
        assert result.exit_code == 2

    def test_an_unknown_dialect_is_exit_status_2(self) -> None:
        write_page("tea.txt", "Tea")
        result = termsmith("convert", "tea.txt", "-o", "out", "--dialect", "D9")
        assert result.stderr.startswith("error[USE002]: there is no dialect 'D9'\n  hint: ")
        assert result.exit_code == 2
        assert not Path("out").exists()

    def test_a_table_of_ones_own_is_named_by_its_path(self) -> None:
        Path("mine.toml").write_text(
            'id = "mine"\ntitle = "Mine"\n[labels]\n"Full name" = "title"\n"Abbreviation" = "short_name"\n'
            '"Address of the system" = "identifiers"\n"Kept by" = "owner"\n',
            encoding="utf-8",
        )
        Path("tea.txt").write_text(
            "Full name: Grades of Tea\nAbbreviation: Tea\nAddress of the system: "
            "https://tasters.example/id/tea\nKept by: Guild of Tasters\n",
            encoding="utf-8",
        )
        result = termsmith("convert", "tea.txt", "-o", "out", "--dialect", "./mine.toml")
        assert result.stdout == "tea.txt -> NamingSystem-Tea.json (new), CodeSystem-Tea.json (new)\n"
        assert result.exit_code == 0

    def test_source_date_epoch_dates_pages_without_a_date(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
        text = page("Tea").replace("2021-04-30", "")
        termsmith("convert", "-", "-o", "out", stdin=text)
        written = json.loads(Path("out/CodeSystem-Tea.json").read_text(encoding="utf-8"))
        assert written["date"] == "1970-01-02"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["convert"], "Missing argument 'SOURCE...'"),
        (["convert", "tea.txt"], "Missing option '-o' / '--output'"),
        (["convert", "tea.txt", "-o", "out", "--jobs", "0"], "0 is not in the range x>=1"),
        (["convert", "tea.txt", "-o", "out", "--fhir-version", "R6"], "'R6' is not one of 'R4', 'R4B', 'R5'"),
        (["built"], "No such command 'built'"),
    ],
)
def test_wrong_usage_is_exit_status_2(arguments: list[str], message: str) -> None:
    result = termsmith(*arguments)
    assert result.exit_code == 2
    assert message in result.stderr


def test_a_file_in_the_place_of_the_output_folder_is_exit_status_2() -> None:
    write_page("tea.txt", "Tea")
    Path("out").write_bytes(b"")
    result = termsmith("convert", "tea.txt", "-o", "out")
    assert result.stderr == (
        "error[OUT003]: out is a file\n  hint: Name a folder that the results can go to.\n"
    )
    assert result.exit_code == 2


def test_a_fault_of_ours_on_one_page_does_not_cost_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    def faulty(data: bytes, source: str, *rest: object, **options: object) -> object:
        if source == "in/a.txt":
            raise RuntimeError("boo\x1b[31m")
        return convert_page(data, source, *rest, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(termsmith_batch, "convert_page", faulty)
    write_page("in/a.txt", "Tea")
    write_page("in/b.txt", "Ale")
    result = termsmith("convert", "in", "-o", "out")
    first, hint, summary = result.stderr.splitlines()
    assert first.startswith(
        "in/a.txt: error[INT001]: internal error: RuntimeError: boo\\u001b[31m (termsmith.batch:"
    )
    assert hint == (
        "  hint: This is a fault of termsmith. Please report it, with the page if you may share it."
    )
    assert summary == "2 pages: 2 resources (2 new); 1 error, 0 warnings, 2 notes (-v shows notes)"
    assert result.stdout == "in/b.txt -> NamingSystem-Ale.json (new), CodeSystem-Ale.json (new)\n"
    assert result.exit_code == 1


def test_a_fault_of_ours_anywhere_is_a_message(monkeypatch: pytest.MonkeyPatch) -> None:
    def faulty(*_rest: object, **_options: object) -> object:
        raise RuntimeError("boo")

    monkeypatch.setattr(termsmith_convert, "find_sources", faulty)
    result = termsmith("convert", "in", "-o", "out")
    assert result.stderr.startswith(
        "error[INT001]: internal error: RuntimeError: boo (termsmith.cli.convert:"
    )
    assert result.exit_code == 2


def test_ctrl_c_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(data: bytes, source: str, *rest: object, **options: object) -> object:
        if source == "in/b.txt":
            raise KeyboardInterrupt
        return convert_page(data, source, *rest, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(termsmith_batch, "convert_page", interrupted)
    write_page("in/a.txt", "Tea")
    write_page("in/b.txt", "Ale", number=2)
    result = termsmith("convert", "in", "-o", "out")
    assert (result.stdout, result.stderr, result.exit_code) == ("", "interrupted\n", 130)
    assert listing("out") == {}


def except_from(rule: str, place: str, more: str = "") -> None:
    Path("termsmith.toml").write_text(
        f'[[exceptions]]\nrule = "{rule}"\nplace = "{place}"\nreason = "known"\n{more}', encoding="utf-8"
    )


def test_a_page_of_which_nothing_is_written_is_told_though_its_error_is_excused() -> None:
    write_page("tea.txt", "Tea", identifiers=BLANK_IDENTIFIERS)
    except_from("REC020", "tea.txt")
    result = termsmith("convert", "tea.txt", "-o", "out", "--manifest", "manifest.json")
    assert result.exit_code == 0
    assert "error[REC020]" not in result.stderr
    assert "note: tea.txt: nothing is written of it; its REC020 is excused: known\n" in result.stderr
    assert "1 page: 0 resources; 0 errors" in result.stderr
    assert ", 1 excused" in result.stderr
    (source,) = json.loads(Path("manifest.json").read_bytes())["sources"]
    assert "REC020" not in [each["code"] for each in source["findings"]]
    assert [(each["reason"], each["finding"]["code"]) for each in source["excused"]] == [("known", "REC020")]


def test_excused_findings_of_a_page_that_is_written_are_only_counted() -> None:
    write_page("tea.txt", "Tea")
    except_from("RES", "*")
    assert termsmith("convert", "tea.txt", "-o", "out").stderr == (
        "1 page: 2 resources (2 new); 0 errors, 0 warnings, 0 notes, 2 excused\n"
    )


@pytest.mark.parametrize(
    ("rule", "more", "code"),
    [
        ("REC020", "", "EXC002"),
        ("RES004", "expires = 2020-01-01\n", "EXC001"),
        ("INV006", "", None),  # `check` alone looks for narratives
        ("SRV", "", None),
    ],
)
def test_exceptions_of_no_use_are_told(rule: str, more: str, code: str | None) -> None:
    write_page("tea.txt", "Tea")
    except_from(rule, "tea.txt", more)
    result = termsmith("convert", "tea.txt", "-o", "out", "--manifest", "manifest.json")
    told = [line for line in result.stderr.splitlines() if "EXC" in line]
    assert [line.partition(": the exc")[0] for line in told] == (
        [] if code is None else [f"termsmith.toml:1:1: warning[{code}]"]
    )
    about = json.loads(Path("manifest.json").read_bytes()).get("exceptions", [])
    assert [(each["source"], each["finding"]["code"]) for each in about] == (
        [] if code is None else [("termsmith.toml", code)]
    )


def test_two_pages_for_one_file_are_told_though_that_is_excused() -> None:
    write_page("a/tea.txt", "Tea")
    write_page("b/tea.txt", "Tea")
    except_from("OUT001", "*")
    result = termsmith("convert", "a", "b", "-o", "out", "--manifest", "manifest.json")
    assert "note: a/tea.txt: nothing is written of it; its OUT001 is excused: known\n" in result.stderr
    assert "note: b/tea.txt: nothing is written of it; its OUT001 is excused: known\n" in result.stderr
    assert listing("out") == {}
    sources = json.loads(Path("manifest.json").read_bytes())["sources"]
    assert [each["resources"] for each in sources] == [[], []]
    assert {each["excused"][0]["finding"]["code"] for each in sources} == {"OUT001"}


def test_a_faulty_code_table_is_written_with_its_fault_and_exit_status_1() -> None:
    write_page("tea.txt", "Tea")
    Path("tea.concepts.csv").write_text("code,display,child\na,A,zz\n", encoding="utf-8")
    result = termsmith("convert", "tea.txt", "-o", "out")
    assert "error[TAB038]" in result.stderr
    assert result.exit_code == 1
    assert list(listing("out")) == ["CodeSystem-Tea.json", "NamingSystem-Tea.json"]
