from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from checks.relations.sets import digests
from checks.samples import code_system
from termsmith.checks.relations.checking import (
    CONTENT_RULES,
    RELATION_RULES,
    relation_faults,
    relation_finding,
)
from termsmith.checks.relations.digest import with_places
from termsmith.model.place import Place

if TYPE_CHECKING:
    from termsmith.checks.relations.rule import ContentRule, RelationRule

RULES: tuple[RelationRule | ContentRule, ...] = (*RELATION_RULES, *CONTENT_RULES)


def test_codes_are_of_the_family_and_each_stands_once() -> None:
    codes = [rule.code for rule in RULES]
    assert len(set(codes)) == len(codes)
    assert all(code.startswith("REL") for code in codes)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_says_what_its_levels_mean(rule: RelationRule | ContentRule) -> None:
    assert rule.levels.keys() == rule.contexts.keys()
    assert rule.spec is not None


def test_a_finding_points_into_its_resource_and_shows_the_value() -> None:
    (fault,) = relation_faults(digests(code_system(), code_system(id="tea-2")))
    finding = relation_finding(fault)
    assert (finding.element, finding.pointer) == ("CodeSystem.url", "/url")
    assert finding.offending == '"https://tea.example.net/grades"'
    assert finding.message == (
        "url 'https://tea.example.net/grades' and version '1.0.0' of CodeSystem/tea-2 is also that of "
        "CodeSystem/tea in 0.json; references to it mean two resources"
    )


def test_a_finding_about_a_page_has_the_place_that_its_digest_knows() -> None:
    first, second = digests(code_system(), code_system(id="tea-2"))
    place = Place("tea.html", 7, 1)
    of_page = with_places(second, {"/url": place, "/concept": place}.get)
    assert of_page.places == (("/url", place),)
    (fault,) = relation_faults([first, of_page])
    assert relation_finding(fault).place == place
    (fault,) = relation_faults([of_page, first])
    assert relation_finding(fault).place is None
