"""The XHTML of a narrative, read with an eye on what FHIR allows."""

from __future__ import annotations

import base64
import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes
from xml.parsers import expat

from termsmith.checks.structure.words import shown

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

XHTML = "http://www.w3.org/1999/xhtml"
_LARGEST = 5_000_000
_DEEPEST = 200
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_WHITE_SPACE = re.compile(r"\s")
_INVALID_LINK = re.compile(r"data:", re.IGNORECASE)


@dataclass(slots=True)
class Narrative:
    """What a narrative holds, and what is wrong with it."""

    faults: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    """Code of the rule and its facts, in order of the text."""
    language: str | None = None
    """``lang`` of the outer div; absent when it is not stated by both attributes."""
    images: list[str] = field(default_factory=list)
    """Ids that images are taken from, within the narrative or among what is contained, and that the narrative
    itself does not have."""
    half: bool = False
    """Whether only one of ``lang`` and ``xml:lang`` is stated."""


@dataclass(frozen=True, slots=True)
class _Allowed:
    elements: frozenset[str]
    attributes: frozenset[str]
    empty: frozenset[str]
    block: frozenset[str]
    inline: frozenset[str]
    own: Mapping[str, frozenset[str]]
    children: Mapping[str, frozenset[str]]
    parents: Mapping[str, frozenset[str]]
    schemes: Mapping[str, frozenset[str]]


@cache
def _allowed() -> _Allowed:
    table = tomllib.loads(files(__package__).joinpath("allowed.toml").read_text("utf-8"))

    def listed(name: str) -> frozenset[str]:
        return frozenset(table[name])

    def by_name(name: str) -> dict[str, frozenset[str]]:
        return {key: frozenset(values) for key, values in table[name].items()}

    return _Allowed(
        elements=listed("elements"),
        attributes=listed("attributes"),
        empty=listed("empty"),
        block=listed("block"),
        inline=listed("inline"),
        own=by_name("own"),
        children=by_name("children"),
        parents=by_name("parents"),
        schemes=by_name("schemes"),
    )


def read_narrative(div: str) -> Narrative:
    """Return what is wrong with the XHTML of a narrative; never raises, and reads no entities."""
    return _Reader(div).read()


def problem_of_image(source: str, active: Container[str]) -> str | None:
    """Return why no image can be shown from a URL, as far as the URL itself tells.

    >>> problem_of_image("data:image/png;base64,abc", ())
    'what follows base64, is no base64 text'
    """
    if not source.strip():
        return "it is empty"
    scheme = _SCHEME.match(source)
    if scheme is not None and scheme[1].lower() in active:
        return "it would run code"
    if scheme is not None and scheme[1].lower() == "data":
        return _problem_of_data(source)
    return "it has white space" if _WHITE_SPACE.search(source) else None


def _problem_of_data(url: str) -> str | None:
    """Return why a URL that holds its data itself holds none (RFC 2397)."""
    kind, comma, data = url.partition(",")
    if not comma:
        return "it has no data: they stand behind a comma"
    if not kind.lower().endswith(";base64"):
        return None
    try:
        base64.b64decode("".join(unquote_to_bytes(data).decode("ascii").split()), validate=True)
    except ValueError:
        return "what follows base64, is no base64 text"
    return None


class _MalformedError(Exception):
    """Why a narrative can't be read further."""


