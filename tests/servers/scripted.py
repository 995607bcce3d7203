"""A real HTTP server on this machine that answers as a test says, and remembers what it was asked."""

from __future__ import annotations

import json
import threading
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

METADATA = {"resourceType": "CapabilityStatement", "fhirVersion": "4.0.1"}


class Asked(NamedTuple):
    """A request."""

    method: str
    path: str
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes


@dataclass(frozen=True)
class Reply:
    """What is answered."""

    status: int = 200
    body: Any = b""
    """Bytes, or what becomes JSON."""
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: Callable[[BaseHTTPRequestHandler], None] | None = None
    """Writes to the connection itself, whatever it likes."""


class Scripted:
    """The server, its script, and what it was asked."""

    def __init__(self, script: Mapping[str, Reply | list[Reply]]) -> None:
        self.script = {"GET /fhir/metadata": Reply(body=METADATA), **script}
        """By method and path with query; the last reply of several is given again and again."""
        self.asked: list[Asked] = []
        self._times: dict[str, int] = defaultdict(int)
        self.url = ""

    def reply_to(self, asked: Asked) -> Reply:
        self.asked.append(asked)
        key = f"{asked.method} {asked.path}"
        replies = self.script.get(key, Reply(404, {"resourceType": "OperationOutcome"}))
        if isinstance(replies, Reply):
            return replies
        number = self._times[key]
        self._times[key] += 1
        return replies[min(number, len(replies) - 1)]

    def paths(self) -> list[str]:
        """Return what was asked for besides the capability statement."""
        return [f"{each.method} {each.path}" for each in self.asked if not each.path.endswith("/metadata")]

    def sent(self) -> list[Asked]:
        return [each for each in self.asked if each.method == "PUT"]


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that go away, as those of an endless answer do."""


@contextmanager
def serving(script: Mapping[str, Reply | list[Reply]] | None = None) -> Iterator[Scripted]:
    """Give a server that runs."""
    scripted = Scripted(script or {})

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(self.command, self.path, headers, self.rfile.read(length))
            reply = scripted.reply_to(asked)
            if reply.raw is not None:
                self.close_connection = True
                reply.raw(self)
                return
            body = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
            self.send_response(reply.status)
            kind = "application/octet-stream" if isinstance(reply.body, bytes) else "application/fhir+json"
            for name, value in {
                "Content-Type": kind,
                "Content-Length": str(len(body)),
                **reply.headers,
            }.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_PUT = _answer  # noqa: N815  the interface of http.server

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    server = _Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    scripted.url = f"http://127.0.0.1:{server.server_port}/fhir"
    try:
        yield scripted
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


def held(resource: Mapping[str, Any], version: str = "1") -> Reply:
    """Return a resource as a server gives it back."""
    meta = {"versionId": version, "lastUpdated": "2026-01-01T00:00:00Z", "source": "#x"}
    return Reply(body={**resource, "meta": meta}, headers={"ETag": f'W/"{version}"'})


def results(*resources: Mapping[str, Any], following: str | None = None) -> Reply:
    """Return search results."""
    return Reply(
        body={
            "resourceType": "Bundle",
            "type": "searchset",
            "link": [{"relation": "next", "url": following}] if following else [],
            "entry": [{"resource": resource, "search": {"mode": "match"}} for resource in resources],
        }
    )


def outcome(*texts: str) -> dict[str, Any]:
    return {
        "resourceType": "OperationOutcome",
        "issue": [{"severity": "error", "code": "invalid", "diagnostics": text} for text in texts],
    }
