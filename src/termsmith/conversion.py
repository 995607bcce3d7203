"""One page, all stages in order: bytes, page, dialect, record, sidecar, resources, account. No I/O."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING

from termsmith import catalogue
from termsmith.concept_content import LARGE, content_elements, with_existing
from termsmith.concept_sources import (
    FoundConcepts,
    concept_evidence,
    find_concepts,
    header_cells,
    is_table,
    without_tables,
)
from termsmith.concepts.hierarchy import Hierarchy
from termsmith.concepts.page_table import page_tables
from termsmith.coverage import account
from termsmith.dialects.loading import load_dialects
from termsmith.dialects.recognise import Recognition, measure, named, recognise
from termsmith.dialects.table import BARE
from termsmith.errors import PageError
from termsmith.model.finding import Finding, Severity
from termsmith.model.page import Page, Positions
from termsmith.model.record import Origin, Stated
from termsmith.model.result import Conversion, Fate
from termsmith.pages.reading import read_page
from termsmith.records.completeness import incomplete, tolerated, words_of_retirement
from termsmith.records.extract import extract
from termsmith.records.marks import Mark
from termsmith.resource_checks import check_resources
from termsmith.resources.build import build
from termsmith.resources.options import BuildOptions, Drafting
from termsmith.resources.value_set import all_codes
from termsmith.resources.versions import Carrier, FhirVersion
from termsmith.sidecars.complete import complete
from termsmith.sidecars.sidecar import NO_SIDECAR, Sidecar
from termsmith.sources.concept_files import NO_FILES, ConceptFiles

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from termsmith.checks.rule import Profile
    from termsmith.dialects.table import Dialect
    from termsmith.model.page import Block
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
    files: ConceptFiles = NO_FILES,
    large: int = LARGE,
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
        files: Where concepts may be, besides tables on the page.
        large: Concepts beyond which they are written as they are made, and never in memory together.

    Raises:
        SourceError: SRC001 or SRC002, when a file of concepts can't be read.
        UsageError: USE002, when the settings name a dialect that does not exist.
        SettingsError: SET010 to SET013, when a dialect table is wrong.
    """
    dialects = load_dialects(settings.dialect_tables)
    wanted = named(settings.dialect, dialects) if settings.dialect is not None else None
    beside = sidecar_source or _sidecar_name(source)
    try:
        page = _empty_page(source) if is_table(source) else read_page(data, source)
    except PageError as error:
        return Conversion(source=source, fhir_version=settings.fhir_version, findings=(error.finding,))
    try:
        added = _sidecar(sidecar, beside)
        tables = tuple(table.table for table, _ in page_tables(page, added.columns) if table.table)
        plain = without_tables(page, tables)
        if wanted is not None:
            recognition = measure(plain, (wanted,))[0]
        elif is_table(source):
            recognition = Recognition(dialect=BARE, labels=0)
        else:
            recognition = _recognised(
                plain, dialects, has_concepts=bool(tables) or files != NO_FILES, sidecar=added
            )
    except PageError as error:
        return Conversion(
            source=source,
            fhir_version=settings.fhir_version,
            findings=_ordered(page.findings, [error.finding]),
            coverage=account(page, (), _furniture(page), ()),
        )
    run = _Run(page, plain, recognition, settings, added, beside, large)
    return run.conversion(today, profiles, files)


def _recognised(
    page: Page, dialects: Sequence[Dialect], *, has_concepts: bool, sidecar: Sidecar
) -> Recognition:
    """Return the dialect of a page; where a sidecar describes the codes that are there, it needs none.

    Raises:
        PageError: DIA001, when no table fits; DIA002, when two fit equally well.
    """
    try:
        return recognise(page, dialects)
    except PageError:
        if not has_concepts or not (sidecar.values or sidecar.systems):
            raise
        return Recognition(dialect=BARE, labels=0)


def _empty_page(source: str) -> Page:
    """Return the page of a source that is nothing but a table."""
    return Page(
        source=source,
        format="table",
        text="",
        items=(),
        positions=Positions(offsets=(), lines=(), columns=()),
    )


