"""Reports to render: a source of each kind, and any."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from termsmith.errors import SourceError
from termsmith.model.checked import CheckedResource, CheckedSource, Excused
from termsmith.model.finding import Finding, Rule, Severity
from termsmith.model.place import Place
from termsmith.model.report import CheckReport

if TYPE_CHECKING:
    from collections.abc import Iterable

TEXT = st.text(min_size=1, max_size=30).filter(lambda text: bool(text.strip()))
WRONG = Rule(
    code="NAM001",
    severity=Severity.ERROR,
    title="OID with a prefix",
    message="",
    hint="",
    spec="https://hl7.org/fhir/",
)
ODD = Rule(code="DTY060", severity=Severity.WARNING, title="White space", message="", hint="")
NOTE = Rule(code="REL014", severity=Severity.INFORMATION, title="Differs", message="", hint="")


def finding(
    rule: Rule = WRONG, message: str = "the OID is 'urn:oid:2.999'", *, placed: bool = True
) -> Finding:
    return Finding(
        rule=rule,
        message=message,
        hint="Write '2.999'.",
        place=Place("in/a b.json", 3, 7) if placed else None,
        element="NamingSystem.uniqueId[0].value" if placed else None,
        severity=rule.severity,
        pointer="/uniqueId/0/value" if placed else None,
        offending='"urn:oid:2.999"' if placed else None,
    )


RESOURCE = CheckedResource(
    type="NamingSystem", id="tea", pointer="", fhir_version="R5", version_reason="recognised by url"
)
REPORT = CheckReport(
    sources=(
        CheckedSource(
            source="in/a b.json",
            resources=(RESOURCE,),
            findings=(finding(), finding(ODD, "50 % <of> it: a,b\nc::d"), finding(NOTE, placed=False)),
            excused=(Excused(finding=finding(ODD, "known"), reason="the partner wants it"),),
            unchecked=("Patient",),
        ),
        CheckedSource(source="in/good.json", resources=(RESOURCE,)),
        CheckedSource(
            source="in/gone.json", error=SourceError("SRC001", "in/gone.json does not exist", "Look.")
        ),
    )
)
EMPTY = CheckReport()


@st.composite
def reports(draw: st.DrawFn) -> CheckReport:
    """Return a report with any texts in it."""

    def made(rules: Iterable[Rule]) -> tuple[Finding, ...]:
        chosen = draw(st.lists(st.sampled_from(list(rules)), max_size=3))
        return tuple(finding(rule, draw(TEXT), placed=draw(st.booleans())) for rule in chosen)

    return CheckReport(
        sources=tuple(
            CheckedSource(
                source=draw(TEXT),
                resources=(RESOURCE,),
                findings=made((WRONG, ODD, NOTE)),
                excused=tuple(Excused(finding=each, reason=draw(TEXT)) for each in made((WRONG, ODD))),
            )
            for _ in range(draw(st.integers(0, 3)))
        )
    )
