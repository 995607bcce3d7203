"""Runs the steps of a composite action as GitHub's runner does; knows the forms that action.yml uses, no other.

What a form means is from GitHub's "Metadata syntax", "Workflow syntax" and "Evaluate expressions". An unknown form
is an error rather than a guess, so that a new one in action.yml is taught here before it passes any test.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_EXPRESSION: Final = re.compile(r"\$\{\{(.*?)\}\}")
_VALUE: Final = re.compile(r"(?:inputs|github)\.[\w-]+")
_COMPARISON: Final = re.compile(r"(?P<name>inputs\.[\w-]+)\s*(?P<sign>==|!=)\s*'(?P<text>[^']*)'")
_NOT_CANCELLED: Final = "!cancelled()"
_KEYS: Final = {"name", "if", "shell", "env", "run"}
_BASH: Final = ("bash", "--noprofile", "--norc", "-e", "-o", "pipefail")
"""What ``shell: bash`` stands for, followed by the script's file."""


class UnknownFormError(Exception):
    """The action uses something that is not known here."""


@dataclass(slots=True)
class Ended:
    """How a run of an action ended."""

    status: int = 0
    """Exit status of the first step that failed."""
    stdout: str = ""
    stderr: str = ""
    ran: list[str] = field(default_factory=list)
    """Names of the steps that ran."""
    not_run: list[str] = field(default_factory=list)
    """What other actions it uses: they are not run."""


def run_action(
    action: Mapping[str, Any],
    inputs: Mapping[str, str],
    *,
    action_path: Path,
    workspace: Path,
    environment: Mapping[str, str],
    done: frozenset[str] = frozenset(),
) -> Ended:
    """Run an action's steps one after the other; one that fails keeps those from running that ask for success.

    Args:
        action: What ``action.yml`` holds.
        inputs: What the workflow states below ``with``.
        action_path: Folder of the action.
        workspace: Folder that the steps run in.
        environment: Of the job.
        done: Names of steps that need no second run.

    Raises:
        UnknownFormError: When action.yml or the inputs have anything that is not known here.
    """
    runs = action["runs"]
    if runs["using"] != "composite" or set(runs) != {"using", "steps"}:
        raise UnknownFormError(f"runs: {runs}")
    values = _values(action["inputs"], inputs) | {"github.action_path": str(action_path)}
    variables = {
        **environment, "CI": "true", "GITHUB_ACTIONS": "true", "GITHUB_ACTION_PATH": str(action_path),
        "GITHUB_WORKSPACE": str(workspace),
    }  # fmt: skip
    ended = Ended()
    for step in runs["steps"]:
        if "uses" in step:
            if set(step) - {"uses", "with"}:
                raise UnknownFormError(f"step: {step}")
            for value in step.get("with", {}).values():
                _text(value, values)
            ended.not_run.append(step["uses"])
            continue
        if set(step) - _KEYS or step["shell"] != "bash" or "${{" in step["run"]:
            raise UnknownFormError(f"step: {step}")
        own = {name: _text(value, values) for name, value in step.get("env", {}).items()}
        if not _holds(step.get("if"), values, failed=ended.status != 0) or step["name"] in done:
            continue
        _run_step(step, {**variables, **own}, workspace, ended)
    return ended


def _run_step(step: Mapping[str, Any], variables: Mapping[str, str], workspace: Path, ended: Ended) -> None:
    with tempfile.TemporaryDirectory(prefix="step-") as folder:
        script = Path(folder) / "step.sh"
        script.write_text(step["run"], encoding="utf-8")
        process = subprocess.run(
            [*_BASH, str(script)], cwd=workspace, env=variables, capture_output=True, text=True, check=False
        )
    ended.ran.append(step["name"])
    ended.stdout += process.stdout
    ended.stderr += process.stderr
    ended.status = ended.status or process.returncode


def _values(declared: Mapping[str, Any], inputs: Mapping[str, str]) -> dict[str, str]:
    """Return the value of each input by its name in expressions."""
    unknown = set(inputs) - set(declared)
    if unknown:
        raise UnknownFormError(f"inputs: {', '.join(sorted(unknown))}")
    values = {}
    for name, description in declared.items():
        if set(description) != {"description", "default"} or not isinstance(description["default"], str):
            raise UnknownFormError(f"input {name}: {description}")
        values[f"inputs.{name}"] = inputs.get(name, description["default"])
    return values


def _text(template: object, values: Mapping[str, str]) -> str:
    """Return a text with its expressions replaced."""
    if not isinstance(template, str):
        raise UnknownFormError(f"value: {template!r}")
    return _EXPRESSION.sub(lambda found: _value(found[1].strip(), values), template)


def _value(name: str, values: Mapping[str, str]) -> str:
    if not _VALUE.fullmatch(name) or name not in values:
        raise UnknownFormError(f"expression: {name}")
    return values[name]


def _holds(condition: object, values: Mapping[str, str], *, failed: bool) -> bool:
    """Tell whether a step runs; a condition that asks for no status asks for success."""
    if condition is None:
        return not failed
    if not isinstance(condition, str):
        raise UnknownFormError(f"if: {condition!r}")
    whole = _EXPRESSION.fullmatch(condition.strip())
    terms = [term.strip() for term in (whole[1] if whole else condition).split("&&")]
    asks_for_status = _NOT_CANCELLED in terms
    # Nothing is cancelled here. Texts are compared without regard to case.
    compared = [_compared(term, values) for term in terms if term != _NOT_CANCELLED]
    return all(compared) and (asks_for_status or not failed)


def _compared(term: str, values: Mapping[str, str]) -> bool:
    found = _COMPARISON.fullmatch(term)
    if found is None:
        raise UnknownFormError(f"if: {term}")
    same = _value(found["name"], values).casefold() == found["text"].casefold()
    return same is (found["sign"] == "==")


def environment_with(folder: Path) -> dict[str, str]:
    """Return our environment with the programs of a virtual environment first, and nothing of Python's own."""
    ours = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))
    }
    return {**ours, "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"}
