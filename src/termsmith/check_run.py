"""A whole check: sources are read, each resource is checked, then all of them together, exceptions last."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from termsmith import catalogue
from termsmith.checks.checking import MOST_OF_A_RULE, faults, finding_of, more_of
from termsmith.checks.relations.checking import (
    relation_faults,
    relation_finding,
    supplement_faults,
    supplement_finding,
    supplement_pairs,
)
from termsmith.checks.relations.digest import digest_of
from termsmith.checks.subject import Subject
from termsmith.documents.document import DocumentError
from termsmith.documents.package import read_manifest, read_members
from termsmith.documents.reading import Kind, kind_of, read_document
from termsmith.documents.release import Release, release_of, release_of_number
from termsmith.errors import SourceError, TermsmithError
from termsmith.faults import internal_finding
from termsmith.model.checked import CheckedResource, CheckedSource
from termsmith.model.place import Place
from termsmith.sources.resources import read_check_source, read_sidecar_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from termsmith.checks.checking import Fault
    from termsmith.checks.relations.digest import Digest
    from termsmith.checks.rule import Profile
    from termsmith.documents.document import Document, Found
    from termsmith.model.finding import Finding
    from termsmith.settings import FhirVersion, Settings
    from termsmith.sources.resources import CheckSource

_PAGES_OF_FOLDERS = frozenset({".json", ".xml", ".tgz"})
"""Extensions of files that a folder search reads for resources; without any they are no pages either."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckOptions:
    """What is the same for all sources of a check."""

    settings: Settings
    """For pages, and for what the other options leave open."""
    fhir_version: FhirVersion | None = None
    """To check against; absent to recognise it."""
    profiles: frozenset[Profile] = frozenset()
    guide: str | None = None
    """Canonical URL of the implementation guide that the resources are for."""
    today: str
    """``YYYY-MM-DD``."""


@dataclass(slots=True)
class _Checked:
    """A source while the check goes on."""

    source: str
    resources: list[CheckedResource] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    digests: list[Digest] = field(default_factory=list)
    assumed: set[str] = field(default_factory=set)
    """Pointers of resources that fit all releases, so that the default was taken."""
    unchecked: tuple[str, ...] = ()
    error: TermsmithError | None = None
    reload: Callable[[], Document] | None = None
    """Reads the source again, for what is only known at the end."""

    def add(self, digest: Digest, release: Release) -> None:
        """Keep what is needed of a resource to compare it with others."""
        self.digests.append(digest)
        if release.assumed:
            self.assumed.add(digest.pointer)

    def done(self) -> CheckedSource:
        """Return what is told of it."""
        return CheckedSource(
            source=self.source,
            resources=tuple(self.resources),
            findings=tuple(sorted(dict.fromkeys(self.findings), key=_order)),
            unchecked=self.unchecked,
            error=self.error,
        )


def check_sources(
    sources: Iterable[CheckSource],
    options: CheckOptions,
    *,
    on_source: Callable[[str], None] | None = None,
) -> list[CheckedSource]:
    """Check sources one by one and together.

    Args:
        sources: In the order in which they are told.
        options: The same for all.
        on_source: Told the name of each source that was read, to show how far the check is.

    Returns:
        A result for each source; members of packages have their own, behind their package's. Files that a
        folder search found and that hold no resource are left out.
    """
    checked: list[_Checked] = []
    for source in sources:
        checked += _check_source(source, options)
        if on_source is not None:
            on_source(source.name)
    _check_together(checked, options)
    return [each.done() for each in checked]


def check_bytes(data: bytes, source: str, options: CheckOptions) -> list[CheckedSource]:
    """Check a file whose bytes are at hand; as `check_sources` for one source."""
    checked = list(_check_data(data, source, options))
    _check_together(checked, options)
    return [each.done() for each in checked]


