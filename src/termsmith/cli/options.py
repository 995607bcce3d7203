"""Options that several commands share, and the settings that come of them."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click
from click.shell_completion import CompletionItem

from termsmith.api.arguments import configured, with_table
from termsmith.settings import FHIR_VERSIONS, FhirVersion, HierarchyForm, Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

_Command = TypeVar("_Command", bound="Callable[..., object]")

_DIALECT_ID = re.compile(r"[A-Za-z0-9_-]+")
FILE = click.Path(dir_okay=False, path_type=Path)
project_option = click.option(
    "--config",
    type=FILE,
    default="termsmith.toml",
    show_default=True,
    metavar="FILE",
    help="Configuration of the project.",
)
prune_option = click.option(
    "--prune", is_flag=True, help="Remove files that a former build wrote and this one doesn't make."
)


def format_option(what: str, formats: Iterable[str] = ("json",)) -> Callable[[_Command], _Command]:
    """Return the option that says how something is written: as text, or in another of these formats."""
    return click.option(
        "--format",
        "format_name",
        type=click.Choice(["text", *formats]),
        default="text",
        show_default=True,
        help=f"How to write {what}.",
    )


def conversion_options(command: _Command) -> _Command:
    """Add the options that say how pages are converted."""
    for option in reversed(
        (
            click.option(
                "--fhir-version",
                type=click.Choice(FHIR_VERSIONS),
                help="FHIR release to write.  [default: R4]",
            ),
            click.option(
                "--dialect",
                metavar="ID|FILE",
                shell_complete=complete_dialect,
                help="Read every page with this dialect: an id that `termsmith dialects` lists, or a "
                "table (.toml) of your own.",
            ),
            click.option(
                "--config",
                type=FILE,
                metavar="FILE",
                help="Configuration to use.  [default: termsmith.toml of this folder, if there is one]",
            ),
            click.option(
                "--draft",
                is_flag=True,
                help="Write resources even where required facts are missing.",
            ),
            click.option(
                "--concepts",
                type=click.Path(path_type=Path, dir_okay=False),
                metavar="FILE",
                help="Take the concepts from this table (CSV, TSV, .xlsx) or CodeSystem (JSON, XML); for one "
                "SOURCE.  [default: PAGE.concepts.csv and the like beside the page]",
            ),
            click.option(
                "--hierarchy",
                type=click.Choice(["nested", "parent-child", "as-stated"]),
                help="Write a hierarchy as nested concepts, as properties, or as the table states it.  "
                "[default: as-stated]",
            ),
        )
    ):
        command = option(command)
    return command


def read_settings(config: Path | None) -> Settings:
    """Return the settings of the configuration file and of the environment.

    Args:
        config: The file that was named; without one, `termsmith.toml` in the current folder, if any.
    """
    return configured(config_file(config))


def resolve_settings(
    config: Path | None,
    *,
    fhir_version: FhirVersion | None,
    dialect: str | None,
    draft: bool,
    hierarchy: HierarchyForm | None = None,
) -> Settings:
    """Return the settings of configuration and environment with what the command line says instead.

    Raises:
        UsageError: USE002, when there is no such dialect.
        SettingsError: When the configuration or a dialect table is wrong.
    """
    settings = read_settings(config)
    if fhir_version is not None:
        settings = dataclasses.replace(settings, fhir_version=fhir_version)
    if draft:
        settings = dataclasses.replace(settings, draft=True)
    if hierarchy is not None:
        settings = dataclasses.replace(settings, hierarchy=hierarchy)
    if dialect is not None:
        settings = _with_dialect(settings, dialect)
    if settings.dialect is not None:
        _check_dialect(settings.dialect, settings.dialect_tables)
    return settings


def complete_dialect(
    _context: click.Context, _parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Complete ids of built-in dialects, else files; reads no table, for the shell waits.

    Files come first: bash forgets all that comes before it is told of them, and names files only where
    nothing comes after.
    """
    tables = Path(__file__).parent.parent / "dialects" / "tables"
    ids = [path.stem for path in sorted(tables.glob("*.toml")) if path.stem.startswith(incomplete)]
    return [CompletionItem(incomplete, type="file"), *(CompletionItem(each) for each in ids)]


def config_file(config: Path | None) -> Path | None:
    """Return the configuration to read: the one that was named, else that of the current folder, if any."""
    path = Path("termsmith.toml")
    return config or (path if path.is_file() else None)


def _with_dialect(settings: Settings, dialect: str) -> Settings:
    """Return settings for a dialect given by id or as the path of a table."""
    if _DIALECT_ID.fullmatch(dialect) is not None:
        return dataclasses.replace(settings, dialect=dialect)
    return with_table(settings, Path(dialect))


def _check_dialect(dialect: str, tables: Sequence[Path]) -> None:
    """Refuse an unknown dialect once, before it is refused for every page."""
    from termsmith.dialects.loading import load_dialects  # noqa: PLC0415  pydantic
    from termsmith.dialects.recognise import named  # noqa: PLC0415

    named(dialect, load_dialects(tables))
