"""Sentences that state facts, and what they state."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from termsmith import catalogue
from termsmith.dialects.labels import fold
from termsmith.model.record import IdentifierType, Organization, Role, Stated
from termsmith.model.result import Fate
from termsmith.records.identifiers import PrintedIdentifier
from termsmith.records.marks import Mark
from termsmith.records.syntax import InvalidIdentifierError, parse_oid, parse_uri
from termsmith.records.websites import with_website
from termsmith.records.words import blocks_of, stated_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from termsmith.dialects.guide import Guide, GuideSentence
    from termsmith.dialects.table import Field
    from termsmith.model.finding import Finding
    from termsmith.model.page import Block, Page

LONGEST_SENTENCE = 1_000
"""Characters beyond which a stretch is no sentence; patterns are never tried on more."""
_SENTENCE_BREAK = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"“(\[])")
_LONGEST_NAME = 80
_BETWEEN_NAMES = re.compile(r", and |,? and |, ")
_AROUND_VALUE = "\"'“”‘’<>"
_BEHIND_VALUE = _AROUND_VALUE + ".,;"
_ROLES = {role.value: role for role in Role}


@dataclass(slots=True, eq=False)
class Part:
    """One of several systems on a page."""

    name: Stated[str] | None = None
    """``Part 1``, as other places of the page call it."""
    title: Stated[str] | None = None


@dataclass(slots=True, kw_only=True)
class Facts:
    """What sentences state."""

    names: list[Stated[str]] = dataclasses.field(default_factory=list)
    parts: list[Part] = dataclasses.field(default_factory=list)
    parts_by_name: dict[str, Part] = dataclasses.field(default_factory=dict)
    identifiers: list[tuple[PrintedIdentifier, Part | None]] = dataclasses.field(default_factory=list)
    organizations: list[tuple[Organization, Part | None]] = dataclasses.field(default_factory=list)
    titles: list[Stated[str]] = dataclasses.field(default_factory=list)
    value_sets: list[Stated[str]] = dataclasses.field(default_factory=list)
    constants: dict[str, list[tuple[Stated[str], Part | None]]] = dataclasses.field(default_factory=dict)


class SentenceReader:
    """Looks for a dialect's sentences in the text of one page."""

    def __init__(self, page: Page, guide: Guide) -> None:
        """Take the page that the blocks are on, and the sentences of its dialect."""
        self.page, self.guide = page, guide
        self.facts = Facts()
        self.marks: list[Mark] = []
        self.stray: list[tuple[Block, str]] = []
        self.findings: list[Finding] = []

    def read(self, block: Block, about: Field | None, column: int | None = None) -> bool:
        """Read the facts in a block's sentences; false where there are none."""
        found = False
        for start, end in _sentences_of(self.page.text, block.start, block.end):
            for sentence in self.guide.sentences:
                if sentence.within and about not in sentence.within:
                    continue
                match = sentence.pattern.search(self.page.text[start:end])
                if match is not None:
                    found = True
                    self._read(sentence, match, start, self._part_of(block, column))
                    self._mark_around(match, start)
                    break
        return found

    def _mark_around(self, match: re.Match[str], start: int) -> None:
        """Mark the words that a pattern names around its values: a way of putting them, not a fact."""
        cursor = match.start()
        spans = sorted(match.span(name) for name, text in match.groupdict().items() if text)
        for first, last in (*spans, (match.end(), match.end())):
            if spans and cursor < first:
                self.marks.append(Mark(start + cursor, start + first, Fate.LABEL, "words around a value"))
            cursor = max(cursor, last)

    def _read(self, sentence: GuideSentence, match: re.Match[str], start: int, part: Part | None) -> None:
        for name, value in sentence.states:
            stated = stated_at(self.page, start + match.start(), start + match.end())
            self.facts.constants.setdefault(name, []).append((replace(stated, value=value), part))
        groups = {
            name: stated_at(self.page, start + match.start(name), start + match.end(name))
            for name, text in match.groupdict().items()
            if text
        }
        if "part" in groups:
            part = Part(name=groups["part"], title=groups.get("part_title", groups["part"]))
            self.facts.parts.append(part)
            self.facts.parts_by_name.setdefault(fold(groups["part"].value), part)
        for name, stated in groups.items():
            if name in ("uri", "oid"):
                self._identifier(name, stated, part)
            elif name in _ROLES:
                self._organizations(stated, _ROLES[name], part)
            elif name == "short_name":
                self.facts.names.append(stated)
            elif name == "title":
                self.facts.titles.append(stated)
            elif name == "value_set":
                self.facts.value_sets.append(_bare(stated))

    def _part_of(self, block: Block, column: int | None) -> Part | None:
        """Return the system of several that a block is about: by column, or by the name before a colon."""
        if column is not None:
            while len(self.facts.parts) <= column:
                self.facts.parts.append(Part())
            return self.facts.parts[column]
        before, colon, _ = self.page.text[block.start : block.end][:_LONGEST_NAME].partition(":")
        return self.facts.parts_by_name.get(fold(before)) if colon else None

    def _identifier(self, name: str, stated: Stated[str], part: Part | None) -> None:
        kind = IdentifierType.URI if name == "uri" else IdentifierType.OID
        bare = _bare(stated) if kind is IdentifierType.URI else stated
        try:
            value = parse_uri(bare.value) if kind is IdentifierType.URI else parse_oid(bare.value)
        except InvalidIdentifierError as problem:
            rule = catalogue.NOT_A_URI if kind is IdentifierType.URI else catalogue.NOT_AN_OID
            self.findings.append(rule.found(place=stated.spans[0].place, text=stated.value, problem=problem))
            self.leave_words(stated, "not an identifier")
            return
        printed = PrintedIdentifier(type=kind, value=replace(bare, value=value), canonical=False)
        self.facts.identifiers.append((printed, part))

    def _organizations(self, stated: Stated[str], role: Role, part: Part | None) -> None:
        """Take the organisations that words name: several where links or an article tell them apart."""
        (span,) = stated.spans
        start = span.start or 0
        for first, last in self._names(start, start + len(stated.value)):
            name = stated_at(self.page, first, last)
            organization = Organization(
                name=name, roles=(Stated(value=role, spans=stated.spans, reason="by the words before it"),)
            )
            self.facts.organizations.append((with_website(self.page, organization), part))

    def _names(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        links = self.page.links_in(start, end)
        cursor = start
        for match in _BETWEEN_NAMES.finditer(self.page.text, start, end):
            ends = any(link.end == match.start() for link in links)
            begins = any(link.start == match.end() for link in links)
            article = self.page.text.startswith("The ", match.end())
            if "and" in match[0] and (article or (ends and begins)):
                yield cursor, match.start()
                cursor = match.end()
        yield cursor, end

    def leave_words(self, stated: Stated[str], why: str) -> None:
        """Leave the words of a statement over that nothing can be made of."""
        self.stray += ((block, why) for block in blocks_of(self.page, stated))


def _sentences_of(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the stretches of single sentences."""
    cursor = start
    for match in (*_SENTENCE_BREAK.finditer(text, start, end), None):
        last = match.start() if match is not None else end
        if 0 < last - cursor <= LONGEST_SENTENCE:
            yield cursor, last
        cursor = match.end() if match is not None else end


def _bare(stated: Stated[str]) -> Stated[str]:
    """Return a value without the punctuation of the sentence around it."""
    value = stated.value.lstrip(_AROUND_VALUE).rstrip(_BEHIND_VALUE)
    if value == stated.value:
        return stated
    return replace(stated, value=value, reason="without the punctuation around it")
