"""What would change: a resource of ours beside the one that the server holds.

Left out of account is what the server writes itself (``meta.versionId``, ``meta.lastUpdated``,
``meta.source``), narrative, and ``id``, by which or by whose URL the two were found. Profiles, tags and
security labels that only the server has are no difference, since an update leaves them there
(https://hl7.org/fhir/R4/resource.html#tag-updates).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

import orjson

from termsmith.collecting import paused

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_APART = frozenset({"resourceType", "id", "text", "meta", "concept"})
_KEPT_BY_UPDATES = ("profile", "security", "tag")
_LONGEST_VALUE = 60
_MOST_CODES = 3


class Sign(Enum):
    """What happens to an element."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """An element that an update would change."""

    element: str
    """Name at the top of the resource, such as ``title``; ``meta.profile`` for what is within meta."""
    sign: Sign
    detail: str
    """``"Tea" -> "Teas"``, ``2 new (a, b), 1 changed (c)``; empty where it would be long."""


def differences(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Return the elements in which two resources differ, in our order, those that only they have last."""
    found = list(_meta(ours.get("meta"), theirs.get("meta")))
    found += [
        _of_element(name, ours.get(name), theirs.get(name))
        for name in dict.fromkeys([*ours, *theirs])
        if name.removeprefix("_") not in _APART and ours.get(name) != theirs.get(name)
    ]
    if ours.get("concept") != theirs.get("concept"):
        found.append(_of_concepts(ours, theirs))
    return tuple(found)


def _of_element(name: str, ours: Any, theirs: Any) -> Difference:
    if theirs is None:
        return Difference(element=name, sign=Sign.ADDED, detail=_shown(ours))
    if ours is None:
        return Difference(element=name, sign=Sign.REMOVED, detail=_shown(theirs))
    pair = (_shown(theirs), _shown(ours))
    return Difference(element=name, sign=Sign.CHANGED, detail=" -> ".join(pair) if all(pair) else "")


def _shown(value: Any) -> str:
    """Return a short value as JSON; nothing for what is long or has parts."""
    if isinstance(value, dict | list):
        return ""
    text = orjson.dumps(value).decode("utf-8")
    return text if len(text) <= _LONGEST_VALUE else f'{text[: _LONGEST_VALUE - 2]}…"'


def _meta(ours: Any, theirs: Any) -> Iterator[Difference]:
    if not isinstance(ours, dict):
        return
    held = theirs if isinstance(theirs, dict) else {}
    for name in _KEPT_BY_UPDATES:
        there = held.get(name)
        missing = [each for each in _listed(ours.get(name)) if each not in _listed(there)]
        if missing:
            sign = Sign.CHANGED if there else Sign.ADDED
            yield Difference(element=f"meta.{name}", sign=sign, detail=_shown(missing[0]))


def _listed(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else ()


def _of_concepts(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> Difference:
    with paused():
        here, there = _by_code(ours), _by_code(theirs)
        changed = [code for code in here if code in there and not _is_same(here[code], there[code])]
        parts = [
            _counted("new", [code for code in here if code not in there]),
            _counted("gone", [code for code in there if code not in here]),
            _counted("changed", changed),
        ]
    sign = Sign.ADDED if not there else Sign.REMOVED if not here else Sign.CHANGED
    return Difference(
        element="concept", sign=sign, detail=", ".join(filter(None, parts)) or "in another order"
    )


def _counted(word: str, codes: Sequence[str]) -> str:
    if not codes:
        return ""
    more = ", …" if len(codes) > _MOST_CODES else ""
    return f"{len(codes):,} {word} ({', '.join(codes[:_MOST_CODES])}{more})"


def _by_code(data: Mapping[str, Any]) -> dict[str, tuple[str, dict[str, Any]]]:
    """Return each concept with the code of the one above, by its code."""
    found: dict[str, tuple[str, dict[str, Any]]] = {}
    waiting: list[tuple[str, Mapping[str, Any]]] = [("", data)]
    while waiting:
        above, parent = waiting.pop()
        for concept in _listed(parent.get("concept")):
            if isinstance(concept, dict):
                stated = concept.get("code")
                code = stated if isinstance(stated, str) else ""
                found[code] = (above, concept)
                if "concept" in concept:
                    waiting.append((code, concept))
    return found


def _is_same(ours: tuple[str, dict[str, Any]], theirs: tuple[str, dict[str, Any]]) -> bool:
    """Tell whether two concepts of a code are equal; those below them are compared by their own codes."""
    (above, here), (above_there, there) = ours, theirs
    if above != above_there:
        return False
    if "concept" in here or "concept" in there:
        names = (here.keys() | there.keys()) - {"concept"}
        return all(here.get(name) == there.get(name) for name in names)
    return here == there
