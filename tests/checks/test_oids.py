from __future__ import annotations

import pytest

from termsmith.checks.oids import problem_of_form


@pytest.mark.parametrize("text", ["2.16.840.1.113883.6.96", "0.0", "1.2", "2.999"])
def test_an_oid_has_no_problem(text: str) -> None:
    assert problem_of_form(text) is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("3.1.2", "its first arc is 3, which can only be 0, 1 or 2"),
        ("2", "it is one number, and an OID has at least two arcs"),
        ("1.02.3", "an arc has a leading zero"),
        ("01.2", "an arc has a leading zero"),
        ("1.2.", "it ends with a dot and seems cut off"),
        ("1..2", "it is no dotted decimal"),
        ("tea", "it is no dotted decimal"),
        ("", "it is no dotted decimal"),
    ],
)
def test_what_is_no_oid_is_told_why(text: str, told: str) -> None:
    assert problem_of_form(text) == told
