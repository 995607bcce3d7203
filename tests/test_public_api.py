from __future__ import annotations

import inspect
import subprocess
import sys

import termsmith


def test_public_names_are_these() -> None:
    assert termsmith.__all__ == [
        "CheckReport",
        "CheckedResource",
        "CheckedSource",
        "Conversion",
        "Coverage",
        "Difference",
        "Evidence",
        "Excused",
        "Fate",
        "Finding",
        "Origin",
        "OutputError",
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
        "check",
        "convert",
        "upload",
    ]
    assert set(termsmith.__all__) <= set(dir(termsmith))
    for name in termsmith.__all__:
        assert getattr(termsmith, name).__doc__, name


def test_convert_takes_these_arguments() -> None:
    signature = inspect.signature(termsmith.convert)
    assert list(signature.parameters) == [
        "page",
        "fhir_version",
        "sidecar",
        "dialect",
        "base_url",
        "registry",
        "draft",
        "concepts",
        "hierarchy",
    ]
    defaults = {name: p.default for name, p in signature.parameters.items() if name != "page"}
    assert defaults == {
        "fhir_version": "R4",
        "sidecar": None,
        "dialect": None,
        "base_url": None,
        "registry": True,
        "draft": False,
        "concepts": None,
        "hierarchy": None,
    }


def test_upload_takes_these_arguments() -> None:
    parameters = inspect.signature(termsmith.upload).parameters
    assert {name: p.default for name, p in parameters.items() if name not in {"url", "paths"}} == {
        "by": "id",
        "dry_run": False,
        "replace_content": False,
        "fhir_version": None,
    }
    assert list(parameters)[:2] == ["url", "paths"]


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
        }
        == set()
    )
