"""FHIR Shorthand: a CodeSystem as ``CodeSystem:``, any other resource as ``Instance:``.

https://hl7.org/fhir/uv/shorthand/reference.html. SUSHI turns the text back into the same resource, except for
what SUSHI does by itself: it fills in a CodeSystem's ``url``, ``status`` and ``name`` where there is none,
and the ``count`` of a complete one; it reads numbers as JavaScript does (``1.50`` is 1.5); and it takes
needless blanks out of narratives.
"""

from __future__ import annotations

import re
from functools import lru_cache
from io import BytesIO
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from termsmith.checks.definitions.loading import BOOLEAN, NUMBERS, definitions
from termsmith.outputs.fhir_xml import number_text
from termsmith.outputs.unwritable import DEEPEST, Unwritable, stated_list, write_or_locate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from termsmith.checks.definitions.loading import Element

    Chunks = Callable[[], Iterator[Sequence[Mapping[str, Any]]]]
    Step = tuple[Callable[..., None], Any, Any]
    Plans = dict[tuple[str, ...], tuple[Step, ...]]

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,254}", re.ASCII)
_ID = re.compile(r"[A-Za-z0-9.-]{1,64}", re.ASCII)
_BARE_CODE = re.compile(r'[^\s"\\]+')
"""A code that needs no quotes."""
_CODE = re.compile("[^ \t\r\n\f\u00a0]+(?:[ \u00a0][^ \t\r\n\f\u00a0]+)*")
"""What FSH can write between quotes: no blank at an end, no two together; nor does FHIR allow these."""
_BARE_SYSTEM = re.compile(r'[A-Za-z][A-Za-z0-9+.-]*:[^\s#|"\\()]+')
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
"""What no text in FHIR may hold (https://hl7.org/fhir/R4/datatypes.html#string)."""
_CONTROLS = bytes(set(range(1, 0x20)) - set(b"\t\n\r"))
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
"""In this order."""
_CODING = frozenset({"system", "code", "display"})
_TITLE = re.compile(r"https?://hl7\.org/fhir/\S*(?:extension-NamingSystem\.title|artifact-title)")
_PREFIX, _SEPARATOR = "\x00", "\x00"
_BATCH = 20_000
"""Values that are escaped together."""
_MOST_PLANS = 5_000


def fsh(resource: Mapping[str, Any], fhir_version: str) -> bytes:
    """Return a resource as FHIR Shorthand, in UTF-8.

    Args:
        resource: Its JSON form; it needs an ``id``.
        fhir_version: ``R4``, ``R4B`` or ``R5``, which tells codes from other text.

    Raises:
        OutputError: OUT005, when something in it can't be written as FSH: a code with blanks at an end or
            two together, an element that the release doesn't define, a value of the wrong type, or none.
    """
    text = BytesIO()
    write_fsh(resource, fhir_version, text.write)
    return text.getvalue()


def write_fsh(
    resource: Mapping[str, Any],
    fhir_version: str,
    write: Callable[[bytes], object],
    more_concepts: Chunks | None = None,
) -> None:
    """Write a resource as `fsh` gives it, without ever holding all of the text.

    Args:
        resource: As for `fsh`.
        fhir_version: As for `fsh`.
        write: Takes the bytes, piece by piece.
        more_concepts: Gives the concepts of a CodeSystem in chunks, where they are not in ``resource``.

    Raises:
        OutputError: As for `fsh`; what was written by then is not to be used.
    """
    write_or_locate(
        lambda: _Writer(fhir_version, write).document(resource, more_concepts),
        lambda: _Locator(fhir_version, lambda _: None).document(resource, more_concepts),
        resource,
        "FSH",
    )


class _Shape:
    """What the rules of an element depend on, besides which elements it has and their values."""

    def __init__(self, type_name: str, said: frozenset[str]) -> None:
        self.type, self.said = type_name, said
        self.plans: Plans = {}
        """By the elements that it has, in the order in which the data gives them."""


