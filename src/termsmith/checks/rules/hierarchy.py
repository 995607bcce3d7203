"""The hierarchy that nesting and the properties parent and child make."""

from __future__ import annotations

from collections import Counter
from itertools import repeat
from operator import gt, lt
from typing import TYPE_CHECKING, NamedTuple

from termsmith.checks.rule import CheckRule, Hit, hit
from termsmith.checks.rules.properties import PREFIX
from termsmith.checks.structure.words import shown
from termsmith.model.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from termsmith.checks.subject import Subject

_MOST_SHOWN = 8
_MEANINGS = {f"{PREFIX}{name}": name for name in ("parent", "child")}


def _links(subject: Subject) -> dict[str, str]:
    """Return the codes of the properties that link concepts, and what they mean: parent or child."""
    links = {"parent": "parent", "child": "child"}
    for _, data in subject.objects("property"):
        code, uri = data.get("code"), data.get("uri")
        if isinstance(code, str) and isinstance(uri, str):
            links.pop(code, None)
            if uri in _MEANINGS:
                links[code] = _MEANINGS[uri]
    return links


class _Links(NamedTuple):
    """What properties state of the hierarchy, in columns of equal length; concepts by their index."""

    lowers: Sequence[int]
    uppers: Sequence[int]
    """-1 where no concept has the code."""
    properties: Sequence[int]
    """Index of the property that states it."""


def _stated(subject: Subject) -> _Links | None:
    """Return the links that properties state; nothing where there are none."""
    concepts = subject.concepts
    if concepts.property_code_set.isdisjoint(("parent", "child")) and not subject.data.get("property"):
        return None
    links = _links(subject)
    if concepts.property_code_set.isdisjoint(links):
        return None
    owners, _, data = concepts.properties
    index_of, codes = concepts.index_of.get, concepts.codes
    columns = _Links([], [], [])
    for meaning in ("parent", "child"):
        named = {code for code, means in links.items() if means == meaning}
        indexes = concepts.property_indexes(named)
        values = [data[index].get("valueCode") for index in indexes]
        if not set(map(type, values)) <= {str}:
            indexes = [index for index in indexes if isinstance(data[index].get("valueCode"), str)]
            values = [data[index]["valueCode"] for index in indexes]
        own = [owners[index] for index in indexes]
        if len(concepts.index_of) < len(codes):
            # Of concepts with the same code, the first stands for all.
            own = [-1 if codes[index] is None else concepts.index_of[codes[index]] for index in own]
        others = list(map(index_of, values, repeat(-1)))
        columns = _Links(
            [*columns.lowers, *(own if meaning == "parent" else others)],
            [*columns.uppers, *(others if meaning == "parent" else own)],
            [*columns.properties, *indexes],
        )
    return columns


def _cycles(subject: Subject) -> Iterator[Hit]:
    links = _stated(subject)
    if links is None:
        return
    concepts = subject.concepts
    # Concepts stand before those within them, and mostly before those that name them as parent, too.
    if all(map(gt, links.lowers, links.uppers)) or (
        not concepts.is_nested and all(map(lt, links.lowers, links.uppers))
    ):
        return
    lowers, uppers = list(links.lowers), list(links.uppers)
    if concepts.is_nested and len(concepts.index_of) == len(concepts):
        nested = [index for index, parent in enumerate(concepts.parents) if parent >= 0]
        lowers += nested
        uppers += [concepts.parents[index] for index in nested]
    found = cycles(lowers, uppers)
    places = dict(zip(zip(lowers, uppers, strict=True), links.properties, strict=False)) if found else {}
    for cycle in found:
        place = places.get((cycle[0], cycle[1 % len(cycle)]))
        pointer = concepts.pointer(cycle[0]) if place is None else concepts.property_pointer(place)
        codes = [shown(concepts.codes[index]) for index in cycle[:_MOST_SHOWN]]
        if len(cycle) > _MOST_SHOWN:
            codes.append(f"({len(cycle) - _MOST_SHOWN:,} more)")
        yield hit(pointer, path=" -> ".join([*codes, codes[0]]))


def cycles(lowers: Sequence[int], uppers: Sequence[int]) -> list[list[int]]:
    """Return cycles in a graph that have no node in common; at least one, where there are any.

    Each begins with its lowest node and goes up. The time it takes grows with the number of links, not with
    that of the cycles, which can be far greater.

    Args:
        lowers: Where each link begins; links of negative nodes are none.
        uppers: Where each ends.

    >>> cycles([1, 2, 3, 4], [2, 3, 1, 1])
    [[1, 2, 3]]
    """
    links = [(lower, upper) for lower, upper in zip(lowers, uppers, strict=True) if min(lower, upper) >= 0]
    below: dict[int, list[int]] = {}
    for lower, upper in links:
        below.setdefault(upper, []).append(lower)
    unsettled = Counter(lower for lower, _ in links)
    settled = [upper for upper in below if upper not in unsettled]
    while settled:
        for lower in below.pop(settled.pop(), ()):
            unsettled[lower] -= 1
            if not unsettled[lower]:
                del unsettled[lower]
                settled.append(lower)
    # What is left has something above it that is left, too, so going up from anywhere ends in a circle.
    above = {lower: upper for lower, upper in links if lower in unsettled and upper in unsettled}
    walks: dict[int, int] = {}
    found = []
    for start in sorted(above):
        node = start
        while node not in walks:
            walks[node] = start
            node = above[node]
        if walks[node] == start:
            cycle = [node]
            while above[cycle[-1]] != node:
                cycle.append(above[cycle[-1]])
            first = cycle.index(min(cycle))
            found.append(cycle[first:] + cycle[:first])
    return found


def _against_nesting(subject: Subject) -> Iterator[Hit]:
    """Yield nested concepts that name parents, but not the concept that they stand in."""
    concepts = subject.concepts
    if not concepts.is_nested or len(concepts.index_of) < len(concepts):
        return
    links = _stated(subject)
    if links is None:
        return
    outers = [concepts.parents[lower] for lower in links.lowers]
    if outers == links.uppers:
        return
    agreeing = {
        lower
        for lower, upper, outer in zip(links.lowers, links.uppers, outers, strict=True)
        if upper == outer
    }
    for lower, upper, place in zip(*links, strict=True):
        if lower < 0 or upper < 0 or concepts.parents[lower] < 0 or lower in agreeing:
            continue
        agreeing.add(lower)
        facts = {
            "code": shown(concepts.codes[lower]),
            "outer": shown(concepts.codes[concepts.parents[lower]]),
            "stated": shown(concepts.codes[upper]),
        }
        yield hit(concepts.property_pointer(place), **facts)


RULES: tuple[CheckRule, ...] = (
    CheckRule(
        code="CON040",
        severity=Severity.ERROR,
        title="Cycle in the hierarchy",
        message="going up from parent to parent leads round in a circle: {path}",
        hint="Compare these links with the source, and remove the wrong one.",
        check=_cycles,
        resources=("CodeSystem",),
        element="CodeSystem.concept.property",
        spec="https://hl7.org/fhir/R4/codesystem.html#hierarchy",
    ),
    CheckRule(
        code="CON041",
        severity=Severity.WARNING,
        title="Parent against nesting",
        message="concept {code!r} stands within {outer!r}, but its stated parent is {stated!r}",
        hint="Nest it where it belongs, or state the outer concept as a parent too.",
        check=_against_nesting,
        resources=("CodeSystem",),
        element="CodeSystem.concept.property",
        spec="https://hl7.org/fhir/R4/codesystem.html#hierarchy",
    ),
)
