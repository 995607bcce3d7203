"""The work group that is responsible for a resource of HL7's own."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple

from termsmith.checks.rule import CheckRule, Hit, Profile, hit
from termsmith.checks.structure.words import shown
from termsmith.model.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from termsmith.checks.subject import Subject

_SPEC = "https://hl7.org/fhir/extensions/StructureDefinition-structuredefinition-wg.html"
_EXTENSION = "http://hl7.org/fhir/StructureDefinition/structuredefinition-wg"
_HL7 = "http://hl7.org/fhir/"
_SYSTEM_IDS = "http://hl7.org/fhir/sid"
"""URLs that HL7 gave to code systems of others, which no work group keeps."""
_SHARED = "HL7 International / "


class _WorkGroup(NamedTuple):
    names: tuple[str, ...]
    page: str


@cache
def _work_groups() -> Mapping[str, _WorkGroup]:
    table = files("termsmith.checks.definitions").joinpath("work_groups.toml").read_text(encoding="utf-8")
    return {
        code: _WorkGroup(tuple(each["names"]), each["page"]) for code, each in tomllib.loads(table).items()
    }


def _stated(subject: Subject) -> list[tuple[str, str]]:
    """Return pointer and code of each work group that an HL7 resource states."""
    if not (subject.text("url") or "").startswith(_HL7):
        return []
    return [
        (pointer, data["valueCode"])
        for pointer, data in subject.objects("extension")
        if data.get("url") == _EXTENSION and isinstance(data.get("valueCode"), str)
    ]


def _known(subject: Subject) -> _WorkGroup | None:
    stated = _stated(subject)
    return _work_groups().get(stated[0][1]) if stated else None


def _none(subject: Subject) -> Iterator[Hit]:
    url = subject.text("url") or ""
    if not url.startswith(_HL7) or _SYSTEM_IDS in url:
        return
    if not any(data.get("url") == _EXTENSION for _, data in subject.objects("extension")):
        yield hit("", url=shown(url))


def _several(subject: Subject) -> Iterator[Hit]:
    stated = _stated(subject)
    for pointer, code in stated[1:]:
        yield hit(pointer, code=shown(code), first=shown(stated[0][1]))


def _unknown(subject: Subject) -> Iterator[Hit]:
    for pointer, code in _stated(subject)[:1]:
        if code not in _work_groups():
            yield hit(f"{pointer}/valueCode", code=shown(code))


def _publisher(subject: Subject) -> Iterator[Hit]:
    group = _known(subject)
    if group is None:
        return
    expected = [f"{_SHARED}{name}" for name in group.names]
    publisher = subject.text("publisher")
    if publisher not in expected:
        level = "group" if "/" in (publisher or "") else "other"
        where = "" if publisher is None else "/publisher"
        said = "missing" if publisher is None else repr(shown(publisher))
        yield hit(where, level, said=said, expected=" or ".join(map(repr, expected)))


def _contact(subject: Subject) -> Iterator[Hit]:
    group = _known(subject)
    if group is None:
        return
    for _, contact in subject.objects("contact"):
        telecom = contact.get("telecom")
        for each in telecom if isinstance(telecom, list) else ():
            if isinstance(each, dict) and each.get("system") == "url" and each.get("value") == group.page:
                return
    yield hit("", page=group.page)


def _rule(code: str, title: str, message: str, hint: str, **description: Any) -> CheckRule:
    described: dict[str, Any] = {
        "severity": Severity.ERROR,
        "spec": _SPEC,
        "element": "CanonicalResource.extension",
        **description,
    }
    return CheckRule(code=code, title=title, message=message, hint=hint, **described)


RULES: tuple[CheckRule, ...] = (
    _rule(
        "CAN005",
        "HL7 resource without a work group",
        "{url!r} is one of HL7's, but does not state the work group that is responsible",
        "Add the extension structuredefinition-wg with the code of the work group.",
        check=_none,
        profiles=(Profile.PUBLICATION, Profile.IG_PUBLISHER),
        validator=("VALIDATION_HL7_WG_NEEDED",),
    ),
    _rule(
        "CAN006",
        "Second work group",
        "the work group {code!r} is stated, but {first!r} is already; one is responsible",
        "Keep one extension structuredefinition-wg.",
        check=_several,
        validator=("VALIDATION_HL7_PUBLISHER_MULTIPLE_WGS",),
    ),
    _rule(
        "CAN007",
        "Unknown work group",
        "HL7 has no work group {code!r}",
        "Write the code of the work group in lower case, such as fhir, oo or vocab.",
        check=_unknown,
        validator=("VALIDATION_HL7_WG_UNKNOWN",),
    ),
    _rule(
        "CAN008",
        "Publisher other than the work group",
        "the publisher is {said}, but the stated work group publishes as {expected}",
        "Correct the publisher, or the work group.",
        check=_publisher,
        severity=Severity.WARNING,
        levels={"group": Severity.ERROR, "other": Severity.WARNING},
        contexts={"group": "a publisher with a slash, as work groups have", "other": "all others"},
        element="CanonicalResource.publisher",
        validator=(
            "VALIDATION_HL7_PUBLISHER_MISMATCH",
            "VALIDATION_HL7_PUBLISHER_MISMATCH2",
            "VALIDATION_HL7_PUBLISHER_MISSING",
        ),
    ),
    _rule(
        "CAN009",
        "Work group's page not among the contacts",
        "no contact has the URL of the stated work group, {page}",
        "Add it as a contact's telecom of system url, letter by letter.",
        check=_contact,
        severity=Severity.WARNING,
        element="CanonicalResource.contact",
        validator=("VALIDATION_HL7_WG_URL",),
    ),
)
