"""Reading dialect tables (TOML)."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from termsmith.dialects.guide import Chapter, Guide, GuideSentence
from termsmith.dialects.labels import fold
from termsmith.dialects.lists import ListColumn, ListLayout
from termsmith.dialects.table import (
    Blank,
    Dialect,
    Field,
    Label,
    Report,
    Sentence,
    TableKind,
    make_label,
)
from termsmith.errors import SettingsError, cause_of
from termsmith.model.record import Role
from termsmith.toml.parsing import NoTomlError, parse_toml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

LARGEST = 1_000_000
"""Bytes of a table at most."""
_FOLDER = Path(__file__).parent
_ROLES = {role.value: role for role in Role}


@cache
def built_in() -> tuple[Dialect, ...]:
    """Return the dialects that termsmith ships, by id."""
    return tuple(
        _dialect(tomllib.loads(path.read_text(encoding="utf-8")), "built-in")
        for path in sorted((_FOLDER / "tables").glob("*.toml"), key=_by_number)
    )


def _by_number(path: Path) -> tuple[int, str]:
    """Return what sorts ``D10`` behind ``D9``."""
    digits = re.match(r"\D*(\d+)", path.stem)
    return (int(digits[1]) if digits is not None else 0, path.stem)


def load_dialect(data: bytes, source: str, *, origin: str) -> Dialect:
    """Return the dialect that a user's table describes.

    Args:
        data: The TOML file.
        source: Its path, for messages.
        origin: The path to be shown.

    Raises:
        SettingsError: SET010, when it is no TOML; SET011, when keys or values are wrong.
    """
    from termsmith.dialects.schema import checked  # noqa: PLC0415  pydantic, for users' tables only

    try:
        table, text = parse_toml(data)
    except NoTomlError as error:
        raise SettingsError("SET010", error.told(source), error.hint) from error
    return _dialect(checked(table, text, source), origin)


def load_dialects(extra: Sequence[Path] = ()) -> tuple[Dialect, ...]:
    """Return the built-in dialects and those of the user's own tables.

    Raises:
        SettingsError: SET010 or SET011 as `load_dialect`; SET012, when a table can't be read; SET013, when
            two tables have one id.
    """
    dialects = list(built_in())
    for path in extra:
        dialect = _own(path)
        for other in dialects:
            if other.id == dialect.id:
                raise SettingsError(
                    "SET013",
                    f"{path.as_posix()}: id {dialect.id!r} is taken by the table {other.origin}",
                    "Give the table an id of its own.",
                )
        dialects.append(dialect)
    return tuple(dialects)


def _own(path: Path) -> Dialect:
    """Return the dialect of a user's table; a file that did not change is read once."""
    try:
        state = path.stat()
    except (OSError, ValueError) as error:  # a path with a NUL is a ValueError
        raise _unreadable(path, error) from error
    try:
        return _read(path, state.st_mtime_ns, state.st_size)
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError | ValueError) -> SettingsError:
    return SettingsError(
        "SET012", f"{path}: can't be read: {cause_of(error)}", "Check the path of the dialect table."
    )


@cache
def _read(path: Path, _changed: int, _size: int) -> Dialect:
    with path.open("rb") as file:
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise _unreadable(path, ValueError(f"it has more than {LARGEST:,} bytes"))
    return load_dialect(data, path.as_posix(), origin=path.as_posix())


@cache
def _defaults() -> Mapping[str, Any]:
    return tomllib.loads((_FOLDER / "defaults.toml").read_text(encoding="utf-8"))


@cache
def _default_blanks() -> tuple[Blank, ...]:
    return tuple(_blank(each) for each in _defaults()["blanks"])


@cache
def shared_tables() -> tuple[TableKind, ...]:
    """Return the kinds of tables that are the same on pages of all dialects."""
    return tuple(_kind(each) for each in _defaults()["tables"])


def _dialect(table: Mapping[str, Any], origin: str) -> Dialect:
    prefixes = {**_defaults()["identifier_prefixes"], **table.get("identifier_prefixes", {})}
    labels = tuple(_labels(table))
    lists = tuple(_lists(table, labels))
    columns = (label for each in lists for column in each.columns for label in (column.label, *column.lines))
    return Dialect(
        id=table["id"],
        title=table["title"],
        described_at=table.get("described_at"),
        default_status=table.get("default_status", "draft"),
        kind=table.get("kind", "codesystem"),
        labels=(*labels, *columns),
        headers=frozenset(fold(text) for text in table.get("headers", ())),
        identifier_prefixes=tuple(prefixes.items()),
        statuses=tuple((fold(text), status) for text, status in table.get("statuses", {}).items()),
        status_words=tuple(table.get("statuses", {})),
        roles=tuple((fold(text), Role(role)) for text, role in table.get("roles", {}).items()),
        blanks=(*(_blank(each) for each in table.get("blanks", ())), *_default_blanks()),
        lists=lists,
        guide=_guide(table["guide"]) if "guide" in table else None,
        reservations=frozenset(fold(text) for text in table.get("reservations", ())),
        origin=origin,
        needs=tuple(_pattern(each) for each in table.get("needs", ())),
        unless=tuple(_pattern(each) for each in table.get("unless", ())),
        sentences=tuple(
            Sentence(
                pattern=_pattern(each["pattern"]),
                states=tuple((Field(field), value) for field, value in each.get("states", {}).items()),
                why=each.get("why"),
            )
            for each in table.get("sentences", ())
        ),
        tables=(*(_kind(each) for each in table.get("tables", ())), *shared_tables()),
        values=tuple(
            (Field(field), tuple((fold(printed), value) for printed, value in words.items()))
            for field, words in table.get("values", {}).items()
        ),
        any_order=table.get("any_order", False),
        values_in_label_cells=table.get("values_in_label_cells", False),
        loose_text=Field(table["loose_text"]) if "loose_text" in table else None,
        month_first=table.get("month_first", False),
    )


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


