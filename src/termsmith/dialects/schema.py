"""What a dialect table may say, checked key by key. Only tables of users need it: tests check our own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    StringConstraints,
    ValidationError,
    model_validator,
)
from pydantic import Field as Constraint

from termsmith.dialects.guide import CHAPTER_FIELDS, CONSTANTS, FACTS
from termsmith.dialects.labels import fold
from termsmith.dialects.lists import IDENTIFIERS, NAMES
from termsmith.dialects.table import Field, Report
from termsmith.errors import SettingsError
from termsmith.model.record import Role
from termsmith.toml.form import of_form
from termsmith.toml.mistakes import mistakes

if TYPE_CHECKING:
    from collections.abc import Iterable

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Status = Literal["draft", "active", "retired", "unknown"]

_ROLES = {role.value: role for role in Role}


def _foldable(text: str) -> str:
    if not fold(text):
        msg = (
            f"{text!r} has no letter and no digit; allowed: a label with at least one, as nothing else counts"
        )
        raise ValueError(msg)
    return text


def _foldable_if_any(text: str) -> str:
    return text and _foldable(text)


_LabelText = Annotated[Text, AfterValidator(_foldable)]


def _one_of(names: Iterable[str]) -> AfterValidator:
    """Return the validator of texts that are some of these."""
    allowed = frozenset(names)

    def known(text: str) -> str:
        if text not in allowed:
            listed = ", ".join(each or '""' for each in sorted(allowed))
            msg = f"{text!r} is not known; allowed: {listed}"
            raise ValueError(msg)
        return text

    return AfterValidator(known)


_FieldOrRole = Annotated[
    str, _one_of({*(each.value for each in Field if each is not Field.IGNORED), *_ROLES})
]
_FieldOrNothing = Annotated[str, _one_of({"", *(each.value for each in Field)})]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Row(_Model):
    label: _LabelText
    aliases: tuple[_LabelText, ...] = ()
    hints: tuple[Text, ...] = ()
    field: Field
    role: Role | None = None
    required: bool = False
    optional: bool = False
    repeats: bool = False
    one_line: bool = False
    preceded_by: Field | None = None
    why: Text | None = None

    @model_validator(mode="after")
    def _ignored_says_why(self) -> _Row:
        if (self.field is Field.IGNORED) != (self.why is not None):
            msg = 'field "ignored" needs `why`, and only that field has it'
            raise ValueError(msg)
        return self


class _Section(_Model):
    label: Annotated[str, AfterValidator(_foldable_if_any)] = ""
    aliases: tuple[_LabelText, ...] = ()
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
            _compiled(self.pattern)
        return self


class _Column(_Model):
    header: Text
    aliases: tuple[Text, ...] = ()
    field: Field
    role: Role | None = None
    lines: dict[Text, Field] = {}
    optional: bool = False
    why: Text | None = None

    @model_validator(mode="after")
    def _ignored_says_why(self) -> _Column:
        if (self.field is Field.IGNORED) != (self.why is not None):
            msg = 'field "ignored" needs `why`, and only that field has it'
            raise ValueError(msg)
        if Field.IGNORED in self.lines.values():
            msg = '`lines` take no "ignored"; what no element takes is "left_over"'
            raise ValueError(msg)
        return self


class _List(_Model):
    columns: tuple[_Column, ...]

    @model_validator(mode="after")
    def _says_what_a_row_is(self) -> _List:
        fields = {field for c in self.columns if not c.optional for field in (c.field, *c.lines.values())}
        if not fields & NAMES or not fields & IDENTIFIERS:
            msg = "a list needs a column that is never missing for names, and one for identifiers"
            raise ValueError(msg)
        return self


def _pattern(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        msg = f"no regular expression: {error}"
        raise ValueError(msg) from error
    return value


Pattern = Annotated[Text, AfterValidator(_pattern)]


class _Chapter(_Model):
    heading: Pattern
    field: Field

    @model_validator(mode="after")
    def _known(self) -> _Chapter:
        if self.field not in CHAPTER_FIELDS:
            names = ", ".join(sorted(field.value for field in CHAPTER_FIELDS))
            msg = f"a chapter is about one of {names}"
            raise ValueError(msg)
        return self


class _GuideSentence(_Model):
    pattern: Pattern
    within: tuple[Field, ...] = ()
    states: dict[str, str] = {}

    @model_validator(mode="after")
    def _states_something(self) -> _GuideSentence:
        groups = set(re.compile(self.pattern).groupindex)
        if groups - FACTS:
            msg = f"named groups are some of {', '.join(sorted(FACTS))}; not {min(groups - FACTS)!r}"
            raise ValueError(msg)
        if not groups and not self.states:
            msg = "a sentence needs a named group or `states`"
            raise ValueError(msg)
        for fact, value in self.states.items():
            if value not in CONSTANTS.get(fact, ()):
                msg = f"`states` takes no {fact} = {value!r}"
                raise ValueError(msg)
        return self


def _compiled(pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern)
    except re.error as error:
        msg = f"{pattern!r} is no regular expression: {error}"
        raise ValueError(msg) from error


class _Sentence(_Model):
    pattern: Text
    states: dict[Field, Text] = {}
    why: Text | None = None

    @model_validator(mode="after")
    def _groups_are_fields(self) -> _Sentence:
        known = {field.value for field in Field}
        if (Field.IGNORED.value in _compiled(self.pattern).groupindex) != (self.why is not None):
            msg = "a sentence with a group `ignored` needs `why`, and only such a one has it"
            raise ValueError(msg)
        for group in _compiled(self.pattern).groupindex:
            if group not in known:
                msg = f"the group {group!r} of `pattern` is not one of {', '.join(sorted(known))}"
                raise ValueError(msg)
        return self


class _Guide(_Model):
    chapters: tuple[_Chapter, ...] = ()
    sentences: tuple[_GuideSentence, ...] = ()
    pointers: tuple[Pattern, ...] = ()
    filter_rows: dict[Text, Literal["code", "description", "operators", "value", "comment"]] = {}
    property_columns: dict[Text, Literal["code", "uri", "type", "description"]] = {}


class _TableKind(_Model):
    title: Text
    columns: dict[Text, _FieldOrNothing] = {}
    needs: Annotated[tuple[Text, ...], Constraint(min_length=1)]
    others: bool = False
    why: Text | None = None
    values: dict[Text, tuple[str, ...]] = {}


_Prefixes = dict[Text, Literal["oid", "uri", "canonical_uri", "other"]]


class _Table(_Model):
    id: Annotated[str, of_form(r"[A-Za-z0-9_-]{1,32}", "id", "letters, digits, - and _, at most 32")]
    title: Text
    described_at: Text | None = None
    default_status: Status = "draft"
    kind: Literal["codesystem", "identifier", "root"] = "codesystem"
    headers: tuple[Text, ...] = ()
    labels: dict[_LabelText, _FieldOrRole] = {}
    ignored: dict[_LabelText, Text] = {}
    sections: tuple[_Section, ...] = ()
    identifier_prefixes: _Prefixes = {}
    statuses: dict[Text, Status] = {}
    roles: dict[Text, Role] = {}
    blanks: tuple[_Blank, ...] = ()
    lists: tuple[_List, ...] = ()
    reservations: tuple[Text, ...] = ()
    guide: _Guide | None = None
    needs: tuple[Text, ...] = ()
    unless: tuple[Text, ...] = ()
    sentences: tuple[_Sentence, ...] = ()
    tables: tuple[_TableKind, ...] = ()
    values: dict[Field, dict[Text, str]] = {}
    any_order: bool = False
    values_in_label_cells: bool = False
    loose_text: Field | None = None
    month_first: bool = False

    @model_validator(mode="after")
    def _has_patterns(self) -> _Table:
        for pattern in (*self.needs, *self.unless):
            _compiled(pattern)
        return self

    @model_validator(mode="after")
    def _has_labels(self) -> _Table:
        if not self.labels and not self.sections and not self.lists:
            msg = "a dialect needs [labels], [[sections]] or [[lists]]"
            raise ValueError(msg)
        return self


def checked(table: dict[str, Any], text: str, source: str) -> dict[str, Any]:
    """Return a table as it is, once it is known to be right.

    Args:
        table: What the file states.
        text: The file.
        source: Its path, for messages.

    Raises:
        SettingsError: SET011, when keys or values are wrong, naming the line of each.
    """
    try:
        _Table.model_validate(table)
    except ValidationError as error:
        raise SettingsError(
            "SET011",
            "\n".join(each.told(source) for each in mistakes(error, _Table, text)),
            "The documentation of dialect tables lists all keys and fields.",
        ) from error
    return table
