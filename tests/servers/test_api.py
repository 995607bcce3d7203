"""`termsmith.upload`, the Python interface."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import termsmith
from servers.samples import code_system, value_set, write
from servers.scripted import Reply, held, serving

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def _token(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TERMSMITH_USER", "TERMSMITH_PASSWORD"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERMSMITH_TOKEN", "s3cret-token")


def test_an_upload_returns_its_report(tmp_path: Path) -> None:
    write(tmp_path, "a.json", code_system(title="Teas"))
    there = write(tmp_path, "b.json", value_set())
    script = {
        "GET /fhir/CodeSystem/Tea": held(code_system(title="Tea")),
        "PUT /fhir/CodeSystem/Tea": Reply(200),
        "GET /fhir/ValueSet/TeaSet": held(value_set()),
    }
    with serving(script) as server:
        report = termsmith.upload(server.url, tmp_path / "a.json", str(there))
    assert isinstance(report, termsmith.UploadReport)
    assert [(each.name, each.state) for each in report.resources] == [
        ("CodeSystem/Tea", "changed"),
        ("ValueSet/TeaSet", "unchanged"),
    ]
    assert report.resources[0].differences == (
        termsmith.Difference(element="title", sign=termsmith.Sign.CHANGED, detail='"Tea" -> "Teas"'),
    )
    assert (report.ok, report.server, report.server_version) == (True, server.url, "4.0.1")
    assert {asked.headers["authorization"] for asked in server.asked} == {"Bearer s3cret-token"}


def test_a_dry_run_sends_nothing(tmp_path: Path) -> None:
    with serving() as server:
        report = termsmith.upload(server.url, write(tmp_path, "a.json", value_set()), dry_run=True)
    assert (report.states, server.sent()) == ({"new": 1}, [])


def test_wrong_arguments_are_refused_before_anything_is_asked(tmp_path: Path) -> None:
    path = write(tmp_path, "a.json", value_set())
    with serving() as server:
        with pytest.raises(termsmith.UsageError, match="USE005: resources are not found by 'name'"):
            termsmith.upload(server.url, path, by="name")  # type: ignore[arg-type]
        with pytest.raises(termsmith.UsageError, match="USE001"):
            termsmith.upload(server.url, path, fhir_version="R3")  # type: ignore[arg-type]
        with pytest.raises(termsmith.SourceError, match="SRC001"):
            termsmith.upload(server.url, tmp_path / "gone.json")
        with pytest.raises(termsmith.ServerError, match="SRV001"):
            termsmith.upload("nonsense", path)
    assert server.asked == []
