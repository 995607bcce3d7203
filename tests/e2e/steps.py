"""Tools that steps need, what happens where they are missing, and how a step tells what it found."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Final

TARGET: Final = Path(__file__).parent / "target"
"""Whatever steps fetch and build; git ignores it."""
SKIPPED: Final = 77
"""Exit status of a step that was skipped."""
ROOT: Final = Path(__file__).parents[2]
_JAVA: Final = 17
_NODE: Final = 18
_VERSIONS: Final = {
    "java": (("-version",), r'version "(\d+)'),
    "node": (("--version",), r"v(\d+)"),
}


class Report:
    """Prints each part of a step, and counts what is wrong."""

    def __init__(self) -> None:
        self.wrong = 0

    def step(self, title: str, problems: list[str]) -> None:
        """Print what a part found."""
        print(f"{title}: {'ok' if not problems else f'{len(problems)} PROBLEMS'}", flush=True)
        for problem in problems:
            print(f"  {problem}")
        self.wrong += len(problems)


def missing(*tools: str, node: int = _NODE) -> str | None:
    """Return what a step can't do without and this machine lacks.

    Args:
        tools: Names of programs.
        node: The oldest Node.js that will do.
    """
    least = {"java": _JAVA, "node": node}
    for tool in tools:
        if shutil.which(tool) is None:
            return f"{tool} is not installed"
    for tool in tools:
        if tool in _VERSIONS:
            arguments, pattern = _VERSIONS[tool]
            shown = subprocess.run([tool, *arguments], capture_output=True, text=True, check=False)
            found = re.search(pattern, shown.stderr + shown.stdout)
            if found is None or int(found[1]) < least[tool]:
                return f"{tool.title()} {least[tool]} or newer is not installed"
    return None


def java() -> str:
    """Return which Java runs."""
    shown = subprocess.run(["java", "-version"], capture_output=True, text=True, check=True)  # noqa: S607
    return shown.stderr.partition("\n")[0]


def without(lack: str, what: str) -> int:
    """Say that a step can't run; return the exit status: skipped, or in continuous integration a failure.

    Args:
        lack: What is missing.
        what: What was not tried.
    """
    if os.environ.get("CI", "").lower() in {"", "0", "false"}:
        print(f"skipped: {lack}; {what} was not tried", flush=True)
        return SKIPPED
    print(f"FAILED: {lack}; with CI set, nothing is skipped, and {what} was not tried", flush=True)
    return 1
