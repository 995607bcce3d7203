from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

from termsmith.api.day import today


@pytest.mark.skipif(sys.platform == "win32", reason="time zones of POSIX")
def test_the_day_is_the_users_own() -> None:
    days = set()
    for zone in ("<+14>-14", "<-12>+12"):
        script = "from termsmith.api.day import today; print(today())"
        environment = {**os.environ, "TZ": zone}
        days.add(
            subprocess.run(
                [sys.executable, "-c", script], env=environment, capture_output=True, check=True
            ).stdout
        )
    assert len(days) == 2


def test_a_day_is_written_as_fhir_has_it() -> None:
    before, day, after = time.strftime("%Y-%m-%d"), today(), time.strftime("%Y-%m-%d")
    assert day in {before, after}
