"""Hooks of pre-commit and the GitHub action, really run: ``python tests/e2e/hooks.py``.

pre-commit makes its environment from a clone of the tree as it is, and git commits into a project of its own. The
steps of action.yml run in a fresh environment as GitHub's runner starts them, and GitHub's own parser, from npm, reads
action.yml. Needs git, bash, and Node.js with npm for the parser. Ends with 1 when anything is not as it should be.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import venv
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

sys.path.insert(0, str(Path(__file__).parent))

from composite import Ended, environment_with, run_action
from guides import run
from steps import ROOT, TARGET, Report, missing, without

if TYPE_CHECKING:
    from concurrent.futures import Future

_PRE_COMMIT: Final = "4.7.0"
_PARSER: Final = Path(__file__).with_name("action")
_HOME: Final = TARGET / "pre-commit" / "home"
_PIP: Final = ("-m", "pip", "--disable-pip-version-check", "--quiet", "install")
_NODE: Final = 20
"""What the parser needs."""
_PAGES: Final = ("apple-varieties.txt", "apple-varieties.toml", "apple-varieties.concepts.csv")
_PAGE: Final = f"pages/{_PAGES[0]}"
_NAMING: Final = "vocabulary/NamingSystem-APPLES.json"
_CODE: Final = "vocabulary/CodeSystem-APPLES.json"
_PROJECT: Final = """\
[build]
sources = ["pages"]

[outputs]
json = "vocabulary"
xml = "xml"
"""
_HOOKS: Final = """\
repos:
  - repo: {clone}
    rev: {revision}
    hooks:
      - id: termsmith-check
      - id: termsmith-build
"""
_AUTHOR: Final = {
    f"GIT_{role}_{part}": value
    for role in ("AUTHOR", "COMMITTER")
    for part, value in (("NAME", "Tester"), ("EMAIL", "tester@example.org"))
}
_ACTION_USED: Final = "actions/setup-python@v5"
_INSTALL, _BUILD, _CHECK = "Install termsmith", "termsmith build --check", "termsmith check"
_EXCEPTION: Final = """\
[[exceptions]]
rule = "INV006"
place = "vocabulary/*"
reason = "the guide makes the narrative"

