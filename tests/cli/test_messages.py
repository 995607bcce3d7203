"""Nothing that others wrote begins a line of the log, where ``::error::`` would be a command."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path

import click
import pytest

from cli.pages import termsmith, write_page
from termsmith.cli.messages import hint_lines, safe

FORGED = "\n::error::forged"
RESOURCE = {"resourceType": "CodeSystem", "status": "draft", "content": "complete", f"na{FORGED}": 1}


def package(member: str) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        for name, data in (("package/package.json", {"name": "a"}), (member, RESOURCE)):
            content = json.dumps(data).encode()
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return stream.getvalue()


def assert_nothing_is_forged(output: str) -> None:
    assert r"\n::error::forged" in output
    assert not [line for line in output.splitlines() if line.lstrip().startswith("::")]


def test_an_element_begins_no_line() -> None:
    Path("c.json").write_text(json.dumps(RESOURCE), encoding="utf-8")
    assert_nothing_is_forged(termsmith("check", "c.json").output)


def test_a_member_of_a_package_begins_no_line() -> None:
    Path("p.tgz").write_bytes(package(f"package/a{FORGED}.json"))
    assert_nothing_is_forged(termsmith("check", "p.tgz").output)


@pytest.mark.parametrize(
    "stated",
    [
        f"[build]\n{json.dumps(f'k{FORGED}')} = 1\n",
        f"[build]\nsources = [{json.dumps(f's{FORGED}')}]\n",
        f"[build]\nsources = ['tea.txt']\nfhir_versions = [{json.dumps(f'R{FORGED}')}]\n",
    ],
    ids=["key", "source", "value"],
)
def test_a_configuration_begins_no_line(stated: str) -> None:
    write_page("tea.txt", "Tea")
    Path("termsmith.toml").write_text(stated, encoding="utf-8")
    assert_nothing_is_forged(termsmith("build").output)


def test_each_mistake_of_a_configuration_has_a_line() -> None:
    Path("termsmith.toml").write_text("x = 1\ny = 2\n[build]\nsources = ['a']\n", encoding="utf-8")
    first, second, *_ = termsmith("build").stderr.splitlines()
    assert first.startswith("error[SET001]: termsmith.toml:1: x: ")
    assert second.startswith("termsmith.toml:2: y: ")


@pytest.mark.parametrize("character", "\x1b\r\x85\u061c\u200e\u200f\u2028\u2029\u202e\u2066")
def test_what_steers_a_terminal_is_escaped(character: str) -> None:
    assert safe(f"a{character}b") == f"a\\u{ord(character):04x}b"


def test_only_settings_that_are_to_be_copied_have_lines_of_a_hint() -> None:
    settings = ['oid = "1.2"', 'title = "T"']
    assert [click.unstyle(line).strip() for line in hint_lines("\n".join(["Write:", *settings]), "")] == [
        "hint: Write:",
        *settings,
    ]
    assert len(hint_lines(f"Write:{FORGED}", "")) == 1
