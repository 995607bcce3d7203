"""What a file of resources holds, before it is checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from termsmith.checks.rule import Hit
    from termsmith.model.finding import Finding

CHECKED = frozenset({"NamingSystem", "CodeSystem"})
CONTEXT = frozenset({"ValueSet"})
"""What is not checked itself, but says something about what is."""


class DocumentError(Exception):
    """A file that can't be read as resources; carries the finding that says why."""

    def __init__(self, finding: Finding) -> None:
        """Take the finding."""
        self.finding = finding
        super().__init__(f"{finding.code}: {finding.message}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A resource in a file."""

    data: Mapping[str, Any]
    """As JSON data, whatever the file's format."""
    pointer: str
    """JSON pointer of the resource in the file; empty when the file is the resource."""
    form: Mapping[str, Sequence[Hit]] = field(default_factory=dict)
    """Faults of the file's form by code of the rule; pointers are from the resource's root."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A file of resources."""

    source: str
    resources: tuple[Found, ...]
    """NamingSystems and CodeSystems, in order."""
    context: tuple[Found, ...] = ()
    """ValueSets, in order."""
    bundles: tuple[Found, ...] = ()
    """Bundles that were opened and have faults of form beside their resources."""
    others: tuple[str, ...] = ()
    """Types of what else there is, each once, in order."""
    findings: tuple[Finding, ...] = ()
    """About the file as a whole; those with a pointer are about what is there, and have no place yet."""
    locate: Callable[[Iterable[str]], Mapping[str, tuple[int, int]]]
    """Gives line and column, 1-based, for JSON pointers in the file; where one leads nowhere, of what is
    nearest around it. Reads the file again, once for all pointers."""


def resources_in(value: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield pointer and data of a resource and, before what follows them, of those in it.

    Bundles are opened, those within bundles too; contained resources are parts of theirs.
    """
    waiting: list[tuple[str, Mapping[str, Any]]] = [("", value)]
    while waiting:
        pointer, data = waiting.pop()
        yield pointer, data
        if is_open_bundle(data):
            entries = [
                (f"{pointer}/entry/{index}/resource", entry["resource"])
                for index, entry in enumerate(data["entry"])
                if isinstance(entry, dict) and isinstance(entry.get("resource"), dict)
            ]
            waiting += reversed(entries)


def is_open_bundle(data: Mapping[str, Any]) -> bool:
    """Tell whether a resource is a Bundle whose entries can be read."""
    return data.get("resourceType") == "Bundle" and isinstance(data.get("entry"), list)
