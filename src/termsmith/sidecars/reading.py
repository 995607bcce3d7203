"""Reading sidecars (TOML), with every mistake and every value named by its line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Generic, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)

from termsmith import catalogue
from termsmith.concepts.columns import column_of
from termsmith.errors import PageError
from termsmith.model.place import Place
from termsmith.records.dates import InvalidDateError, parse_date
from termsmith.records.syntax import InvalidIdentifierError, parse_oid, parse_uri
from termsmith.sidecars.sidecar import OF_ONE_SYSTEM, Sidecar, SidecarValue
from termsmith.toml.form import of_form
from termsmith.toml.mistakes import mistakes
from termsmith.toml.parsing import NoTomlError, parse_toml
from termsmith.toml.places import Places

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema

    from termsmith.model.finding import Finding

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
T = TypeVar("T")

_LARGEST = 1_000_000
_SYSTEM = "system"
_CONCEPTS = "concepts"


def _uri(text: str) -> str:
    return _checked(parse_uri, text)


def _oid(text: str) -> str:
    return _checked(parse_oid, text)


def _canonical(text: str) -> str:
    _checked(parse_uri, text.partition("|")[0])
    return text


def _checked(parse: Callable[[str], object], text: str) -> str:
    try:
        return str(parse(text))
    except InvalidIdentifierError as problem:
        msg = f"{text!r}: {problem}"
        raise ValueError(msg) from problem


def _role(stated: str) -> str:
    # What has no header may be a property only if that is named; that is seen with the header.
    if column_of(0, "any", stated) is None:
        msg = (
            f"{stated!r} is not known; allowed: code, display, definition, parent, child, level, numbering, "
            "ignored, designation:<language tag>, designation:<language tag>:<system>|<code>, "
            "property:<code>, property:<code>:<type>"
        )
        raise ValueError(msg)
    return stated


_Uri = Annotated[Text, AfterValidator(_uri)]
_Oid = Annotated[Text, AfterValidator(_oid)]
_Canonical = Annotated[Text, AfterValidator(_canonical)]
_Role = Annotated[str, AfterValidator(_role)]
_NAME = r"[A-Z][A-Za-z0-9_]{1,254}"
_ID = r"[A-Za-z0-9\-.]{1,64}"
_Name = Annotated[
    str,
    of_form(_NAME, "name for programs", "a capital letter, then letters, digits or _, 2 to 255 in all"),
]
_Id = Annotated[
    str,
    of_form(_ID, "id", "letters, digits, - and ., at most 64"),
]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class _Reasoned(_Model, Generic[T]):
    value: T
    reason: Text | None = None

    @model_validator(mode="before")
    @classmethod
    def _plain_value(cls, given: Any) -> Any:
        return given if isinstance(given, dict) else {"value": given}

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Describe the value alone as well as the table with value and reason."""
        described = handler.resolve_ref_schema(handler(core_schema))
        whole = dict(described)
        described.clear()
        described["anyOf"] = [whole["properties"]["value"], whole]
        return described


class _Facts(_Model):
    """Facts about one system; every key is optional."""

    title: _Reasoned[Text] | None = None
    short_name: _Reasoned[Text] | None = None
    name: _Reasoned[_Name] | None = None
    id: _Reasoned[_Id] | None = None
    canonical_url: _Reasoned[_Uri] | None = None
    oid: _Reasoned[_Oid] | None = None
    other_urls: _Reasoned[list[_Uri]] | None = None
    other_oids: _Reasoned[list[_Oid]] | None = None
    publisher: _Reasoned[Text] | None = None
    steward: _Reasoned[Text] | None = None
    owner: _Reasoned[Text] | None = None
    website: _Reasoned[Text] | None = None
    email: _Reasoned[Text] | None = None
    phone: _Reasoned[Text] | None = None
    address: _Reasoned[Text] | None = None
    description: _Reasoned[Text] | None = None
    copyright: _Reasoned[Text] | None = None
    usage: _Reasoned[Text] | None = None
    version: _Reasoned[Text] | None = None
    date: _Reasoned[Text] | None = None
    status: _Reasoned[Literal["draft", "active", "retired", "unknown"]] | None = None
    case_sensitive: _Reasoned[bool] | None = None
    kind: _Reasoned[Literal["codesystem", "identifier", "root"]] | None = None
    identifier_type: _Reasoned[Text] | None = None

    @field_validator("date", mode="before")
    @classmethod
    def _toml_date(cls, given: Any) -> Any:
        """Take TOML's own dates as well as strings."""
        if isinstance(given, dict) and hasattr(given.get("value"), "isoformat"):
            return {**given, "value": given["value"].isoformat()}
        return given.isoformat() if hasattr(given, "isoformat") else given

    @field_validator("date", mode="after")
    @classmethod
    def _date(cls, given: _Reasoned[str] | None) -> _Reasoned[str] | None:
        if given is None:
            return None
        try:
            printed = parse_date(given.value)
        except InvalidDateError as problem:
            raise ValueError(str(problem)) from problem
        if printed.end != len(given.value):
            msg = "give a date such as 2020-09-03, 2020-09 or 2020"
            raise ValueError(msg)
        return given.model_copy(update={"value": printed.value})


