"""What HL7's validator and our rules say of one resource, in a form that can be compared."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from corpus.generate import beside

from termsmith.checks.checking import faults, fhir_path
from termsmith.checks.relations.checking import relation_faults, supplement_faults, supplement_pairs
from termsmith.checks.relations.digest import digest_of
from termsmith.checks.rule import Profile
from termsmith.checks.subject import Subject
from termsmith.documents.document import DocumentError
from termsmith.documents.reading import read_document

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from termsmith.checks.relations.digest import Digest
    from termsmith.checks.rule import CheckRule

TODAY = "2026-01-01"
PROFILES: Mapping[str, frozenset[Profile]] = {
    "default": frozenset(),
    "publication": frozenset({Profile.PUBLICATION}),
}

_SHAPES = (
    "STR001",
    "STR003",
    "STR004",
    "STR005",
    "STR006",
    "STR007",
    "STR008",
    "STR009",
    "STR013",
    "STR017",
    "STR098",
)
"""Where something has the wrong shape, the validator takes it for missing as well."""
_BY_TEXT: Sequence[tuple[str, tuple[str, ...]]] = (
    (r"Array cannot be empty", ("STR008",)),
    (r"number of concepts .* exceeds or matches the stated total", ("COD006",)),
    (r"is a duplicate and will be ignored", ("STR090",)),
    (r"must have some content", ("STR009", "STR095")),
    (r"the primitive value must be a", ("STR004",)),
    (r"Error parsing XHTML", ("NAR001", "NAR002", "STR010", "STR004")),
    (r"Invalid entity in the XHTML", ("NAR002",)),
    (r"comma|Comments are not allowed|has no quotes around", ("DOC001",)),
    (r"Node type .* is not allowed", ("STR096",)),
    (r"XML encoding is invalid", ("STR097",)),
    (r"property must be|must be an? (JSON )?(Array|Object)|must be a simple value", ("STR004", "STR005", "STR006", "STR007", "STR017", "STR013")),
    (r"Text should not be present", ("STR093",)),
    (r"Undefined attribute", ("STR092",)),
    (r"Undefined element", ("STR001", "STR002", "STR094", "STR003", "STR098")),
    (r"Unrecognized property", ("STR001", "STR002", "STR011")),
    (r"The namespace|namespace", ("STR094",)),
)  # fmt: skip
"""Messages of the validator's parsers carry no id; a pattern of their text, and our rules that say the same."""
_BY_ID: Mapping[str, tuple[str, ...]] = {
    "terminology_tx_novalid_16": ("STR012", "STR004", "STR010", "DTY006", "CAN007"),
    "unable_to_infer_codesystem": ("STR012", "STR004", "DTY006", "CAN007"),
    "terminology_tx_code_valueset_missing": ("STR010", "STR012", "STR095", "STR003", "STR009"),
    "type_specific_checks_dt_primitive_notempty": ("STR010", "STR095"),
    "type_specific_checks_dt_primitive_valueext": ("STR095",),
    "validation_val_profile_minimum": (*_SHAPES, "INV010"),
    "type_specific_checks_dt_url_internal": ("CON001",),
    "type_specific_checks_dt_url_internal_warn": ("CON001",),
    "extension_ext_url_notfound": ("STR003", "STR010"),
    "illegal_property": ("STR001",),
    "extension#ext-1": ("INV010", "STR001"),
    "domainresource#dom-6": ("INV006", "NAR001", "NAR002", "STR010", "STR004"),
    "identifier#ident-1": ("INV013", "STR009"),
    "type_specific_checks_dt_string_ws": ("DTY060", "DTY002"),
    "unicode_xml_bad_chars": ("DTY064", "NAR001"),
    "meta_res_security_duplicate": ("DTY068",),
    "codesystem_property_bad_internal_reference": ("CON025", "STR004"),
    "type_specific_checks_dt_code_ws": ("DTY006",),
    "type_specific_checks_dt_uri_ws": ("DTY003",),
    "type_specific_checks_canonical_absolute": ("DTY053", "DTY003"),
    "type_specific_checks_dt_datetime_tz": ("DTY007",),
    "type_specific_checks_dt_datetime_valid": ("DTY007", "DTY008", "STR004"),
    "type_specific_checks_dt_datetime_regex": ("DTY007", "DTY008"),
    "type_specific_checks_dt_date_valid": ("DTY007", "DTY008"),
    "type_specific_checks_dt_instant_valid": ("DTY007", "DTY008"),
    "type_specific_checks_dt_primitive_regex_type": ("DTY007", "DTY001", "STR004", "DTY006"),
    "type_specific_checks_dt_integer_lt0": ("DTY001",),
    "type_specific_checks_dt_integer_lt1": ("DTY001",),
    "type_specific_checks_dt_integer_gt": ("DTY001",),
    "type_specific_checks_dt_integer_valid": ("STR004", "DTY001"),
    "type_specific_checks_dt_decimal_valid": ("STR004",),
    "type_specific_checks_dt_boolean_value": ("STR004",),
    "type_specific_checks_dt_identifier_system": ("DTY050",),
    "contained_orphan_dom3": ("INV001",),
    "resource_res_id_malformed_chars": ("DTY002", "STR010"),
    "resource_res_id_malformed_length": ("DTY002",),
    "validation_val_profile_maximum": ("STR006", "INV010"),
    "element#ele-1": ("STR009", "STR010", "STR095"),
    "narrative#txt-1": ("NAR001", "NAR002", "NAR005", "NAR006", "STR010", "STR004"),
    "narrative#txt-2": ("NAR012", "NAR001", "NAR002", "STR010", "STR004"),
    "codesystem#csd-4": ("INV043", "STR003", "COD001"),
    "namingsystem#cnl-0": ("INV020", "STR010"),
    "codesystem#cnl-0": ("INV045", "STR010"),
    "namingsystem#cnl-1": ("INV021", "DTY003", "STR010"),
    "codesystem#cnl-1": ("INV021", "DTY003", "STR010"),
    "codesystem#csd-1": ("INV040",),
    "codesystem_designation_disp_clash_no_lang": ("INV044",),
    "codesystem_cs_nonhl7_missing_element": ("COD003", "INV041", "INV043", "STR019", *_SHAPES),
    "codesystem_shareable_missing": ("SHA001", *_SHAPES),
    "codesystem_shareable_missing_hl7": ("SHA001", *_SHAPES),
}
"""Ids whose fault we tell by other rules than those that name the id."""