def _kind(table: Mapping[str, Any]) -> TableKind:
    return TableKind(
        title=table["title"],
        columns=tuple(
            (fold(header), Field(name) if name else None) for header, name in table["columns"].items()
        ),
        needs=frozenset(map(fold, table["needs"])),
        others=table.get("others", False),
        why=table.get("why"),
        values=tuple(
            (fold(header), frozenset(map(fold, words))) for header, words in table.get("values", {}).items()
        ),
    )


def _lists(table: Mapping[str, Any], labels: Sequence[Label]) -> Iterator[ListLayout]:
    order, section = len(labels), max((label.section for label in labels), default=-1)
    for layout in table.get("lists", ()):
        section += 1
        columns = []
        for column in layout["columns"]:
            row = {**column, "label": column["header"]}
            label = _label(row, section=section, order=order, is_section=False, role=column.get("role"))
            lines = []
            for printed, field in column.get("lines", {}).items():
                order += 1
                line = {"label": printed, "field": field}
                lines.append(_label(line, section=section, order=order, is_section=False, role=None))
            order += 1
            columns.append(
                ListColumn(label=label, lines=tuple(lines), optional=column.get("optional", False))
            )
        yield ListLayout(columns=tuple(columns))


def _guide(table: Mapping[str, Any]) -> Guide:
    return Guide(
        chapters=tuple(
            Chapter(heading=re.compile(each["heading"], re.IGNORECASE), field=Field(each["field"]))
            for each in table.get("chapters", ())
        ),
        sentences=tuple(
            GuideSentence(
                pattern=re.compile(each["pattern"]),
                within=frozenset(Field(field) for field in each.get("within", ())),
                states=tuple(each.get("states", {}).items()),
            )
            for each in table.get("sentences", ())
        ),
        pointers=tuple(re.compile(each, re.IGNORECASE) for each in table.get("pointers", ())),
        filter_rows={fold(label): part for label, part in table.get("filter_rows", {}).items()},
        property_columns={fold(label): part for label, part in table.get("property_columns", {}).items()},
    )


def _blank(blank: Mapping[str, str]) -> Blank:
    pattern = blank["pattern"] if "pattern" in blank else re.escape(blank["text"])
    return Blank(
        pattern=re.compile(pattern, re.IGNORECASE),
        reason=blank["reason"],
        report=Report(blank.get("report", Report.QUIET.value)),
    )


def _labels(table: Mapping[str, Any]) -> Iterator[Label]:
    order = 0
    for number, section in enumerate((*_shorthand(table), *table.get("sections", ()))):
        if section.get("label"):
            yield _label(section, section=number, order=order, is_section=True, role=section.get("role"))
            order += 1
        for row in section.get("rows", ()):
            role = row.get("role", section.get("role"))
            yield _label(row, section=number, order=order, is_section=False, role=role)
            order += 1


def _label(row: Mapping[str, Any], *, section: int, order: int, is_section: bool, role: str | None) -> Label:
    field, before = row.get("field"), row.get("preceded_by")
    return make_label(
        text=row["label"].strip(),
        section=section,
        order=order,
        is_section=is_section,
        aliases=tuple(row.get("aliases", ())),
        hints=tuple(row.get("hints", ())),
        field=Field(field) if field is not None else None,
        role=Role(role) if role is not None else None,
        required=row.get("required", False),
        optional=row.get("optional", False),
        repeats=row.get("repeats", False),
        preceded_by=Field(before) if before is not None else None,
        one_line=row.get("one_line", False),
        why=row.get("why"),
    )


def _shorthand(table: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the rows of ``[labels]`` and ``[ignored]`` as a section without a label."""
    rows: list[dict[str, Any]] = []
    for label, name in table.get("labels", {}).items():
        if name in _ROLES:
            rows.append({"label": label, "field": Field.ORGANIZATION.value, "role": name})
        else:
            rows.append({"label": label, "field": name})
    for label, why in table.get("ignored", {}).items():
        rows.append({"label": label, "field": Field.IGNORED.value, "why": why})
    if rows:
        yield {"rows": rows}
