"""The sources of a build for one FHIR release: converted, or recalled where they are as they were."""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from termsmith.batch import Job, convert_read_source
from termsmith.builds.collecting import Collected, part_entry, recalled_part
from termsmith.builds.layout import digest_of_settings
from termsmith.builds.memory import (
    Remembered,
    RememberedFile,
    digest_entry,
    finding_entry,
    key_of,
    recalled_digest,
    recalled_finding,
)
from termsmith.builds.result import Told
from termsmith.builds.unchanged import digest_of_file
from termsmith.catalogue import TABLE_WITHHELD
from termsmith.checks.relations.checking import relation_faults, relation_finding
from termsmith.checks.relations.meeting import joined, meeting_points
from termsmith.errors import SourceError
from termsmith.model.checked import CheckedResource, CheckedSource
from termsmith.outputs.files import ResourceFile
from termsmith.outputs.listed import Listed
from termsmith.outputs.results import PageResult
from termsmith.run import silenced
from termsmith.sources.concept_files import ConceptFiles, files_of_page
from termsmith.sources.local import PAGE_LIMIT, read_source

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from termsmith.builds.bookkeeping import Bookkeeping
    from termsmith.builds.layout import Layout
    from termsmith.builds.result import SourceFindings
    from termsmith.errors import TermsmithError
    from termsmith.model.checked import Excused
    from termsmith.model.finding import Finding
    from termsmith.run import RunResult
    from termsmith.settings import FhirVersion, Project
    from termsmith.sources.concept_files import ConceptFile
    from termsmith.sources.local import LocalSource, SourceBytes

_DATED = "RES003"
"""Finding of a resource that has the day's date in it."""
_WITHHELD = TABLE_WITHHELD.code
"""Finding of a CodeSystem that is not written, as its codes can't be read."""
_DATE = re.compile(rb'\bdate(?:"\s*:\s*|\s+value=|\s*=\s*)"([0-9]{4}-[0-9]{2}-[0-9]{2})"')
"""The date of a resource in JSON, XML or FSH."""


