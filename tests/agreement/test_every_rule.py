"""Each rule has resources that break it, and others that come close and don't."""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from corpus.generate import corpus, mutated, mutations, own_examples
from verdicts import TODAY, ours

from termsmith.checks.checking import faults
from termsmith.checks.relations.checking import relation_faults
from termsmith.checks.relations.digest import digest_of
from termsmith.checks.rule import Profile
from termsmith.checks.subject import Subject
from termsmith.documents.reading import read_document
from termsmith.rules import checked_rules

ELSEWHERE = {
    "EXC001": "checks/test_exceptions.py",
    "EXC002": "checks/test_exceptions.py",
    "STR018": "checks/structure/test_walk.py",
    "LIM001": "cli/test_check.py",
}
"""Rules that are not about resources in files, and the tests that break them and come close."""
EXAMPLES = own_examples()


@cache
def codes_of_the_corpus() -> dict[str, tuple[str, frozenset[str]]]:
    """Return the mutation and the codes of each resource, all profiles asked for."""
    profiles = frozenset(set(Profile) - {Profile.FHIR_RESOURCES})
    return {
        case.name: (
            case.name.partition("/")[2].rpartition(".")[0],
            frozenset(each.code for each in ours(case.data, case.name, profiles)),
        )
        for case in corpus()
    }


def places(row: dict[str, Any]) -> frozenset[str]:
    """Return what a mutation changes: pointers, or a piece of text."""
    changed = {*row.get("set", {}), *row.get("remove", ()), *row.get("long", {}), *row.get("many", {})}
    return frozenset(changed | {row["old"]} if "old" in row else changed)


@cache
def proved_by_the_corpus() -> dict[str, bool]:
    """Return the rules that the corpus breaks, and whether another mutation of the same place does not."""
    rows = {row["name"]: places(row) for row in mutations()}
    breaking: dict[str, set[str]] = defaultdict(set)
    for name, codes in codes_of_the_corpus().values():
        for code in codes:
            breaking[code] |= rows[name]
    return {
        code: any(
            code not in codes and rows[name] & changed for name, codes in codes_of_the_corpus().values()
        )
        for code, changed in breaking.items()
    }


def codes_of_an_example(row: dict[str, Any]) -> frozenset[str]:
    """Return the codes of all rules that the resources of an example break, alone and together."""
    release = row.get("release", "R4")
    subjects, codes = [], set()
    for number, resource in enumerate(row["resources"]):
        document = read_document(mutated(resource, release), f"{number}.{resource['format']}")
        codes |= {finding.code for finding in document.findings}
        subjects += [
            Subject(each.data, version=release, today=TODAY, form=each.form, guide=row.get("guide"))
            for each in document.resources
        ]
    profiles = frozenset(map(Profile, row.get("profiles", ())))
    codes |= {fault.rule.code for subject in subjects for fault in faults(subject, profiles)}
    digests = [digest_of(subject, f"{number}.json") for number, subject in enumerate(subjects)]
    return frozenset(codes | {fault.rule.code for fault in relation_faults(digests, profiles)})


@pytest.mark.parametrize(
    "row", EXAMPLES, ids=[f"{number}-{row['rule']}-{row['case']}" for number, row in enumerate(EXAMPLES)]
)
def test_an_example_breaks_its_rule_or_only_comes_close(row: dict[str, Any]) -> None:
    codes = codes_of_an_example(row)
    assert (row["rule"] in codes) == (row["case"] == "trigger"), json.dumps(sorted(codes))


def test_each_rule_is_broken_and_nearly_broken() -> None:
    examples: dict[str, set[str]] = defaultdict(set)
    for row in EXAMPLES:
        examples[row["rule"]].add(row["case"])
    missing = {}
    for rule in checked_rules():
        near = proved_by_the_corpus().get(rule.code)
        cases = (
            examples[rule.code]
            | ({"trigger"} if near is not None else set())
            | ({"close"} if near else set())
        )
        if cases != {"trigger", "close"} and rule.code not in ELSEWHERE:
            missing[rule.code] = {"trigger", "close"} - cases
    assert missing == {}


@pytest.mark.parametrize("code", sorted(ELSEWHERE))
def test_other_rules_have_a_test_of_their_own(code: str) -> None:
    text = (Path(__file__).parents[1] / ELSEWHERE[code]).read_text(encoding="utf-8")
    assert f'"{code}"' in text
