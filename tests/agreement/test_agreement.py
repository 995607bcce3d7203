"""Our rules beside HL7's validator, whose answers are stored; `make agreement` asks it anew."""

from __future__ import annotations

import sys
from collections import Counter
from functools import cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from compare import Comparison, compare, stored, summary
from corpus.generate import corpus
from verdicts import ours, said


@cache
def compared() -> Comparison:
    return compare()


def broken(name: str) -> bool:
    """Tell whether the validator finds more than recommendations in a resource."""
    modes = stored_answers()[name]
    return any(
        each.severity in {"fatal", "error", "warning"} for mode in modes.values() for each in said(mode)
    )


@cache
def stored_answers() -> dict[str, dict[str, list[dict[str, str]]]]:
    answers: dict[str, dict[str, list[dict[str, str]]]] = stored()["answers"]
    return answers


def test_the_corpus_is_large_enough() -> None:
    valid = [case for case in corpus() if not broken(case.name)]
    assert len(valid) >= 60
    assert len(corpus()) - len(valid) >= 600


def test_no_disagreement_about_errors_is_unexplained() -> None:
    assert [line for line in compared().unexplained if " error " in line] == []


def test_at_least_98_percent_agree_about_warnings() -> None:
    assert compared().share("warning", "agreed", "covered") >= 0.98


def test_every_row_of_the_reviewed_list_explains_something() -> None:
    assert compared().unused == []


def test_the_documentation_tells_the_outcome() -> None:
    text = (Path(__file__).parents[2] / "docs" / "checking.md").read_text(encoding="utf-8")
    assert summary(compared()) in text


def test_what_the_validator_accepts_has_no_error_of_the_rules_that_it_has_too() -> None:
    wrong = [
        (case.name, each.code)
        for case in corpus()
        if not broken(case.name)
        for each in ours(case.data, case.name, "default")
        if each.severity == "error" and each.claims
    ]
    explained = {"STR009", "INV001", "INV003", "INV004", "DTY051", "COD005"}
    assert [each for each in wrong if each[1] not in explained] == []


REQUIRED = [
    "codesystem_tho_check",
    "codesystem_cs_hl7_present_element_suppl_wrong",
    "codesystem_cs_hl7_present_element_suppl",
    "codesystem_cs_hl7_present_element_suppl_missing",
    "codesystem_cs_hl7_missing_element_shall",
    "codesystem_cs_nonhl7_missing_element",
    "codesystem_cs_hl7_missing_element_should",
    "codesystem_cs_complete_and_empty",
    "codesystem_cs_count_complete_wrong",
    "codesystem_cs_no_vs_notcomplete",
    "codesystem_cs_supp_no_supp",
    "codesystem_cs_supp_cant_check",
    "codesystem_shareable_missing_hl7",
    "codesystem_shareable_missing",
    "codesystem_shareable_extra_missing",
    "codesystem_property_absolute_uri",
    "codesystem_property_duplicate_uri",
    "codesystem_property_duplicate_code",
    "codesystem_property_uri_unknown_base",
    "codesystem_property_uri_unknown_type",
    "codesystem_property_uri_unknown",
    "codesystem_property_bad_hl7_uri",
    "codesystem_property_uri_code_mismatch",
    "codesystem_property_uri_type_mismatch",
    "codesystem_property_known_code_suggestive",
    "codesystem_property_code_type_mismatch",
    "codesystem_property_unknown_code",
    "codesystem_property_code_default_warning",
    "codesystem_duplicate_code",
    "codesystem_concept_no_display",
    "codesystem_concept_no_definition",
    "codesystem_property_undefined",
    "codesystem_property_no_value",
    "codesystem_property_wrong_type",
    "codesystem_property_bad_internal_reference",
    "codesystem_property_synonym_check",
    "codesystem_designation_disp_clash_no_lang",
    "validation_val_status_inconsistent",
    "validation_val_status_inconsistent_hint",
    "validation_val_version_nohash",
    "type_specific_checks_canonical_absolute",
    "type_specific_checks_dt_uri_oid",
    "type_specific_checks_dt_uri_ws",
    "type_specific_checks_dt_oid_valid",
    "type_specific_checks_dt_uuid_valid",
    "type_specific_checks_dt_identifier_ietf_system_value",
    "type_specific_checks_dt_identifier_system",
    "type_specific_checks_dt_primitive_notempty",
    "type_specific_checks_dt_string_ws",
    "type_specific_checks_dt_string_length",
    "security_string_content_warning",
    "type_specific_checks_dt_markdown_html",
    "unicode_xml_bad_chars",
    "unicode_bidi_controls_chars_match",
    "type_specific_checks_dt_code_ws",
    "type_specific_checks_dt_datetime_valid",
    "type_specific_checks_dt_datetime_reasonable",
    "terminology_tx_novalid_16",
    "validation_val_profile_outoforder",
    "xhtml_xhtml_ns_invalid",
    "xhtml_xhtml_element_illegal",
    "xhtml_xhtml_attribute_illegal",
    "xhtml_xhtml_illegal_children",
    "namingsystem#nsd-0",
    "namingsystem#nsd-1",
    "namingsystem#nsd-2",
    "namingsystem#nsd-3",
    "namingsystem#cnl-0",
    "codesystem#csd-0",
    "codesystem#csd-1",
    "codesystem#csd-2",
    "codesystem#csd-3",
    "codesystem#csd-4",
    "codesystem#csd-5",
    "codesystem#cnl-0",
    "codesystem#cnl-1",
    "element#ele-1",
    "extension#ext-1",
    "period#per-1",
    "contactpoint#cpt-2",
    "identifier#ident-1",
    "coding#cod-1",
    "narrative#txt-1",
    "narrative#txt-2",
    "domainresource#dom-6",
]


def test_every_rule_of_the_validator_is_broken_at_least_three_times() -> None:
    times: Counter[str] = Counter()
    for modes in stored_answers().values():
        times.update({each.id for mode in modes.values() for each in said(mode)})
    assert {name: times[name] for name in REQUIRED if times[name] < 3} == {}
