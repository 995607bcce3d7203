"""What a sidecar says, with the line that says it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from termsmith.model.place import Place  # noqa: TC001  part of public dataclasses
from termsmith.model.record import Origin, Span, Stated

OF_ONE_SYSTEM = frozenset({"file", "sheet", "heading", "tables", "count", "supplements", "value_set"})
"""Keys of ``[concepts]`` that can't hold for several systems."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SidecarValue:
    """One value of a sidecar."""

    key: str
    value: Any
    """A string, a boolean, or a tuple of strings, as the key asks for."""
    reason: str | None
    """Why, in the words of who wrote it."""
    place: Place
    raw: str
    """The line that states it."""

    def stated(self, value: Any) -> Stated[Any]:
        """Return a value as evidence that points to the sidecar's line."""
        span = Span(place=self.place, raw=self.raw)
        return Stated(value=value, spans=(span,), origin=Origin.SIDECAR, reason=self.reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sidecar:
    """All values of one sidecar."""

    values: dict[str, SidecarValue] = field(default_factory=dict)
    """By key; they hold for every system of the page."""
    concepts: dict[str, SidecarValue] = field(default_factory=dict)
    """What ``[concepts]`` says, by key."""
    columns: dict[str, str] = field(default_factory=dict)
    """What ``[concepts.columns]`` says: role of a column by its header."""
    systems: tuple[dict[str, SidecarValue], ...] = ()
    """One for each ``[[system]]``; empty when the sidecar does not split the page."""
    system_concepts: tuple[dict[str, SidecarValue], ...] = ()
    """What ``[system.concepts]`` says of each, by key."""
    system_columns: tuple[dict[str, str], ...] = ()
    """What ``[system.concepts.columns]`` says of each."""

    def of_system(self, number: int) -> Sidecar:
        """Return what the sidecar says of the concepts of its n-th system, as if it were the only one."""
        if not self.systems:
            return self
        shared = {key: value for key, value in self.concepts.items() if key not in OF_ONE_SYSTEM}
        return replace(
            self,
            concepts={**shared, **self.system_concepts[number]},
            columns={**self.columns, **self.system_columns[number]},
        )

    @property
    def all_columns(self) -> dict[str, str]:
        """Roles of columns by header, of all systems."""
        merged = dict(self.columns)
        for columns in self.system_columns:
            merged.update(columns)
        return merged


NO_SIDECAR = Sidecar()
