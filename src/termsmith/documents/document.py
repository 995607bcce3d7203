"""What a file of resources holds, before it is checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

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
    others: tuple[str, ...] = ()
    """Types of what else there is, each once, in order."""
    findings: tuple[Finding, ...] = ()
    """About the file as a whole."""
    locate: Callable[[Iterable[str]], Mapping[str, tuple[int, int]]]
    """Gives line and column, 1-based, for JSON pointers in the file; where one leads nowhere, of what is
    nearest around it. Reads the file again, once for all pointers."""


def collect(
    value: Mapping[str, Any], form_of: Callable[[str], Mapping[str, Sequence[Hit]]]
) -> tuple[list[Found], list[Found], list[str]]:
    """Return what a resource is or holds: resources to check, context, and types of others.

    Args:
        value: The file's resource; bundles are opened, those within bundles too.
        form_of: Gives the faults of form of the resource at a pointer.
    """
    checked: list[Found] = []
    context: list[Found] = []
    others: dict[str, None] = {}
    waiting: list[tuple[str, Mapping[str, Any]]] = [("", value)]
    while waiting:
        pointer, data = waiting.pop()
        kind = data.get("resourceType")
        if kind == "Bundle" and isinstance(data.get("entry"), list):
            entries = [
                (f"{pointer}/entry/{index}/resource", entry["resource"])
                for index, entry in enumerate(data["entry"])
                if isinstance(entry, dict) and isinstance(entry.get("resource"), dict)
            ]
            waiting += reversed(entries)
        elif kind in CHECKED:
            checked.append(Found(data=data, pointer=pointer, form=form_of(pointer)))
        elif kind in CONTEXT:
            context.append(Found(data=data, pointer=pointer))
        else:
            others.setdefault(kind if isinstance(kind, str) else "a resource without a type")
    return checked, context, list(others)
