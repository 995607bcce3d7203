"""Reading `termsmith.toml`, with every mistake named by its line."""

from __future__ import annotations

import os
import re
from datetime import date, datetime  # noqa: TC003  pydantic reads them
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    ValidationError,
    WithJsonSchema,
)

from termsmith.errors import SettingsError, UsageError, cause_of
from termsmith.settings import (
    RELEASE,
    WEB_ADDRESS,
    BundleSettings,
    BundleType,
    Carrier,
    Content,
    FhirVersion,
    GuideSettings,
    HierarchyForm,
    KnownException,
    NotPresent,
    PackageSettings,
    Project,
    Settings,
    Status,
    Update,
)
from termsmith.toml.form import of_form
from termsmith.toml.mistakes import dotted, mistakes, problem_of
from termsmith.toml.parsing import NoTomlError, parse_toml
from termsmith.toml.places import Places

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

DEFAULT_NAME = "termsmith.toml"
"""Read from the current folder when no other file is named."""

LARGEST = 1_000_000
"""Bytes of a configuration at most."""
_HINT = "`termsmith schema config` prints every key; the documentation of termsmith.toml explains them."


def _without_last_slash(text: str) -> str:
    return text.rstrip("/")


_Web = Annotated[
    str,
    of_form(WEB_ADDRESS.pattern, "web address", "https://HOST or https://HOST/PATH"),
    AfterValidator(_without_last_slash),
]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DefaultsTable(_Table):
    """``[defaults]``: what holds for pages that don't say."""

    status: Status | None = Field(default=None, description="Publication status of the resources.")
    case_sensitive: StrictBool | None = Field(default=None, description="Whether codes are case sensitive.")


class ConceptsTable(_Table):
    """``[concepts]``: what holds for code tables that don't say."""

    content: Content | None = Field(default=None, description="Whether the tables list all codes.")
    hierarchy: HierarchyForm | None = Field(default=None, description="How a hierarchy is written.")


