"""Whole uploads, against a real server on this machine that answers as each test says."""

from __future__ import annotations

import json
import socket
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from servers.samples import TEA, code_system, naming_system, value_set, write
from servers.scripted import METADATA, Reply, Scripted, held, outcome, results, serving
from termsmith.errors import ServerError
from termsmith.servers.credentials import credentials_of
from termsmith.servers.patience import Patience
from termsmith.servers.plan import FoundBy
from termsmith.servers.uploading import UploadOptions, upload_sources
from termsmith.sources.resources import find_check_sources

if TYPE_CHECKING:
    from http.server import BaseHTTPRequestHandler
    from pathlib import Path

    from termsmith.servers.report import UploadReport

QUICK = Patience(attempts=2, first_wait=0.01, longest_wait=0.02, timeout=30.0, largest_answer=1_000_000)
BY_ID = UploadOptions()
BY_URL = UploadOptions(found_by=FoundBy.URL)
QUOTED = "http%3A%2F%2Ftea.example%2Fgrades"
SEARCH = f"GET /fhir/CodeSystem?url={QUOTED}&version=1&_count=50"
SEARCH_ALL = f"GET /fhir/CodeSystem?url={QUOTED}&_count=50"
NAMES = f"GET /fhir/NamingSystem?value:exact={QUOTED}&_count=50"
CREATE = f"PUT /fhir/CodeSystem?url={QUOTED}&version=1"
RECORD = {"content": "not-present", "concept": None}


def run(
    server: Scripted, folder: Path, *resources: Any, options: UploadOptions = BY_ID, token: str = ""
) -> UploadReport:
    paths = [str(write(folder, f"{index:03}.json", each)) for index, each in enumerate(resources)]
    return upload_sources(
        server.url,
        find_check_sources(paths).sources,
        options,
        credentials=credentials_of({"TERMSMITH_TOKEN": token}),
        patience=QUICK,
    )


def states(report: UploadReport) -> list[str]:
    return [each.state for each in report.resources]


def codes(report: UploadReport) -> list[list[str]]:
    return [[finding.code for finding in each.findings] for each in report.resources]


def message(report: UploadReport) -> str:
    return report.resources[0].findings[0].message


