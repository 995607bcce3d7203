"""One page, all stages in order: bytes, page, dialect, record, sidecar, resources, account. No I/O."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import PurePath
from typing import TYPE_CHECKING

from termsmith import catalogue
from termsmith.concept_content import LARGE, content_elements, with_existing
from termsmith.concept_sources import (
    FoundConcepts,
    concept_evidence,
    find_concepts,
    is_table,
    without_tables,
)
from termsmith.concept_tables import assign, declared, none_assigned, numbers_of, reasons, table_marks
from termsmith.concepts.copied_table import with_copied_tables
from termsmith.concepts.displays import Displays
from termsmith.concepts.hierarchy import Hierarchy
from termsmith.concepts.page_table import page_tables
from termsmith.coverage import account, by_chapter
from termsmith.dialects.guide import filter_tables
from termsmith.dialects.lists import lists_on
from termsmith.dialects.loading import load_dialects
from termsmith.dialects.recognise import Recognition, begins_with_label, measure, named, recognise
from termsmith.dialects.table import BARE
from termsmith.errors import PageError
from termsmith.model.finding import Finding, Severity
from termsmith.model.page import Page, Positions
from termsmith.model.record import Origin, Stated
from termsmith.model.result import Conversion, Fate
from termsmith.pages.reading import read_page
from termsmith.records.completeness import incomplete, tolerated, words_of_retirement
from termsmith.records.listing import Rows, repeated_identifiers, said_of_rows, sound_rows
from termsmith.records.marks import Mark
from termsmith.records.note_marks import note_marks
from termsmith.records.reading import read_records
from termsmith.resource_checks import check_resources
from termsmith.resources.build import build
from termsmith.resources.distinct import with_distinct_ids
from termsmith.resources.options import BuildOptions, Drafting
from termsmith.resources.value_set import all_codes
from termsmith.resources.versions import Carrier, FhirVersion
from termsmith.sidecars.complete import complete, complete_rows
from termsmith.sidecars.sidecar import NO_SIDECAR, Sidecar
from termsmith.sidecars.systems import PageNames
from termsmith.sources.concept_files import NO_FILES, ConceptFiles

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from termsmith.checks.rule import Profile
    from termsmith.concepts.page_table import PageTable
    from termsmith.dialects.table import Dialect
    from termsmith.model.page import Block
    from termsmith.model.record import TerminologyRecord
    from termsmith.model.result import Evidence, Piece, Resource
    from termsmith.records.extract import Extraction
    from termsmith.resources.build import Built
    from termsmith.settings import Settings

_FEW_LABELS = 0.7
_LONGEST_LEFTOVER = 80


def convert_page(
    data: bytes,
    source: str,
    settings: Settings,
    *,
    today: str,
    written_date: str | None = None,
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
        written_date: In place of it, the date that the page's resources have already.
        sidecar: The bytes of its sidecar; absent when it has none.
        sidecar_source: The sidecar's path as it is to be shown.
        profiles: What the resources are checked against beyond the rules that always hold.
        files: Where concepts may be, besides tables on the page.
        large: Concepts beyond which they are written as they are made, and never in memory together.

    Raises:
        SourceError: SRC001 or SRC002, when a file of concepts can't be read.
        UsageError: USE002, when the settings name a dialect that does not exist.
        SettingsError: SET010 to SET013, when a dialect table is wrong; SET008, when a template
            for narratives is.
    """
    dialects = load_dialects(settings.dialect_tables)
    wanted = named(settings.dialect, dialects) if settings.dialect is not None else None
    beside = sidecar_source or _sidecar_name(source)
    try:
        page = _empty_page(source) if is_table(source) else read_page(data, source)
        copied = with_copied_tables(page, partial(begins_with_label, dialects))
        page = replace(copied.page, findings=(*page.findings, *copied.findings))
    except PageError as error:
        return Conversion(source=source, fhir_version=settings.fhir_version, findings=error.findings)
    try:
        added = _sidecar(sidecar, beside)
        reserved = lists_on(page, dialects) | filter_tables(page, dialects)
        tables = [each for each in page_tables(page, added.all_columns) if each.number not in reserved]
        plain = without_tables(page, numbers_of(tables), copied.undivided)
        if wanted is not None:
            recognition = measure(plain, (wanted,))[0]
        elif is_table(source):
            recognition = Recognition(dialect=BARE, labels=0)
        else:
            recognition = _recognised(
                plain,
                dialects,
                has_concepts=bool(tables or copied.undivided) or files != NO_FILES,
                sidecar=added,
            )
    except PageError as error:
        return Conversion(
            source=source,
            fhir_version=settings.fhir_version,
            findings=_ordered(page.findings, error.findings),
            coverage=account(page, (), _furniture(page), ()),
        )
    run = _Run(page, plain, (tables, copied.undivided), recognition, settings, added, beside, large)
    run.written_date = written_date
    conversion = run.conversion(today, profiles, files)
    if not settings.narrative:
        return conversion
    from termsmith.narratives.narrative import with_narratives  # noqa: PLC0415  on demand

    return with_narratives(conversion, settings.narrative_templates)


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
        tables: tuple[Sequence[PageTable], Sequence[Block]],
        recognition: Recognition,
        settings: Settings,
        sidecar: Sidecar,
        sidecar_name: str,
        large: int,
    ) -> None:
        self.page, self.plain = page, plain
        self.tables, self.undivided = tables
        self.dialect, self.settings = recognition.dialect, settings
        self.labels, self.total = recognition.labels, recognition.total
        self.large = large
        self.sidecar, self.sidecar_name = sidecar, sidecar_name
        self.written_date: str | None = None

    def conversion(self, today: str, profiles: frozenset[Profile], files: ConceptFiles) -> Conversion:
        extraction = read_records(self.plain, self.dialect)
        names = PageNames(extraction.titles, extraction.short_names)
        completed = (
            complete_rows(extraction.records, self.sidecar)
            if extraction.rows
            else complete(extraction.records, self.sidecar, names)
        )
        rows = self._rows(completed.records, extraction)
        missing = rows.findings if rows.listed else self._missing(completed.records, extraction)
        resources: list[Resource] = []
        evidence: list[Evidence] = []
        used: list[PageTable] = []
        findings = [*extraction.findings, *completed.findings]
        findings += tolerated(missing) if self.settings.draft else missing
        findings += self._few_labels()
        findings += self._joined(extraction)
        if missing and not rows.listed:
            findings += self._offers(completed.records)
        if not missing or self.settings.draft or rows.listed:
            options = self._options(today)
            reported: list[tuple[Finding, ...]] = []
            records = tuple(with_distinct_ids(rows.records, options.stem, findings))
            assignment = (
                none_assigned(records) if rows.listed else assign(self.tables, files, records, self.sidecar)
            )
            findings += assignment.findings
            for number, record in enumerate(records):
                sidecar = self.sidecar if rows.listed else self.sidecar.of_system(number)
                tables = declared(assignment.tables[number], record.properties)
                found = self._concepts(record, tables, assignment.files[number], sidecar)
                findings += found.findings
                content = content_elements(found, record, sidecar, self.settings, findings)
                built = build(record, options, content)
                given, basis, told = self._with_existing(_without_withheld(built, found), found)
                made, more = _with_concepts(given, found, self.page, findings, self.large)
                resources += made
                evidence += (*basis, *more)
                reported.append(told)
                used += found.tables
            findings += said_of_rows(reported, rows.places)
            findings += repeated_identifiers(rows.records, rows.places) if rows.listed else ()
            for record in completed.records if rows.listed else completed.records[:1]:
                findings += note_marks(record)
                one = replace(extraction, records=(record,))
                findings += words_of_retirement(self.page, one, self._status([record]))
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
            self.page,
            evidence,
            (*extraction.marks, *table_marks(used)),
            [
                *reasons(self.page, self.tables, used),
                *((block, "stands in a table that can't be divided") for block in self.undivided),
                *self._reasons(extraction, resources),
            ],
        )
        if resources:
            replaced = {(s.start, s.end) for stated in completed.replaced for s in stated.spans}
            left = [p for p in coverage.leftovers if (p.start, p.end) not in replaced]
            findings += [_leftover(p, more) for p, more in by_chapter(left, extraction.chapters)]
        return Conversion(
            source=self.page.source,
            fhir_version=self.settings.fhir_version,
            dialect=self.dialect.id,
            resources=tuple(resources),
            findings=_ordered(self.page.findings, findings),
            evidence=tuple(evidence),
            coverage=coverage,
        )

    def _rows(self, records: Sequence[TerminologyRecord], extraction: Extraction) -> Rows:
        """Return the rows of a page that lists terminologies; of any other page the records as they are."""
        if len(extraction.rows) == len(records):
            return sound_rows(records, extraction.rows, self.sidecar_name, draft=self.settings.draft)
        return Rows(records=tuple(records))

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
            value_set = all_codes(resource, evidence)
            why = None if value_set is not None else "the CodeSystem has no url or valueSet"
            if resource.data.get("content") == "supplement":
                why = "the codes of a supplement are those of its base"
            if value_set is None or why is not None:
                findings.append(catalogue.TABLE_NO_VALUE_SET.found(place=asked.place, why=why))
                continue
            made.append(value_set[0])
            evidence += value_set[1]
        return made

    def _with_existing(
        self, built: Built, found: FoundConcepts
    ) -> tuple[list[Resource], list[Evidence], tuple[Finding, ...]]:
        """Return what was built with everything that the CodeSystem says whose concepts are taken."""
        resources, evidence, findings = list(built.resources), list(built.evidence), list(built.findings)
        if not found.existing:
            return resources, evidence, built.findings
        for index, resource in enumerate(resources):
            if resource.type != "CodeSystem":
                continue
            made, more, told, gone = with_existing(resource, evidence, found, self.settings.fhir_version)
            resources[index] = made
            name = f"CodeSystem/{resource.id}"
            evidence = [
                each for each in evidence if each.resource != name or _element(each.element) not in gone
            ] + more
            findings = [each for each in findings if each.element not in gone] + told
        return resources, evidence, tuple(findings)

    def _concepts(
        self,
        record: TerminologyRecord,
        tables: Sequence[PageTable],
        files: ConceptFiles,
        sidecar: Sidecar,
    ) -> FoundConcepts:
        case = record.case_sensitive
        sensitive = case.value if case is not None else self.settings.case_sensitive
        stated = sidecar.concepts.get("hierarchy")
        supplements = record.supplements is not None or "supplements" in sidecar.concepts
        hierarchy = self.settings.hierarchy or (stated.value if stated is not None else None)
        return find_concepts(
            self.page,
            tables,
            files,
            sidecar,
            hierarchy=Hierarchy(hierarchy or Hierarchy.AS_STATED.value),
            case_sensitive=sensitive is not False,
            displays=Displays.OF_THE_BASE if supplements else Displays.OWN,
        )

    @property
    def _settled(self) -> bool:
        """Whether the sidecar says which systems there are, or how the one system is identified."""
        return bool(self.sidecar.systems) or bool({"canonical_url", "oid"} & set(self.sidecar.values))

    def _joined(self, extraction: Extraction) -> list[Finding]:
        if extraction.uncertain_at is None or not self._settled:
            return []
        return [catalogue.SYSTEMS_JOINED.found(place=extraction.uncertain_at, what=extraction.uncertain)]

    def _missing(self, records: Sequence[TerminologyRecord], extraction: Extraction) -> list[Finding]:
        return incomplete(
            records,
            family=extraction.family,
            uncertain=extraction.uncertain,
            uncertain_at=extraction.uncertain_at,
            unread=extraction.unread,
            unread_tables=extraction.unread_tables,
            settled=self._settled,
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
                    lines="\n".join(f'{key} = "{value}"' for key, value in given.items()),
                )
            )
        return offers

    def _reasons(self, extraction: Extraction, resources: Sequence[Resource]) -> list[tuple[Block, str]]:
        """Return why text is left over, the special reasons behind the general ones."""
        why = "is not used" if resources else "is not used, since no resource is written"
        gathered = [(block, f"stands after {label!r} and {why}") for block, label in extraction.gathered]
        return [*gathered, *extraction.stray]

    def _few_labels(self) -> list[Finding]:
        if self.labels >= _FEW_LABELS * self.total:
            return []
        return [catalogue.FEW_LABELS.found(found=self.labels, total=self.total, dialect=self.dialect.id)]

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
        if self.written_date is not None:
            return Stated(value=self.written_date, origin=Origin.DEFAULT, reason="as it is written")
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


