"""The link of a metadata record to its NamingSystem, and whether it is the right one."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import TYPE_CHECKING

from termsmith.dialects.labels import fold

if TYPE_CHECKING:
    from termsmith.model.record import TerminologyRecord

_RECORD = re.compile(r"(?:.*/)?NamingSystem[-/](?P<id>[A-Za-z0-9\-.]{1,64}?)(?:\.html)?(?:[?#].*)?")
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_SHORTEST_PART = 3
RECORD_PAGE = "ECS_MR-"
"""How HL7 Terminology names the files of its metadata records."""


def record_id_of(url: str) -> str | None:
    """Return the id of the NamingSystem that a link leads to; absent when it leads elsewhere.

    >>> record_id_of("NamingSystem-CVX.html")
    'CVX'
    """
    match = _RECORD.fullmatch(url.strip())
    return match["id"] if match else None


def fits(record_id: str, record: TerminologyRecord, source: str) -> bool:
    """Whether a record's id has anything to do with what the page says, or with the page's own name.

    One of HL7's 160 pages links the record of another terminology; its id shares nothing with the page.
    """
    stem = PurePath(source.replace("\\", "/")).stem.removeprefix(RECORD_PAGE)
    wanted, named = fold(record_id), fold(stem)
    if wanted in named or (len(named) >= _SHORTEST_PART and named in wanted):
        return True
    printed = [stated.value for stated in (record.title, record.short_name) if stated is not None]
    printed += [identifier.value.value for identifier in record.identifiers]
    text = fold(" ".join(printed))
    if wanted in text or any(part in text for part in _parts(record_id)):
        return True
    initials = "".join(word[0] for title in printed[:1] for word in title.split() if word[:1].isalpha())
    return len(initials) >= _SHORTEST_PART and initials.casefold() in wanted


def _parts(record_id: str) -> list[str]:
    return [part.casefold() for part in _PART.findall(record_id) if len(part) >= _SHORTEST_PART]