class _Run:
    """The stages behind reading, for one page."""

    def __init__(
        self,
        page: Page,
        plain: Page,
        recognition: Recognition,
        settings: Settings,
        sidecar: Sidecar,
        sidecar_name: str,
        large: int,
    ) -> None:
        self.page, self.plain = page, plain
        self.dialect, self.settings = recognition.dialect, settings
        self.labels = recognition.labels
        self.large = large
        self.sidecar, self.sidecar_name = sidecar, sidecar_name

    def conversion(self, today: str, profiles: frozenset[Profile], files: ConceptFiles) -> Conversion:
        extraction = extract(self.plain, self.dialect)
        completed = complete(extraction.records, self.sidecar)
        missing = self._missing(completed.records, extraction)
        resources: list[Resource] = []
        evidence: list[Evidence] = []
        marks: list[Mark] = []
        findings = [*extraction.findings, *completed.findings]
        findings += tolerated(missing) if self.settings.draft else missing
        findings += self._few_labels()
        if missing:
            findings += self._offers(completed.records)
        if not missing or self.settings.draft:
            options = self._options(today)
            found = self._concepts(completed.records, files)
            findings += found.findings
            content = content_elements(found, self.sidecar, self.settings, findings)
            for record in completed.records:
                built = build(record, options, content)
                resources += built.resources
                evidence += built.evidence
                findings += built.findings
            if found.concepts is not None:
                if found.existing:
                    self._add_existing(resources, evidence, findings, found)
                resources, more = _with_concepts(resources, found, self.page, findings, self.large)
                evidence += more
                marks = [
                    Mark(start=block.start, end=block.end, fate=Fate.LABEL, note="header of a code table")
                    for cell in header_cells(found, self.page)
                    for block in cell.blocks
                ]
            findings += words_of_retirement(self.page, extraction, self._status(completed.records))
        checked = check_resources(
            resources, evidence, fhir_version=self.settings.fhir_version, today=today, profiles=profiles
        )
        findings += checked.findings
        if len(checked.sound) < len(resources):
            written = {f"{each.type}/{each.id}" for each in checked.sound}
            evidence = [each for each in evidence if each.resource in written]
            resources = list(checked.sound)
        resources += self._value_sets(resources, evidence, findings)
        coverage = account(
            self.page, evidence, (*extraction.marks, *marks), self._reasons(extraction, resources)
        )
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

    def _value_sets(
        self, resources: Sequence[Resource], evidence: list[Evidence], findings: list[Finding]
    ) -> list[Resource]:
        """Return the value sets of all codes that the sidecar asks for."""
        asked = self.sidecar.concepts.get("all_codes_value_set")
        if asked is None or not asked.value:
            return []
        made: list[Resource] = []
        for resource in resources:
            if resource.type != "CodeSystem":
                continue
            value_set = all_codes(resource, evidence, self.settings.fhir_version)
            why = None if value_set is not None else "the CodeSystem has no url or valueSet"
            if resource.data.get("content") == "supplement":
                why = "the codes of a supplement are those of its base"
            if value_set is None or why is not None:
                findings.append(catalogue.TABLE_NO_VALUE_SET.found(place=asked.place, why=why))
                continue
            made.append(value_set[0])
            evidence += value_set[1]
        return made

    def _add_existing(
        self,
        resources: list[Resource],
        evidence: list[Evidence],
        findings: list[Finding],
        found: FoundConcepts,
    ) -> None:
        """Add everything that the CodeSystem says whose concepts are taken."""
        for index, resource in enumerate(resources):
            if resource.type != "CodeSystem":
                continue
            made, more, told, gone = with_existing(resource, evidence, found, self.settings.fhir_version)
            resources[index] = made
            name = f"CodeSystem/{resource.id}"
            evidence[:] = [
                each for each in evidence if each.resource != name or _element(each.element) not in gone
            ] + more
            findings[:] = [each for each in findings if each.element not in gone] + told

    def _concepts(self, records: Sequence[TerminologyRecord], files: ConceptFiles) -> FoundConcepts:
        case = records[0].case_sensitive if records else None
        sensitive = case.value if case is not None else self.settings.case_sensitive
        stated = self.sidecar.concepts.get("hierarchy")
        hierarchy = self.settings.hierarchy or (stated.value if stated is not None else None)
        if len(records) != 1:
            return _of_several(self.page, files, self.sidecar, len(records))
        return find_concepts(
            self.page,
            files,
            self.sidecar,
            hierarchy=Hierarchy(hierarchy or Hierarchy.AS_STATED.value),
            case_sensitive=sensitive is not False,
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


def _of_several(page: Page, files: ConceptFiles, sidecar: Sidecar, number: int) -> FoundConcepts:
    """Return no concepts, and a finding where there are some, as nobody says whose they are."""
    named = sidecar.concepts.get("file")
    file = files.given or files.beside
    source = named.value if named is not None else file.name if file is not None else None
    if source is None and page_tables(page, sidecar.columns):
        source = page.source
    if source is None or not number:
        return FoundConcepts()
    return FoundConcepts(findings=(catalogue.TABLE_SYSTEMS.found(number=number, source=source),))


def _element(path: str) -> str:
    """Return the element of a resource that a path leads into: ``CodeSystem.date``."""
    return ".".join(path.split(".")[:2]).partition("[")[0]


def _with_concepts(
    resources: Sequence[Resource], found: FoundConcepts, page: Page, findings: list[Finding], large: int
) -> tuple[list[Resource], list[Evidence]]:
    """Return the resources with the concepts in their CodeSystem, and what these rest on."""
    concepts = found.concepts
    assert concepts is not None, "called where there are some"  # noqa: S101  narrows the type
    made: list[Resource] = []
    evidence: list[Evidence] = []
    for resource in resources:
        if resource.type != "CodeSystem" or not concepts.count:
            made.append(resource)
        elif concepts.count > large:
            findings.append(catalogue.TABLE_NOT_CHECKED.found(count=concepts.count))
            made.append(replace(resource, more_concepts=concepts.one_by_one, nesting=concepts.nesting))
            evidence += concept_evidence(found, page, f"{resource.type}/{resource.id}")
        else:
            listed = [concept for chunk in concepts.concepts() for concept in chunk]
            made.append(replace(resource, data={**resource.data, "concept": listed}))
            evidence += concept_evidence(found, page, f"{resource.type}/{resource.id}")
    return made, evidence


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