def _check_source(source: CheckSource, options: CheckOptions) -> Iterator[_Checked]:
    try:
        data = read_check_source(source)
        kind = kind_of(data)
        if kind is Kind.PAGE:
            if source.named or source.path is None or source.path.suffix.lower() not in _PAGES_OF_FOLDERS:
                yield _check_page(data, source, options)
            return
    except SourceError as error:
        yield _Checked(source.name, error=error)
        return
    yield from _check_data(data, source.name, options)


def _check_data(data: bytes, source: str, options: CheckOptions) -> Iterator[_Checked]:
    try:
        if kind_of(data) is Kind.PACKAGE:
            yield from _check_package(data, source, options)
        else:
            yield _check_document(data, source, options, None)
    except DocumentError as error:
        yield _Checked(source, findings=[error.finding])
    except Exception as error:  # noqa: BLE001  a fault of ours on one file must not cost the others
        yield _Checked(source, findings=[internal_finding(error)])


def _check_package(data: bytes, source: str, options: CheckOptions) -> Iterator[_Checked]:
    manifest = read_manifest(data, source)
    package = _Checked(source)
    stated: Release | None = None
    for number in manifest.fhir_versions[:1]:
        version = release_of_number(number)
        if version is not None:
            stated = Release(version, "stated by the package")
        elif options.fhir_version is None:
            package.findings.append(
                catalogue.DOCUMENT_RELEASE.found(
                    place=Place(source, 1, 1), stated=number, version=options.settings.fhir_version
                )
            )
    if package.findings:
        yield package
    for_members = replace(options, guide=options.guide or manifest.canonical)
    for member in read_members(data, source):
        name = f"{source}/{member.name}"
        try:
            if kind_of(member.data) is Kind.RESOURCE:
                yield _check_document(member.data, name, for_members, stated)
        except DocumentError as error:
            yield _Checked(name, findings=[error.finding])


def _check_document(data: bytes, source: str, options: CheckOptions, stated: Release | None) -> _Checked:
    document = read_document(data, source)
    checked = _Checked(
        source,
        findings=list(document.findings),
        unchecked=document.others,
        reload=lambda: read_document(data, source),
    )
    for found in document.resources:
        release = _release(found, options, stated)
        subject = _subject(found, release.version, options)
        checked.resources.append(
            CheckedResource(
                type=subject.type,
                id=subject.text("id"),
                pointer=found.pointer,
                fhir_version=release.version,
                version_reason=release.reason,
            )
        )
        checked.findings += _findings(document, found, subject, options)
        checked.add(digest_of(subject, source, found.pointer), release)
    for found in document.context:
        release = _release(found, options, stated)
        subject = _subject(found, release.version, options)
        checked.add(digest_of(subject, source, found.pointer), release)
    return checked


def _release(found: Found, options: CheckOptions, stated: Release | None) -> Release:
    if options.fhir_version is not None:
        return Release(options.fhir_version, "asked for")
    return stated or release_of(found.data, default=options.settings.fhir_version)


def _subject(found: Found, version: str, options: CheckOptions) -> Subject:
    return Subject(found.data, version=version, today=options.today, form=found.form, guide=options.guide)


def _findings(document: Document, found: Found, subject: Subject, options: CheckOptions) -> list[Finding]:
    """Return what is wrong with a resource, with places in its file."""
    told: list[Fault] = []
    times: dict[str, int] = {}
    for fault in faults(subject, options.profiles):
        number = times.get(fault.rule.code, 0) + 1
        times[fault.rule.code] = number
        if number <= MOST_OF_A_RULE:
            told.append(fault)
    if not told:
        return []
    places = document.locate(f"{found.pointer}{fault.hit.pointer}" for fault in told)
    made = []
    for fault in told:
        pointer = f"{found.pointer}{fault.hit.pointer}"
        finding = finding_of(fault, subject, place=Place(document.source, *places[pointer]))
        made.append(replace(finding, pointer=pointer))
    for code, number in times.items():
        if number > MOST_OF_A_RULE:
            made.append(more_of(code, number, Place(document.source, *places[made[0].pointer or ""])))
    return made


