"""What a server answered: its resource, or in a few words what is wrong."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING, Any

import orjson

from termsmith import catalogue
from termsmith.collecting import paused
from termsmith.servers.address import without_secrets

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from termsmith.model.finding import Finding
    from termsmith.model.place import Place
    from termsmith.servers.credentials import Credentials

LONGEST_SAID = 400
"""Characters of a server's words that are shown."""
_MOST_ISSUES = 3
_LOOKED_AT = 20_000
"""Bytes of an answer that is no resource that are looked at to say what it is."""
_TITLE = re.compile(r"<title[^>]{0,200}>([^<]*)", re.IGNORECASE)
_HTML = re.compile(
    r"\s*(?:<!--.{0,2000}?-->\s*)?<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
_OK = 200
_REDIRECTS = range(300, 400)
_SERVER_FAULTS = range(500, 600)
GONE = frozenset({404, 410})
"""There is nothing at that place, or no longer."""
CONFLICT = frozenset({409, 412})
"""Somebody else was faster, or the condition does not hold."""
UNKNOWN_USER = 401
_RULES = {
    401: catalogue.SERVER_ASKS_WHO,
    403: catalogue.SERVER_FORBIDS,
    404: catalogue.SERVER_NOT_FOUND,
    405: catalogue.SERVER_NOT_FOUND,
    409: catalogue.SERVER_CONFLICT,
    410: catalogue.SERVER_NOT_FOUND,
    412: catalogue.SERVER_CONFLICT,
    429: catalogue.SERVER_FAILS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer of a server."""

    method: str
    url: str
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    """Names in lower case."""
    body: bytes = b""
    problem: str | None = None
    """Why the body is not whole: too long, too slow, broken off."""
    attempts: int = 1
    """Requests that it took."""
    credentials: Credentials | None = None
    """What must never be shown of it."""


def resource_of(answer: Answer) -> dict[str, Any] | None:
    """Return the FHIR resource that an answer holds; nothing where it holds none."""
    if answer.problem is not None:
        return None
    try:
        with paused():
            value = orjson.loads(answer.body)
    except orjson.JSONDecodeError:
        return None
    return value if isinstance(value, dict) and isinstance(value.get("resourceType"), str) else None


def said(answer: Answer) -> str:
    """Return an answer's body in a few words, for people; without our secrets.

    They are taken out of what the server said before anything is cut off or written in another way: of what
    is left of a secret nobody can tell that it is one.

    >>> said(Answer(method="GET", url="", status=502, body=b"<html><title>Bad Gateway</title>"))
    "an HTML page titled 'Bad Gateway'"
    """
    if answer.problem is not None:
        return answer.problem
    resource = resource_of(answer)
    if resource is not None:
        kind = resource["resourceType"]
        told = "; ".join(_issues(answer, resource)) if kind == "OperationOutcome" else ""
        return _shortened(told or f"a {_hidden(answer, kind)[:60]} resource")
    start = _beginning(answer)
    if not start.strip():
        return "nothing"
    if _HTML.match(start) is not None:
        title = _TITLE.search(start)
        words = _shortened(_hidden(answer, unescape(title[1]))) if title is not None else ""
        return f"an HTML page titled {words!r}" if words else "an HTML page"
    return f"no FHIR resource but {_shortened(start, 100)!r}"


def _beginning(answer: Answer) -> str:
    """Return the text that an answer begins with."""
    text = answer.body[:_LOOKED_AT].decode("utf-8", "replace")
    if answer.credentials is None or len(answer.body) <= _LOOKED_AT:
        return _hidden(answer, text)
    return answer.credentials.redacted_beginning(text)


def _hidden(answer: Answer, text: str) -> str:
    return text if answer.credentials is None else answer.credentials.redacted(text)


def _issues(answer: Answer, outcome: Mapping[str, Any]) -> Iterator[str]:
    """Yield what an OperationOutcome says, the worst first."""
    issues = outcome.get("issue")
    stated = [each for each in issues if isinstance(each, dict)] if isinstance(issues, list) else []
    order = {"fatal": 0, "error": 1, "warning": 2}
    stated.sort(key=lambda issue: order.get(str(issue.get("severity")), 3))
    for issue in stated[:_MOST_ISSUES]:
        details = issue.get("details")
        text = details.get("text") if isinstance(details, dict) else None
        words = issue.get("diagnostics") or text or issue.get("code")
        where = issue.get("expression") or issue.get("location")
        place = f" (at {where[0]})" if isinstance(where, list) and where and isinstance(where[0], str) else ""
        if isinstance(words, str) and words.strip():
            yield f"{_shortened(_hidden(answer, words))}{_hidden(answer, place)}"
    if len(stated) > _MOST_ISSUES:
        yield f"{len(stated) - _MOST_ISSUES} more"


def _shortened(text: str, longest: int = LONGEST_SAID) -> str:
    words = " ".join(text[: longest * 4].split())
    return words if len(words) <= longest else f"{words[: longest - 1]}…"


def fault_of(answer: Answer, place: Place | None) -> Finding | None:
    """Return what is wrong with an answer by its status; nothing where it is a success."""
    if _OK <= answer.status < _REDIRECTS.start:
        return None
    if answer.status in _REDIRECTS:
        target = without_secrets(answer.headers.get("location", ""))
        return catalogue.SERVER_REDIRECTS.found(place=place, status=answer.status, target=target or "nowhere")
    rule = _RULES.get(answer.status)
    if rule is None:
        rule = catalogue.SERVER_FAILS if answer.status in _SERVER_FAULTS else catalogue.SERVER_REFUSES
    times = "" if answer.attempts == 1 else f", {answer.attempts} times"
    return rule.found(
        place=place, request=request_of(answer), status=f"{answer.status}{times}", said=said(answer)
    )


def nonsense(answer: Answer, place: Place | None, expected: str) -> Finding:
    """Return the finding for a success that brings something else than it should."""
    return catalogue.SERVER_NONSENSE.found(
        place=place, request=request_of(answer), status=answer.status, said=said(answer), expected=expected
    )


def request_of(answer: Answer) -> str:
    """Return what was asked for, as it may be shown.

    >>> request_of(Answer(method="PUT", url="https://server.example/fhir/CodeSystem/Tea", status=500))
    'PUT https://server.example/fhir/CodeSystem/Tea'
    """
    return f"{answer.method} {without_secrets(answer.url)}"
