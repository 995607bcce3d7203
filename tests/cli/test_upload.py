"""`termsmith upload`, against a real server on this machine that answers as each test says."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from servers.samples import code_system, naming_system, value_set, write
from servers.scripted import METADATA, Reply, held, outcome, serving

from cli.pages import termsmith

HERE = Path()


@pytest.fixture(autouse=True)
def _nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TERMSMITH_TOKEN", "TERMSMITH_USER", "TERMSMITH_PASSWORD"):
        monkeypatch.delenv(name, raising=False)


def test_each_resource_is_told_and_then_all_of_them() -> None:
    write(HERE, "a.json", code_system(title="Teas"))
    write(HERE, "b.json", naming_system())
    write(HERE, "c.json", value_set())
    script = {
        "GET /fhir/CodeSystem/Tea": held(code_system(title="Tea")),
        "PUT /fhir/CodeSystem/Tea": Reply(200),
        "PUT /fhir/NamingSystem/TeaNames": Reply(201),
        "GET /fhir/ValueSet/TeaSet": held(value_set()),
    }
    with serving(script) as server:
        ended = termsmith("upload", server.url, ".")
    assert ended.stdout == (
        "NamingSystem/TeaNames: sent (new)\n"
        "CodeSystem/Tea: sent (changed)\n"
        '  title changed: "Tea" -> "Teas"\n'
        "ValueSet/TeaSet: unchanged\n"
    )
    assert ended.stderr == f"{server.url} (FHIR 4.0.1): 3 resources: 1 new, 1 changed, 1 unchanged\n"
    assert ended.exit_code == 0


def test_standard_input_is_sent_as_it_is() -> None:
    text = b'{"resourceType": "ValueSet",\n"id": "TeaSet"}'
    with serving({"PUT /fhir/ValueSet/TeaSet": Reply(201)}) as server:
        ended = termsmith("upload", server.url, "-", stdin=text)
    assert (ended.exit_code, ended.stdout) == (0, "ValueSet/TeaSet: sent (new)\n")
    assert [asked.body for asked in server.sent()] == [text]


def test_a_dry_run_sends_nothing_and_says_so() -> None:
    write(HERE, "a.json", code_system(concept=[{"code": "OP"}]))
    with serving({"GET /fhir/CodeSystem/Tea": held(code_system())}) as server:
        ended = termsmith("upload", server.url, "a.json", "--dry-run")
    assert ended.stdout == (
        "CodeSystem/Tea: would be sent (changed)\n  concept changed: 1 gone (FOP), 1 changed (OP)\n"
    )
    assert ended.stderr.endswith("1 resource: 1 changed (dry run: nothing was sent)\n")
    assert (ended.exit_code, server.sent()) == (0, [])


def test_a_finding_is_told_with_its_hint_and_makes_the_exit_status_1() -> None:
    write(HERE, "a.json", code_system())
    with serving({"PUT /fhir/CodeSystem/Tea": Reply(422, outcome("no\x1b[2Jsuch"))}) as server:
        ended = termsmith("upload", server.url, "a.json")
    assert ended.stdout == "CodeSystem/Tea: not sent\n"
    assert ended.stderr == (
        f"a.json:1:1: error[SRV205]: PUT {server.url}/CodeSystem/Tea: 422: the server refuses it, and says: "
        "no\\u001b[2Jsuch\n"
        "  hint: `termsmith check` finds most of what servers refuse; correct it and upload it again.\n"
        f"{server.url} (FHIR 4.0.1): 1 resource: 1 not sent\n"
    )
    assert ended.exit_code == 1


def test_a_source_that_is_not_there_makes_it_2_and_costs_no_other() -> None:
    write(HERE, "a.json", value_set())
    with serving({"PUT /fhir/ValueSet/TeaSet": Reply(201)}) as server:
        ended = termsmith("upload", server.url, "gone.json", "a.json")
    assert (ended.exit_code, ended.stdout) == (2, "ValueSet/TeaSet: sent (new)\n")
    assert "error[SRC001]: gone.json: no such file or folder" in ended.stderr


def test_nothing_to_upload_is_an_error() -> None:
    Path("empty").mkdir()
    ended = termsmith("upload", "http://localhost:9/fhir", "empty")
    assert ended.exit_code == 2
    assert "error[SRC005]: nothing to upload was found" in ended.stderr


def test_a_server_that_can_not_be_used_makes_it_2() -> None:
    write(HERE, "a.json", value_set())
    with serving({"GET /fhir/metadata": Reply(body={**METADATA, "fhirVersion": "3.0.2"})}) as server:
        ended = termsmith("upload", server.url, "a.json")
    assert ended.exit_code == 2
    assert f"error[SRV006]: {server.url}: the server speaks FHIR 3.0.2" in ended.stderr


def test_a_secret_in_the_url_is_not_repeated() -> None:
    write(HERE, "a.json", value_set())
    ended = termsmith("upload", "https://tea:s3cret@server.example/fhir", "a.json")
    assert ended.exit_code == 2
    assert "error[SRV002]" in ended.stderr
    assert "s3cret" not in ended.output


def test_credentials_come_from_the_environment_and_are_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERMSMITH_USER", "tea")
    monkeypatch.setenv("TERMSMITH_PASSWORD", "s3cret")
    write(HERE, "a.json", value_set())
    with serving(
        {"PUT /fhir/ValueSet/TeaSet": Reply(403, outcome("s3cret is no password for this"))}
    ) as server:
        ended = termsmith("upload", server.url, "a.json", "-v")
    assert {each.headers["authorization"] for each in server.asked} == {"Basic dGVhOnMzY3JldA=="}
    assert "[hidden] is no password for this" in ended.stderr
    assert "s3cret" not in ended.output
    assert "dGVhOnMzY3JldA" not in ended.output


def test_a_user_without_a_password_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERMSMITH_USER", "tea")
    write(HERE, "a.json", value_set())
    ended = termsmith("upload", "https://server.example/fhir", "a.json")
    assert (ended.exit_code, "error[SRV003]: TERMSMITH_PASSWORD is not set" in ended.stderr) == (2, True)


def test_retries_and_timeout_are_options() -> None:
    write(HERE, "a.json", value_set())
    with serving({"PUT /fhir/ValueSet/TeaSet": Reply(503, headers={"Retry-After": "0"})}) as server:
        ended = termsmith("upload", server.url, "a.json", "--retries", "2", "--timeout", "5")
    assert len(server.sent()) == 3
    assert ": 503, 3 times: the server fails" in ended.stderr


def test_resources_are_found_by_url() -> None:
    write(HERE, "a.json", value_set())
    query = "ValueSet?url=http%3A%2F%2Ftea.example%2Fset"
    empty = {"resourceType": "Bundle", "type": "searchset"}
    created = Reply(201, headers={"Location": "/fhir/ValueSet/1001"})
    with serving(
        {f"GET /fhir/{query}&_count=50": Reply(body=empty), f"PUT /fhir/{query}": created}
    ) as server:
        ended = termsmith("upload", server.url, "a.json", "--by", "url")
    assert ended.stdout == "ValueSet/TeaSet: sent (new) as ValueSet/1001\n"


def test_content_is_replaced_only_on_request() -> None:
    write(HERE, "a.json", code_system(content="not-present", concept=None))
    script = {"GET /fhir/CodeSystem/Tea": held(code_system()), "PUT /fhir/CodeSystem/Tea": Reply(200)}
    with serving(script) as server:
        refused = termsmith("upload", server.url, "a.json")
        replaced = termsmith("upload", server.url, "a.json", "--replace-content")
    assert (refused.exit_code, replaced.exit_code) == (1, 0)
    assert "--replace-content" in refused.stderr
    assert replaced.stdout == (
        "CodeSystem/Tea: sent (changed)\n"
        '  content changed: "complete" -> "not-present"\n'
        "  concept removed: 2 gone (OP, FOP)\n"
    )


def test_json_holds_everything() -> None:
    write(HERE, "a.json", code_system(title="Teas"))
    write(HERE, "b.json", {**value_set(), "id": "a b"})
    write(HERE, "page.txt", "Tea Grades")
    with serving({"GET /fhir/CodeSystem/Tea": held(code_system(title="Tea"))}) as server:
        paths = ("a.json", "b.json", "page.txt", "gone.json")
        ended = termsmith("upload", server.url, *paths, "--dry-run", "--format", "json")
    report = json.loads(ended.stdout)
    assert ended.exit_code == 2
    assert {name: report[name] for name in ("format", "ok", "server", "fhirVersion", "dryRun", "counts")} == {
        "format": "termsmith-upload-1",
        "ok": False,
        "server": server.url,
        "fhirVersion": "4.0.1",
        "dryRun": True,
        "counts": {"new": 0, "changed": 1, "unchanged": 0, "failed": 1},
    }
    changed, failed = report["resources"]
    assert changed == {
        "source": "a.json",
        "type": "CodeSystem",
        "id": "Tea",
        "url": "http://tea.example/grades",
        "state": "changed",
        "location": "CodeSystem/Tea",
        "differences": [{"element": "title", "sign": "changed", "detail": '"Tea" -> "Teas"'}],
        "findings": [],
    }
    assert (failed["state"], [each["code"] for each in failed["findings"]]) == ("failed", ["SRV102"])
    assert [(each["about"], each["finding"]["code"]) for each in report["findings"]] == [
        ("page.txt", "SRV110")
    ]
    assert [each["code"] for each in report["errors"]] == ["SRC001"]


def test_the_documentation_shows_what_is_written() -> None:
    text = (Path(__file__).parent.parent.parent / "docs" / "servers.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"^```json\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    Path("out").mkdir()
    write(HERE, "out/CodeSystem-Tea.json", code_system(title="Tea Grades"))
    with serving({"GET /fhir/CodeSystem/Tea": held(code_system(title="Tea"))}) as server:
        ended = termsmith("upload", server.url, "out", "--dry-run", "--format", "json")
        server_url = server.url
    assert json.loads(ended.stdout.replace(server_url, "https://server.example/fhir")) == json.loads(shown)


def test_notes_are_shown_on_request() -> None:
    bundle = {
        "resourceType": "Bundle",
        "entry": [{"resource": {"resourceType": "Patient"}}, {"resource": value_set()}],
    }
    write(HERE, "a.json", bundle)
    with serving({"GET /fhir/ValueSet/TeaSet": held(value_set())}) as server:
        quiet = termsmith("upload", server.url, "a.json")
        told = termsmith("upload", server.url, "a.json", "-v")
    assert (quiet.exit_code, "SRV111" in quiet.stderr) == (0, False)
    assert "note[SRV111]: Patient in the file: not sent" in told.stderr
