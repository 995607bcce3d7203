"""Against a real server on this machine: what a network does."""

from __future__ import annotations

import gzip
import logging
import socket
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest

from servers.scripted import Reply, Scripted, serving
from termsmith.errors import ServerError
from termsmith.servers.client import Client, NoAnswerError
from termsmith.servers.credentials import Credentials, credentials_of
from termsmith.servers.patience import Patience

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from http.server import BaseHTTPRequestHandler

SECRET = "s3cret-token"  # noqa: S105  a test
PUT = {"Content-Length": "2", "Content-Type": "application/fhir+json"}


def token() -> Credentials:
    made = credentials_of({"TERMSMITH_TOKEN": SECRET})
    assert made is not None
    return made


class Waits(list[float]):
    """Takes the place of sleeping."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


def client(server: Scripted, waits: Waits | None = None, **limits: Any) -> Client:
    patience = Patience(**{"attempts": 3, "timeout": 30.0, **limits})
    return Client(server.url, token(), patience, sleep=waits if waits is not None else Waits())


def body() -> Iterator[bytes]:
    yield b"{"
    yield b"}"


def test_a_request_carries_who_we_are_and_a_length() -> None:
    with serving({"PUT /fhir/CodeSystem/Tea": Reply(201)}) as server, client(server) as made:
        assert made.put("CodeSystem/Tea", PUT, body).status == 201
    (asked,) = server.asked
    assert asked.body == b"{}"
    assert {
        name: asked.headers[name] for name in ("authorization", "accept", "content-length", "content-type")
    } == {
        "authorization": f"Bearer {SECRET}",
        "accept": "application/fhir+json",
        "content-length": "2",
        "content-type": "application/fhir+json",
    }
    assert "transfer-encoding" not in asked.headers
    assert asked.headers["user-agent"].startswith("termsmith/")
    assert asked.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_busy_servers_are_asked_again_with_the_whole_body(status: int) -> None:
    waits = Waits()
    script = {"PUT /fhir/x": [Reply(status), Reply(status), Reply(200)]}
    with serving(script) as server, client(server, waits) as made:
        answer = made.put("x", PUT, body)
    assert (answer.status, answer.attempts, waits) == (200, 3, [0.5, 1.0])
    assert [asked.body for asked in server.asked] == [b"{}"] * 3


def test_the_server_says_how_long_to_wait_and_we_wait_no_longer_than_patience_lasts() -> None:
    waits = Waits()
    replies = [
        Reply(503, headers={"Retry-After": "7"}),
        Reply(503, headers={"Retry-After": "9999"}),
        Reply(503),
    ]
    with serving({"GET /fhir/x": replies}) as server, client(server, waits) as made:
        answer = made.get("x")
    assert (answer.status, answer.attempts, waits) == (503, 3, [7.0, 60.0])


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 412, 422, 500, 501])
def test_other_failures_are_not_asked_again(status: int) -> None:
    waits = Waits()
    with serving({"GET /fhir/x": Reply(status)}) as server, client(server, waits) as made:
        assert made.get("x").status == status
    assert (len(server.asked), waits) == (1, [])


def hang_up(handler: BaseHTTPRequestHandler) -> None:
    handler.connection.shutdown(socket.SHUT_RDWR)


def garbage(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"\x16\x03\x01 I do not speak HTTP\r\n\r\n")


def half(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{")


def silence(_handler: BaseHTTPRequestHandler) -> None:
    time.sleep(1)


def damaged_gzip(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nabcd")


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        (hang_up, "it broke off, or does not speak HTTP"),
        (garbage, "it broke off, or does not speak HTTP"),
        (half, "it broke off, or does not speak HTTP"),
        (damaged_gzip, "its compressed answer is damaged"),
    ],
)
def test_what_is_no_answer_is_asked_for_again_and_then_told(
    raw: Callable[[BaseHTTPRequestHandler], None], problem: str
) -> None:
    waits = Waits()
    with (
        serving({"GET /fhir/x": Reply(raw=raw)}) as server,
        client(server, waits) as made,
        pytest.raises(NoAnswerError) as caught,
    ):
        made.get("x")
    assert caught.value.problem.startswith(problem)
    assert (caught.value.attempts, len(server.asked), waits) == (3, 3, [0.5, 1.0])


def test_silence_is_asked_again_and_then_told() -> None:
    with (
        serving({"GET /fhir/x": Reply(raw=silence)}) as server,
        client(server, timeout=0.2) as made,
        pytest.raises(NoAnswerError) as caught,
    ):
        made.get("x")
    assert caught.value.problem.startswith("no answer within 0.2 seconds")
    assert caught.value.attempts == 3


def test_a_broken_connection_may_work_the_next_time() -> None:
    script = {"GET /fhir/x": [Reply(raw=hang_up), Reply(raw=half), Reply(body=b"{}")]}
    with serving(script) as server, client(server) as made:
        answer = made.get("x")
    assert (answer.body, answer.attempts) == (b"{}", 3)


def test_nobody_there_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    waits = Waits()
    with (
        Client(f"http://127.0.0.1:{port}/fhir", token(), Patience(attempts=2), sleep=waits) as made,
        pytest.raises(NoAnswerError) as caught,
    ):
        made.get("metadata")
    assert caught.value.problem.startswith("no connection: ")
    assert waits == [0.5]


def endless(status: int) -> Callable[[BaseHTTPRequestHandler], None]:
    def write(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 %d X\r\n\r\n" % status)
        try:
            while True:
                handler.wfile.write(b"x" * 65_536)
        except OSError:
            return

    return write


def test_an_endless_answer_ends_at_the_limit() -> None:
    with (
        serving({"GET /fhir/x": Reply(raw=endless(200))}) as server,
        client(server, largest_answer=100_000) as made,
    ):
        answer = made.get("x")
    assert (len(answer.body), answer.problem) == (100_000, "more than 100,000 bytes")


def test_of_an_endless_failure_the_beginning_is_enough() -> None:
    with serving({"GET /fhir/x": Reply(raw=endless(500))}) as server, client(server) as made:
        answer = made.get("x")
    assert (answer.status, len(answer.body), answer.problem) == (500, 1_000_000, None)


def test_an_answer_that_drips_ends_at_the_limit() -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
        try:
            for _ in range(200):
                handler.wfile.write(b" ")
                time.sleep(0.02)
        except OSError:
            return

    with serving({"GET /fhir/x": Reply(raw=drip)}) as server, client(server, longest_answer=0.2) as made:
        answer = made.get("x")
    assert answer.problem == "no end within 0.2 seconds"
    assert len(answer.body) < 150


def test_an_answer_that_unpacks_to_too_much_ends_at_the_limit() -> None:
    packed = gzip.compress(b"\0" * 50_000_000)
    reply = Reply(body=packed, headers={"Content-Encoding": "gzip"})
    with serving({"GET /fhir/x": reply}) as server, client(server, largest_answer=1_000_000) as made:
        answer = made.get("x")
    assert (len(answer.body), answer.problem) == (1_000_000, "more than 1,000,000 bytes")


def moved(target: str, status: int = 307) -> Reply:
    return Reply(status, headers={"Location": target})


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_within_the_server_a_get_is_followed(status: int) -> None:
    script = {"GET /fhir/x": moved("/other/x", status), "GET /other/x": Reply(body=b"{}")}
    with serving(script) as server, client(server) as made:
        assert made.get("x").body == b"{}"
    assert [asked.headers["authorization"] for asked in server.asked] == [f"Bearer {SECRET}"] * 2


def test_a_put_is_followed_only_where_it_stays_one() -> None:
    script = {
        "PUT /fhir/kept": moved("moved", 308),
        "PUT /fhir/moved": Reply(201),
        "PUT /fhir/lost": moved("moved", 302),
    }
    with serving(script) as server, client(server) as made:
        assert made.put("kept", PUT, body).status == 201
        assert made.put("lost", PUT, body).status == 302
    assert [(each.path, each.body) for each in server.sent()] == [
        ("/fhir/kept", b"{}"),
        ("/fhir/moved", b"{}"),
        ("/fhir/lost", b"{}"),
    ]


def test_another_host_gets_nothing_and_no_credentials() -> None:
    with serving({"GET /fhir/x": Reply(body=b"{}")}) as other:
        script = {"GET /fhir/x": moved(f"{other.url}/x"), "PUT /fhir/x": moved(f"{other.url}/x")}
        with serving(script) as server, client(server) as made:
            assert made.get("x").status == 307
            assert made.put("x", PUT, body).status == 307
            made.get(f"{other.url}/x")
    assert [(each.method, "authorization" in each.headers) for each in other.asked] == [("GET", False)]


def test_redirects_in_a_circle_end() -> None:
    with serving({"GET /fhir/x": moved("x")}) as server, client(server) as made:
        assert made.get("x").status == 307
    assert len(server.asked) == 6


@pytest.mark.parametrize("target", ["//", "ftp://server.example/"])
def test_redirects_to_elsewhere_are_not_followed(target: str) -> None:
    with serving({"GET /fhir/x": moved(target, 302)}) as server, client(server) as made:
        assert made.get("x").status == 302


@pytest.mark.parametrize("target", ["http://[::1", "javascript:alert(1)", "http://x:port/"])
def test_redirects_to_what_is_no_url_are_no_answer(target: str) -> None:
    with (
        serving({"GET /fhir/x": moved(target, 302)}) as server,
        client(server) as made,
        pytest.raises(NoAnswerError),
    ):
        made.get("x")


def test_secrets_are_in_no_log_and_no_error(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    script = {"GET /fhir/x": Reply(raw=half), "GET /fhir/y": Reply(body=b"{}")}
    with serving(script) as server, client(server) as made:
        made.get("y")
        with pytest.raises(NoAnswerError) as caught:
            made.get("x")
        assert SECRET not in repr(made)
        assert SECRET not in repr(vars(made))
    assert server.asked[0].headers["authorization"] == f"Bearer {SECRET}"
    assert caught.value.__cause__ is None
    assert SECRET not in str(caught.value)
    assert caplog.records
    assert SECRET not in caplog.text


def test_without_httpx_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "httpx", None)
    with pytest.raises(ServerError) as caught:
        Client("https://server.example/fhir")
    assert (caught.value.code, caught.value.hint) == ("SRV004", "pip install 'termsmith[upload]'")