class _Writer:
    """Walks over a resource once, and collects templates with their values.

    A template is filled in twice: ``%s`` with `strings`, then ``%%s`` with `codes`. So what else stands in
    it has four percent signs for one.
    """

    def __init__(self, fhir_version: str, write: Callable[[bytes], object]) -> None:
        self.version = fhir_version
        self.types = definitions(fhir_version).types
        self.write = write
        self.templates: list[str] = []
        self.strings: list[str] = []
        self.codes: list[str] = []
        self.shapes: dict[tuple[str, frozenset[str]], _Shape] = {}

    def document(self, resource: Mapping[str, Any], more_concepts: Chunks | None) -> None:
        if resource.get("resourceType") == "CodeSystem":
            self.code_system(resource, more_concepts)
        else:
            self.instance(resource)
        self.flush()

    def code_system(self, resource: Mapping[str, Any], more_concepts: Chunks | None) -> None:
        name = resource.get("name")
        named = isinstance(name, str) and _NAME.fullmatch(name) is not None
        self.line(f"CodeSystem: {name if named else _id(resource)}")
        self.line(f"Id: {_id(resource)}")
        said = {"id", "concept"} | ({"name"} if named else set()) | self.keywords(resource)
        self.object("* ^", resource, self.shape("CodeSystem", frozenset(said)), 0)
        if more_concepts is None:
            if "concept" in resource:
                self.concepts("*", _listed(resource, "concept"), 0, 1)
            return
        index = 0
        for chunk in more_concepts():
            self.concepts("*", chunk, index, 1)
            index += len(chunk)

    def instance(self, resource: Mapping[str, Any]) -> None:
        kind = self.resource_type(resource)
        # Code systems and their naming systems often have the same id; names are unique in a guide.
        self.line(f"Instance: {kind}-{_id(resource)}")
        self.line(f"InstanceOf: {kind}")
        self.line("Usage: #definition")
        said = self.keywords(resource) & self.types[kind].keys() & resource.keys()
        self.object("* ", resource, self.shape(kind, frozenset(said)), 0)

    def keywords(self, resource: Mapping[str, Any]) -> set[str]:
        """Write title and description as keywords, which also name the resource in a guide's lists."""
        said = set()
        title = resource["title"] if "title" in resource else _carried_title(resource)
        if isinstance(title, str) and title:
            self.line(f"Title: {string(title)}")
            said.add("title")
        description = resource.get("description")
        if isinstance(description, str) and description:
            self.line(f"Description: {text(description)}")
            said.add("description")
        return said

    def line(self, rendered: str) -> None:
        self.templates.append(rendered.replace("%", "%%%%") + "\n")

    def shape(self, type_name: str, said: frozenset[str] = frozenset()) -> _Shape:
        key = (type_name, said)
        if key not in self.shapes:
            self.shapes[key] = _Shape(*key)
        return self.shapes[key]

    def concepts(self, path: str, concepts: Sequence[Any], index: int, depth: int) -> None:
        """Write concepts: ``* #parent #child "display" "definition"``, and caret rules for the rest."""
        shape = self.shape("CodeSystem.concept")
        plans = shape.plans
        try:
            for concept, code_token in zip(concepts, _codes_of(concepts), strict=True):
                concept_path = f"{path} {code_token}"
                for take, name, more in plans.get(tuple(concept)) or self.plan(shape, concept, depth):
                    take(concept_path, concept, depth, name, more)
                index += 1
                if len(self.strings) + len(self.codes) > _BATCH:
                    self.flush()
        except Unwritable as fault:
            fault.within(f"concept[{index}]")
            raise

    def object(self, prefix: str, data: Any, shape: _Shape, depth: int) -> None:
        """Write a rule for each value within an element."""
        for take, name, more in shape.plans.get(tuple(data)) or self.plan(shape, data, depth):
            take(prefix, data, depth, name, more)

    def plan(self, shape: _Shape, data: Any, depth: int) -> tuple[Step, ...]:
        if not isinstance(data, dict):
            raise Unwritable("is no object")
        if depth > DEEPEST:
            raise Unwritable(f"is nested more than {DEEPEST} deep")
        if len(shape.plans) >= _MOST_PLANS:
            shape.plans.clear()
        steps = shape.plans[tuple(data)] = tuple(_Plan(self, shape, tuple(data)).steps())
        return steps

    def resource_type(self, resource: Any) -> str:
        kind = resource.get("resourceType") if isinstance(resource, dict) else None
        if not isinstance(kind, str) or "implicitRules" not in self.types.get(kind, ()):
            raise Unwritable(f"is a resource of type {kind!r}, whose elements are not known here")
        return kind

    # What a step of a plan does. All have the same parameters: what stands before the names of elements, the
    # data, its depth, and what else the step needs.

    def texts(
        self, prefix: str, data: Mapping[str, Any], _: int, template: str, more: tuple[Any, ...]
    ) -> None:
        strings_of, codes_of, _names, _code_names = more
        self.templates.append(template.replace(_PREFIX, prefix))
        if strings_of is not None:
            self.strings += strings_of(data)
        if codes_of is not None:
            self.codes += codes_of(data)

    def single(self, prefix: str, data: Mapping[str, Any], depth: int, name: str, element: Element) -> None:
        try:
            if element.name in data:
                self.value(f"{prefix}{name}", element, data[element.name], depth)
            if f"_{element.name}" in data:
                self.shadow(f"{prefix}{name}", data[f"_{element.name}"], depth)
        except Unwritable as fault:
            fault.within(element.name)
            raise

    def several(self, prefix: str, data: Mapping[str, Any], depth: int, name: str, shape: _Shape) -> None:
        """Write objects that repeat."""
        own = name.removeprefix(" ^")
        values = data[own]
        if type(values) is not list or not values:
            values = _listed(data, own)
        index = 0
        try:
            for index, value in enumerate(values):
                place = f"{prefix}{name}[{index}]."
                for take, step, more in shape.plans.get(tuple(value)) or self.plan(shape, value, depth):
                    take(place, value, depth + 1, step, more)
        except Unwritable as fault:
            fault.within(f"{own}[{index}]")
            raise

    def each(self, prefix: str, data: Mapping[str, Any], depth: int, name: str, element: Element) -> None:
        """Write values that repeat: primitives, Codings and resources."""
        own = element.name
        values = _listed(data, own) if own in data else []
        shadows = _listed(data, f"_{own}") if f"_{own}" in data else []
        for index in range(max(len(values), len(shadows))):
            value = values[index] if index < len(values) else None
            beside = shadows[index] if index < len(shadows) else None
            try:
                if value is not None or beside is None:
                    self.value(f"{prefix}{name}[{index}]", element, value, depth)
                if beside is not None:
                    self.shadow(f"{prefix}{name}[{index}]", beside, depth)
            except Unwritable as fault:
                fault.within(f"{own}[{index}]")
                raise

    def below(self, path: str, concept: Mapping[str, Any], depth: int, _name: None, _more: None) -> None:
        self.concepts(path, _listed(concept, "concept"), 0, depth + 1)

    def value(self, path: str, element: Element, value: Any, depth: int) -> None:
        kind = element.type
        if element.is_primitive:
            self.templates.append(f"{path} = {_rendered(value, kind).replace('%', '%%%%')}\n")
            return
        if kind == "Resource":
            kind = self.resource_type(value)
            self.templates.append(f'{path}.resourceType = "{kind}"\n')
        elif kind == "Coding" and (coded := _coding(value)) is not None:
            self.templates.append(f"{path} = {coded.replace('%', '%%%%')}\n")
            return
        self.object(f"{path}.", value, self.shape(kind), depth + 1)

    def shadow(self, path: str, beside: Any, depth: int) -> None:
        """Write the id and the extensions of a primitive."""
        if not isinstance(beside, dict) or not beside or not beside.keys() <= {"id", "extension"}:
            raise Unwritable("has something besides id and extension beside its value")
        if "id" in beside:
            self.templates.append(f"{path}.id = {_rendered(beside['id'], 'id').replace('%', '%%%%')}\n")
        if "extension" in beside:
            self.several(f"{path}.", beside, depth + 1, "extension", self.shape("Extension"))

    def flush(self) -> None:
        """Write what was collected."""
        rules = "".join(self.templates) % tuple(_escaped(self.strings)) % tuple(_tokens(self.codes))
        self.write(rules.encode())
        self.templates, self.strings, self.codes = [], [], []


