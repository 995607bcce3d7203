"""The wheel, built and installed alone: ``python tests/e2e/wheel_alone.py``.

Builds the wheel as pip does, looks into it, and installs it into two fresh environments outside the tree: with the
lowest dependencies (requirements-lowest.txt) and with the newest that the registry has. In each, the command converts
the sample pages to the very bytes of output/, and another project's types are checked against ours. Needs Python and
pip only. Ends with 1 when anything is not as it should be.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import venv
import zipfile
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).parent))

from steps import ROOT, TARGET, Report

import termsmith

MANUAL: Final = "share/man/man1/termsmith.1"
DEPENDENCIES: Final = {
    "lowest": ["--requirement", str(ROOT / "requirements-lowest.txt")],
    "newest": ["--upgrade"],
}
_PIP: Final = ("-m", "pip", "--disable-pip-version-check", "--quiet")
_USER: Final = """\
# The types of a project that uses ours.

import termsmith

known: str = termsmith.__version__
wrong: int = termsmith.__version__
"""
_SAID: Final = (
    "user.py:6: error",
    'expression has type "str", variable has type "int"',
    "Found 1 error in 1 file",
)


def built(folder: Path) -> Path:
    """Return the wheel, built from the tree."""
    shutil.rmtree(folder, ignore_errors=True)
    run([sys.executable, *_PIP, "wheel", "--no-deps", "--wheel-dir", str(folder), str(ROOT)], ROOT)
    (wheel,) = folder.glob("*.whl")
    return wheel


def content(wheel: Path) -> list[str]:
    """Return what the wheel lacks of the package, and what it has besides."""
    source = ROOT / "src"
    tracked = run(["git", "ls-files", "-z", "src"], ROOT).strip("\0").split("\0")
    wanted = {Path(name).relative_to("src").as_posix(): (ROOT / name).read_bytes() for name in tracked}
    with zipfile.ZipFile(wheel) as archive:
        held = {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}
    problems = [
        f"{name}: {'differs' if name in held else 'missing'}"
        for name, data in wanted.items()
        if held.get(name) != data
    ]
    if "termsmith/py.typed" not in wanted:
        problems.append(f"py.typed is not in {source}")
    described = f"termsmith-{termsmith.__version__}"
    manual = f"{described}.data/data/{MANUAL}"
    if held.get(manual) != (ROOT / "docs" / "termsmith.1").read_bytes():
        problems.append(f"{manual}: {'differs' if manual in held else 'missing'}")
    besides = (f"{described}.dist-info/", manual)
    problems += [f"{name}: too much" for name in held if name not in wanted and not name.startswith(besides)]
    return problems


def installed(wheel: Path, folder: Path, dependencies: list[str]) -> list[str]:
    """Return what is wrong with the wheel in a fresh environment."""
    venv.create(folder, with_pip=True)
    python = str(folder / "bin" / "python")
    run([python, *_PIP, "install", *dependencies, str(wheel)], folder)
    run([python, *_PIP, "check"], folder)
    print(f"  {', '.join(run([python, *_PIP, 'freeze', '--exclude', 'termsmith'], folder).split())}")
    work = folder / "work"
    shutil.copytree(ROOT / "input", work / "input")
    return [
        *_command(folder, work),
        *_module(python, folder, work),
        *_conversion(folder / "bin" / "termsmith", work),
        *_types(python, work),
    ]


def _command(folder: Path, work: Path) -> list[str]:
    command = str(folder / "bin" / "termsmith")
    problems = []
    version = run([command, "--version"], work)
    if termsmith.__version__ not in version:
        problems.append(f"--version says {version!r}")
    ours = run([sys.executable, "-m", "termsmith", "--help"], work).replace(
        "python -m termsmith", "termsmith"
    )
    told = run([command, "--help"], work)
    if told != ours:
        problems.append(f"--help says\n{told}\ninstead of\n{ours}")
    if (folder / MANUAL).read_bytes() != (ROOT / "docs" / "termsmith.1").read_bytes():
        problems.append("the manual page is another one")
    # The extras are not there: what needs them says which.
    upload = _ended([command, "upload", "http://127.0.0.1:9", "input"], work)
    if upload.returncode == 0 or "pip install 'termsmith[upload]'" not in upload.stderr:
        problems.append(f"upload without httpx ended with {upload.returncode}:\n{upload.stderr}")
    return problems


def _module(python: str, folder: Path, work: Path) -> list[str]:
    asked = "import termsmith; print(termsmith.__version__, termsmith.__file__)"
    version, _, place = run([python, "-I", "-c", asked], work).strip().partition(" ")
    package = Path(place).parent
    problems = [] if version == termsmith.__version__ else [f"import termsmith gives version {version}"]
    if not package.is_relative_to(folder.resolve()):
        problems.append(f"import termsmith takes {place}")
    if not (package / "py.typed").exists():
        problems.append("py.typed is not installed")
    return problems


def _conversion(command: Path, work: Path) -> list[str]:
    ended = _ended([str(command), "convert", "input", "--output", "output"], work)
    if ended.returncode:
        return [f"convert ended with {ended.returncode}:\n{ended.stderr}"]
    wanted = {path.name: path.read_bytes() for path in (ROOT / "output").iterdir()}
    made = {path.name: path.read_bytes() for path in (work / "output").iterdir()}
    names = sorted({*wanted, *made})
    return [f"{name}: not the same as in output/" for name in names if wanted.get(name) != made.get(name)]


def _types(python: str, work: Path) -> list[str]:
    """Return what is wrong when mypy reads our types from the environment."""
    (work / "user.py").write_text(_USER, encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--strict", "--python-executable", python]
    ended = _ended([*command, "user.py"], work)
    return [
        f"mypy does not say {said}:\n{ended.stdout}{ended.stderr}"
        for said in _SAID
        if said not in ended.stdout
    ]


def _ended(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    ours = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))
    }
    return subprocess.run(command, cwd=folder, env=ours, capture_output=True, text=True, check=False)


def run(command: list[str], folder: Path) -> str:
    """Run a command without anything of our own environment; return what it printed.

    Raises:
        SystemExit: When it fails, with what it said.
    """
    ended = _ended(command, folder)
    if ended.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{ended.stdout}{ended.stderr}")
    return ended.stdout


def main() -> int:
    """Do all steps."""
    print(f"Python {sys.version.split()[0]}; {run([sys.executable, '-m', 'pip', '--version'], ROOT).strip()}")
    report = Report()
    wheel = built(TARGET / "wheel")
    report.step(f"what is in {wheel.name}", content(wheel))
    for title, dependencies in DEPENDENCIES.items():
        with tempfile.TemporaryDirectory(prefix="wheel-") as folder:
            problems = installed(wheel, Path(folder).resolve(), dependencies)
        report.step(f"the wheel alone, with the {title} dependencies", problems)
    return 1 if report.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
