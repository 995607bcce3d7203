"""A resource while it is checked: its data, and what several rules ask of it, found once."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from termsmith.checks.concepts import Concepts, concepts_of
from termsmith.checks.suspicion import Suspect, suspects

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from termsmith.checks.columns import Column
    from termsmith.checks.narrative.reading import Narrative
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
        guide: str | None = None,
    ) -> None:
        """Take a resource.

        Args:
            data: The resource as JSON data; its ``resourceType`` is NamingSystem or CodeSystem.
            version: ``R4``, ``R4B`` or ``R5``.
            today: ``YYYY-MM-DD``.
            form: Faults of the file's form that the data no longer shows, such as keys that come twice or
                XML elements out of order: hits by code of the rule.
            guide: Canonical URL of the implementation guide that the resource is for; absent when none.
        """
        self.data = data
        self.type = str(data["resourceType"])
        self.version = version
        self.today = today
        self.form = form or {}
        self.guide = guide
        self.unique_ids: dict[str | None, list[tuple[str, Mapping[str, Any], str]]] | None = None
        """The unique ids of a NamingSystem by type, once a rule has asked for them."""
        self._objects: dict[str, list[tuple[str, Mapping[str, Any]]]] = {}

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
    def suspects(self) -> Sequence[Suspect]:
        """Strings and markdown that a closer look is worth."""
        return suspects((kind, column) for kind in ("string", "markdown") for column in self.texts(kind))

    @cached_property
    def narrative(self) -> Narrative | None:
        """What the narrative holds; nothing where there is none."""
        text = self.data.get("text")
        div = text.get("div") if isinstance(text, dict) else None
        if not isinstance(div, str) or not div:
            return None
        from termsmith.checks.narrative.reading import read_narrative  # noqa: PLC0415  few resources have one

        return read_narrative(div)

    @cached_property
    def found(self) -> frozenset[str]:
        """Codes of the rules whose faults were found in one go with those of others."""
        codes = {*self.anatomy.faults, *self.form, *self.lexical}
        if self.narrative is not None:
            codes.update(code for code, _ in self.narrative.faults)
        return frozenset(codes)

    @cached_property
    def concepts(self) -> Concepts:
        """The concepts of a code system, in columns; none for other resources."""
        return concepts_of(self.data.get("concept") if self.type == "CodeSystem" else None)

    def texts(self, type_name: str) -> Sequence[Column[str]]:
        """Return the columns of a primitive type that is a string in JSON: ``string``, ``uri``, ``code``."""
        return self.anatomy.texts.get(type_name, ())

    def parts(self, type_name: str) -> Sequence[Column[Mapping[str, Any]]]:
        """Return the columns of all objects of a datatype: ``Coding``, ``Period``, ``Extension``."""
        return self.anatomy.parts.get(type_name, ())

    def text(self, element: str) -> str | None:
        """Return a top-level string; nothing when it is absent, or no string."""
        value = self.data.get(element)
        return value if isinstance(value, str) else None

    def objects(self, element: str) -> list[tuple[str, Mapping[str, Any]]]:
        """Return the objects in a top-level array with their pointers; what is no object is left out."""
        found = self._objects.get(element)
        if found is None:
            values = self.data.get(element)
            listed = enumerate(values) if isinstance(values, list) else ()
            found = [(f"/{element}/{i}", value) for i, value in listed if isinstance(value, dict)]
            self._objects[element] = found
        return found

    @cached_property
    def contained_types(self) -> Mapping[str, object]:
        """The contained resources: what each states as its type, by id; the first of one id counts.

        An id that begins with # is meant without it; its form is a fault of its own.
        """
        found: dict[str, object] = {}
        for _, data in self.objects("contained"):
            if isinstance(name := data.get("id"), str):
                found.setdefault(name.removeprefix("#"), data.get("resourceType"))
        return found

    @cached_property
    def hl7_metadata(self) -> bool:
        """Whether HL7's validator takes the system for HL7's own in its metadata checks."""
        url = self.text("url") or ""
        return "hl7.org" in url or "fhir.org" in url

    @cached_property
    def hl7_content(self) -> bool:
        """Whether HL7's validator takes the system for HL7's own in shareable and concept checks."""
        return "hl7" in (self.text("url") or "")
