"""A local server that answers as Confluence's documented REST API does, from pages that tests write."""

from __future__ import annotations

import json
import re
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = "/wiki"


@dataclass
class Page:
    """A page with its tables by name: version and bytes."""

    id: str
    title: str
    body: str
    version: int = 1
    labels: tuple[str, ...] = ()
    tables: dict[str, tuple[int, bytes]] = field(default_factory=dict)


@dataclass
class Space:
    """What the server has, and what it was asked."""

    key: str = "TA"
    pages: dict[str, Page] = field(default_factory=dict)
    token: str | None = None
    asked: list[str] = field(default_factory=list)
    """Paths, without parameters."""
    failures: list[tuple[int, dict[str, str], bytes]] = field(default_factory=list)
    """Answers to give first: status, headers and body."""
    authorizations: list[str | None] = field(default_factory=list)

    def add(self, page: Page) -> None:
        self.pages[page.id] = page

    def answer(self, path: str, query: dict[str, list[str]]) -> Any:
        if path == "/rest/api/content/search":
            return self._search(query)
        found = re.fullmatch(r"/rest/api/content/(\w+)(/child/attachment)?", path)
        if found is None or found[1] not in self.pages:
            return None
        page = self.pages[found[1]]
        return self._attachments(page, query) if found[2] else self._page(page, query)

    def _search(self, query: dict[str, list[str]]) -> Any:
        (cql,) = query["cql"]
        stated = re.fullmatch(r'space = "(\w+)" and type = page(?: and label = "(\w+)")? order by id', cql)
        assert stated is not None, cql
        pages = [
            page
            for page in sorted(self.pages.values(), key=lambda each: int(each.id))
            if stated[1] == self.key and (stated[2] is None or stated[2] in page.labels)
        ]
        entries = [
            {
                "id": page.id,
                "type": "page",
                "title": page.title,
                "version": {"number": page.version, "when": "2025-01-02T03:04:05.000Z"},
            }
            for page in pages
        ]
        return _listed(entries, query, "/rest/api/content/search")

    def _attachments(self, page: Page, query: dict[str, list[str]]) -> Any:
        entries = [
            {
                "id": f"att{page.id}{number}",
                "type": "attachment",
                "title": name,
                "version": {"number": version},
                "_links": {"download": f"/download/attachments/{page.id}/{quote(name)}?version={version}"},
            }
            for number, (name, (version, _)) in enumerate(page.tables.items())
        ]
        return _listed(entries, query, f"/rest/api/content/{page.id}/child/attachment")

    def _page(self, page: Page, query: dict[str, list[str]]) -> Any:
        assert query["expand"] == ["body.storage,version,space,metadata.labels"]
        return {
            "id": page.id,
            "type": "page",
            "status": "current",
            "title": page.title,
            "space": {"id": 7, "key": self.key, "name": "Terminology"},
            "version": {
                "number": page.version,
                "when": "2025-01-02T03:04:05.000Z",
                "by": {"displayName": "A. Person"},
            },
            "metadata": {"labels": {"results": [{"prefix": "global", "name": name} for name in page.labels]}},
            "body": {"storage": {"value": page.body, "representation": "storage"}},
            "_links": {
                "base": "https://wiki.example",
                "webui": f"/display/{self.key}/{page.id}",
                "self": "x",
            },
        }


def _listed(entries: list[dict[str, Any]], query: dict[str, list[str]], path: str) -> dict[str, Any]:
    start, limit = int(query["start"][0]), min(int(query["limit"][0]), 2)  # servers have limits of their own
    links: dict[str, str] = {"base": "http://unused.example", "context": ROOT}
    if start + limit < len(entries):
        links["next"] = f"{path}?start={start + limit}"
    part = entries[start : start + limit]
    return {"results": part, "start": start, "limit": limit, "size": len(part), "_links": links}


@contextmanager
def serve(space: Space) -> Iterator[str]:
    """Give the address of a server for a space."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            path = parts.path.removeprefix(ROOT)
            space.asked.append(path)
            authorization = self.headers.get("Authorization")
            space.authorizations.append(authorization)
            if space.failures:
                status, headers, body = space.failures.pop(0)
                self._send(status, headers, body)
            elif space.token is not None and authorization != f"Bearer {space.token}":
                self._send(401, {"Content-Type": "text/html"}, b"<html>Log in</html>")
            elif path.startswith("/download/attachments/"):
                _, _, _, page_id, name = path.split("/")
                self._send(200, {}, space.pages[page_id].tables[unquote(name)][1])
            else:
                answer = space.answer(path, parse_qs(parts.query))
                status = 404 if answer is None else 200
                self._send(status, {"Content-Type": "application/json"}, json.dumps(answer).encode())

        def _send(self, status: int, headers: dict[str, str], body: bytes) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{ROOT}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
