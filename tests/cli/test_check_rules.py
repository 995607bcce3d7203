"""`termsmith rules`: what is checked, and why."""

from __future__ import annotations

import json

import pytest

from cli.pages import termsmith
from termsmith.error_codes import ERROR_CODES
from termsmith.rules import FAMILY_TITLES, all_codes, all_rules, checked_rules


def test_all_rules_are_listed_by_family() -> None:
    result = termsmith("rules")
    lines = result.stdout.splitlines()
    assert result.stderr == (
        f"{len(all_rules())} kinds of findings, {len(checked_rules())} of them rules of `check`; "
        f"{len(ERROR_CODES)} errors\n"
    )
    headings = [line.split("  ", 1) for line in lines if not line.startswith(" ")]
    assert headings == [[code, title] for code, title in FAMILY_TITLES.items()]
    assert [line.split()[0] for line in lines if line.startswith(" ")] == list(all_codes())
    assert "  OUT002  fatal        Result that can't be written" in lines
    assert "  NAM001  error        OID with a prefix" in lines


def test_one_family_is_listed() -> None:
    lines = termsmith("rules", "--family", "exc").stdout.splitlines()
    assert lines == [
        "EXC  Exceptions",
        "  EXC001  warning      Expired exception",
        "  EXC002  warning      Unused exception",
    ]
    result = termsmith("rules", "--family", "ABC")
    assert (result.exit_code, "error[USE003]: there is no family 'ABC'" in result.stderr) == (2, True)


def test_the_list_is_there_for_programs() -> None:
    rules = json.loads(termsmith("rules", "--format", "json").stdout)
    assert [rule["code"] for rule in rules] == list(all_codes())
    assert all({"title", "severity", "message", "hint"} <= rule.keys() for rule in rules)


def test_a_rule_is_shown_whole() -> None:
    assert termsmith("rules", "show", "inv023").stdout.splitlines() == [
        "INV023  Preferred twice",
        "  severity    error",
        "  message     two identifiers of type ‹kind› are preferred; the first is at ‹first›",
        "  hint        Keep preferred: true on one of each type.",
        "  element     NamingSystem.uniqueId.preferred",
        "  resources   NamingSystem",
        *(
            f"  {label:<12}{version} nsd-2: uniqueId.where(preferred = true).select(type).isDistinct()"
            for label, version in (("invariants", "R4"), ("", "R4B"), ("", "R5"))
        ),
        "  spec        https://hl7.org/fhir/R4/namingsystem.html",
    ]


@pytest.mark.parametrize("code", ["NAM999", "nonsense"])
def test_an_unknown_rule_is_told_with_the_nearest(code: str) -> None:
    result = termsmith("rules", "show", code)
    assert result.exit_code == 2
    assert f"there is no code '{code}'" in result.stderr


def test_an_error_is_shown_like_a_rule() -> None:
    assert termsmith("rules", "show", "out003").stdout.splitlines() == [
        "OUT003  File in place of a folder",
        "  severity    fatal",
        "  message     the folder of the results is a file, or a link that leads nowhere",
        "  hint        Name a folder that the results can go to.",
    ]


@pytest.mark.parametrize("code", all_codes())
def test_every_code_can_be_shown(code: str) -> None:
    assert termsmith("rules", "show", code).stdout.startswith(f"{code}  ")