class ReleaseWork:
    """The sources of a build for one FHIR release."""

    def __init__(
        self, book: Bookkeeping, project: Project, layout: Layout, release: FhirVersion, today: str
    ) -> None:
        """Take what is known, and what is asked for."""
        self.book, self.project, self.layout, self.release = book, project, layout, release
        # Exceptions are looked at when the findings on all sources are known.
        settings = replace(project.settings, fhir_version=release, exceptions=())
        self.root = project.folder.as_posix()
        self.job = Job(settings=settings, today=today, formats=layout.formats)
        self.settings_digest = digest_of_settings(settings, layout)
        self.collected: Collected | None = None
        if layout.gathered:
            self.collected = Collected(
                layout.gathered,
                settings,
                before=book.memory.gathered.get(self.release, {}),
                digest_of=self._standing,
            )
        self.converted = 0
        self.failed: list[str] = []
        self.errors: list[TermsmithError] = []
        self.listed: list[Listed] = []
        """The resources that were written, as a guide lists them."""
        self._wanted: set[str] = set()
        """Sources that have files, written or not."""
        self._files: dict[str, ResourceFile] = {}
        self._checked: list[CheckedSource] = []
        self._kept: dict[str, Remembered] = {}
        self._before: dict[str, str] = {}
        """What the last build wrote: digests by file."""
        self._as_before: set[str] = set()
        """Sources of which everything is remembered already."""
        self._points: dict[str, Sequence[str]] = {}
        """Meeting points of the resources of each source."""

    def results(self, sources: Sequence[LocalSource]) -> Iterator[PageResult]:
        """Yield what the sources give, those that are as they were without converting them."""
        for source in sources:
            result = self._result(source)
            if result.files:
                self._wanted.add(source.name)
            for file in result.files:
                # Bytes are needed no more once they are staged, only what they are.
                if file.standing is not None:
                    self._files[file.name] = file
                    continue
                sha256 = None if file.write is not None else file.sha256
                self._files[file.name] = replace(file, data=b"", standing=sha256)
            if result.error is not None:
                self.failed.append(source.name)
                self.errors.append(result.error)
            elif not result.files or _WITHHELD in {finding.code for finding in result.findings}:
                self.failed.append(source.name)
            # Parts were collected; digests are compared for all sources together.
            yield replace(result, digests=(), parts=()) if result.digests or result.parts else result

    def _standing(self, name: str) -> str | None:
        return digest_of_file(self.path_of(name))

    def path_of(self, name: str) -> str:
        """Return the path of a file that is named relative to the project."""
        return os.path.join(self.root, name)  # noqa: PTH118  thousands of paths

    def _result(self, source: LocalSource) -> PageResult:
        try:
            read = read_source(source)
        except SourceError as error:
            return PageResult(source=source.name, error=error)
        self._involve(source, read)
        known = self.book.memory.recall(self.release, source.name)
        if known is not None:
            self._before.update((file.name, file.sha256) for file in known.files)
        files = _watched(self._files_of(source), known)
        try:
            key = self._key(source, read, files)
        except SourceError as error:
            return PageResult(source=source.name, error=error)
        if known is not None and known.key == key:
            result = self._recalled(known, source.name)
            if result is not None:
                self._kept[source.name] = known
                self._as_before.add(source.name)
                self._points[source.name] = self.book.memory.points.get(self.release, {}).get(source.name, ())
                return result
        self.converted += 1
        result = self._convert(source, read, files)
        if self.collected is not None:
            self.collected.take(result)
        placed = tuple(replace(file, name=self.layout.path_of(file.name)) for file in result.files)
        result = replace(result, files=placed)
        if result.error is None:
            self._kept[source.name] = Remembered(
                key=self._key(source, read, files),
                files=(),  # when it is known that they are written
                findings=tuple(map(finding_entry, result.findings)),
                digests=tuple(map(digest_entry, result.digests)),
                parts=tuple(map(part_entry, result.parts)),
                listed=tuple(map(list, result.listed)),
                dialect=result.dialect,
                also=tuple(files.opened),
            )
            self._points[source.name] = sorted(frozenset().union(*map(meeting_points, result.digests)))
        self._note(source.name, result.listed, result.findings)
        return result

    def _convert(self, source: LocalSource, read: SourceBytes, files: ConceptFiles) -> PageResult:
        """Convert a source; where a page without a date gives what stands there already, with its date."""
        result = convert_read_source(source, read, self.job, files)
        if not any(finding.code == _DATED for finding in result.findings):
            return result
        date = self._written_date(result.files)
        if date is None:
            return result
        again = convert_read_source(source, read, replace(self.job, written_date=date), files)
        stand = all(self._standing(self.layout.path_of(file.name)) == file.sha256 for file in again.files)
        return again if stand and len(again.files) == len(result.files) else result

    def _written_date(self, files: Sequence[ResourceFile]) -> str | None:
        """Return the date that stands where one of these files has the day's."""
        today = self.job.today.encode()
        for file in files:
            new = _DATE.search(file.data)
            if new is None or new[1] != today:
                continue
            try:
                old = _DATE.search(Path(self.path_of(self.layout.path_of(file.name))).read_bytes())
            except OSError:
                return None
            return None if old is None or old[1] == today else old[1].decode()
        return None

    def _files_of(self, source: LocalSource) -> ConceptFiles:
        if source.path is None:
            return files_of_page(None, source.name)
        folder = os.path.dirname(source.path)  # noqa: PTH120  thousands of paths
        return files_of_page(source.path, source.name, neighbours=self.book.names_in(folder or "."))

    def _involve(self, source: LocalSource, read: SourceBytes) -> None:
        if source.path is None or len(read.data) > PAGE_LIMIT:
            self.book.accounted = False
            return
        self.book.involve(source.path, hashlib.sha256(read.data).hexdigest(), source.name)
        if source.sidecar is not None and read.sidecar is not None:
            self.book.involve(source.sidecar, hashlib.sha256(read.sidecar).hexdigest(), source.name)

    def _sha256_text(self, source: LocalSource, path: Path) -> bytes:
        sha256 = digest_of_file(os.fspath(path))
        self.book.involve(path, sha256, source.name)
        return (sha256 or "").encode()

    def _recalled(self, known: Remembered, source: str) -> PageResult | None:
        """Return what is known of a source, if its files stand as they were written."""
        files = []
        for file in known.files:
            if self._standing(file.name) != file.sha256:
                return None
            files.append(ResourceFile(type=file.type, id=file.id, name=file.name, standing=file.sha256))
        try:
            findings = tuple(recalled_finding(entry) for entry in known.findings)
        except KeyError:
            return None
        if self.collected is not None:
            sha256 = {file.name: file.sha256 for file in known.files}
            for part in map(recalled_part, known.parts):
                name = self.layout.path_of(part.file.name)
                self.collected.add_standing(source, part, Path(self.path_of(name)), sha256[name])
        self._note(source, known.listed, findings)
        return PageResult(source=source, dialect=known.dialect, files=tuple(files), findings=findings)

    def _key(self, source: LocalSource, read: SourceBytes, files: _WatchedFiles) -> str:
        parts = [source.name.encode(), read.data, read.sidecar or b"", (source.sidecar_name or "").encode()]
        for file in (files.given, files.beside):
            parts += (
                [b"", b""] if file is None else [file.name.encode(), self._sha256_text(source, file.path)]
            )
        for name in files.opened:
            parts += [name.encode(), self._sha256_text(source, Path(name))]
        return key_of(self.settings_digest, parts)

    def _note(self, source: str, listed: Iterable[Sequence[Any]], findings: Sequence[Finding]) -> None:
        resources = tuple(
            CheckedResource.of_page(each.type, each.id, self.release)
            for each in (Listed._make(one) for one in listed)
        )
        self._checked.append(CheckedSource(source=source, resources=resources, findings=tuple(findings)))

    def note_all(self, sources: Iterable[str]) -> None:
        """Take what is remembered of sources for what was found on them, looked at or not."""
        self._checked.clear()
        for source in sources:
            known = self.book.fresh.recall(self.release, source)
            if known is not None:
                self._note(source, known.listed, list(map(recalled_finding, known.findings)))

    def known_sha256(self, name: str) -> tuple[str, ...]:
        """Return the digest of a file that is going to be written, as far as it is known by then."""
        standing = self._files[name].standing
        return () if standing is None else (standing,)

    def sha256(self, name: str) -> str:
        """Return the digest of a file that is written."""
        return self._files[name].standing or self._standing(name) or ""

    def remembered_sha256(self, name: str) -> str | None:
        """Return the digest of what the last build wrote into a file; nothing where that is not known."""
        return self._before.get(name)

    def remember(self, run_: RunResult) -> None:
        """Keep for the next build what was converted, and what files were written."""
        written = {each.source: each.files for each in run_.written}
        fresh = self.book.fresh
        points = fresh.points.setdefault(self.release, {})
        for source, known in self._kept.items():
            names = [file.name for file in written.get(source, ())]
            if source in self._wanted and not names:
                continue  # another source wants its files; that is to be told again
            files = tuple(
                RememberedFile(
                    type=self._files[name].type,
                    id=self._files[name].id,
                    name=name,
                    sha256=self.sha256(name),
                )
                for name in names
            )
            if source in self._as_before and known.files == files:
                fresh.keep_from(self.book.memory, self.release, source)
            else:
                fresh.keep(self.release, source, replace(known, files=files))
            if names:
                points[source] = self._points[source]
                self.listed += (Listed._make([*each[:-1], tuple(each[-1])]) for each in known.listed)
            for file in files:
                self.book.involve(self.path_of(file.name), file.sha256, source)
        for each in run_.gathered:
            self.book.involve(self.path_of(each.planned.name), each.sha256)
        if self.collected is not None:
            fresh.gathered[self.release] = self.collected.made

    def compare(self, run_: RunResult) -> None:
        """Compare the resources of all sources with each other, unless they are those of the last build."""
        written = {each.source for each in run_.written}
        compared = [(source, known) for source, known in self._kept.items() if source in written]
        key = key_of("", (known.key.encode() for _, known in compared))
        before = self.book.memory.together.get(self.release)
        if before is not None and before[0] == key:
            found = before[1]
        else:
            new = _found_together(entry for _, known in compared for entry in known.digests)
            found = {source: new[source] for source, _ in compared if source in new}
        self.book.fresh.together[self.release] = (key, found)

    def compare_again(self, sources: Collection[str], order: Sequence[str]) -> None:
        """Compare the resources of some sources with those that they meet; all others are as they were.

        Args:
            sources: Those that have changed.
            order: All sources, in order.
        """
        memory, fresh = self.book.memory, self.book.fresh
        points = {source: set(each) for source, each in fresh.points.get(self.release, {}).items()}
        for source in sources:
            # What it met before has changed as well.
            points.setdefault(source, set()).update(memory.points.get(self.release, {}).get(source, ()))
        group = joined(points, sources)
        known = [fresh.recall(self.release, source) for source in order if source in group]
        new = _found_together(entry for each in known if each is not None for entry in each.digests)
        _, old = memory.together.get(self.release, ("", {}))
        found = {source: (new if source in group else old).get(source, []) for source in order}
        # No digest of all that was compared: a build that looks at all sources compares them anew.
        fresh.together[self.release] = ("", {source: each for source, each in found.items() if each})

    def told(self, collisions: Sequence[tuple[str, Finding]] = ()) -> Told:
        """Return the findings that no exception covers, and those about exceptions."""
        _, found = self.book.fresh.together[self.release]
        together = [(source, tuple(map(recalled_finding, entries))) for source, entries in found.items()]
        others = [(source, (finding,)) for source, finding in collisions]
        several = [CheckedSource(source=source, findings=each) for source, each in [*together, *others]]
        checked: Sequence[CheckedSource] = [*self._checked, *several]
        excused: tuple[tuple[str, tuple[Excused, ...]], ...] = ()
        if self.project.settings.exceptions:
            checked = self._excused(checked)
            excused = tuple((each.source, each.excused) for each in checked if each.excused)
        pages, rest = checked[: len(self._checked)], checked[len(self._checked) :]
        unwritten = [*(each for each in pages if not each.resources), *rest[len(together) :]]
        return Told(
            excused=excused,
            silent=tuple(found for each in unwritten for found in silenced(each.source, each.excused)),
            pages=_with_findings(pages),
            together=_with_findings(rest[: len(together)]),
            others=_with_findings(rest[len(together) :]),
        )

    def _excused(self, checked: Iterable[CheckedSource]) -> list[CheckedSource]:
        from termsmith.rules import exceptions_of_conversion  # noqa: PLC0415  only where there are exceptions

        at_work = exceptions_of_conversion(self.project.settings.exceptions, self.job.today)
        return [*map(at_work.excuse, checked), *at_work.about()]


def _found_together(entries: Iterable[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    """Return what does not go together, by source."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for fault in relation_faults(map(recalled_digest, entries)):
        finding = replace(relation_finding(fault), pointer=None)
        found.setdefault(fault.hit.digest.source, []).append(finding_entry(finding))
    return found


def _with_findings(checked: Iterable[CheckedSource]) -> tuple[SourceFindings, ...]:
    return tuple((each.source, each.findings) for each in checked if each.findings)


@dataclass(frozen=True, slots=True, kw_only=True)
class _WatchedFiles(ConceptFiles):
    """The files of concepts of a page, taking note of those that its sidecar names."""

    opened: list[str] = field(default_factory=list)
    """As the user gave them; at first those of the last build."""

    def named(self, name: str) -> ConceptFile:
        """Return the file that a sidecar names."""
        file = ConceptFiles.named(self, name)  # super() does not work in a class with slots
        if file.name not in self.opened:
            self.opened.append(file.name)
        return file


def _watched(files: ConceptFiles, known: Remembered | None) -> _WatchedFiles:
    given = {each.name: getattr(files, each.name) for each in fields(ConceptFiles)}
    return _WatchedFiles(**given, opened=[] if known is None else list(known.also))
