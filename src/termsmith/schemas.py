"""JSON Schemas of the files that people write, for their editors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def _config() -> dict[str, Any]:
    from termsmith.settings_file import SettingsTable  # noqa: PLC0415  pydantic

    return SettingsTable.model_json_schema()


def _sidecar() -> dict[str, Any]:
    from termsmith.sidecars.described import KEYS, KEYS_OF_CONCEPTS  # noqa: PLC0415  only for sidecars
    from termsmith.sidecars.reading import sidecar_schema  # noqa: PLC0415  pydantic

    made = sidecar_schema()
    for name, model in made["$defs"].items():
        described = KEYS_OF_CONCEPTS if name == "_Concepts" else KEYS
        _describe(model.get("properties", {}), described)
    _describe(made["properties"], KEYS)
    return made


def _describe(properties: Mapping[str, dict[str, Any]], described: Mapping[str, str]) -> None:
    for key in properties.keys() & described.keys():
        properties[key]["description"] = described[key]


_TITLES = {"config": "termsmith.toml", "sidecar": "Sidecar of a page"}
_MADE_BY: Mapping[str, Callable[[], dict[str, Any]]] = {"config": _config, "sidecar": _sidecar}
SCHEMAS = tuple(_MADE_BY)
"""Names of the files that have a schema."""


def schema_of(name: str) -> dict[str, Any]:
    """Return the JSON Schema of a kind of file, one of `SCHEMAS`."""
    made = _MADE_BY[name]()
    definitions = made.pop("$defs")
    return {"$schema": _DIALECT, "title": _TITLES[name], **_plain(made, definitions)}


def _plain(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> dict[str, Any]:
    """Return a schema as people read it: no references, no null as TOML has none, no titles."""
    whole = schema.get("allOf", ())
    if len(whole) == 1:  # how pydantic before 2.9 puts words beside a reference
        schema = {**whole[0], **{key: value for key, value in schema.items() if key != "allOf"}}
    if "$ref" in schema:
        referred = definitions[str(schema["$ref"]).rpartition("/")[2]]
        schema = {**referred, **{key: value for key, value in schema.items() if key != "$ref"}}
    kept: dict[str, Any] = {}
    for key, value in schema.items():
        if key == "properties":
            kept[key] = {name: _plain(each, definitions) for name, each in value.items()}
        elif key == "anyOf":
            kinds = [_plain(each, definitions) for each in value if each != {"type": "null"}]
            kept |= kinds[0] if len(kinds) == 1 else {key: kinds}
        elif key in {"items", "additionalProperties", "propertyNames"} and isinstance(value, dict):
            kept[key] = _plain(value, definitions)
        elif key == "default" and not isinstance(value, (str, bool, int)):
            continue
        elif key != "title":
            kept[key] = value
    own = schema.get("description")
    # Editors show descriptions as they are, not as Python's documentation renders them.
    return kept if own is None else {**kept, "description": str(own).replace("``", "`")}
