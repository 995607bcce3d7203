"""Saved pages and all that must come of them; ``--accept`` rewrites, and the difference is reviewed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from termsmith.conversion import convert_page
from termsmith.settings import Settings

if TYPE_CHECKING:
    from termsmith.model.result import Conversion

GOLDEN = Path(__file__).parent / "golden"
CASES = sorted(page.parent for page in GOLDEN.glob("*/*/page.*") if page.suffix != ".toml")
assert CASES, "no golden pages found"
KEPT = ("resources.json", "findings.txt", "account.txt")


def files_of(conversion: Conversion) -> dict[str, str]:
    findings = [
        f"{f.place or conversion.source}: {f.severity.value}[{f.code}]: {f.message}\n    {f.hint}\n"
        for f in conversion.findings
    ]
    pieces = [
        f"{piece.fate.value:9} {piece.text!r} {piece.note or ', '.join(piece.elements)}\n"
        for piece in conversion.coverage.pieces
        if piece.note or piece.elements
    ]
    return {
        "resources.json": json.dumps(conversion.to_dicts(), indent=2, ensure_ascii=False) + "\n",
        "findings.txt": "".join(findings),
        "account.txt": "".join(pieces),
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}-{case.name}")
def test_page_gives_its_files(case: Path, accept: bool) -> None:  # noqa: FBT001  a fixture
    (page,) = (path for path in case.glob("page.*") if path.suffix != ".toml")
    sidecar = case / "page.toml"
    conversion = convert_page(
        page.read_bytes(),
        page.name,
        Settings(),
        today="2026-01-31",
        sidecar=sidecar.read_bytes() if sidecar.exists() else None,
    )
    for name, text in files_of(conversion).items():
        if accept:
            (case / name).write_text(text, encoding="utf-8")
        assert text == (case / name).read_text(encoding="utf-8"), f"{name}: see --accept"
