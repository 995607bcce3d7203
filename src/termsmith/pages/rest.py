"""Confluence's REST API: a page as JSON, its body in storage or view format."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from termsmith.catalogue import PAGE_MALFORMED, PAGE_OTHER_JSON
from termsmith.errors import PageError
from termsmith.pages.characters import clean, plain_line
from termsmith.pages.decode import with_plain_line_ends
from termsmith.pages.html_page import read_html
from termsmith.pages.storage import read_storage
from termsmith.sources.local import CONFLUENCE_MEMBERS

if TYPE_CHECKING:
    from termsmith.pages.characters import SourceText
    from termsmith.pages.reader import Reading

FORMAT = "Confluence REST JSON"

_JSON = re.compile(r'\s*\{\s*(?:"|\}|\Z)')
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?![0-9])")
_BODIES = (
    ("storage", read_storage),
    ("view", read_html),
    ("export_view", read_html),
    ("styled_view", read_html),
)
"""Bodies that a page may have, the best first, and their readers."""


def is_rest(source: SourceText) -> bool:
    """Say whether the text is a JSON object."""
    return _JSON.match(source.text) is not None


def read_rest(source: SourceText) -> Reading:
    """Read the page that a content request, or a search with one result, returned.

    Places are lines and columns of the body's value.

    Raises:
        PageError: PAG004, when it is damaged or has no body; PAG009, when it is other JSON; what the
            reader of the body raises.
    """
    try:
        answer = json.loads(source.original)
    except ValueError as error:
        raise _malformed(str(error)) from None
    except RecursionError:
        raise _malformed("it is nested too deeply") from None
    if isinstance(answer, dict) and CONFLUENCE_MEMBERS.isdisjoint(answer):
        raise PageError(PAGE_OTHER_JSON.found(what=_kind_of(answer)))
    page = _only_page(answer)
    for name, reader in _BODIES:
        value = _member(page, "body", name, "value")
        if isinstance(value, str) and value.strip():
            reading = reader(clean(with_plain_line_ends(value)))
            break
    else:
        raise _malformed("the page has no body.storage.value (ask for it with ?expand=body.storage,version)")
    title, when = page.get("title"), _member(page, "version", "when")
    date = _DATE.match(when) if isinstance(when, str) else None
    return replace(
        reading,
        title=plain_line(title) if isinstance(title, str) else reading.title,
        version_date=date[0] if date else None,
    )


def _kind_of(answer: dict[str, Any]) -> str:
    kind = answer.get("resourceType")
    return f"a FHIR resource of type {kind}" if isinstance(kind, str) else "other JSON"


def _only_page(answer: Any) -> dict[str, Any]:
    if isinstance(answer, dict) and "body" not in answer and isinstance(answer.get("results"), list):
        results = answer["results"]
        if len(results) != 1:
            raise _malformed(f"it has {len(results)} pages; give one at a time")
        answer = results[0]
        if isinstance(answer, dict) and isinstance(answer.get("content"), dict):
            answer = answer["content"]
    if not isinstance(answer, dict):
        raise _malformed("it is no JSON object of a page")
    return answer


def _member(value: Any, *names: str) -> Any:
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _malformed(problem: str) -> PageError:
    return PageError(PAGE_MALFORMED.found(format=FORMAT, problem=problem))