class TestById:
    def test_what_is_not_there_is_sent_as_it_is(self, tmp_path: Path) -> None:
        with serving({"PUT /fhir/CodeSystem/Tea": Reply(201)}) as server:
            report = run(server, tmp_path, code_system())
        assert (states(report), codes(report), report.ok) == (["new"], [[]], True)
        assert server.paths() == ["GET /fhir/CodeSystem/Tea", "PUT /fhir/CodeSystem/Tea"]
        (sent,) = server.sent()
        assert sent.body == (tmp_path / "000.json").read_bytes()
        assert "if-match" not in sent.headers
        assert sent.headers["prefer"] == "return=minimal"

    def test_what_was_deleted_there_is_sent_again(self, tmp_path: Path) -> None:
        script = {"GET /fhir/CodeSystem/Tea": Reply(410), "PUT /fhir/CodeSystem/Tea": Reply(201)}
        with serving(script) as server:
            assert states(run(server, tmp_path, code_system())) == ["new"]

    def test_what_is_there_already_is_not_sent(self, tmp_path: Path) -> None:
        with serving({"GET /fhir/CodeSystem/Tea": held(code_system())}) as server:
            report = run(server, tmp_path, code_system())
        assert (states(report), server.sent(), report.ok) == (["unchanged"], [], True)

    def test_what_differs_is_sent_if_nobody_else_changes_it(self, tmp_path: Path) -> None:
        script = {
            "GET /fhir/CodeSystem/Tea": held(code_system(title="Tea"), "7"),
            "PUT /fhir/CodeSystem/Tea": Reply(200),
        }
        with serving(script) as server:
            report = run(server, tmp_path, code_system(title="Teas"))
        assert states(report) == ["changed"]
        assert [each.detail for each in report.resources[0].differences] == ['"Tea" -> "Teas"']
        assert server.sent()[0].headers["if-match"] == 'W/"7"'

    def test_without_a_usable_etag_the_version_in_meta_is_taken(self, tmp_path: Path) -> None:
        there = held(code_system(title="Tea"), "7")
        script = {
            "GET /fhir/CodeSystem/Tea": replace(there, headers={"ETag": "seven"}),
            "PUT /fhir/CodeSystem/Tea": Reply(200),
        }
        with serving(script) as server:
            run(server, tmp_path, code_system())
        assert server.sent()[0].headers["if-match"] == 'W/"7"'

    def test_xml_is_compared_and_sent_as_xml(self, tmp_path: Path) -> None:
        text = (
            '<CodeSystem xmlns="http://hl7.org/fhir"><id value="Tea"/><url value="http://tea.example/grades"/>'
            '<status value="active"/><content value="complete"/>'
            '<concept><code value="OP"/></concept></CodeSystem>'
        )
        same = {
            "resourceType": "CodeSystem",
            "id": "Tea",
            "url": TEA,
            "status": "active",
            "content": "complete",
            "concept": [{"code": "OP"}],
        }
        path = write(tmp_path, "tea.xml", text)
        script: dict[str, Reply | list[Reply]] = {
            "GET /fhir/CodeSystem/Tea": [held(same), held({**same, "status": "draft"})],
            "PUT /fhir/CodeSystem/Tea": Reply(200),
        }
        with serving(script) as server:
            found = find_check_sources([str(path)]).sources
            first = upload_sources(server.url, found, BY_ID, patience=QUICK)
            second = upload_sources(server.url, found, BY_ID, patience=QUICK)
        assert (states(first), states(second)) == (["unchanged"], ["changed"])
        (sent,) = server.sent()
        assert (sent.headers["content-type"], sent.body) == ("application/fhir+xml", text.encode())

    def test_the_order_is_ours_and_one_failure_costs_no_other(self, tmp_path: Path) -> None:
        script = {
            "PUT /fhir/NamingSystem/TeaNames": Reply(201),
            "PUT /fhir/CodeSystem/Tea": Reply(422, outcome("no")),
            "PUT /fhir/ValueSet/TeaSet": Reply(201),
        }
        with serving(script) as server:
            report = run(server, tmp_path, value_set(), code_system(), naming_system())
        assert [(each.name, each.state) for each in report.resources] == [
            ("NamingSystem/TeaNames", "new"),
            ("CodeSystem/Tea", "failed"),
            ("ValueSet/TeaSet", "new"),
        ]
        assert (codes(report), report.ok) == ([[], ["SRV205"], []], False)


