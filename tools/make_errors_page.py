"""Write docs/errors.md from the codes of errors: ``python tools/make_errors_page.py``."""

from __future__ import annotations

import sys
from pathlib import Path

from termsmith.error_codes import ERROR_CODES, FAMILIES

HEAD = """\
# Errors

<!-- Made by tools/make_errors_page.py from src/termsmith/error_codes.py; a test compares them. -->

An error stops the command, or keeps one source from being read; the exit status is then 2, and in Python a
`TermsmithError` is raised or listed in the report. Its message tells the facts, and what to do next. What is
wrong with a page or a resource is no error but a [finding](findings.md), or breaks a [rule](rules.md).

`termsmith rules show CODE` shows one of them in a terminal.
"""


def page() -> str:
    """Return the page's text."""
    parts = [HEAD]
    for family, title in FAMILIES.items():
        parts.append(f"\n## {family}: {title}\n\n| code | | when | what to do |\n|---|---|---|---|\n")
        parts += [
            f"| `{each.code}` | {each.title} | {each.when} | {each.hint} |\n"
            for each in ERROR_CODES
            if each.code.startswith(family)
        ]
    return "".join(parts)


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent.parent / "docs" / "errors.md"
    target.write_text(page(), encoding="utf-8")
