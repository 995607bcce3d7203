"""Reading dialect tables (TOML) with every mistake named by its place."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError, model_validator

from termsmith.dialects.labels import fold
from termsmith.dialects.table import START_LENGTH, Blank, Dialect, Field, Label, Report, make_label
from termsmith.errors import SettingsError
from termsmith.model.record import Role

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Status = Literal["draft", "active", "retired", "unknown"]

_ORGANIZATION_SHORTHANDS = {role.value: role for role in Role}


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Row(_Model):
    label: Text
    aliases: tuple[Text, ...] = ()
    hints: tuple[Text, ...] = ()
    field: Field
    role: Role | None = None
    required: bool = False
    optional: bool = False
    repeats: bool = False
    preceded_by: Field | None = None
    why: Text | None = None

    @model_validator(mode="after")
    def _ignored_says_why(self) -> _Row:
        if (self.field is Field.IGNORED) != (self.why is not None):
            msg = 'field "ignored" needs `why`, and only that field has it'
            raise ValueError(msg)
        return self


class _Section(_Model):
    label: str = ""
    aliases: tuple[Text, ...] = ()
    hints: tuple[Text, ...] = ()
    field: Field | None = None
    role: Role | None = None
    rows: tuple[_Row, ...] = ()


class _Blank(_Model):
    text: Text | None = None
    pattern: Text | None = None
    reason: Text
    report: Report = Report.QUIET

    @model_validator(mode="after")
    def _one_form(self) -> _Blank:
        if (self.text is None) == (self.pattern is None):
            msg = "give either `text` or `pattern`"
            raise ValueError(msg)
        if self.pattern is not None:
            try:
                re.compile(self.pattern)
            except re.error as error:
                msg = f"`pattern` is no regular expression: {error}"
                raise ValueError(msg) from error
        return self


_Prefixes = dict[Text, Literal["oid", "uri", "canonical_uri", "other"]]


class _Defaults(_Model):
    identifier_prefixes: _Prefixes
    blanks: tuple[_Blank, ...]


class _Table(_Model):
    id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,32}$")]
    title: Text
    described_at: Text | None = None
    default_status: Status = "draft"
    kind: Literal["codesystem", "identifier", "root"] = "codesystem"
    headers: tuple[Text, ...] = ()
    labels: dict[Text, str] = {}
    ignored: dict[Text, Text] = {}
    sections: tuple[_Section, ...] = ()
    identifier_prefixes: _Prefixes = {}
    statuses: dict[Text, Status] = {}
    roles: dict[Text, Role] = {}
    blanks: tuple[_Blank, ...] = ()

    @model_validator(mode="after")
    def _has_labels(self) -> _Table:
        allowed = {each.value for each in Field} - {Field.IGNORED.value} | set(_ORGANIZATION_SHORTHANDS)
        for label, name in self.labels.items():
            if name not in allowed:
                msg = f"labels.{label}: {name!r} is not one of {', '.join(sorted(allowed))}"
                raise ValueError(msg)
        if not self.labels and not self.sections:
            msg = "a dialect needs [labels] or [[sections]]"
            raise ValueError(msg)
        return self


def load_dialect(data: bytes, source: str, *, origin: str) -> Dialect:
    """Return the dialect that a table describes.

    Args:
        data: The TOML file.
        source: Its path, for messages.
        origin: ``built-in``, or the path to be shown.

    Raises:
        SettingsError: SET010, when it is no TOML; SET011, when a key or value is wrong.
    """
    try:
        table = _Table.model_validate(tomllib.loads(data.decode("utf-8")))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError("SET010", f"{source}: no valid TOML: {error}", "Correct the file.") from error
    except ValidationError as error:
        raise SettingsError(
            "SET011",
            f"{source}: {describe(error)}",
            "The documentation of dialect tables lists all keys and fields.",
        ) from error
    dialect = _dialect(table, origin)
    for label in dialect.labels:
        if min(map(len, label.folds)) < START_LENGTH:
            raise SettingsError(
                "SET011",
                f"{source}: label {label.text!r} is too short",
                f"A label needs at least {START_LENGTH} letters or digits to be told from text.",
            )
    return dialect


def load_dialects(extra: Sequence[Path] = ()) -> tuple[Dialect, ...]:
    """Return the built-in dialects and those of the user's own tables.

    Raises:
        SettingsError: SET010 or SET011 as `load_dialect`; SET012, when a table can't be read; SET013, when
            two tables have one id.
    """
    from termsmith.dialects.table import built_in  # noqa: PLC0415  built_in loads through this module

    dialects = list(built_in())
    for path in extra:
        try:
            data = path.read_bytes()
        except OSError as error:
            raise SettingsError(
                "SET012", f"{path}: can't be read: {error.strerror}", "Check the path of the dialect table."
            ) from error
        dialect = load_dialect(data, path.as_posix(), origin=path.as_posix())
        for other in dialects:
            if other.id == dialect.id:
                raise SettingsError(
                    "SET013",
                    f"{path.as_posix()}: id {dialect.id!r} is taken by the table {other.origin}",
                    "Give the table an id of its own.",
                )
        dialects.append(dialect)
    return tuple(dialects)


def describe(error: ValidationError) -> str:
    """Return the first problem of a validation error as ``path: problem``."""
    first = error.errors(include_url=False, include_input=False)[0]
    path = ".".join(str(part) for part in first["loc"])
    message = str(first["msg"]).removeprefix("Value error, ")
    return f"{path}: {message}" if path else message


@cache
def _defaults() -> _Defaults:
    path = Path(__file__).parent / "defaults.toml"
    return _Defaults.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))


def _dialect(table: _Table, origin: str) -> Dialect:
    defaults = _defaults()
    return Dialect(
        id=table.id,
        title=table.title,
        described_at=table.described_at,
        default_status=table.default_status,
        kind=table.kind,
        labels=tuple(_labels(table)),
        headers=frozenset(fold(text) for text in table.headers),
        identifier_prefixes=tuple({**defaults.identifier_prefixes, **table.identifier_prefixes}.items()),
        statuses=tuple((fold(text), status) for text, status in table.statuses.items()),
        roles=tuple((fold(text), role) for text, role in table.roles.items()),
        blanks=tuple(_blank(each) for each in (*table.blanks, *defaults.blanks)),
        origin=origin,
    )


def _blank(blank: _Blank) -> Blank:
    pattern = blank.pattern if blank.pattern is not None else re.escape(blank.text or "")
    return Blank(pattern=re.compile(pattern, re.IGNORECASE), reason=blank.reason, report=blank.report)


def _labels(table: _Table) -> Iterator[Label]:
    order = 0
    for number, section in enumerate((*_shorthand(table), *table.sections)):
        if section.label:
            yield make_label(
                text=section.label,
                section=number,
                order=order,
                is_section=True,
                aliases=section.aliases,
                hints=section.hints,
                field=section.field,
                role=section.role,
            )
            order += 1
        for row in section.rows:
            yield make_label(
                text=row.label,
                section=number,
                order=order,
                is_section=False,
                aliases=row.aliases,
                hints=row.hints,
                field=row.field,
                role=row.role or section.role,
                required=row.required,
                optional=row.optional,
                repeats=row.repeats,
                preceded_by=row.preceded_by,
                why=row.why,
            )
            order += 1


def _shorthand(table: _Table) -> Iterator[_Section]:
    """Yield the rows of ``[labels]`` and ``[ignored]`` as a section without a label."""
    rows: list[dict[str, Any]] = []
    for label, name in table.labels.items():
        role = _ORGANIZATION_SHORTHANDS.get(name)
        field = Field.ORGANIZATION if role else Field(name)
        rows.append({"label": label, "field": field, "role": role})
    rows += [{"label": label, "field": Field.IGNORED, "why": why} for label, why in table.ignored.items()]
    if rows:
        yield _Section.model_validate({"rows": rows})