[[exceptions]]
rule = "INV006"
place = "xml/*"
reason = "the guide makes the narrative"
"""
_HOOK_NAMES: Final = ("check NamingSystem and CodeSystem resources", "resources belong to their pages")
_CLAIMS: Final = 12
"""Pairs of resources with one id; were the files given to several processes, some would go unseen."""


class Git:
    """git in one folder, without the user's configuration."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        ours = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PYTHON"))}
        plain = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", **_AUTHOR}
        self.environment = {**ours, **plain, **environment}

    def ended(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run git; return how it ended."""
        return subprocess.run(
            ["git", *arguments],  # noqa: S607
            cwd=self.folder, env=self.environment, capture_output=True, text=True, check=False,
        )  # fmt: skip

    def __call__(self, *arguments: str) -> str:
        """Run git; return what it printed.

        Raises:
            SystemExit: When it fails, with what it said.
        """
        done = self.ended(*arguments)
        if done.returncode:
            raise SystemExit(f"git {' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")
        return done.stdout

    def begin(self) -> None:
        """Make a repository of the folder, and commit all."""
        self("init", "--quiet", "--initial-branch=main")
        self("add", "--all")
        self("commit", "--quiet", "--message=First")


def tree(folder: Path) -> str:
    """Put the tree as it is, committed or not, into a repository; return its revision."""
    listed = Git(ROOT)("ls-files", "-z", "--cached", "--others", "--exclude-standard")
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / name)
    git = Git(folder)
    git.begin()
    return git("rev-parse", "HEAD").strip()


def project(folder: Path) -> None:
    """Write a project with one page, and build it."""
    (folder / "pages").mkdir(parents=True)
    for name in _PAGES:
        shutil.copyfile(ROOT / "input" / name, folder / "pages" / name)
    (folder / "termsmith.toml").write_text(_PROJECT, encoding="utf-8")
    (folder / "README.md").write_text("# Apples\n\nA project.\n", encoding="utf-8")
    termsmith(folder, "build")


def termsmith(folder: Path, *arguments: str) -> None:
    """Run a command of ours.

    Raises:
        SystemExit: When it fails, with what it said.
    """
    done = subprocess.run(
        [sys.executable, "-m", "termsmith", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"termsmith {' '.join(arguments)} ended with {done.returncode}:\n{done.stderr}")


def replaced(path: Path, old: str, new: str) -> int:
    """Change a text in a file; return its line."""
    text = path.read_text(encoding="utf-8")
    if text.count(old) != 1:
        raise SystemExit(f"{path}: {old!r} is there {text.count(old)} times")
    path.write_text(text.replace(old, new), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


class Hooks:
    """A project whose commits pre-commit looks at."""

    def __init__(self, command: Path, folder: Path, clone: Path, revision: str) -> None:
        shutil.rmtree(_HOME, ignore_errors=True)
        project(folder)
        hooks = _HOOKS.format(clone=clone, revision=revision)
        (folder / ".pre-commit-config.yaml").write_text(hooks, encoding="utf-8")
        self.folder = folder
        self.git = Git(folder, PRE_COMMIT_HOME=str(_HOME), PRE_COMMIT_COLOR="never")
        self.git("init", "--quiet", "--initial-branch=main")
        done = subprocess.run(
            [command, "install", "--install-hooks"],
            cwd=folder, env=self.git.environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise SystemExit(f"pre-commit install failed:\n{done.stdout}{done.stderr}")

    def commit(self, *names: str, refused: tuple[str, ...] = (), passed: tuple[str, ...] = ()) -> list[str]:
        """Commit files; return what is wrong.

        Args:
            names: What is added to the commit.
            refused: What the commit is refused with; without any, it has to pass.
            passed: Hooks that have to pass.
        """
        before = self._head()
        self.git("add", "--all", "--", *names)
        done = self.git.ended("commit", "--message=Change")
        said = done.stdout + done.stderr
        problems = [f"not said: {each}" for each in refused if each not in said]
        problems += [
            f"has not passed: {each}"
            for each in passed
            if not re.search(rf"{re.escape(each)}\.+Passed", said)
        ]
        if "Traceback" in said:
            problems.append("a traceback")
        if (done.returncode != 0, self._head() == before) != (bool(refused), bool(refused)):
            problems.append(f"git commit ended with {done.returncode}")
        return [*problems, said] if problems else []

    def _head(self) -> str:
        return self.git.ended("rev-parse", "--verify", "--quiet", "HEAD").stdout

    def undo(self) -> None:
        """Go back to what was committed."""
        self.git("reset", "--quiet", "--hard")

    def steps(self, report: Report) -> None:
        """Commit what is right and what is not."""
        page, naming = self.folder / _PAGE, self.folder / _NAMING
        report.step("a commit that is right passes", self.commit(".", passed=_HOOK_NAMES))
        line = replaced(naming, '"status": "draft"', '"status": "banana"')
        told = (f"  {line}:13 error[STR012] NamingSystem.status", f"{_NAMING} (changed)")
        report.step("one with a broken resource is refused", self.commit(".", refused=told))
        self.undo()
        replaced(page, "Varieties of Apples in Old Orchards", "Apples of Old Orchards")
        outdated = (f"{_PAGE} -> {_CODE} (changed)",)
        report.step("one with a page that was not built is refused", self.commit(".", refused=outdated))
        termsmith(self.folder, "build")
        problems = self.commit(_PAGE, refused=outdated)
        report.step("one that lacks what was built is refused", problems)
        report.step("with it, the commit passes", self.commit(".", passed=_HOOK_NAMES))
        (self.folder / "README.md").write_text("# Apples\n", encoding="utf-8")
        report.step("a commit without any of ours passes", self.commit(".", passed=_HOOK_NAMES[1:]))
        page.unlink()
        gone = (f"4 files of former builds not made any more: {_CODE}",)
        report.step("one that only removes a page is refused", self.commit(_PAGE, refused=gone))
        self.undo()
        other = self.folder / "other"
        other.mkdir()
        for number in range(_CLAIMS):
            for place in ("first", "second"):
                made = json.loads(naming.read_text(encoding="utf-8")) | {
                    "id": f"a{number}",
                    "name": f"A{number}",
                }
                made["uniqueId"] = [{"type": "uri", "value": f"http://{place}.example/{number}"}]
                made["title" if "title" in made else "publisher"] = place
                target = other / f"NamingSystem-{place}-{number}.json"
                target.write_text(json.dumps(made), encoding="utf-8")
        claims = tuple(
            f"NamingSystem/a{number} is also NamingSystem/a{number} in other/NamingSystem-first-{number}.json"
            for number in range(_CLAIMS)
        )
        report.step("resources are looked at together", self.commit("other", refused=claims))


class Action:
    """The action, on projects in folders of their own."""

    def __init__(self, folder: Path, action: dict[str, Any], action_path: Path) -> None:
        self._folder, self._action, self._path = folder, action, action_path
        self._environment = environment_with(folder / "venv")
        self._number = 0

    def project(self) -> Path:
        """Return the folder of a new project that is right."""
        self._number += 1
        folder = self._folder / f"project {self._number}"
        project(folder)
        return folder

    def run(self, workspace: Path, *, installed: bool = True, **inputs: str) -> Ended:
        """Run the action in a project."""
        return run_action(
            self._action,
            {name.replace("_", "-"): value for name, value in inputs.items()},
            action_path=self._path,
            workspace=workspace,
            environment=self._environment,
            done=frozenset({_INSTALL} if installed else ()),
        )

    def install(self) -> tuple[Path, Ended]:
        """Run it for the first time, on a project that is right; return both."""
        venv.create(self._folder / "venv", with_pip=True)
        workspace = self.project()
        return workspace, self.run(workspace, installed=False)

    def steps(self, report: Report, installed: Future[tuple[Path, Ended]]) -> None:
        """Run it on what is right and what is not, after its first run."""
        right, ended = installed.result()
        print(f"  not run: {', '.join(ended.not_run)}")
        problems = self._wrong(ended, 0, [_INSTALL, _BUILD, _CHECK])
        problems += [f"another action is used: {each}" for each in ended.not_run if each != _ACTION_USED]
        report.step("the action, on a project that is right", problems)
        for name in ("input/pagecontent/index.md", "input/ignoreWarnings.txt", "output/index.html"):
            (right / name).parent.mkdir(parents=True, exist_ok=True)
            (right / name).write_text("Welcome.\n", encoding="utf-8")
        for command, ran in (("build", [_BUILD]), ("check", [_CHECK])):
            report.step(f"command: {command}", self._wrong(self.run(right, command=command), 0, ran))
        report.step("fail-on: warning", self._wrong(self.run(right, fail_on="warning"), 1, [_BUILD, _CHECK]))
        self._broken(report)
        self._shell(report)
        self._configured(report)

    def _broken(self, report: Report) -> None:
        folder = self.project()
        line = replaced(folder / _NAMING, '"status": "draft"', '"status": "banana"')
        told = [f"::error file={_NAMING},line={line},col=13,title=STR012"]
        for command, ran, wanted in (
            ("build", [_BUILD], []),
            ("check", [_CHECK], told),
            ("both", [_BUILD, _CHECK], told),
        ):
            ended = self.run(folder, command=command, paths="vocabulary pages")
            lines = ended.stdout.splitlines()
            errors = [
                each.partition(" Code not allowed::")[0] for each in lines if each.startswith("::error ")
            ]
            problems = self._wrong(ended, 1, ran)
            if errors != wanted:
                problems.append(f"annotations: {errors}, not {wanted}")
            if _BUILD in ran and f"{_PAGE} -> {_NAMING} (changed)" not in lines:
                problems.append(f"{_NAMING} (changed) was not said: {lines}")
            report.step(f"command: {command}, with a broken resource", problems)
        named = self.run(folder, command="check", paths=f"{_CODE} pages")
        report.step("paths: two of them, without the broken one", self._wrong(named, 0, [_CHECK]))

    def _shell(self, report: Report) -> None:
        folder = self.project()
        name = "my $(touch one); touch two `touch three` & 'x' \"y.toml"
        (folder / "termsmith.toml").rename(folder / name)
        ended = self.run(folder, config=name)
        report.step("config: a name that looks like a script", self._wrong(ended, 0, [_BUILD, _CHECK]))
        evil = "$(touch one) ;touch two `touch three` && touch four"
        statuses = {
            "build's config": self.run(folder, command="build", config=evil).status,
            "check's config": self.run(folder, command="check", config=evil).status,
            "check's paths": self.run(folder, command="check", paths=evil).status,
            "check's fail-on": self.run(folder, command="check", fail_on=evil).status,
        }
        problems = [f"{name} passed" for name, status in statuses.items() if not status]
        problems += [
            f"{each} was made" for each in ("one", "two", "three", "four") if (folder / each).exists()
        ]
        report.step("inputs with scripts in them run nothing", problems)

    def _configured(self, report: Report) -> None:
        """An exception of a configuration elsewhere holds for both commands; without any, resources are checked."""
        folder = self.project()
        line = replaced(folder / "termsmith.toml", "[build]", _EXCEPTION + "\n[build]")
        assert line == 1, "the configuration begins otherwise"
        (folder / "termsmith.toml").rename(folder / "other.toml")
        ended = self.run(folder, config="other.toml", fail_on="warning")
        report.step("config: its exceptions hold", self._wrong(ended, 0, [_BUILD, _CHECK]))
        (folder / "other.toml").unlink()
        ended = self.run(folder, command="check", paths="vocabulary")
        report.step("command: check, without a configuration", self._wrong(ended, 0, [_CHECK]))
        ended = self.run(folder, command="check", paths="vocabulary", config="other.toml")
        report.step("command: check, with a configuration that is gone", self._wrong(ended, 2, [_CHECK]))

    def _wrong(self, ended: Ended, status: int, ran: list[str]) -> list[str]:
        """Return what is wrong with how a run ended."""
        problems = []
        if ended.status != status:
            problems.append(f"ended with {ended.status}, not {status}")
        if ended.ran != ran:
            problems.append(f"ran {ended.ran}, not {ran}")
        if not status and "::error" in ended.stdout:
            problems.append("has errors")
        if "Traceback" in ended.stdout + ended.stderr:
            problems.append("a traceback")
        return [*problems, ended.stdout, ended.stderr] if problems else []


def parsed(action: dict[str, Any], folder: Path) -> list[str]:
    """Return what GitHub's parser says against action.yml, and where it reads it in another way than we do."""
    parser = TARGET / "action"
    parser.mkdir(parents=True, exist_ok=True)
    for file in _PARSER.iterdir():
        shutil.copy(file, parser)
    lock, installed = parser / "package-lock.json", parser / "installed.json"
    if not installed.exists() or installed.read_bytes() != lock.read_bytes():
        run(["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error", "--prefix", str(parser)])
        shutil.copy(lock, installed)
    text = (ROOT / "action.yml").read_text(encoding="utf-8")
    spoilt = {
        "using: composite": ("using: composit", "Unexpected value 'composit'"),
        "!cancelled()": ("!canceled()", "Unrecognized function: 'canceled'"),
        "- name: Install": ("- nam: Install", "Unexpected value 'nam'"),
    }
    files = [ROOT / "action.yml"]
    for number, (right, (wrong, _)) in enumerate(spoilt.items()):
        assert right in text, f"{right} is not in action.yml"
        files.append(folder / f"{number}.yml")
        files[-1].write_text(text.replace(right, wrong), encoding="utf-8")
    read = ["node", "--import", (parser / "loader.mjs").as_uri(), str(parser / "read.mjs")]
    ours, *others = json.loads(run([*read, *map(str, files)]))
    problems = [f"action.yml: {each}" for each in ours["errors"]]
    conditions = [_condition(step.get("if")) for step in action["runs"]["steps"]]
    if ours["conditions"] != conditions:
        problems.append(f"conditions are {ours['conditions']}, not {conditions}")
    for (_, said), other in zip(spoilt.values(), others, strict=True):
        if not any(said in each for each in other["errors"]):
            problems.append(f"{said} was not said: {other['errors']}")
    version = json.loads(lock.read_text(encoding="utf-8"))["packages"][
        "node_modules/@actions/workflow-parser"
    ]
    print(f"  @actions/workflow-parser {version['version']}; node {run(['node', '--version']).strip()}")
    return problems


def _condition(stated: str | None) -> str:
    """Return a condition with the one on success that composite.py reads into it."""
    if stated is None:
        return "success()"
    bare = stated.removeprefix("${{ ").removesuffix(" }}")
    return bare if "cancelled()" in bare else f"success() && ({bare})"


def tool() -> Path:
    """Return the folder of an environment with pre-commit, which also has a reader of YAML."""
    folder = TARGET / "pre-commit" / f"venv-{_PRE_COMMIT}"
    if not (folder / "complete").exists():
        venv.create(folder, with_pip=True, clear=True)
        run([str(folder / "bin" / "python"), *_PIP, f"pre-commit=={_PRE_COMMIT}"])
        (folder / "complete").touch()
    return folder / "bin"


def main() -> int:
    """Do all steps."""
    lack = missing("git", "bash")
    if lack:
        return without(lack, "what others start us by")
    os.environ["PIP_NO_COMPILE"] = "1"  # of all that is installed, little is ever run
    programs = tool()
    read = "import json, sys, yaml; print(json.dumps(yaml.safe_load(sys.stdin.buffer)))"
    with (ROOT / "action.yml").open("rb") as file:
        action = json.loads(subprocess.check_output([programs / "python", "-c", read], stdin=file))
    shown = [run(command).partition("\n")[0] for command in (["git", "--version"], ["bash", "--version"])]
    print(
        "; ".join(
            [
                run([str(programs / "pre-commit"), "--version"]).strip(),
                *shown,
                f"Python {sys.version.split()[0]}",
            ]
        )
    )
    report = Report()
    skipped = 0
    with tempfile.TemporaryDirectory(prefix="hooks-") as name:
        folder = Path(name).resolve()
        clone = folder / "termsmith"
        revision = tree(clone)
        runner = Action(folder / "action", action, clone)
        with ThreadPoolExecutor(1) as pool:  # both wait for pip most of the time
            installed = pool.submit(runner.install)
            Hooks(programs / "pre-commit", folder / "project", clone, revision).steps(report)
            runner.steps(report, installed)
        lack = missing("node", "npm", node=_NODE)
        if lack:
            skipped = without(lack, "GitHub's own parser on action.yml")
        else:
            report.step("GitHub's own parser on action.yml", parsed(action, folder))
    shutil.rmtree(_HOME, ignore_errors=True)
    return 1 if report.wrong else skipped


if __name__ == "__main__":
    sys.exit(main())
