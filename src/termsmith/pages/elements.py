"""What the elements of HTML and of Confluence's storage format mean for the printed page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from termsmith.pages.furniture import furniture
from termsmith.pages.raised import Script

if TYPE_CHECKING:
    from collections.abc import Mapping


class Role(Enum):
    """What an element does to the text in and around it."""

    INLINE = "inline"
    BLOCK = "block"
    LINE_BREAK = "line break"
    HEADING = "heading"
    LIST = "list"
    ITEM = "item"
    TABLE = "table"
    ROW = "row"
    CELL = "cell"
    HEADER_CELL = "header cell"
    PREFORMATTED = "preformatted"
    LINK = "link"
    TITLE = "title"
    HIDDEN = "hidden"


def _table(words: Mapping[Role, str]) -> dict[str, Role]:
    return {tag: role for role, tags in words.items() for tag in tags.split()}


ROLES: Mapping[str, Role] = _table(
    {
        Role.BLOCK: "address article aside blockquote body center dd details dialog dir div dl dt fieldset "
        "figcaption figure footer form header hgroup hr html legend main menu nav optgroup option p "
        "search section summary tbody thead tfoot caption "
        "ac:layout ac:layout-section ac:layout-cell ac:rich-text-body ac:task "
        "ac:task-list ac:task-body",
        Role.LINE_BREAK: "br",
        Role.HEADING: "h1 h2 h3 h4 h5 h6",
        Role.LIST: "ul ol",
        Role.ITEM: "li",
        Role.TABLE: "table",
        Role.ROW: "tr",
        Role.CELL: "td",
        Role.HEADER_CELL: "th",
        Role.PREFORMATTED: "pre listing xmp plaintext ac:plain-text-body",
        Role.LINK: "a",
        Role.TITLE: "title",
        Role.HIDDEN: "audio canvas datalist embed head iframe noembed noframes noscript object "
        "script style svg template video "
        "ac:parameter ac:placeholder ac:task-id ac:task-uuid ac:task-status ac:emoticon ac:default-parameter",
    }
)
"""Elements that are not named here are inline."""

_UNSEEN = (Role.HIDDEN, Role.TITLE)
_CELLS = (Role.CELL, Role.HEADER_CELL)
MOST_ROWS_SPANNED, MOST_COLUMNS_SPANNED = 65_534, 1_000
"""What a browser allows: https://html.spec.whatwg.org/multipage/tables.html#attributes-common-to-td-and-th-elements"""

_LONGEST_NUMBER = 9
"""https://spec.commonmark.org/0.31.2/#ordered-list-marker"""

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_LINK_SCHEMES = frozenset({"http", "https", "mailto", "ftp", "urn"})
_NOT_IN_URLS = re.compile("[\n\t\u00ad\u2028]")
_STRUCK = frozenset({"del", "s", "strike"})
_STRUCK_STYLE = re.compile(r"text-decoration(?:-line)?\s*:[^;]*\bline-through\b", re.IGNORECASE)
_SCRIPTS = {"sup": Script.SUPER, "sub": Script.SUB}
_ALIGNED = {"super": Script.SUPER, "sub": Script.SUB}
_SCRIPT_STYLE = re.compile(r"vertical-align\s*:\s*(super|sub)\b", re.IGNORECASE)
_ON_THE_LINE = (Role.INLINE, Role.LINK)
"""Only these can stand off it: https://www.w3.org/TR/CSS2/visudet.html#propdef-vertical-align"""
_NOT_SHOWN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Element:
    """One start tag, as far as it matters to the printed page."""

    role: Role
    level: int = 0
    """Of a heading."""
    marker: str = ""
    """Of a list's items, of its first one where they are numbered."""
    number: int | None = None
    """Of a list's item that has one of its own."""
    url: str | None = None
    """Of a link; absent where it leads nowhere."""
    furniture: str | None = None
    """Why it is furniture; absent for content."""
    content_rank: int | None = None
    """How surely it holds the page proper, 0 the best; absent where it says nothing of the kind."""
    usual: bool = True
    """It is shown as it is, is no title, and says nothing of furniture or content."""
    spans: tuple[int, int] | None = None
    """Rows and columns that a cell stands in; absent for one that stands in one of each."""
    struck: bool = False
    """Its text is struck out."""
    script: Script | None = None
    """Where its text stands off the line; absent on it."""


PLAIN = Element(Role.INLINE)
"""An element that does nothing."""


def element(tag: str, attributes: Mapping[str, str | None]) -> Element:
    """Return what an element with this tag, in lower case, and these attributes means."""
    role = ROLES.get(tag, Role.INLINE)
    style = attributes.get("style") or ""
    if "hidden" in attributes or _NOT_SHOWN.search(style):
        role = Role.HIDDEN
    struck = tag in _STRUCK or _STRUCK_STYLE.search(style) is not None
    reason = content_rank = None
    table = furniture()
    if attributes or tag in table.elements:
        names = (attributes.get("class") or "").split()
        selectors = [f"#{attributes.get('id')}", *(f".{name}" for name in names), tag]
        reason = table.element_reason(selectors)
        content_rank = table.content_rank(selectors)
    level, marker, number, url = 0, "", None, None
    if role is Role.HEADING:
        level = int(tag[1])
    elif role is Role.LIST:
        first = _number(attributes.get("start"))
        marker = "*" if tag != "ol" else f"{1 if first is None else first}."
    elif role is Role.ITEM:
        number = _number(attributes.get("value"))
    elif role is Role.LINK:
        url = link_url(attributes.get("href") or "")
        if url is None:
            role = Role.INLINE
    script = _script(tag, style) if role in _ON_THE_LINE else None
    says_nothing = reason is None and content_rank is None and not struck and script is None
    if role is Role.INLINE and says_nothing:
        return PLAIN
    usual = role not in _UNSEEN and says_nothing
    spans = _spans(attributes) if role in _CELLS else None
    return Element(role, level, marker, number, url, reason, content_rank, usual, spans, struck, script)


def _number(stated: str | None) -> int | None:
    """Return the number that an attribute says, if a list in Markdown can have it."""
    text = (stated or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER else None


def _script(tag: str, style: str) -> Script | None:
    aligned = _SCRIPT_STYLE.search(style)
    return _SCRIPTS.get(tag) if aligned is None else _ALIGNED[aligned[1].lower()]


def _spans(attributes: Mapping[str, str | None]) -> tuple[int, int] | None:
    rows = _span(attributes.get("rowspan"), MOST_ROWS_SPANNED)
    columns = _span(attributes.get("colspan"), MOST_COLUMNS_SPANNED)
    return None if rows == columns == 1 else (rows, columns)


def _span(stated: str | None, most: int) -> int:
    """Return what an attribute says; ``0`` stands for all that are left, and nonsense for one."""
    text = (stated or "1").strip()
    if not text.isascii() or not text.isdigit():
        return 1
    return min(int(text[:6]) or most, most)


def link_url(href: str) -> str | None:
    """Return where a link leads, as written; None when that is nowhere outside the page.

    >>> link_url(" NamingSystem-CVX.html")
    'NamingSystem-CVX.html'
    >>> link_url("javascript:alert(1)") is link_url("#top") is None
    True
    """
    url = _NOT_IN_URLS.sub("", href).strip()
    if not url or url.startswith("#"):
        return None
    scheme = _SCHEME.match(url)
    if scheme and scheme[1].lower() not in _LINK_SCHEMES:
        return None
    return url
