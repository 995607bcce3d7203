"""Rendering Markdown to masked HTML, each text with its place in the source.

markdown-it tells the lines of blocks only. Inside a block its texts come in the order of the source, nearly
always letter by letter, so each is searched for behind the one before.
"""

from __future__ import annotations

import re
from html import escape
from itertools import accumulate
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

from termsmith.pages import soup
from termsmith.pages.unread import picture

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.token import Token

    from termsmith.pages.soup import Masked

_PIPE = re.compile(r"(\|)")
_ATTRIBUTES = ("href", "start")
_FAR = 1_000
"""Characters of markup that may stand before a text of the same block; bounds the search for one that is not
there letter by letter, such as an escaped pipe in a table."""


class _Markdown(MarkdownIt):
    """GitHub's Markdown; links stay as written."""

    def __init__(self) -> None:
        super().__init__("gfm-like", {"html": True, "linkify": False})
        # Joined to its neighbours, an escaped character could not be found in the source.
        self.core.ruler.disable("text_join")

    def validateLink(self, url: str) -> bool:  # noqa: N802  markdown-it's name
        """Allow any link; those that lead nowhere are told apart later."""
        return bool(url)

    def normalizeLink(self, url: str) -> str:  # noqa: N802  markdown-it's name
        """Return the link as written."""
        return url

    def normalizeLinkText(self, link: str) -> str:  # noqa: N802  markdown-it's name
        """Return the link's text as written."""
        return link


def render(source: str, masked: Masked) -> None:
    """Add the HTML of a Markdown text to ``masked``."""
    _Rendering(source, masked).blocks(_Markdown().parse(source))


class _Rendering:
    def __init__(self, source: str, masked: Masked) -> None:
        self._source = source
        self._masked = masked
        self._starts = [0, *accumulate(len(line) + 1 for line in source.split("\n"))]
        self._cursor = 0
        self._end = len(source)

    def blocks(self, tokens: Sequence[Token]) -> None:
        for token in tokens:
            if token.map is not None:
                first, behind = token.map
                self._cursor = max(self._cursor, self._start_of(first))
                self._end = self._start_of(behind)
            if token.type == "inline":
                self._inline(token.children or ())
            elif token.type == "html_block":
                soup.mask(token.content, self._masked, self._find(token.content.split("\n", 1)[0]))
            elif token.type in {"fence", "code_block"}:
                self._code(token)
            elif not token.hidden:
                self._tag(token)

    def _start_of(self, line: int) -> int:
        return min(self._starts[min(line, len(self._starts) - 1)], len(self._source))

    def _inline(self, tokens: Sequence[Token]) -> None:
        for token in tokens:
            if token.type == "text":
                self._text(token.content)
            elif token.type == "text_special":
                # Behind the backslash, if it is an escape; else a character reference.
                at = self._find(token.markup) + token.markup.startswith("\\")
                self._masked.add_reference(token.content, at)
            elif token.type == "code_inline":
                self._masked.add_markup("<code>")
                self._masked.add_text(token.content, self._find(token.content))
                self._masked.add_markup("</code>")
            elif token.type == "html_inline":
                soup.mask(token.content, self._masked, self._find(token.content))
            elif token.type in {"softbreak", "hardbreak"}:
                # A soft break is kept: pages print one fact a line. Hard-wrapped text is joined later.
                self._masked.add_markup("<br>")
                self._cursor = self._source.find("\n", self._cursor, self._end) + 1 or self._cursor
            elif token.type == "image":
                self._image(token)
            else:
                self._tag(token)

    def _image(self, token: Token) -> None:
        source = str(token.attrGet("src") or "")
        alternative = "".join(child.content for child in token.children or ())
        at = self._find(token.content) if token.content else self._cursor
        self._find(source)
        self._masked.add_thing(picture({"alt": alternative or None, "src": source}), at)

    def _text(self, text: str) -> None:
        if text in self._source[self._cursor : self._cursor + len(text) + _FAR]:
            parts = [text]
        else:
            # In a table's cell, the backslash before a pipe is gone.
            parts = _PIPE.split(text)
        for part in parts:
            if part:
                self._masked.add_text(part, self._find(part))

    def _code(self, token: Token) -> None:
        self._masked.add_markup("<pre>\n")
        if token.type == "fence":
            self._cursor = self._source.find("\n", self._cursor, self._end) + 1 or self._cursor
        for line in token.content.splitlines():
            if line.strip():
                self._masked.add_text(line, self._find(line))
            self._masked.add_markup("\n")
        self._masked.add_markup("</pre>")

    def _tag(self, token: Token) -> None:
        if token.nesting < 0:
            self._masked.add_markup(f"</{token.tag}>")
            return
        stated = ((name, token.attrGet(name)) for name in _ATTRIBUTES)
        attributes = "".join(f' {name}="{escape(str(value))}"' for name, value in stated if value is not None)
        self._masked.add_markup(f"<{token.tag}{attributes}>")

    def _find(self, text: str) -> int:
        """Return where ``text`` stands behind the texts before; where they end if it doesn't."""
        limit = min(self._end, self._cursor + len(text) + _FAR)
        at = self._source.find(text, self._cursor, limit)
        if at < 0:
            return self._cursor
        self._cursor = at + len(text)
        return at
