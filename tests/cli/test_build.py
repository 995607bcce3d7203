"""`termsmith build` as users and scripts see it."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tarfile
import time
from pathlib import Path
from typing import Any

import pytest

from cli.at_work import build_at_work
from cli.pages import listing, termsmith, write_page
from termsmith.batch import convert_read_source
from termsmith.builds.building import build
from termsmith.builds.few_changed import build_changed
from termsmith.outputs.formats import FORMATS
from termsmith.rules import all_rules

DOCS = Path(__file__).parents[2] / "docs"
COMMAND = [sys.executable, "-c", "from termsmith.cli.main import main\nif __name__ == '__main__': main()"]


def configure(text: str = "") -> None:
    Path("termsmith.toml").write_text(f'[build]\nsources = ["pages"]\n{text}', encoding="utf-8")


def locked() -> dict[str, Any]:
    files: dict[str, Any] = json.loads(Path("termsmith.lock").read_bytes())["files"]
    return files


@pytest.fixture
def conversions(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The sources that were really converted, in order."""
    names: list[str] = []

    def noted(source: Any, *rest: Any) -> Any:
        names.append(source.name)
        return convert_read_source(source, *rest)

    monkeypatch.setattr("termsmith.builds.release_work.convert_read_source", noted)
    return names


def test_a_build_writes_all_releases_each_into_its_own_folder() -> None:
    configure('fhir_versions = ["R4", "R5"]\n')
    write_page("pages/tea.txt", "Tea")
    result = termsmith("build")
    assert result.stdout == (
        "pages/tea.txt -> output/r4/NamingSystem-Tea.json (new)\n"
        "pages/tea.txt -> output/r4/CodeSystem-Tea.json (new)\n"
        "pages/tea.txt -> output/r5/NamingSystem-Tea.json (new)\n"
        "pages/tea.txt -> output/r5/CodeSystem-Tea.json (new)\n"
    )
    assert result.stderr == (
        "1 page, 1 converted: R4 2 resources (2 new), R5 2 resources (2 new); "
        "0 errors, 0 warnings, 2 notes (-v shows notes)\n"
    )
    assert result.exit_code == 0
    assert "url" not in json.loads(Path("output/r4/NamingSystem-Tea.json").read_bytes())
    assert list(locked()) == [
        "output/r4/CodeSystem-Tea.json",
        "output/r4/NamingSystem-Tea.json",
        "output/r5/CodeSystem-Tea.json",
        "output/r5/NamingSystem-Tea.json",
    ]


def test_the_folder_of_a_release_may_be_named() -> None:
    configure('fhir_versions = ["R4", "R4B"]\n[outputs]\njson = "out/{fhir_version}/json"\n')
    write_page("pages/tea.txt", "Tea")
    termsmith("build")
    assert Path("out/r4/json/CodeSystem-Tea.json").is_file()
    assert Path("out/r4b/json/CodeSystem-Tea.json").is_file()


def test_one_release_needs_no_folder_of_its_own() -> None:
    configure()
    write_page("pages/tea.txt", "Tea")
    termsmith("build")
    assert sorted(listing("output")) == ["CodeSystem-Tea.json", "NamingSystem-Tea.json"]


def test_only_what_has_changed_is_converted_again(conversions: list[str]) -> None:
    configure()
    write_page("pages/tea.txt", "Tea")
    write_page("pages/ale.txt", "Ale", number=2)
    first = termsmith("build", "-v")
    assert conversions == ["pages/ale.txt", "pages/tea.txt"]
    conversions.clear()
    again = termsmith("build", "-v")
    assert conversions == []
    assert again.stdout == ""
    # What was found before is told again.
    assert again.stderr.splitlines()[:-1] == first.stderr.splitlines()[:-1]
    assert "2 pages, 0 converted: R4 4 resources (4 unchanged)" in again.stderr
    write_page("pages/ale.txt", "Ale", number=3)
    changed = termsmith("build")
    assert conversions == ["pages/ale.txt"]
    assert changed.stdout.splitlines() == [
        "pages/ale.txt -> output/NamingSystem-Ale.json (changed)",
        "pages/ale.txt -> output/CodeSystem-Ale.json (changed)",
    ]


def test_the_time_of_a_file_does_not_count(conversions: list[str]) -> None:
    configure()
    write_page("pages/tea.txt", "Tea")
    termsmith("build")
    conversions.clear()
    os.utime("pages/tea.txt", (1, 1))
    os.utime("output/CodeSystem-Tea.json", (1, 1))
    assert termsmith("build").exit_code == 0
    assert conversions == []


def _damage(*names: str) -> None:
    for name in names:
        Path(name).write_text("nonsense", encoding="utf-8")


@pytest.mark.parametrize(
    "change",
    [
        lambda: Path("pages/tea.toml").write_text('version = "2"\n', encoding="utf-8"),
        lambda: Path("pages/tea.concepts.csv").write_text("Code,Display\n1,A\n", encoding="utf-8"),
        lambda: Path("pages/codes.csv").write_text("Code,Display\n2,B\n", encoding="utf-8"),
        lambda: Path("output/CodeSystem-Tea.json").unlink(),
        lambda: Path("output/CodeSystem-Tea.json").write_text("{}", encoding="utf-8"),
        lambda: configure('[defaults]\nstatus = "active"\n'),
        lambda: _damage(".termsmith/memory.jsonl", ".termsmith/unchanged.json"),
    ],
    ids=["sidecar", "table beside", "table named", "file gone", "file edited", "setting", "memory damaged"],
)
def test_whatever_a_result_is_made_of_counts(conversions: list[str], change: Any) -> None:
    configure()
    write_page("pages/tea.txt", "Tea")
    Path("pages/codes.csv").write_text("Code,Display\n1,A\n", encoding="utf-8")
    Path("pages/tea.toml").write_text('[concepts]\nfile = "codes.csv"\n', encoding="utf-8")
    termsmith("build")
    conversions.clear()
    change()
    termsmith("build")
    assert conversions == ["pages/tea.txt"]
    conversions.clear()
    termsmith("build")
    assert conversions == []


