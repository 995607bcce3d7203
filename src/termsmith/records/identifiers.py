"""URIs and OIDs as pages print them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from termsmith import catalogue
from termsmith.dialects.labels import fold, match_prefix
from termsmith.model.record import IdentifierType, Span, Stated
from termsmith.model.result import Fate
from termsmith.pages.raised import note_mark
from termsmith.records.blanks import blank, told
from termsmith.records.marks import Mark
from termsmith.records.syntax import URI, InvalidIdentifierError, parse_oid, parse_uri
from termsmith.records.words import span_at, stated_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from termsmith.dialects.table import Dialect
    from termsmith.model.finding import Finding
    from termsmith.model.page import Block, Page

_OID_ANYWHERE = re.compile(r"(?<![\w.])[0-2](?:\.\d+){3,}")
_URI_ANYWHERE = re.compile(r"(?:https?|urn):[^\s<>\"]+", re.IGNORECASE)
_GLUED_OID = re.compile(r"(?P<caption>.*[A-Za-z)])(?P<oid>[0-2](?:\.\d+){3,})")
_TAIL_COMMENT = re.compile(r"\((?P<comment>[^()]*(?:\([^()]*\)[^()]*)*)\)\.?")
_NUMBERING = re.compile(r"\d{1,2}[.)]\s+(?=\D|[0-2]\.\d)")
"""Behind a number stands no rest of an OID that was cut by a blank (``2. 999.1``)."""
_BETWEEN_LISTED = re.compile(
    r"\s{0,8}[,;](?:\s{1,8}|$)|\s{1,8}(?:/|\||&|and|or|und|et)\s{1,8}", re.IGNORECASE
)
"""Runs of blanks are bounded, since a line of nothing else would be looked through for each of them."""
_LISTED = re.compile(rf"(?P<oid>(?:urn:oid:)?[0-2](?:\.\d+){{2,}})|(?P<uri>{URI.pattern})", re.IGNORECASE)
_LONGEST_LIST = 5_000
_BEHIND_WORDS = re.compile(
    r".*?[:–—-]\s*(?P<word>(?:urn:oid:)?[0-2](?:\.\d+){2,}|(?:https?|urn):\S+)", re.IGNORECASE
)
_SEPARATORS = " \t:-–—=#\u00a0"
_LONGEST_CAPTION_WORDS = 8
_PROSE_WORDS = frozenset(
    [
        "see",
        "also",
        "use",
        "used",
        "using",
        "not",
        "formerly",
        "former",
        "old",
        "older",
        "was",
        "were",
        "is",
        "are",
        "replaced",
        "deprecated",
        "replaces",
        "should",
        "must",
        "may",
        "note",
        "for",
        "in",
        "on",
        "the",
        "this",
        "that",
        "these",
        "which",
        "please",
        "contact",
        "available",
    ]
)
_ALTERNATE = re.compile(r"[^\s,;](?:[^,;]*[^\s,;])?")
_BETWEEN_ALTERNATES = re.compile(r"[,;]+")
_ANY_OID = re.compile(r"(?:urn:oid:)?[0-2](?:\.\d+){2,}", re.IGNORECASE)
_YES, _NO = frozenset({"true", "yes"}), frozenset({"false", "no"})
_ROOT = re.compile(r"\broot\b", re.IGNORECASE)
_OTHER_KIND = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedIdentifier:
    """An identifier as a page prints it, before it is known which of them is endorsed."""

    type: IdentifierType
    value: Stated[str]
    canonical: bool
    """The page calls it canonical, or endorses it."""
    caption: Stated[str] | None = None
    """Text that names the system it belongs to, where several are told apart."""
    comment: Stated[str] | None = None
    superseded: bool = False
    """The page says that it is not the preferred one."""
    other: bool = False
    """The page lists it as another one, beside those that it endorses."""
    start: Stated[str] | None = None
    end: Stated[str] | None = None


@dataclass(slots=True, kw_only=True)
class IdentifierReading:
    """What the identifier cells of a page hold."""

    identifiers: list[PrintedIdentifier]
    marks: list[Mark]
    stray: list[tuple[Block, str]]
    findings: list[Finding]


class IdentifierReader:
    """Reads the lines of identifier cells."""

    def __init__(self, page: Page, dialect: Dialect) -> None:
        """Take the page that the lines are on and the dialect that it is in."""
        self._page, self._dialect = page, dialect
        self.reading = IdentifierReading(identifiers=[], marks=[], stray=[], findings=[])

    def mixed(self, blocks: Sequence[Block]) -> None:
        """Read a cell that holds URIs and OIDs, told apart by their form and the text before them."""
        caption: tuple[Stated[str], Block] | None = None
        caption_used = False
        for block in blocks:
            text = self._text(block)
            before = len(self.reading.identifiers)
            if self._listed(block, text, caption[0] if caption else None) or self._line(
                block, text, caption[0] if caption else None
            ):
                caption_used = caption_used or len(self.reading.identifiers) > before
                continue
            if caption is not None and not caption_used:
                self._stray(caption[1], "no identifier follows this line")
            caption, caption_used = None, False
            behind = _BEHIND_WORDS.match(text)
            if behind is not None and _is_caption(text[: behind.start("word")].rstrip(_SEPARATORS)):
                self._behind_words(block, behind)
            elif _is_caption(text):
                caption = (stated_at(self._page, block.start, block.end), block)
            else:
                self._prose(block, text)
        if caption is not None and not caption_used:
            self._stray(caption[1], "no identifier follows this line")

    def single_type(
        self, blocks: Sequence[Block], kind: IdentifierType, label: str, *, canonical: bool
    ) -> None:
        """Read a cell that holds identifiers of one type, one a line."""
        for block in blocks:
            text = self._text(block)
            if self._blank(block, text, label):
                continue
            start = block.start
            numbering = _NUMBERING.match(text)
            if numbering is not None:
                self._mark(start, start + numbering.end(), Fate.LABEL, "number")
                start += numbering.end()
            prefix_end, _ = self._prefix(start, block.end)
            rest = block._replace(start=prefix_end)
            parts = self._parts(rest, self._text(rest))
            if parts and all(each is kind for _, each in parts):
                self._take_parts(rest, parts, None, canonical=canonical)
            else:
                self._identifier(rest, kind, None, canonical=canonical)

    def links(self, blocks: Sequence[Block]) -> None:
        """Report where links among identifiers lead, unless they lead to what is printed.

        OIDs link to their entry in a registry, and unfilled macros to an issue: neither is an identifier.
        """
        for block in blocks:
            for link in self._page.links_in(block.start, block.end):
                text = self._page.text[link.start : link.end].strip()
                url = link.url.strip()
                printed = URI.match(text)
                if (
                    not URI.match(url)
                    or _ANY_OID.match(text)
                    or blank(self._dialect, self._text(block)) is not None
                    or (printed is not None and _link_key(printed[0]) == _link_key(url))
                ):
                    continue
                self.reading.findings.append(
                    catalogue.IDENTIFIER_LINKS.found(place=self._page.place(link.start), text=text, url=url)
                )

    def alternate(self, blocks: Sequence[Block]) -> None:
        """Read OIDs, as URNs too, and further URIs of a resource, apart by commas."""
        for block in blocks:
            for found in _BETWEEN_ALTERNATES.finditer(self._text(block)):
                self._mark(block.start + found.start(), block.start + found.end(), Fate.LABEL, "separator")
            for found in _ALTERNATE.finditer(self._text(block)):
                part = block._replace(start=block.start + found.start(), end=block.start + found.end())
                if self._blank(part, found[0], "identifier"):
                    continue
                start, _ = self._prefix(part.start, part.end)
                part = part._replace(start=start)
                if _ANY_OID.match(self._text(part)):
                    self._identifier(part, IdentifierType.OID, None, canonical=False)
                elif URI.match(self._text(part)):
                    self._identifier(part, IdentifierType.URI, None, canonical=False)
                else:
                    self._stray(part, "neither an OID nor a URI")

    def row(
        self,
        kind: IdentifierType,
        value: Stated[str],
        *,
        kind_span: tuple[Span, ...],
        preferred: Stated[str] | None,
        comment: Stated[str] | None,
        start: Stated[str] | None,
        end: Stated[str] | None,
    ) -> None:
        """Take an identifier of which a table tells all details."""
        parsed = value.value
        problem = None
        try:
            if kind is IdentifierType.OID:
                parsed = parse_oid(parsed)
            elif kind in (IdentifierType.URI, IdentifierType.IRI_STEM):
                parsed = parse_uri(parsed)
        except InvalidIdentifierError as error:
            problem = error
        if problem is not None:
            rule = catalogue.NOT_AN_OID if kind is IdentifierType.OID else catalogue.NOT_A_URI
            self.reading.findings.append(
                rule.found(place=value.spans[0].place, text=value.value, problem=problem)
            )
            return
        says = preferred.value.casefold() if preferred is not None else ""
        spans = (*kind_span, *value.spans, *(preferred.spans if preferred is not None else ()))
        self.reading.identifiers.append(
            PrintedIdentifier(
                type=kind,
                value=Stated(value=parsed, spans=tuple(sorted(spans, key=lambda span: span.start or 0))),
                canonical=says in _YES,
                superseded=says in _NO,
                comment=comment,
                start=start,
                end=end,
            )
        )

    def _parts(self, block: Block, text: str) -> list[tuple[Block, IdentifierType]]:
        """Return the identifiers of a line that is nothing but a list of them; of any other line nothing."""
        if len(text) > _LONGEST_LIST:
            return []
        parts = []
        cursor = 0
        for match in (*_BETWEEN_LISTED.finditer(text), None):
            end = match.start() if match is not None else len(text)
            word = _LISTED.fullmatch(text, cursor, end)
            if word is not None:
                kind = IdentifierType.OID if word["oid"] else IdentifierType.URI
                parts.append((block._replace(start=block.start + cursor, end=block.start + end), kind))
            elif cursor < len(text):
                return []
            cursor = match.end() if match is not None else end
        return parts if len(parts) > 1 else []

    def _take_parts(
        self,
        block: Block,
        parts: Sequence[tuple[Block, IdentifierType]],
        caption: Stated[str] | None,
        *,
        canonical: bool,
    ) -> None:
        cursor = block.start
        for part, kind in parts:
            if cursor < part.start:
                self._mark(cursor, part.start, Fate.LABEL, "separator")
            self._identifier(part, kind, caption, canonical=canonical)
            cursor = part.end
        if cursor < block.end:
            self._mark(cursor, block.end, Fate.LABEL, "separator")

    def _listed(self, block: Block, text: str, caption: Stated[str] | None) -> bool:
        """Read a line with several identifiers and nothing else; false for other lines."""
        marked = len(self.reading.marks)
        start, prefix_kind = self._prefix(block.start, block.end)
        rest = block._replace(start=start)
        parts = [] if prefix_kind == _OTHER_KIND else self._parts(rest, text[start - block.start :])
        if not parts:
            del self.reading.marks[marked:]
            return False
        self._take_parts(rest, parts, caption, canonical=prefix_kind == "canonical_uri")
        return True

    def _behind_words(self, block: Block, found: re.Match[str]) -> None:
        """Leave over a line with an identifier behind words that may make it another thing's."""
        self.reading.findings.append(
            catalogue.IDENTIFIER_IN_PROSE.found(
                place=self._page.place(block.start + found.start("word")),
                value=_trimmed(found["word"], IdentifierType.URI),
                where="behind words that may make it another thing's",
            )
        )
        self._stray(block, "an identifier behind words that may make it another thing's")

    def _line(self, block: Block, text: str, caption: Stated[str] | None) -> bool:
        """Read a line with an identifier or a stated blank; false for other text."""
        if self._blank(block, text, "identifier"):
            return True
        glued = _GLUED_OID.fullmatch(text)
        start, prefix_kind = self._prefix(block.start, block.end)
        if prefix_kind is None and glued is not None and _is_caption(glued["caption"].strip()):
            cut = block.start + glued.start("oid")
            own = stated_at(self._page, block.start, block.start + len(glued["caption"].rstrip(_SEPARATORS)))
            self._identifier(block._replace(start=cut), IdentifierType.OID, own, canonical=False)
            return True
        rest = self._page.text[start : block.end]
        if prefix_kind is not None:
            if not rest or self._blank(block._replace(start=start), rest, "identifier"):
                return True
            if prefix_kind == _OTHER_KIND:
                self._other(block._replace(start=start), block.start, start)
                return True
        word = rest.split(" ", 1)[0] if rest else ""
        looks_like_oid = bool(re.match(r"(?i)(?:urn:oid:)?[0-2](?:\.\d+){2,}", word))
        looks_like_uri = bool(URI.match(word))
        if prefix_kind is None and not looks_like_oid and not looks_like_uri:
            return False
        if (looks_like_oid and not word.casefold().startswith("urn:")) or (
            looks_like_oid and prefix_kind == "oid"
        ):
            kind = IdentifierType.OID
        elif looks_like_uri:
            kind = IdentifierType.URI
        else:
            kind = IdentifierType.OID if prefix_kind == "oid" else IdentifierType.URI
        self._identifier(block._replace(start=start), kind, caption, canonical=prefix_kind == "canonical_uri")
        return True

    def _prefix(self, start: int, end: int) -> tuple[int, str | None]:
        """Mark the text before an identifier; return where the identifier starts and the prefix's kind."""
        text = self._page.text[start:end]
        best: tuple[int, str] | None = None
        for printed, kind in self._dialect.identifier_prefixes:
            match = match_prefix(text, fold(printed))
            if match is None:
                continue
            following = text[match.end : match.end + 1]
            if following and following not in _SEPARATORS and not following.isdigit():
                continue
            if (
                following == ":"
                and text[match.end + 1 : match.end + 2].isalnum()
                and printed.casefold() == "urn"
            ):
                continue
            if following == "." or (best is not None and best[0] >= match.end):
                continue
            best = (match.end, kind)
        if best is None:
            return start, None
        cursor = best[0]
        while cursor < len(text) and text[cursor] in _SEPARATORS:
            cursor += 1
        self._mark(start, start + cursor, Fate.LABEL, "kind of identifier")
        return start + cursor, best[1]

    def _identifier(
        self, block: Block, kind: IdentifierType, caption: Stated[str] | None, *, canonical: bool
    ) -> None:
        """Read one identifier at the start of a block; what follows is a comment in brackets, or prose."""
        text = self._text(block)
        word, _, tail = text.partition(" ")
        if word.count("(") > word.count(")"):
            bracket = word.index("(")
            word, tail = text[:bracket], text[bracket:]
        tail = tail.strip()
        comment_match = _TAIL_COMMENT.fullmatch(tail)
        if tail and comment_match is None:
            self._prose(block, text)
            return
        if comment_match is not None and _ROOT.search(comment_match["comment"]):
            self._stray(block, "a root OID, not the identifier of one system")
            return
        value = _trimmed(word, kind)
        place = self._page.place(block.start)
        try:
            parsed = parse_oid(value) if kind is IdentifierType.OID else parse_uri(value)
        except InvalidIdentifierError as problem:
            rule = catalogue.NOT_AN_OID if kind is IdentifierType.OID else catalogue.NOT_A_URI
            self.reading.findings.append(rule.found(place=place, text=word, problem=problem))
            self._stray(block, "not an identifier")
            return
        if value != word:
            self.reading.findings.append(
                catalogue.IDENTIFIER_TRIMMED.found(place=place, text=word, value=value)
            )
        comment = None
        if comment_match is not None:
            comment = self._comment(block, tail, comment_match["comment"])
        span = span_at(self._page, block.start, block.start + len(word))
        self.reading.identifiers.append(
            PrintedIdentifier(
                type=kind,
                value=Stated(value=parsed, spans=(span,)),
                canonical=canonical,
                caption=caption,
                comment=comment,
            )
        )

    def _comment(self, block: Block, tail: str, text: str) -> Stated[str] | None:
        start = block.end - len(tail)
        warns = fold(text) in self._dialect.reservations
        if not warns and self._blank(block._replace(start=start), text, "comment"):
            return None
        return Stated(value=text, spans=(span_at(self._page, start, block.end),))

    def _other(self, block: Block, prefix_start: int, prefix_end: int) -> None:
        """Read an identifier that is neither URI nor OID; the text before it becomes its comment."""
        self.reading.marks.pop()
        prefix = self._page.text[prefix_start:prefix_end].rstrip(_SEPARATORS)
        self.reading.identifiers.append(
            PrintedIdentifier(
                type=IdentifierType.OTHER,
                value=stated_at(self._page, block.start, block.end),
                canonical=False,
                comment=stated_at(self._page, prefix_start, prefix_start + len(prefix)),
            )
        )

    def _prose(self, block: Block, text: str) -> None:
        """Leave a sentence over, and say so where an identifier stands in it."""
        for match in (*_URI_ANYWHERE.finditer(text), *_OID_ANYWHERE.finditer(text)):
            self.reading.findings.append(
                catalogue.IDENTIFIER_IN_PROSE.found(
                    place=self._page.place(block.start + match.start()),
                    value=_trimmed(match[0], IdentifierType.URI),
                    where="in a sentence",
                )
            )
        self._stray(block, "text among identifiers that is none")

    def _blank(self, block: Block, text: str, label: str) -> bool:
        found = blank(self._dialect, text)
        if found is None:
            return False
        self._mark(block.start, block.end, Fate.BLANK, found.reason)
        self.reading.findings += told(found, self._page, block.start, label=label, text=text)
        return True

    def _text(self, block: Block) -> str:
        return self._page.text[block.start : block.end]

    def _mark(self, start: int, end: int, fate: Fate, note: str) -> None:
        self.reading.marks.append(Mark(start=start, end=end, fate=fate, note=note))

    def _stray(self, block: Block, why: str) -> None:
        self.reading.stray.append((block, why))


def _is_caption(text: str) -> bool:
    """Whether a line can be the name of a system above its identifiers, rather than a sentence."""
    words = text.split()
    return (
        0 < len(words) <= _LONGEST_CAPTION_WORDS
        and not text.endswith((".", ";", ","))
        and not _PROSE_WORDS & {word.casefold().strip("():,") for word in words}
        and not _URI_ANYWHERE.search(text)
    )


def _link_key(url: str) -> str:
    """Return a web address as it is compared with a printed one: browsers change scheme, case and end."""
    return (
        _trimmed(url, IdentifierType.URI).casefold().removeprefix("https:").removeprefix("http:").rstrip("/")
    )


def _trimmed(word: str, kind: IdentifierType) -> str:
    """Return an identifier without punctuation and marks of notes that belong to the text around it."""
    bare = word.strip("\"'“”‘’<>")
    trimmed = bare.removesuffix(note_mark(bare))
    marks = ",;:)" if kind is IdentifierType.OID else ".,;:)"
    while trimmed and trimmed[-1] in marks:
        if trimmed[-1] == ")" and trimmed.count("(") >= trimmed.count(")"):
            break
        trimmed = trimmed[:-1]
    return trimmed
