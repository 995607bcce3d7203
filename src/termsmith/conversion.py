"""One page, all stages in order: bytes, page, dialect, record, sidecar, resources, account. No I/O."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from termsmith import catalogue
from termsmith.coverage import account
from termsmith.dialects.loading import load_dialects
from termsmith.dialects.recognise import measure, named, recognise
from termsmith.errors import PageError
from termsmith.model.finding import Finding, Severity
from termsmith.model.record import Origin, Stated
from termsmith.model.result import Conversion
from termsmith.pages.reading import read_page
from termsmith.records.completeness import incomplete, tolerated, words_of_retirement
from termsmith.records.extract import extract
from termsmith.records.marks import Mark
from termsmith.resource_checks import check_resources
from termsmith.resources.build import build
from termsmith.resources.options import BuildOptions, Drafting
from termsmith.resources.versions import Carrier, FhirVersion
from termsmith.sidecars.complete import complete
from termsmith.sidecars.sidecar import NO_SIDECAR, Sidecar

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from termsmith.checks.rule import Profile
    from termsmith.dialects.recognise import Recognition
    from termsmith.model.page import Block, Page
    from termsmith.model.record import TerminologyRecord
    from termsmith.model.result import Evidence, Piece, Resource
    from termsmith.records.extract import Extraction
    from termsmith.settings import Settings

_FEW_LABELS = 0.7
_LONGEST_LEFTOVER = 80


def convert_page(
    data: bytes,
    source: str,
    settings: Settings,
    *,
    today: str,
    sidecar: bytes | None = None,
    sidecar_source: str | None = None,
    profiles: frozenset[Profile] = frozenset(),
) -> Conversion:
    """Return what one page means. A page's faults are findings of the result, not exceptions.

    Args:
        data: The page's bytes, in any of the file formats.
        source: Its path as the user gave it, or ``-``.
        settings: What holds for all pages of a run.
        today: ``YYYY-MM-DD``, for pages that state no date.
        sidecar: The bytes of its sidecar; absent when it has none.
        sidecar_source: The sidecar's path as it is to be shown.
        profiles: What the resources are checked against beyond the rules that always hold.

    Raises:
        UsageError: USE002, when the settings name a dialect that does not exist.
        SettingsError: SET010 to SET013, when a dialect table is wrong.
    """
    dialects = load_dialects(settings.dialect_tables)
    wanted = named(settings.dialect, dialects) if settings.dialect is not None else None
    beside = sidecar_source or _sidecar_name(source)
    try:
        page = read_page(data, source)
    except PageError as error:
        return Conversion(source=source, fhir_version=settings.fhir_version, findings=(error.finding,))
    try:
        recognition = measure(page, (wanted,))[0] if wanted is not None else recognise(page, dialects)
        added = _sidecar(sidecar, beside)
    except PageError as error:
        return Conversion(
            source=source,
            fhir_version=settings.fhir_version,
            findings=_ordered(page.findings, [error.finding]),
            coverage=account(page, (), _furniture(page), ()),
        )
    return _Run(page, recognition, settings, added, beside).conversion(today, profiles)


class _Run:
    """The stages behind reading, for one page."""

    def __init__(
        self, page: Page, recognition: Recognition, settings: Settings, sidecar: Sidecar, sidecar_name: str
    ) -> None:
        self.page, self.dialect, self.settings = page, recognition.dialect, settings
        self.labels = recognition.labels
        self.sidecar, self.sidecar_name = sidecar, sidecar_name

    def conversion(self, today: str, profiles: frozenset[Profile]) -> Conversion:
        extraction = extract(self.page, self.dialect)
        completed = complete(extraction.records, self.sidecar)
        missing = self._missing(completed.records, extraction)
        resources: list[Resource] = []
        evidence: list[Evidence] = []
        findings = [*extraction.findings, *completed.findings]
        findings += tolerated(missing) if self.settings.draft else missing
        findings += self._few_labels()
        if missing:
            findings += self._offers(completed.records)
        if not missing or self.settings.draft:
            options = self._options(today)
            for record in completed.records:
                built = build(record, options)
                resources += built.resources
                evidence += built.evidence
                findings += built.findings
            findings += words_of_retirement(self.page, extraction, self._status(completed.records))
        checked = check_resources(
            resources, evidence, fhir_version=self.settings.fhir_version, today=today, profiles=profiles
        )
        findings += checked.findings
        if len(checked.sound) < len(resources):
            written = {f"{each.type}/{each.id}" for each in checked.sound}
            evidence = [each for each in evidence if each.resource in written]
            resources = list(checked.sound)
        coverage = account(self.page, evidence, extraction.marks, self._reasons(extraction, resources))
        if resources:
            replaced = {(s.start, s.end) for stated in completed.replaced for s in stated.spans}
            findings += [_leftover(p) for p in coverage.leftovers if (p.start, p.end) not in replaced]
        return Conversion(
            source=self.page.source,
            fhir_version=self.settings.fhir_version,
            dialect=self.dialect.id,
            resources=tuple(resources),
            findings=_ordered(self.page.findings, findings),
            evidence=tuple(evidence),
            coverage=coverage,
        )

    def _missing(self, records: Sequence[TerminologyRecord], extraction: Extraction) -> list[Finding]:
        settled = bool(self.sidecar.systems) or bool({"canonical_url", "oid"} & set(self.sidecar.values))
        return incomplete(
            records,
            family=extraction.family,
            uncertain=extraction.uncertain,
            settled=settled,
            sidecar_name=self.sidecar_name,
        )

    def _offers(self, records: Sequence[TerminologyRecord]) -> list[Finding]:
        """Offer well-known systems that the page may mean; never a silent value."""
        if not self.settings.registry:
            return []
        from termsmith.registry.lookup import near_matches  # noqa: PLC0415  only for pages that fail

        names = [
            stated.value
            for record in records
            for stated in (record.short_name, record.title)
            if stated is not None
        ]
        offers = []
        for system in near_matches(names):
            facts = {"canonical_url": system.uri, "oid": system.oid}
            given = {key: value for key, value in facts.items() if value}
            offers.append(
                catalogue.OFFER.found(
                    title=system.title,
                    facts=", ".join(given.values()),
                    sidecar=self.sidecar_name,
                    lines="; ".join(f'{key} = "{value}"' for key, value in given.items()),
                )
            )
        return offers

    def _reasons(self, extraction: Extraction, resources: Sequence[Resource]) -> list[tuple[Block, str]]:
        """Return why text is left over, the special reasons behind the general ones."""
        why = "is not used" if resources else "is not used, since no resource is written"
        gathered = [(block, f"stands behind {label!r} and {why}") for block, label in extraction.gathered]
        return [*gathered, *extraction.stray]

    def _few_labels(self) -> list[Finding]:
        if self.labels >= _FEW_LABELS * self.dialect.counted:
            return []
        return [
            catalogue.FEW_LABELS.found(found=self.labels, total=self.dialect.counted, dialect=self.dialect.id)
        ]

    def _options(self, today: str) -> BuildOptions:
        return BuildOptions(
            fhir_version=FhirVersion(self.settings.fhir_version),
            base_url=self.settings.base_url,
            carrier=Carrier(self.settings.carrier),
            fallback_date=self._fallback_date(today),
            default_status=self._default_status(),
            case_sensitive=self._case_sensitive(),
            drafting=Drafting.DRAFT if self.settings.draft else Drafting.COMPLETE,
            stem=PurePath(self.page.source).stem,
        )

    def _fallback_date(self, today: str) -> Stated[str]:
        if self.page.version_date is not None:
            return Stated(value=self.page.version_date, reason="date of the Confluence version")
        if self.settings.source_date is not None:
            return Stated(
                value=self.settings.source_date, origin=Origin.CONFIGURATION, reason="SOURCE_DATE_EPOCH"
            )
        return Stated(value=today, origin=Origin.DEFAULT, reason="today")

    def _default_status(self) -> Stated[str]:
        if self.settings.status is not None:
            return Stated(value=self.settings.status, origin=Origin.CONFIGURATION, reason="configuration")
        return Stated(
            value=self.dialect.default_status,
            origin=Origin.DEFAULT,
            reason=f"default of dialect {self.dialect.id}",
        )

    def _case_sensitive(self) -> Stated[bool] | None:
        if self.settings.case_sensitive is None:
            return None
        return Stated(value=self.settings.case_sensitive, origin=Origin.CONFIGURATION, reason="configuration")

    def _status(self, records: Sequence[TerminologyRecord]) -> str:
        status = records[0].status
        return status.value if status is not None else self._default_status().value


def _sidecar(data: bytes | None, source: str) -> Sidecar:
    if data is None:
        return NO_SIDECAR
    from termsmith.sidecars.reading import read_sidecar  # noqa: PLC0415  pydantic models of its own

    return read_sidecar(data, source)


def _sidecar_name(source: str) -> str:
    if source == "-":
        return "a sidecar"
    return str(PurePath(source).with_suffix(".toml").as_posix())


def _furniture(page: Page) -> Iterable[Mark]:
    from termsmith.model.result import Fate  # noqa: PLC0415

    for block in page.blocks:
        if block.furniture is not None:
            yield Mark(start=block.start, end=block.end, fate=Fate.FURNITURE, note=block.furniture)


def _leftover(piece: Piece) -> Finding:
    text = piece.text if len(piece.text) <= _LONGEST_LEFTOVER else piece.text[:_LONGEST_LEFTOVER] + "…"
    why = f" ({piece.note})" if piece.note else ""
    return catalogue.LEFTOVER.found(place=piece.place, text=text, why=why)


def _ordered(first: Iterable[Finding], then: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings in page order; those of the sidecar and those without a place behind."""
    severities = list(Severity)

    def key(finding: Finding) -> tuple[object, ...]:
        place = finding.place
        if place is None:
            return ("\U0010ffff", 0, 0, severities.index(finding.severity), finding.code)
        return (place.source, place.line, place.column, severities.index(finding.severity), finding.code)

    distinct = dict.fromkeys((*first, *then))
    return tuple(sorted(distinct, key=key))
