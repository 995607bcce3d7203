"""`make lowest` runs with the very versions that pyproject.toml gives as lower bounds."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_the_lowest_versions_are_the_lower_bounds() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    bounds = [re.fullmatch(r"([\w.-]+)>=([\d.]+)(,<\d+)?", each) for each in project["dependencies"]]
    assert None not in bounds, "every dependency has a lower bound"
    lines = (ROOT / "requirements-lowest.txt").read_text(encoding="utf-8").splitlines()
    pinned = [line for line in lines if line and not line.startswith("#")]
    assert pinned == [f"{bound[1]}=={bound[2]}" for bound in bounds if bound is not None]
