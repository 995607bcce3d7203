"""What arguments of the Python interface may say."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from termsmith.errors import UsageError
from termsmith.settings import FHIR_VERSIONS, WEB_ADDRESS, Settings, source_date_of

if TYPE_CHECKING:
    from collections.abc import Iterable


def configured(config: str | Path | None) -> Settings:
    """Return the settings of a configuration, if there is one, and of the environment.

    Raises:
        SettingsError: SET001 to SET006, when it is wrong.
    """
    settings = Settings()
    if config is not None:
        from termsmith.settings_file import read_settings_file  # noqa: PLC0415  pydantic

        settings = read_settings_file(Path(config))
    if settings.exceptions:
        from termsmith.rules import refuse_unknown_rules  # noqa: PLC0415  all rules

        refuse_unknown_rules(settings.exceptions)
    return replace(settings, source_date=source_date_of(os.environ))


def with_table(settings: Settings, table: Path) -> Settings:
    """Return settings by which every page is read with a dialect table of the user.

    Raises:
        SettingsError: SET010 to SET013, when the table, or another one of the settings, is wrong.
    """
    from termsmith.dialects.loading import load_dialects  # noqa: PLC0415  pydantic

    tables = (*(each for each in settings.dialect_tables if each != table), table)
    return replace(settings, dialect=load_dialects(tables)[-1].id, dialect_tables=tables)


def paths_of_files(paths: Iterable[str | Path]) -> list[str]:
    """Return paths as texts, none of which means standard input: ``-`` is a file of that name here."""
    texts = [os.fspath(path) for path in paths]
    return [f".{os.sep}-" if text == "-" else text for text in texts]


def web_address(text: str, argument: str) -> str:
    """Return a web address without the slash at its end.

    Raises:
        UsageError: USE006, when it is none.
    """
    if WEB_ADDRESS.fullmatch(text) is None:
        raise UsageError(
            "USE006",
            f"{argument} can't be {text!r}",
            "It is a web address: https://HOST or https://HOST/PATH.",
        )
    return text.rstrip("/")


def known_version(fhir_version: str) -> None:
    """Refuse what is no FHIR version.

    Raises:
        UsageError: USE001.
    """
    if fhir_version not in FHIR_VERSIONS:
        raise UsageError(
            "USE001", f"there is no FHIR version {fhir_version!r}", f"Known are {', '.join(FHIR_VERSIONS)}."
        )


def one_of(value: str, known: Iterable[str], argument: str) -> None:
    """Refuse what an argument may not be.

    Raises:
        UsageError: USE006, which names the argument and what it may be.
    """
    allowed = tuple(known)
    if value not in allowed:
        raise UsageError("USE006", f"{argument} can't be {value!r}", f"Known are {', '.join(allowed)}.")