class TestByUrl:
    def test_a_new_one_is_created_on_condition_and_without_our_id(self, tmp_path: Path) -> None:
        created = Reply(201, headers={"Location": "http://elsewhere/fhir/CodeSystem/1001/_history/1"})
        with serving({SEARCH: results(), CREATE: created}) as server:
            report = run(server, tmp_path, code_system(), options=BY_URL)
        assert (states(report), report.resources[0].location) == (["new"], "CodeSystem/1001")
        assert json.loads(server.sent()[0].body) == code_system(id=None)

    def test_the_one_that_is_there_is_updated_under_its_own_id(self, tmp_path: Path) -> None:
        there = held(code_system(id="1001", title="Tea"), "3").body
        with serving({SEARCH: results(there), "PUT /fhir/CodeSystem/1001": Reply(200)}) as server:
            report = run(server, tmp_path, code_system(), options=BY_URL)
        assert (states(report), report.resources[0].location) == (["changed"], "CodeSystem/1001")
        (sent,) = server.sent()
        assert (json.loads(sent.body)["id"], sent.headers["if-match"]) == ("1001", 'W/"3"')

    def test_another_id_is_no_difference(self, tmp_path: Path) -> None:
        with serving({SEARCH: results(code_system(id="1001"))}) as server:
            assert states(run(server, tmp_path, code_system(), options=BY_URL)) == ["unchanged"]
        assert server.sent() == []

    def test_several_matches_are_listed_and_nothing_is_sent(self, tmp_path: Path) -> None:
        there = [code_system(id=str(number)) for number in range(7)]
        with serving({SEARCH: results(*there)}) as server:
            report = run(server, tmp_path, code_system(), options=BY_URL)
        assert (codes(report), server.sent()) == ([["SRV105"]], [])
        assert message(report) == (
            f"the server has 7 matches for CodeSystem?url={QUOTED}&version=1: CodeSystem/0 (version 1), "
            "CodeSystem/1 (version 1), CodeSystem/2 (version 1), CodeSystem/3 (version 1), "
            "CodeSystem/4 (version 1), …; nothing was sent"
        )

    def test_naming_systems_are_found_by_what_they_name(self, tmp_path: Path) -> None:
        there = naming_system(id="1001", date="2019")
        other = naming_system(id="1002", uniqueId=[{"type": "uri", "value": f"{TEA}/more"}])
        script = {NAMES: results(other, there), "PUT /fhir/NamingSystem/1001": Reply(200)}
        with serving(script) as server:
            report = run(server, tmp_path, naming_system(), options=BY_URL)
        assert states(report) == ["changed"]

    def test_all_pages_of_results_are_looked_at(self, tmp_path: Path) -> None:
        script = {"GET /fhir/page2": results(code_system(id="1001"))}
        with serving(script) as server:
            server.script[SEARCH] = results(code_system(url="http://other"), following=f"{server.url}/page2")
            assert states(run(server, tmp_path, code_system(), options=BY_URL)) == ["unchanged"]

    def test_pages_in_a_circle_end(self, tmp_path: Path) -> None:
        with serving({"GET /fhir/page": results(code_system(id="1001"))}) as server:
            following = f"{server.url}/page"
            server.script[SEARCH] = results(following=following)
            server.script["GET /fhir/page"] = results(code_system(id="1001"), following=following)
            assert states(run(server, tmp_path, code_system(), options=BY_URL)) == ["unchanged"]

    def test_a_next_page_at_another_server_is_not_asked_for(self, tmp_path: Path) -> None:
        with serving() as other, serving() as server:
            server.script[SEARCH] = results(following=f"{other.url}/page")
            report = run(server, tmp_path, code_system(), options=BY_URL)
        assert (codes(report), other.asked) == ([["SRV208"]], [])

    @pytest.mark.parametrize("wrong", [None, "../Patient/1", "a b", "..", 7])
    def test_a_match_with_an_impossible_id_is_nonsense(self, wrong: Any, tmp_path: Path) -> None:
        with serving({SEARCH: results({**code_system(title="x"), "id": wrong})}) as server:
            report = run(server, tmp_path, code_system(), options=BY_URL)
        assert (codes(report), server.sent()) == ([["SRV208"]], [])


class TestDryRun:
    def test_differences_are_shown_and_nothing_is_sent(self, tmp_path: Path) -> None:
        script = {
            "GET /fhir/CodeSystem/Tea": held(code_system(concept=[{"code": "OP"}])),
            "GET /fhir/ValueSet/TeaSet": held(value_set()),
        }
        with serving(script) as server:
            report = run(
                server,
                tmp_path,
                naming_system(),
                code_system(),
                value_set(),
                options=UploadOptions(dry_run=True),
            )
        assert (states(report), server.sent(), report.dry_run) == (["new", "changed", "unchanged"], [], True)
        (difference,) = report.resources[1].differences
        assert (difference.element, difference.detail) == ("concept", "1 new (FOP), 1 changed (OP)")

    def test_what_would_be_refused_is_refused_as_well(self, tmp_path: Path) -> None:
        with serving({"GET /fhir/CodeSystem/Tea": held(code_system())}) as server:
            report = run(server, tmp_path, code_system(**RECORD), options=UploadOptions(dry_run=True))
        assert codes(report) == [["SRV106"]]


