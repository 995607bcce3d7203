"""What a conversion may be told, besides the page itself. Needs no third-party package."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, get_args

from termsmith.errors import SettingsError
from termsmith.model.fhir_version import FhirVersion as FhirVersion  # noqa: PLC0414  one of the settings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Carrier = Literal["cross-version", "artifact"]
Status = Literal["draft", "active", "retired", "unknown"]
Content = Literal["complete", "fragment", "example"]
HierarchyForm = Literal["nested", "parent-child", "as-stated"]
BundleType = Literal["transaction", "batch"]
Update = Literal["id", "conditional"]
NotPresent = Literal["create", "replace"]

RELEASE = "{fhir_version}"
"""In the name of a folder, what stands for the FHIR release."""

FHIR_VERSIONS: tuple[FhirVersion, ...] = get_args(FhirVersion)

WEB_ADDRESS = re.compile(r"https?://[^\s/?#]+[^\s?#]*")
"""An address that others are made from by adding to its path."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownException:
    """A finding, or several, that somebody has accepted."""

    rule: str
    """Code, or the letters of a family."""
    place: str
    """File, ``Type/id`` or ``Type/id#element``; ``*`` stands for anything."""
    reason: str
    expires: str | None
    """``YYYY-MM-DD``, the last day on which it holds; absent when it always does."""
    source: str
    """Configuration file that states it."""
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageSettings:
    """What a FHIR package says of itself; nothing of it can be guessed."""

    name: str
    """``org.example.terms``."""
    version: str
    canonical: str
    """Base of the URLs of what the package defines."""
    title: str | None = None
    description: str | None = None
    author: str | None = None
    license: str | None = None
    """SPDX identifier."""
    url: str | None = None
    homepage: str | None = None
    jurisdiction: str | None = None
    """``system#code``."""
    date: str | None = None
    """``YYYYMMDDhhmmss``."""
    dependencies: Mapping[str, str] = field(default_factory=dict)
    """Versions by package, besides the core package of the FHIR release."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleSettings:
    """How a Bundle loads resources into a server."""

    type: BundleType = "transaction"
    update: Update = "id"
    """``id`` puts a resource at its id, ``conditional`` where the server has it already."""
    not_present: NotPresent = "create"
    """Whether a CodeSystem without content is only created, or may replace one that has content."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Choices of the user that hold for every page of a run."""

    fhir_version: FhirVersion = "R4"
    dialect: str | None = None
    """Id of the dialect table to read every page with; absent to recognise each page."""
    dialect_tables: tuple[Path, ...] = ()
    """The user's own tables, to be used beside the built-in ones."""
    draft: bool = False
    """Write resources that lack required facts, with data-absent-reason."""
    registry: bool = True
    """Offer near matches from the shipped list of well-known systems."""
    base_url: str | None = None
    """Base of ``NamingSystem.url``, without a slash at the end; absent to write none."""
    carrier: Carrier = "cross-version"
    """Extensions that carry what R4's NamingSystem has no element for."""
    status: Status | None = None
    """For pages that state none; absent for the dialect's default."""
    case_sensitive: bool | None = None
    """``CodeSystem.caseSensitive`` for pages that don't say; absent to assume true with a finding."""
    content: Content | None = None
    """``CodeSystem.content`` of code tables that don't say; absent for ``fragment``, with a finding."""
    hierarchy: HierarchyForm | None = None
    """How a hierarchy is written; absent for ``as-stated``."""
    narrative: bool = False
    """Whether resources have a narrative."""
    narrative_templates: Path | None = None
    """Folder of the user's own templates for it."""
    exceptions: tuple[KnownException, ...] = ()
    """Findings to be left out, with reasons; in the order of the file."""
    package: PackageSettings | None = None
    """Absent when the configuration has no ``[package]``; then none can be written."""
    bundle: BundleSettings = BundleSettings()
    source_date: str | None = None
    """``YYYY-MM-DD`` of the environment's SOURCE_DATE_EPOCH, for pages that state no date."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GuideSettings:
    """Files of an implementation guide that a build keeps up to date; paths from the project's folder."""

    group: str | None = None
    """Id of the guide's group that the resources are listed in."""
    sushi_config: str | None = None
    ignore_warnings: str | None = None
    oid_map: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """What `termsmith build` makes of what; paths are as the configuration states them, from its folder."""

    file: Path
    """The configuration."""
    settings: Settings
    sources: tuple[str, ...]
    """Files and folders."""
    fhir_versions: tuple[FhirVersion, ...]
    """Releases to write, each once."""
    outputs: Mapping[str, str]
    """Folder of each format that is written; ``{fhir_version}`` in it is ``r4``, ``r4b`` or ``r5``."""

    guide: GuideSettings = GuideSettings()

    @property
    def guide_release(self) -> FhirVersion:
        """The release that the guide is of: ``fhir_version`` where it is written, else the first."""
        stated = self.settings.fhir_version
        return stated if stated in self.fhir_versions else self.fhir_versions[0]

    @property
    def folder(self) -> Path:
        """The project's folder."""
        return self.file.parent

    def folder_of(self, stated: str, release: FhirVersion) -> Path:
        """Return the folder that an output goes to for a release; of several, each has its own."""
        if RELEASE in stated:
            return self.folder / stated.replace(RELEASE, release.lower())
        folder = self.folder / stated
        return folder / release.lower() if len(self.fhir_versions) > 1 else folder


def source_date_of(environment: Mapping[str, str]) -> str | None:
    """Return SOURCE_DATE_EPOCH as a UTC date, or nothing where it is not set.

    Raises:
        SettingsError: SET003, when it is no number of seconds.

    >>> source_date_of({"SOURCE_DATE_EPOCH": "1700000000"})
    '2023-11-14'
    """
    from datetime import UTC, datetime  # noqa: PLC0415  only needed where the variable is set

    seconds = environment.get("SOURCE_DATE_EPOCH", "")
    if not seconds:
        return None
    try:
        return datetime.fromtimestamp(int(seconds), UTC).date().isoformat()
    except (ValueError, OverflowError, OSError) as error:
        raise SettingsError(
            "SET003",
            f"SOURCE_DATE_EPOCH is {seconds!r}, which is no number of seconds since 1970",
            "Set it to a number such as that of `git log -1 --format=%ct`, or unset it.",
        ) from error
