from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.relations.sets import digests
from checks.samples import code_system, naming_system
from termsmith.checks.carried import Carried
from termsmith.checks.relations.checking import RELATION_RULES, relation_faults, relation_finding
from termsmith.checks.relations.digest import Bound, Digest, Include, UniqueId
from termsmith.checks.relations.meeting import joined, meeting_points
from termsmith.checks.rule import Profile

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

T = TypeVar("T")

_ALL = frozenset(Profile)
_URLS = ["https://a.example", "http://www.A.example/", *(f"urn:{letter}" for letter in "bcdefghi")]
_OIDS = [f"2.999.{number}" for number in range(8)]
_IDS = [f"id-{number}" for number in range(12)]
_WORDS = ["tea", "ale", "gin"]
_EITHER = (True, False)


_NOTHING: dict[str, Any] = {
    **dict.fromkeys(("id", "supplements", "value_set")),
    **dict.fromkeys(("unique_ids", "oids", "bound", "includes"), ()),
}
"""What a resource has where it is joined to no other in one way."""


def _digests(seed: int) -> list[Digest]:
    """Return resources that have much in common; drawn evenly, so that each rule is broken now and then."""
    draw = random.Random(seed)  # noqa: S311  no secret
    urls, oids = _URLS[: draw.choice([2, 2, 4, len(_URLS)])], _OIDS[: draw.randint(2, len(_OIDS))]
    # Where all ways to be joined are open, everything is joined by one or another.
    closed: list[str] = draw.sample(list(_NOTHING), draw.choice([0, 0, 3, 5, 6]))
    given = [_digest(draw, urls, oids) for _ in range(draw.choice([2, 3, 3, 4, 9]))]
    return [replace(each, **{name: _NOTHING[name] for name in closed}) for each in given]


def _digest(draw: random.Random, urls: list[str], oids: list[str]) -> Digest:
    def one(*values: T) -> T:
        return draw.choice(values)

    def some(make: Callable[[], T]) -> tuple[T, ...]:
        return tuple(make() for _ in range(one(0, 1, 1, 2)))

    def canonical() -> str:
        return one(*urls) + one("", "", "", "|1")

    def codes() -> frozenset[str] | None:
        return one(None, frozenset(draw.sample(_WORDS, 2)))

    return Digest(
        source=f"{draw.randint(0, 7)}.txt",
        pointer="",
        type=one("NamingSystem", "CodeSystem", "ValueSet"),
        release=one("R4", "R4", "R5"),
        id=one(None, *_IDS),
        url=one(None, Carried("/url", one(*urls))),
        version=one(None, Carried("/version", one("1", "2"))),
        title=one(None, Carried("/title", one(*_WORDS))),
        copyright=one(None, Carried("/copyright", one(*_WORDS))),
        name=None,
        status=one("active", "draft"),
        publisher=one(None, *_WORDS),
        kind=one(None, "codesystem", "identifier"),
        content=one("complete", "complete", "not-present", "supplement"),
        unique_ids=some(
            lambda: one(
                UniqueId("/uniqueId/0/value", "uri", one(*urls), one(None, *_EITHER)),
                UniqueId("/uniqueId/1/value", "oid", one(*oids), one(None, *_EITHER)),
            )
        ),
        oids=some(lambda: ("/identifier/0/value", one(*oids))),
        supplements=one(None, canonical()),
        value_set=one(None, canonical()),
        hierarchy_meaning=one(None, "is-a", "part-of"),
        count=one(None, 1, 2),
        concepts=one(0, 1, 2),
        codes=codes(),
        bound=some(lambda: Bound("/property/0", "p", canonical(), (("/concept/0", one(*_WORDS)),))),
        includes=some(lambda: Include(one(None, canonical()), one(*_EITHER), codes())),
        excludes=one(*_EITHER),
        expanded=one(None, 1, 2),
    )


_A, _B = "https://a.example", "https://b.example"
_NAMES_VALUE_SET = "http://hl7.org/fhir/StructureDefinition/codesystem-property-valueset"
_BOUND = {"code": "p", "type": "code", "extension": [{"url": _NAMES_VALUE_SET, "valueCanonical": _A}]}