class _Concepts(_Model):
    """``[concepts]``: where the concepts are, and what the table of them does not say."""

    file: _Reasoned[Text] | None = None
    sheet: _Reasoned[Text] | None = None
    content: _Reasoned[Literal["complete", "fragment", "example"]] | None = None
    hierarchy: _Reasoned[Literal["nested", "parent-child", "as-stated"]] | None = None
    hierarchy_meaning: _Reasoned[Literal["grouped-by", "is-a", "part-of", "classified-with"]] | None = None
    value_set: _Reasoned[_Canonical] | None = None
    all_codes_value_set: _Reasoned[bool] | None = None
    supplements: _Reasoned[_Canonical] | None = None
    count: _Reasoned[Annotated[int, Field(ge=0, le=2**31 - 1)]] | None = None
    heading: _Reasoned[Text] | None = None
    tables: _Reasoned[list[Annotated[int, Field(ge=1)]]] | None = None
    columns: dict[str, _Role] = {}

    @field_validator("columns", mode="after")
    @classmethod
    def _named(cls, given: dict[str, str]) -> dict[str, str]:
        for header, stated in given.items():
            if column_of(0, header, stated) is None:
                msg = f"a column without a header can't be {stated!r}; allowed: property:<code>"
                raise ValueError(msg)
        return given


class _System(_Facts):
    """``[[system]]``: one of several systems of a page."""

    concepts: _Concepts = _Concepts()


class _Sidecar(_Facts):
    concepts: _Concepts = _Concepts()
    system: tuple[_System, ...] = ()

    @field_validator("system", mode="before")
    @classmethod
    def _as_tuple(cls, given: Any) -> Any:
        return tuple(given) if isinstance(given, list) else given


def sidecar_schema() -> dict[str, Any]:
    """Return the JSON Schema of sidecars, for editors."""
    return _Sidecar.model_json_schema()


def read_sidecar(data: bytes, source: str) -> Sidecar:
    """Return what a sidecar says.

    Args:
        data: The TOML file.
        source: Its path as it is to be shown.

    Raises:
        PageError: SID010 for each mistake, when it is no TOML, has unknown keys or values that their keys
            do not allow.
    """
    if len(data) > _LARGEST:
        raise PageError(_invalid(source, 1, "the sidecar is larger than 1 MB"))
    try:
        parsed, text = parse_toml(data)
    except NoTomlError as error:
        place = Place(source=source, line=error.line or 1, column=error.column or 1)
        raise PageError(catalogue.SIDECAR_INVALID.found(place=place, problem=error.problem)) from error
    try:
        model = _Sidecar.model_validate(parsed)
    except ValidationError as error:
        wrong = [_invalid(source, each.line, str(each)) for each in mistakes(error, _Sidecar, text)]
        raise PageError(*wrong) from error
    read = _Reading(Places(text), source)
    concepts = read.values(model.concepts, (_CONCEPTS,))
    if len(model.system) > 1:
        ambiguous = [
            _invalid(
                source,
                value.place.line,
                f"{_CONCEPTS}.{key}: there are several [[system]]; say below [system.concepts] whose it is",
            )
            for key, value in concepts.items()
            if key in OF_ONE_SYSTEM
        ]
        if ambiguous:
            raise PageError(*sorted(ambiguous, key=lambda each: each.place.line if each.place else 0))
    return Sidecar(
        values=read.values(model, ()),
        concepts=concepts,
        columns=dict(model.concepts.columns),
        systems=tuple(read.values(system, (_SYSTEM, number)) for number, system in enumerate(model.system)),
        system_concepts=tuple(
            read.values(system.concepts, (_SYSTEM, number, _CONCEPTS))
            for number, system in enumerate(model.system)
        ),
        system_columns=tuple(dict(system.concepts.columns) for system in model.system),
    )


@dataclass(frozen=True, slots=True)
class _Reading:
    """Takes values out of models, each with the line that states it."""

    places: Places
    source: str

    def values(self, facts: _Model, path: tuple[str | int, ...]) -> dict[str, SidecarValue]:
        """Return the values of the table at a path."""
        values = {}
        for key in type(facts).model_fields:
            given = getattr(facts, key)
            if isinstance(given, _Reasoned):
                at = (*path, key, "value")
                values[key] = SidecarValue(
                    key=key,
                    value=tuple(given.value) if isinstance(given.value, list) else given.value,
                    reason=given.reason,
                    place=Place(source=self.source, line=self.places.line(at), column=1),
                    raw=self.places.raw(at),
                )
        return values


def _invalid(source: str, line: int, problem: str) -> Finding:
    return catalogue.SIDECAR_INVALID.found(place=Place(source=source, line=line, column=1), problem=problem)