class _Locator(_Writer):
    """Looks at each value by itself, to name the first that can't be written."""

    def texts(
        self, prefix: str, data: Mapping[str, Any], _: int, template: str, more: tuple[Any, ...]
    ) -> None:
        for kind, names in zip(("string", "code"), more[2:], strict=True):
            for name in names:
                try:
                    _rendered(data[name], kind)
                except Unwritable as fault:
                    fault.within(name)
                    raise
        super().texts(prefix, data, _, template, more)


def _values(names: Sequence[str]) -> Callable[[Mapping[str, Any]], tuple[Any, ...]] | None:
    """Return what gives the values of some elements."""
    if len(names) > 1:
        return itemgetter(*names)
    if names:
        (name,) = names
        return lambda data: (data[name],)
    return None


class _Plan:
    """The steps that write the rules of one shape; neighbouring texts and codes become one step."""

    def __init__(self, writer: _Writer, shape: _Shape, keys: tuple[str, ...]) -> None:
        self.writer, self.shape = writer, shape
        self.elements = writer.types[shape.type]
        self.keys = set(keys) - shape.said
        if "implicitRules" in self.elements:
            self.keys.discard("resourceType")
        self.template, self.strings, self.codes = "", list[str](), list[str]()
        self.done: list[Step] = []
        self.mark = ""
        """What stands before the name of an element in a rule, besides what is around it."""

    def steps(self) -> list[Step]:
        for key in self.keys:
            element = self.elements.get(key.removeprefix("_"))
            if element is None or (key.startswith("_") and not element.is_primitive):
                raise Unwritable(f"has {key!r}, which {self.writer.version} does not define")
        if not self.keys and not self.shape.said:
            raise Unwritable("is empty")
        if self.shape.type == "CodeSystem.concept":
            self.begin_concept()
        for name, element in self.elements.items():
            if name in self.keys or f"_{name}" in self.keys:
                self.child(element)
        self.end_texts()
        return self.done

    def begin_concept(self) -> None:
        """Say code, display and definition in one line; a text by itself would be the display."""
        self.mark = " ^"
        self.template = _PREFIX
        for name in ("display", "definition"):
            if name not in self.keys:
                break
            self.template += ' "%s"'
            self.strings.append(name)
            self.keys.discard(name)
        self.template += "\n"
        self.keys.discard("code")

    def child(self, element: Element) -> None:
        writer, name, kind = self.writer, element.name, element.type
        if name == "concept" and self.mark:
            self.step(writer.below, None, None)
        elif element.is_list and not element.is_primitive and kind not in {"Coding", "Resource"}:
            self.step(writer.several, f"{self.mark}{name}", writer.shape(kind))
        elif element.is_list:
            self.step(writer.each, f"{self.mark}{name}", element)
        elif (
            not element.is_primitive
            or name not in self.keys
            or f"_{name}" in self.keys
            or kind in NUMBERS | BOOLEAN | {"markdown"}
        ):
            self.step(writer.single, f"{self.mark}{name}", element)
        elif kind == "code":
            self.template += f"{_PREFIX}{self.mark}{name} = %%s\n"
            self.codes.append(name)
        else:
            self.template += f'{_PREFIX}{self.mark}{name} = "%s"\n'
            self.strings.append(name)

    def step(self, take: Callable[..., None], name: str | None, more: Any) -> None:
        self.end_texts()
        self.done.append((take, name, more))

    def end_texts(self) -> None:
        if self.template:
            more = (_values(self.strings), _values(self.codes), tuple(self.strings), tuple(self.codes))
            self.done.append((self.writer.texts, self.template, more))
        self.template, self.strings, self.codes = "", [], []


