"""Terminology pages in; correct, checked, traceable FHIR NamingSystem and CodeSystem resources out.

>>> import termsmith
>>> result = termsmith.convert(b"Nothing of the kind")
>>> result.ok, [finding.code for finding in result.findings]
(False, ['DIA001'])
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from termsmith.api.checking import check
    from termsmith.api.pages import convert
    from termsmith.api.projects import build, first_config, guide_entries, schema, watch
    from termsmith.api.resources import bundle, package, render
    from termsmith.api.servers import fetch_confluence, upload
    from termsmith.builds.report import BuildReport, BuiltGuide, BuiltRelease, BuiltSource
    from termsmith.confluence.report import FetchReport
    from termsmith.errors import (
        FetchError,
        OutputError,
        ServerError,
        SettingsError,
        SourceError,
        TermsmithError,
        UsageError,
    )
    from termsmith.model.checked import CheckedResource, CheckedSource, Excused
    from termsmith.model.finding import Finding, Rule, Severity
    from termsmith.model.place import Place
    from termsmith.model.record import Origin, Span
    from termsmith.model.report import CheckReport
    from termsmith.model.result import Conversion, Coverage, Evidence, Fate, Piece, Resource
    from termsmith.outputs.files import Change, OutputFile
    from termsmith.servers.compare import Difference, Sign
    from termsmith.servers.report import UploadedResource, UploadReport

__version__ = "0.1.0"

__all__ = [
    "BuildReport",
    "BuiltGuide",
    "BuiltRelease",
    "BuiltSource",
    "Change",
    "CheckReport",
    "CheckedResource",
    "CheckedSource",
    "Conversion",
    "Coverage",
    "Difference",
    "Evidence",
    "Excused",
    "Fate",
    "FetchError",
    "FetchReport",
    "Finding",
    "Origin",
    "OutputError",
    "OutputFile",
    "Piece",
    "Place",
    "Resource",
    "Rule",
    "ServerError",
    "SettingsError",
    "Severity",
    "Sign",
    "SourceError",
    "Span",
    "TermsmithError",
    "UploadReport",
    "UploadedResource",
    "UsageError",
    "build",
    "bundle",
    "check",
    "convert",
    "fetch_confluence",
    "first_config",
    "guide_entries",
    "package",
    "render",
    "schema",
    "upload",
    "watch",
]

# Public names are imported when they are used: `termsmith --version` shall not load a FHIR model.
_HOMES = {
    "termsmith.api.checking": ("check",),
    "termsmith.api.pages": ("convert",),
    "termsmith.api.projects": ("build", "first_config", "guide_entries", "schema", "watch"),
    "termsmith.api.resources": ("bundle", "package", "render"),
    "termsmith.api.servers": ("fetch_confluence", "upload"),
    "termsmith.builds.report": ("BuildReport", "BuiltGuide", "BuiltRelease", "BuiltSource"),
    "termsmith.confluence.report": ("FetchReport",),
    "termsmith.errors": (
        "FetchError",
        "OutputError",
        "ServerError",
        "SettingsError",
        "SourceError",
        "TermsmithError",
        "UsageError",
    ),
    "termsmith.model.checked": ("CheckedResource", "CheckedSource", "Excused"),
    "termsmith.model.finding": ("Finding", "Rule", "Severity"),
    "termsmith.model.place": ("Place",),
    "termsmith.model.record": ("Origin", "Span"),
    "termsmith.model.report": ("CheckReport",),
    "termsmith.model.result": ("Conversion", "Coverage", "Evidence", "Fate", "Piece", "Resource"),
    "termsmith.outputs.files": ("Change", "OutputFile"),
    "termsmith.servers.compare": ("Difference", "Sign"),
    "termsmith.servers.report": ("UploadReport", "UploadedResource"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> object:
    """Import a public name on its first use."""
    home = _HOME_OF.get(name)
    if home is None:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    from importlib import import_module  # noqa: PLC0415  see above

    value = getattr(import_module(home), name)
    if home.startswith("termsmith.api."):
        globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names."""
    return sorted([*__all__, "__version__"])
