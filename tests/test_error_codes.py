"""The table of error codes says what the source raises."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from termsmith.error_codes import ERROR_CODES, FAMILIES
from termsmith.rules import rules_by_code

ROOT = Path(__file__).parent.parent
CODES = [each.code for each in ERROR_CODES]


def raised() -> set[str]:
    """Return the codes that stand as texts of their own in the source, and are no findings."""
    found: set[str] = set()
    for path in (ROOT / "src").rglob("*.py"):
        if path.name != "error_codes.py":
            found |= set(re.findall(r'"([A-Z]{3}\d{3})"', path.read_text(encoding="utf-8")))
    return found - rules_by_code().keys()


def test_no_code_that_is_raised_is_missing() -> None:
    assert {"SRC001", "SET013", "INT002"} <= raised()
    assert raised() - set(CODES) == set()


def test_codes_stand_once_family_by_family() -> None:
    order = list(FAMILIES)
    assert sorted(set(CODES), key=lambda code: (order.index(code[:3]), code)) == CODES
    assert set(CODES).isdisjoint(rules_by_code())


def test_every_code_is_worded() -> None:
    for each in ERROR_CODES:
        assert each.title[0].isupper()
        assert each.when
        assert not each.when.endswith(".")
        assert each.hint.endswith(".")
        assert "|" not in "".join(each)


def test_the_page_of_errors_is_up_to_date() -> None:
    sys.path.insert(0, str(ROOT / "tools"))
    try:
        from make_errors_page import page  # noqa: PLC0415  lives outside the package
    finally:
        sys.path.pop(0)
    assert (ROOT / "docs" / "errors.md").read_text(encoding="utf-8") == page(), (
        "run `python tools/make_errors_page.py`"
    )
