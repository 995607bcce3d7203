"""Builds from Python do what `termsmith build` does, and tell it as data."""

from __future__ import annotations

import json
import sys
import threading
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from cli.at_work import build_at_work
from cli.pages import termsmith as command
from cli.pages import write_page

import termsmith
from termsmith import Change, OutputFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from termsmith import BuildReport

LONGEST = 90
"""Seconds after which a test that waits for changes gives up."""


def configure(text: str = "", folder: str = ".") -> None:
    Path(folder).mkdir(exist_ok=True)
    Path(folder, "termsmith.toml").write_text(f'[build]\nsources = ["pages"]\n{text}', encoding="utf-8")


def changes(report: BuildReport) -> dict[str, str]:
    return {file.path: file.change.value for file in report.files}


def written(folder: str = ".") -> dict[str, bytes]:
    paths = (path for path in Path(folder).rglob("*") if path.is_file() and ".termsmith" not in path.parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def test_a_first_build_and_a_second_one() -> None:
    configure('fhir_versions = ["R4", "R5"]\n')
    write_page("pages/tea.txt", "Tea")
    report = termsmith.build()
    assert report.folder == Path()
    assert (report.check, report.pages, report.ok, report.differs) == (False, 1, True, True)
    assert [(each.fhir_version, each.converted) for each in report.releases] == [("R4", 1), ("R5", 1)]
    assert report.releases[1].files == (
        OutputFile(path="output/r5/NamingSystem-Tea.json", change=Change.NEW, source="pages/tea.txt"),
        OutputFile(path="output/r5/CodeSystem-Tea.json", change=Change.NEW, source="pages/tea.txt"),
    )
    assert all((report.folder / file.path).is_file() for file in report.files)
    (source,) = report.releases[0].sources
    assert source.source == "pages/tea.txt"
    assert {finding.code for finding in report.findings} == {finding.code for finding in source.findings}
    again = termsmith.build()
    assert (again.ok, again.differs, [each.converted for each in again.releases]) == (True, False, [0, 0])
    assert {file.change for file in again.files} == {Change.UNCHANGED}
    assert [file.path for file in again.files] == [file.path for file in report.files]
    assert [each.sources for each in again.releases] == [each.sources for each in report.releases]


def test_everything_written_is_what_the_command_writes() -> None:
    more = (
        '[outputs]\njson = "out"\nxml = "out"\nfsh = "out"\npackage = "out"\nbundle = "out"\noid_map = "oids.csv"\n'
        '[package]\nname = "org.example.tea"\nversion = "1.0.0"\ncanonical = "https://tea.example"\n'
    )
    for folder in ("one", "other"):
        configure(more, folder)
        write_page(f"{folder}/pages/tea.txt", "Tea")
        write_page(f"{folder}/pages/ale.txt", "Ale", number=2)
    report = termsmith.build(Path("one/termsmith.toml"))
    assert command("build", "--config", "other/termsmith.toml").exit_code == 0
    assert written("one") == written("other")
    assert report.folder == Path("one")
    assert [file for file in report.releases[0].files if file.source is None] == [
        OutputFile(path="out/package.tgz", change=Change.NEW),
        OutputFile(path="out/bundle.json", change=Change.NEW),
    ]
    assert report.guide.files == (OutputFile(path="oids.csv", change=Change.NEW),)
    assert report.files[-1].path == "oids.csv"


def test_a_check_writes_nothing() -> None:
    configure()
    write_page("pages/tea.txt", "Tea")
    before = written()
    report = termsmith.build("termsmith.toml", check=True)
    assert (report.check, report.ok, report.differs) == (True, True, True)
    assert changes(report) == {
        "output/NamingSystem-Tea.json": "new",
        "output/CodeSystem-Tea.json": "new",
    }
    assert written() == before
    termsmith.build()
    assert not termsmith.build(check=True).differs
    Path("output/CodeSystem-Tea.json").write_text("{}", encoding="utf-8")
    assert changes(termsmith.build(check=True))["output/CodeSystem-Tea.json"] == "changed"
    assert Path("output/CodeSystem-Tea.json").read_text(encoding="utf-8") == "{}"


def test_files_of_former_builds_are_told_and_pruned_on_demand() -> None:
    configure()
    for number, name in enumerate(("Tea", "Ale", "Gin")):
        write_page(f"pages/{name.lower()}.txt", name, number=number)
    termsmith.build()
    Path("pages/ale.txt").unlink()
    Path("pages/gin.txt").unlink()
    Path("output/CodeSystem-Gin.json").write_text("{}", encoding="utf-8")
    told = termsmith.build()
    gone = {
        f"output/{kind}-{name}.json" for kind in ("CodeSystem", "NamingSystem") for name in ("Ale", "Gin")
    }
    assert (set(told.stale), told.edited, told.removed) == (gone, ("output/CodeSystem-Gin.json",), ())
    assert told.differs
    would = termsmith.build(check=True, prune=True)
    assert all(Path(path).is_file() for path in gone)
    pruned = termsmith.build(prune=True)
    for report in (would, pruned):
        assert set(report.removed) == gone - {"output/CodeSystem-Gin.json"}
        assert report.stale == report.edited == ("output/CodeSystem-Gin.json",)
    assert [path for path in sorted(gone) if Path(path).exists()] == ["output/CodeSystem-Gin.json"]


def test_findings_are_told_by_source_and_those_of_several_releases_once() -> None:
    configure(
        'fhir_versions = ["R4", "R5"]\n[[exceptions]]\nrule = "NAM003"\nplace = "pages/*"\nreason = "r"\n'
    )
    write_page("pages/one.txt", "Tea")
    write_page("pages/two.txt", "Tea", number=2)
    report = termsmith.build()
    for release in report.releases:
        names = [each.source for each in release.sources]
        assert names == ["pages/one.txt", "pages/two.txt", "termsmith.toml"]
        assert all("OUT001" in {each.code for each in source.findings} for source in release.sources[:2])
        assert release.files == ()
    codes = [each.code for each in report.findings]
    # A page's own faults are the same in both releases; files are others.
    assert (codes.count("RES004"), codes.count("OUT001")) == (2, 4)
    assert not report.ok
    assert report.errors == ()
    assert command("build").exit_code == 1


def test_a_source_that_is_not_there_is_an_error_of_the_report() -> None:
    Path("termsmith.toml").write_text(
        '[build]\nsources = ["pages", "gone"]\nfhir_versions = ["R4", "R5"]\n', encoding="utf-8"
    )
    write_page("pages/tea.txt", "Tea")
    Path("pages/tea.toml").write_text('[concepts]\nfile = "gone.csv"\n', encoding="utf-8")
    Path("pages/ale.toml").write_text("", encoding="utf-8")
    report = termsmith.build()
    assert [(each.code, each.message) for each in report.errors] == [
        ("SRC001", "gone: no such file or folder"),
        ("SRC001", "pages/tea.toml:2: pages/gone.csv: no such file"),
    ]
    assert not report.ok
    assert report.lone_sidecars == ("pages/ale.toml",)
    assert report.pages == 1


@pytest.mark.parametrize(
    ("text", "kind", "code"),
    [
        ("[build]\nsource = 1\n", termsmith.SettingsError, "SET001"),
        (None, termsmith.SettingsError, "SET002"),
        ('[build]\nsources = ["."]\n[outputs]\npackage = "o"\n', termsmith.SettingsError, "SET004"),
        ("", termsmith.SettingsError, "SET005"),
        ('dialect = "none"\n[build]\nsources = ["."]\n', termsmith.UsageError, "USE002"),
    ],
)
@pytest.mark.parametrize("call", [termsmith.build, termsmith.guide_entries])
def test_a_configuration_that_is_wrong_stops_it(call: Any, text: str | None, kind: Any, code: str) -> None:
    if text is not None:
        Path("termsmith.toml").write_text(text, encoding="utf-8")
    before = written()
    with pytest.raises(kind) as caught:
        call()
    assert caught.value.code == code
    assert written() == before


def test_the_environment_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    configure()
    write_page("pages/tea.txt", "Tea")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    with pytest.raises(termsmith.SettingsError, match="SET003"):
        termsmith.build()


def test_a_lock_file_that_is_no_use_stops_it() -> None:
    configure()
    write_page("pages/tea.txt", "Tea")
    Path("termsmith.lock").write_text("nonsense", encoding="utf-8")
    with pytest.raises(termsmith.OutputError, match="OUT010"):
        termsmith.build()
    assert not Path("output").exists()


def test_a_second_build_says_that_it_waits_for_the_first() -> None:
    configure()
    write_page("pages/tea.txt", "Tea")
    with build_at_work() as first:
        waits: list[bool] = []

        def on_wait() -> None:
            waits.append(Path("output").exists())
            first.close()

        report = termsmith.build(on_wait=on_wait)
    assert waits == [False]
    assert report.differs
    assert termsmith.build(on_wait=lambda: waits.append(True)).ok
    assert waits == [False]


def test_what_is_not_there_can_not_be_watched() -> None:
    pytest.importorskip("watchfiles")
    with pytest.raises(termsmith.SettingsError, match=r"SET002: gone/termsmith\.toml"):
        termsmith.watch("gone/termsmith.toml")


def test_builds_at_the_same_time_come_one_after_the_other() -> None:
    configure()
    write_page("pages/tea.txt", "Tea")
    reports: list[BuildReport] = []
    threads = [threading.Thread(target=lambda: reports.append(termsmith.build())) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(report.differs for report in reports) == [False, True]


def test_a_build_prints_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    configure()
    write_page("pages/tea.txt", "Tea")
    Path("pages/none.toml").write_text("", encoding="utf-8")
    termsmith.build()
    termsmith.guide_entries()
    termsmith.first_config()
    assert capfd.readouterr() == ("", "")


def test_a_report_stays_as_it_is() -> None:
    configure()
    report = termsmith.build()
    with pytest.raises(AttributeError):
        report.pages = 7  # type: ignore[misc]
    assert hash(report.releases[0]) == hash(termsmith.build().releases[0])


def test_a_guide_that_is_not_safe_to_change_is_told_with_its_lines() -> None:
    configure('[outputs]\njson = "input/vocabulary"\nsushi_config = "sushi-config.yaml"\n')
    write_page("pages/tea.txt", "Tea")
    Path("sushi-config.yaml").write_text("parameters: {a: b}\n", encoding="utf-8")
    report = termsmith.build()
    assert report.guide.unmerged == "sushi-config.yaml: parameters has its value on its own line"
    assert report.guide.entries == 'parameters:\n  special-url:\n    - "https://tasters.example/id/tea"\n'
    assert report.guide.entries in termsmith.guide_entries()
    assert report.guide.files == (OutputFile(path="sushi-config.yaml", change=Change.CHANGED),)
    assert termsmith.build(check=True).differs
    Path("sushi-config.yaml").write_text("parameters:\n  apply-publisher: true\n", encoding="utf-8")
    merged = termsmith.build()
    assert (merged.guide.unmerged, merged.guide.entries) == (None, None)
    assert merged.guide.files == (OutputFile(path="sushi-config.yaml", change=Change.CHANGED),)
    assert merged.guide.switches == ("apply-publisher",)
    assert termsmith.build().guide == termsmith.BuiltGuide(switches=("apply-publisher",))


@pytest.mark.parametrize("form", ["sushi", "json", "xml"])
def test_the_entries_of_a_guide_are_those_that_the_command_prints(form: Any) -> None:
    configure('fhir_versions = ["R5", "R4"]\n[guide]\ngroup = "terms"\n')
    write_page("pages/tea.txt", "Tea")
    termsmith.build()
    before = written()
    entries = termsmith.guide_entries("termsmith.toml", form=form)
    assert entries == command("guide", "--form", form).stdout
    assert "CodeSystem/Tea" in entries
    assert written() == before


def test_entries_without_a_page_that_cant_be_read_are_not_given() -> None:
    configure()
    write_page("pages/tea.txt", "Tea")
    Path("pages/tea.toml").write_text('[concepts]\nfile = "gone.csv"\n', encoding="utf-8")
    with pytest.raises(termsmith.SourceError, match="SRC001"):
        termsmith.guide_entries()


def test_entries_of_no_known_form_are_refused() -> None:
    with pytest.raises(termsmith.UsageError) as caught:
        termsmith.guide_entries(form="yaml")  # type: ignore[arg-type]
    assert (caught.value.code, caught.value.hint) == ("USE006", "Known are sushi, json, xml.")


def test_a_first_configuration_is_that_of_the_command() -> None:
    write_page("guide/input/terms/tea.txt", "Tea")
    Path("guide/sushi-config.yaml").write_text("canonical: https://tea.example\n", encoding="utf-8")
    text = termsmith.first_config("guide")
    assert not Path("guide/termsmith.toml").exists()
    command("init", "guide")
    assert Path("guide/termsmith.toml").read_text(encoding="utf-8") == text
    assert termsmith.build("guide/termsmith.toml").ok
    with pytest.raises(termsmith.SourceError) as caught:
        termsmith.first_config("gone")
    assert (caught.value.code, caught.value.message) == ("SRC001", "gone: no such folder")


@pytest.mark.parametrize("name", ["config", "sidecar"])
def test_a_schema_is_that_of_the_command(name: Any) -> None:
    assert termsmith.schema(name) == json.loads(command("schema", name).stdout)


def test_a_schema_of_nothing_known_is_refused() -> None:
    with pytest.raises(termsmith.UsageError, match="USE006: name can't be 'page'"):
        termsmith.schema("page")  # type: ignore[arg-type]


def report_that(fits: Callable[[BuildReport], bool], reports: Iterator[BuildReport]) -> BuildReport:
    """Return the next report that fits; fail where it never comes."""
    got: list[BuildReport] = []
    thread = threading.Thread(target=lambda: got.extend(islice(filter(fits, reports), 1)), daemon=True)
    thread.start()
    thread.join(LONGEST)
    assert got, "it was not built"
    return got[0]


def test_watching_builds_at_once_and_after_each_change() -> None:
    pytest.importorskip("watchfiles")
    configure()
    write_page("pages/tea.txt", "Tea")
    reports = termsmith.watch()
    assert set(changes(next(reports)).values()) == {"new"}
    write_page("pages/ale.txt", "Ale", number=2)
    second = report_that(lambda report: report.pages == 2, reports)
    assert second.releases[0].converted == 1
    configure("new = 1\n")
    stopped = report_that(lambda report: not report.ok, reports)
    assert (stopped.releases, stopped.folder, stopped.differs) == ((), Path(), False)
    assert [each.code for each in stopped.errors] == ["SET001"]
    configure('[outputs]\njson = "other"\n')
    last = report_that(lambda report: report.ok, reports)
    assert changes(last)["other/CodeSystem-Tea.json"] == "new"
    assert "output/CodeSystem-Tea.json" in last.stale


def test_watching_without_its_extra_is_refused_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    with pytest.raises(termsmith.UsageError, match="USE010"):
        termsmith.watch()
