"""Completing and correcting what a page states by what its sidecar states."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from termsmith import catalogue
from termsmith.dialects.labels import fold
from termsmith.model.record import (
    Identifier,
    IdentifierType,
    Organization,
    Paragraph,
    Role,
    Stated,
    Telecom,
    TerminologyRecord,
)
from termsmith.sidecars.systems import NO_NAMES, PageNames, starts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from termsmith.model.finding import Finding
    from termsmith.sidecars.sidecar import Sidecar, SidecarValue

_PLAIN = {
    "title": "title",
    "short_name": "short_name",
    "name": "name",
    "id": "record_id",
    "usage": "usage",
    "version": "version",
    "date": "date",
    "status": "status",
    "case_sensitive": "case_sensitive",
    "kind": "kind",
    "identifier_type": "identifier_type",
}
"""Sidecar key and the field of the record that it sets."""
_ENDORSED = {"canonical_url": IdentifierType.URI, "oid": IdentifierType.OID}
_OTHERS = {"other_urls": IdentifierType.URI, "other_oids": IdentifierType.OID}
_ROLES = {role.value: role for role in (Role.OWNER, Role.STEWARD, Role.PUBLISHER)}
_TELECOMS = {"website": "url", "email": "email", "phone": "phone"}
_PROSE = ("description", "copyright")
_STEPS = [*_PLAIN, *_ENDORSED, *_OTHERS, *_PROSE, *_ROLES, *_TELECOMS, "address"]
"""All keys, in the order in which they are put in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Completed:
    """Records with the sidecar's values in them."""

    records: tuple[TerminologyRecord, ...]
    replaced: tuple[Stated[Any], ...]
    """Page values that the sidecar corrects; their words are not used any more."""
    findings: tuple[Finding, ...]


def complete(
    records: tuple[TerminologyRecord, ...], sidecar: Sidecar, names: PageNames = NO_NAMES
) -> Completed:
    """Return the records with the sidecar's values, each addition and correction as a finding.

    With ``[[system]]`` entries there is one record for each, made of the first record's facts that all
    systems share and of the names and identifiers of the page that the entry states too.
    """
    if not sidecar.values and not sidecar.systems:
        return Completed(records=records, replaced=(), findings=())
    if sidecar.systems:
        begun = list(starts(records, names, [{**sidecar.values, **own} for own in sidecar.systems]))
        works = [_Work(start.record, replaced=[]) for start in begun]
        values = [start.values for start in begun]
    else:
        works = [_Work(record, replaced=[]) for record in records]
        values = [sidecar.values for _ in records]
    for work, own in zip(works, values, strict=True):
        work.apply(own)
    return _completed(works)


def complete_rows(records: tuple[TerminologyRecord, ...], sidecar: Sidecar) -> Completed:
    """Return the records of a page that lists terminologies, each with what the sidecar says of it.

    Values at the top hold for all rows; a ``[[system]]`` is about the one row that has its id or title.
    """
    works = [_Work(record, replaced=[]) for record in records]
    problems = []
    by_name: dict[str, list[_Work]] = {}
    for work in works:
        work.apply(sidecar.values)
        record = work.record
        if record.record_id is not None:
            by_name.setdefault(f"id {record.record_id.value}", []).append(work)
        for name in {fold(each.value) for each in (record.title, record.short_name) if each is not None}:
            by_name.setdefault(name, []).append(work)
    for system in sidecar.systems:
        wanted = {"id": f"id {system['id'].value}"} if "id" in system else {}
        wanted |= {key: fold(system[key].value) for key in ("title", "short_name") if key in system}
        found = {key: by_name[name] for key, name in wanted.items() if name in by_name}
        key = next(iter(found or wanted), None)
        rows = found.get(key, []) if key is not None else []
        if len(rows) == 1:
            # What tells the row is no statement about it.
            rows[0].apply({each: value for each, value in system.items() if each != key})
            continue
        what = f"{key} = {system[key].value!r}" if key is not None else "no id and no title"
        problem = f"[[system]] with {what}: {len(rows) or 'no'} rows of the list have that"
        place = next(iter(system.values())).place if system else None
        problems.append(catalogue.SIDECAR_INVALID.found(place=place, problem=problem))
    completed = _completed(works)
    return replace(completed, findings=(*completed.findings, *problems))


