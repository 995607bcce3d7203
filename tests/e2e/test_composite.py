from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from composite import Ended, UnknownFormError, environment_with, run_action

if TYPE_CHECKING:
    from pathlib import Path

INPUTS = {
    "command": {"description": "What is run.", "default": "both"},
    "name": {"description": "A name.", "default": "x"},
}
SAY = {"name": "say", "shell": "bash", "env": {"NAME": "${{ inputs.name }}"}, "run": 'echo "$NAME"'}


def ran(folder: Path, *steps: dict[str, Any], **inputs: str) -> Ended:
    return run_action(
        {"inputs": INPUTS, "runs": {"using": "composite", "steps": steps}},
        inputs,
        action_path=folder / "action",
        workspace=folder,
        environment=environment_with(folder),
    )


def test_inputs_come_in_through_the_environment_and_are_never_script(tmp_path: Path) -> None:
    assert ran(tmp_path, SAY).stdout == "x\n"
    assert ran(tmp_path, SAY, name="$(touch made); `touch made`").stdout == "$(touch made); `touch made`\n"
    assert list(tmp_path.iterdir()) == []


def test_the_action_knows_where_it_is(tmp_path: Path) -> None:
    ended = ran(tmp_path, SAY | {"env": {"NAME": "in ${{ github.action_path }}"}})
    assert ended.stdout == f"in {tmp_path}/action\n"


@pytest.mark.parametrize(
    ("condition", "command", "runs"),
    [
        ("inputs.command != 'check'", "build", True),
        ("inputs.command != 'check'", "check", False),
        ("inputs.command != 'check'", "CHECK", False),
        ("inputs.command == 'check'", "check", True),
        ("${{ !cancelled() && inputs.command == 'check' }}", "build", False),
        ("${{ !cancelled() && inputs.command == 'check' }}", "check", True),
    ],
)
def test_conditions_are_those_of_github(tmp_path: Path, condition: str, command: str, runs: bool) -> None:  # noqa: FBT001
    assert ran(tmp_path, SAY | {"if": condition}, command=command).ran == (["say"] if runs else [])


def test_a_failing_step_keeps_those_from_running_that_ask_for_success(tmp_path: Path) -> None:
    fails = {"name": "fails", "shell": "bash", "run": "echo before\nfalse | cat\necho behind\n"}
    plain, asking = (
        SAY | {"if": "inputs.command == 'both'"},
        SAY | {"if": "${{ !cancelled() }}", "name": "ask"},
    )
    ended = ran(tmp_path, fails, plain, asking)
    assert (ended.status, ended.stdout, ended.ran) == (1, "before\nx\n", ["fails", "ask"])


def test_other_actions_are_named_and_not_run(tmp_path: Path) -> None:
    ended = ran(tmp_path, {"uses": "a/b@v1", "with": {"name": "${{ inputs.name }}"}}, SAY)
    assert (ended.not_run, ended.ran) == (["a/b@v1"], ["say"])


@pytest.mark.parametrize(
    "changed",
    [
        {"if": "success()"},
        {"if": "inputs.command != 'check' || inputs.name == 'x'"},
        {"if": "inputs.other == 'x'"},
        {"if": True},
        {"env": {"NAME": "${{ inputs.other }}"}},
        {"env": {"NAME": "${{ github.token }}"}},
        {"env": {"NAME": 1}},
        {"run": "echo ${{ inputs.name }}"},
        {"shell": "sh"},
        {"continue-on-error": True},
    ],
)
def test_an_unknown_form_is_no_guess(tmp_path: Path, changed: dict[str, Any]) -> None:
    with pytest.raises(UnknownFormError):
        ran(tmp_path, SAY | changed)


def test_an_input_that_the_action_does_not_have_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownFormError, match="inputs: other"):
        ran(tmp_path, SAY, other="x")
