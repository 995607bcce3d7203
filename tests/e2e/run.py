"""All steps end to end, one after the other: ``python tests/e2e/run.py [STEP...]`` (or ``make e2e``).

Each step is a script of this folder, which can be run by itself. Ends with 1 when a step fails; a step that needs a
tool that is not installed is skipped and named at the end, and fails where CI is set.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

sys.path.insert(0, str(Path(__file__).parent))

from steps import SKIPPED

if TYPE_CHECKING:
    from types import FrameType

STEPS: Final = {
    "wheel_alone": "the wheel, installed alone",
    "hooks": "pre-commit runs the hooks, and a runner the steps of action.yml",
    "sushi": "SUSHI reads resources, FSH and packages; HL7's schemas accept XML",
    "validator": "HL7's validator accepts everything that is written",
    "server": "a HAPI FHIR server takes uploads and answers",
}
_STATES: Final = {0: "passed", SKIPPED: "SKIPPED"}


def main(names: list[str]) -> int:
    """Run steps; return the exit status."""
    unknown = [name for name in names if name not in STEPS]
    if unknown:
        print(f"no step {', '.join(unknown)}; there are {', '.join(STEPS)}", file=sys.stderr)
        return 2
    # Leave in an orderly way: the step that runs is ended too.
    signal.signal(signal.SIGTERM, _end)
    ended: dict[str, str] = {}
    statuses: list[int] = []
    for name in names or STEPS:
        print(f"\n== e2e {name}: {STEPS[name]}", flush=True)
        started = time.monotonic()
        done = subprocess.run([sys.executable, str(Path(__file__).with_name(f"{name}.py"))], check=False)
        statuses.append(done.returncode)
        ended[name] = f"{_STATES.get(done.returncode, 'FAILED')} after {time.monotonic() - started:.0f} s"
    print("\n== e2e")
    for name, state in ended.items():
        print(f"{name}: {state}")
    return 0 if all(status in _STATES for status in statuses) else 1


def _end(_number: int, _frame: FrameType | None) -> None:
    sys.exit(143)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