def test_a_complete_code_system_is_remembered_and_still_compared_with_others(conversions: list[str]) -> None:
    configure('[concepts]\ncontent = "complete"\n')
    write_page("pages/tea.txt", "Tea")
    Path("pages/tea.concepts.csv").write_text("code,display\nb,B\na,A\n", encoding="utf-8")
    first = termsmith("build")
    assert first.exit_code == 0, first.stderr
    write_page("pages/ale.txt", "Ale", number=2)
    conversions.clear()
    second = termsmith("build")
    assert (second.exit_code, conversions) == (0, ["pages/ale.txt"])
    assert termsmith("build", "--check").exit_code == 0


def test_a_build_of_the_sample_pages_gives_the_sample_output() -> None:
    configure()
    shutil.copytree(DOCS.parent / "input", "pages")
    assert termsmith("build").exit_code == 0
    assert listing("output") == listing(str(DOCS.parent / "output"))
    again = termsmith("build", "--check")
    assert (again.exit_code, "18 pages, 0 to be converted" in again.stderr) == (0, True)


def test_what_another_build_made_is_the_same_to_the_byte() -> None:
    configure('fhir_versions = ["R4", "R5"]\n')
    write_page("pages/tea.txt", "Tea")
    write_page("pages/ale.txt", "Ale", number=2)
    termsmith("build")
    before = {**listing("output/r4"), **listing("output/r5"), "lock": Path("termsmith.lock").read_bytes()}
    write_page("pages/tea.txt", "Tea", number=9)
    termsmith("build")
    write_page("pages/tea.txt", "Tea")
    termsmith("build")
    after = {**listing("output/r4"), **listing("output/r5"), "lock": Path("termsmith.lock").read_bytes()}
    assert before == after


def test_a_check_writes_nothing_and_tells_what_would_change() -> None:
    configure()
    write_page("pages/tea.txt", "Tea")
    result = termsmith("build", "--check")
    assert result.exit_code == 1
    assert "pages/tea.txt -> output/CodeSystem-Tea.json (new)\n" in result.stdout
    assert not Path("output").exists()
    assert not Path("termsmith.lock").exists()
    assert not Path(".termsmith").exists()
    termsmith("build")
    assert termsmith("build", "--check").exit_code == 0
    Path("pages/tea.txt").unlink()
    write_page("pages/ale.txt", "Ale", number=2)
    result = termsmith("build", "--check")
    assert result.exit_code == 1
    assert "2 files of former builds not made any more" in result.stderr


def test_pruning_removes_only_what_a_build_wrote_and_nobody_changed() -> None:
    configure()
    write_page("pages/tea.txt", "Tea")
    write_page("pages/ale.txt", "Ale", number=2)
    termsmith("build")
    Path("output/CodeSystem-Own.json").write_text("{}", encoding="utf-8")
    Path("output/CodeSystem-Ale.json").write_text("{}", encoding="utf-8")
    Path("pages/ale.txt").unlink()
    told = termsmith("build")
    assert "2 files" not in told.stderr
    assert (
        "1 file of former builds not made any more: output/NamingSystem-Ale.json; --prune removes"
        in told.stderr
    )
    result = termsmith("build", "--prune")
    assert result.stdout == "output/NamingSystem-Ale.json (removed)\n"
    assert "output/CodeSystem-Ale.json is not made any more, but was changed by hand" in result.stderr
    assert "is left alone; delete or move it\n" in result.stderr
    assert sorted(listing("output")) == [
        "CodeSystem-Ale.json",
        "CodeSystem-Own.json",
        "CodeSystem-Tea.json",
        "NamingSystem-Tea.json",
    ]
    assert list(locked()) == [
        "output/CodeSystem-Ale.json",
        "output/CodeSystem-Tea.json",
        "output/NamingSystem-Tea.json",
    ]


def test_the_files_of_a_page_that_fails_are_kept() -> None:
    configure()
    write_page("pages/tea.txt", "Tea")
    termsmith("build")
    write_page("pages/tea.txt", "Tea", identifiers="\n")
    result = termsmith("build", "--prune")
    assert result.exit_code == 1
    assert "REC020" in result.stderr
    assert sorted(listing("output")) == ["CodeSystem-Tea.json", "NamingSystem-Tea.json"]
    assert len(locked()) == 2


def test_a_codes_file_that_is_damaged_empties_no_code_system() -> None:
    configure()
    write_page("pages/tea.txt", "Tea")
    Path("pages/tea.concepts.csv").write_text("Code,Display\n1,One\n2,Two\n", encoding="utf-8")
    termsmith("build")
    before = Path("output/CodeSystem-Tea.json").read_bytes()
    assert b'"One"' in before
    Path("pages/tea.concepts.csv").write_bytes(b"PK\3\4broken")
    for _ in range(2):
        result = termsmith("build", "--prune")
        assert result.exit_code == 1
        assert "error[TAB025]" in result.stderr
        assert "warning[TAB056]" in result.stderr
        assert Path("output/CodeSystem-Tea.json").read_bytes() == before
    assert len(locked()) == 2


def claim(name: str, victim: Path) -> None:
    """Have the lock file say that a former build wrote a file."""
    digest = hashlib.sha256(victim.read_bytes()).hexdigest()
    entry = {"sha256": [digest], "source": "pages/gone.txt"}
    Path("termsmith.lock").write_text(json.dumps({"form": 1, "files": {name: entry}}), encoding="utf-8")


