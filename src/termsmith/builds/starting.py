"""A first configuration for the folder of a project, by what is in it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

from termsmith.settings import WEB_ADDRESS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

SUSHI_FILE = "sushi-config.yaml"
PUBLISHER_FILE = "ig.ini"
GENERATED = ("fsh-generated", "output", "temp", "template", "node_modules", "input-cache")
"""Folders that SUSHI, the IG Publisher and we write."""
_OF_THE_GUIDE = frozenset({"input/pagecontent", "input/pages", "input/intro-notes"})
"""Folders in which the IG Publisher looks for the pages of a guide itself."""
_OWN_FOLDER = "input/terminology-pages"
_VERSIONS = {"4.0": "R4", "4.3": "R4B", "5.0": "R5"}
_CANONICAL = re.compile(r"^canonical[ \t]*:[ \t]*['\"]?(?P<value>[^\s'\"#]+)", re.MULTILINE)
_FHIR = re.compile(
    r"^fhirVersion[ \t]*:(?P<line>[^\n]*)\n?(?P<items>(?:[ \t]*-[ \t][^\n]*(?:\n|\Z))*)", re.MULTILINE
)
_GUIDE = re.compile(r"^\s*ig\s*=\s*(?P<path>\S.*?)\s*$", re.MULTILINE)
_XML = re.compile(r"<(?P<key>url|fhirVersion)\s[^<>]*?\bvalue\s*=\s*[\"'](?P<value>[^\"'<>\s]+)[\"']")


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a folder tells of the project in it."""

    kind: str
    """In words: ``a SUSHI project``."""
    described_in: str | None = None
    """File that the next two are from."""
    canonical: str | None = None
    fhir_version: str | None = None

    unread: tuple[str, ...] = ()
    """What could not be learned, in words."""

    @property
    def is_guide(self) -> bool:
        """Whether the project is an implementation guide."""
        return self.described_in is not None


def generated_folders(folder: Path) -> tuple[Path, ...]:
    """Return the folders of an implementation guide that are written by others; none for other projects."""
    is_guide = any((folder / name).is_file() for name in (SUSHI_FILE, PUBLISHER_FILE))
    return tuple(folder / name for name in GENERATED) if is_guide else ()


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
    texts = {name: text.removeprefix("\ufeff") for name, text in texts.items()}
    if SUSHI_FILE in texts:
        canonical = _CANONICAL.search(texts[SUSHI_FILE])
        return _guide(
            "a SUSHI project",
            SUSHI_FILE,
            None if canonical is None else canonical["value"],
            _sushi_versions(texts[SUSHI_FILE]),
        )
    if PUBLISHER_FILE in texts:
        kind = "an IG Publisher project"
        path = guide_path(texts[PUBLISHER_FILE])
        if path is None or path not in texts:
            what = "names no ImplementationGuide" if path is None else f"names {path}, which can't be read"
            unread = (f"{PUBLISHER_FILE} {what}: its canonical and its FHIR version are not known",)
            return Setting(kind=kind, described_in=path or PUBLISHER_FILE, unread=unread)
        url, versions = _of_guide(texts[path])
        return _guide(
            kind, path, None if url is None else url.partition("/ImplementationGuide/")[0], versions
        )
    return Setting(kind="a folder of pages")


def _guide(kind: str, file: str, canonical: str | None, versions: Sequence[str]) -> Setting:
    """Return what the description of a guide tells, and what it doesn't."""
    unread = []
    base = _web(canonical)
    if base is None:
        stated = (
            "no canonical" if canonical is None else f"the canonical {canonical}, which is no web address"
        )
        unread.append(f"{file} states {stated}: NamingSystems have no url")
    releases = [_VERSIONS.get(version[:3]) for version in versions]
    release = next(filter(None, releases), None)
    if releases != [release] or release is None:
        stated = f"FHIR version {' and '.join(versions)}" if versions else "no FHIR version"
        unread.append(f"{file} states {stated}: {release or 'R4'} is taken; R4, R4B and R5 can be written")
    return Setting(kind=kind, described_in=file, canonical=base, fhir_version=release, unread=tuple(unread))


def _sushi_versions(text: str) -> list[str]:
    """Return the FHIR versions that a ``sushi-config.yaml`` states: one, a list on the line, or one below."""
    found = _FHIR.search(text)
    if found is None:
        return []
    lines = [found["line"], *found["items"].splitlines()]
    bare = (re.sub(r"(^|\s)#.*", "", line) for line in lines)
    return [word for line in bare for word in re.split(r"[\s,\[\]'\"]+", line) if word.strip("-")]


def remarks_on(found: Iterable[str], folder: Path) -> list[str]:
    """Return what is to be said of sources that are proposed.

    Args:
        found: Files and folders with pages, relative to the project's.
        folder: The project's.
    """
    remarks = []
    files = [name for name in found if (folder / name).is_file()]
    if files:
        remarks.append(
            "files are named where others that no dialect fits are beside them; name new pages too, or give "
            "pages a folder of their own"
        )
    shared = [name for name in found if name in _OF_THE_GUIDE or name.rpartition("/")[0] in _OF_THE_GUIDE]
    folders = dict.fromkeys(name.rpartition("/")[0] if name in files else name for name in shared)
    remarks += (
        f"the IG Publisher makes pages of the guide of what is in {each}; {_OWN_FOLDER} is no such folder"
        for each in folders
    )
    return remarks


def first_configuration(setting: Setting, found: tuple[str, ...], remarks: Sequence[str] = ()) -> str:
    """Return the text of a first ``termsmith.toml``.

    Args:
        setting: What the folder tells.
        found: Files and folders with pages that a dialect fits, relative to it; empty when there are none.
        remarks: What is to be said of those.
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
        remarks=remarks,
        unread=setting.unread,
        suggested=_OWN_FOLDER if setting.is_guide else "pages",
        json="input/vocabulary" if setting.is_guide else "output",
    )


def _of_guide(text: str) -> tuple[str | None, list[str]]:
    """Return url and FHIR versions of an ImplementationGuide."""
    if text.lstrip()[:1] == "{":
        try:
            data = json.loads(text)
        except (ValueError, RecursionError):
            return None, []
        versions, url = data.get("fhirVersion"), data.get("url")
        listed = versions if isinstance(versions, list) else [versions]
        return url if isinstance(url, str) else None, [each for each in listed if isinstance(each, str)]
    stated: dict[str, list[str]] = {"url": [], "fhirVersion": []}
    for found in _XML.finditer(text):
        stated[found["key"]].append(found["value"])
    # The first url, as those of its parts come later.
    return next(iter(stated["url"]), None), stated["fhirVersion"]


def _web(url: str | None) -> str | None:
    return url.rstrip("/") if url is not None and WEB_ADDRESS.fullmatch(url) else None
