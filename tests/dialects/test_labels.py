from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from termsmith.dialects.labels import Match, fold, fold_with_offsets, match_prefix
from termsmith.dialects.slips import match_slipped_prefix


@pytest.mark.parametrize(
    ("printed", "label", "rest"),
    [
        ("Short name of the code systemRadLex", "Short name of the code system", "RadLex"),
        ("SHORT  NAME of the code-system: X", "Short name of the code system", ": X"),
        (
            "Technical identifier/s of the code system (OIDs)2.999",
            "Technical identifiers of the code system",
            " (OIDs)2.999",
        ),
        ("Information current as at (date)202306", "Information current as at (date)", "202306"),
        ("Websitehttps://a.example", "Website", "https://a.example"),
    ],
)
def test_a_label_is_found_at_the_start_whatever_follows(printed: str, label: str, rest: str) -> None:
    match = match_prefix(printed, fold(label))
    assert match is not None
    assert printed[match.end :] == rest


@pytest.mark.parametrize(
    ("printed", "label"),
    [
        ("OCode System Names", "Code System Names"),
        ("Code Sytem Names", "Code System Names"),
        ("Code Sxstem Names", "Code System Names"),
        ("Other useful Informatio", "Other useful Information"),
    ],
)
def test_one_wrong_letter_is_a_slip(printed: str, label: str) -> None:
    assert match_prefix(printed, fold(label)) is None
    assert match_slipped_prefix(printed, fold(label)) == Match(end=len(printed), slip=True)


@pytest.mark.parametrize(
    ("printed", "label"),
    [("Cod Sytem Names", "Code System Names"), ("Lynk", "Link"), ("", "Code System Names")],
)
def test_two_wrong_letters_and_short_labels_are_no_slips(printed: str, label: str) -> None:
    assert match_slipped_prefix(printed, fold(label)) is None


@given(st.text(max_size=60))
def test_folding_with_offsets_folds_as_folding_does(text: str) -> None:
    folded, offsets = fold_with_offsets(text)
    assert folded == fold(text)
    assert len(folded) == len(offsets)
    assert offsets == sorted(offsets)


@given(st.text(max_size=40), st.text(min_size=1, max_size=40))
def test_a_label_before_any_text_is_found(label: str, rest: str) -> None:
    folded = fold(label)
    if folded:
        match = match_prefix(label + rest, folded)
        assert match is not None
        assert fold((label + rest)[: match.end]).startswith(folded)
