"""``text.div`` of a resource, from a template that users may replace; what FHIR forbids never gets into it.

Templates run in jinja2's sandbox, with values escaped, and see no files but templates. What comes out is
read as the checks of resources read narratives: a template that yields anything they would complain about is
an error.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from termsmith.checks.carried import carried
from termsmith.checks.narrative.reading import read_narrative
from termsmith.errors import SettingsError
from termsmith.model.record import Origin
from termsmith.model.result import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from jinja2 import Environment

    from termsmith.model.result import Conversion, Resource

TEMPLATES = {
    "NamingSystem": "naming_system.html.jinja",
    "CodeSystem": "code_system.html.jinja",
}
"""Template of each type; a file of that name in the user's folder takes its place."""
MOST_CONCEPTS = 1000
"""Codes that a narrative lists; where there are more, it only says so."""
_BEFORE = ("resourceType", "id", "meta", "implicitRules", "language")
"""Elements that stand before ``text``."""
_CARRIED = ("title", "url", "version", "copyright")
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML has no way to write."""
_RIGHT_TO_LEFT = re.compile(
    r"(?:ar|arc|ckb|dv|fa|he|ks|nqo|ps|sd|syr|ug|ur|yi)(?!-[a-z]{4}\b)(?:-|$)|[a-z]+-(?:arab|hebr|syrc|thaa|nkoo)\b",
    re.IGNORECASE,
)
"""Languages written from right to left, unless they state another script; and others in such a script."""
_ESCAPE_OR_CODE = re.compile(
    r"\\(?P<kept>[!-/:-@\[-`{-~])|(?P<fence>`+)(?!`).{0,200}?(?<!`)(?P=fence)(?!`)", re.DOTALL
)
"""https://spec.commonmark.org/0.31.2/#backslash-escapes"""
_WEB = re.compile(r"https?://[^\s<>\"]+")


def with_narratives(conversion: Conversion, folder: Path | None) -> Conversion:
    """Return a conversion whose NamingSystems and CodeSystems have a narrative; a ValueSet stays as it is.

    Args:
        conversion: As it was made.
        folder: The user's templates; absent for ours alone.

    Raises:
        SettingsError: SET008, when a template fails, or yields what FHIR does not allow.
    """
    resources, evidence = [], list(conversion.evidence)
    for resource in conversion.resources:
        if resource.type not in TEMPLATES:
            resources.append(resource)
            continue
        name = TEMPLATES[resource.type]
        text = {"status": "generated", "div": narrative_of(resource, folder)}
        first = {key: resource.data[key] for key in _BEFORE if key in resource.data}
        resources.append(replace(resource, data={**first, "text": text, **_behind(resource.data)}))
        evidence += (
            Evidence(
                resource=f"{resource.type}/{resource.id}",
                element=f"{resource.type}.text.{key}",
                value=value,
                origin=Origin.CONFIGURATION,
                spans=(),
                reason=f"narrative is asked for; template {name}",
            )
            for key, value in text.items()
        )
    return replace(conversion, resources=tuple(resources), evidence=tuple(evidence))


def _behind(data: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if key not in _BEFORE}


def narrative_of(resource: Resource, folder: Path | None) -> str:
    """Return the XHTML of a resource's narrative.

    Raises:
        SettingsError: SET008, as `with_narratives`.
    """
    from jinja2 import TemplateError  # noqa: PLC0415  takes time to load

    if folder is not None and not folder.is_dir():
        raise SettingsError(
            "SET008",
            f"{folder.as_posix()}: no such folder",
            "Correct narrative_templates in [outputs] of the configuration.",
        )
    name, data = TEMPLATES[resource.type], resource.data
    stated = {key: None if (found := carried(data, key)) is None else found.value for key in _CARRIED}
    concepts = list(_concepts(data)) if resource.more_concepts is None else []
    try:
        div = (
            _environment(folder)
            .get_template(name)
            .render(
                resource=data,
                language=_language(data),
                concepts=concepts if len(concepts) <= MOST_CONCEPTS else [],
                has_concepts=bool(concepts) or resource.more_concepts is not None,
                **stated,
            )
        )
    except (
        TemplateError,
        ArithmeticError,
        LookupError,
        TypeError,
        ValueError,
        OSError,
        RecursionError,
        MemoryError,
    ) as error:
        line = getattr(error, "lineno", None)
        where = f"{_shown(folder, name)}{f':{line}' if line is not None else ''}"
        problem = "it needs more memory than there is" if isinstance(error, MemoryError) else error
        raise SettingsError(
            "SET008",
            f"{where}: the template fails: {problem}",
            "Correct it, or remove it for the built-in one.",
        ) from error
    faults = read_narrative(div.strip()).faults
    if faults:
        raise SettingsError(
            "SET008",
            f"{_shown(folder, name)} yields for {resource.type}/{resource.id} what narratives may not have: "
            + "; ".join(f"{code} {_facts(facts)}" for code, facts in faults[:3]),
            "`termsmith rules show CODE` says what is allowed.",
        )
    return div.strip()


def _concepts(data: Mapping[str, Any]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yield level and concept, parents before their children; one more than are listed at most."""
    waiting = [(1, each) for each in reversed(data.get("concept", ()))]
    for _ in range(MOST_CONCEPTS + 1):
        if not waiting:
            return
        level, concept = waiting.pop()
        yield level, concept
        waiting += ((level + 1, each) for each in reversed(concept.get("concept", ())))


def _language(data: Mapping[str, Any]) -> str:
    """Return the attributes that say in which language the narrative is, where the resource does."""
    from markupsafe import Markup  # noqa: PLC0415  jinja2's

    stated = data.get("language")
    if not stated:
        return ""
    direction = Markup(' dir="rtl"') if _RIGHT_TO_LEFT.match(str(stated)) else ""
    return Markup(' lang="{0}" xml:lang="{0}"{1}').format(stated, direction)


@cache
def _environment(folder: Path | None) -> Environment:
    from jinja2 import ChoiceLoader, DictLoader, FileSystemLoader  # noqa: PLC0415  takes time to load
    from jinja2.sandbox import ImmutableSandboxedEnvironment  # noqa: PLC0415  as above

    ours = files(__package__) / "templates"
    built_in = DictLoader({name: (ours / name).read_text(encoding="utf-8") for name in TEMPLATES.values()})
    loader = built_in if folder is None else ChoiceLoader([FileSystemLoader(folder), built_in])
    environment = ImmutableSandboxedEnvironment(
        loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True, finalize=_writable
    )
    environment.tests["web_address"] = _is_web_address
    environment.filters["unescaped"] = _unescaped
    return environment


def _writable(value: Any) -> Any:
    if value is None:
        return ""
    return type(value)(_FORBIDDEN.sub("\ufffd", value)) if isinstance(value, str) else value


def _unescaped(markdown: object) -> object:
    """Return Markdown without the backslashes that keep characters from being markup; code has none."""
    if not isinstance(markdown, str):
        return markdown
    return _ESCAPE_OR_CODE.sub(lambda found: found["kept"] or found[0], markdown)


def _is_web_address(value: object) -> bool:
    return isinstance(value, str) and _WEB.fullmatch(value) is not None


def _shown(folder: Path | None, name: str) -> str:
    own = None if folder is None else folder / name
    return own.as_posix() if own is not None and own.is_file() else f"the built-in template {name}"


def _facts(facts: Mapping[str, Any]) -> str:
    return ", ".join(f"{key} {value}" for key, value in facts.items())
