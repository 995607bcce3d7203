"""Text of ours between two marked lines of a user's file; everything else stays as it is, to the byte."""

from __future__ import annotations

import re
from dataclasses import dataclass

from termsmith.outputs.yaml_texts import Texts, depth_of, texts_of

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_SHOWN = 40
"""Characters of a line that a reason shows."""
_COMMENT = re.compile(r"(?:^|(?<=\s))#.*", re.DOTALL)
_PARTS = re.compile(r"[\s\"'\[\]{},]+")


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
    if not section.entries and position is None:
        return text
    whole = texts_of(rest)
    header = _header(rest, section.key, whole)
    if header is None:
        ours = _marked(section.key, section.lines() if section.entries else [])
        if position is None and ours and whole.ends_inside and not rest[-1].endswith("\n"):
            msg = "its last line belongs to a text and has no line end, and the text would get one"
            raise UnmergeableError(msg)
        return "".join(_inserted(rest, len(rest) if position is None else position, ours, 0))
    indent, stated = _stated(rest, header, section.key, whole)
    entries = {key: lines for key, lines in section.entries.items() if key not in stated}
    for key in section.entries.keys() & stated.keys():
        missing = _missing(section.entries[key], _words(stated[key]))
        if missing:
            msg = f"{section.key} has {key} already, without {', '.join(missing)}"
            raise UnmergeableError(msg)
    return "".join(_inserted(rest, header + 1, _marked(section.key, _below(entries)), indent))


def lacks(text: str, section: Section) -> bool:
    """Tell whether a text has something of a section nowhere, in whatever form it is written.

    For files that can't be merged: there, somebody has to put our lines into it by hand.
    """
    words = _words(_LINE.findall(text))
    return any(key not in words or _missing(lines, words) for key, lines in section.entries.items())


def _missing(ours: tuple[str, ...], words: frozenset[str]) -> list[str]:
    """Return the items of a list that are not among words."""
    return [item for line in ours if line.startswith("- ") if (item := _bare(line)) not in words]


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


def _header(lines: list[str], key: str, whole: Texts) -> int | None:
    """Return the line that has a key at the outermost level."""
    significant = [number for number, line in enumerate(lines) if _is_significant(line)]
    if significant and lines[significant[0]].lstrip("\ufeff")[:1] in {"{", "[", "%", "-"}:
        msg = "it is no plain list of keys"
        raise UnmergeableError(msg)
    marks = [number for number, line in enumerate(lines) if line.rstrip() in {"---", "..."}]
    if marks and significant and significant[0] < marks[-1]:
        msg = "it holds several documents"
        raise UnmergeableError(msg)
    found: list[int] = []
    for number in significant:
        line = lines[number].lstrip("\ufeff")
        if line[0] in " \t-" or (number in whole.inner and not line.strip(" \t\r\n]},")):
            continue
        name = _key_of(line, 0)
        if name is None or line[0] in "?:" or number in whole.inner:
            msg = f"{line.strip()[:_SHOWN]!r} stands at the left edge and is no plain key"
            raise UnmergeableError(msg)
        if name == key:
            found.append(number)
    if len(found) > 1:
        msg = f"{key} stands in it twice"
        raise UnmergeableError(msg)
    return found[0] if found else None


def _stated(lines: list[str], header: int, key: str, whole: Texts) -> tuple[int, dict[str, list[str]]]:
    """Return the indentation below a key, and the entries there, each with its lines."""
    if re.sub(r"(^|\s)#.*", "", lines[header].partition(":")[2]).strip():
        msg = f"{key} has its value on its own line"
        raise UnmergeableError(msg)
    block = _block(lines, header)
    if not block:
        return 2, {}
    indent = depth_of(lines[block[0]])
    stated: dict[str, list[str]] = {}
    name = ""
    for number in block:
        line = lines[number]
        found = None if number in whole.inner else _key_of(line, indent)
        if found is not None:
            name = found
            stated[name] = [line.partition(":")[2] if name in line.partition(":")[0] else line]
        elif name and (number in whole.inner or depth_of(line) > indent or line.lstrip(" ").startswith("- ")):
            stated[name].append(line)
        else:
            msg = f"{key} is no table of keys"
            raise UnmergeableError(msg)
    return indent, stated


def _block(lines: list[str], header: int) -> list[int]:
    """Return the lines that belong to a key, without comments."""
    block: list[int] = []
    for number in range(header + 1, len(lines)):
        line = lines[number]
        if not _is_significant(line):
            continue
        if line[0] not in " \t-":
            break
        block.append(number)
    return block


def _key_of(line: str, indent: int) -> str | None:
    found = re.match(rf" {{{indent}}}([\"']?)([^\s#\"'\-{{\[&*!|>%@`][^\n]*?)\1\s*:(?=\s|$)", line)
    return None if found is None else found[2]


def _is_significant(line: str) -> bool:
    stripped = line.strip().lstrip("\ufeff")
    return bool(stripped) and not stripped.startswith("#") and stripped not in {"---", "..."}


def _bare(line: str) -> str:
    """Return an item of a list without dash, quotes and comment."""
    item = line.strip()
    if item.startswith("- "):
        item = item[2:].lstrip()
    if item[:1] in {'"', "'"}:
        end = item.find(item[0], 1)
        return item[1:] if end < 0 else item[1:end]
    return _COMMENT.sub("", item, count=1).rstrip()


def _words(lines: list[str]) -> frozenset[str]:
    """Return what stands in lines of YAML: items as wholes, and what blanks, quotes and brackets part."""
    words: set[str] = set()
    for line in lines:
        if line.lstrip().startswith("#"):
            continue
        words.add(_bare(line))
        words.update(each.removesuffix(":") for each in _PARTS.split(_COMMENT.sub("", line, count=1)))
    return frozenset(words)