_MISPLACED = frozenset({"meta_res_security_duplicate"})
"""Ids that the validator gives with a wrong path."""


class Said(NamedTuple):
    """One thing that the validator says."""

    severity: str
    id: str
    """In lower case; of invariants ``codesystem#csd-1``; empty where the validator gives none."""
    path: str
    text: str
    """Only where there is no id."""


class Ours(NamedTuple):
    """One thing that we say."""

    severity: str
    code: str
    path: str
    claims: frozenset[str]
    """Ids, in lower case, by which the validator says the same."""


def said(issues: Iterable[Mapping[str, Any]]) -> list[Said]:
    """Return the validator's issues, comparable."""
    return [
        Said(
            severity=issue["severity"],
            id=_bare((issue.get("id") or "").lower()),
            path=_path(issue.get("path") or ""),
            text="" if issue.get("id") else issue.get("message") or "",
        )
        for issue in issues
    ]


def ours(data: bytes, name: str, profiles: frozenset[Profile]) -> list[Ours]:
    """Return what we say of a resource's bytes; ``name`` is ``R4/base.json``."""
    version = name.partition("/")[0]
    try:
        document = read_document(data, name)
    except DocumentError as error:
        return [Ours("error", error.finding.code, "", frozenset())]
    found = [Ours(each.severity.value, each.code, "", frozenset()) for each in document.findings]
    given: list[tuple[Subject, Digest]] = []
    for resource in document.resources:
        subject = Subject(resource.data, version=version, today=TODAY, form=resource.form)
        given.append((subject, digest_of(subject, name)))
        for rule, hit in faults(subject, profiles):
            path = _path(fhir_path(subject.type, hit.pointer))
            severity = rule.severity_of(hit, version).value
            found.append(Ours(severity, rule.code, path, claims_of(rule, version)))
    return found + _together(given, version)


