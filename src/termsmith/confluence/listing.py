"""What a Confluence space has, as its REST API lists it; and what is stored of it."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from termsmith.errors import FetchError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

STATE_NAME = ".termsmith-confluence.json"
"""File in the folder that says what was stored, and in which version."""
FORM = 1
TABLES = frozenset({".csv", ".tsv", ".xlsx", ".xlsm"})
"""Extensions of attachments that are stored."""
_LONGEST_STEM = 60
"""Characters of a name that are kept."""
_LONGEST_TITLE, _LONGEST_TABLE = 100, 80
"""Bytes of them: with the page's id and what stands in between, a file's name must not have more than 255."""
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
        words = _plain(self.title, _LONGEST_TITLE)
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
                page_id: Stored(int(entry["version"]), _own_files(page_id, dict(entry["files"])))
                for page_id, entry in stated["pages"].items()
            }
        )
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise _no_state(shown, f"{type(error).__name__}: {error}") from error


def _own_files(page_id: str, files: dict[str, int | None]) -> dict[str, int | None]:
    """Return the names of a page's files, which are removed when it is gone; no others can be its own."""
    own = re.compile(rf"(?:[^/\\]+-)?{re.escape(page_id)}\.(?:json|concepts\.\w+|attached\.[^/\\]+)")
    for name in files:
        if own.fullmatch(name) is None:
            raise ValueError(f"{name!r} is no file of the page {page_id!r}")
    return files


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
        content = _object(each["content"]) if "content" in each else each
        number = _version_of(content)
        page_id, title = content.get("id"), content.get("title")
        if not isinstance(page_id, str) or not _ID.fullmatch(page_id) or number is None:
            raise no_answer("a page without id or version")
        yield RemotePage(id=page_id, title=title if isinstance(title, str) else "", version=number)


def attachments_of(answer: Any) -> Iterator[RemoteAttachment]:
    """Yield the tables among the attachments that an answer lists.

    Raises:
        FetchError: FET005, when it is none.
    """
    for each in _results(answer):
        name, path = each.get("title"), _object(each.get("_links")).get("download")
        number = _version_of(each)
        if not isinstance(name, str) or _extension(name) not in TABLES:
            continue
        if not isinstance(path, str) or number is None or not path.startswith("/"):
            raise no_answer(f"the attachment {name!r} without link or version")
        yield RemoteAttachment(id=str(each.get("id")), name=name, version=number, path=path)


def more(answer: Any) -> bool:
    """Tell whether a list goes on behind an answer.

    Raises:
        FetchError: FET005, when it has links that are none; what follows might be taken for gone.
    """
    if not isinstance(answer, dict) or "_links" not in answer:
        return False
    links = answer["_links"]
    if not isinstance(links, dict):
        raise no_answer("a list whose links are none")
    return bool(links.get("next"))


def files_of(page: RemotePage, attachments: Sequence[RemoteAttachment]) -> dict[str, RemoteAttachment | None]:
    """Return the names of a page's files in the folder; the page itself has no attachment.

    A single table is named so that it is taken for the page's concepts; of several, the sidecar has to say
    which, so they only stand beside the page.
    """
    files: dict[str, RemoteAttachment | None] = {f"{page.stem}.json": None}
    if len(attachments) == 1:
        files[f"{page.stem}.concepts{_extension(attachments[0].name)}"] = attachments[0]
        return files
    taken: set[str] = set()
    for each in attachments:
        extension = _extension(each.name)
        stem = _plain(each.name.removesuffix(each.name[-len(extension) :]), _LONGEST_TABLE) or "table"
        name, number = f"{page.stem}.attached.{stem}{extension}", 2
        # Some disks hold names for one that differ by case only.
        while name.casefold() in taken:
            name, number = f"{page.stem}.attached.{stem}-{number}{extension}", number + 1
        taken.add(name.casefold())
        files[name] = each
    return files


def _plain(text: str, most: int) -> str:
    """Return what a file's name keeps of a text.

    Args:
        text: A title.
        most: Bytes.

    >>> _plain("Grades: Tea/leaf", 100), _plain("茶葉", 4)
    ('Grades-Tea-leaf', '茶')
    """
    words = _NAME.sub("-", unicodedata.normalize("NFC", text)).strip("-.")[:_LONGEST_STEM]
    return words.encode("utf-8", "replace")[:most].decode("utf-8", "ignore").strip("-.")


def page_file(answer: Any) -> bytes:
    """Return the page that an answer holds as it is stored.

    Always in the same order, and without what only the moment of asking made.

    Raises:
        FetchError: FET005, when it has no body.
    """
    body = _object(_object(_object(answer).get("body")).get("storage"))
    if not isinstance(body.get("value"), str):
        raise no_answer("a page without body.storage.value")
    version = _object(answer.get("version"))
    labels = _object(_object(answer.get("metadata")).get("labels")).get("results")
    kept = {
        "id": answer.get("id"),
        "type": answer.get("type"),
        "title": answer.get("title"),
        "space": {"key": _object(answer.get("space")).get("key")},
        "version": {name: version[name] for name in ("number", "when") if name in version},
        "metadata": {"labels": {"results": [{"name": name} for name in sorted(_names(labels))]}},
        "body": {"storage": {"value": body["value"], "representation": "storage"}},
        "_links": {name: link for name, link in _links(answer) if name in {"base", "webui"}},
    }
    return (json.dumps(kept, indent=2, ensure_ascii=False) + "\n").encode("utf-8", "surrogatepass")


def _names(labels: object) -> Iterator[str]:
    listed = labels if isinstance(labels, list) else []
    return (each["name"] for each in listed if isinstance(each, dict) and isinstance(each.get("name"), str))


def _links(answer: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return sorted(_object(answer.get("_links")).items())


def _version_of(entry: Mapping[str, Any]) -> int | None:
    number = _object(entry.get("version")).get("number")
    return number if isinstance(number, int) and not isinstance(number, bool) else None


def _object(value: object) -> dict[str, Any]:
    """Return a JSON object, an empty one in place of what is none: what a server lacks may be null."""
    return value if isinstance(value, dict) else {}


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
