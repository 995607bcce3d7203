"""Write docs/rules.md from the descriptions of the rules: ``python tools/make_rules_page.py``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from termsmith.rules import FAMILY_TITLES, checked_rules, described

if TYPE_CHECKING:
    from collections.abc import Iterator

HEAD = """\
# Rules

<!-- Made by tools/make_rules_page.py from the rules themselves; a test compares them. -->

Everything that `termsmith check` looks for, {number} rules in {families} families.
[Checking resources](checking.md) tells how to use them; `termsmith rules show CODE` shows one of them in a
terminal. What else reading and converting pages find stands under [Findings](findings.md), what stops a
command under [Errors](errors.md); `termsmith rules` lists the codes of all three.

*Validator* names the messages by which HL7's Java validator says the same; rules without that line are ours.
*Invariant* gives the specification's own key and expression. A rule with *Profiles* holds only where one of
them is asked for with `--profile`; one with *Releases* only in these.
"""
_LINES = (
    ("element", "Element"),
    ("releases", "Releases"),
    ("profiles", "Profiles"),
    ("invariants", "Invariant"),
    ("validator", "Validator"),
)


def page() -> str:
    """Return the page's text."""
    rules = [described(rule) for rule in checked_rules()]
    families = list(dict.fromkeys(rule["code"][:3] for rule in rules))
    parts = [HEAD.format(number=len(rules), families=len(families)), "\n"]
    parts += [f"- [{family}: {FAMILY_TITLES[family]}](#{_anchor(family)})\n" for family in families]
    for family in families:
        parts.append(f"\n## {family}: {FAMILY_TITLES[family]}\n")
        for rule in rules:
            if rule["code"].startswith(family):
                parts += _described(rule)
    return "".join(parts)


def _described(rule: dict[str, Any]) -> Iterator[str]:
    severity = rule["severity"]
    levels = [severity] if isinstance(severity, str) else severity
    yield f"\n### {rule['code']} {rule['title']}\n\n"
    yield f"**{'; '.join(levels)}** – {rule['message']}\n\n{rule['hint']}\n\n"
    for name, title in _LINES:
        if name in rule:
            stated = [rule[name]] if isinstance(rule[name], str) else rule[name]
            plain = name in {"releases", "profiles"}
            yield f"- {title}: {', '.join(each if plain else f'`{each}`' for each in stated)}\n"
    if "spec" in rule:
        yield f"- Source: <{rule['spec']}>\n"


def _anchor(family: str) -> str:
    """Return the name that Markdown gives a heading."""
    kept = "".join(each for each in FAMILY_TITLES[family].lower() if each.isalnum() or each in " -")
    return f"{family.lower()}-{kept.replace(' ', '-')}"


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent.parent / "docs" / "rules.md"
    target.write_text(page(), encoding="utf-8")
