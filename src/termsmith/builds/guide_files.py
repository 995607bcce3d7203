"""Files of a guide that a build keeps up to date: its configuration, suppressed messages, the map of OIDs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from termsmith.errors import SettingsError
from termsmith.outputs.files import Change
from termsmith.outputs.guide import (
    Fragment,
    canonical_of,
    fragment_of,
    oid_map,
    overwriting_switches,
    sections,
    suppressed,
    yaml_of,
)
from termsmith.outputs.marked import UnmergeableError, lacks, with_lines, with_section

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from termsmith.model.finding import Rule
    from termsmith.outputs.listed import Listed
    from termsmith.outputs.marked import Section
    from termsmith.settings import KnownException, Project

_SUPPRESSED = "== Suppressed Messages ==\n"
"""First line of each ``ignoreWarnings.txt``."""


@dataclass(slots=True, kw_only=True)
class GuideFiles:
    """What a build makes of the files of a guide."""

    fragment: Fragment
    files: dict[str, bytes] = field(default_factory=dict)
    """What each file shall hold, by path relative to the project."""
    changes: dict[str, Change] = field(default_factory=dict)
    """Files that hold something else."""
    owned: set[str] = field(default_factory=set)
    """Those that nobody but us writes into."""
    unmerged: str | None = None
    """Why the fragment, or a part of it, can't go into the guide's configuration."""
    by_hand: list[Section] = field(default_factory=list)
    """What somebody has to put into it then."""
    lacking: bool = False
    """Whether it has some of that nowhere."""
    switches: tuple[str, ...] = ()
    """Parameters of the guide that replace what owners say of their terminologies."""

    def leave(self, names: Iterable[str]) -> None:
        """Make nothing of files after all."""
        for name in names:
            del self.files[name]
            self.changes.pop(name, None)
            self.owned.discard(name)

    @property
    def printed(self) -> str:
        """What somebody has to put into ``sushi-config.yaml``."""
        return yaml_of(self.by_hand)


def plan_guide_files(
    project: Project, listed: Sequence[Listed], rule_of: Callable[[str], Sequence[Rule]]
) -> GuideFiles:
    """Return what the files of a guide shall hold; writes nothing.

    Args:
        project: Which files there are.
        listed: All resources, of one FHIR release.
        rule_of: Gives the rules that a code, or the letters of a family, stands for.

    Raises:
        SettingsError: SET007, when the guide's configuration can't be read.
    """
    guide = project.guide
    sushi = None if guide.sushi_config is None else _text(project, guide.sushi_config)
    canonical = (None if sushi is None else canonical_of(sushi)) or project.settings.base_url
    done = GuideFiles(fragment=fragment_of(listed, canonical, guide.group))
    if sushi is not None and guide.sushi_config is not None:
        done.switches = tuple(overwriting_switches(sushi))
        _merge(done, guide.sushi_config, sushi)
    if guide.ignore_warnings is not None:
        path = project.folder / guide.ignore_warnings
        text = _text(project, guide.ignore_warnings) if path.exists() else _SUPPRESSED
        accepted = [_accepted(each, rule_of) for each in project.settings.exceptions]
        try:
            done.files[guide.ignore_warnings] = with_lines(
                text, "suppressed messages", suppressed(accepted)
            ).encode()
        except UnmergeableError as error:
            raise SettingsError(
                "SET007",
                f"{path.as_posix()}: {error}",
                "Remove our part, with each line that marks it; a build writes it again.",
            ) from error
    if guide.oid_map is not None:
        done.files[guide.oid_map] = oid_map(listed)
        done.owned.add(guide.oid_map)
    for name, data in done.files.items():
        path = project.folder / name
        before = path.read_bytes() if path.is_file() else None
        if before != data:
            done.changes[name] = Change.NEW if before is None else Change.CHANGED
    return done


def _merge(done: GuideFiles, name: str, sushi: str) -> None:
    """Put each section into the guide's configuration; one that can't go in costs no other."""
    merged = sushi
    problems: dict[str, None] = {}
    for section in sections(done.fragment):
        try:
            merged = with_section(merged, section)
        except UnmergeableError as error:
            problems[str(error)] = None
            done.by_hand.append(section)
            done.lacking |= lacks(sushi, section)
    if problems:
        done.unmerged = f"{name}: {'; '.join(problems)}"
    done.files[name] = merged.encode()


def _accepted(
    exception: KnownException, rule_of: Callable[[str], Sequence[Rule]]
) -> tuple[str, tuple[str, ...]]:
    rules = rule_of(exception.rule)
    return exception.reason, tuple(text for rule in rules for text in getattr(rule, "validator", ()))


def _text(project: Project, name: str) -> str:
    path = project.folder / name
    try:
        return path.read_bytes().decode()
    except OSError as error:
        problem = f"can't be read: {error.strerror}"
    except UnicodeDecodeError:
        problem = "is no UTF-8 text"
    raise SettingsError("SET007", f"{path.as_posix()}: {problem}", "Check the path in [outputs].")
