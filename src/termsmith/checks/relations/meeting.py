"""Which resources can meet in a rule about several: those that have a URL, an identifier or an id in common.

The rules about several resources find them by such values and by nothing else. So what is found on a resource
stays the same while nothing changes that it is joined to by them, directly or through others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from termsmith.checks.relations.pairs import alike

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from termsmith.checks.relations.digest import Digest


def meeting_points(digest: Digest) -> frozenset[str]:
    """Return the values by which a resource can meet others; URLs without what copies of them differ in."""
    return frozenset(_points(digest))


def _points(digest: Digest) -> Iterator[str]:
    if digest.id is not None:
        yield f"#{digest.id}"
    if digest.url is not None:
        yield alike(digest.url.value)
    for each in digest.unique_ids:
        yield alike(each.value)
    for _, oid in digest.oids:
        yield alike(oid)
    canonicals = [digest.supplements, digest.value_set, *(each.value_set for each in digest.bound)]
    for canonical in (*canonicals, *(each.system for each in digest.includes)):
        if canonical is not None:
            yield alike(canonical.partition("|")[0])


def joined(points: Mapping[str, Collection[str]], start: Iterable[str]) -> set[str]:
    """Return the sources that are joined to some sources by meeting points, directly or through others.

    Args:
        points: Source -> the meeting points of all its resources.
        start: Sources to begin with, which are part of the result; others than those of ``points`` are left
            out.
    """
    sources_at: dict[str, list[str]] = {}
    for source, its_points in points.items():
        for point in its_points:
            sources_at.setdefault(point, []).append(source)
    found = set(start) & points.keys()
    waiting = list(found)
    while waiting:
        for point in points[waiting.pop()]:
            # Each point is followed once.
            for source in sources_at.pop(point, ()):
                if source not in found:
                    found.add(source)
                    waiting.append(source)
    return found
