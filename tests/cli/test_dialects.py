"""`termsmith dialects`: what is known, and what each table says."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.pages import termsmith
from termsmith.dialects.loading import built_in

TABLE = """\
id = "mine"
title = "Tea pages"

[labels]
"Full name" = "title"
"Address of the system" = "identifiers"
"Kept by" = "owner"

[ignored]
"Page owner" = "wiki housekeeping"
"""


def test_the_built_in_dialects_are_listed() -> None:
    lines = termsmith("dialects").stdout.splitlines()
    assert [line.split()[0] for line in lines] == [dialect.id for dialect in built_in()]
    widest = max(len(dialect.id) for dialect in built_in())
    for line, dialect in zip(lines, built_in(), strict=True):
        assert line == f"{dialect.id:<{widest}}  {dialect.title}  ({len(dialect.labels)} labels, built-in)"


@pytest.mark.parametrize("arguments", [["--dialect-table", "mine.toml"], ["--config", "termsmith.toml"], []])
def test_ones_own_tables_are_listed_too(arguments: list[str]) -> None:
    Path("mine.toml").write_text(TABLE, encoding="utf-8")
    if "--dialect-table" not in arguments:
        Path("termsmith.toml").write_text('dialect_tables = ["mine.toml"]\n', encoding="utf-8")
    lines = termsmith("dialects", *arguments).stdout.splitlines()
    assert [" ".join(line.split()) for line in lines[len(built_in()) :]] == [
        "mine Tea pages (4 labels, mine.toml)"
    ]


def test_a_dialect_is_shown() -> None:
    Path("mine.toml").write_text(TABLE, encoding="utf-8")
    shown = termsmith("dialects", "--dialect-table", "mine.toml", "show", "mine").stdout
    assert (
        shown.partition("\nText that means")[0]
        == """\
mine: Tea pages
  table    mine.toml
  systems  codesystem, draft unless the page or a setting says otherwise

Labels, in page order, and what stands after them
  Full name
    -> title
  Address of the system
    -> identifiers
  Kept by
    -> organization, as owner
  Page owner
    -> nothing: wiki housekeeping
"""
    )


@pytest.mark.parametrize("dialect", [each.id for each in built_in()])
def test_every_label_of_a_built_in_dialect_is_shown(dialect: str) -> None:
    shown = termsmith("dialects", "show", dialect).stdout
    (table,) = (each for each in built_in() if each.id == dialect)
    for label in table.labels:
        assert f" {label.text}\n" in shown


def test_an_unknown_dialect_is_exit_status_2() -> None:
    result = termsmith("dialects", "show", "D9")
    assert result.exit_code == 2
    known = ", ".join(dialect.id for dialect in built_in())
    assert result.stderr == f"error[USE002]: there is no dialect 'D9'\n  hint: Known dialects: {known}.\n"


def test_a_wrong_table_is_exit_status_2() -> None:
    Path("mine.toml").write_text('id = "mine"\n', encoding="utf-8")
    result = termsmith("dialects", "--dialect-table", "mine.toml")
    assert result.exit_code == 2
    assert result.stderr.startswith("error[SET011]: mine.toml:1: title: it is missing")