def _without_withheld(built: Built, found: FoundConcepts) -> Built:
    """Return what was built without a CodeSystem that would say that it has no codes, though it may have."""
    if not found.withheld:
        return built
    kept = tuple(each for each in built.resources if each.type != "CodeSystem")
    names = {f"{each.type}/{each.id}" for each in kept}
    return replace(
        built,
        resources=kept,
        evidence=tuple(each for each in built.evidence if each.resource in names),
        findings=tuple(each for each in built.findings if not (each.element or "").startswith("CodeSystem.")),
    )


def _element(path: str) -> str:
    """Return the element of a resource that a path leads into: ``CodeSystem.date``."""
    return ".".join(path.split(".")[:2]).partition("[")[0]


def _with_concepts(
    resources: Sequence[Resource], found: FoundConcepts, page: Page, findings: list[Finding], large: int
) -> tuple[list[Resource], list[Evidence]]:
    """Return the resources with the concepts in their CodeSystem, and what these rest on."""
    concepts = found.concepts
    if concepts is None:
        return list(resources), []
    made: list[Resource] = []
    evidence: list[Evidence] = []
    if concepts.count and all(resource.type != "CodeSystem" for resource in resources):
        kind = next((str(resource.data.get("kind")) for resource in resources), "unknown")
        findings.append(
            catalogue.TABLE_WITHOUT_RESOURCE.found(source=found.source, count=concepts.count, kind=kind)
        )
    for resource in resources:
        if resource.type != "CodeSystem" or not concepts.count:
            made.append(resource)
        elif concepts.count > large:
            findings.append(catalogue.TABLE_NOT_CHECKED.found(count=concepts.count))
            made.append(
                replace(
                    resource,
                    more_concepts=concepts.one_by_one,
                    nesting=concepts.nesting,
                    concept_trees=concepts.concepts,
                )
            )
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
            yield Mark.of(block, Fate.FURNITURE, block.furniture)


def _leftover(piece: Piece, more: int) -> Finding:
    text = piece.text if len(piece.text) <= _LONGEST_LEFTOVER else piece.text[:_LONGEST_LEFTOVER] + "…"
    why = [piece.note] if piece.note else []
    if more:
        why.append(f"{more} more there")
    return catalogue.LEFTOVER.found(place=piece.place, text=text, why=f" ({'; '.join(why)})" if why else "")


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
