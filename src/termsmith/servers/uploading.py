"""A whole upload: read, ask the server what it holds, compare, send what is new; one request a resource."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import orjson

from termsmith import catalogue
from termsmith.documents.reading import read_document
from termsmith.documents.release import release_of_number
from termsmith.errors import ServerError, SourceError
from termsmith.faults import internal_finding
from termsmith.servers.address import is_open, origin_of, server_address
from termsmith.servers.answers import (
    CONFLICT,
    GONE,
    UNKNOWN_USER,
    Answer,
    fault_of,
    nonsense,
    resource_of,
    said,
)
from termsmith.servers.client import Client, NoAnswerError
from termsmith.servers.compare import differences
from termsmith.servers.content import may_shadow, replaced_content
from termsmith.servers.finding_there import MOST_PAGES, any_version, condition, matches, next_page, page_of
from termsmith.servers.held import Held, described, short, told_location
from termsmith.servers.identity import with_id
from termsmith.servers.outgoing import concept_count, is_usable_id, text_of
from termsmith.servers.patience import RETRIED
from termsmith.servers.plan import FoundBy, planned
from termsmith.servers.reading import read_outgoing
from termsmith.servers.report import CHANGED, FAILED, NEW, UNCHANGED, UploadedResource, UploadReport

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from termsmith.model.finding import Finding
    from termsmith.model.place import Place
    from termsmith.servers.compare import Difference
    from termsmith.servers.credentials import Credentials
    from termsmith.servers.outgoing import Outgoing
    from termsmith.servers.patience import Patience
    from termsmith.sources.resources import CheckSource

_MOST_SILENT = 3
"""Resources in a row that a server does not answer, or does not let us send, after which we give up."""
_SAME_FOR_ALL = RETRIED | {UNKNOWN_USER}
"""Answers that the next resource would get, too."""
_MOST_LISTED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadOptions:
    """What is the same for all resources of an upload."""

    found_by: FoundBy = FoundBy.ID
    dry_run: bool = False
    """Ask and compare, but send nothing."""
    replace_content: bool = False
    """Let records without the concepts replace code systems that have them."""
    fhir_version: str | None = None
    """Of all resources; absent to recognise it."""


def upload_sources(
    url: str,
    sources: Iterable[CheckSource],
    options: UploadOptions,
    *,
    credentials: Credentials | None = None,
    patience: Patience | None = None,
    on_resource: Callable[[UploadedResource], None] | None = None,
) -> UploadReport:
    """Upload the resources of files.

    Args:
        url: The server's base.
        sources: In the order of the user.
        options: The same for all.
        credentials: Who we are.
        patience: Limits in time and size; absent for the usual ones.
        on_resource: Told each resource when it is done.

    Raises:
        ServerError: SRV001 to SRV006, when nothing can be sent at all.
    """
    address = server_address(url)
    with Client(address, credentials, patience) as client:
        version = _server_version(client)
        release = release_of_number(version)
        if release is None:
            raise ServerError(
                "SRV006",
                f"{address}: the server speaks FHIR {version[:20]}",
                "Name a server, or an endpoint of this one, of FHIR R4, R4B or R5.",
            )
        read = read_outgoing(sources, fhir_version=options.fhir_version)
        upload = _Upload(client, release, options)
        done = []
        for outgoing in planned(read.outgoing, options.found_by, release):
            uploaded = upload.send(outgoing)
            done.append(uploaded)
            if on_resource is not None:
                on_resource(uploaded)
    findings = list(read.findings)
    if credentials is not None and is_open(address):
        findings.append((address, catalogue.SERVER_OPEN.found(server=address)))
    return UploadReport(
        server=address,
        server_version=version,
        dry_run=options.dry_run,
        resources=tuple(done),
        findings=tuple(findings),
        errors=tuple(read.errors),
    )


def _server_version(client: Client) -> str:
    """Return the FHIR version that a server states.

    Raises:
        ServerError: SRV005, when it is no FHIR server, or does not answer.
    """
    where = f"{client.address}/metadata"
    hint = "Check the URL: the base of a FHIR server often ends in /fhir, /r4 or the like."
    try:
        answer = client.get("metadata")
    except NoAnswerError as error:
        raise ServerError("SRV005", f"{where}: {error.problem}", hint) from None
    fault = fault_of(answer, None)
    if fault is not None:
        # A server that knows us not, or is out of order, has a better hint than that of a wrong URL.
        better = fault.hint if answer.status not in GONE else hint
        raise ServerError("SRV005", f"{where}: {client.redacted(fault.message)}", client.redacted(better))
    statement = resource_of(answer) or {}
    stated = text_of(statement, "fhirVersion")
    if stated is None:
        problem = f"it answers with {client.redacted(said(answer))}, not a CapabilityStatement"
        if statement.get("resourceType") == "CapabilityStatement":
            problem = "its CapabilityStatement states no fhirVersion"
        raise ServerError("SRV005", f"{where}: {problem}", hint)
    return client.redacted(stated)


class _FaultError(Exception):
    """Why one resource can't be sent."""

    def __init__(self, finding: Finding, *, silent: bool = False) -> None:
        """Take the finding, and whether the server will do the same with the next resource."""
        self.finding, self.silent = finding, silent
        super().__init__(finding.code)