def system(**elements: Any) -> dict[str, Any]:
    return {"resourceType": "CodeSystem", "url": _A, **elements}


def naming(**elements: Any) -> dict[str, Any]:
    return {"resourceType": "NamingSystem", **elements}


def value_set(**elements: Any) -> dict[str, Any]:
    return {"resourceType": "ValueSet", **elements}


_several = st.integers(0, 1 << 32).map(_digests)


def _told(given: Iterable[Digest]) -> Counter[tuple[str, str, str]]:
    return Counter(
        (fault.hit.digest.source, fault.rule.code, relation_finding(fault).message)
        for fault in relation_faults(given, _ALL)
    )


def _points(given: Iterable[Digest]) -> dict[str, set[str]]:
    points: dict[str, set[str]] = {}
    for each in given:
        points.setdefault(each.source, set()).update(meeting_points(each))
    return points


def _of(sources: Collection[str], given: Iterable[Digest]) -> list[Digest]:
    return [each for each in given if each.source in sources]


@settings(max_examples=300)
@given(_several)
def test_what_is_not_joined_to_a_source_changes_nothing_about_it(given: list[Digest]) -> None:
    everything = _told(given)
    group = joined(_points(given), [given[0].source])
    assert {told: n for told, n in everything.items() if told[0] in group} == _told(_of(group, given))


@settings(max_examples=300)
@given(_several)
def test_when_a_resource_changes_only_what_it_was_or_is_joined_to_is_told_otherwise(
    given: list[Digest],
) -> None:
    *before, changed = given
    after = [*_of({each.source for each in before} - {changed.source}, before), changed]
    after.sort(key=lambda each: each.source)
    points = _points([*before, changed])
    group = joined(points, [changed.source])
    old, new = _told(sorted(before, key=lambda each: each.source)), _told(after)
    assert {told: n for told, n in old.items() if told[0] not in group} == {
        told: n for told, n in new.items() if told[0] not in group
    }


def test_all_rules_about_several_are_tried_by_the_laws() -> None:
    """Of a rule that needs what these resources never have they would say nothing."""
    met = {fault.rule.code for seed in range(3000) for fault in relation_faults(_digests(seed), _ALL)}
    assert met == {rule.code for rule in RELATION_RULES}


@pytest.mark.parametrize(
    ("start", "group"),
    [(["a"], {"a", "b", "c"}), (["d"], {"d"}), (["d", "c"], {"a", "b", "c", "d"}), (["gone"], set())],
)
def test_sources_are_joined_through_others(start: list[str], group: set[str]) -> None:
    points = {"a": {"1"}, "b": {"1", "2"}, "c": {"2"}, "d": {"3"}}
    assert joined(points, start) == group


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (system(id="tea"), system(id="tea", url=_B)),
        (system(), system()),
        (system(url=_B, supplements=_A, content="supplement"), system()),
        (system(url=_B, supplements=f"{_A}|2", content="supplement"), system()),
        (system(url=_B, valueSet=_A), value_set(url=_A)),
        (system(url=_B, property=[_BOUND]), value_set(url=_A)),
        (value_set(url=_B, compose={"include": [{"system": _A}]}), system()),
        (naming(uniqueId=[{"type": "uri", "value": "http://www.A.example/"}]), system()),
        (
            naming(uniqueId=[{"type": "oid", "value": "2.999.1"}]),
            system(identifier=[{"value": "urn:oid:2.999.1"}]),
        ),
    ],
)
def test_resources_meet_by(one: dict[str, Any], other: dict[str, Any]) -> None:
    first, second, stranger = digests(one, other, system(id="other", url="https://other.example"))
    assert len(meeting_points(first) & meeting_points(second)) == 1
    assert not meeting_points(stranger) & (meeting_points(first) | meeting_points(second))


def test_a_system_meets_its_naming_system_by_a_url_that_is_nearly_the_same() -> None:
    system, naming = digests(
        code_system(id="other", url="http://www.tea.example.net/grades/", identifier=None), naming_system()
    )
    assert meeting_points(system) & meeting_points(naming) == {"tea.example.net/grades"}
