"""What is wrong with a TOML file whose tables are pydantic models, worded for who wrote it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, get_args

from pydantic import BaseModel

from termsmith.model.shortened import shortened
from termsmith.toml.places import Places

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

MOST = 20
"""Mistakes of one file that are told; a number says how many more there are."""
_BARE = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake in a file."""

    line: int
    """1-based."""
    key: str
    """With the tables it is in, as TOML writes it: ``defaults.status``; empty for the file as a whole."""
    problem: str

    def __str__(self) -> str:
        """Return ``key: problem``."""
        return f"{self.key}: {self.problem}" if self.key else self.problem

    def told(self, source: str) -> str:
        """Return ``file:line: key: problem``."""
        return f"{source}:{self.line}: {self}"


def mistakes(error: ValidationError, whole: type[BaseModel], text: str) -> list[Mistake]:
    """Return the mistakes of a file in the order of their lines.

    Args:
        error: What its model says.
        whole: The model of the whole file.
        text: The file, which is valid TOML.
    """
    places = Places(text)
    errors = error.errors(include_url=False)
    found = []
    for number, each in enumerate(errors):
        path = each["loc"]
        # What does not stand in the file is what the model is made of, such as the member of a union.
        shown = path if each["type"] == "missing" else places.known(path)
        found.append((places.line(path), dotted(shown), number))
    found.sort()
    told = [Mistake(line, key, problem_of(errors[number], whole)) for line, key, number in found[:MOST]]
    if len(found) > MOST:
        rest = f"from here on there are {len(found) - MOST:,} more mistakes"
        told.append(Mistake(found[MOST][0], "", rest))
    return told


def dotted(path: Sequence[str | int]) -> str:
    """Return the keys of a path as TOML writes them, without numbers within lists.

    >>> dotted(("system", 0, "concepts", "columns", "Lfd. Nr"))
    'system.concepts.columns."Lfd. Nr"'
    """
    keys = (part for part in path if isinstance(part, str))
    return ".".join(
        key if _BARE.fullmatch(key) else json.dumps(shortened(key), ensure_ascii=False) for key in keys
    )


def keys_of(table: type[BaseModel]) -> Iterator[str]:
    """Yield the keys of a table as they are written."""
    return (each.alias or name for name, each in table.model_fields.items())


@cache
def tables_of(whole: type[BaseModel]) -> Mapping[tuple[str, ...], type[BaseModel]]:
    """Return the models of all tables of a file, by their path."""
    found: dict[tuple[str, ...], type[BaseModel]] = {(): whole}
    for name, each in whole.model_fields.items():
        table = _table_in(each.annotation)
        if table is not None:
            below = tables_of(table).items()
            found |= {(each.alias or name, *path): inner for path, inner in below}
    return found


def _table_in(annotation: Any) -> type[BaseModel] | None:
    """Return the model that a type is, or is a list or an option of."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_table_in, get_args(annotation))), None)


def problem_of(error: ErrorDetails, whole: type[BaseModel]) -> str:
    """Return what is wrong and what is allowed instead."""
    kind, stated, facts = error["type"], _shown(error["input"]), error.get("ctx", {})
    if kind in {"extra_forbidden", "missing"} or kind.startswith("model_"):
        return _of_table(error, whole)
    if kind in {"literal_error", "enum"}:
        allowed = str(facts["expected"]).replace("'", "").replace(" or ", ", ")
        return f"{stated} is not known; allowed: {allowed}"
    if kind in {"list_type", "tuple_type"}:
        if isinstance(error["input"], dict) and _path(error) in tables_of(whole):
            table = f"[[{dotted(error['loc'])}]]"
            return f"it is a single table; allowed: {table} in two brackets, as often as needed"
        return f"{stated} is no list; allowed: {_as_list(error['input'])}"
    wording = _WORDING.get(kind)
    if wording is not None:
        return wording.format(stated=stated, **facts)
    return str(error["msg"]).removeprefix("Value error, ")


def _of_table(error: ErrorDetails, whole: type[BaseModel]) -> str:
    if error["type"] == "missing":
        return "it is missing"
    tables = tables_of(whole)
    keys = _path(error)
    if error["type"] == "extra_forbidden":
        return f"unknown key; allowed: {', '.join(sorted(keys_of(tables.get(keys[:-1], whole))))}"
    allowed = ", ".join(sorted(keys_of(tables.get(keys, whole))))
    return f"{_shown(error['input'])} is no table; allowed: a table with keys of {allowed}"


def _path(error: ErrorDetails) -> tuple[str, ...]:
    return tuple(part for part in error["loc"] if isinstance(part, str))


def _as_list(stated: object) -> str:
    if isinstance(stated, (str, int, float)):
        return f"a list such as [{shortened(json.dumps(stated, ensure_ascii=False))}]"
    return 'a list such as ["one", "two"]'


_DAY = "{stated} is no day; allowed: a date such as 2027-01-31, without quotes"
_TIME = "{stated} is no time; allowed: a time such as 2027-01-31T12:00:00, without quotes"
_BOOLEAN = "{stated} is neither true nor false; allowed: true, false"
_NUMBER = "{stated} is no whole number; allowed: a whole number such as 3"
_WORDING: Mapping[str, str] = {
    "bool_type": _BOOLEAN,
    "bool_parsing": _BOOLEAN,
    "int_type": _NUMBER,
    "int_parsing": _NUMBER,
    "int_from_float": _NUMBER,
    "int_parsing_size": _NUMBER,
    "greater_than_equal": "{stated} is too small; allowed: {ge} or more",
    "less_than_equal": "{stated} is too large; allowed: {le} or less",
    "string_type": "{stated} is no text; allowed: text in quotes",
    "string_too_short": "it is empty; allowed: a text",
    "too_short": "it is empty; allowed: at least one",
    "dict_type": '{stated} is no table; allowed: a table such as {{ "name" = "value" }}',
    "datetime_type": _TIME,
    "datetime_parsing": _TIME,
    "datetime_from_date_parsing": _TIME,
    "date_type": _DAY,
    "date_parsing": _DAY,
    "date_from_datetime_inexact": _DAY,
    "date_from_datetime_parsing": _DAY,
}
"""What pydantic finds, by its name for it: https://docs.pydantic.dev/latest/errors/validation_errors."""


def _shown(stated: object) -> str:
    """Return a value much as TOML writes it."""
    if isinstance(stated, bool):
        return str(stated).lower()
    return str(stated) if isinstance(stated, date) else shortened(repr(stated))