class _Upload:
    def __init__(self, client: Client, release: str, options: UploadOptions) -> None:
        self._client, self._release, self._options = client, release, options
        self._silent = 0

    def send(self, outgoing: Outgoing) -> UploadedResource:
        """Send a resource if it differs from what the server holds."""
        done = UploadedResource(
            source=outgoing.source, type=outgoing.type, id=outgoing.id, url=outgoing.url, state=FAILED
        )
        if outgoing.findings:
            return replace(done, findings=outgoing.findings)
        if self._silent >= _MOST_SILENT:
            finding = catalogue.SERVER_NOT_TRIED.found(
                place=outgoing.place, resource=outgoing.name, number=_MOST_SILENT
            )
            return replace(done, findings=(finding,))
        try:
            done = self._send(outgoing, done)
        except _FaultError as fault:
            self._silent = self._silent + 1 if fault.silent else 0
            return replace(done, findings=(self._shown(fault.finding),))
        except SourceError as error:
            finding = catalogue.SERVER_FILE_CHANGED.found(place=outgoing.place, problem=error.message)
            return replace(done, findings=(finding,))
        except Exception as error:  # noqa: BLE001  a fault of ours on one resource must not cost the others
            return replace(done, findings=(self._shown(internal_finding(error)),))
        self._silent = 0
        return done

    def _shown(self, finding: Finding) -> Finding:
        """Take our secrets out of what a server said."""
        return replace(
            finding,
            message=self._client.redacted(finding.message),
            hint=self._client.redacted(finding.hint),
        )

    def _send(self, outgoing: Outgoing, done: UploadedResource) -> UploadedResource:
        held = self._held(outgoing)
        if held is not None:
            changes = self._differences(_data_of(outgoing), held.resource)
            done = replace(
                done, state=CHANGED if changes else UNCHANGED, differences=changes, location=held.location
            )
            if not changes:
                return done
        else:
            place = outgoing.name if self._options.found_by is FoundBy.ID else None
            done = replace(done, state=NEW, location=place)
        if not self._options.replace_content:
            self._guard_content(outgoing, held)
        if self._options.dry_run:
            return done
        answer = self._put(outgoing, held)
        if answer.status in CONFLICT and answer.attempts > 1:
            # An earlier attempt may have got through though its answer did not.
            now = self._held(outgoing)
            if now is not None and not differences(_data_of(outgoing), now.resource):
                return replace(done, location=now.location)
        self._refuse(answer, outgoing.place)
        if answer.body.strip() and resource_of(answer) is None:
            raise _FaultError(nonsense(answer, outgoing.place, "an update"))
        return replace(done, location=done.location or told_location(answer, outgoing.type))

    def _differences(self, ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> tuple[Difference, ...]:
        """Return the differences without our secrets, which a server may have put into what it holds."""
        changes = differences(ours, theirs)
        plain = orjson.dumps(theirs).decode() if changes else ""
        hidden = self._client.redacted(plain)
        if hidden == plain:
            return changes
        told = {each.element: each.detail for each in differences(ours, orjson.loads(hidden))}
        return tuple(
            replace(each, element=self._client.redacted(each.element), detail=told.get(each.element, ""))
            for each in changes
        )

    def _held(self, outgoing: Outgoing) -> Held | None:
        """Return what the server holds of a resource; nothing where it has none."""
        if self._options.found_by is FoundBy.ID:
            return self._held_by_id(outgoing)
        query = condition(outgoing, self._release) or ""
        found = list(self._search(outgoing, query))
        if len(found) > 1:
            listed = [described(each) for each in found[:_MOST_LISTED]]
            raise _FaultError(
                catalogue.SERVER_SEVERAL.found(
                    place=outgoing.place,
                    number=len(found),
                    type=outgoing.type,
                    query=query,
                    found=", ".join([*listed, *(["…"] if len(found) > _MOST_LISTED else [])]),
                )
            )
        return Held.of(found[0], None) if found else None

    def _held_by_id(self, outgoing: Outgoing) -> Held | None:
        answer = self._get(f"{outgoing.type}/{outgoing.id}", outgoing.place)
        if answer.status in GONE:
            return None
        self._refuse(answer, outgoing.place)
        resource = resource_of(answer)
        if resource is None or (resource["resourceType"], resource.get("id")) != (outgoing.type, outgoing.id):
            raise _FaultError(nonsense(answer, outgoing.place, outgoing.name))
        return Held.of(resource, answer)

    def _search(self, outgoing: Outgoing, query: str) -> Iterator[dict[str, Any]]:
        """Yield what the server has that fits a search."""
        path: str | None = page_of(outgoing.type, query)
        asked: set[str] = set()
        while path is not None and path not in asked and len(asked) < MOST_PAGES:
            asked.add(path)
            answer = self._get(path, outgoing.place)
            self._refuse(answer, outgoing.place)
            bundle = resource_of(answer)
            if bundle is None or bundle["resourceType"] != "Bundle":
                raise _FaultError(nonsense(answer, outgoing.place, "a Bundle of search results"))
            for resource in matches(bundle, outgoing, self._release):
                if not is_usable_id(resource.get("id")):
                    raise _FaultError(nonsense(answer, outgoing.place, "results with ids"))
                yield resource
            path = next_page(bundle)
            if path is not None and origin_of(path) != origin_of(self._client.address):
                raise _FaultError(nonsense(answer, outgoing.place, "a search whose next page is there, too"))

    def _guard_content(self, outgoing: Outgoing, held: Held | None) -> None:
        """Refuse a record that would replace or hide what the server really holds."""
        lost = None if held is None else replaced_content(outgoing, [held.resource])
        if lost is None and may_shadow(outgoing) and outgoing.url is not None:
            lost = replaced_content(outgoing, self._search(outgoing, any_version(outgoing)))
        if lost is not None:
            raise _FaultError(
                catalogue.SERVER_CONTENT.found(
                    place=outgoing.place,
                    resource=outgoing.name,
                    content=outgoing.content,
                    concepts=outgoing.concepts,
                    there=described(lost),
                    there_content=short(text_of(lost, "content") or "not stated", 20),
                    there_concepts=concept_count(lost),
                )
            )

    def _get(self, path: str, place: Place) -> Answer:
        try:
            return self._client.get(path)
        except NoAnswerError as error:
            raise _silence(error, place) from None

    def _put(self, outgoing: Outgoing, held: Held | None) -> Answer:
        """Send a resource; on condition that nobody changed it, or that there still is none."""
        if held is not None:
            path, wanted = held.location, text_of(held.resource, "id")
        elif self._options.found_by is FoundBy.ID:
            path, wanted = outgoing.name, outgoing.id
        else:
            path, wanted = f"{outgoing.type}?{condition(outgoing, self._release)}", None
        body = outgoing.body
        size, chunks = body.size, body.chunks
        if wanted != outgoing.id:
            data = with_id(body.read(), body.media_type, wanted)
            size, chunks = len(data), lambda: iter((data,))
        headers = {
            "Content-Type": body.media_type,
            "Content-Length": str(size),
            "Prefer": "return=minimal",
            **({} if held is None or held.etag is None else {"If-Match": held.etag}),
        }
        try:
            return self._client.put(path, headers, chunks)
        except NoAnswerError as error:
            raise _silence(error, outgoing.place) from None

    @staticmethod
    def _refuse(answer: Answer, place: Place) -> None:
        """Stop at an answer that is no success."""
        fault = fault_of(answer, place)
        if fault is not None:
            raise _FaultError(fault, silent=answer.status in _SAME_FOR_ALL)


def _silence(error: NoAnswerError, place: Place) -> _FaultError:
    finding = catalogue.SERVER_NO_ANSWER.found(place=place, problem=error.problem, attempts=error.attempts)
    return _FaultError(finding, silent=True)


def _data_of(outgoing: Outgoing) -> Mapping[str, Any]:
    """Read a resource's bytes again."""
    document = read_document(outgoing.body.read(), outgoing.source)
    (found,) = (*document.resources, *document.context)
    return found.data
