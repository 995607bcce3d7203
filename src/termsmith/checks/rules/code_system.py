"""The metadata of code systems."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

from termsmith.checks.carried import carried
from termsmith.checks.rule import CheckRule, Hit, Invariant, Profile, hit
from termsmith.checks.structure.words import shown
from termsmith.model.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from termsmith.checks.subject import Subject

_SPEC = "https://hl7.org/fhir/R4/codesystem.html"
_DEFINITIONS = "https://hl7.org/fhir/R4/codesystem-definitions.html"
_HL7 = {"hl7": "the URL contains hl7.org or fhir.org", "other": "all other systems"}

PLACEHOLDERS = frozenset({
    "#N/A", "#REF!", "#VALUE!", "#NAME?", "#NULL!", "#DIV/0!", "-", "--", "—", "–", "None", "none", "N/A",
    "n/a", "TBD", "tbd", "TODO", "?", "…", "...", "null", "NULL", "nil", "nan", "NaN", "undefined",
    "Not Assigned",
})  # fmt: skip
"""Texts that stand for no text."""
_PROSE = (
    "description", "copyright", "purpose", "title", "publisher", "responsible", "usage", "copyrightLabel",
)  # fmt: skip
_CARRIED = ("title", "copyright")
"""What extensions may state, too."""
_CONTENTS = frozenset({"not-present", "example", "fragment", "complete"})
_TEMPORARY = "http://terminology.hl7.org/temporary-uri"
_EIGHT_DIGITS = re.compile(r"(\d{4})(\d\d)(\d\d)", re.ASCII)
_YEAR = re.compile(r"\d{4}", re.ASCII)
_YEARS = 2
_LARGEST = 2**31 - 1
"""Beyond it a number is no unsignedInt, which is a fault of its own."""


def _supplements_without_supplement(subject: Subject) -> Iterator[Hit]:
    content = subject.data.get("content")
    # Codes that content can't have are a fault of their own.
    if "supplements" in subject.data and isinstance(content, str) and content in _CONTENTS:
        yield hit("/content", content=shown(content), base=shown(subject.data["supplements"]))


def _supplement_without_base(subject: Subject) -> Iterator[Hit]:
    if subject.data.get("content") == "supplement" and "supplements" not in subject.data:
        yield hit("")


def _supplement_of_itself(subject: Subject) -> Iterator[Hit]:
    url, base = subject.text("url"), subject.text("supplements")
    if url and base is not None and base.partition("|")[0] == url:
        yield hit("/supplements", value=shown(base))


def _case_in_supplement(subject: Subject) -> Iterator[Hit]:
    if "supplements" in subject.data and "caseSensitive" in subject.data:
        yield hit("/caseSensitive")


def _no_case(subject: Subject) -> Iterator[Hit]:
    if "caseSensitive" not in subject.data and "supplements" not in subject.data:
        yield hit("", "hl7" if subject.hl7_metadata else "other")


def _complete_and_empty(subject: Subject) -> Iterator[Hit]:
    if subject.data.get("content") == "complete" and not subject.data.get("concept"):
        yield hit("/content")


def _count(subject: Subject) -> int | None:
    count = subject.data.get("count")
    return count if type(count) is int and 0 <= count <= _LARGEST else None


def _count_complete(subject: Subject) -> Iterator[Hit]:
    count = _count(subject)
    if count is None or subject.data.get("content") != "complete" or subject.concepts.too_deep:
        return
    if count != len(subject.concepts):
        yield hit("/count", count=count, found=len(subject.concepts))


def _count_fragment(subject: Subject) -> Iterator[Hit]:
    count = _count(subject)
    content = subject.data.get("content")
    if count is not None and content in ("example", "fragment") and len(subject.concepts) >= count:
        yield hit("/count", count=count, found=len(subject.concepts), content=content)


def _concepts_not_present(subject: Subject) -> Iterator[Hit]:
    if subject.data.get("content") == "not-present" and len(subject.concepts):
        yield hit("/concept", found=len(subject.concepts))


def _value_set(subject: Subject) -> Iterator[Hit]:
    content = subject.data.get("content")
    if "valueSet" in subject.data and content in ("not-present", "example", "fragment"):
        yield hit("/valueSet", content=content)


def _tho(subject: Subject) -> Iterator[Hit]:
    url = subject.text("url") or ""
    if "hl7.org" in url and "terminology.hl7.org" not in url and "hl7.org/cda/stds/core" not in url:
        yield hit("/url", url=shown(url))


def _temporary(subject: Subject) -> Iterator[Hit]:
    if (subject.text("url") or "").startswith(_TEMPORARY):
        yield hit("/url", url=shown(subject.data["url"]))


def _placeholder(subject: Subject) -> Iterator[Hit]:
    for element in _PROSE:
        text = subject.data.get(element)
        if isinstance(text, str) and text.strip() in PLACEHOLDERS:
            yield hit(f"/{element}", part=element, text=text.strip())
    for element in _CARRIED:
        found = carried(subject.data, element) if element not in subject.data else None
        if found is not None and found.value.strip() in PLACEHOLDERS:
            yield hit(found.pointer, part=element, text=found.value.strip())


def _version_no_day(subject: Subject) -> Iterator[Hit]:
    version = carried(subject.data, "version")
    if version is None:
        return
    found = _EIGHT_DIGITS.fullmatch(version.value)
    if found is not None and _day(found) is None:
        yield hit(version.pointer, version=version.value)


def _version_ahead(subject: Subject) -> Iterator[Hit]:
    version = carried(subject.data, "version")
    found = _EIGHT_DIGITS.fullmatch(version.value) if version is not None else None
    if version is None or found is None or _day(found) is None:
        return
    stated = subject.text("date")
    if stated is None or _YEAR.match(stated) is None:
        against, compared = "today", subject.today
    else:
        against, compared = "date", stated
    if int(found[1]) - int(compared[:4]) >= _YEARS:
        yield hit(version.pointer, version=version.value, against=against, date=shown(compared))


def _day(found: re.Match[str]) -> date | None:
    try:
        return date(*map(int, found.groups()))
    except ValueError:
        return None


def _rule(code: str, title: str, message: str, hint: str, **description: Any) -> CheckRule:
    described: dict[str, Any] = {
        "severity": Severity.ERROR,
        "spec": _SPEC,
        "resources": ("CodeSystem",),
        **description,
    }
    return CheckRule(code=code, title=title, message=message, hint=hint, **described)


_CSD_4 = "CodeSystem.content = 'supplement' implies CodeSystem.supplements.exists()"

RULES: tuple[CheckRule, ...] = (
    _rule(
        "COD001",
        "Supplements, but is no supplement",
        "supplements names {base!r}, but content is {content!r}, not 'supplement'",
        "Make content 'supplement', or remove supplements.",
        check=_supplements_without_supplement,
        element="CodeSystem.content",
        validator=("CODESYSTEM_CS_HL7_PRESENT_ELEMENT_SUPPL_WRONG",),
    ),
    _rule(
        "INV043",
        "Supplement of nothing",
        "content is 'supplement', but supplements does not say of which code system",
        "State the canonical URL of the base code system as supplements.",
        check=_supplement_without_base,
        element="CodeSystem.supplements",
        invariants={"R5": Invariant("csd-4", _CSD_4, "CodeSystem")},
        validator=("CODESYSTEM_CS_HL7_PRESENT_ELEMENT_SUPPL_MISSING", "CODESYSTEM_CS_SUPP_NO_SUPP"),
    ),
    _rule(
        "COD015",
        "Supplement of itself",
        "supplements is {value!r}, the url of this code system itself",
        "Give the supplement a url of its own; supplements is that of the code system that it adds to.",
        check=_supplement_of_itself,
        element="CodeSystem.supplements",
    ),
    _rule(
        "COD002",
        "Supplement with case sensitivity",
        "a supplement states caseSensitive, which only its base can",
        "Remove caseSensitive.",
        check=_case_in_supplement,
        element="CodeSystem.caseSensitive",
        validator=("CODESYSTEM_CS_HL7_PRESENT_ELEMENT_SUPPL",),
    ),
    _rule(
        "COD003",
        "Case sensitivity not stated",
        "caseSensitive is missing, so nobody knows whether A and a are one code",
        "State true or false; true is the safer where the owner does not say.",
        check=_no_case,
        severity=Severity.INFORMATION,
        element="CodeSystem.caseSensitive",
        levels={"hl7": Severity.WARNING, "other": Severity.INFORMATION},
        contexts=_HL7,
        spec=f"{_DEFINITIONS}#CodeSystem.caseSensitive",
        validator=("CODESYSTEM_CS_HL7_MISSING_ELEMENT_SHOULD", "CODESYSTEM_CS_NONHL7_MISSING_ELEMENT"),
    ),
    _rule(
        "COD004",
        "Complete and empty",
        "content is 'complete', but there are no concepts",
        "Add the concepts, or make content 'not-present'.",
        check=_complete_and_empty,
        severity=Severity.WARNING,
        element="CodeSystem.content",
        validator=("CODESYSTEM_CS_COMPLETE_AND_EMPTY",),
    ),
    _rule(
        "COD005",
        "Wrong count",
        "count is {count:,}, but the concepts of this complete code system are {found:,} in number, all "
        "levels counted",
        "Correct count, or find the missing concepts.",
        check=_count_complete,
        element="CodeSystem.count",
        spec=f"{_DEFINITIONS}#CodeSystem.count",
        validator=("CODESYSTEM_CS_COUNT_COMPLETE_WRONG",),
    ),
    _rule(
        "COD006",
        "As many concepts as the whole",
        "count is {count:,}, but the concepts of this {content} are {found:,} in number, and should be fewer",
        "Correct count: it is the number of concepts of the whole code system. Or make content 'complete'.",
        check=_count_fragment,
        severity=Severity.WARNING,
        element="CodeSystem.count",
        spec=f"{_DEFINITIONS}#CodeSystem.count",
        validator=("CODESYSTEM_CS_COUNT_FRAGMENT_WRONG",),
    ),
    _rule(
        "COD007",
        "Concepts that are not present",
        "content is 'not-present', but there are concepts ({found:,})",
        "Make content 'complete' or 'fragment', or remove the concepts.",
        check=_concepts_not_present,
        element="CodeSystem.concept",
        validator=("CODESYSTEM_CS_COUNT_NO_CONTENT_ALLOWED", "CODESYSTEM_CS_COUNT_NOTPRESENT_ZERO"),
    ),
    _rule(
        "COD009",
        "Value set of all codes of an incomplete system",
        "valueSet is stated, but content is {content!r}; a value set of all codes asks for all of them",
        "Remove valueSet, or give the complete content.",
        check=_value_set,
        severity=Severity.INFORMATION,
        element="CodeSystem.valueSet",
        spec=f"{_DEFINITIONS}#CodeSystem.valueSet",
        validator=("CODESYSTEM_CS_NO_VS_NOTCOMPLETE",),
    ),
    _rule(
        "COD010",
        "HL7 system outside THO",
        "{url!r} is a system of HL7's outside terminology.hl7.org",
        "New code systems of HL7 belong to terminology.hl7.org; ask the Terminology Infrastructure group.",
        check=_tho,
        severity=Severity.INFORMATION,
        element="CodeSystem.url",
        profiles=(Profile.PUBLICATION, Profile.IG_PUBLISHER),
        spec="https://terminology.hl7.org/",
        validator=("CODESYSTEM_THO_CHECK",),
    ),
    _rule(
        "COD011",
        "Temporary URL",
        "{url!r} is a URL that HL7 gave for the time being",
        "Replace it as soon as the official URL is known.",
        check=_temporary,
        severity=Severity.WARNING,
        element="CodeSystem.url",
        spec="https://terminology.hl7.org/external_code_systems.html",
    ),
    _rule(
        "COD012",
        "Text that stands for no text",
        "{part} is {text!r}, which stands for nothing in tables and spreadsheets",
        "Write the text, or leave the element out.",
        check=_placeholder,
        element="CodeSystem.description",
        resources=("NamingSystem", "CodeSystem"),
        spec=f"{_DEFINITIONS}#CodeSystem.description",
    ),
    _rule(
        "COD013",
        "Version like a day that isn't",
        "version {version!r} looks like a day, but there is no such day",
        "Compare with the source.",
        check=_version_no_day,
        severity=Severity.WARNING,
        element="CodeSystem.version",
        resources=("NamingSystem", "CodeSystem"),
        spec=f"{_DEFINITIONS}#CodeSystem.version",
    ),
    _rule(
        "COD014",
        "Version years after the date",
        "version {version!r} is years after {against}, {date}; one of them has a slip",
        "Compare both with the source.",
        check=_version_ahead,
        severity=Severity.WARNING,
        element="CodeSystem.version",
        resources=("NamingSystem", "CodeSystem"),
        spec=f"{_DEFINITIONS}#CodeSystem.version",
    ),
)
