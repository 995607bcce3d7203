"""Write docs/findings.md from the catalogue of findings: ``python tools/make_findings_page.py``."""

from __future__ import annotations

import sys
from pathlib import Path

from termsmith.catalogue import RULES
from termsmith.model.finding import Severity

STAGES = {
    "PAG": "Reading the page",
    "DIA": "Recognising the dialect",
    "REC": "What the page says",
    "TAB": "Code tables",
    "SID": "What the sidecar says",
    "RES": "The resources",
    "OUT": "Writing files",
    "DOC": "Reading files of resources",
    "SRV": "Uploading to a server",
    "INT": "Faults of termsmith itself",
}
HEAD = """\
# Findings

<!-- Made by tools/make_findings_page.py from src/termsmith/catalogue.py; a test compares them. -->

A finding says that something about a page, its sidecar or its resources is wrong or worth knowing. Each has a
code that stays the same between versions, a severity, and a hint. This page lists what reading and converting
find; what FHIR asks of resources has [a page of its own](rules.md), and so has [what stops a
command](errors.md).

| severity | means | exit status of `convert` |
|---|---|---|
| error | something is not written, or something that is written is wrong; see below | 1 |
| warning | look at it: something is missing, was left over, or was assumed | 0 |
| information | nothing to do as a rule; shown with `--verbose` | 0 |

Not every error keeps resources from being written. These do:

| error | is not written |
|---|---|
| PAG, DIA, SID, INT | anything of the page |
| REC020 to REC023 | anything of the page, unless drafts are allowed (`--draft`, `draft = true`) |
| REC050 | the resources of that row of a list, unless drafts are allowed |
| REC051 | the resources of that row of a list |
| OUT001 | anything of the pages that want the same file |
| RES008 | the resource that it names, since an error of STR or DTY says that it would be no valid FHIR |

With any other error (RES009, TAB, the other families of [rules](rules.md)) the resources are written all the
same, with the fault that the error tells: look at the exit status before you use them. Errors of DOC and SRV
come from `check` and `upload`, which write no resources.
"""


def page() -> str:
    """Return the page's text."""
    parts = [HEAD]
    for stage, title in STAGES.items():
        rules = [rule for rule in RULES if rule.code.startswith(stage)]
        if not rules:
            continue
        parts.append(f"\n## {stage}: {title}\n")
        for rule in rules:
            parts.append(f"\n### {rule.code} {rule.title}\n")
            parts.append(f"\n**{rule.severity.value}**: {_code(rule.message)}\n")
            parts.append(f"\nWhat to do: {_code(rule.hint)}\n")
            if rule.spec is not None:
                parts.append(f"\nSource: <{rule.spec}>\n")
    counts = ", ".join(
        f"{sum(rule.severity is severity for rule in RULES)} {severity.value}" for severity in Severity
    )
    parts.append(f"\nIn all {len(RULES)} kinds: {counts}.\n")
    return "".join(parts)


def _code(text: str) -> str:
    """Show the facts that are filled in."""
    return text.replace("{", "‹").replace("}", "›").replace("!r", "").replace(":,", "").strip()


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent.parent / "docs" / "findings.md"
    target.write_text(page(), encoding="utf-8")
