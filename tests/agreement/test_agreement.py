"""Our rules beside HL7's validator, whose answers are stored; `make agreement` asks it anew."""

from __future__ import annotations

import sys
from collections import Counter
from functools import cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from compare import UNANSWERED, Comparison, compare, stored, summary
from corpus.generate import corpus
from verdicts import PROFILES, ours, said


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
        for each in ours(case.data, case.name, PROFILES["default"])
        if each.severity == "error" and each.claims
    ]
    explained = {"STR009", "INV001", "INV003", "INV004", "INV011", "DTY051", "COD005"}
    assert [each for each in wrong if each[1] not in explained] == []


REQUIRED = frozenset({
    "codesystem#cnl-0",
    "codesystem#cnl-1",
    "codesystem#csd-0",
    "codesystem#csd-1",
    "codesystem#csd-2",
    "codesystem#csd-3",
    "codesystem#csd-4",
    "codesystem#csd-5",
    "codesystem_concept_no_definition",
    "codesystem_concept_no_display",
    "codesystem_cs_complete_and_empty",
    "codesystem_cs_count_complete_wrong",
    "codesystem_cs_count_no_content_allowed",
    "codesystem_cs_count_notpresent_zero",
    "codesystem_cs_count_supplement_wrong",
    "codesystem_cs_hl7_missing_element_shall",
    "codesystem_cs_hl7_missing_element_should",
    "codesystem_cs_hl7_present_element_suppl",
    "codesystem_cs_hl7_present_element_suppl_missing",
    "codesystem_cs_hl7_present_element_suppl_wrong",
    "codesystem_cs_no_vs_notcomplete",
    "codesystem_cs_no_vs_supplement1",
    "codesystem_cs_no_vs_supplement2",
    "codesystem_cs_nonhl7_missing_element",
    "codesystem_cs_supp_cant_check",
    "codesystem_cs_supp_hierarchy_meaning",
    "codesystem_cs_supp_invalid_code",
    "codesystem_cs_supp_no_supp",
    "codesystem_cs_vs_exp_mismatch",
    "codesystem_cs_vs_includedetails",
    "codesystem_cs_vs_invalid",
    "codesystem_cs_vs_wrongsystem",
    "codesystem_designation_disp_clash_lang",
    "codesystem_designation_disp_clash_no_lang",
    "codesystem_duplicate_code",
    "codesystem_not_contained",
    "codesystem_property_absolute_uri",
    "codesystem_property_bad_hl7_uri",
    "codesystem_property_bad_internal_reference",
    "codesystem_property_bad_property_code",
    "codesystem_property_code_default_warning",
    "codesystem_property_code_type_mismatch",
    "codesystem_property_duplicate_code",
    "codesystem_property_duplicate_uri",
    "codesystem_property_known_code_suggestive",
    "codesystem_property_no_value",
    "codesystem_property_synonym_check",
    "codesystem_property_undefined",
    "codesystem_property_unknown_code",
    "codesystem_property_uri_code_mismatch",
    "codesystem_property_uri_invalid",
    "codesystem_property_uri_type_mismatch",
    "codesystem_property_uri_unknown",
    "codesystem_property_uri_unknown_base",
    "codesystem_property_uri_unknown_type",
    "codesystem_property_valueset_not_found",
    "codesystem_property_wrong_type",
    "codesystem_shareable_extra_missing",
    "codesystem_shareable_extra_missing_hl7",
    "codesystem_shareable_missing",
    "codesystem_shareable_missing_hl7",
    "codesystem_tho_check",
    "coding#cod-1",
    "contactpoint#cpt-2",
    "contained_orphan_dom3",
    "domainresource#dom-2",
    "domainresource#dom-4",
    "domainresource#dom-5",
    "domainresource#dom-6",
    "element#ele-1",
    "extension#ext-1",
    "extension_ext_unknown_nothere",
    "identifier#ident-1",
    "language_xhtml_lang_different1",
    "language_xhtml_lang_missing1",
    "meta_res_security_duplicate",
    "namingsystem#cnl-0",
    "namingsystem#cnl-1",
    "namingsystem#nsd-0",
    "namingsystem#nsd-1",
    "namingsystem#nsd-2",
    "namingsystem#nsd-3",
    "narrative#txt-1",
    "narrative#txt-2",
    "period#per-1",
    "security_string_content_warning",
    "terminology_tx_code_valueset_missing",
    "terminology_tx_novalid_16",
    "type_specific_checks_canonical_absolute",
    "type_specific_checks_dt_canonical_resolve",
    "type_specific_checks_dt_code_ws",
    "type_specific_checks_dt_datetime_reasonable",
    "type_specific_checks_dt_datetime_tz",
    "type_specific_checks_dt_datetime_valid",
    "type_specific_checks_dt_identifier_ietf_system_value",
    "type_specific_checks_dt_identifier_system",
    "type_specific_checks_dt_markdown_html",
    "type_specific_checks_dt_oid_valid",
    "type_specific_checks_dt_primitive_notempty",
    "type_specific_checks_dt_primitive_ws",
    "type_specific_checks_dt_sid_incorrect",
    "type_specific_checks_dt_string_length",
    "type_specific_checks_dt_string_ws",
    "type_specific_checks_dt_uri_oid",
    "type_specific_checks_dt_uri_uuid",
    "type_specific_checks_dt_uri_ws",
    "type_specific_checks_dt_url_example",
    "type_specific_checks_dt_url_resolve",
    "type_specific_checks_dt_uuid_valid",
    "type_specific_checks_dt_xhtml_active_href",
    "type_specific_checks_dt_xhtml_empty_href",
    "type_specific_checks_dt_xhtml_literal_href",
    "type_specific_checks_dt_xhtml_resolve",
    "type_specific_checks_dt_xhtml_unknown_href",
    "unicode_bidi_controls_chars_match",
    "unicode_xml_bad_chars",
    "validation_hl7_publisher_mismatch",
    "validation_hl7_publisher_mismatch2",
    "validation_hl7_publisher_missing",
    "validation_hl7_publisher_multiple_wgs",
    "validation_hl7_wg_needed",
    "validation_hl7_wg_unknown",
    "validation_hl7_wg_url",
    "validation_val_profile_maximum",
    "validation_val_profile_minimum",
    "validation_val_profile_outoforder",
    "validation_val_status_inconsistent",
    "validation_val_status_inconsistent_hint",
    "validation_val_version_nohash",
    "xhtml_url_invalid",
    "xhtml_xhtml_attribute_illegal",
    "xhtml_xhtml_block_in_para",
    "xhtml_xhtml_duplicate_ids",
    "xhtml_xhtml_element_illegal",
    "xhtml_xhtml_element_illegal_in_para",
    "xhtml_xhtml_illegal_children",
    "xhtml_xhtml_name_invalid",
    "xhtml_xhtml_no_children",
    "xhtml_xhtml_no_recursion",
    "xhtml_xhtml_ns_invalid",
    "xhtml_xhtml_out_of_place",
})  # fmt: skip
"""Ids of all the validator's rules about code systems, canonical resources, datatypes, text and narrative, and of the
invariants, as far as it can be brought to say them."""

