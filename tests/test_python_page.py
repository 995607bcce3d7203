"""The page about Python names everything that is public, and its examples run."""

from __future__ import annotations

import dataclasses
import inspect
import itertools
import re
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from confluence.server import Page, Space, serve
from servers.scripted import results, serving

import termsmith

pytestmark = pytest.mark.filterwarnings(
    "ignore::DeprecationWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)
ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
FUNCTIONS = [name for name in termsmith.__all__ if inspect.isfunction(getattr(termsmith, name))]
TABLES = {
    head: [
        name
        for cell in re.findall(r"^\| (`.*?) \|", rows, re.MULTILINE)
        for name in re.findall(r"`(\w+)`", cell)
    ]
    for head, rows in re.findall(r"^\| `(\w+)` \| \|\n\|---\|---\|\n((?:\|.*\n)+)", TEXT, re.MULTILINE)
}
"""Attributes by the class that a table lists them for."""
assert FUNCTIONS
assert TABLES


def section(function: str) -> str:
    (found,) = re.findall(rf"^### `{function}`\n(.*?)(?=^##|\Z)", TEXT, re.DOTALL | re.MULTILINE)
    return str(found)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_is_there_with_its_arguments_in_order(name: str) -> None:
    assert f"](#{name})" in TEXT
    (rows,) = re.findall(
        r"^\| argument \| meaning \|\n\|---\|---\|\n((?:\|.*\n)+)", section(name), re.MULTILINE
    )
    cells = re.findall(r"^\| (.*?) \|", rows, re.MULTILINE)
    arguments = [each for cell in cells for each in re.findall(r"`(\w+)`", cell)]
    assert set(arguments) == set(inspect.signature(getattr(termsmith, name)).parameters)
    assert len(arguments) == len(set(arguments))


@pytest.mark.parametrize("name", TABLES)
def test_every_part_of_a_report_is_there(name: str) -> None:
    kind = getattr(termsmith, name)
    properties = [each for each, value in vars(kind).items() if isinstance(value, property)]
    assert TABLES[name] == [*(each.name for each in dataclasses.fields(kind)), *properties]


def test_every_error_is_there() -> None:
    errors = [name for name in termsmith.__all__ if name.endswith("Error")]
    assert [name for name in errors if f"`{name}`" not in TEXT] == []


def test_the_examples_run_one_after_the_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for extra in ("atlassian.confluence", "httpx", "watchfiles"):
        pytest.importorskip(extra)
    for name in ("CONFLUENCE_TOKEN", "CONFLUENCE_USER", "CONFLUENCE_PASSWORD", "TOKEN", "USER", "PASSWORD"):
        monkeypatch.delenv(f"TERMSMITH_{name}", raising=False)
    monkeypatch.chdir(tmp_path)
    shutil.copytree(ROOT / "input", "input")
    space = Space()
    space.add(Page("101", "Tea", "<p>Tea</p>", labels=("hta",)))
    examples = re.findall(r"^```python\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)
    assert len(examples) == len(FUNCTIONS) + 1
    names: dict[str, Any] = {}
    url = quote("http://dicom.nema.org/resources/ontology/DCM", safe="")
    nothing_there = {f"GET /fhir/CodeSystem?url={url}&_count=50": results()}
    with serve(space) as wiki, serving(nothing_there) as server, monkeypatch.context() as patched:
        endless = termsmith.watch
        patched.setattr(termsmith, "watch", lambda config: itertools.islice(endless(config), 1))
        for example in examples:
            here = example.replace("https://HOST/wiki", wiki).replace("code-system", "hta")
            exec(here.replace("https://server.example/fhir", server.url), names)  # noqa: S102  our own page
    written = sorted(path.name for path in Path("resources").iterdir())
    assert written == ["CodeSystem-DCM.json", "NamingSystem-DCM.json"]
    assert termsmith.check(Path("package.tgz").read_bytes()).resources
    assert termsmith.check("bundle.json").resources
    assert Path("wiki/Tea-101.json").is_file()
    assert [each.state for each in names["report"].resources] == ["new"] * 2
