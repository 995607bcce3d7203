from __future__ import annotations

import re
import sys
from pathlib import Path

from termsmith import catalogue
from termsmith.catalogue import RULES
from termsmith.error_codes import ERROR_CODES
from termsmith.model.finding import Rule, Severity
from termsmith.rules import FAMILY_TITLES, all_rules

ROOT = Path(__file__).parent.parent


def test_codes_are_unique_and_well_formed() -> None:
    codes = [rule.code for rule in RULES]
    assert len(codes) == len(set(codes))
    assert all(re.fullmatch(r"(PAG|DIA|REC|SID|RES|OUT|DOC|INT|SRV|TAB)\d{3}", code) for code in codes)


def test_every_family_of_rules_has_a_title() -> None:
    codes = [*(rule.code for rule in all_rules()), *(each.code for each in ERROR_CODES)]
    assert {code[:3] for code in codes} == FAMILY_TITLES.keys()


def test_every_rule_is_worded() -> None:
    for rule in RULES:
        assert rule.title
        assert rule.message
        assert rule.hint.endswith((".", "}"))
        assert rule.spec is None or rule.spec.startswith(("https://", "http://"))


def test_every_rule_is_found_somewhere() -> None:
    source = "\n".join(
        path.read_text(encoding="utf-8")
        for path in (ROOT / "src").rglob("*.py")
        if path.name != "catalogue.py"
    )
    names = [name for name, value in vars(catalogue).items() if isinstance(value, Rule)]
    assert [name for name in names if not re.search(rf"\b{name}\b", source)] == []


def test_severities_are_those_of_fhir() -> None:
    assert [severity.value for severity in Severity] == ["error", "warning", "information"]


def test_the_page_of_findings_is_up_to_date() -> None:
    sys.path.insert(0, str(ROOT / "tools"))
    try:
        from make_findings_page import page  # noqa: PLC0415  lives outside the package
    finally:
        sys.path.pop(0)
    assert (ROOT / "docs" / "findings.md").read_text(encoding="utf-8") == page(), (
        "run `python tools/make_findings_page.py`"
    )
