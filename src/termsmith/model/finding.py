"""What is wrong, or worth knowing, about a page or a resource: data that is returned, never raised."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from termsmith.model.place import Place


class Severity(Enum):
    """How bad a finding is, in the words of FHIR's issue-severity."""

    ERROR = "error"
    WARNING = "warning"
    INFORMATION = "information"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One kind of finding, described as data.

    `termsmith.catalogue` holds those of conversion, `termsmith.checks.rulebook` those of FHIR resources.
    """

    code: str
    """Ours and stable: three letters for the family, three digits."""
    severity: Severity
    title: str
    """What the rule is about, as a heading."""
    message: str
    """Wording with ``{facts}``, filled when a finding is made."""
    hint: str
    """What to do next; may use the same facts."""
    spec: str | None = None
    """Where the rule comes from, as an URL."""

    def found(
        self,
        *,
        place: Place | None = None,
        element: str | None = None,
        pointer: str | None = None,
        severity: Severity | None = None,
        offending: str | None = None,
        **facts: object,
    ) -> Finding:
        """Return a finding of this rule, worded with ``facts``; its severity is the rule's unless given."""
        return Finding(
            rule=self,
            message=self.message.format(**facts),
            hint=self.hint.format(**facts),
            place=place,
            element=element,
            pointer=pointer,
            severity=self.severity if severity is None else severity,
            offending=offending,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A rule that a page, a sidecar or a resource broke, and where."""

    rule: Rule
    message: str
    hint: str
    place: Place | None
    """Absent when the finding is about the whole source."""
    element: str | None
    """FHIR path such as ``NamingSystem.date``; absent when no element is concerned."""
    severity: Severity
    """The rule's, unless FHIR release, profile or context make it another."""
    pointer: str | None = None
    """JSON pointer (RFC 6901) in the file that was checked; absent for findings about pages."""
    offending: str | None = None
    """The value that breaks the rule, as JSON and cut to a line; absent where a value is missing."""

    @property
    def code(self) -> str:
        """The rule's code."""
        return self.rule.code