class _Reader:
    def __init__(self, div: str) -> None:
        self.div = div
        self.allowed = _allowed()
        self.narrative = Narrative()
        self.open: list[str] = []
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.images: list[str] = []
        self.has_content = False
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.namespace_prefixes = False
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.characters
        self.parser.EntityDeclHandler = self.entity

    def read(self) -> Narrative:
        if len(self.div) > _LARGEST:
            self.fault("NAR001", problem=f"it has more than {_LARGEST:,} characters", line=1)
            return self.narrative
        try:
            self.parser.Parse(self.div.encode("utf-8", "replace"), True)  # noqa: FBT003  expat's interface
        except expat.ExpatError as error:
            problem = expat.errors.messages.get(error.code, str(error))
            if "undefined entity" in problem:
                self.fault("NAR002", line=error.lineno)
            else:
                self.fault("NAR001", problem=problem, line=error.lineno)
            return self.narrative
        except _MalformedError as error:
            self.fault("NAR001", problem=str(error), line=self.parser.CurrentLineNumber)
            return self.narrative
        for target in self.links:
            if target not in self.ids:
                self.fault("NAR011", target=shown(target))
        self.narrative.images += (target for target in self.images if target not in self.ids)
        if not self.has_content:
            self.fault("NAR012")
        return self.narrative

    def fault(self, code: str, **facts: Any) -> None:
        self.narrative.faults.append((code, facts))

    def entity(self, *_: object) -> None:
        raise _MalformedError("it declares entities of its own")

    def start(self, full_name: str, attributes: Mapping[str, str]) -> None:
        namespace, _, name = full_name.rpartition(" ")
        if len(self.open) > _DEEPEST:
            raise _MalformedError(f"elements are nested more than {_DEEPEST} deep")
        stated = {
            f"xml:{key.rpartition(' ')[2]}" if key.startswith("http://www.w3.org/XML") else key: value
            for key, value in attributes.items()
        }
        if not self.open:
            self.root(namespace, name, stated)
        elif namespace != XHTML:
            self.fault("NAR003", name=name, namespace=shown(namespace))
        elif name not in self.allowed.elements:
            self.fault("NAR005", name=shown(name), line=self.parser.CurrentLineNumber)
        else:
            self.place(name)
        self.attributes(name, stated)
        self.open.append(name)

    def root(self, namespace: str, name: str, stated: Mapping[str, str]) -> None:
        if name != "div":
            self.fault("NAR004", name=shown(name))
        elif namespace != XHTML:
            self.fault("NAR003", name=name, namespace=shown(namespace) or "none")
        plain, xml = stated.get("lang"), stated.get("xml:lang")
        self.narrative.half = (plain is None) != (xml is None)
        self.narrative.language = plain if xml is not None else None

    def place(self, name: str) -> None:
        """Look whether an element may stand where it stands."""
        around, line = self.open[-1], self.parser.CurrentLineNumber
        only = self.allowed.children.get(around)
        where = self.allowed.parents.get(name)
        if only is not None and name not in only:
            self.fault("NAR007", name=name, around=around, only=", ".join(sorted(only)), line=line)
        elif where is not None and around not in where:
            self.fault("NAR018", name=name, where=", ".join(sorted(where)), line=line)
        elif around in self.allowed.empty:
            self.fault("NAR008", name=around, line=line)
        elif "p" in self.open and name in self.allowed.block:
            self.fault("NAR009", name=name, line=line)
        elif name in self.allowed.inline and name == around:
            self.fault("NAR013", name=name, line=line)
        if name == "img":
            self.has_content = True

    def attributes(self, name: str, stated: Mapping[str, str]) -> None:
        own = self.allowed.own.get(name, frozenset())
        for key, value in stated.items():
            if key not in self.allowed.attributes and key not in own:
                self.fault("NAR006", name=name, attribute=shown(key), line=self.parser.CurrentLineNumber)
            elif key == "id" or (key == "name" and name == "a"):
                if value in self.ids:
                    self.fault("NAR014", value=shown(value))
                self.ids.add(value)
        if name == "a" and "href" in stated:
            self.link(stated["href"])
        if name == "img" and "src" in stated:
            self.image(stated["src"])

    def image(self, source: str) -> None:
        if source.startswith("#"):
            self.images.append(source[1:])
        elif (problem := problem_of_image(source, self.allowed.schemes["active"])) is not None:
            self.fault("NAR020", source=shown(source), problem=problem)

    def link(self, href: str) -> None:
        scheme = _SCHEME.match(href)
        schemes = self.allowed.schemes
        if href.startswith("#"):
            self.links.append(href[1:])
        elif not href.strip() or _INVALID_LINK.match(href):
            self.fault("NAR010", href=shown(href), problem="it leads nowhere")
        elif scheme is not None and scheme[1].lower() in schemes["active"]:
            self.fault("NAR010", href=shown(href), problem="it would run code")
        elif scheme is not None and scheme[1].lower() in schemes["literal"]:
            self.fault("NAR010", href=shown(href), problem="it is a name, which no program can open")
        elif scheme is not None and scheme[1].lower() not in schemes["plain"]:
            self.fault("NAR015", href=shown(href))

    def end(self, _name: str) -> None:
        self.open.pop()

    def characters(self, text: str) -> None:
        if not text.strip():
            return
        self.has_content = True
        if self.open[-1] in self.allowed.empty:
            self.fault("NAR008", name=self.open[-1], line=self.parser.CurrentLineNumber)
        elif self.open[-1] in self.allowed.children:
            around = self.open[-1]
            only = ", ".join(sorted(self.allowed.children[around]))
            self.fault("NAR007", name="text", around=around, only=only, line=self.parser.CurrentLineNumber)