def _escaped(values: list[str]) -> list[str]:
    """Return texts as they stand between quotes, with two percent signs for one."""
    if not values:
        return values
    joined = _SEPARATOR.join(values)
    encoded = joined.encode()
    if (
        joined.count(_SEPARATOR) >= len(values)
        or _SEPARATOR * 2 in joined
        or not values[0]
        or not values[-1]
        or len(encoded.translate(None, _CONTROLS)) != len(encoded)
    ):
        raise Unwritable("has a value that can't be written")
    for character, escaped in _ESCAPES.items():
        joined = joined.replace(character, escaped)
    return joined.replace("%", "%%").split(_SEPARATOR)


def _tokens(codes: list[str]) -> list[str]:
    """Return codes as FSH writes them."""
    return _bare_tokens(codes) or [_rendered(code, "code") for code in codes]


def _bare_tokens(codes: list[str]) -> list[str] | None:
    """Return codes as FSH writes them if none needs quotes; else nothing."""
    joined = "\n#".join(codes)
    tokens = f"#{joined}".split()
    plain = (
        len(tokens) == len(codes)
        and "\n".join(tokens) == f"#{joined}"
        and "#" not in tokens  # an empty one
        and '"' not in joined
        and "\\" not in joined
        and "".join(tokens).isprintable()
    )
    return tokens if plain else None