def _together(given: list[tuple[Subject, Digest]], version: str) -> list[Ours]:
    """Return what we say of resources beside those that the validator has in its packages."""
    subjects = {id(digest): subject for subject, digest in [*known(version), *given]}
    digests = [digest for _, digest in [*known(version), *given]]
    found = []
    for fault in relation_faults(digests):
        path = _path(fhir_path(fault.hit.digest.type, fault.hit.pointer))
        claims = frozenset(each.lower() for each in fault.rule.validator)
        severity = fault.rule.severity_at(fault.hit.level).value
        found.append(Ours(severity, fault.rule.code, path, claims))
    for supplement, base in supplement_pairs(digests):
        for each in supplement_faults(subjects[id(supplement)], subjects[id(base)]):
            path = _path(fhir_path("CodeSystem", each.hit.pointer))
            claims = frozenset(each_id.lower() for each_id in each.rule.validator)
            found.append(Ours(each.rule.severity_at(each.hit.level).value, each.rule.code, path, claims))
    return found


@cache
def known(version: str) -> list[tuple[Subject, Digest]]:
    """Return what the validator knows beside a resource: of its packages, as far as the corpus names it, and ours."""
    packaged = json.loads((Path(__file__).parent / "corpus" / "known.json").read_text(encoding="utf-8"))
    subjects = [Subject(each, version=version, today=TODAY) for each in (*packaged, *beside())]
    return [(subject, digest_of(subject, "known")) for subject in subjects]


def claims_of(rule: CheckRule, version: str) -> frozenset[str]:
    """Return the ids by which the validator says what a rule says, in lower case."""
    claims = {each.lower() for each in rule.validator}
    invariant = rule.invariants.get(version)
    if invariant is not None:
        root = invariant.context.split(".")[0].lower()
        claims |= {f"{root}#{invariant.key}", f"{rule.element.split('.')[0].lower()}#{invariant.key}"}
        claims |= {f"{kind}#{invariant.key}" for kind in ("codesystem", "namingsystem")}
    return frozenset(claims)


def says_the_same(theirs: Said, mine: Ours) -> bool:
    """Tell whether one of ours is about the fault that the validator means, severity aside."""
    if not theirs.id:
        codes = next((codes for pattern, codes in _BY_TEXT if re.search(pattern, theirs.text)), ())
        return mine.code in codes or mine.code.startswith("DOC")
    if mine.code.startswith("DOC"):
        return True
    claimed = theirs.id in mine.claims or mine.code in _BY_ID.get(theirs.id, ())
    if theirs.id in _MISPLACED:
        return claimed
    return claimed and _near(theirs.path, mine.path)


def _near(one: str, other: str) -> bool:
    """Tell whether two places are the same, or one is around the other."""
    return one.startswith(other) or other.startswith(one)


def _bare(issue_id: str) -> str:
    """Return the id of an invariant without the URL of its profile."""
    return issue_id.removeprefix("http://hl7.org/fhir/structuredefinition/")


def _path(path: str) -> str:
    """Return a path without what the validator adds: types of choices, names of contained resources."""
    if path.startswith("/f:"):
        return path.removeprefix("/f:").replace("/f:", ".").replace("/@", ".")
    path = re.sub(r"/\*[^*]*\*/", "", path)
    return re.sub(r"\.ofType\(\w+\)|\[x\]", "", path)
