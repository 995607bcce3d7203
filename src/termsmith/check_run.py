"""A whole check: sources are read, each resource is checked, then all of them together, exceptions last."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from termsmith import catalogue
from termsmith.checks.checking import MOST_OF_A_RULE, Fault, faults, finding_of, more_of
from termsmith.checks.relations.checking import (
    relation_faults,
    relation_finding,
    supplement_faults,
    supplement_finding,
    supplement_pairs,
)
from termsmith.checks.relations.digest import digest_of
from termsmith.checks.rulebook import CHECK_RULES
from termsmith.checks.structure.words import shown
from termsmith.checks.subject import Subject
from termsmith.documents.document import CHECKED, DocumentError
from termsmith.documents.kind import Kind, is_json_object, kind_of
from termsmith.documents.package import read_manifest, read_members
from termsmith.documents.reading import no_resource, nothing_to_check, read_document
from termsmith.documents.release import Release, release_of, release_of_number
from termsmith.errors import SourceError, TermsmithError
from termsmith.faults import internal_finding
from termsmith.model.checked import CheckedResource, CheckedSource
from termsmith.model.finding import Severity
from termsmith.model.place import Place
from termsmith.resource_checks import digests_of
from termsmith.sources.local import LeftOut
from termsmith.sources.resources import CheckSource, read_check_source, read_sidecar_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from termsmith.checks.relations.digest import Digest
    from termsmith.checks.rule import Profile
    from termsmith.documents.document import Document, Found
    from termsmith.documents.package import Manifest
    from termsmith.model.finding import Finding
    from termsmith.model.result import Conversion
    from termsmith.settings import FhirVersion, Settings

_NO_PAGE = (catalogue.PAGE_MALFORMED, catalogue.PAGE_OTHER_JSON)
"""What JSON is told to be that is no page of Confluence."""
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
    left_out: str | None = None
    """Why nothing is told of a file that a folder search found."""
    reload: Callable[[], Document] | None = None
    """Reads the source again, for what is only known at the end."""
    package: str | None = None
    """The package that it is a member of."""

    def add(self, digest: Digest, release: Release) -> None:
        """Keep what is needed of a resource to compare it with others."""
        self.digests.append(digest)
        if release.assumed:
            self.assumed.add(digest.pointer)

    @property
    def has_something(self) -> bool:
        """Whether anything can be told of it; of a package whose files are told of there may be nothing."""
        return bool(self.resources or self.findings or self.unchecked or self.error or self.digests)

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
    on_left_out: Callable[[LeftOut], None] | None = None,
) -> list[CheckedSource]:
    """Check sources one by one and together.

    Args:
        sources: In the order in which they are told.
        options: The same for all.
        on_source: Told the name of each source that was read, to show how far the check is.
        on_left_out: Told each file that a folder search found and that might have been a page, but is none.

    Returns:
        A result for each source; members of packages have their own, behind their package's. Files that a
        folder search found and that hold no resource, and are no page that a dialect fits, are left out.
    """
    checked: list[_Checked] = []
    for source in sources:
        for each in _check_source(source, options):
            checked.append(each)
            if each.left_out is not None and on_left_out is not None:
                on_left_out(LeftOut(name=each.source, reason=each.left_out))
        if on_source is not None:
            on_source(source.name)
    return _told(checked, options)


def check_bytes(data: bytes, source: str, options: CheckOptions) -> list[CheckedSource]:
    """Check a file of any kind whose bytes are at hand; as `check_sources` for one source."""
    return _told(list(_check_file(data, CheckSource(name=source, path=None), options)), options)


def check_resource(data: bytes, source: str, options: CheckOptions) -> list[CheckedSource]:
    """Check what is meant as a resource in JSON or XML, and so is no page, whatever it looks like."""
    return _told(list(_check_resources(data, source, Kind.RESOURCE, options)), options)


def _told(checked: list[_Checked], options: CheckOptions) -> list[CheckedSource]:
    _check_together(checked, options)
    return [each.done() for each in checked if each.has_something]


def _check_source(source: CheckSource, options: CheckOptions) -> Iterator[_Checked]:
    try:
        data = read_check_source(source)
    except SourceError as error:
        yield _Checked(source.name, error=error)
        return
    yield from _check_file(data, source, options)


def _check_file(data: bytes, source: CheckSource, options: CheckOptions) -> Iterator[_Checked]:
    kind = kind_of(data)
    if kind is not Kind.PAGE:
        yield from _check_resources(data, source.name, kind, options)
    elif source.named or source.path is None or source.path.suffix.lower() not in _PAGES_OF_FOLDERS:
        yield _check_page(data, source, options)


def _check_resources(data: bytes, source: str, kind: Kind, options: CheckOptions) -> Iterator[_Checked]:
    try:
        if kind is Kind.PACKAGE:
            yield from _check_package(data, source, options)
        else:
            yield _check_document(data, source, options, None)
    except DocumentError as error:
        yield _Checked(source, findings=[error.finding])
    except Exception as error:  # noqa: BLE001  a fault of ours on one file must not cost the others
        yield _Checked(source, findings=[internal_finding(error)])


def _check_package(data: bytes, source: str, options: CheckOptions) -> Iterator[_Checked]:
    manifest = read_manifest(data, source)
    stated, findings = _stated_release(manifest, source, options)
    package = _Checked(source, findings=findings)
    yield package
    for_members = replace(options, guide=options.guide or manifest.canonical)
    checked_any = False
    met: dict[str, None] = {}
    times: dict[str, int] = {}
    try:
        for member in read_members(data, source, package.findings.append):
            if kind_of(member.data) is not Kind.RESOURCE:
                continue
            number = times[member.name] = times.get(member.name, 0) + 1
            name = f"{source}/{member.name}" + (f" ({number})" if number > 1 else "")
            checked = _check_member(member.data, name, for_members, stated)
            checked.package = source
            checked_any = checked_any or bool(checked.resources)
            met |= dict.fromkeys([*checked.unchecked, *(digest.type for digest in checked.digests)])
            yield checked
    except DocumentError as error:
        package.findings.append(error.finding)
        return
    if not checked_any:
        package.findings.append(nothing_to_check(source, tuple(met), "no resources"))


def _stated_release(
    manifest: Manifest, source: str, options: CheckOptions
) -> tuple[Release | None, list[Finding]]:
    """Return the release that a package is of, or what to say when it is none that we know."""
    for number in manifest.fhir_versions:
        version = release_of_number(number)
        if version is not None:
            return Release(version, "stated by the package"), []
    if not manifest.fhir_versions or options.fhir_version is not None:
        return None, []
    stated = shown(", ".join(manifest.fhir_versions))
    place = Place(source, 1, 1)
    default = options.settings.fhir_version
    return None, [catalogue.DOCUMENT_RELEASE.found(place=place, stated=stated, version=default)]


def _check_member(data: bytes, source: str, options: CheckOptions, stated: Release | None) -> _Checked:
    """Check a file of a package; that it holds nothing to check is worth no finding there."""
    try:
        checked = _check_document(data, source, options, stated)
    except DocumentError as error:
        return _Checked(source, findings=[error.finding])
    except Exception as error:  # noqa: BLE001  a fault of ours on one file must not cost the others
        return _Checked(source, findings=[internal_finding(error)])
    checked.findings = [each for each in checked.findings if each.rule is not catalogue.DOCUMENT_NOTHING]
    return checked


def _check_document(data: bytes, source: str, options: CheckOptions, stated: Release | None) -> _Checked:
    known = options.fhir_version if stated is None else options.fhir_version or stated.version

    def read() -> Document:
        return read_document(data, source, version=known, default=options.settings.fhir_version)

    document = read()
    checked = _Checked(source, findings=list(document.findings), unchecked=document.others)
    for found in document.bundles:
        checked.findings += _findings_of_bundle(found, options)
    for found in (*document.resources, *document.context):
        try:
            _check_found(found, checked, options, stated)
        except Exception as error:  # noqa: BLE001  nor one resource the others in its Bundle
            checked.findings.append(replace(internal_finding(error), pointer=found.pointer))
    checked.findings = _placed(document, checked.findings)
    if checked.digests:  # else nothing is asked of it later, and its bytes need not stay
        checked.reload = read
    return checked


def _check_found(found: Found, checked: _Checked, options: CheckOptions, stated: Release | None) -> None:
    release = _release(found, options, stated)
    subject = _subject(found, release.version, options)
    if subject.type in CHECKED:
        checked.resources.append(
            CheckedResource(
                type=subject.type,
                id=subject.text("id"),
                pointer=found.pointer,
                fhir_version=release.version,
                version_reason=release.reason,
            )
        )
        checked.findings += _findings(found, subject, faults(subject, options.profiles))
    checked.add(digest_of(subject, checked.source, found.pointer), release)


def _release(found: Found, options: CheckOptions, stated: Release | None) -> Release:
    if options.fhir_version is not None:
        return Release(options.fhir_version, "asked for")
    return stated or release_of(found.data, default=options.settings.fhir_version)


def _subject(found: Found, version: str, options: CheckOptions) -> Subject:
    return Subject(found.data, version=version, today=options.today, form=found.form, guide=options.guide)


def _findings_of_bundle(found: Found, options: CheckOptions) -> list[Finding]:
    """Return the faults of form of a Bundle itself, which is not checked otherwise."""
    subject = _subject(found, options.fhir_version or options.settings.fhir_version, options)
    rules = {rule.code: rule for rule in CHECK_RULES if rule.code in found.form}
    return _findings(
        found, subject, (Fault(rules[code], hit) for code, hits in found.form.items() for hit in hits)
    )


def _findings(found: Found, subject: Subject, broken: Iterable[Fault]) -> list[Finding]:
    """Return what is wrong with a resource; pointers are from the root of its file."""
    made: list[Finding] = []
    times: dict[str, int] = {}
    first: dict[str, str] = {}
    for fault in broken:
        code = fault.rule.code
        number = times[code] = times.get(code, 0) + 1
        if number > MOST_OF_A_RULE:
            continue
        pointer = f"{found.pointer}{fault.hit.pointer}"
        first.setdefault(code, pointer)
        made.append(replace(finding_of(fault, subject), pointer=pointer))
    for code, number in times.items():
        if number > MOST_OF_A_RULE:
            made.append(replace(more_of(code, number), pointer=first[code]))
    return made


def _placed(document: Document, findings: list[Finding]) -> list[Finding]:
    """Return findings with their places in the file, for all of which it is read once again."""
    wanted = [each.pointer for each in findings if each.place is None and each.pointer is not None]
    if not wanted:
        return findings
    places = document.locate(wanted)
    return [
        replace(each, place=Place(document.source, *places[each.pointer]))
        if each.place is None and each.pointer is not None
        else each
        for each in findings
    ]


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
    if is_json_object(data) and any(each.rule in _NO_PAGE for each in conversion.findings):
        problem = "it has no resourceType, and is no page of Confluence either"
        return _Checked(source.name, findings=[no_resource(source.name, problem)])
    reason = None if source.named or sidecar is not None else _why_no_page(conversion)
    if reason is not None:
        return _Checked(source.name, left_out=reason)
    checked = _Checked(source.name, findings=list(conversion.findings))
    checked.digests += digests_of(conversion)
    for resource in conversion.resources:
        checked.resources.append(CheckedResource.of_page(resource.type, resource.id, settings.fhir_version))
    return checked


def _why_no_page(conversion: Conversion) -> str | None:
    """Return why a file beside resources and pages is taken for neither; nothing where it may be a page."""
    if conversion.dialect is not None:
        return None
    problems = [each for each in conversion.findings if each.severity is Severity.ERROR]
    if any(each.rule is catalogue.TWO_DIALECTS for each in problems):
        return None
    return next((f"no page, as {each.message}" for each in problems), None)


def _check_together(checked: Iterable[_Checked], options: CheckOptions) -> None:
    """Add what is wrong with resources only beside each other."""
    by_source = {each.source: each for each in checked}
    again = _Again(by_source)
    digests = _without_copies(_of_one_release(by_source), again)
    late: dict[str, list[Finding]] = {}
    for fault in relation_faults(digests, options.profiles):
        digest = fault.hit.digest
        finding = relation_finding(fault)
        late.setdefault(digest.source, []).append(
            replace(finding, pointer=f"{digest.pointer}{finding.pointer or ''}")
        )
    for supplement, base in supplement_pairs(digests):
        found = [again.resource(digest) for digest in (supplement, base)]
        if found[0] is not None and found[1] is not None:
            subjects = [
                _subject(each, digest.release, options)
                for each, digest in zip(found, (supplement, base), strict=True)
                if each is not None
            ]
            for content in supplement_faults(subjects[0], subjects[1]):
                finding = supplement_finding(content, subjects[0])
                late.setdefault(supplement.source, []).append(
                    replace(finding, pointer=f"{supplement.pointer}{finding.pointer or ''}")
                )
    for source, findings in late.items():
        by_source[source].findings += again.placed(source, findings)


def _without_copies(digests: Sequence[Digest], again: _Again) -> list[Digest]:
    """Return digests without those of resources that another file has, too: they are no rivals.

    So it is with a resource as JSON and as XML, or alone and in a Bundle or package; and with a page beside
    the file of its resource, where `termsmith build --check` tells whether that is up to date.
    """
    of_files: dict[tuple[str, str, str | None], Digest] = {}
    for each in digests:
        if not again.is_page(each.source):
            of_files.setdefault((each.release, each.type, each.id), each)
    return [
        each
        for each in digests
        if each.id is None
        or (first := of_files.get((each.release, each.type, each.id))) is None
        or again.is_one(first.source, each.source)
        or not _is_copy(each, first, again)
    ]


def _is_copy(digest: Digest, first: Digest, again: _Again) -> bool:
    if again.is_page(digest.source):
        return _named(digest) == _named(first)
    alike = replace(digest, source=first.source, pointer=first.pointer) == first
    if not alike:  # so that only what is probably a copy is read again
        return False
    found = [again.resource(each) for each in (digest, first)]
    return found[0] is not None and found[1] is not None and found[0].data == found[1].data


def _named(digest: Digest) -> tuple[object, ...]:
    """Return what a resource is called in the world."""
    url = None if digest.url is None else digest.url.value
    return (url, [(each.type, each.value) for each in digest.unique_ids])


class _Again:
    """Sources that are read again; the last two are kept, as supplements come with their base."""

    def __init__(self, by_source: Mapping[str, _Checked]) -> None:
        self._by_source = by_source
        self._kept: dict[str, tuple[Document, Mapping[str, Found]] | None] = {}

    def is_page(self, source: str) -> bool:
        """Whether a source was converted; what it gave is in no file that could be read again."""
        return self._by_source[source].reload is None

    def is_one(self, source: str, other: str) -> bool:
        """Whether two sources are one, or of one package: there, a second copy is one too many."""
        package = self._by_source[source].package
        return source == other or (package is not None and package == self._by_source[other].package)

    def resource(self, digest: Digest) -> Found | None:
        """Return the resource that a digest is of; nothing where its source can't be read again."""
        read = self._read(digest.source)
        return None if read is None else read[1].get(digest.pointer)

    def placed(self, source: str, findings: list[Finding]) -> list[Finding]:
        """Return findings with their places; those about pages have them, and no pointers."""
        read = self._read(source)
        if read is None:
            return [replace(finding, pointer=None) for finding in findings]
        return _placed(read[0], findings)

    def _read(self, source: str) -> tuple[Document, Mapping[str, Found]] | None:
        if source in self._kept:
            self._kept[source] = self._kept.pop(source)  # now the last
            return self._kept[source]
        while len(self._kept) > 1:
            del self._kept[next(iter(self._kept))]
        reload = self._by_source[source].reload
        document = None if reload is None else reload()
        self._kept[source] = (
            None if document is None else (document, {each.pointer: each for each in document.resources})
        )
        return self._kept[source]


def _of_one_release(by_source: Mapping[str, _Checked]) -> list[Digest]:
    """Return all digests; where the others show one release, those that fit all of them are of it, too."""
    given = [
        (digest, digest.pointer in each.assumed) for each in by_source.values() for digest in each.digests
    ]
    releases = {digest.release for digest, assumed in given if not assumed}
    if len(releases) != 1:
        return [digest for digest, _ in given]
    release = releases.pop()
    return [replace(digest, release=release) if assumed else digest for digest, assumed in given]


_SEVERITIES = {"error": 0, "warning": 1, "information": 2}


def _order(finding: Finding) -> tuple[object, ...]:
    place = finding.place
    if place is None:
        return (1, "", 0, 0, _SEVERITIES[finding.severity.value], finding.code, finding.pointer or "")
    where = (0, place.source, place.line, place.column)
    return (*where, _SEVERITIES[finding.severity.value], finding.code, finding.pointer or "")
