"""A build that is at work in another process."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_SCRIPT = (
    "import sys\nfrom pathlib import Path\nfrom termsmith.builds.turn import turn\n"
    "with turn(Path('.termsmith'), on_wait=lambda: None):\n"
    "    print('mine', flush=True)\n    sys.stdin.read()\n"
)


@contextmanager
def build_at_work() -> Iterator[IO[str]]:
    """Have the project in the current folder to another process, until what is yielded is closed."""
    with subprocess.Popen(
        [sys.executable, "-c", _SCRIPT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == "mine\n"
        yield process.stdin
