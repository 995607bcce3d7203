"""Fields that have one value: what words mean as that value, and what happens where they come again."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from termsmith import catalogue
from termsmith.dialects.labels import fold
from termsmith.dialects.table import Field
from termsmith.model.record import Stated
from termsmith.model.result import Fate
from termsmith.records.dates import InvalidDateError, parse_date
from termsmith.records.marks import Mark
from termsmith.records.syntax import URI
from termsmith.records.words import span_at, stated_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from termsmith.dialects.table import Dialect
    from termsmith.model.finding import Finding
    from termsmith.model.page import Block, Page
    from termsmith.records.scan import Entry

_BOOLEAN = re.compile(r"\(?(?P<value>true|false|yes|no)\b\)?(?:\s*\(.*\))?\.?", re.IGNORECASE)
_CASE_WORDS = {
    fold(words): value
    for words, value in (
        ("case sensitive", "true"),
        ("sensitive", "true"),
        ("case insensitive", "false"),
        ("insensitive", "false"),
        ("not case sensitive", "false"),
        ("not sensitive", "false"),
    )
}
_MOST_KNOWN = 10
_BOOLEANS = (Field.CASE_SENSITIVE, Field.EXPERIMENTAL)
_URLS = (Field.VALUE_SET, Field.SUPPLEMENTS)
_STATUS_AND_DATE = re.compile(r"(?P<status>[A-Za-z][A-Za-z -]*?)(?:\s+as\s+of\s+(?P<date>\S.*))?")


class SingleValueReader:
    """Gathers the fields of a page that have one value each."""

    def __init__(self, page: Page, dialect: Dialect) -> None:
        """Take the page that the blocks are on and the dialect that it is in."""
        self._page, self._dialect = page, dialect
        self._values: dict[Field, Stated[str]] = {}
        self._unread: dict[Field, Stated[str]] = {}
        self.marks: list[Mark] = []
        self.stray: list[tuple[Block, str]] = []
        self.findings: list[Finding] = []

    def get(self, field: Field) -> Stated[str] | None:
        """Return the value of a field; absent where the page states none."""
        return self._values.get(field)

    def boolean(self, field: Field) -> Stated[bool] | None:
        """Return whether a field is true; absent where the page doesn't say."""
        stated = self._values.get(field)
        return None if stated is None else Stated(value=stated.value in ("true", "yes"), spans=stated.spans)

    @property
    def unread(self) -> tuple[tuple[str, Stated[str]], ...]:
        """What is said of fields of which no value is known, by the field's name."""
        return tuple((field.value, stated) for field, stated in self._unread.items())

    def take(self, entry: Entry, blocks: Sequence[Block]) -> None:
        """Read the value of an entry's field."""
        if not blocks:
            return
        if entry.field is Field.DATE:
            self._date(entry, blocks)
            return
        stated = stated_in(self._page, blocks)
        value = entry.value if entry.value is not None else self._meaning(entry.field, stated.value)
        if entry.field is Field.STATUS and "?" in stated.value:
            value = None  # its editors are not certain
        if value is None:
            self._unread.setdefault(entry.field, stated)
            self._leave(blocks, self._no_known_value(entry))
        elif not value:
            self.marks += (Mark.of(block, Fate.BLANK, "says that there is none") for block in blocks)
        else:
            self._state(entry, blocks, replace(stated, value=value))

    def status_and_date(self, entry: Entry, blocks: Sequence[Block]) -> None:
        """Read ``Active as of 2020-11-03``."""
        for block in blocks:
            found = _STATUS_AND_DATE.fullmatch(self._page.text[block.start : block.end])
            if found is None:
                self._leave([block], f"no known value of {entry.label.text!r}")
                continue
            before_date = found.start("date") if found["date"] else found.end("status")
            before = block._replace(end=block.start + before_date)
            self.marks.append(Mark.of(before, Fate.LABEL, entry.label.text))
            for name, field in (("status", Field.STATUS), ("date", Field.DATE)):
                if found[name]:
                    start = block.start + found.start(name)
                    part = block._replace(start=start, end=start + len(found[name]))
                    self.take(replace(entry, field=field, start=start, blocks=[part]), [part])

    def repeated(self, entry: Entry, blocks: Sequence[Block]) -> None:
        """Report that an entry states another value of a field that has one."""
        place = self._page.place(entry.start)
        self.findings.append(
            catalogue.LABEL_REPEATED.found(place=place, label=entry.label.text, field=entry.field.value)
        )
        self._leave(blocks, f"{entry.label.text!r} is stated before")

    def _no_known_value(self, entry: Entry) -> str:
        """Return why a value is left over: its label, the label's section, and the values that are known."""
        section = next(
            (
                each.text
                for each in self._dialect.labels
                if each.is_section and each.section == entry.label.section and each is not entry.label
            ),
            None,
        )
        within = f" in {section!r}" if section is not None else ""
        meanings = self._dialect.meanings.get(entry.field)
        if entry.field is Field.STATUS and meanings is None:
            known = list(self._dialect.status_words)
        else:
            known = ["TRUE", "FALSE"] if entry.field in _BOOLEANS else []
        listed = f"; known are {', '.join(known[:_MOST_KNOWN])}" if known else ""
        return f"no known value of {entry.label.text!r}{within}{listed}"

    def _meaning(self, field: Field, text: str) -> str | None:
        """Return what printed words mean as a value of a field; nothing when that is not known."""
        meanings = self._dialect.meanings.get(field)
        if meanings is not None:
            found = meanings.get(fold(text))
            return found if found is not None else meanings.get(fold(text.partition(":")[0]))
        if field is Field.STATUS:
            return dict(self._dialect.statuses).get(fold(text))
        if field in _BOOLEANS:
            match = _BOOLEAN.fullmatch(text)
            if match is None and field is Field.CASE_SENSITIVE:
                return _CASE_WORDS.get(fold(text))
            return match["value"].casefold() if match else None
        if field in _URLS:
            url = URI.match(text)
            return url[0].rstrip(".,;") if url is not None else None
        return text

    def _date(self, entry: Entry, blocks: Sequence[Block]) -> None:
        first = blocks[0]
        text = self._page.text[first.start : first.end]
        try:
            printed = parse_date(text, month_first=self._dialect.month_first)
        except InvalidDateError as problem:
            place = self._page.place(first.start)
            self.findings.append(catalogue.DATE_UNREADABLE.found(place=place, text=text, problem=problem))
            self._unread.setdefault(Field.DATE, stated_in(self._page, blocks))
            self._leave(blocks, "no date")
            return
        end = first.start + printed.end
        self._state(
            entry, blocks, Stated(value=printed.value, spans=(span_at(self._page, first.start, end),))
        )
        rest = self._page.text[end : first.end].lstrip(" ,;.-–—")
        if rest:
            self._leave([first._replace(start=first.end - len(rest))], "stands after the date")
        self._leave(blocks[1:], "stands after the date")

    def _state(self, entry: Entry, blocks: Sequence[Block], stated: Stated[str]) -> None:
        """Take the value of a field that has one; the same again is more evidence, another is reported."""
        known = self._values.get(entry.field)
        if known is None:
            self._values[entry.field] = stated
        elif known.value == stated.value:
            self._values[entry.field] = replace(known, spans=known.spans + stated.spans)
        else:
            self.repeated(entry, blocks)

    def _leave(self, blocks: Sequence[Block], why: str) -> None:
        self.stray += ((block, why) for block in blocks)
