"""What a page states of which system, where its sidecar lists the systems."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from termsmith.model.record import Identifier, IdentifierType, Stated, TerminologyRecord

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from termsmith.sidecars.sidecar import SidecarValue

_NAMES = {"title": "title", "short_name": "short_name", "id": "record_id"}
"""Sidecar key and field of the record of what names one system."""
_ENDORSED = {"canonical_url": IdentifierType.URI, "oid": IdentifierType.OID}
_OTHERS = {"other_urls": IdentifierType.URI, "other_oids": IdentifierType.OID}


class PageNames(NamedTuple):
    """All names on a page, also those of which the page does not tell what they name."""

    titles: tuple[Stated[str], ...] = ()
    short_names: tuple[Stated[str], ...] = ()


NO_NAMES = PageNames()


class SystemStart(NamedTuple):
    """Where the completion of one system starts."""

    record: TerminologyRecord
    """What all systems share, and what the page says of this one or what the sidecar contradicts."""
    values: dict[str, SidecarValue]
    """The sidecar's values without those that only repeat the page: they tell which system it is."""


def starts(
    records: Sequence[TerminologyRecord], names: PageNames, systems: Sequence[dict[str, SidecarValue]]
) -> Iterator[SystemStart]:
    """Yield for each system of a sidecar what the page states of it, and what the sidecar adds."""
    stated: dict[str, list[Stated[Any]]] = {
        key: [value for record in records if (value := getattr(record, field)) is not None]
        for key, field in _NAMES.items()
    }
    stated["title"] += names.titles
    stated["short_name"] += names.short_names
    identifiers = [identifier for record in records for identifier in record.identifiers]
    taken = {(key, each) for own in systems for key, value in own.items() for each in _each(value.value)}
    shared = replace(records[0], title=None, short_name=None, identifiers=(), record_id=None)
    for own in systems:
        values = dict(own)
        changes: dict[str, Any] = {}
        for key, field in _NAMES.items():
            if key in own:
                changes[field] = _named(key, values, stated[key], taken)
        found = [*_endorsed(values, identifiers, taken), *_others(values, identifiers)]
        yield SystemStart(replace(shared, identifiers=tuple(found), **changes), values)


def _each(value: Any) -> Sequence[Any]:
    return value if isinstance(value, tuple) else (value,)


def _named(
    key: str,
    values: dict[str, SidecarValue],
    stated: Sequence[Stated[Any]],
    taken: set[tuple[str, Any]],
) -> Stated[Any] | None:
    """Return the name that the page states: the same, else one that no system of the sidecar has."""
    same = [each for each in stated if each.value == values[key].value]
    if same:
        del values[key]
        return same[0]
    return next((each for each in stated if (key, each.value) not in taken), None)


def _endorsed(
    values: dict[str, SidecarValue], identifiers: Sequence[Identifier], taken: set[tuple[str, Any]]
) -> Iterator[Identifier]:
    for key, kind in _ENDORSED.items():
        if key not in values:
            continue
        of_kind = [each for each in identifiers if each.type is kind]
        same = [each for each in of_kind if each.value.value == values[key].value]
        if same:
            del values[key]
            yield replace(same[0], endorsed=True)
        else:
            free = (each for each in of_kind if each.endorsed and (key, each.value.value) not in taken)
            yield from list(free)[:1]


def _others(values: dict[str, SidecarValue], identifiers: Sequence[Identifier]) -> Iterator[Identifier]:
    for key, kind in _OTHERS.items():
        if key not in values:
            continue
        wanted = values[key].value
        same = {each.value.value: each for each in identifiers if each.type is kind}
        yield from (replace(same[value], endorsed=False) for value in wanted if value in same)
        rest = tuple(value for value in wanted if value not in same)
        if rest:
            values[key] = replace(values[key], value=rest)
        else:
            del values[key]
