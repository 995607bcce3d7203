"""What Confluence makes of elements of its own: macros, pictures, links, mentions.

Some show a text that stands in an attribute or a parameter; others get what they show from elsewhere, and a
saved page does not have it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from termsmith.model.finding import Severity
from termsmith.pages.elements import Element, Role, link_url
from termsmith.pages.unread import Thing
from termsmith.pages.well_formed import Instead, resolve

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from termsmith.pages.builder import Stretch

_BLOCK = Element(Role.BLOCK)
_TEXT_OF = {"jira": "key", "status": "title"}
"""Macro -> the parameter that a browser shows in its place."""
_SHOWN_AFTER = {"jira": " - Getting issue details... STATUS"}
"""Macro -> what the browser shows until it has asked Jira; nobody will, for a copied page."""
_TITLE_OF = dict.fromkeys(("expand", "panel", "info", "note", "tip", "warning", "code", "noformat"), "title")
"""Macro -> the parameter that stands as a line above its body."""
_SILENT = frozenset({"toc", "toc-zone", "anchor", "status", "loremipsum"})
"""Macros without a body that say nothing which is not on the page as well."""
_NAVIGATION = frozenset(
    {
        "blog-posts",
        "change-history",
        "children",
        "contentbylabel",
        "contributors",
        "contributors-summary",
        "favpages",
        "listlabels",
        "livesearch",
        "navmap",
        "page-info",
        "pagetree",
        "pagetreesearch",
        "popular-labels",
        "recently-updated",
        "related-labels",
        "search",
        "space-details",
        "spaces",
    }
)
"""Macros that list other pages, or who wrote this one."""
_NAMING = ("", "name", "page", "title", "diagramName", "body", "url")
"""Parameters that tell what a macro shows."""

_SOURCES = {
    "ri:attachment": "ri:filename",
    "ri:page": "ri:content-title",
    "ri:blog-post": "ri:content-title",
    "ri:url": "ri:value",
    "ri:user": "ri:username",
    "ri:space": "ri:space-key",
}
"""Element that names something -> its attribute with the name."""
_SHOWN_ALONE = frozenset({"ri:attachment", "ri:page", "ri:blog-post", "ri:url"})
"""Those whose name a link shows that has no text of its own."""

_ELEMENTS = "|".join(
    (
        "ac:structured-macro",
        "ac:macro",
        "ac:parameter",
        "ac:default-parameter",
        "ac:rich-text-body",
        "ac:plain-text-body",
        "ac:image",
        "ac:emoticon",
        "ac:link",
        "time",
        *_SOURCES,
    )
)
_TAG = re.compile(
    rf"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<(?P<end>/?)(?P<name>{_ELEMENTS})(?=[\s/>])(?P<inner>"
    r"""[^>"']*+(?:"[^"]*+"[^>"']*+|'[^']*+'[^>"']*+)*+)>""",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"""([^\s=/<>"']+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_PLAIN = re.compile(r"([^<>]*)</")
_LINK_ENDS = re.compile(r"\s*</ac:link>")
_MACROS = frozenset({"ac:structured-macro", "ac:macro"})
_BODIES = frozenset({"ac:rich-text-body", "ac:plain-text-body"})


@dataclass(slots=True)
class _Macro:
    offset: int
    name: str
    parameters: dict[str, Stretch] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    """Of what it shows."""
    has_body: bool = False


@dataclass(slots=True)
class _Picture:
    offset: int
    alternative: str
    name: str = ""


def made_by_software(text: str) -> Mapping[int, Instead]:
    """Return what Confluence makes of elements, by the offsets of their start tags.

    Args:
        text: Storage format that is well-formed.
    """
    making = _Making(text)
    for found in _TAG.finditer(text):
        if found["name"] is not None:
            making.take(found)
    return making.made


class _Making:
    """Goes through the tags of a page once."""

    def __init__(self, text: str) -> None:
        self.made: dict[int, Instead] = {}
        self._text = text
        self._macros: list[_Macro] = []
        self._picture: _Picture | None = None
        self._link: int | None = None
        """Where the open link starts."""

    def take(self, tag: re.Match[str]) -> None:
        name, inner = tag["name"], tag["inner"]
        if tag["end"]:
            self._end(name)
            return
        attributes = dict(_attributes(tag))
        if name in _MACROS:
            self._macros.append(_Macro(tag.start(), _text(attributes, "ac:name")))
        elif name in _BODIES and self._macros:
            self._macros[-1].has_body = True
        elif name in {"ac:parameter", "ac:default-parameter"}:
            self._parameter(tag, _text(attributes, "ac:name"))
        elif name == "ac:image":
            self._picture = _Picture(
                tag.start(), _text(attributes, "ac:alt") or _text(attributes, "ac:title")
            )
        elif name == "ac:link":
            self._link = tag.start()
        else:
            self._lone(tag, name, attributes)
        if inner.endswith("/"):
            self._end(name)

    def _lone(self, tag: re.Match[str], name: str, attributes: Mapping[str, Stretch]) -> None:
        """Take an element that has no content."""
        if name == "ac:emoticon":
            icon = _text(attributes, "ac:emoji-fallback") or _text(attributes, "ac:name")
            self.made[tag.start()] = Instead(thing=Thing(f"the icon {icon!r}", None))
        elif name == "time":
            date = attributes.get("datetime")
            if date is not None and tag["inner"].endswith("/"):
                self.made[tag.start()] = Instead(shown=date)
        else:
            self._named(tag, name, attributes.get(_SOURCES[name], ("", tag.start())))

    def _named(self, tag: re.Match[str], element: str, stated: Stretch) -> None:
        """Take an element that names what is shown, or linked, by the one around it."""
        name, _ = stated
        if self._macros and not self._macros[-1].has_body:
            self._macros[-1].names.append(name)
        elif self._picture is not None:
            self._picture.name = name
        elif element == "ri:user":
            what = f"the mention of the user {name!r}" if name else "the mention of a user"
            self.made[tag.start()] = Instead(thing=Thing(what))
        elif self._link is not None:
            if element == "ri:url" and (url := link_url(name)) is not None:
                self.made[self._link] = Instead(element=Element(Role.LINK, url=url))
            if element in _SHOWN_ALONE and name and _LINK_ENDS.match(self._text, tag.end()):
                self.made[tag.start()] = Instead(shown=stated)

    def _parameter(self, tag: re.Match[str], name: str) -> None:
        """Take note of a parameter that is a text."""
        plain = _PLAIN.match(self._text, tag.end())
        if plain is not None and plain[1] and self._macros and not self._macros[-1].has_body:
            self._macros[-1].parameters[name] = (resolve(plain[1]), tag.end())

    def _end(self, name: str) -> None:
        if name in _MACROS and self._macros:
            self._end_macro(self._macros.pop())
        elif name == "ac:image" and self._picture is not None:
            what = f"the picture {self._picture.name!r}" if self._picture.name else "a picture"
            if self._picture.alternative:
                what = f"{what} ({self._picture.alternative})"
            self.made[self._picture.offset] = Instead(thing=Thing(what))
            self._picture = None
        elif name == "ac:link":
            self._link = None

    def _end_macro(self, macro: _Macro) -> None:
        text = macro.parameters.get(_TEXT_OF.get(macro.name, ""))
        title = macro.parameters.get(_TITLE_OF.get(macro.name, ""))
        if macro.name in _TEXT_OF and text is not None:
            shown = text[0] + _SHOWN_AFTER.get(macro.name, "")
            self.made[macro.offset] = Instead(shown=(shown, text[1]))
        elif macro.name in _TITLE_OF and title is not None:
            self.made[macro.offset] = Instead(shown=title, shown_in=_BLOCK)
        elif not macro.has_body and macro.name not in _SILENT:
            named = [
                *macro.names,
                *(macro.parameters[each][0] for each in _NAMING if each in macro.parameters),
            ]
            of = f" of {', '.join(map(repr, filter(None, named)))}" if any(named) else ""
            severity = Severity.INFORMATION if macro.name in _NAVIGATION else Severity.WARNING
            self.made[macro.offset] = Instead(thing=Thing(f"the macro {macro.name!r}{of}", severity))


def _attributes(tag: re.Match[str]) -> Iterator[tuple[str, Stretch]]:
    for found in _ATTRIBUTE.finditer(tag["inner"]):
        value = 2 if found[2] is not None else 3
        yield found[1], (resolve(found[value]), tag.start("inner") + found.start(value))


def _text(attributes: Mapping[str, Stretch], name: str) -> str:
    return attributes[name][0] if name in attributes else ""
