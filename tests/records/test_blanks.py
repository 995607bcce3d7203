from __future__ import annotations

import pytest

from termsmith.dialects.loading import load_dialects
from termsmith.records.blanks import blank

(D1, *_) = load_dialects()


@pytest.mark.parametrize(
    "text",
    [
        "—",
        "-",
        "— —",
        "N/A",
        "n/a",
        "N/A (No Longer Maintained)",
        "None",
        "None at present",
        "None None",
        "Not Assigned",
        "Not assigned",
        "(Not Assigned)",
        "#N/A",
        "#REF!",
        "TBD",
        "TBD - External Body",
        "Todo: Describe how",
        "HTA-76 - Getting issue details... STATUS",
    ],
)
def test_these_are_no_values(text: str) -> None:
    found = blank(D1, text)
    assert found is not None
    assert found.reason


@pytest.mark.parametrize(
    "text",
    [
        "Free for use",
        "None of the codes is reused.",
        "Nonesuch Codes",
        "TBDX",
        "HTA-76",
        "N/A is a code",
        "— see below",
        "NA 1",
    ],
)
def test_these_are(text: str) -> None:
    assert blank(D1, text) is None
