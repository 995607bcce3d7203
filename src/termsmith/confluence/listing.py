"""What a Confluence space has, as its REST API lists it; and what is stored of it."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from termsmith.errors import FetchError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

STATE_NAME = ".termsmith-confluence.json"
"""File in the folder that says what was stored, and in which version."""
FORM = 1
TABLES = frozenset({".csv", ".tsv", ".xlsx", ".xlsm"})
"""Extensions of attachments that are stored."""
_LONGEST_STEM = 60
_ID = re.compile(r"[A-Za-z0-9]{1,40}")
_NAME = re.compile(r"[^\w.-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteAttachment:
    """A table that is attached to a page."""

    id: str
    name: str
    version: int
    path: str
    """Where to get it, as the server says; below its own address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemotePage:
    """A page of a space."""

    id: str
    title: str
    version: int

    @property
    def stem(self) -> str:
        """Name of its files, without extension: readable, and its own because of the id."""
        plain = unicodedata.normalize("NFC", self.title)
        words = _NAME.sub("-", plain).strip("-.")[:_LONGEST_STEM].strip("-.")
        return f"{words}-{self.id}" if words else self.id


@dataclass(frozen=True, slots=True)
class Stored:
    """What was stored of a page."""

    version: int
    files: Mapping[str, int | None]
    """Names in the folder, and the version of each attachment; none for the page itself."""


@dataclass(slots=True)
class State:
    """What was stored of a space, by id of the page."""

    pages: dict[str, Stored] = field(default_factory=dict)

    def render(self) -> bytes:
        """Return the bytes of the file that keeps it."""
        pages = {
            page_id: {"version": stored.version, "files": dict(sorted(stored.files.items()))}
            for page_id, stored in sorted(self.pages.items())
        }
        return (json.dumps({"form": FORM, "pages": pages}, indent=2, ensure_ascii=False) + "\n").encode()


def read_state(data: bytes | None, shown: str) -> State:
    """Return what was stored; nothing where there is no file yet.

    Raises:
        FetchError: FET006, when the file is damaged or of a newer form.
    """
    if data is None:
        return State()
    try:
        stated = json.loads(data)
        if stated["form"] != FORM:
            raise _no_state(shown, f"its form is {stated['form']!r}, and this termsmith knows {FORM}")
        return State(
            {
                page_id: Stored(int(entry["version"]), dict(entry["files"]))
                for page_id, entry in stated["pages"].items()
            }
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _no_state(shown, f"{type(error).__name__}: {error}") from error


def query(space: str, label: str | None) -> str:
    """Return the CQL query for the pages of a space.

    >>> query("TA", None)
    'space = "TA" and type = page order by id'
    """
    labelled = f" and label = {_quoted(label)}" if label is not None else ""
    return f"space = {_quoted(space)} and type = page{labelled} order by id"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def pages_of(answer: Any) -> Iterator[RemotePage]:
    """Yield the pages that an answer to a search lists.

    Raises:
        FetchError: FET005, when it is none.
    """
    for each in _results(answer):
        content = each.get("content", each)
        number = content.get("version", {}).get("number")
        page_id, title = content.get("id"), content.get("title")
        if not isinstance(page_id, str) or not _ID.fullmatch(page_id) or not isinstance(number, int):
            raise no_answer("a page without id or version")
        yield RemotePage(id=page_id, title=title if isinstance(title, str) else "", version=number)


def attachments_of(answer: Any) -> Iterator[RemoteAttachment]:
    """Yield the tables among the attachments that an answer lists.

    Raises:
        FetchError: FET005, when it is none.
    """
    for each in _results(answer):
        name, path = each.get("title"), each.get("_links", {}).get("download")
        number = each.get("version", {}).get("number")
        if not isinstance(name, str) or _extension(name) not in TABLES:
            continue
        if not isinstance(path, str) or not isinstance(number, int) or not path.startswith("/"):
            raise no_answer(f"the attachment {name!r} without link or version")
        yield RemoteAttachment(id=str(each.get("id")), name=name, version=number, path=path)


def more(answer: Any) -> bool:
    """Tell whether a list goes on behind an answer."""
    return isinstance(answer, dict) and bool(answer.get("_links", {}).get("next"))


def files_of(page: RemotePage, attachments: Sequence[RemoteAttachment]) -> dict[str, RemoteAttachment | None]:
    """Return the names of a page's files in the folder; the page itself has no attachment.

    A single table is named so that it is taken for the page's concepts; of several, the sidecar has to say
    which, so they only stand beside the page.
    """
    files: dict[str, RemoteAttachment | None] = {f"{page.stem}.json": None}
    if len(attachments) == 1:
        files[f"{page.stem}.concepts{_extension(attachments[0].name)}"] = attachments[0]
        return files
    for each in attachments:
        stem = _NAME.sub("-", each.name[: -len(_extension(each.name))]).strip("-.")[:_LONGEST_STEM] or "table"
        name, number = f"{page.stem}.attached.{stem}{_extension(each.name)}", 2
        while name in files:
            name, number = f"{page.stem}.attached.{stem}-{number}{_extension(each.name)}", number + 1
        files[name] = each
    return files


def page_file(answer: Any) -> bytes:
    """Return the page that an answer holds as it is stored.

    Always in the same order, and without what only the moment of asking made.

    Raises:
        FetchError: FET005, when it has no body.
    """
    body = answer.get("body", {}).get("storage", {}) if isinstance(answer, dict) else {}
    if not isinstance(body.get("value"), str):
        raise no_answer("a page without body.storage.value")
    version = answer.get("version", {})
    labels = answer.get("metadata", {}).get("labels", {}).get("results", [])
    kept = {
        "id": answer.get("id"),
        "type": answer.get("type"),
        "title": answer.get("title"),
        "space": {"key": answer.get("space", {}).get("key")},
        "version": {name: version[name] for name in ("number", "when") if name in version},
        "metadata": {"labels": {"results": [{"name": name} for name in sorted(_names(labels))]}},
        "body": {"storage": {"value": body["value"], "representation": "storage"}},
        "_links": {name: link for name, link in _links(answer) if name in {"base", "webui"}},
    }
    return (json.dumps(kept, indent=2, ensure_ascii=False) + "\n").encode("utf-8", "surrogatepass")


def _names(labels: Iterable[Any]) -> Iterator[str]:
    return (each["name"] for each in labels if isinstance(each, dict) and isinstance(each.get("name"), str))


def _links(answer: Mapping[str, Any]) -> list[tuple[str, Any]]:
    links = answer.get("_links")
    return sorted(links.items()) if isinstance(links, dict) else []


def _results(answer: Any) -> Iterator[dict[str, Any]]:
    results = answer.get("results") if isinstance(answer, dict) else None
    if not isinstance(results, list):
        raise no_answer("no list of results")
    return (each for each in results if isinstance(each, dict))


def _extension(name: str) -> str:
    dot = name.rfind(".")
    return name[dot:].lower() if dot > 0 else ""


def no_answer(problem: str) -> FetchError:
    """Return the error for an answer that Confluence would not give."""
    return FetchError(
        "FET005",
        f"the server answered with {problem}",
        "Check the address: it is the one under which Confluence itself is, such as https://HOST/confluence.",
    )


def _no_state(shown: str, problem: str) -> FetchError:
    return FetchError(
        "FET006",
        f"{shown}: can't be used: {problem}",
        "Delete it; then every page is fetched again.",
    )
