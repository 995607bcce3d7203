"""The group of commands: what it loads, lists and completes."""

from __future__ import annotations

import shutil
import subprocess
import sys
from importlib import import_module
from typing import TYPE_CHECKING

import click
import pytest

from cli.pages import termsmith
from termsmith import __version__
from termsmith.cli.main import COMMANDS
from termsmith.dialects.loading import built_in

if TYPE_CHECKING:
    from pathlib import Path

BY_FILE = sorted((each.id for each in built_in()), key=lambda name: f"{name}.toml")
HEAVY = ("pydantic", "fhir", "fhir_core", "jinja2", "orjson", "turbohtml", "lxml", "docx", "markdown_it")


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], [], ["completion", "bash"], ["nonsense"]])
def test_what_converts_nothing_loads_no_parser_and_no_model(arguments: list[str]) -> None:
    script = (
        "import sys\nfrom termsmith.cli.main import main\n"
        f"sys.argv = ['termsmith', *{arguments!r}]\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        f"print('loaded:', *(name for name in {HEAVY!r} if name in sys.modules), file=sys.stderr)"
    )
    ended = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert ended.stderr.splitlines()[-1] == "loaded:"


def test_the_version_is_printed() -> None:
    assert termsmith("--version").stdout == f"termsmith {__version__}\n"


def test_help_lists_every_command() -> None:
    assert (
        termsmith("--help").stdout
        == """\
Usage: termsmith [OPTIONS] COMMAND [ARGS]...

  Turn pages that describe terminologies into FHIR NamingSystem and CodeSystem
  resources.

Options:
  --version   Show the version and exit.
  -h, --help  Show this message and exit.

Commands:
  build       Write all that the configuration of a project asks for.
  check       Check NamingSystem and CodeSystem resources.
  completion  Print the completion script of a shell.
  convert     Write the resources that pages describe.
  dialects    List the page layouts that are known.
  explain     Show where each value comes from.
  fetch       Fetch pages from the system that they are written in.
  guide       Print what a guide has to say of the resources of a project.
  init        Write a first termsmith.toml for a project.
  rules       List all codes, or show one whole.
  schema      Print the JSON Schema of a file that people write.
  upload      Send resources to a FHIR server.
  watch       Build whenever a page, a sidecar, a table or the configuration
              changes.

  Exit status: 0 fine, 1 findings of severity error, 2 wrong usage, an
  unreadable source or a result that can't be written, 130 interrupted.
"""
    )


@pytest.mark.parametrize("name", COMMANDS)
def test_the_table_says_what_the_command_says(name: str) -> None:
    module, short_help = COMMANDS[name]
    command = import_module(module).command
    assert isinstance(command, click.Command)
    assert (command.name, (command.help or "").splitlines()[0]) == (name, short_help)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name: str) -> None:
    result = termsmith(name, "--help")
    assert result.exit_code == 0
    assert result.stdout.startswith(f"Usage: termsmith {name} [OPTIONS]")


@pytest.mark.parametrize(
    ("shell", "first"),
    [
        ("bash", "_termsmith_completion() {"),
        ("zsh", "#compdef termsmith"),
        ("fish", "function _termsmith_completion;"),
    ],
)
def test_each_shell_has_a_completion_script(shell: str, first: str) -> None:
    assert termsmith("completion", shell).stdout.strip().splitlines()[0] == first


@pytest.mark.parametrize(
    ("words", "completed"),
    [
        ("termsmith ex", ["plain,explain"]),
        ("termsmith explain --form", ["plain,--format"]),
        ("termsmith convert --dialect D", ["file,D", *(f"plain,{name}" for name in BY_FILE)]),
        ("termsmith dialects show D3", ["file,D3", "plain,D3"]),
        ("termsmith rules --family re", ["plain,REC", "plain,RES", "plain,REL"]),
        ("termsmith rules show DIA00", [f"plain,DIA00{number}" for number in range(1, 4)]),
        ("termsmith rules show DIA001 dia00", [f"plain,DIA00{number}" for number in range(2, 4)]),
    ],
)
def test_the_shell_completes(words: str, completed: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_TERMSMITH_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", words)
    monkeypatch.setenv("COMP_CWORD", str(len(words.split()) - 1))
    assert termsmith().stdout.splitlines() == completed


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
@pytest.mark.parametrize(
    ("words", "completed"),
    [
        (("convert", "--dialect", "D"), BY_FILE),
        (("convert", "--dialect", ""), BY_FILE),
        (("convert", "--dialect", "mine"), []),
        (("dialects", "show", "D3"), ["D3"]),
        (("rules", "show", "DIA00"), [f"DIA00{number}" for number in range(1, 4)]),
    ],
)
def test_bash_completes_by_the_script(words: tuple[str, ...], completed: list[str], tmp_path: Path) -> None:
    """Bash names files where COMPREPLY is empty; what stands in it before it is told of files is lost."""
    here = tmp_path / "termsmith"
    here.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m termsmith "$@"\n', encoding="utf-8")
    here.chmod(0o755)
    script = termsmith("completion", "bash").stdout
    line = " ".join(f"'{word}'" for word in ("termsmith", *words))
    asked = (
        f"compopt() {{ :; }}\n{script}\nCOMP_WORDS=({line}); COMP_CWORD={len(words)}\n"
        f"_termsmith_completion '{here}'\nprintf '%s\\n' \"${{COMPREPLY[@]}}\"\n"
    )
    done = subprocess.run(["bash", "-c", asked], capture_output=True, text=True, check=True)  # noqa: S607
    assert (done.stdout.split(), done.stderr) == (completed, "")


def test_the_package_runs_as_a_module_too() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "termsmith", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout == f"termsmith {__version__}\n"
