"""HL7's own validator on all that we write: ``python tests/e2e/validator.py``.

What it is asked about, R4 and R5: the resources of the sample pages as JSON with the defaults, the same pages as XML
and as a bundle with a base URL, nested concepts, narratives and the other carrier, and the resources with everything
that the tests of the formats use. No error is allowed. Each warning must be in ``warnings.toml`` with its reason, and
each row there must still be needed. Needs Java 17 and Maven; tests/agreement/validate.py fetches and runs the validator.
Ends with 1 when anything is not as it should be.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[1] / "agreement"))

from outputs.rich import code_system, naming_system, nested
from steps import ROOT, Report, java, missing, without
from validate import validate

from termsmith.outputs.fhir_xml import fhir_xml

if TYPE_CHECKING:
    from validate import Answer, Issue

REVIEWED: Final = Path(__file__).with_name("warnings.toml")
RELEASES: Final = ("R4", "R5")
REGISTRY: Final = """\
base_url = "https://registry.example/fhir"
carrier = "artifact"

[concepts]
hierarchy = "nested"

[outputs]
narrative = true
"""
RUNS: Final = {"pages": ("", ("json",)), "registry": (REGISTRY, ("xml", "bundle"))}
EXTENSIONS_OF_TESTS: Final = ("http://tea.example/", "http://t.example/")
"""The resources with everything have extensions that nobody defines."""
_SHOWN: Final = ("pages", "registry", "rich")


def converted(folder: Path, release: str) -> None:
    """Write what `termsmith convert` makes of the sample pages.

    Raises:
        SystemExit: When it fails, with what it said.
    """
    for title, (settings, formats) in RUNS.items():
        with tempfile.TemporaryDirectory(prefix="convert-") as name:
            (Path(name) / "termsmith.toml").write_text(settings, encoding="utf-8")
            command = [sys.executable, "-m", "termsmith", "convert", str(ROOT / "input"), "--output", "out"]
            command += ["--fhir-version", release, *(f"--format={each}" for each in formats)]
            ended = subprocess.run(command, cwd=name, capture_output=True, text=True, check=False)
            if ended.returncode:
                raise SystemExit(f"termsmith convert ended with {ended.returncode}:\n{ended.stderr}")
            for file in (Path(name) / "out").iterdir():
                (folder / f"{title}-{file.name}").write_bytes(file.read_bytes())


def rich(folder: Path, release: str) -> None:
    """Write the resources with everything, in both forms."""
    for resource in (code_system(release), naming_system(release), nested(60)):
        stem = f"rich-{resource['resourceType']}-{resource['id']}"
        (folder / f"{stem}.json").write_text(json.dumps(resource), encoding="utf-8")
        (folder / f"{stem}.xml").write_bytes(fhir_xml(resource, release))


def judged(
    answers: dict[str, Answer], rows: list[dict[str, Any]]
) -> tuple[list[str], list[str], list[tuple[int, str]]]:
    """Return the errors, the warnings without a reason, and how many warnings each row gives a reason for."""
    errors, unreviewed = [], []
    counted: Counter[int] = Counter()
    for resource, modes in answers.items():
        for issue in _distinct(modes):
            text = f"{resource}: {issue['path']}: {issue['message']} [{issue['id']}]"
            if issue["severity"] in {"fatal", "error"}:
                errors.append(text)
            elif issue["severity"] == "warning":
                found = [number for number, row in enumerate(rows) if _covers(row, resource, issue)]
                counted.update(found[:1])
                if not found:
                    unreviewed.append(text)
    return errors, unreviewed, [(counted[number], row["reason"]) for number, row in enumerate(rows)]


def _distinct(modes: Answer) -> list[Issue]:
    """Return what was said in either mode, once."""
    told: dict[tuple[Any, ...], Issue] = {}
    for issue in (*modes["default"], *modes["publication"]):
        # dom-6 is worded differently for publication; the element and the message's id say that it is the same.
        words = "" if issue["id"] and "#" in issue["id"] else issue["message"]
        told.setdefault((issue["severity"], issue["id"], issue["path"], words), issue)
    return list(told.values())


def _covers(row: dict[str, Any], resource: str, issue: Issue) -> bool:
    return (
        row["id"] == issue["id"]
        and fnmatchcase(resource, row.get("resources", "*"))
        and row.get("says", "") in issue["message"]
    )


def main() -> int:
    """Do all steps."""
    lack = missing("java", "mvn")
    if lack:
        return without(lack, "HL7's validator")
    rows = tomllib.loads(REVIEWED.read_text(encoding="utf-8"))["reviewed"]
    report = Report()
    with tempfile.TemporaryDirectory(prefix="validator-") as name:
        for release in RELEASES:
            folder = Path(name) / release
            folder.mkdir()
            converted(folder, release)
            rich(folder, release)
        files = sorted(path.relative_to(name).as_posix() for path in Path(name).glob("*/*"))
        asked = validate(Path(name), EXTENSIONS_OF_TESTS)
    print(f"{java()}; " + ", ".join(f"{each} {version}" for each, version in asked["validator"].items()))
    answers = asked["answers"]
    lost = [f"{file}: not validated" for file in files if file not in answers]
    for release in RELEASES:
        kinds = Counter(
            file.partition("/")[2].partition("-")[0] for file in files if file.startswith(release)
        )
        print(f"  {release}: {', '.join(f'{kinds[kind]} {kind}' for kind in _SHOWN)}")
        lost += [f"{release}: no files of {kind}" for kind in _SHOWN if not kinds[kind]]
    errors, unreviewed, counted = judged(answers, rows)
    report.step(f"HL7's validator was asked about {len(files)} files", lost)
    report.step("no error", errors)
    report.step("each warning has its reason in warnings.toml", unreviewed)
    report.step(
        "each reason is needed", [f"no warning any more: {text}" for number, text in counted if not number]
    )
    for number, text in counted:
        print(f"  {number} warnings: {text}")
    return 1 if report.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
