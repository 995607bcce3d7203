"""What a build remembers reads back as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
import pytest

from termsmith.builds.memory import digest_entry, recalled_digest
from termsmith.checks.carried import Carried
from termsmith.checks.relations.digest import Bound, Digest, Include, UniqueId
from termsmith.model.place import Place

if TYPE_CHECKING:
    from collections.abc import Mapping

TEA: Mapping[str, Any] = {
    "source": "pages/tea.txt",
    "pointer": "",
    "type": "CodeSystem",
    "release": "R4",
    "id": "tea",
    "url": Carried("/url", "https://tea.example"),
    "version": None,
    "title": Carried("/extension/0/valueString", "Tea"),
    "copyright": None,
    "name": "Tea",
    "status": "active",
    "publisher": None,
    "kind": None,
    "content": "complete",
    "unique_ids": (UniqueId("/uniqueId/0/value", "uri", "https://tea.example", None),),
    "oids": (("/identifier/0/value", "2.999.1"),),
    "supplements": None,
    "value_set": "https://tea.example/all",
    "hierarchy_meaning": None,
    "count": 2,
    "concepts": 2,
    "codes": frozenset({"op", "\u00e9"}),
    "bound": (
        Bound("/property/0/extension/0/valueCanonical", "size", "https://v", (("/x", "s"), ("/y", "l"))),
    ),
    "includes": (
        Include("https://tea.example", whole=False, codes=frozenset({"op"})),
        Include(None, whole=True, codes=None),
    ),
    "excludes": False,
    "expanded": None,
    "places": (
        ("/url", Place("tea.html", 3, 7, table=1, row=2, cell=1)),
        ("/status", Place("tea.toml", 1, 1)),
    ),
}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"codes": None},
        {"codes": frozenset(), "bound": (), "includes": (), "unique_ids": (), "oids": (), "places": ()},
    ],
    ids=["everything", "codes not kept", "nothing of any"],
)
def test_what_a_resource_is_compared_by_reads_back_equal(changes: Mapping[str, Any]) -> None:
    digest = Digest(**{**TEA, **changes})
    kept = orjson.dumps(digest_entry(digest))
    assert recalled_digest(orjson.loads(kept)) == digest
    assert hash(recalled_digest(orjson.loads(kept))) == hash(digest)


def test_the_same_codes_are_kept_as_the_same_bytes() -> None:
    names = [f"c{number}" for number in range(50)]
    one, other = (digest_entry(Digest(**{**TEA, "codes": frozenset(each)})) for each in (names, names[::-1]))
    assert one["codes"] == other["codes"] == sorted(names)