def _stated(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        msg = "it holds half of a character; allowed: a text"
        raise ValueError(msg) from None
    if not text.strip():
        msg = "it is empty; allowed: a text"
        raise ValueError(msg)
    return text.strip()


_Text = Annotated[str, AfterValidator(_stated), WithJsonSchema({"type": "string", "minLength": 1})]
_RuleCode = Annotated[
    str,
    of_form(r"[A-Z]{3}([0-9]{3})?", "rule", "a code such as NAM003, or the letters of a family such as NAM"),
]


class ExceptionTable(_Table):
    """``[[exceptions]]``: findings of `check` that are known and accepted."""

    rule: _RuleCode = Field(description="Code of a rule, or of a family.")
    place: _Text = Field(description="File, Type/id or Type/id#element.")
    reason: _Text = Field(description="Why it is accepted.")
    expires: Annotated[date, Field(strict=True)] | None = Field(
        None, description="Last day on which the exception holds."
    )


_PackageName = Annotated[
    str,
    of_form(
        r"[a-z][a-z0-9-]*(\.[a-z0-9][a-z0-9-]*)+",
        "name of a package",
        "small letters with dots, such as org.example.terms",
    ),
]
_PackageVersion = Annotated[
    str,
    of_form(
        r"[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?",
        "version of a package",
        "three numbers, such as 1.0.0 or 1.0.0-beta",
    ),
]
_NeededVersion = Annotated[str, of_form(r"[0-9A-Za-z.+-]+", "version", "a version such as 5.0.0, or current")]


class PackageTable(_Table):
    """``[package]``: what the FHIR package says of itself."""

    name: _PackageName = Field(description="Such as org.example.terms.")
    version: _PackageVersion = Field(description="Such as 1.0.0.")
    canonical: _Web = Field(description="Base of the URLs of what the package defines.")
    title: _Text | None = Field(None, description="Name for people.")
    description: _Text | None = Field(None, description="What the package is for.")
    author: _Text | None = Field(None, description="Who makes it.")
    license: _Text | None = Field(None, description="SPDX identifier of its license.")
    url: _Web | None = Field(None, description="Where this version is published.")
    homepage: _Web | None = Field(None, description="Page about the package.")
    jurisdiction: _Text | None = Field(None, description="As system#code.")
    date: Annotated[datetime, Field(strict=True)] | None = Field(
        None, description="When it was made; without it, the package says nothing."
    )
    dependencies: dict[_PackageName, _NeededVersion] = Field(
        {}, description="Packages that it needs besides FHIR itself, with their versions."
    )


class BundleTable(_Table):
    """``[bundle]``: how a Bundle loads resources into a server."""

    type: BundleType = Field(default="transaction", description="All or nothing, or each by itself.")
    update: Update = Field(default="id", description="Where resources are put.")
    not_present: NotPresent = Field(default="create", description="What records without content may do.")


def _distinct(stated: tuple[str, ...]) -> tuple[str, ...]:
    if not stated:
        msg = "it is empty; allowed: at least one"
        raise ValueError(msg)
    repeated = [each for number, each in enumerate(stated) if each in stated[:number]]
    if repeated:
        msg = f"{repeated[0]!r} stands in it twice; allowed: each once"
        raise ValueError(msg)
    return stated


class BuildTable(_Table):
    """``[build]``: what `termsmith build` reads, and for which FHIR releases it writes."""

    sources: Annotated[tuple[_Text, ...], AfterValidator(_distinct)] | None = Field(
        default=None, description="Files and folders of pages; paths from the file's folder."
    )
    fhir_versions: Annotated[tuple[FhirVersion, ...], AfterValidator(_distinct)] | None = Field(
        default=None, description="FHIR releases to write; without it, fhir_version."
    )


_GENERATED = "fsh-generated"
"""Folder that SUSHI empties before it writes into it."""


def _kept_folder(text: str) -> str:
    folder = _stated(text)
    if _GENERATED in re.split(r"[/\\]", folder):
        msg = f"{text!r} is emptied by each run of SUSHI; allowed: a folder such as input/vocabulary"
        raise ValueError(msg)
    if re.search(r"[{}]", folder.replace(RELEASE, "")) is not None:
        msg = f"{text!r} has a placeholder that is none; allowed: {RELEASE}"
        raise ValueError(msg)
    plain = os.path.normpath(folder).replace(os.sep, "/")
    if folder.count(RELEASE) != plain.count(RELEASE):
        msg = f"{text!r} leaves the folder of {RELEASE} again; allowed: no .. behind it"
        raise ValueError(msg)
    return plain


def _kept_file(text: str) -> str:
    file = _kept_folder(text)
    if RELEASE in file:
        msg = f"{text!r} is one file for all releases; allowed: a name without {RELEASE}"
        raise ValueError(msg)
    return file


_NAMED = WithJsonSchema({"type": "string", "minLength": 1})
_Folder = Annotated[str, AfterValidator(_kept_folder), _NAMED]
_File = Annotated[str, AfterValidator(_kept_file), _NAMED]


class OutputsTable(_Table):
    """``[outputs]``: what `termsmith build` writes, and where; paths from the file's folder."""

    json_folder: _Folder | None = Field(
        default=None, alias="json", description="Folder for the resources as JSON."
    )
    xml: _Folder | None = Field(default=None, description="Folder for the resources as XML.")
    fsh: _Folder | None = Field(default=None, description="Folder for the resources as FSH.")
    package: _Folder | None = Field(default=None, description="Folder for package.tgz, the FHIR package.")
    bundle: _Folder | None = Field(default=None, description="Folder for bundle.json.")

    narrative: StrictBool = Field(default=False, description="Whether resources have a narrative.")
    narrative_templates: _Text | None = Field(
        default=None, description="Folder of own templates for narratives."
    )
    sushi_config: _File | None = Field(
        default=None, description="The guide's sushi-config.yaml, to list the resources in."
    )
    ignore_warnings: _File | None = Field(
        default=None, description="The guide's ignoreWarnings.txt, for accepted findings."
    )
    oid_map: _File | None = Field(default=None, description="CSV file of OIDs with their URLs.")

    def folders(self) -> dict[str, str]:
        """Return the folder of each format that is switched on; JSON alone where none is stated."""
        stated = {
            "json": self.json_folder,
            "xml": self.xml,
            "fsh": self.fsh,
            "package": self.package,
            "bundle": self.bundle,
        }
        return {name: folder for name, folder in stated.items() if folder is not None} or {"json": "output"}


_FhirId = Annotated[str, of_form(r"[A-Za-z0-9.-]{1,64}", "id", "letters, digits, - and ., at most 64")]


class GuideTable(_Table):
    """``[guide]``: how an implementation guide lists the resources."""

    group: _FhirId | None = Field(
        default=None, description="Id of the guide's group that they are listed in."
    )


CONFIG_FORM = 1
"""Number of the form that `termsmith.toml` has; it grows when a key changes its meaning."""


class SettingsTable(_Table):
    """The whole of `termsmith.toml`."""

    form: Annotated[StrictInt, Field(ge=1)] = Field(1, description="Number of the form of this file.")
    fhir_version: FhirVersion = Field("R4", description="FHIR release to write.")
    dialect: str | None = Field(None, description="Id of the dialect table to read every page with.")
    dialect_tables: tuple[_Text, ...] = Field((), description="Own tables; paths from the file's folder.")
    draft: StrictBool = Field(default=False, description="Write resources that lack required facts.")
    registry: StrictBool = Field(default=True, description="Offer matches from the list of known systems.")
    base_url: _Web | None = Field(None, description="Base of NamingSystem.url.")
    carrier: Carrier = Field("cross-version", description="Extensions for what R4 has no element for.")
    defaults: DefaultsTable = Field(DefaultsTable(), description="What holds for pages that don't say.")
    concepts: ConceptsTable = Field(ConceptsTable(), description="What holds for code tables that don't say.")
    package: PackageTable | None = Field(None, description="What the FHIR package says of itself.")
    bundle: BundleTable = Field(BundleTable(), description="How a Bundle loads resources into a server.")
    build: BuildTable = Field(BuildTable(), description="What `termsmith build` reads.")
    outputs: OutputsTable = Field(
        OutputsTable.model_validate({}), description="What `termsmith build` writes, and where."
    )
    guide: GuideTable = Field(GuideTable(), description="How a guide lists the resources.")
    exceptions: tuple[ExceptionTable, ...] = Field((), description="Findings that are known and accepted.")


def find_settings_file(folder: Path) -> Path | None:
    """Return the `termsmith.toml` of a folder, or nothing where it has none."""
    path = folder / DEFAULT_NAME
    return path if path.is_file() else None


def read_settings_file(path: Path) -> Settings:
    """Return the settings that a configuration file states; what it doesn't state has its default.

    Raises:
        SettingsError: SET001, when it is no TOML or a key or value is wrong, naming the line; SET002,
            when it can't be read; SET006, when a newer termsmith is needed.
    """
    table, text = _read(path)
    return _settings(table, path.parent, path.as_posix(), text)


def read_project_file(path: Path) -> Project:
    """Return what a configuration file says of builds.

    Raises:
        SettingsError: As `read_settings_file`, and SET001, when files of the guide are others of the project;
            SET004, when it asks for a package and doesn't describe it; and SET005, when it names no sources.
    """
    table, text = _read(path)
    if table.build.sources is None:
        raise SettingsError(
            "SET005",
            f"{path.as_posix()} does not say what to build",
            'State it: [build] sources = ["pages"]; or let `termsmith init` write a first configuration.',
        )
    outputs = table.outputs.folders()
    problems = sorted(_clashes(table, path, text))
    if problems:
        raise SettingsError("SET001", "\n".join(message for _, message in problems), _HINT)
    if "package" in outputs and table.package is None:
        raise SettingsError(
            "SET004",
            f"{path.as_posix()}: a package needs a name, a version and a canonical URL; [package] is missing",
            "Put [package] with name, version and canonical into it.",
        )
    return Project(
        file=path,
        settings=_settings(table, path.parent, path.as_posix(), text),
        sources=table.build.sources,
        fhir_versions=table.build.fhir_versions or (table.fhir_version,),
        outputs=outputs,
        guide=GuideSettings(
            group=table.guide.group,
            sushi_config=table.outputs.sushi_config,
            ignore_warnings=table.outputs.ignore_warnings,
            oid_map=table.outputs.oid_map,
        ),
    )


def _clashes(table: SettingsTable, path: Path, text: str) -> Iterator[tuple[int, str]]:
    """Yield what keys of ``[outputs]`` ask for and can't have together with others, each with its line."""
    places = Places(text)

    def problem(key: str, what: str) -> tuple[int, str]:
        line = places.line(("outputs", key))
        return line, f"{path.as_posix()}:{line}: outputs.{key}: {what}"

    outputs = table.outputs
    files = {
        "sushi_config": outputs.sushi_config,
        "ignore_warnings": outputs.ignore_warnings,
        "oid_map": outputs.oid_map,
    }
    taken = {path.resolve(): "this configuration"}
    taken |= {(path.parent / name).resolve(): "a dialect table" for name in table.dialect_tables}
    taken |= {(path.parent / name).resolve(): "a source" for name in table.build.sources or ()}
    for key, name in files.items():
        if name is None:
            continue
        other = taken.setdefault((path.parent / name).resolve(), f"what {key} names")
        if other != f"what {key} names":
            yield problem(key, f"{name!r} is {other}; allowed: a file of its own")
    if outputs.narrative_templates is not None and not outputs.narrative:
        yield problem("narrative_templates", "a build uses it only with narrative; allowed: narrative = true")


def _unreadable(shown: str, why: str) -> SettingsError:
    return SettingsError(
        "SET002",
        f"{shown}: can't be read: {why}",
        "Check the path of the configuration; `termsmith init` writes a first one.",
    )


def _read(path: Path) -> tuple[SettingsTable, str]:
    shown = path.as_posix()
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:  # a path with a NUL is a ValueError
        raise _unreadable(shown, cause_of(error)) from error
    if len(data) > LARGEST:
        raise _unreadable(shown, f"it has more than {LARGEST:,} bytes")
    try:
        stated, text = parse_toml(data)
    except NoTomlError as error:
        raise SettingsError("SET001", error.told(shown), error.hint) from error
    form = stated.get("form")
    if isinstance(form, int) and form > CONFIG_FORM:
        raise SettingsError(
            "SET006",
            f"{shown}:{Places(text).line(('form',))}: form is {form}, and this termsmith knows {CONFIG_FORM}",
            "Update termsmith: the file was written for a newer one.",
        )
    try:
        return SettingsTable.model_validate(stated), text
    except ValidationError as error:
        told = [each.told(shown) for each in mistakes(error, SettingsTable, text)]
        raise SettingsError("SET001", "\n".join(told), _HINT) from error


def _settings(table: SettingsTable, folder: Path, shown: str, text: str) -> Settings:
    places = Places(text)
    return Settings(
        fhir_version=table.fhir_version,
        dialect=table.dialect,
        dialect_tables=tuple(folder / name for name in table.dialect_tables),
        draft=table.draft,
        registry=table.registry,
        base_url=table.base_url,
        carrier=table.carrier,
        status=table.defaults.status,
        case_sensitive=table.defaults.case_sensitive,
        content=table.concepts.content,
        hierarchy=table.concepts.hierarchy,
        package=None if table.package is None else _package(table.package),
        bundle=BundleSettings(**table.bundle.model_dump()),
        narrative=table.outputs.narrative,
        narrative_templates=None
        if table.outputs.narrative_templates is None
        else folder / table.outputs.narrative_templates,
        exceptions=tuple(
            KnownException(
                rule=each.rule,
                place=each.place,
                reason=each.reason,
                expires=None if each.expires is None else each.expires.isoformat(),
                source=shown,
                line=places.line(("exceptions", number)),
            )
            for number, each in enumerate(table.exceptions)
        ),
    )


def _package(table: PackageTable) -> PackageSettings:
    stated = table.model_dump(exclude={"date"})
    return PackageSettings(**stated, date=None if table.date is None else table.date.strftime("%Y%m%d%H%M%S"))


def package_settings(stated: Mapping[str, Any]) -> PackageSettings:
    """Return what a package says of itself, stated by a program and checked as ``[package]`` is.

    Raises:
        UsageError: USE006, when a value is none that a package may have.
    """
    try:
        return _package(PackageTable.model_validate(stated))
    except ValidationError as error:
        problems = [
            f"{dotted(each['loc'])}: {problem_of(each, PackageTable)}"
            for each in error.errors(include_url=False)
        ]
        raise UsageError(
            "USE006", f"no package can say this of itself: {'; '.join(problems)}", "Correct the arguments."
        ) from error
