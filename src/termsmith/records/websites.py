"""Web addresses that are not printed, but linked."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from termsmith.model.record import Stated, Telecom

if TYPE_CHECKING:
    from termsmith.model.page import Page
    from termsmith.model.record import Organization, Span

_WEB = ("http://", "https://")


def with_website(page: Page, organization: Organization) -> Organization:
    """Return an organisation with the address that its name links, where it states none."""
    url = next((url for span in organization.name.spans if (url := _linked(page, span))), None)
    if url is None or any(telecom.system == "url" for telecom in organization.telecoms):
        return organization
    stated = Stated(value=url, spans=organization.name.spans, reason="where the link leads")
    return replace(organization, telecoms=(Telecom(system="url", value=stated), *organization.telecoms))


def _linked(page: Page, span: Span) -> str | None:
    """Return where the one link in some words leads; nothing when there are several."""
    if span.start is None or span.end is None:
        return None
    targets = (link.url.strip() for link in page.links_in(span.start, span.end))
    web = {url for url in targets if url.casefold().startswith(_WEB)}
    return web.pop() if len(web) == 1 else None
