"""Reading sidecars (TOML), with every mistake and every value named by its line."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Annotated, Any, Generic, Literal, TypeVar

from pydantic import (
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

if TYPE_CHECKING:
    from pydantic import GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
T = TypeVar("T")

_LARGEST = 1_000_000
_HEADER = re.compile(r"\s*(?P<list>\[\[|\[)\s*(?P<key>[A-Za-z_][\w.]*)\s*\]{1,2}")
_KEY = re.compile(r"\s*(?P<table>concepts\s*\.\s*)?(?P<key>[A-Za-z_]\w*)\s*(?:\.\s*value\s*)?=")
_SYSTEM = "system"
_CONCEPTS = "concepts"


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
    name: _Reasoned[Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Za-z0-9_]{1,254}$")]] | None = None
    id: _Reasoned[Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9\-.]{1,64}$")]] | None = None
    canonical_url: _Reasoned[Text] | None = None
    oid: _Reasoned[Text] | None = None
    other_urls: _Reasoned[list[Text]] | None = None
    other_oids: _Reasoned[list[Text]] | None = None
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

    @field_validator("canonical_url", mode="after")
    @classmethod
    def _uri(cls, given: _Reasoned[str] | None) -> _Reasoned[str] | None:
        return given and given.model_copy(update={"value": _checked(parse_uri, given.value)})

    @field_validator("oid", mode="after")
    @classmethod
    def _oid(cls, given: _Reasoned[str] | None) -> _Reasoned[str] | None:
        return given and given.model_copy(update={"value": _checked(parse_oid, given.value)})

    @field_validator("other_urls", mode="after")
    @classmethod
    def _uris(cls, given: _Reasoned[list[str]] | None) -> _Reasoned[list[str]] | None:
        return given and given.model_copy(update={"value": [_checked(parse_uri, v) for v in given.value]})

    @field_validator("other_oids", mode="after")
    @classmethod
    def _oids(cls, given: _Reasoned[list[str]] | None) -> _Reasoned[list[str]] | None:
        return given and given.model_copy(update={"value": [_checked(parse_oid, v) for v in given.value]})

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
    value_set: _Reasoned[Text] | None = None
    all_codes_value_set: _Reasoned[bool] | None = None
    supplements: _Reasoned[Text] | None = None
    count: _Reasoned[Annotated[int, Field(ge=0, le=2**31 - 1)]] | None = None
    heading: _Reasoned[Text] | None = None
    tables: _Reasoned[list[Annotated[int, Field(ge=1)]]] | None = None
    columns: dict[str, str] = {}

    @field_validator("value_set", "supplements", mode="after")
    @classmethod
    def _canonical(cls, given: _Reasoned[str] | None) -> _Reasoned[str] | None:
        if given is not None:
            _checked(parse_uri, given.value.partition("|")[0])
        return given

    @field_validator("columns", mode="after")
    @classmethod
    def _roles(cls, given: dict[str, str]) -> dict[str, str]:
        for header, stated in given.items():
            if column_of(0, header, stated) is None:
                msg = (
                    f"{header!r} = {stated!r}; allowed: code, display, definition, parent, child, level, "
                    "numbering, ignored, designation:<language tag>, "
                    "designation:<language tag>:<system>|<code>, property:<code>, property:<code>:<type>"
                )
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
        PageError: SID010, when it is no TOML, has an unknown key or a value that its key does not allow.
    """
    if len(data) > _LARGEST:
        raise _invalid(source, 1, "the sidecar is larger than 1 MB")
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
        parsed = tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise _invalid(source, 1, "the sidecar is not UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        raise _invalid(source, int(line[1]) if line else 1, f"no valid TOML: {error}") from error
    except RecursionError as error:
        raise _invalid(source, 1, "nested too deeply") from error
    lines = _Lines(text, source)
    try:
        model = _Sidecar.model_validate(parsed)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        path = [part for part in first["loc"] if part != "value"]
        number = int(path[1]) if path[:1] == [_SYSTEM] and len(path) > 1 else None
        key = str(path[-1] if number is None or len(path) > 2 else _SYSTEM) if path else ""  # noqa: PLR2004
        message = str(first["msg"]).removeprefix("Value error, ")
        if first["type"] == "extra_forbidden":
            known = _Concepts if _CONCEPTS in path[:-1] else _Facts
            others = "" if known is _Concepts else ", [concepts] and [[system]]"
            message = f"unknown key; known are {', '.join(sorted(known.model_fields))}{others}"
        place, _ = lines.of(str(path[0]) if number is None and path else key, number)
        raise PageError(
            catalogue.SIDECAR_INVALID.found(place=place, problem=f"{'.'.join(map(str, path))}: {message}")
        ) from error
    concepts = _values(model.concepts, lines, None, prefix=f"{_CONCEPTS}.")
    if len(model.system) > 1:
        for key in sorted(OF_ONE_SYSTEM & concepts.keys()):
            problem = f"concepts.{key}: there are several [[system]]; say below [system.concepts] whose it is"
            raise PageError(catalogue.SIDECAR_INVALID.found(place=concepts[key].place, problem=problem))
    return Sidecar(
        values=_values(model, lines, None),
        concepts=concepts,
        columns=dict(model.concepts.columns),
        systems=tuple(_values(system, lines, number) for number, system in enumerate(model.system)),
        system_concepts=tuple(
            _values(system.concepts, lines, number, prefix=f"{_CONCEPTS}.")
            for number, system in enumerate(model.system)
        ),
        system_columns=tuple(dict(system.concepts.columns) for system in model.system),
    )


def _values(facts: _Model, lines: _Lines, system: int | None, prefix: str = "") -> dict[str, SidecarValue]:
    values = {}
    for key in type(facts).model_fields if isinstance(facts, _Concepts) else _Facts.model_fields:
        given = getattr(facts, key)
        if isinstance(given, _Reasoned):
            place, raw = lines.of(f"{prefix}{key}", system)
            value = tuple(given.value) if isinstance(given.value, list) else given.value
            values[key] = SidecarValue(key=key, value=value, reason=given.reason, place=place, raw=raw)
    return values


class _Lines:
    """Finds the line that states a key; `tomllib` does not tell."""

    def __init__(self, text: str, source: str) -> None:
        self._source = source
        self._found: dict[tuple[str, int | None], tuple[int, str]] = {}
        table: str | None = None
        system: int | None = None
        for number, line in enumerate(text.split("\n"), start=1):
            header = _HEADER.match(line)
            if header is not None:
                first, _, rest = header["key"].partition(".")
                if first == _SYSTEM:
                    if header["list"] == "[[":
                        system = 0 if system is None else system + 1
                    table = rest or None
                    self._found.setdefault((rest or _SYSTEM, system), (number, line.strip()))
                else:
                    table, system = (header["key"] if first == _CONCEPTS else first), None
                    self._found.setdefault((table, None), (number, line.strip()))
                continue
            key = _KEY.match(line)
            if key is None:
                continue
            if table == _CONCEPTS or (key["table"] and table is None):
                self._found.setdefault((f"{_CONCEPTS}.{key['key']}", system), (number, line.strip()))
            elif table is None:
                self._found.setdefault((key["key"], system), (number, line.strip()))
            elif key["key"] == "value":
                self._found[table, system] = (number, line.strip())

    def of(self, key: str, system: int | None) -> tuple[Place, str]:
        """Return where a key is stated, in the file or in its n-th ``[[system]]``, and the line."""
        line, raw = self._found.get((key, system), (1, key))
        return Place(source=self._source, line=line, column=1), raw


def _checked(parse: Any, text: str) -> str:
    try:
        return str(parse(text))
    except InvalidIdentifierError as problem:
        msg = f"{text!r}: {problem}"
        raise ValueError(msg) from problem


def _invalid(source: str, line: int, problem: str) -> PageError:
    place = Place(source=source, line=line, column=1)
    return PageError(catalogue.SIDECAR_INVALID.found(place=place, problem=problem))
