"""Which part of a workbook holds which sheet; told only where python-calamine can't find another one."""

from __future__ import annotations

import html
import posixpath
from typing import TYPE_CHECKING
from urllib.parse import unquote

from termsmith.concepts.strict_xml import parse
from termsmith.concepts.table import UnreadableTableError
from termsmith.sources.zip_parts import read_part

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Mapping

WORKBOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_ROOT_RELATIONS = "_rels/.rels"
_KIND_OF_WORKBOOK = "/officeDocument"


def part_of(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """Return the part that holds a sheet; nothing where it is not told.

    Raises:
        UnreadableTableError: When two could, or what says so is damaged.
    """
    names = _distinct(archive.namelist())
    _no_other_workbook(archive)
    found: dict[str, str] = {}

    def start(name: str, attributes: Mapping[str, str]) -> None:
        if name != "sheet":
            return
        stated = attributes.get("name", "")
        if stated in found:
            raise UnreadableTableError(f"it has two sheets named {stated!r}")
        relations = [value for key, value in attributes.items() if key.endswith(":id")]
        if len(relations) > 1:
            raise UnreadableTableError(f"the sheet {stated!r} has two relations")
        found[stated] = relations[0] if relations else ""

    parse([_read(archive, WORKBOOK)], start)
    target = _targets(archive).get(found.get(sheet, ""), "").removeprefix("/")
    part = target if target.startswith("xl/") else f"xl/{target}"
    return part if part in names else None


def _distinct(names: list[str]) -> frozenset[str]:
    """Return the names of parts, which must not be taken for each other however they are written."""
    seen: set[str] = set()
    for name in names:
        plain = posixpath.normpath(unquote(html.unescape(name)).replace("\\", "/")).lstrip("/").casefold()
        if plain in seen and not name.endswith("/"):
            raise UnreadableTableError(f"it has two parts named {name}")
        seen.add(plain)
    return frozenset(names)


def _no_other_workbook(archive: zipfile.ZipFile) -> None:
    """Refuse an archive that says its workbook is another part than the usual one."""

    def start(name: str, attributes: Mapping[str, str]) -> None:
        target = attributes.get("Target", "").removeprefix("/")
        leads = name == "Relationship" and attributes.get("Type", "").endswith(_KIND_OF_WORKBOOK)
        if leads and posixpath.normpath(target) != WORKBOOK:
            raise UnreadableTableError(f"its workbook is {target}, and not {WORKBOOK}")

    if data := _read(archive, _ROOT_RELATIONS):
        parse([data], start)


def _targets(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return where the workbook's relations lead, by their ids."""
    targets: dict[str, str] = {}

    def start(name: str, attributes: Mapping[str, str]) -> None:
        if name != "Relationship":
            return
        relation = attributes.get("Id", "")
        if relation in targets:
            raise UnreadableTableError(f"it has two relations {relation!r}")
        targets[relation] = attributes.get("Target", "")

    if data := _read(archive, _RELATIONS):
        parse([data], start)
    return targets


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        return read_part(archive, name)
    except KeyError:
        return b""