@pytest.mark.parametrize("name", ["{}", "../outside/v.txt", "a/../../outside/v.txt", "linked/v.txt"])
def test_a_lock_file_gives_no_right_to_files_outside(name: str, tmp_path: Path) -> None:
    victim = tmp_path / "outside" / "v.txt"
    victim.parent.mkdir()
    victim.write_text("mine", encoding="utf-8")
    project = tmp_path / "project"
    (project / "a").mkdir(parents=True)
    (project / "linked").symlink_to(victim.parent)
    os.chdir(project)
    configure()
    write_page("pages/tea.txt", "Tea")
    claim(name.format(victim.as_posix()), victim)
    result = termsmith("build", "--prune")
    assert result.exit_code == 2
    assert "error[OUT010]: termsmith.lock: can't be read: " in result.stderr
    assert victim.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("outside", ["../site", "{}/site"])
def test_outputs_that_the_configuration_puts_outside_are_pruned(outside: str, tmp_path: Path) -> None:
    (tmp_path / "project").mkdir()
    os.chdir(tmp_path / "project")
    configure(f'[outputs]\njson = "{outside.format(tmp_path.as_posix())}"\n')
    write_page("pages/tea.txt", "Tea")
    assert termsmith("build").exit_code == 0
    assert len(listing("../site")) == 2
    Path("pages/tea.txt").unlink()
    assert "NamingSystem-Tea.json (removed)" in termsmith("build", "--prune").stdout
    assert not listing("../site")


def test_two_pages_that_want_one_file_are_told_each_time() -> None:
    configure()
    write_page("pages/a.txt", "Tea")
    write_page("pages/b.txt", "Tea", number=2)
    for _ in range(2):
        result = termsmith("build")
        assert result.exit_code == 1
        assert result.stderr.count("OUT001") == 2
    assert not Path("output/CodeSystem-Tea.json").exists()


def test_pages_that_claim_one_identifier_are_told_each_time() -> None:
    configure()
    write_page("pages/a.txt", "Tea")
    write_page("pages/b.txt", "Ale")
    first, second = termsmith("build"), termsmith("build")
    claims = [line for line in first.stderr.splitlines() if "[REL" in line]
    assert claims
    assert [line for line in second.stderr.splitlines() if line in claims] == claims


def test_exceptions_hold_for_builds_and_are_told_when_they_are_of_no_use() -> None:
    configure(
        '[[exceptions]]\nrule = "RES004"\nplace = "pages/*"\nreason = "drafts"\n'
        '[[exceptions]]\nrule = "NAM001"\nplace = "pages/*"\nreason = "none of these"\n'
    )
    write_page("pages/tea.txt", "Tea")
    for _ in range(2):
        result = termsmith("build", "-v")
        assert "RES004" not in result.stderr
        assert "EXC002" in result.stderr


def test_what_exceptions_cover_is_counted_each_time_and_a_page_without_resources_told() -> None:
    configure('[[exceptions]]\nrule = "REC020"\nplace = "pages/*"\nreason = "an index"\n')
    write_page("pages/tea.txt", "Tea")
    write_page("pages/ale.txt", "Ale", identifiers="\n")
    for _ in range(3):
        result = termsmith("build")
        assert result.exit_code == 0
        assert (
            "note: pages/ale.txt: nothing is written of it; its REC020 is excused: an index\n"
            in result.stderr
        )
        assert ", 1 excused" in result.stderr.splitlines()[-1]
        write_page("pages/tea.txt", "Tea", number=2)  # the third build looks at this page alone


def test_an_exception_names_a_resource_of_a_package_too() -> None:
    configure(
        '[package]\nname = "a.b"\nversion = "1.0.0"\ncanonical = "https://a.example"\n'
        '[outputs]\npackage = "out"\n'
        '[[exceptions]]\nrule = "RES004"\nplace = "NamingSystem/Tea"\nreason = "drafts"\n'
    )
    write_page("pages/tea.txt", "Tea")
    for _ in range(2):
        result = termsmith("build", "-v")
        assert "RES004" not in result.stderr
        assert ", 1 excused" in result.stderr


def test_json_that_becomes_a_page_is_built_though_no_name_has_changed() -> None:
    configure()
    write_page("pages/tea.txt", "Tea")
    Path("pages/ale.json").write_text('{"a": 1}', encoding="utf-8")
    for _ in range(2):
        assert termsmith("build").stderr.startswith("1 page, ")
    Path("pages/ale.json").write_text('{"body": {"storage": {"value": "<p>Ale</p>"}}}', encoding="utf-8")
    assert "2 pages, " in termsmith("build").stderr


@pytest.mark.parametrize("command", [("build",), ("check", "pages"), ("convert", "pages", "-o", "out")])
def test_an_exception_for_a_rule_that_is_none_is_refused(command: tuple[str, ...]) -> None:
    exceptions = (
        f'[[exceptions]]\nrule = "{rule}"\nplace = "*"\nreason = "x"\n' for rule in ("NAM", "INV999")
    )
    configure("".join(exceptions))
    write_page("pages/tea.txt", "Tea")
    result = termsmith(*command)
    assert result.exit_code == 2
    assert result.stderr == (
        "error[SET001]: termsmith.toml:7: exceptions.rule: there is no rule 'INV999'\n"
        "  hint: `termsmith rules` lists all rules.\n"
    )


def test_a_configuration_without_sources_says_what_to_do() -> None:
    Path("termsmith.toml").write_text('fhir_version = "R4"\n', encoding="utf-8")
    result = termsmith("build")
    assert result.exit_code == 2
    assert result.stderr == (
        "error[SET005]: termsmith.toml does not say what to build\n"
        '  hint: State it: [build] sources = ["pages"]; or let `termsmith init` write a first configuration.\n'
    )