class TestRealContent:
    def test_a_record_does_not_replace_it(self, tmp_path: Path) -> None:
        with serving({"GET /fhir/CodeSystem/Tea": held(code_system())}) as server:
            report = run(server, tmp_path, code_system(**RECORD))
        assert (codes(report), server.sent()) == ([["SRV106"]], [])
        assert message(report) == (
            "CodeSystem/Tea (content not-present, 0 concept(s)) would replace or hide CodeSystem/Tea "
            "(version 1) (content complete, 2 concept(s)) of the server; it was not sent"
        )

    def test_a_record_does_not_hide_it_under_another_id_or_version(self, tmp_path: Path) -> None:
        there = code_system(id="1001", version="9")
        with serving({SEARCH_ALL: results(there), SEARCH: results()}) as server:
            by_id = run(server, tmp_path, code_system(**RECORD))
            by_url = run(server, tmp_path, code_system(**RECORD), options=BY_URL)
        assert (codes(by_id), codes(by_url), server.sent()) == ([["SRV106"]], [["SRV106"]], [])
        assert "CodeSystem/1001 (version 9)" in message(by_id)

    def test_a_record_is_sent_where_there_is_only_a_record(self, tmp_path: Path) -> None:
        there = code_system(title="Tea", **RECORD)
        script = {
            "GET /fhir/CodeSystem/Tea": held(there),
            SEARCH_ALL: results(there),
            "PUT /fhir/CodeSystem/Tea": Reply(200),
        }
        with serving(script) as server:
            assert states(run(server, tmp_path, code_system(**RECORD))) == ["changed"]

    def test_told_so_it_does(self, tmp_path: Path) -> None:
        script = {"GET /fhir/CodeSystem/Tea": held(code_system()), "PUT /fhir/CodeSystem/Tea": Reply(200)}
        with serving(script) as server:
            report = run(server, tmp_path, code_system(**RECORD), options=UploadOptions(replace_content=True))
        assert (states(report), len(server.sent())) == (["changed"], 1)

    def test_where_the_server_can_not_say_nothing_is_sent(self, tmp_path: Path) -> None:
        with serving({SEARCH_ALL: Reply(400, outcome("no such search"))}) as server:
            report = run(server, tmp_path, code_system(**RECORD))
        assert (codes(report), server.sent()) == ([["SRV205"]], [])


def hang_up(handler: BaseHTTPRequestHandler) -> None:
    handler.connection.shutdown(socket.SHUT_RDWR)