WITHOUT_ID = (
    "The code system is a fragment/example, but the number of concepts",
    "resource is not deprecated, but the description mentions deprecated",
    "Array cannot be empty",
    "Object must have some content",
    "Unrecognized property",
    "must be a JSON Array",
    "must be a simple value",
    "is a duplicate and will be ignored",
    "Comments are not allowed in JSON",
    "the primitive value must be",
)
"""What it says without an id, by a part of the text."""

NEVER_SAID = {
    "codesystem_supp_no_display": "it has the check, and does not come to it",
    "codesystem_cs_supp_too_many_codes": "a limit of its own; we compare all codes of a supplement",
    "validation_no_experimental_content": "only with an option, which forbids experimental content",
    "codesystem_property_code_warning": "from R6 on",
}
"""Rules of the validator that no resource of the corpus breaks, and why."""


def test_every_rule_of_the_validator_is_broken_by_at_least_three_resources() -> None:
    times: Counter[str] = Counter()
    for modes in stored_answers().values():
        issues = [each for mode in modes.values() for each in said(mode)]
        times.update({each.id for each in issues if each.id})
        texts = [each.text or each.id for each in issues]
        times.update({part for part in WITHOUT_ID if any(part in text for text in texts)})
    assert {name: times[name] for name in (*REQUIRED, *WITHOUT_ID) if times[name] < 3} == {}
    assert {name for name in NEVER_SAID if times[name]} == set()


def test_each_mutation_breaks_what_it_is_named_by() -> None:
    wrong = []
    for case in corpus():
        issues = [each for mode in stored_answers()[case.name].values() for each in mode]
        told = [each for each in issues if case.breaks and names(case.breaks, each)]
        severe = [
            each
            for each in issues
            if each["severity"] in {"fatal", "error", "warning"}
            and each.get("id", "").lower() not in UNANSWERED
        ]
        if not told if case.breaks else severe:
            wrong.append((case.name, case.breaks))
    assert wrong == []


def names(breaks: str, issue: dict[str, str]) -> bool:
    """Tell whether an issue is what a mutation is named by: id, invariant, or the beginning of a text."""
    text, key = issue.get("message", ""), issue.get("id", "")
    return key.endswith(breaks) or text.startswith(breaks) or key.startswith(breaks)
