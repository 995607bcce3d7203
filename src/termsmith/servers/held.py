"""What the server holds of a resource, and how it is told."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from termsmith.servers.outgoing import is_usable_id, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from termsmith.servers.answers import Answer

_ETAG = re.compile(r'(?:W/)?"[!-~]*"')
_LONGEST_VERSION = 40


@dataclass(frozen=True, slots=True)
class Held:
    """A resource at the server."""

    resource: Mapping[str, Any]
    """With a usable id."""
    etag: str | None
    """For If-Match; absent where the server tells no version."""

    @classmethod
    def of(cls, resource: Mapping[str, Any], answer: Answer | None) -> Self:
        """Take a resource, and the answer that brought it unless it came with others."""
        stated = "" if answer is None else answer.headers.get("etag", "")
        if _ETAG.fullmatch(stated) is not None:
            return cls(resource, stated)
        meta = resource.get("meta")
        version = text_of(meta, "versionId") if isinstance(meta, dict) else None
        return cls(resource, f'W/"{version}"' if is_usable_id(version) else None)

    @property
    def location(self) -> str:
        """``CodeSystem/123``."""
        return f"{self.resource['resourceType']}/{self.resource['id']}"


def described(resource: Mapping[str, Any]) -> str:
    """Return a resource of a server in a few words.

    >>> described({"resourceType": "CodeSystem", "id": "123", "version": "2"})
    'CodeSystem/123 (version 2)'
    """
    version = text_of(resource, "version")
    shown = "" if version is None else f" (version {short(version, _LONGEST_VERSION)})"
    return f"{text_of(resource, 'resourceType')}/{text_of(resource, 'id')}{shown}"


def short(text: str, longest: int) -> str:
    """Return a text of a server unless it is long: of a secret in it no part may be left.

    >>> short("complete", 20), short("complete", 7)
    ('complete', '…')
    """
    return text if len(text) <= longest else "…"


def told_location(answer: Answer, kind: str) -> str | None:
    """Return where the server says that it put a resource; nothing where it does not say.

    Args:
        answer: To an update.
        kind: The resource's type.
    """
    stated = answer.headers.get("location") or answer.headers.get("content-location") or ""
    found = re.search(rf"(?:^|/)({kind}/[A-Za-z0-9\-.]{{1,64}})(?:/_history/|$)", stated[:2000])
    return None if found is None else found[1]
