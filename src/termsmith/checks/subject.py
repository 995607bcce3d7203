"""A resource while it is checked: its data, and what several rules ask of it, found once."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from termsmith.checks.concepts import Concepts, concepts_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from termsmith.checks.columns import Column
    from termsmith.checks.rule import Hit
    from termsmith.checks.structure.anatomy import Anatomy


class Subject:
    """One NamingSystem or CodeSystem. Its parts may have any JSON type: nothing is taken for granted."""

    def __init__(
        self,
        data: Mapping[str, Any],
        *,
        version: str,
        today: str,
        form: Mapping[str, Sequence[Hit]] | None = None,
        model: object | None = None,
        guide: str | None = None,
    ) -> None:
        """Take a resource.

        Args:
            data: The resource as JSON data; its ``resourceType`` is NamingSystem or CodeSystem.
            version: ``R4``, ``R4B`` or ``R5``.
            today: ``YYYY-MM-DD``.
            form: Faults of the file's form that the data no longer shows, such as keys that come twice or
                XML elements out of order: hits by code of the rule.
            model: The resource as model of fhir.resources, where it was made already: then its classes
                accept the resource.
            guide: Canonical URL of the implementation guide that the resource is for; absent when none.
        """
        self.data = data
        self.type = str(data["resourceType"])
        self.version = version
        self.today = today
        self.form = form or {}
        self.model = model
        self.guide = guide

    @cached_property
    def anatomy(self) -> Anatomy:
        """Structural faults by rule, and all primitive values by FHIR type."""
        from termsmith.checks.structure.walk import anatomy_of  # noqa: PLC0415  reads tables

        return anatomy_of(self)

    @cached_property
    def lexical(self) -> Mapping[str, Sequence[Hit]]:
        """Simple values that have not the form of their type, by code of the rule."""
        from termsmith.checks.structure.lexical import lexical_faults  # noqa: PLC0415  patterns

        return lexical_faults(self)

    @cached_property
    def concepts(self) -> Concepts:
        """The concepts of a code system, in columns; none for other resources."""
        return concepts_of(self.data.get("concept") if self.type == "CodeSystem" else None)

    def texts(self, *types: str) -> Iterator[Column[str]]:
        """Yield the columns of primitive types whose JSON form is a string: ``string``, ``uri``, ``code``."""
        for each in types:
            yield from self.anatomy.texts.get(each, ())

    def parts(self, type_name: str) -> Iterator[Column[Mapping[str, Any]]]:
        """Yield the columns of all objects of a datatype: ``Coding``, ``Period``, ``Extension``."""
        yield from self.anatomy.parts.get(type_name, ())

    def text(self, element: str) -> str | None:
        """Return a top-level string; nothing when it is absent, or no string."""
        value = self.data.get(element)
        return value if isinstance(value, str) else None

    def objects(self, element: str) -> list[tuple[str, Mapping[str, Any]]]:
        """Return the objects in a top-level array with their pointers; what is no object is left out."""
        values = self.data.get(element)
        if not isinstance(values, list):
            return []
        return [(f"/{element}/{i}", value) for i, value in enumerate(values) if isinstance(value, dict)]

    @cached_property
    def hl7_metadata(self) -> bool:
        """Whether HL7's validator takes the system for HL7's own in its metadata checks."""
        url = self.text("url") or ""
        return "hl7.org" in url or "fhir.org" in url

    @cached_property
    def hl7_content(self) -> bool:
        """Whether HL7's validator takes the system for HL7's own in shareable and concept checks."""
        return "hl7" in (self.text("url") or "")
