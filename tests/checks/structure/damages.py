"""Resources with random damages, to compare two ways of looking at them."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from checks.samples import code_system, naming_system

if TYPE_CHECKING:
    from collections.abc import Iterator

WRONG: tuple[Any, ...] = (
    None, True, False, 0, -1, 7, 2**31, 1.5, "", " ", "x", "Ä b", "2024-13-45", "2024-01", "true", "1", "a\tb",
    "http://x.example/a b", [], {}, [None], [{}], ["x"], {"x": 1}, {"value": "x"}, [["x"]], [{"code": "a"}], "x" * 70,
)  # fmt: skip
RICH: dict[str, Any] = {
    "code": "G",
    "display": "Green",
    "definition": "Not fermented.",
    "designation": [
        {"language": "fr", "use": {"system": "https://tea.example.net/use", "code": "s"}, "value": "Vert"}
    ],
    "property": [
        {"code": "inactive", "valueBoolean": True},
        {"code": "steep", "valueInteger": 3},
        {"code": "since", "valueDateTime": "2020-01-01"},
        {"code": "like", "valueCoding": {"system": "https://tea.example.net/grades", "code": "P"}},
        {"code": "water", "valueDecimal": 1.5},
        {"code": "note", "valueString": "soft"},
        {"code": "near", "valueCode": "P"},
    ],
    "concept": [{"code": "G1", "display": "Green 1", "concept": [{"code": "G11", "display": "Green 11"}]}],
}
NAMES = ("code", "display", "concept", "property", "designation", "value", "valueCode", "valueString", "extra", "_code", "id", "type", "uri")  # fmt: skip


def sound(kind: str, version: str) -> dict[str, Any]:
    """Return a resource without fault, with concepts of all shapes."""
    if kind == "NamingSystem":
        return naming_system(version)
    resource = code_system(count=6)
    resource["concept"].append(copy.deepcopy(RICH))
    return resource


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the paths of all values below a value."""
    items: Any = value.items() if isinstance(value, dict) else enumerate(value)
    for step, inner in items:
        yield (*path, step)
        if isinstance(inner, dict | list):
            yield from places(inner, (*path, step))


@st.composite
def damaged(draw: st.DrawFn, kind: str, version: str, *, most: int = 1) -> dict[str, Any]:
    """Return a resource with one to ``most`` damages; its resourceType stays."""
    resource = sound(kind, version)
    for _ in range(draw(st.integers(1, most))):
        at = [path for path in places(resource) if path != ("resourceType",)]
        *around, last = draw(st.sampled_from(at))
        inside: Any = resource
        for step in around:
            inside = inside[step]
        match draw(st.sampled_from(("remove", "replace", "add", "rename", "list", "double"))):
            case "remove":
                del inside[last]
            case "replace":
                inside[last] = copy.deepcopy(draw(st.sampled_from(WRONG)))
            case "list":
                inside[last] = [inside[last]]
            case "double" if isinstance(inside, list):
                inside.append(copy.deepcopy(inside[last]))
            case "rename" if isinstance(inside, dict):
                inside[draw(st.sampled_from(NAMES))] = inside.pop(last)
            case _ if isinstance(inside, dict):
                inside[draw(st.sampled_from(NAMES))] = copy.deepcopy(draw(st.sampled_from(WRONG)))
            case _:
                inside.append(copy.deepcopy(draw(st.sampled_from(WRONG))))
    return resource
