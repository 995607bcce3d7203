from __future__ import annotations

import dataclasses
import inspect
import subprocess
import sys

import pytest

import termsmith


def test_public_names_are_these() -> None:
    assert termsmith.__all__ == [
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
    assert set(termsmith.__all__) <= set(dir(termsmith))
    for name in termsmith.__all__:
        assert getattr(termsmith, name).__doc__, name


SIGNATURES = {
    "build": "(config='termsmith.toml', *, check=False, prune=False, on_wait=None)",
    "bundle": "(resources, *, type='transaction', update='id', not_present='create', base_url=None)",
    "check": "(source, *, config=None, fhir_version=None, profiles=(), guide=None)",
    "convert": "(page, *, config=None, fhir_version=None, sidecar=None, dialect=None, base_url=None, registry=True, "
    "draft=False, concepts=None, hierarchy=None, narrative=False)",
    "fetch_confluence": "(base, space, *, label=None, output='input', prune=False)",
    "first_config": "(folder='.')",
    "guide_entries": "(config='termsmith.toml', *, form='sushi')",
    "package": "(resources, *, name, version, canonical, title=None, description=None, author=None, "
    "license=None, url=None, homepage=None, jurisdiction=None, date=None, dependencies=None)",
    "render": "(resource, format='json')",
    "schema": "(name)",
    "upload": "(url, *paths, by='id', dry_run=False, replace_content=False, fhir_version=None)",
    "watch": "(config='termsmith.toml', *, prune=False)",
}


def test_public_functions_take_these_arguments() -> None:
    functions = [name for name in termsmith.__all__ if inspect.isfunction(getattr(termsmith, name))]
    plain = {name: _without_types(inspect.signature(getattr(termsmith, name))) for name in functions}
    assert plain == SIGNATURES


def _without_types(signature: inspect.Signature) -> str:
    parameters = [each.replace(annotation=each.empty) for each in signature.parameters.values()]
    return str(signature.replace(parameters=parameters, return_annotation=signature.empty))


FIELDS = {
    "BuildReport": "folder check pages releases guide removed stale edited lone_sidecars errors excused differs",
    "BuiltGuide": "files unmerged entries switches",
    "BuiltRelease": "fhir_version converted files sources",
    "BuiltSource": "source findings",
    "FetchReport": "folder pages fetched files removed stale several",
    "OutputFile": "path change source",
}


@pytest.mark.parametrize(("name", "fields"), FIELDS.items())
def test_reports_have_these_fields(name: str, fields: str) -> None:
    assert [each.name for each in dataclasses.fields(getattr(termsmith, name))] == fields.split()


def test_every_error_that_may_be_raised_is_public() -> None:
    kinds = termsmith.TermsmithError.__subclasses__()
    assert {kind.__name__ for kind in kinds} <= set(termsmith.__all__)


def test_importing_termsmith_loads_neither_models_nor_parsers() -> None:
    script = "import sys, termsmith; print(*sorted({m.split('.')[0] for m in sys.modules}))"
    loaded = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    ).stdout.split()
    assert (
        set(loaded)
        & {
            "fhir",
            "fhir_core",
            "pydantic",
            "turbohtml",
            "lxml",
            "docx",
            "markdown_it",
            "orjson",
            "jinja2",
            "click",
            "httpx",
            "atlassian",
            "watchfiles",
        }
        == set()
    )