def endless(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
    try:
        while True:
            handler.wfile.write(b"x" * 65_536)
    except OSError:
        return


HTML = b"<html><title>Sign in</title>"


class TestAnswers:
    @pytest.mark.parametrize(
        ("reply", "code", "words"),
        [
            (Reply(401, outcome("token expired")), "SRV201", "token expired"),
            (Reply(403, HTML), "SRV202", "an HTML page titled 'Sign in'"),
            (Reply(409, outcome("version 9 is newer")), "SRV204", "version 9 is newer"),
            (Reply(412), "SRV204", "says: nothing"),
            (Reply(422, outcome("url is wrong")), "SRV205", "url is wrong"),
            (Reply(500, b"\x00 oops"), "SRV206", "oops"),
            (Reply(503, HTML), "SRV206", "503, 2 times"),
            (Reply(200, HTML), "SRV208", "an HTML page titled 'Sign in'"),
            (Reply(200, b"OK"), "SRV208", "'OK'"),
            (Reply(raw=endless), "SRV208", "more than 1,000,000 bytes"),
            (Reply(raw=hang_up), "SRV207", "2 attempt(s)"),
            (
                Reply(302, headers={"Location": "https://login.example/?t=1"}),
                "SRV209",
                "https://login.example/;",
            ),
        ],
    )
    def test_each_wrong_answer_to_an_update_is_a_finding(
        self, reply: Reply, code: str, words: str, tmp_path: Path
    ) -> None:
        script = {"PUT /fhir/CodeSystem/Tea": reply, "PUT /fhir/ValueSet/TeaSet": Reply(201)}
        with serving(script) as server:
            report = run(server, tmp_path, code_system(), value_set())
        assert (states(report), codes(report)) == (["failed", "new"], [[code], []])
        assert words in message(report)

    @pytest.mark.parametrize(
        ("reply", "code"),
        [
            (Reply(401), "SRV201"),
            (Reply(403), "SRV202"),
            (Reply(400), "SRV205"),
            (Reply(500), "SRV206"),
            (Reply(200, HTML), "SRV208"),
            (Reply(200, b""), "SRV208"),
            (Reply(200, b"{"), "SRV208"),
            (Reply(200, outcome("all well")), "SRV208"),
            (Reply(200, code_system(id="Other")), "SRV208"),
            (Reply(raw=endless), "SRV208"),
            (Reply(raw=hang_up), "SRV207"),
        ],
    )
    def test_each_wrong_answer_to_a_question_is_a_finding_and_nothing_is_sent(
        self, reply: Reply, code: str, tmp_path: Path
    ) -> None:
        with serving({"GET /fhir/CodeSystem/Tea": reply, "PUT /fhir/CodeSystem/Tea": Reply(201)}) as server:
            report = run(server, tmp_path, code_system())
        assert (states(report), codes(report), server.sent()) == (["failed"], [[code]], [])

    @pytest.mark.parametrize("reply", [Reply(200, value_set()), Reply(200, HTML), Reply(200), Reply(500)])
    def test_a_wrong_answer_to_a_search_is_a_finding(self, reply: Reply, tmp_path: Path) -> None:
        with serving({SEARCH: reply}) as server:
            report = run(server, tmp_path, code_system(), options=BY_URL)
        assert (states(report), server.sent()) == (["failed"], [])

    def test_an_update_that_got_through_though_its_answer_did_not_is_no_conflict(
        self, tmp_path: Path
    ) -> None:
        script = {
            "GET /fhir/CodeSystem/Tea": [held(code_system(title="Tea")), held(code_system(), "2")],
            "PUT /fhir/CodeSystem/Tea": [Reply(raw=hang_up), Reply(409, outcome("version 1 is not current"))],
        }
        with serving(script) as server:
            report = run(server, tmp_path, code_system())
        assert (states(report), codes(report)) == (["changed"], [[]])

    def test_a_server_that_falls_silent_is_not_asked_for_ever(self, tmp_path: Path) -> None:
        replies = {f"GET /fhir/CodeSystem/T{number}": Reply(401) for number in range(5)}
        made = [code_system(id=f"T{number}", url=f"http://t/{number}") for number in range(5)]
        with serving(replies) as server:
            report = run(server, tmp_path, *made)
        assert codes(report) == [["SRV201"]] * 3 + [["SRV210"]] * 2
        assert len(server.paths()) == 3

    def test_failures_of_single_resources_do_not_end_the_rest(self, tmp_path: Path) -> None:
        made = [code_system(id=f"T{number}", url=f"http://t/{number}") for number in range(5)]
        with serving({f"GET /fhir/CodeSystem/T{number}": Reply(500) for number in range(5)}) as server:
            assert codes(run(server, tmp_path, *made)) == [["SRV206"]] * 5


class TestTheServerItself:
    @pytest.mark.parametrize(
        ("reply", "code", "words"),
        [
            (Reply(404, HTML), "SRV005", "404"),
            (
                Reply(401, outcome("who?")),
                "SRV005",
                "401: the server does not accept who asks, and says: who?",
            ),
            (Reply(200, HTML), "SRV005", "it answers with an HTML page titled 'Sign in', not a Capability"),
            (Reply(200, b""), "SRV005", "it answers with nothing"),
            (Reply(200, {"resourceType": "CapabilityStatement"}), "SRV005", "states no fhirVersion"),
            (Reply(raw=hang_up), "SRV005", "it broke off"),
            (Reply(200, {**METADATA, "fhirVersion": "3.0.2"}), "SRV006", "the server speaks FHIR 3.0.2"),
            (Reply(200, {**METADATA, "fhirVersion": "x" * 99}), "SRV006", f"FHIR {'x' * 20}"),
        ],
    )
    def test_what_is_no_server_for_us_stops_all(
        self, reply: Reply, code: str, words: str, tmp_path: Path
    ) -> None:
        with serving({"GET /fhir/metadata": reply}) as server, pytest.raises(ServerError) as caught:
            run(server, tmp_path, code_system())
        assert caught.value.code == code
        assert words in caught.value.message
        assert server.paths() == []

    def test_its_release_is_compared(self, tmp_path: Path) -> None:
        script = {
            "GET /fhir/metadata": Reply(body={**METADATA, "fhirVersion": "5.0.0"}),
            "PUT /fhir/NamingSystem/TeaNames": Reply(201),
        }
        with serving(script) as server:
            fits = run(server, tmp_path, naming_system(url="http://tea.example/ns"))
            not_so = run(server, tmp_path, naming_system(), options=UploadOptions(fhir_version="R4"))
        assert (codes(fits), codes(not_so)) == ([[]], [["SRV101"]])
        assert fits.server_version == "5.0.0"


class TestSecrets:
    def test_what_a_server_repeats_of_them_is_hidden(self, tmp_path: Path) -> None:
        said = outcome("Bearer s3cret-token has expired")
        with serving({"PUT /fhir/CodeSystem/Tea": Reply(401, said)}) as server:
            report = run(server, tmp_path, code_system(), token="s3cret-token")  # noqa: S106  a test
        assert "Bearer [hidden] has expired" in message(report)
        assert "s3cret" not in repr(report)
        with (
            serving({"GET /fhir/metadata": Reply(401, said)}) as server,
            pytest.raises(ServerError) as caught,
        ):
            run(server, tmp_path, code_system(), token="s3cret-token")  # noqa: S106  a test
        assert "s3cret" not in f"{caught.value} {caught.value.hint}"

    def test_what_a_server_holds_of_them_is_hidden(self, tmp_path: Path) -> None:
        held = code_system(title="x" * 50 + "s3cret-token", publisher="s3cret-token")
        with serving({"GET /fhir/CodeSystem/Tea": Reply(body=held)}) as server:
            report = run(
                server,
                tmp_path,
                code_system(title="Tea"),
                options=UploadOptions(dry_run=True),
                token="s3cret-token",  # noqa: S106  a test
            )
        (done,) = report.resources
        assert [(each.element, each.detail) for each in done.differences] == [
            ("title", f'"{"x" * 50}[hidden]" -> "Tea"'),
            ("publisher", '"[hidden]"'),
        ]

    def test_on_this_machine_no_encryption_is_needed(self, tmp_path: Path) -> None:
        with serving({"PUT /fhir/CodeSystem/Tea": Reply(201)}) as server:
            assert run(server, tmp_path, code_system(), token="s3cret-token").findings == ()  # noqa: S106

    def test_elsewhere_a_warning_tells_that_there_was_none(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(
            "termsmith.servers.uploading.is_open", lambda address: address.startswith("http:")
        )
        with serving({"PUT /fhir/CodeSystem/Tea": Reply(201)}) as server:
            report = run(server, tmp_path, code_system(), token="s3cret-token")  # noqa: S106  a test
            without = run(server, tmp_path, code_system())
        ((about, finding),) = report.findings
        assert (about, finding.code, finding.severity.value) == (server.url, "SRV112", "warning")
        assert (report.ok, without.findings) == (True, ())
