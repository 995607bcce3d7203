"""A first configuration for the folder of a project, by what is in it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

SUSHI_FILE = "sushi-config.yaml"
PUBLISHER_FILE = "ig.ini"
_VERSIONS = {"4.0": "R4", "4.3": "R4B", "5.0": "R5"}
_SUSHI = re.compile(r"^(?P<key>canonical|fhirVersion)\s*:\s*['\"]?(?P<value>[^\s'\"#]+)", re.MULTILINE)
_GUIDE = re.compile(r"^\s*ig\s*=\s*(?P<path>\S.*?)\s*$", re.MULTILINE)
_XML = re.compile(r"<(?P<key>url|fhirVersion)\s+value\s*=\s*[\"'](?P<value>[^\"'<>\s]+)[\"']")
_WEB = re.compile(r"https?://[^\s/?#]+[^\s?#]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a folder tells of the project in it."""

    kind: str
    """In words: ``a SUSHI project``."""
    described_in: str | None = None
    """File that the next two are from."""
    canonical: str | None = None
    fhir_version: str | None = None

    @property
    def is_guide(self) -> bool:
        """Whether the project is an implementation guide."""
        return self.described_in is not None


def guide_path(ini: str) -> str | None:
    """Return where an ``ig.ini`` says that the ImplementationGuide is."""
    found = _GUIDE.search(ini)
    return None if found is None else found["path"]


def setting_of(texts: Mapping[str, str]) -> Setting:
    """Return what kind of project a folder has.

    Args:
        texts: By path from the folder: ``sushi-config.yaml``, ``ig.ini`` and the ImplementationGuide that it
            names, as far as they are there.
    """
    if SUSHI_FILE in texts:
        stated = {found["key"]: found["value"] for found in _SUSHI.finditer(texts[SUSHI_FILE])}
        return Setting(
            kind="a SUSHI project",
            described_in=SUSHI_FILE,
            canonical=_web(stated.get("canonical")),
            fhir_version=_release(stated.get("fhirVersion")),
        )
    if PUBLISHER_FILE in texts:
        path = guide_path(texts[PUBLISHER_FILE])
        url, version = _of_guide(texts.get(path, "")) if path is not None else (None, None)
        base = None if url is None else url.partition("/ImplementationGuide/")[0]
        return Setting(
            kind="an IG Publisher project",
            described_in=path or PUBLISHER_FILE,
            canonical=_web(base),
            fhir_version=_release(version),
        )
    return Setting(kind="a folder of pages")


def first_configuration(setting: Setting, found: tuple[str, ...]) -> str:
    """Return the text of a first ``termsmith.toml``.

    Args:
        setting: What the folder tells.
        found: Folders with pages that a dialect fits, relative to it; empty when there are none.
    """
    from jinja2 import Environment, StrictUndefined  # noqa: PLC0415  takes time to load

    environment = Environment(  # noqa: S701  TOML, not HTML
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True, undefined=StrictUndefined
    )
    environment.filters["toml"] = json.dumps  # a JSON string is a TOML string
    template = (files(__package__) / "first.toml.jinja").read_text(encoding="utf-8")
    return environment.from_string(template).render(
        kind=setting.kind,
        version_from=setting.described_in,
        fhir_version=setting.fhir_version,
        canonical=setting.canonical,
        found=found,
        suggested="input/terminology-pages" if setting.is_guide else "pages",
        json="input/vocabulary" if setting.is_guide else "output",
    )


def _of_guide(text: str) -> tuple[str | None, str | None]:
    """Return url and FHIR version of an ImplementationGuide; first ones, as those of its parts come later."""
    if text.lstrip()[:1] == "{":
        try:
            data = json.loads(text)
        except ValueError:
            return None, None
        versions = data.get("fhirVersion")
        url = data.get("url")
        version = versions[0] if isinstance(versions, list) and versions else None
        return url if isinstance(url, str) else None, version if isinstance(version, str) else None
    stated: dict[str, str] = {}
    for found in _XML.finditer(text):
        stated.setdefault(found["key"], found["value"])
    return stated.get("url"), stated.get("fhirVersion")


def _release(version: str | None) -> str | None:
    return None if version is None else _VERSIONS.get(version[:3])


def _web(url: str | None) -> str | None:
    return url.rstrip("/") if url is not None and _WEB.fullmatch(url) else None
