from __future__ import annotations

import tomllib
from datetime import date, datetime  # noqa: TC003  pydantic reads them
from typing import Annotated, Any, Literal

import pytest
from growth import grows_with_size
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from termsmith.toml.mistakes import MOST, dotted, keys_of, mistakes, tables_of


class Row(BaseModel):
    model_config = ConfigDict(extra="forbid")

    number: Annotated[int, Field(le=9)] = 0
    names: Annotated[tuple[str, ...], Field(min_length=1)] = ("a",)


class Whole(BaseModel):
    model_config = ConfigDict(extra="forbid")

    rows: tuple[Row, ...] = ()
    more: Row | None = Field(None, alias="more-rows")
    kind: Literal["a", "b"] = "a"
    day: date | None = None
    time: Annotated[datetime, Field(strict=True)] | None = None
    by_name: dict[str, str] = {}
    switch: bool = False


def told(text: str) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        Whole.model_validate(tomllib.loads(text))
    return [each.told("x.toml") for each in mistakes(caught.value, Whole, text)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[rows]]\n[[rows]]\nnames = []", "x.toml:3: rows.names: it is empty; allowed: at least one"),
        ("[[rows]]\nnumber = 10", "x.toml:2: rows.number: 10 is too large; allowed: 9 or less"),
        (
            '[[rows]]\nnumber = "x"',
            "x.toml:2: rows.number: 'x' is no whole number; allowed: a whole number such as 3",
        ),
        ("rows = [\n1]", "x.toml:2: rows: 1 is no table; allowed: a table with keys of names, number"),
        (
            "rows = {}",
            "x.toml:1: rows: it is a single table; allowed: [[rows]] in two brackets, as often as needed",
        ),
        ("[more-rows]\nx = 1", "x.toml:2: more-rows.x: unknown key; allowed: names, number"),
        ("kind = true", "x.toml:1: kind: true is not known; allowed: a, b"),
        (
            "day = 2020-01-02T03:04:05",
            "x.toml:1: day: 2020-01-02 03:04:05 is no day; allowed: a date such as 2027-01-31, without quotes",
        ),
        (
            'time = "now"',
            "x.toml:1: time: 'now' is no time; allowed: a time such as 2027-01-31T12:00:00, without quotes",
        ),
        ("by_name = 1", 'x.toml:1: by_name: 1 is no table; allowed: a table such as { "name" = "value" }'),
        ('by_name."a.b" = 1', 'x.toml:1: by_name."a.b": 1 is no text; allowed: text in quotes'),
        ('switch = "on!"', "x.toml:1: switch: 'on!' is neither true nor false; allowed: true, false"),
        (
            f'switch = "{"x" * 99}"',
            f"x.toml:1: switch: '{'x' * 58}… is neither true nor false; allowed: true, false",
        ),
    ],
)
def test_a_mistake_has_its_line_its_key_and_what_is_allowed(text: str, message: str) -> None:
    assert told(text) == [message]


def test_the_first_of_many_mistakes_are_told_and_the_rest_counted() -> None:
    found = told("".join(f"x{number:02} = 1\n" for number in range(MOST + 3)))
    assert len(found) == MOST + 1
    assert found[0].startswith("x.toml:1: x00: unknown key")
    assert found[-1] == f"x.toml:{MOST + 1}: from here on there are 3 more mistakes"


def test_all_tables_of_a_file_are_known_by_their_path() -> None:
    assert tables_of(Whole) == {(): Whole, ("rows",): Row, ("more-rows",): Row}
    assert list(keys_of(Whole)) == ["rows", "more-rows", "kind", "day", "time", "by_name", "switch"]


@pytest.mark.parametrize(
    ("path", "shown"), [((), ""), (("a", 3, "b c", ""), 'a."b c".""'), (("Lfd. Nr", "x-1"), '"Lfd. Nr".x-1')]
)
def test_a_path_is_shown_as_it_is_written(path: tuple[Any, ...], shown: str) -> None:
    assert dotted(path) == shown


def test_time_grows_with_the_number_of_mistakes() -> None:
    assert grows_with_size(
        lambda size: told("".join(f"x{number} = 1\n" for number in range(size))), 300, 3_000
    )
