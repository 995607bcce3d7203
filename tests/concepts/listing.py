"""Code lists of tables that are written in tests."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from termsmith.concepts.code_list import CodeList, ListOptions, code_list
from termsmith.concepts.csv_table import read_csv_table
from termsmith.concepts.hierarchy import Hierarchy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from termsmith.concepts.table import CodeTable


def table(text: str | bytes, stated: Mapping[str, str] | None = None) -> CodeTable:
    """Return the code table of a text file."""
    data = text.encode() if isinstance(text, str) else text
    found = read_csv_table(lambda: io.BytesIO(data), "codes.csv", stated)
    assert found is not None, "no code table"
    return found


def listed(
    text: str | bytes,
    hierarchy: str = "as-stated",
    stated: Mapping[str, str] | None = None,
    *,
    case_sensitive: bool = True,
) -> CodeList:
    """Return the code list of a text file."""
    options = ListOptions(hierarchy=Hierarchy(hierarchy), case_sensitive=case_sensitive)
    return code_list([table(text, stated)], options)


def concepts(code_list_: CodeList) -> list[dict[str, Any]]:
    """Return all concepts."""
    return [concept for chunk in code_list_.concepts() for concept in chunk]


def nesting(given: list[dict[str, Any]]) -> list[Any]:
    """Return codes only, those below one in a list behind it."""
    made: list[Any] = []
    for each in given:
        made.append(each["code"])
        if "concept" in each:
            made.append(nesting(each["concept"]))
    return made


def told(code_list_: CodeList) -> list[tuple[str, int | None]]:
    """Return codes and lines of the findings, without how the table was read and what content is."""
    return [
        (each.code, each.place.line if each.place is not None else None)
        for each in code_list_.findings
        if each.code not in {"TAB001", "TAB002"}
    ]


def messages(code_list_: CodeList) -> str:
    """Return what the findings say, one a line."""
    return "\n".join(f"{each.code} {each.message}" for each in code_list_.findings)
