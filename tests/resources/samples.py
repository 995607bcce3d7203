"""Records to build resources of: one written out, and any."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, is_dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from hypothesis import strategies as st

from termsmith.model.place import Place
from termsmith.model.record import (
    Identifier,
    IdentifierType,
    Organization,
    Origin,
    Paragraph,
    Role,
    Span,
    Stated,
    Telecom,
    TerminologyRecord,
)
from termsmith.resources.options import BuildOptions, Drafting
from termsmith.resources.text import line
from termsmith.resources.versions import Carrier, FhirVersion

if TYPE_CHECKING:
    from collections.abc import Iterator

T = TypeVar("T")

TODAY = Stated(value="2026-02-03", origin=Origin.DEFAULT, reason="today")
DRAFT = Stated(value="draft", origin=Origin.DEFAULT, reason="pages of this dialect say nothing")


@dataclass
class Words:
    """A page of which each value has its own stretch."""

    printed: int = 0

    def stated(self, value: T) -> Stated[T]:
        self.printed += 1
        place = Place(source="page.txt", line=self.printed, column=1)
        start = 100 * self.printed
        return Stated(value=value, spans=(Span(place=place, raw=str(value), start=start, end=start + 9),))


def options(
    version: FhirVersion = FhirVersion.R4,
    *,
    base_url: str | None = None,
    carrier: Carrier = Carrier.CROSS_VERSION,
    fallback_date: Stated[str] = TODAY,
    default_status: Stated[str] = DRAFT,
    case_sensitive: Stated[bool] | None = None,
    drafting: Drafting = Drafting.COMPLETE,
    stem: str = "page",
) -> BuildOptions:
    return BuildOptions(
        fhir_version=version,
        base_url=base_url,
        carrier=carrier,
        fallback_date=fallback_date,
        default_status=default_status,
        case_sensitive=case_sensitive,
        drafting=drafting,
        stem=stem,
    )


def colours() -> TerminologyRecord:
    """Return a record that states everything, of an invented terminology."""
    say = Words().stated
    return TerminologyRecord(
        title=say("Colour Codes of the Colour Body"),
        short_name=say("Colour/Codes"),
        record_id=say("colour-codes"),
        identifiers=(
            Identifier(
                type=IdentifierType.URI,
                value=say("https://colours.example/cs"),
                endorsed=True,
                comment=say("Endorsed 2021"),
            ),
            Identifier(type=IdentifierType.URI, value=say("http://old.colours.example"), endorsed=False),
            Identifier(type=IdentifierType.OID, value=say("2.999.7.1"), endorsed=True),
            Identifier(type=IdentifierType.OTHER, value=say("(symbolic) - colours"), endorsed=False),
        ),
        organizations=(
            Organization(
                name=say("Colour Body (CB)"),
                roles=(say(Role.OWNER), say(Role.PUBLISHER)),
                details=(say("Rose Red, Registrar"), say("1 Rainbow Road,"), say("Huetown")),
                telecoms=(
                    Telecom(system="url", value=say("https://colours.example/")),
                    Telecom(system="email", value=say("info@colours.example")),
                    Telecom(system="phone", value=say("+00 123 456")),
                ),
            ),
            Organization(name=say("Tint Trust"), roles=(say(Role.STEWARD),)),
        ),
        description=(
            Paragraph(topic="description", text=say("Codes of colours.")),
            Paragraph(topic="description", text=say("* warm\n* cold")),
            Paragraph(topic="links", text=say("[the list](https://colours.example/list)")),
            Paragraph(topic="versions", text=say("Yearly.\n\nNumbered by year.")),
            Paragraph(topic="change_requests", text=say("1. Write.\n2. Wait.")),
            Paragraph(topic="other", text=say("Also in print.")),
        ),
        copyright=(
            Paragraph(topic="copyright", text=say("© Colour Body")),
            Paragraph(topic="copyright", text=say("Free for use.")),
            Paragraph(topic="agreement", text=say("None needed.")),
        ),
        usage=say("HL7 FHIR, US Core"),
        version=say("20210430"),
        date=say("2021-04"),
        status=say("active"),
        case_sensitive=say(False),  # noqa: FBT003
    )


def leaves(data: Any, path: str) -> Iterator[tuple[str, object]]:
    """Yield each primitive of FHIR JSON with its FHIR path."""
    if isinstance(data, dict):
        for key, value in data.items():
            if key != "resourceType":
                yield from leaves(value, f"{path}.{key.removeprefix('_')}")
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from leaves(value, f"{path}[{index}]")
    else:
        yield path, data


def statements(record: Any) -> Iterator[Stated[Any]]:
    """Yield every statement anywhere in a record."""
    if isinstance(record, Stated):
        yield record
    elif isinstance(record, tuple):
        for each in record:
            yield from statements(each)
    elif is_dataclass(record):
        for field in fields(record):
            yield from statements(getattr(record, field.name))


any_text = st.text(st.characters(exclude_categories=()), max_size=80)
"""With control characters, halves of characters, marks, emoji and every script."""
visible = st.one_of(st.text(min_size=1, max_size=40), any_text).filter(lambda text: bool(line(text)))
ascii_uris = st.from_regex(
    re.compile(r"https?://[a-z]{1,9}\.example(/[A-Za-z0-9._~-]{1,9}){0,3}"), fullmatch=True
)
oids = st.from_regex(re.compile(r"2\.999(\.(0|[1-9][0-9]{0,5})){1,6}"), fullmatch=True)
dates = st.dates().map(str).flatmap(lambda day: st.sampled_from([day, day[:7], day[:4]]))


@st.composite
def records(draw: st.DrawFn, *, complete: bool) -> TerminologyRecord:
    """Draw any record; a complete one has a name and an identifier."""
    words = Words()

    def say(strategy: st.SearchStrategy[T]) -> Stated[T]:
        return words.stated(draw(strategy))

    def maybe(strategy: st.SearchStrategy[T]) -> Stated[T] | None:
        return say(strategy) if draw(st.booleans()) else None

    def many(most: int) -> range:
        return range(draw(st.integers(0, most)))

    identifiers = [
        Identifier(type=kind, value=say(values), endorsed=endorses and index == 0, comment=maybe(visible))
        for kind, values in (
            (IdentifierType.URI, ascii_uris),
            (IdentifierType.OID, oids),
            (IdentifierType.OTHER, visible),
        )
        for endorses in (draw(st.booleans()),)
        for index in many(2)
    ]
    title, short_name = maybe(visible), maybe(visible)
    if complete:
        title = title or say(visible)
        identifiers = identifiers or [
            Identifier(type=IdentifierType.URI, value=say(ascii_uris), endorsed=True)
        ]
    return TerminologyRecord(
        title=title,
        short_name=short_name,
        name=maybe(visible),
        record_id=maybe(visible),
        kind=maybe(st.sampled_from(["codesystem", "identifier", "root"])),
        identifier_type=maybe(st.sampled_from(["DL", "PPN"])),
        identifiers=tuple(identifiers),
        organizations=tuple(
            Organization(
                name=say(visible),
                roles=tuple(say(st.sampled_from(Role)) for _ in many(3)),
                details=tuple(say(visible) for _ in many(3)),
                telecoms=tuple(
                    Telecom(
                        system=draw(st.sampled_from(["url", "email", "phone", "fax"])), value=say(visible)
                    )
                    for _ in many(2)
                ),
            )
            for _ in many(3)
        ),
        description=tuple(
            Paragraph(
                topic=draw(st.sampled_from(["description", "links", "versions", "other", "own_topic"])),
                text=say(visible),
            )
            for _ in many(4)
        ),
        copyright=tuple(
            Paragraph(topic=draw(st.sampled_from(["copyright", "agreement"])), text=say(visible))
            for _ in many(3)
        ),
        usage=maybe(visible),
        version=maybe(visible),
        date=maybe(dates),
        status=maybe(st.sampled_from(["draft", "active", "retired", "unknown"])),
        case_sensitive=maybe(st.booleans()),
    )
