from __future__ import annotations

import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.relations.sets import digests
from checks.samples import TODAY, code_system, naming_system
from termsmith.checks.carried import Carried
from termsmith.checks.relations.checking import relation_faults, relation_finding
from termsmith.checks.relations.digest import digest_of
from termsmith.checks.subject import Subject

URL = "https://registry.example.net/NamingSystem/tea"


@pytest.mark.parametrize(("version", "pointer"), [("R4", "/extension/0/valueUri"), ("R5", "/url")])
def test_a_digest_reads_elements_and_what_carries_them(version: str, pointer: str) -> None:
    (digest,) = digests(naming_system(version), version=version)
    assert digest.url == Carried(pointer, URL)
    assert digest.title is not None
    assert digest.title.value == "Tea Grades"


def test_a_digest_counts_concepts_of_all_levels() -> None:
    (digest,) = digests(code_system())
    assert (digest.concepts, digest.count) == (3, 3)


def test_a_digest_of_a_value_set_has_its_includes_and_the_size_of_its_expansion() -> None:
    (digest,) = digests(
        {
            "resourceType": "ValueSet",
            "compose": {"include": [{"system": "https://a.net"}, {"system": "https://b.net", "filter": []}]},
            "expansion": {"contains": [{"code": "OP", "contains": [{"code": "FOP"}]}, {"code": "P"}]},
        }
    )
    assert digest.includes == (("https://a.net", True, None), ("https://b.net", False, None))
    assert digest.expanded == 3


def test_digests_travel_between_processes() -> None:
    for digest in digests(naming_system(), code_system()):
        assert pickle.loads(pickle.dumps(digest)) == digest  # noqa: S301  our own


values = (
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["uri", "tea", "1"])
)
anything = st.recursive(
    values,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["type", "value", "include", "contains", "url", "code", "concept", "display", "extension"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)
ELEMENTS = (
    "id url version title kind content uniqueId identifier supplements valueSet count concept compose expansion "
    "extension status hierarchyMeaning publisher property"
)
changes = st.dictionaries(st.sampled_from(ELEMENTS.split()), anything)
resources = st.tuples(st.sampled_from(["NamingSystem", "CodeSystem", "ValueSet"]), changes)


@given(st.lists(resources, max_size=5))
def test_no_json_makes_a_rule_raise(given_resources: list[tuple[str, dict[str, Any]]]) -> None:
    made = [
        digest_of(Subject({**data, "resourceType": kind}, version="R5", today=TODAY), "a.json")
        for kind, data in given_resources
    ]
    for fault in relation_faults(made):
        assert relation_finding(fault).message