def test_a_configuration_of_a_newer_form_is_refused() -> None:
    Path("termsmith.toml").write_text(
        'form = 2\nbrand_new = true\n[build]\nsources = ["x"]\n', encoding="utf-8"
    )
    result = termsmith("build")
    assert result.exit_code == 2
    assert "error[SET006]: termsmith.toml:1: form is 2, and this termsmith knows 1" in result.stderr


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[build]\nsources = []\n", "termsmith.toml:2: build.sources: it is empty; allowed: at least one"),
        (
            '[build]\nsources = ["a"]\nfhir_versions = ["R4", "R6"]\n',
            "termsmith.toml:3: build.fhir_versions: 'R6' is not known; allowed: R4, R4B, R5",
        ),
        (
            '[build]\nsources = ["a", "a"]\n',
            "termsmith.toml:2: build.sources: 'a' stands in it twice; allowed: each once",
        ),
        (
            '[build]\nsources = ["a"]\n[outputs]\nyaml = "x"\n',
            "termsmith.toml:4: outputs.yaml: unknown key; allowed: bundle, fsh, ignore_warnings, json, ",
        ),
        (
            '[build]\nsources = ["a"]\n[outputs]\nfsh = "fsh-generated/resources"\n',
            "termsmith.toml:4: outputs.fsh: 'fsh-generated/resources' is emptied by each run of SUSHI",
        ),
    ],
)
def test_mistakes_about_builds_are_named_by_line(text: str, message: str) -> None:
    Path("termsmith.toml").write_text(text, encoding="utf-8")
    assert message in termsmith("build").stderr


@pytest.mark.parametrize(
    ("text", "code"),
    [("nonsense", "OUT010"), ('{"form": 9, "files": {}}', "OUT011"), ('{"form": 1}', "OUT010")],
)
def test_a_lock_file_that_is_no_use_stops_the_build_before_anything_is_written(text: str, code: str) -> None:
    configure()
    write_page("pages/tea.txt", "Tea")
    Path("termsmith.lock").write_text(text, encoding="utf-8")
    result = termsmith("build")
    assert result.exit_code == 2
    assert f"error[{code}]" in result.stderr
    assert not Path("output").exists()


def test_a_project_is_built_from_elsewhere_too(monkeypatch: pytest.MonkeyPatch) -> None:
    configure()
    write_page("pages/tea.txt", "Tea")
    here = Path.cwd()
    Path("elsewhere").mkdir()
    monkeypatch.chdir("elsewhere")
    result = termsmith("build", "--config", "../termsmith.toml")
    assert result.exit_code == 0
    monkeypatch.chdir(here)
    assert list(locked()) == ["output/CodeSystem-Tea.json", "output/NamingSystem-Tea.json"]
    assert termsmith("build").exit_code == 0


def test_a_second_build_waits_for_the_first() -> None:
    configure()
    write_page("pages/tea.txt", "Tea")
    termsmith("build")
    with (
        build_at_work() as first,
        subprocess.Popen([*COMMAND, "build"], stderr=subprocess.PIPE, text=True) as second,
    ):
        assert second.stderr is not None
        assert second.stderr.readline() == (
            "note: another build of this project is at work; waiting until it is done\n"
        )
        first.close()
        assert "1 page, 0 converted" in second.stderr.read()
    assert second.returncode == 0


