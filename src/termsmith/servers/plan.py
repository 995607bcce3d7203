"""What is sent, and in which order."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from enum import Enum
from typing import TYPE_CHECKING

from termsmith import catalogue
from termsmith.servers.finding_there import condition

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from termsmith.servers.outgoing import Outgoing

_ORDER = {"NamingSystem": 0, "CodeSystem": 1, "ValueSet": 2}
_LIKE_R4 = frozenset({"R4", "R4B"})
"""These releases do not differ in what is uploaded."""


class FoundBy(Enum):
    """How the resource at the server is found that one of ours updates."""

    ID = "id"
    URL = "url"


def planned(outgoing: Iterable[Outgoing], found_by: FoundBy, server_release: str) -> list[Outgoing]:
    """Return what is to be sent in its order, with findings on what can't be.

    Naming systems come first, then code systems, each before those that supplement it, then value sets;
    within these in the order in which they were given.

    Args:
        outgoing: In the order of the user.
        found_by: How they are found at the server.
        server_release: ``R4``, ``R4B`` or ``R5``.
    """
    ordered = _ordered(list(outgoing))
    targets: dict[str, list[int]] = defaultdict(list)
    made = []
    for index, each in enumerate(ordered):
        target = _target(each, found_by, server_release)
        if target is not None:
            targets[f"{each.type} {target}"].append(index)
        made.append(_with_faults(each, found_by, server_release, target))
    for same in targets.values():
        if len(same) > 1:
            for index in same:
                others = [made[other] for other in same if other != index]
                finding = catalogue.SERVER_SAME_TARGET.found(
                    place=made[index].place,
                    resource=made[index].name,
                    others=", ".join(f"{other.place.source}:{other.place.line}" for other in others),
                )
                made[index] = replace(made[index], findings=(*made[index].findings, finding))
    return made


def _ordered(outgoing: Sequence[Outgoing]) -> list[Outgoing]:
    bases = {each.url: each.supplements for each in outgoing if each.type == "CodeSystem" and each.url}
    ranked = [(_ORDER[each.type], _depth(each, bases)) for each in outgoing]
    return [each for _, each in sorted(zip(ranked, outgoing, strict=True), key=lambda pair: pair[0])]


def _depth(outgoing: Outgoing, bases: Mapping[str, str | None]) -> int:
    """Return how many code systems of ours must be there before; those that supplement each other end it."""
    depth, base, met = 0, outgoing.supplements, {outgoing.url}
    while base is not None and base not in met:
        depth += 1
        met.add(base)
        base = bases.get(base)
    return depth


def _target(outgoing: Outgoing, found_by: FoundBy, server_release: str) -> str | None:
    return outgoing.id if found_by is FoundBy.ID else condition(outgoing, server_release)


def _with_faults(outgoing: Outgoing, found_by: FoundBy, server_release: str, target: str | None) -> Outgoing:
    found = []
    if target is None:
        rule = catalogue.SERVER_NO_ID if found_by is FoundBy.ID else catalogue.SERVER_NO_URL
        found.append(rule.found(place=outgoing.place, resource=outgoing.name))
    if not _fits(outgoing.release, server_release):
        found.append(
            catalogue.SERVER_RELEASE.found(
                place=outgoing.place,
                resource=outgoing.name,
                release=outgoing.release,
                reason=outgoing.release_reason,
                server_release=server_release,
            )
        )
    return replace(outgoing, findings=(*outgoing.findings, *found))


def _fits(release: str | None, server_release: str) -> bool:
    return release is None or release == server_release or {release, server_release} <= _LIKE_R4
