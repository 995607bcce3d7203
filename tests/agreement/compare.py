"""Compare our rules with the stored answers of HL7's validator: ``python tests/agreement/compare.py``.

Each thing that the validator says is

* agreed, when we say the same with the same severity at the same place;
* covered, when we tell the same fault at that place as something worse, or together with another of its messages
  (we tell one fault once);
* reviewed, when a row of ``reviewed.toml`` says why we differ;
* unanswered, when it only tells that no terminology server could be asked: that is no verdict on the resource;
* missed otherwise.

Likewise each thing that we say by a rule that claims to be the validator's, and the validator does not say, is
reviewed, or invented. Rules of ours that the validator has not are no disagreement.
"""

from __future__ import annotations

import gzip
import json
import sys
import tomllib
from collections import Counter
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from corpus.generate import corpus, fingerprint
from verdicts import PROFILES, Ours, Said, ours, said, says_the_same

FOLDER = Path(__file__).parent
STORED = FOLDER / "answers.json.gz"
SEVERITIES = ("error", "warning", "information")


@dataclass
class Comparison:
    """All verdicts."""

    counts: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """By rule, severity and verdict."""
    unexplained: list[str] = field(default_factory=list)
    """What is missed or invented."""
    unused: list[str] = field(default_factory=list)
    """Rows of the reviewed list that explain nothing."""

    def total(self, severity: str, *verdicts: str) -> int:
        """Return how often verdicts of a severity were given."""
        return sum(
            number
            for (_, each, verdict), number in self.counts.items()
            if each == severity and verdict in verdicts
        )

    def share(self, severity: str, *verdicts: str) -> float:
        """Return the share of verdicts among all of a severity."""
        return self.total(severity, *verdicts) / max(1, self.total(severity, *VERDICTS))


VERDICTS = ("agreed", "covered", "reviewed", "missed", "invented")
COLUMNS = (*VERDICTS, "unanswered")
UNANSWERED = frozenset({"terminology_tx_warning", "terminology_tx_novalid_15"})
"""What the validator says of each language tag when it has no terminology server."""


def stored() -> dict[str, Any]:
    """Return the validator's answers with its versions."""
    answers: dict[str, Any] = json.loads(gzip.decompress(STORED.read_bytes()))
    return answers


def compare() -> Comparison:
    """Compare all resources in both modes."""
    answers = stored()
    if answers["corpus"] != fingerprint():
        msg = "the corpus has changed since the validator was asked; run `make agreement`"
        raise SystemExit(msg)
    rows = tomllib.loads((FOLDER / "reviewed.toml").read_text(encoding="utf-8"))["reviewed"]
    used: set[int] = set()
    comparison = Comparison()
    for case in corpus():
        for mode in PROFILES:
            theirs = said(answers["answers"][case.name][mode])
            mine = ours(case.data, case.name, PROFILES[mode])
            _one(case.name, theirs, mine, rows, used, comparison)
    comparison.unused = [
        f"{row.get('id', row.get('code'))}: {row['reason']}"
        for number, row in enumerate(rows)
        if number not in used
    ]
    return comparison


def _one(
    name: str,
    theirs: list[Said],
    mine: list[Ours],
    rows: list[dict[str, Any]],
    used: set[int],
    comparison: Comparison,
) -> None:
    crashed = any(each.severity == "fatal" for each in theirs)
    for each in theirs:
        severity = "error" if each.severity == "fatal" else each.severity
        rule = each.id or each.text[:40]
        if rule in UNANSWERED:
            comparison.counts[rule, severity, "unanswered"] += 1
            continue
        verdict = _verdict(each, severity, mine)
        if verdict == "missed" and _reviewed(rows, used, "id", rule, severity, name):
            verdict = "reviewed"
        comparison.counts[rule, severity, verdict] += 1
        if verdict == "missed":
            comparison.unexplained.append(f"{name}: missed {severity} {rule} at {each.path}")
    for ours_ in mine:
        if crashed or not ours_.claims or any(says_the_same(each, ours_) for each in theirs):
            continue
        reviewed = _reviewed(rows, used, "code", ours_.code, ours_.severity, name)
        verdict = "reviewed" if reviewed else "invented"
        comparison.counts[ours_.code, ours_.severity, verdict] += 1
        if not reviewed:
            comparison.unexplained.append(f"{name}: invented {ours_.severity} {ours_.code} at {ours_.path}")


def _verdict(theirs: Said, severity: str, mine: list[Ours]) -> str:
    matching = [each for each in mine if says_the_same(theirs, each)]
    if theirs.severity == "fatal" and any(each.severity == "error" for each in mine):
        return "agreed"
    if any(each.severity == severity for each in matching):
        return "agreed"
    worse = SEVERITIES[: SEVERITIES.index(severity)]
    return "covered" if any(each.severity in worse for each in matching) else "missed"


def _reviewed(
    rows: list[dict[str, Any]], used: set[int], key: str, value: str, severity: str, name: str
) -> bool:
    for number, row in enumerate(rows):
        if (
            fnmatchcase(value, row.get(key, ""))
            and row.get("severity", severity) == severity
            and fnmatchcase(name, row.get("resources", "*"))
        ):
            used.add(number)
            return True
    return False


def table(comparison: Comparison) -> str:
    """Return the confusion table as text."""
    rules = sorted({(severity, rule) for rule, severity, _ in comparison.counts}, key=_order)
    lines = [f"{'severity':<12}{'rule':<58}" + "".join(f"{verdict:>11}" for verdict in COLUMNS)]
    for severity, rule in rules:
        numbers = [comparison.counts[rule, severity, verdict] for verdict in COLUMNS]
        lines.append(f"{severity:<12}{rule[:57]:<58}" + "".join(f"{number or '':>11}" for number in numbers))
    lines.append("")
    for severity in SEVERITIES:
        numbers = [comparison.total(severity, verdict) for verdict in COLUMNS]
        lines.append(f"{severity:<12}{'all':<58}" + "".join(f"{number:>11}" for number in numbers))
    for severity in SEVERITIES:
        agreed = comparison.share(severity, "agreed", "covered")
        explained = comparison.share(severity, "agreed", "covered", "reviewed")
        lines.append(f"{severity}: {agreed:.2%} agree, {explained:.2%} agree or are explained")
    return "\n".join(lines)


def summary(comparison: Comparison) -> str:
    """Return the table that the documentation shows."""
    lines = [
        "| severity | the validator says | we say the same | or worse | explained | unexplained |",
        "|---|---|---|---|---|---|",
    ]
    for severity in SEVERITIES:
        numbers = [comparison.total(severity, verdict) for verdict in ("agreed", "covered", "reviewed")]
        apart = comparison.total(severity, "missed", "invented")
        cells = [comparison.total(severity, *VERDICTS), *numbers, apart]
        lines.append(f"| {severity} | " + " | ".join(f"{cell:,}" for cell in cells) + " |")
    return "\n".join(lines)


def _order(key: tuple[str, str]) -> tuple[int, str]:
    return SEVERITIES.index(key[0]), key[1]


def main() -> None:
    """Print versions, the table, and what nobody has explained."""
    for name, version in stored()["validator"].items():
        print(f"{name} {version}")
    comparison = compare()
    print(table(comparison))
    for line in [*comparison.unexplained, *(f"explains nothing: {row}" for row in comparison.unused)]:
        print(line)
    if comparison.unexplained or comparison.unused:
        sys.exit(1)


if __name__ == "__main__":
    main()
