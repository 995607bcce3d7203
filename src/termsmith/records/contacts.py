"""Organisations and how to reach them, as pages print them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from termsmith import catalogue
from termsmith.dialects.labels import fold
from termsmith.dialects.table import Field
from termsmith.model.record import Organization, Role, Stated, Telecom
from termsmith.model.result import Fate
from termsmith.records.marks import Mark
from termsmith.records.prose import goes_on
from termsmith.records.words import span_at, stated_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from termsmith.dialects.table import Dialect
    from termsmith.model.finding import Finding
    from termsmith.model.page import Block, Page

_EMAIL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)+")
_URL = re.compile(r"(?:https?://|www\.)[^\s<>\"]+", re.IGNORECASE)
_PHONE = re.compile(r"\+?[(\d][\d\s().\-/‑–]{5,}\d(?:\s?(?:ext\.?|x)\s?\d{1,6})?")
_FEWEST_DIGITS, _MOST_DIGITS = 7, 17
_PREFIX = re.compile(
    r"(?P<kind>web ?site|web|url|home ?page|e-?mail(?: address)?"
    r"|phone(?: number)?|tel(?:ephone)?|mobile|fax(?: number)?)"
    r"[\s.]*[:\-–.]\s*",
    re.IGNORECASE,
)
_ABSOLUTE = re.compile(r"https?://", re.IGNORECASE)
_TAILS = (_EMAIL, _URL, _PREFIX)
_AROUND = " ,;:(–—-"
_CONNECTIVE = re.compile(r"[\s,;/|•·()\[\]]*(?:and|or|und|et|&)?[\s,;/|•·()\[\].]*", re.IGNORECASE)
_SYSTEMS = {
    "w": "url",
    "u": "url",
    "h": "url",
    "e": "email",
    "p": "phone",
    "t": "phone",
    "m": "phone",
    "f": "fax",
}
_ORDER = ("url", "email", "phone", "fax")
_EXPECTED = {"url": "web address", "email": "e-mail address", "phone": "phone number", "fax": "fax number"}
_FIELD_SYSTEMS = {Field.WEBSITE: "url", Field.EMAIL: "email", Field.PHONE: "phone", Field.FAX: "fax"}


@dataclass(slots=True, kw_only=True)
class _Draft:
    """An organisation while its rows are read."""

    name: Stated[str] | None = None
    roles: list[Stated[Role]] = field(default_factory=list)
    details: list[Stated[str]] = field(default_factory=list)
    telecoms: list[Telecom] = field(default_factory=list)


class ContactReader:
    """Gathers the organisations of a page from their cells or rows."""

    def __init__(self, page: Page, dialect: Dialect) -> None:
        """Take the page that the blocks are on and the dialect that it is in."""
        self._page = page
        self._roles = dialect.roles
        self._drafts: list[_Draft] = []
        self.marks: list[Mark] = []
        self.stray: list[tuple[Block, str]] = []
        self.findings: list[Finding] = []

    def cell(self, blocks: Sequence[Block], role: Role | None) -> None:
        """Read a cell with name, people, address, phone, e-mail and website of one organisation."""
        draft = self._start(role)
        for block in blocks:
            end = self._telecom_tail(draft, block)
            if end <= block.start:
                continue
            stated = self._stated(block.start, end, strip=",;")
            if draft.name is None:
                draft.name = stated
            else:
                draft.details.append(stated)

    def name(self, blocks: Sequence[Block], role: Role | None) -> None:
        """Start an organisation whose further rows follow; without blocks it has no name."""
        draft = self._start(role)
        if not blocks:
            return
        first = self._stated(blocks[0].start, blocks[0].end, strip="")
        spans = [first.spans[0]]
        text = first.value
        apart = 0
        for block in blocks[1:]:
            more = self._stated(block.start, block.end, strip="")
            if not goes_on(text, more.value):
                apart += 1
            text += " " + more.value
            spans += more.spans
        draft.name = Stated(value=text.rstrip(",; "), spans=tuple(spans))
        if apart:
            place = self._page.place(blocks[0].start)
            self.findings.append(
                catalogue.NAME_JOINED.found(place=place, lines=len(blocks), text=draft.name.value)
            )

    def roles(self, blocks: Sequence[Block]) -> None:
        """Read the roles of the organisation at hand; a person behind a role stays in the contact."""
        draft = self._current()
        for block in blocks:
            text = self._page.text[block.start : block.end]
            folded = fold(text)
            for printed, role in self._roles:
                if folded.startswith(printed):
                    end = self._end_of_role(block, printed)
                    draft.roles.append(Stated(value=role, spans=(span_at(self._page, block.start, end),)))
                    person = self._page.text[end : block.end].strip(" -–—:,")
                    if person:
                        start = self._page.text.index(person, end)
                        self._connective(end, start)
                        draft.details.append(self._stated(start, start + len(person), strip=","))
                    break
            else:
                self.stray.append((block, "not a known role"))

    def telecom(self, blocks: Sequence[Block], kind: Field, label: str) -> None:
        """Read a website, e-mail, phone or fax row of the organisation at hand."""
        draft = self._current()
        system = _FIELD_SYSTEMS[kind]
        for block in blocks:
            text = self._page.text[block.start : block.end]
            found = self._telecoms_in(block, text, system) or self._linked(block, system)
            if not found:
                self._odd(block, label, text, system)
                draft.telecoms.append(
                    Telecom(system=system, value=self._stated(block.start, block.end, strip=""))
                )
                continue
            for telecom in found:
                if telecom.system != system:
                    self._odd(block, label, text, system)
            draft.telecoms += found

    def address(self, blocks: Sequence[Block]) -> None:
        """Read an address row of the organisation at hand."""
        draft = self._current()
        draft.details += [self._stated(block.start, block.end, strip=",;") for block in blocks]

    def organizations(self) -> tuple[Organization, ...]:
        """Return the distinct organisations in page order; what has no organisation becomes stray."""
        merged: dict[str, Organization] = {}
        for draft in self._drafts:
            if draft.name is None:
                self._without_name(draft)
                continue
            key = fold(draft.name.value) or draft.name.value
            organization = Organization(
                name=draft.name,
                roles=tuple(draft.roles),
                details=tuple(draft.details),
                telecoms=tuple(draft.telecoms),
            )
            merged[key] = _merge(merged[key], organization) if key in merged else organization
        return tuple(
            replace(each, telecoms=tuple(sorted(each.telecoms, key=lambda t: _ORDER.index(t.system))))
            for each in merged.values()
        )

    def _without_name(self, draft: _Draft) -> None:
        spans = [s for stated in draft.details for s in stated.spans]
        spans += [s for telecom in draft.telecoms for s in telecom.value.spans]
        spans += [s for role in draft.roles for s in role.spans]
        for span in spans:
            block = self._page.block_at(span.start) if span.start is not None else None
            if block is not None and span.start is not None and span.end is not None:
                piece = block._replace(start=span.start, end=span.end)
                self.stray.append((piece, "belongs to an organisation without a name"))

    def _start(self, role: Role | None) -> _Draft:
        draft = _Draft()
        if role is not None:
            draft.roles.append(Stated(value=role, reason="by the label it stands under"))
        self._drafts.append(draft)
        return draft

    def _current(self) -> _Draft:
        if not self._drafts:
            return self._start(None)
        return self._drafts[-1]

    def _telecom_tail(self, draft: _Draft, block: Block) -> int:
        """Read the ways to reach the organisation at the end of a line; return where they start."""
        text = self._page.text[block.start : block.end]
        starts = [0, *sorted(match.start() for pattern in _TAILS for match in pattern.finditer(text))]
        for start in dict.fromkeys(starts):
            found = self._telecoms_in(block._replace(start=block.start + start), text[start:], "phone")
            if found:
                draft.telecoms += found
                kept = text[:start].rstrip(_AROUND)
                self._connective(block.start + len(kept), block.start + start)
                return block.start + len(kept)
        return block.end

    def _telecoms_in(self, block: Block, text: str, expected: str) -> list[Telecom]:
        """Return all ways to reach someone when a text holds nothing else; else nothing."""
        spans: list[tuple[int, int, str, int]] = []
        cursor = 0
        while cursor < len(text):
            start, system = cursor, expected if expected in ("phone", "fax") else "phone"
            prefix = _PREFIX.match(text, cursor)
            if prefix is not None:
                cursor = prefix.end()
                system = _SYSTEMS[prefix["kind"][0].casefold()]
            for pattern, name in ((_EMAIL, "email"), (_URL, "url"), (_PHONE, system)):
                match = pattern.match(text, cursor)
                if match is not None and _plausible(match[0], name):
                    end = cursor + len(match[0].rstrip(".,;)") if name == "url" else match[0])
                    spans.append((cursor, end, name, start))
                    cursor = end
                    break
            else:
                gap = _CONNECTIVE.match(text, start)
                if prefix is not None or gap is None or gap.end() == start:
                    return []
                cursor = gap.end()
        for value_start, _, _, start in spans:
            if start < value_start:
                self.marks.append(
                    Mark(
                        start=block.start + start,
                        end=block.start + value_start,
                        fate=Fate.LABEL,
                        note="kind of contact",
                    )
                )
        found = []
        previous = 0
        for value_start, end, name, start in spans:
            self._connective(block.start + previous, block.start + start)
            first, last = block.start + value_start, block.start + end
            target = (
                self._target(first, last)
                if name == "url" and not _ABSOLUTE.match(text, value_start)
                else None
            )
            stated = Stated(value=target or text[value_start:end], spans=(span_at(self._page, first, last),))
            found.append(Telecom(system=name, value=stated))
            previous = end
        if found:
            self._connective(block.start + previous, block.end)
        return found

    def _linked(self, block: Block, system: str) -> list[Telecom]:
        """Return where the words of a block lead, when they are a link (``our website``)."""
        target = self._target(block.start, block.end)
        if target is None or (system == "email") == bool(_ABSOLUTE.match(target)):
            return []
        span = span_at(self._page, block.start, block.end)
        return [
            Telecom(system=system, value=Stated(value=target, spans=(span,), reason="where the link leads"))
        ]

    def _target(self, start: int, end: int) -> str | None:
        """Return where the link over a stretch leads, bare of ``mailto:``."""
        for link in self._page.links:
            if link.start <= start and end <= link.end:
                target = (
                    link.url.removeprefix("mailto:").partition("?")[0] if "mailto:" in link.url else link.url
                )
                return target if _ABSOLUTE.match(target) or _EMAIL.fullmatch(target) else None
        return None

    def _connective(self, start: int, end: int) -> None:
        """Mark punctuation and words such as ``and`` between two contacts."""
        text = self._page.text
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        if start < end:
            self.marks.append(Mark(start=start, end=end, fate=Fate.LABEL, note="between contacts"))

    def _odd(self, block: Block, label: str, text: str, system: str) -> None:
        self.findings.append(
            catalogue.TELECOM_ODD.found(
                place=self._page.place(block.start), label=label, text=text, expected=_EXPECTED[system]
            )
        )

    def _end_of_role(self, block: Block, printed: str) -> int:
        letters = 0
        for offset in range(block.start, block.end):
            if self._page.text[offset].isalnum():
                letters += 1
                if letters == len(printed):
                    end = offset + 1
                    return end + 1 if self._page.text[end : end + 1] == ")" else end
        return block.end

    def _stated(self, start: int, end: int, *, strip: str) -> Stated[str]:
        stated = stated_at(self._page, start, end)
        return replace(stated, value=stated.value.rstrip(strip + " "))


def _plausible(text: str, system: str) -> bool:
    if system not in ("phone", "fax"):
        return True
    return _FEWEST_DIGITS <= sum(letter.isdigit() for letter in text) <= _MOST_DIGITS


def _merge(first: Organization, second: Organization) -> Organization:
    """Return one organisation of two blocks about it; spans of repeated facts are kept."""
    roles = {role.value: role for role in first.roles}
    for role in second.roles:
        known = roles.get(role.value)
        roles[role.value] = replace(known, spans=known.spans + role.spans) if known else role
    details = {fold(each.value): each for each in first.details}
    for each in second.details:
        known_detail = details.get(fold(each.value))
        details[fold(each.value)] = (
            replace(known_detail, spans=known_detail.spans + each.spans) if known_detail else each
        )
    telecoms = {(each.system, each.value.value): each for each in first.telecoms}
    for telecom in second.telecoms:
        key = (telecom.system, telecom.value.value)
        known_telecom = telecoms.get(key)
        if known_telecom is None:
            telecoms[key] = telecom
        else:
            value = replace(known_telecom.value, spans=known_telecom.value.spans + telecom.value.spans)
            telecoms[key] = replace(known_telecom, value=value)
    return Organization(
        name=replace(first.name, spans=first.name.spans + second.name.spans),
        roles=tuple(roles.values()),
        details=tuple(details.values()),
        telecoms=tuple(telecoms.values()),
    )