def _check_page(data: bytes, source: CheckSource, options: CheckOptions) -> _Checked:
    from termsmith.conversion import convert_page  # noqa: PLC0415  only for pages

    settings = options.settings
    if options.fhir_version is not None:
        settings = replace(settings, fhir_version=options.fhir_version)
    try:
        sidecar = read_sidecar_of(source)
        conversion = convert_page(
            data,
            source.name,
            settings,
            today=options.today,
            sidecar=None if sidecar is None else sidecar[0],
            sidecar_source=None if sidecar is None else sidecar[1],
            profiles=options.profiles,
        )
    except TermsmithError as error:
        return _Checked(source.name, error=error)
    except Exception as error:  # noqa: BLE001  as above
        return _Checked(source.name, findings=[internal_finding(error)])
    checked = _Checked(source.name, findings=list(conversion.findings))
    for resource in conversion.resources:
        subject = Subject(resource.data, version=settings.fhir_version, today=options.today)
        checked.digests.append(digest_of(subject, source.name))
        checked.resources.append(
            CheckedResource(
                type=resource.type,
                id=resource.id,
                pointer="",
                fhir_version=settings.fhir_version,
                version_reason="converted from the page",
            )
        )
    return checked


def _check_together(checked: Iterable[_Checked], options: CheckOptions) -> None:
    """Add what is wrong with resources only beside each other."""
    by_source = {each.source: each for each in checked}
    digests = _of_one_release(by_source)
    late: dict[str, list[Finding]] = {}
    for fault in relation_faults(digests, options.profiles):
        digest = fault.hit.digest
        finding = relation_finding(fault)
        late.setdefault(digest.source, []).append(
            replace(finding, pointer=f"{digest.pointer}{finding.pointer or ''}")
        )
    for supplement, base in supplement_pairs(digests):
        subjects = [_again(by_source, digest, options) for digest in (supplement, base)]
        if subjects[0] is not None and subjects[1] is not None:
            for content in supplement_faults(subjects[0], subjects[1]):
                finding = supplement_finding(content, subjects[0])
                late.setdefault(supplement.source, []).append(
                    replace(finding, pointer=f"{supplement.pointer}{finding.pointer or ''}")
                )
    for source, findings in late.items():
        by_source[source].findings += _placed(by_source[source], findings)


def _of_one_release(by_source: Mapping[str, _Checked]) -> list[Digest]:
    """Return all digests; where the others show one release, those that fit all of them are of it, too."""
    given = [
        (digest, digest.pointer in each.assumed) for each in by_source.values() for digest in each.digests
    ]
    shown = {digest.release for digest, assumed in given if not assumed}
    if len(shown) != 1:
        return [digest for digest, _ in given]
    release = shown.pop()
    return [replace(digest, release=release) if assumed else digest for digest, assumed in given]


def _again(by_source: Mapping[str, _Checked], digest: Digest, options: CheckOptions) -> Subject | None:
    reload = by_source[digest.source].reload
    for found in reload().resources if reload is not None else ():
        if found.pointer == digest.pointer:
            return _subject(found, digest.release, options)
    return None


def _placed(checked: _Checked, findings: list[Finding]) -> list[Finding]:
    if checked.reload is None:
        return [replace(finding, pointer=None) for finding in findings]
    places = checked.reload().locate(finding.pointer or "" for finding in findings)
    return [
        replace(finding, place=Place(checked.source, *places[finding.pointer or ""])) for finding in findings
    ]


_SEVERITIES = {"error": 0, "warning": 1, "information": 2}


def _order(finding: Finding) -> tuple[object, ...]:
    place = finding.place
    if place is None:
        return (1, "", 0, 0, _SEVERITIES[finding.severity.value], finding.code, finding.pointer or "")
    where = (0, place.source, place.line, place.column)
    return (*where, _SEVERITIES[finding.severity.value], finding.code, finding.pointer or "")
