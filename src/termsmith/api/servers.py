"""Pages from Confluence, and resources to a FHIR server."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from termsmith.api.arguments import known_version, paths_of_files
from termsmith.errors import SourceError, UsageError

if TYPE_CHECKING:
    from termsmith.confluence.report import FetchReport
    from termsmith.servers.report import UploadReport
    from termsmith.settings import FhirVersion


def fetch_confluence(
    base: str,
    space: str,
    *,
    label: str | None = None,
    output: str | Path = "input",
    prune: bool = False,
) -> FetchReport:
    """Store the pages of a Confluence space, and the tables attached to them; only what is new is fetched.

    Credentials come from the environment: ``TERMSMITH_CONFLUENCE_TOKEN``, or ``TERMSMITH_CONFLUENCE_USER``
    and ``TERMSMITH_CONFLUENCE_PASSWORD``; without them the server is asked as a guest.

    Args:
        base: Address of Confluence itself, such as ``https://HOST/wiki``; without credentials in it.
        space: Key of the space.
        label: Only pages that have it; absent for all.
        output: Folder for the pages; made when the first one comes.
        prune: Whether to remove files of pages that are no longer found there.

    Returns:
        The report. When an exception ends the fetch, what came before is stored, and the next fetch goes on
        from there.

    Raises:
        FetchError: FET001 to FET005, when the server can't be reached, refuses, or answers with what
            Confluence would not; FET006, when the folder's ``.termsmith-confluence.json`` can't be used.
        OutputError: OUT002 or OUT003, when the folder can't be written.
        UsageError: USE010, when atlassian-python-api is missing; USE011, when ``base`` is no web address, or
            has more than that in it.
    """
    from termsmith.confluence.storing import fetch_space  # noqa: PLC0415  only for fetches

    return fetch_space(base, space, Path(output), label=label, prune=prune, environment=os.environ)


def upload(
    url: str,
    *paths: str | Path,
    by: Literal["id", "url"] = "id",
    dry_run: bool = False,
    replace_content: bool = False,
    fhir_version: FhirVersion | None = None,
) -> UploadReport:
    """Send NamingSystem, CodeSystem and ValueSet resources to a FHIR server; what it has already is not sent.

    Credentials come from the environment: ``TERMSMITH_TOKEN``, or ``TERMSMITH_USER`` and
    ``TERMSMITH_PASSWORD``.

    Args:
        url: The server's base.
        paths: Files of resources, Bundles, FHIR packages, or folders of these.
        by: ``id`` to update what the server has under the same id; ``url`` for what it has under the same URL
            (and version), whatever its id there.
        dry_run: Whether only to say what would change.
        replace_content: Whether a record without the concepts may replace a code system that has them.
        fhir_version: Release of the resources: ``R4``, ``R4B`` or ``R5``; absent to recognise it.

    Returns:
        The report. What is wrong with one resource is a finding; ``ok`` tells whether any is an error.

    Raises:
        ServerError: SRV001 to SRV006, when the URL, the credentials or the server can't be used at all, or
            httpx is missing.
        SourceError: SRC001 or SRC002, when a path leads nowhere or can't be read; SRC005, when the paths lead
            to nothing to upload, or there are none.
        UsageError: USE001 or USE005, when the FHIR version or ``by`` is unknown.
    """
    from termsmith.servers.credentials import credentials_of  # noqa: PLC0415  only for uploads
    from termsmith.servers.plan import FoundBy  # noqa: PLC0415  as above
    from termsmith.servers.uploading import UploadOptions, upload_sources  # noqa: PLC0415  as above
    from termsmith.sources.resources import find_check_sources  # noqa: PLC0415  as above

    if fhir_version is not None:
        known_version(fhir_version)
    known = [each.value for each in FoundBy]
    if by not in known:
        raise UsageError("USE005", f"resources are not found by {by!r}", f"Known are {', '.join(known)}.")
    found = find_check_sources(paths_of_files(paths))
    for error in found.errors:
        raise error
    if not found.sources:
        raise SourceError("SRC005", "nothing to upload was found", "Name a resource, a Bundle or a package.")
    options = UploadOptions(
        found_by=FoundBy(by),
        dry_run=dry_run,
        replace_content=replace_content,
        fhir_version=fhir_version,
    )
    return upload_sources(url, found.sources, options, credentials=credentials_of(os.environ))