def _rendered(value: Any, kind: str) -> str:
    """Return a primitive's value as FSH writes it."""
    if kind in BOOLEAN:
        if not isinstance(value, bool):
            raise Unwritable(f"is {value!r}, not true or false")
        return "true" if value else "false"
    if kind in NUMBERS:
        return number_text(value)
    if not isinstance(value, str):
        raise Unwritable("is empty" if value is None else f"is {value!r}, not text")
    if not value:
        raise Unwritable("is empty")
    found = _FORBIDDEN.search(value)
    if found is not None:
        raise Unwritable(f"holds the character U+{ord(found[0]):04X}, which FHIR forbids in text")
    if kind == "code":
        return code(value)
    return text(value) if kind == "markdown" else string(value)


def string(value: str) -> str:
    r"""Return text in quotes.

    >>> print(string('a "b"'))
    "a \"b\""
    """
    for character, escaped in _ESCAPES.items():
        value = value.replace(character, escaped)
    return f'"{value}"'


def text(value: str) -> str:
    r"""Return text between triple quotes where it has several lines that come back unchanged; else in quotes.

    SUSHI takes away the indent that all lines share and blanks in lines of blanks only, and reads ``\n``.
    """
    lines = value.split("\n")
    if (
        len(lines) == 1
        or '"""' in value
        or value.endswith('"')
        or any(character in value for character in "\\\t\r")
        or not _inked(lines[0])
        or not _inked(lines[-1])
        or not all(line == "" or _inked(line) for line in lines)
        or not any(line and _inked(line[0]) for line in lines)
    ):
        return string(value)
    return f'"""\n{value}\n"""'


@lru_cache(maxsize=1 << 12)
def code(value: str) -> str:
    """Return a code as FSH writes it.

    >>> print(code("a"), code("a b"))
    #a #"a b"
    """
    if _BARE_CODE.fullmatch(value) is not None:
        return f"#{value}"
    if _CODE.fullmatch(value) is None:
        raise Unwritable(f"is the code {value!r}, whose blanks FSH has no way to write")
    quoted = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'#"{quoted}"'


def _inked(line: str) -> bool:
    """Tell whether a line has something that JavaScript and Python both see as no space."""
    return bool(line.strip(" \t\n\v\f\r\x1c\x1d\x1e\x1f\x85\u00a0\ufeff\u2028\u2029").strip())


def _listed(data: Mapping[str, Any], name: str) -> list[Any]:
    try:
        return stated_list(data[name])
    except Unwritable as fault:
        fault.within(name.removeprefix("_"))
        raise


def _codes_of(concepts: Sequence[Any]) -> Iterable[str]:
    """Return the codes of concepts as they stand in rules, with four percent signs for one."""
    try:
        tokens = _bare_tokens([concept["code"] for concept in concepts])
    except (KeyError, TypeError):
        tokens = None
    return map(_code_of, concepts) if tokens is None or "%" in "".join(tokens) else tokens


def _code_of(concept: Any) -> str:
    if not isinstance(concept, dict):
        raise Unwritable("is no object")
    try:
        return _rendered(concept.get("code"), "code").replace("%", "%%%%")
    except Unwritable as fault:
        fault.within("code")
        raise


def _id(resource: Mapping[str, Any]) -> str:
    stated = resource.get("id")
    if not isinstance(stated, str) or _ID.fullmatch(stated) is None:
        raise Unwritable("has no valid id, which FSH needs")
    return stated


def _coding(value: Any) -> str | None:
    """Return ``system#code "display"``, where that says all."""
    if not isinstance(value, dict):
        return None
    system, coded, display = value.get("system"), value.get("code"), value.get("display")
    if not (
        value.keys() <= _CODING
        and isinstance(system, str)
        and isinstance(coded, str)
        and _BARE_SYSTEM.fullmatch(system) is not None
    ):
        return None
    if "display" not in value:
        return f"{system}{code(coded)}"
    return f"{system}{code(coded)} {string(display)}" if isinstance(display, str) and display else None


def _carried_title(resource: Mapping[str, Any]) -> Any:
    """Return the title that an extension carries where NamingSystem has no element for it."""
    for extension in resource.get("extension") or ():
        if isinstance(extension, dict) and _TITLE.fullmatch(str(extension.get("url"))) is not None:
            return extension.get("valueString")
    return None