def _completed(works: Sequence[_Work]) -> Completed:
    """Return what became of records, findings about all of them once."""
    findings: dict[tuple[object, ...], Finding] = {}
    for work in works:
        for finding in work.findings:
            findings.setdefault((finding.code, finding.message, finding.place), finding)
    completed = tuple(work.record for work in works)
    kept = {id(stated) for record in completed for stated in _own(record)}
    replaced = tuple(stated for work in works for stated in work.replaced if id(stated) not in kept)
    return Completed(records=completed, replaced=replaced, findings=tuple(findings.values()))


def _own(record: TerminologyRecord) -> list[Stated[Any]]:
    """Return what belongs to one system alone."""
    stated = [record.title, record.short_name, record.record_id]
    return [each for each in stated if each is not None] + [i.value for i in record.identifiers]


class _Work:
    """One record while values are put into it."""

    def __init__(self, record: TerminologyRecord, *, replaced: list[Stated[Any]]) -> None:
        self.record, self.replaced = record, replaced
        self.findings: list[Finding] = []

    def apply(self, values: dict[str, SidecarValue]) -> None:
        """Put values in: identifiers and names first, then organisations, then how to reach them."""
        for key in sorted(values, key=_STEPS.index):
            value = values[key]
            if key in _PLAIN:
                self._plain(_PLAIN[key], value)
            elif key in _ENDORSED:
                self._endorsed(_ENDORSED[key], value)
            elif key in _OTHERS:
                self._others(_OTHERS[key], value)
            elif key in _PROSE:
                self._prose(key, value)
            elif key in _ROLES:
                self._role(_ROLES[key], value)
            elif key in _TELECOMS:
                self._telecom(_TELECOMS[key], value)
            else:
                self._address(value)

    def _plain(self, field: str, value: SidecarValue) -> None:
        stated: Stated[Any] | None = getattr(self.record, field)
        self._report(value, stated.value if stated is not None else None, stated)
        changes: dict[str, Any] = {field: value.stated(value.value)}
        self.record = replace(self.record, **changes)

    def _endorsed(self, kind: IdentifierType, value: SidecarValue) -> None:
        same = [i for i in self.record.identifiers if i.type is kind and i.value.value == value.value]
        endorsed = [i for i in self.record.identifiers if i.type is kind and i.endorsed]
        stated = endorsed[0].value if endorsed else None
        if same:
            self._report(value, value.value, same[0].value)
            merged = replace(same[0].value, spans=same[0].value.spans + value.stated(None).spans)
            new = replace(same[0], value=merged, endorsed=True)
        else:
            self._report(value, stated.value if stated is not None else None, stated)
            new = Identifier(type=kind, value=value.stated(value.value), endorsed=True)
        rest = tuple(
            replace(i, endorsed=False) if i.type is kind else i
            for i in self.record.identifiers
            if i not in same and (same or i not in endorsed)
        )
        self._identifiers((new, *rest))

    def _others(self, kind: IdentifierType, value: SidecarValue) -> None:
        known = {i.value.value for i in self.record.identifiers if i.type is kind}
        new = [
            Identifier(type=kind, value=value.stated(each), endorsed=False)
            for each in value.value
            if each not in known
        ]
        self._report(value, None if new else value.value, None)
        self._identifiers((*self.record.identifiers, *new))

    def _identifiers(self, identifiers: Iterable[Identifier]) -> None:
        ordered = sorted(
            identifiers,
            key=lambda i: (i.type is IdentifierType.OTHER, i.type is IdentifierType.OID, not i.endorsed),
        )
        self.record = replace(self.record, identifiers=tuple(ordered))

    def _prose(self, key: str, value: SidecarValue) -> None:
        paragraphs: tuple[Paragraph, ...] = getattr(self.record, key)
        own = [p for p in paragraphs if p.topic == key]
        before = "\n\n".join(p.text.value for p in own) or None
        self._report(value, before, None)
        self.replaced += [p.text for p in own]
        new = Paragraph(topic=key, text=value.stated(value.value))
        changes: dict[str, Any] = {key: (new, *(p for p in paragraphs if p.topic != key))}
        self.record = replace(self.record, **changes)

    def _role(self, role: Role, value: SidecarValue) -> None:
        holders = [o for o in self.record.organizations if any(r.value is role for r in o.roles)]
        stated = holders[0].name if holders else None
        self._report(value, stated.value if stated is not None else None, None)
        organizations = []
        found = False
        for each in self.record.organizations:
            roles = tuple(r for r in each.roles if r.value is not role)
            if fold(each.name.value) == fold(value.value):
                found = True
                roles = (*roles, value.stated(role))
            organizations.append(replace(each, roles=roles))
        if not found:
            organizations.append(Organization(name=value.stated(value.value), roles=(value.stated(role),)))
        self.record = replace(self.record, organizations=tuple(organizations))

    def _telecom(self, system: str, value: SidecarValue) -> None:
        holder = self._holder(value)
        if holder is None:
            return
        before = [t for t in holder.telecoms if t.system == system]
        self._report(value, before[0].value.value if before else None, before[0].value if before else None)
        order = [*_TELECOMS.values(), "fax"]
        telecoms = [t for t in holder.telecoms if t.system != system]
        telecoms.append(Telecom(system=system, value=value.stated(value.value)))
        telecoms.sort(key=lambda t: order.index(t.system))
        self._put(holder, replace(holder, telecoms=tuple(telecoms)))

    def _address(self, value: SidecarValue) -> None:
        holder = self._holder(value)
        if holder is None:
            return
        before = ", ".join(each.value for each in holder.details) or None
        self._report(value, before, None)
        self.replaced += holder.details
        lines = [line.strip(" ,") for line in value.value.split("\n")]
        details = tuple(value.stated(line) for line in lines if line)
        self._put(holder, replace(holder, details=details))

    def _holder(self, value: SidecarValue) -> Organization | None:
        """Return the organisation that a contact detail belongs to: the publisher, else the owner."""
        for role in (Role.PUBLISHER, Role.OWNER, Role.STEWARD):
            for each in self.record.organizations:
                if any(r.value is role for r in each.roles):
                    return each
        self.findings.append(
            catalogue.SIDECAR_INVALID.found(
                place=value.place,
                problem=f"{value.key}: there is no organisation that it belongs to; state publisher too",
            )
        )
        return None

    def _put(self, old: Organization, new: Organization) -> None:
        organizations = tuple(new if each is old else each for each in self.record.organizations)
        self.record = replace(self.record, organizations=organizations)

    def _report(self, value: SidecarValue, before: Any, stated: Stated[Any] | None) -> None:
        reason = f" Its reason: {value.reason}" if value.reason else ""
        facts = {"field": value.key, "value": _as_written(value.value)}
        if before is None:
            finding = catalogue.SIDECAR_COMPLETES.found(place=value.place, reason=reason, **facts)
        elif before == value.value:
            finding = catalogue.SIDECAR_REPEATS.found(place=value.place, field=value.key)
        else:
            finding = catalogue.SIDECAR_CORRECTS.found(
                place=value.place, reason=reason, stated=_as_written(before), **facts
            )
            if stated is not None:
                self.replaced.append(stated)
        self.findings.append(finding)


class _Bare(str):
    """A text that is shown without quotes."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def _as_written(value: Any) -> Any:
    """Return a value as TOML writes it, where that is not as Python shows it."""
    return _Bare(str(value).lower()) if isinstance(value, bool) else value
