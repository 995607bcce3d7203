"""The order of the stages: each module imports only from stages above it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import termsmith

ROOT = Path(termsmith.__file__).parent
STAGES = (
    ("errors", "model", "collecting"),
    ("catalogue", "error_codes", "settings"),
    ("toml",),
    ("settings_file", "faults"),
    ("sources",),
    ("pages",),
    ("dialects",),
    ("records",),
    ("concepts",),
    ("sidecars",),
    ("registry",),
    ("resources",),
    ("checks",),
    ("documents", "evidence_places"),
    ("resource_checks",),
    ("coverage", "concept_sources", "concept_content", "concept_tables"),
    ("narratives",),
    ("conversion",),
    ("outputs",),
    ("servers",),
    ("batch", "parallel", "processes", "run", "check_run"),
    ("rules", "schemas"),
    ("builds",),
    ("confluence",),
    ("api",),
    ("cli",),
)
LEVEL = {name: level for level, names in enumerate(STAGES) for name in names}
MODULES = sorted(
    path for path in ROOT.rglob("*.py") if path.name != "__init__.py" and path.parent != ROOT.parent
)
assert MODULES, "no modules found"


def stage_of(path: Path) -> str:
    relative = path.relative_to(ROOT)
    return relative.parts[0].removesuffix(".py")


def imported_stages(path: Path) -> set[str]:
    stages = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            names = [node.module]
        for name in names:
            found = re.match(r"termsmith\.(\w+)", name)
            if found is not None and found[1] in LEVEL:
                stages.add(found[1])
    return stages


def test_every_module_belongs_to_a_stage() -> None:
    assert {stage_of(path) for path in MODULES} - {"__main__"} == set(LEVEL)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_module_imports_only_from_stages_above(path: Path) -> None:
    own = stage_of(path)
    if own == "__main__":
        return
    below = {name for name in imported_stages(path) if LEVEL[name] > LEVEL[own]}
    assert below == set()


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_only_edges_touch_the_outside(path: Path) -> None:
    """No clock, network, environment or process in the stages between reading and writing."""
    if stage_of(path) in {"sources", "outputs", "cli", "api", "settings_file", "__main__"}:
        return
    text = path.read_text(encoding="utf-8")
    for forbidden in (
        "os.environ",
        "datetime.now",
        "date.today",
        "time.time",
        "urllib.request",
        "socket",
        "subprocess",
    ):
        assert forbidden not in text, f"{forbidden} in {path.name}"