@pytest.mark.skipif(sys.platform != "linux", reason="names of files are text there")
def test_names_that_are_no_utf_8_are_built_and_told_in_escapes() -> None:
    configure()
    write_page("pages/tea.txt", "Tea")
    Path("pages/tea.txt").rename(os.fsdecode(b"pages/t\xe9a.txt"))
    first = termsmith("build")
    assert first.exit_code == 0
    assert r"pages/t\udce9a.txt -> output/NamingSystem-Tea.json (new)" in first.stdout
    assert termsmith("build", "--check").exit_code == 0


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal")
def test_a_killed_build_leaves_old_or_new_files_and_a_true_lock_file() -> None:
    configure()
    for number in range(30):
        write_page(f"pages/{number:02}.txt", f"Tea{number:02}", number=number)
    termsmith("build")
    old = listing("output")
    for number in range(30):
        write_page(f"pages/{number:02}.txt", f"Tea{number:02}", number=100 + number)
    for delay in (0.3, 0.6, 0.9, 1.2):
        with subprocess.Popen(
            [*COMMAND, "build"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as child:
            time.sleep(delay)
            child.send_signal(signal.SIGKILL)
        # The folder in which files are made ready may be left; the next build removes it.
        now = {path.name: path.read_bytes() for path in Path("output").glob("*.json")}
        assert set(now) == set(old)
        for data in now.values():
            json.loads(data)
        assert {f"output/{name}" for name in now} == set(locked())
    assert termsmith("build").exit_code == 0
    assert termsmith("build", "--check").exit_code == 0
    assert listing("output") != old


DIALECT = re.findall(r"```toml\n(.*?)```", (DOCS / "dialects.md").read_text(encoding="utf-8"), re.DOTALL)[0]
PACKAGE = '[package]\nname = "org.example.terms"\nversion = "1.0.0"\ncanonical = "https://example.org"\n'
ALL = '[outputs]\njson = "json"\nxml = "xml"\nfsh = "input/fsh"\npackage = "all"\nbundle = "all"\n' + PACKAGE


def packaged(path: str) -> dict[str, bytes]:
    """Return the files of a package."""
    with tarfile.open(path) as archive:
        members = {each.name: archive.extractfile(each) for each in archive.getmembers()}
        return {name: file.read() for name, file in members.items() if file is not None}


def everything(*folders: str) -> dict[str, bytes]:
    return {f"{folder}/{name}": data for folder in folders for name, data in listing(folder).items()}


def test_all_formats_are_what_a_conversion_writes() -> None:
    configure(ALL)
    write_page("pages/tea.txt", "Tea")
    write_page("pages/ale.txt", "Ale", number=2)
    result = termsmith("build")
    assert result.exit_code == 0
    assert "all/package.tgz (new)\nall/bundle.json (new)\n" in result.stdout
    assert "2 pages, 2 converted: R4 14 files (14 new)" in result.stderr
    formats = [part for name in FORMATS for part in ("--format", name)]
    termsmith("convert", "pages", "--output", "converted", *formats)
    built = {Path(name).name: data for name, data in everything("json", "xml", "input/fsh", "all").items()}
    assert built == listing("converted")
    assert len(locked()) == 14
    assert locked()["all/package.tgz"]["source"] == "termsmith.toml"


def test_formats_that_are_not_stated_are_not_written() -> None:
    configure('[outputs]\nxml = "xml"\n')
    write_page("pages/tea.txt", "Tea")
    termsmith("build")
    assert sorted(listing("xml")) == ["CodeSystem-Tea.xml", "NamingSystem-Tea.xml"]
    assert not Path("output").exists()


@pytest.mark.parametrize("with_json", ['json = "json"\n', ""], ids=["json", "no json"])
def test_a_package_and_a_bundle_hold_pages_that_were_not_converted_again(
    conversions: list[str], with_json: str
) -> None:
    configure(f'[outputs]\n{with_json}package = "all"\nbundle = "all"\n{PACKAGE}')
    write_page("pages/tea.txt", "Tea")
    write_page("pages/ale.txt", "Ale", number=2)
    termsmith("build")
    conversions.clear()
    again = termsmith("build")
    assert (conversions, again.stdout) == ([], "")
    assert termsmith("build", "--check").exit_code == 0
    write_page("pages/ale.txt", "Ale", number=3)
    assert termsmith("build", "--check").exit_code == 1
    changed = termsmith("build")
    assert conversions == ["pages/ale.txt", "pages/ale.txt"]
    assert changed.stdout.splitlines()[-2:] == ["all/package.tgz (changed)", "all/bundle.json (changed)"]
    termsmith("convert", "pages", "--output", "converted", "--format", "package", "--format", "bundle")
    assert listing("all") == listing("converted")
    assert set(everything("json") if with_json else {}) <= set(locked())
    assert all(not name.startswith(".termsmith") for name in locked())


def test_a_package_that_was_edited_or_removed_is_made_again_without_converting(
    conversions: list[str],
) -> None:
    configure(ALL)
    write_page("pages/tea.txt", "Tea")
    termsmith("build")
    before = listing("all")
    conversions.clear()
    Path("all/package.tgz").write_bytes(b"edited")
    Path("all/bundle.json").unlink()
    result = termsmith("build")
    assert result.stdout == "all/package.tgz (changed)\nall/bundle.json (new)\n"
    assert (conversions, listing("all")) == ([], before)


def test_a_page_that_is_gone_is_gone_from_package_and_bundle_too() -> None:
    configure(ALL)
    write_page("pages/tea.txt", "Tea")
    write_page("pages/ale.txt", "Ale", number=2)
    termsmith("build")
    Path("pages/ale.txt").unlink()
    result = termsmith("build", "--prune")
    assert "xml/CodeSystem-Ale.xml (removed)" in result.stdout
    assert [name for name in packaged("all/package.tgz") if "Ale" in name] == []
    ids = [entry["resource"]["id"] for entry in json.loads(Path("all/bundle.json").read_bytes())["entry"]]
    assert ids == ["Tea", "Tea"]
    Path("pages/tea.txt").unlink()
    write_page("pages/tea.txt", "Tea", identifiers="\n")
    assert termsmith("build", "--prune").exit_code == 1
    assert sorted(listing("all")) == ["bundle.json", "package.tgz"]


def test_formats_that_are_switched_off_are_pruned() -> None:
    configure(ALL)
    write_page("pages/tea.txt", "Tea")
    termsmith("build")
    configure('[outputs]\njson = "json"\n')
    assert termsmith("build", "--check").exit_code == 1
    termsmith("build", "--prune")
    assert list(locked()) == ["json/CodeSystem-Tea.json", "json/NamingSystem-Tea.json"]
    assert [*listing("xml"), *listing("input/fsh"), *listing("all")] == []


def test_a_package_for_each_release_has_resources_of_that_release() -> None:
    configure(f'fhir_versions = ["R4", "R5"]\n[outputs]\npackage = "all"\n{PACKAGE}')
    write_page("pages/tea.txt", "Tea")
    assert termsmith("build").exit_code == 0
    for folder, release in (("r4", "4.0.1"), ("r5", "5.0.0")):
        about = json.loads(packaged(f"all/{folder}/package.tgz")["package/package.json"])
        assert about["fhirVersions"] == [release]
    assert termsmith("build", "--check").exit_code == 0


def test_a_package_that_is_not_described_is_refused_before_anything_is_read() -> None:
    configure('[outputs]\npackage = "all"\n')
    result = termsmith("build")
    assert result.exit_code == 2
    assert "error[SET004]: termsmith.toml: a package needs a name" in result.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal")
def test_a_killed_build_of_all_formats_leaves_whole_files() -> None:
    configure(ALL)
    for number in range(20):
        write_page(f"pages/{number:02}.txt", f"Tea{number:02}", number=number)
    termsmith("build")
    for number in range(20):
        write_page(f"pages/{number:02}.txt", f"Tea{number:02}", number=100 + number)
    for delay in (0.4, 0.8, 1.2):
        with subprocess.Popen(
            [*COMMAND, "build"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as child:
            time.sleep(delay)
            child.send_signal(signal.SIGKILL)
        assert len(packaged("all/package.tgz")) == 42
        assert len(json.loads(Path("all/bundle.json").read_bytes())["entry"]) == 40
        assert {"all/package.tgz", "all/bundle.json", "xml/CodeSystem-Tea07.xml"} <= set(locked())
    assert termsmith("build").exit_code == 0
    assert termsmith("build", "--check").exit_code == 0


def configure_guide(outputs: str, more: str = "") -> None:
    configure(f'[outputs]\njson = "input/vocabulary"\n{outputs}[guide]\ngroup = "terms"\n{more}')
    write_page("pages/tea.txt", "Tea")


def test_the_resources_are_listed_in_the_guides_configuration_between_marked_lines() -> None:
    configure_guide('sushi_config = "sushi-config.yaml"\n')
    before = "canonical: https://guide.example\nparameters:\n  apply-publisher: true\nmenu: x\n"
    Path("sushi-config.yaml").write_bytes(before.encode())
    assert termsmith("build", "--check").exit_code == 1
    assert Path("sushi-config.yaml").read_bytes() == before.encode()
    result = termsmith("build")
    assert "sushi-config.yaml (changed)\n" in result.stdout
    assert "apply-publisher is true in the guide" in result.stderr
    text = Path("sushi-config.yaml").read_text(encoding="utf-8")
    assert '    - "https://tasters.example/id/tea"\n' in text
    assert '  CodeSystem/Tea:\n    name: "Grades of Tea"\n' in text
    assert '    groupingId: "terms"\n' in text
    again = termsmith("build")
    assert (again.stdout, Path("sushi-config.yaml").read_text(encoding="utf-8")) == ("", text)
    assert termsmith("build", "--check").exit_code == 0
    Path("pages/tea.txt").unlink()
    termsmith("build", "--prune")
    assert Path("sushi-config.yaml").read_bytes() == before.encode()
    assert locked() == {}


def test_what_is_not_safe_to_merge_is_left_alone_and_printed_and_only_that() -> None:
    configure_guide('sushi_config = "sushi-config.yaml"\n')
    Path("sushi-config.yaml").write_text("parameters: {a: b}\n", encoding="utf-8")
    result = termsmith("build")
    assert "note: sushi-config.yaml: parameters has its value on its own line; put this" in result.stderr
    assert 'parameters:\n  special-url:\n    - "https://tasters.example/id/tea"\n' in result.stdout
    text = Path("sushi-config.yaml").read_text(encoding="utf-8")
    assert text.startswith("parameters: {a: b}\n# termsmith: begin of resources")
    assert "special-url" not in text
    assert termsmith("build", "--check").exit_code == 1
    by_hand = text.replace("{a: b}", "{a: b, special-url: [https://tasters.example/id/tea]}")
    Path("sushi-config.yaml").write_text(by_hand, encoding="utf-8")
    assert termsmith("build").exit_code == 0
    assert Path("sushi-config.yaml").read_text(encoding="utf-8") == by_hand
    assert termsmith("build", "--check").exit_code == 0


def test_a_guide_that_is_not_there_is_told() -> None:
    configure_guide('sushi_config = "sushi-config.yaml"\n')
    result = termsmith("build")
    assert result.exit_code == 2
    assert "error[SET007]: sushi-config.yaml: can't be read: No such file" in result.stderr
    assert not Path("input").exists()


def test_accepted_findings_are_suppressed_in_the_ig_publisher_too() -> None:
    configure_guide(
        'ignore_warnings = "input/ignoreWarnings.txt"\n',
        '[[exceptions]]\nrule = "COD"\nplace = "*"\nreason = "as the owner has it"\n',
    )
    termsmith("build")
    lines = Path("input/ignoreWarnings.txt").read_text(encoding="utf-8").splitlines()
    messages = [each for rule in all_rules() if rule.code.startswith("COD") for each in rule.validator]  # type: ignore[attr-defined]
    assert lines[:4] == [
        "== Suppressed Messages ==",
        lines[1],
        "# The messages below are hidden in the whole guide, not only at the places of the exceptions.",
        "# as the owner has it",
    ]
    assert lines[4:-1] == list(dict.fromkeys(messages))
    assert "input/ignoreWarnings.txt" not in locked()


def test_the_map_of_oids_is_a_file_of_the_build() -> None:
    configure_guide('oid_map = "oids.csv"\n')
    result = termsmith("build")
    assert "oids.csv (new)\n" in result.stdout
    assert Path("oids.csv").read_text(encoding="utf-8") == (
        "oid,url,name\n2.999.77.1,https://tasters.example/id/tea,Grades of Tea\n"
    )
    assert locked()["oids.csv"]["source"] == "termsmith.toml"
    assert termsmith("build").stdout == ""
    configure_guide("")
    assert "oids.csv (removed)\n" in termsmith("build", "--prune").stdout


def test_a_map_of_oids_that_somebody_keeps_by_hand_is_not_replaced() -> None:
    configure_guide('oid_map = "oids.csv"\n')
    Path("oids.csv").write_text("oid,ours\n", encoding="utf-8")
    result = termsmith("build")
    assert result.exit_code == 2
    assert "error[OUT013]: oids.csv is there already, holds something else, and is not in" in result.stderr
    assert "pages/tea.txt -> input/vocabulary/CodeSystem-Tea.json (new)\n" in result.stdout
    assert "oids.csv (" not in result.stdout
    assert Path("oids.csv").read_text(encoding="utf-8") == "oid,ours\n"
    assert "oids.csv" not in locked()
    configure_guide("")
    termsmith("build", "--prune")
    assert Path("oids.csv").exists()


def test_a_resource_that_no_build_wrote_is_not_replaced() -> None:
    configure('fhir_versions = ["R4"]\n[outputs]\njson = "out"\nbundle = "out"\n')
    write_page("pages/tea.txt", "Tea")
    Path("out").mkdir()
    Path("out/CodeSystem-Tea.json").write_text("{}", encoding="utf-8")
    Path("out/bundle.json").write_text("{}", encoding="utf-8")
    for command in (("build", "--check"), ("build",)):
        result = termsmith(*command)
        assert result.exit_code == 2
        assert result.stderr.startswith(
            "error[OUT013]: out/CodeSystem-Tea.json, out/bundle.json are there already, hold something else, "
            "and are not in termsmith.lock: no build of this project wrote that\n  hint: Move it, "
        )
        assert sorted(listing("out")) == ["CodeSystem-Tea.json", "bundle.json"]
        assert Path("out/CodeSystem-Tea.json").read_text(encoding="utf-8") == "{}"
        assert not Path("termsmith.lock").exists()
    Path("out/CodeSystem-Tea.json").unlink()
    Path("out/bundle.json").unlink()
    assert termsmith("build").exit_code == 0


def test_a_lost_lock_file_costs_nothing_that_a_build_wrote() -> None:
    configure()
    write_page("pages/tea.txt", "Tea")
    termsmith("build")
    before = Path("termsmith.lock").read_bytes()
    Path("termsmith.lock").unlink()
    result = termsmith("build", "--check")
    assert (result.exit_code, result.stdout) == (1, "termsmith.lock (new)\n")
    result = termsmith("build")
    assert (result.exit_code, result.stdout) == (0, "termsmith.lock (new)\n")
    assert Path("termsmith.lock").read_bytes() == before
    # Nor where pages change meanwhile: the memory of the last build knows its files.
    Path("termsmith.lock").unlink()
    write_page("pages/tea.txt", "Tea", number=2)
    assert "CodeSystem-Tea.json (changed)" in termsmith("build").stdout


def test_what_the_ig_publisher_writes_is_no_page() -> None:
    Path("ig.ini").write_text("[IG]\nig = input/x.json\n", encoding="utf-8")
    write_page("tea.txt", "Tea")
    for name in ("output/index.html", "temp/pages/a.html"):
        Path(name).parent.mkdir(parents=True)
        Path(name).write_text("<p>Home</p>", encoding="utf-8")
    told = termsmith("init")
    assert "note: ig.ini names input/x.json, which can't be read" in told.stderr
    assert "1 page that a dialect fits: tea.txt\n" in told.stderr
    assert termsmith("build").exit_code == 0
    Path("ig.ini").rename("termsmith.toml")
    Path("termsmith.toml").write_text(
        '[build]\nsources = ["."]\n[outputs]\njson = "json"\n', encoding="utf-8"
    )
    result = termsmith("build")
    assert (result.exit_code, result.stderr.count("error[DIA001]")) == (1, 2)
    Path("sushi-config.yaml").write_text("id: x\n", encoding="utf-8")
    assert termsmith("build", "--prune").exit_code == 0


def test_a_page_of_another_name_is_told_by_the_lock_file() -> None:
    configure()
    write_page("pages/tea.txt", "Tea")
    termsmith("build")
    Path("pages/tea.txt").rename("pages/tee.txt")
    result = termsmith("build", "--check")
    assert (result.exit_code, result.stdout) == (1, "termsmith.lock (changed)\n")
    termsmith("build")
    assert termsmith("build", "--check").exit_code == 0


def test_what_former_builds_left_beside_pages_is_no_page() -> None:
    Path("termsmith.toml").write_text(
        '[build]\nsources = ["."]\n[outputs]\njson = "json"\nxml = "xml"\n', encoding="utf-8"
    )
    write_page("tea.txt", "Tea")
    assert termsmith("build").exit_code == 0
    Path("termsmith.toml").write_text(
        '[build]\nsources = ["."]\n[outputs]\njson = "json"\n', encoding="utf-8"
    )
    result = termsmith("build")
    assert (result.exit_code, "2 files of former builds" in result.stderr) == (0, True)
    # A page that somebody wrote over one of them is one.
    write_page("xml/CodeSystem-Tea.xml", "Ale", number=2)
    assert "xml/CodeSystem-Tea.xml -> json/CodeSystem-Ale.json (new)" in termsmith("build").stdout


def test_the_fragment_is_printed_without_writing_anything() -> None:
    configure_guide("")
    result = termsmith("guide")
    assert result.exit_code == 0
    assert result.stdout.startswith("resources:\n  CodeSystem/Tea:\n")
    assert json.loads(termsmith("guide", "--form", "json").stdout)["definition"]["resource"]
    assert termsmith("guide", "--form", "xml").stdout.startswith("<definition>\n")
    assert not Path("input").exists()
    assert not Path(".termsmith").exists()


def test_a_changed_template_changes_the_narratives(conversions: list[str]) -> None:
    configure('[outputs]\nnarrative = true\nnarrative_templates = "templates"\n')
    write_page("pages/tea.txt", "Tea")
    Path("templates").mkdir()
    template = Path("templates/code_system.html.jinja")
    for word in ("one", "two"):
        template.write_text(
            f'<div xmlns="http://www.w3.org/1999/xhtml"><p>{word}</p></div>', encoding="utf-8"
        )
        assert termsmith("build").exit_code == 0
        text = json.loads(Path("output/CodeSystem-Tea.json").read_bytes())["text"]
        assert text == {
            "status": "generated",
            "div": f'<div xmlns="http://www.w3.org/1999/xhtml"><p>{word}</p></div>',
        }
    assert termsmith("build", "--check").exit_code == 0
    assert conversions == ["pages/tea.txt", "pages/tea.txt"]


def test_a_template_that_yields_what_fhir_forbids_is_named() -> None:
    configure('[outputs]\nnarrative = true\nnarrative_templates = "templates"\n')
    write_page("pages/tea.txt", "Tea")
    Path("templates").mkdir()
    Path("templates/code_system.html.jinja").write_text("<p>x</p>", encoding="utf-8")
    result = termsmith("build")
    assert result.exit_code == 2
    assert "error[SET008]: templates/code_system.html.jinja yields for CodeSystem/Tea" in result.stderr
    assert not Path("output").exists()


def test_a_folder_of_templates_that_is_not_there_is_told() -> None:
    configure('[outputs]\nnarrative = true\nnarrative_templates = "templates"\n')
    write_page("pages/tea.txt", "Tea")
    result = termsmith("build")
    assert "error[SET008]: templates: no such folder" in result.stderr
    assert result.exit_code == 2


@pytest.fixture
def slow_builds(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The projects whose files were looked at one by one, in order."""
    projects: list[Path] = []

    def noted(project: Any, options: Any) -> Any:
        projects.append(project.file)
        return build(project, options)

    def noted_few(project: Any, options: Any, last: Any) -> Any:
        done = build_changed(project, options, last)
        if done is not None:
            projects.append(project.file)
        return done

    monkeypatch.setattr("termsmith.builds.building.build", noted)
    monkeypatch.setattr("termsmith.builds.few_changed.build_changed", noted_few)
    return projects


def test_a_build_that_has_nothing_to_do_only_reads_files_and_tells_the_same(slow_builds: list[Path]) -> None:
    configure(f'fhir_versions = ["R4", "R5"]\n{ALL}')
    write_page("pages/tea.txt", "Tea")
    write_page("pages/ale.txt", "Ale", number=1)
    Path("pages/none.toml").write_text("", encoding="utf-8")
    first, second = termsmith("build", "-v"), termsmith("build", "-v")
    assert len(slow_builds) == 1
    assert second.stdout == ""
    assert "REL" in second.stderr
    assert second.stderr.splitlines()[:-1] == first.stderr.splitlines()[:-1]
    assert "2 pages, 0 converted: R4 14 files (14 unchanged), R5 14 files (14 unchanged)" in second.stderr
    assert termsmith("build", "--check").stderr == termsmith("build").stderr.replace(
        "converted", "to be converted"
    )
    assert len(slow_builds) == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda: write_page("pages/ale.txt", "Ale", number=2),
        lambda: write_page("pages/deep/ale.txt", "Ale", number=2),
        lambda: Path("pages/tea.txt").write_bytes(Path("pages/tea.txt").read_bytes() + b"\n"),
        lambda: Path("pages/deep/gin.txt").unlink(),
        lambda: Path("pages/tea.toml").write_text('version = "3"\n', encoding="utf-8"),
        lambda: Path("pages/tea.toml").unlink(),
        lambda: Path("pages/tea.concepts.csv").write_text("code,display\nb,B\n", encoding="utf-8"),
        lambda: Path("codes/gin.csv").write_text("code,display\nc,C\n", encoding="utf-8"),
        lambda: Path("output/CodeSystem-Tea.json").unlink(),
        lambda: Path("output/CodeSystem-Tea.json").write_text("{}", encoding="utf-8"),
        lambda: Path("termsmith.lock").unlink(),
        lambda: Path(".termsmith/unchanged.json").write_text("{}", encoding="utf-8"),
        lambda: Path("dialect.toml").write_text("# changed\n" + DIALECT, encoding="utf-8"),
        lambda: configure('[defaults]\nstatus = "active"\n'),
    ],
)
def test_whatever_changes_makes_a_build_look_closer(slow_builds: list[Path], change: Any) -> None:
    Path("termsmith.toml").write_text(
        'dialect_tables = ["dialect.toml"]\n[build]\nsources = ["pages"]\n', encoding="utf-8"
    )
    Path("dialect.toml").write_text(DIALECT, encoding="utf-8")
    write_page("pages/tea.txt", "Tea")
    Path("pages/tea.toml").write_text('version = "2"\n', encoding="utf-8")
    Path("pages/tea.concepts.csv").write_text("code,display\na,A\n", encoding="utf-8")
    write_page("pages/deep/gin.txt", "Gin", number=3)
    Path("pages/deep/gin.toml").write_text('[concepts]\nfile = "../../codes/gin.csv"\n', encoding="utf-8")
    Path("codes").mkdir()
    Path("codes/gin.csv").write_text("code,display\nb,B\n", encoding="utf-8")
    result = termsmith("build")
    assert result.exit_code == 0, result.stderr
    termsmith("build")
    assert len(slow_builds) == 1
    change()
    termsmith("build")
    assert len(slow_builds) == 2


def on_day(monkeypatch: pytest.MonkeyPatch, day: str) -> None:
    monkeypatch.setattr("termsmith.cli.build.today", lambda: day)


@pytest.mark.parametrize("lost", [(), (".termsmith",), (".termsmith", "termsmith.lock")])
def test_a_page_without_a_date_keeps_the_day_on_which_it_was_last_changed(
    monkeypatch: pytest.MonkeyPatch, lost: tuple[str, ...]
) -> None:
    configure(ALL)
    write_page("pages/tea.txt", "Tea")
    text = Path("pages/tea.txt").read_text(encoding="utf-8").partition("Information current as at")[0]
    Path("pages/tea.txt").write_text(text, encoding="utf-8")
    Path("pages/tea.concepts.csv").write_text("code,display\na,A\n", encoding="utf-8")
    on_day(monkeypatch, "2026-01-01")
    assert "RES003" in termsmith("build").stderr
    before = everything("json", "xml", "input/fsh", "all")
    for name in lost:  # as in a fresh clone
        shutil.rmtree(name) if Path(name).is_dir() else Path(name).unlink()
    on_day(monkeypatch, "2026-01-02")
    check = termsmith("build", "--check")
    assert check.stdout == ("termsmith.lock (new)\n" if "termsmith.lock" in lost else "")
    assert "RES003" in check.stderr
    termsmith("build")
    assert everything("json", "xml", "input/fsh", "all") == before
    Path("pages/tea.txt").write_text(text.replace("Grades of Tea", "Tea Grades"), encoding="utf-8")
    termsmith("build")
    assert json.loads(Path("json/NamingSystem-Tea.json").read_bytes())["date"] == "2026-01-02"


def test_another_day_makes_a_build_look_closer(
    slow_builds: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    configure()
    write_page("pages/tea.txt", "Tea")
    termsmith("build")
    termsmith("build")
    assert len(slow_builds) == 1

    monkeypatch.setattr("termsmith.cli.build.today", lambda: "2099-01-01")
    termsmith("build")
    assert len(slow_builds) == 2


def test_what_is_no_page_may_change_as_it_likes_but_not_come_or_go(slow_builds: list[Path]) -> None:
    configure()
    write_page("pages/tea.txt", "Tea")
    Path("pages/logo.png").write_bytes(b"1")
    termsmith("build")
    Path("pages/logo.png").write_bytes(b"2")
    termsmith("build")
    assert len(slow_builds) == 1


def test_a_page_that_cant_be_read_is_told_each_time(slow_builds: list[Path]) -> None:
    configure()
    write_page("pages/tea.txt", "Tea")
    Path("pages/tea.toml").write_text('[concepts]\nfile = "gone.csv"\n', encoding="utf-8")
    for _ in range(2):
        result = termsmith("build")
        assert result.exit_code == 2
        assert "SRC001" in result.stderr
    assert len(slow_builds) == 2
