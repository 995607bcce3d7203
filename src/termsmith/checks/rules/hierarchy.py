"""The hierarchy that nesting and the properties parent and child make."""

from __future__ import annotations

from typing import TYPE_CHECKING

from termsmith.checks.rule import CheckRule, Hit, hit
from termsmith.checks.rules.properties import PREFIX
from termsmith.checks.structure.words import shown
from termsmith.model.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from termsmith.checks.concepts import Concepts
    from termsmith.checks.subject import Subject

_MOST_SHOWN = 8


def _links(subject: Subject) -> dict[str, str]:
    """Return the codes of the properties that link concepts, and what they mean: parent or child."""
    links = {}
    for _, data in subject.objects("property"):
        code, uri = data.get("code"), data.get("uri")
        if not isinstance(code, str):
            continue
        if isinstance(uri, str) and uri.startswith(PREFIX):
            named = uri[len(PREFIX) :]
        else:
            named = code if uri is None else ""
        if named in {"parent", "child"}:
            links[code] = named
    return links or {"parent": "parent", "child": "child"}


class _Stated:
    """One link between two concepts, as a property states it."""

    __slots__ = ("index", "lower", "upper")

    def __init__(self, lower: str, upper: str, index: int) -> None:
        self.lower, self.upper, self.index = lower, upper, index


def _stated(subject: Subject) -> list[_Stated]:
    """Return the links that properties state, each with the index of its property."""
    concepts = subject.concepts
    properties = concepts.properties
    if not properties.data:
        return []
    links = _links(subject)
    if concepts.property_codes.isdisjoint(links):
        return []
    found = []
    for index, data in enumerate(properties.data):
        meaning = links.get(code) if isinstance(code := data.get("code"), str) else None
        value, own = data.get("valueCode"), concepts.codes[properties.owners[index]]
        if meaning is None or own is None or not isinstance(value, str):
            continue
        found.append(_Stated(own, value, index) if meaning == "parent" else _Stated(value, own, index))
    return found


def _cycles(subject: Subject) -> Iterator[Hit]:
    stated = _stated(subject)
    if not stated:
        return
    above: dict[str, list[str]] = {}
    for link in stated:
        above.setdefault(link.lower, []).append(link.upper)
    for cycle in cycles(above):
        shown_path = [*cycle[:_MOST_SHOWN], *(["…"] if len(cycle) > _MOST_SHOWN else []), cycle[0]]
        index = next(link.index for link in stated if link.lower == cycle[0])
        yield hit(_property(subject.concepts, index), path=" -> ".join(map(shown, shown_path)))


def cycles(above: dict[str, list[str]]) -> list[list[str]]:
    """Return the cycles in a graph, one for each set of codes that hang together, from its first code on.

    A depth-first walk with a stack of our own, since chains can be longer than Python calls are deep. Every
    code and link is met once.

    >>> cycles({"a": ["b"], "b": ["c"], "c": ["a"], "d": ["a"]})
    [['a', 'b', 'c']]
    """
    done: set[str] = set()
    found = []
    for start, uppers in above.items():
        if start in done:
            continue
        path: list[str] = [start]
        position = {start: 0}
        waiting = [iter(uppers)]
        while waiting:
            for code in waiting[-1]:
                if code in position:
                    cycle = path[position[code] :]
                    first = min(range(len(cycle)), key=cycle.__getitem__)
                    found.append(cycle[first:] + cycle[:first])
                elif code not in done and code in above:
                    position[code] = len(path)
                    path.append(code)
                    waiting.append(iter(above[code]))
                    break
            else:
                waiting.pop()
                left = path.pop()
                del position[left]
                done.add(left)
    return sorted(found)


def _property(concepts: Concepts, index: int) -> str:
    properties = concepts.properties
    return f"{concepts.pointer(properties.owners[index])}/property/{properties.positions[index]}"


def _against_nesting(subject: Subject) -> Iterator[Hit]:
    """Yield links to concepts other than the one that a nested concept stands in."""
    stated = _stated(subject)
    if not stated:
        return
    concepts = subject.concepts
    codes: Sequence[str | None] = concepts.codes
    nested = {
        code: codes[parent] for code, parent in zip(codes, concepts.parents, strict=True) if parent >= 0
    }
    uppers: dict[str, set[str]] = {}
    for link in stated:
        uppers.setdefault(link.lower, set()).add(link.upper)
    for link in stated:
        outer = nested.get(link.lower)
        if outer is not None and outer not in uppers[link.lower]:
            facts = {"code": shown(link.lower), "outer": shown(outer), "stated": shown(link.upper)}
            yield hit(_property(concepts, link.index), **facts)


RULES: tuple[CheckRule, ...] = (
    CheckRule(
        code="CON040",
        severity=Severity.ERROR,
        title="Cycle in the hierarchy",
        message="parents go round in a circle: {path}",
        hint="Remove one of these links.",
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
