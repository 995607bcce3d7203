"""Text of ours between two marked lines of a user's file; everything else stays as it is, to the byte."""

from __future__ import annotations

import re
from dataclasses import dataclass

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_ITEM = re.compile(r"\s*-\s+(.*?)\s*")


class UnmergeableError(ValueError):
    """Why a text can't be merged into a file without risk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A key at the outermost level of a YAML file, and what belongs below it."""

    key: str
    entries: dict[str, tuple[str, ...]]
    """Lines below each key, themselves not indented. Items of a list begin with ``- ``."""

    def lines(self) -> list[str]:
        """Return the section as YAML."""
        return [f"{self.key}:", *(f"  {line}" for line in _below(self.entries))]


def begin_of(name: str) -> str:
    """Return the line before our part."""
    return f"# termsmith: begin of {name} (written by `termsmith build`; edit outside of these lines)"


def end_of(name: str) -> str:
    """Return the line after our part."""
    return f"# termsmith: end of {name}"


def with_lines(text: str, name: str, ours: list[str]) -> str:
    """Return a text with our lines, where they were or else at its end; without any, with none.

    Raises:
        UnmergeableError: When the marked lines are not a pair.
    """
    lines = _LINE.findall(text)
    rest, position = _without(lines, name)
    return "".join(_inserted(rest, len(rest) if position is None else position, _marked(name, ours), 0))


def with_section(text: str, section: Section) -> str:
    """Return a YAML text with a section, below the key where the text has it, or else by itself.

    Entries that the text has already are left out: what people write goes before what we do.

    Raises:
        UnmergeableError: When it can't be told where our lines may go.
    """
    rest, position = _without(_LINE.findall(text), section.key)
    header = _header(rest, section.key)
    if header is None:
        ours = _marked(section.key, section.lines() if section.entries else [])
        return "".join(_inserted(rest, len(rest) if position is None else position, ours, 0))
    indent, stated = _stated(rest, header, section.key)
    entries = {key: lines for key, lines in section.entries.items() if key not in stated}
    for key in section.entries.keys() & stated.keys():
        items = [_bare(line) for line in section.entries[key] if line.startswith("- ")]
        missing = [each for each in items if each not in {_bare(line) for line in stated[key]}]
        if missing:
            msg = f"{section.key} has {key} already, without {', '.join(missing)}"
            raise UnmergeableError(msg)
    return "".join(_inserted(rest, header + 1, _marked(section.key, _below(entries)), indent))


def _below(entries: dict[str, tuple[str, ...]]) -> list[str]:
    return [line for key, lines in entries.items() for line in (f"{key}:", *(f"  {each}" for each in lines))]


def _marked(name: str, ours: list[str]) -> list[str]:
    return [begin_of(name), *ours, end_of(name)] if ours else []


def _without(lines: list[str], name: str) -> tuple[list[str], int | None]:
    """Return the lines that are not ours, and where ours were."""
    begins = [number for number, line in enumerate(lines) if line.strip() == begin_of(name)]
    ends = [number for number, line in enumerate(lines) if line.strip() == end_of(name)]
    if not begins and not ends:
        return lines, None
    if len(begins) != 1 or len(ends) != 1 or ends[0] < begins[0]:
        msg = f"the lines that mark our part of {name} are no pair"
        raise UnmergeableError(msg)
    return [*lines[: begins[0]], *lines[ends[0] + 1 :]], begins[0]


def _inserted(lines: list[str], position: int, ours: list[str], indent: int) -> list[str]:
    if not ours:
        return lines
    newline = "\r\n" if lines and lines[0].endswith("\r\n") else "\n"
    before = lines[:position]
    if before and not before[-1].endswith("\n"):
        before = [*before[:-1], before[-1] + newline]
    return [*before, *(" " * indent + line + newline for line in ours), *lines[position:]]


def _header(lines: list[str], key: str) -> int | None:
    """Return the line that has a key at the outermost level."""
    found = [number for number, line in enumerate(lines) if _key_of(line.lstrip("\ufeff"), 0) == key]
    if len(found) > 1:
        msg = f"{key} stands in it twice"
        raise UnmergeableError(msg)
    significant = [line for line in lines if _is_significant(line)]
    if significant and significant[0].lstrip("\ufeff")[:1] in {"{", "[", "%"}:
        msg = "it is no plain list of keys"
        raise UnmergeableError(msg)
    marks = [number for number, line in enumerate(lines) if line.rstrip() in {"---", "..."}]
    if any(map(_is_significant, lines[: marks[-1]] if marks else ())):
        msg = "it holds several documents"
        raise UnmergeableError(msg)
    return found[0] if found else None


def _stated(lines: list[str], header: int, key: str) -> tuple[int, dict[str, list[str]]]:
    """Return the indentation below a key, and the entries there, each with its lines."""
    if re.sub(r"(^|\s)#.*", "", lines[header].partition(":")[2]).strip():
        msg = f"{key} has its value on its own line"
        raise UnmergeableError(msg)
    block = _block(lines, header)
    if not block:
        return 2, {}
    indent = _depth(block[0])
    stated: dict[str, list[str]] = {}
    name = ""
    for line in block:
        found = _key_of(line, indent)
        if found is not None:
            name = found
            stated[name] = []
        elif name and (_depth(line) > indent or line.lstrip(" ").startswith("- ")):
            stated[name].append(line)
        else:
            msg = f"{key} is no table of keys"
            raise UnmergeableError(msg)
    return indent, stated


def _block(lines: list[str], header: int) -> list[str]:
    """Return the lines that belong to a key, without comments."""
    block: list[str] = []
    for line in filter(_is_significant, lines[header + 1 :]):
        if line[0] not in " \t-":
            break
        block.append(line)
    return block


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _key_of(line: str, indent: int) -> str | None:
    found = re.match(rf" {{{indent}}}([\"']?)([^\s#\"'\-{{\[&*!|>%@`][^\n]*?)\1\s*:(?=\s|$)", line)
    return None if found is None else found[2]


def _is_significant(line: str) -> bool:
    stripped = line.strip().lstrip("\ufeff")
    return bool(stripped) and not stripped.startswith("#") and stripped not in {"---", "..."}


def _bare(line: str) -> str:
    """Return an item of a list without dash and quotes."""
    found = _ITEM.fullmatch(line)
    return (found[1] if found else line.strip()).strip("\"'")
