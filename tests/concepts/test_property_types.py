from __future__ import annotations

import pytest

from termsmith.concepts.property_types import TypeInference, converter

CODES = {"A": 0, "B": 1}


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["true", "FALSE"], "boolean"),
        (["1", "-5", "0"], "integer"),
        (["1", "2147483648"], "decimal"),
        (["007", "1"], "string"),
        (["1.50", "2"], "decimal"),
        (["1,5"], "string"),
        (["1e5"], "string"),
        (["0.1234567890123456789"], "string"),
        (["2020-01-02", "2020"], "dateTime"),
        (["2020", "2021"], "integer"),
        (["2020-02-30"], "string"),
        (["2020-01-02T10:00:00"], "string"),
        (["2020-01-02T10:00:00Z", "2020-01-02T10:00:00.5+01:00"], "dateTime"),
        (["http://loinc.org|1-8", "urn:oid:1.2|x y"], "Coding"),
        (["http://loinc.org"], "string"),
        (["A", "B"], "code"),
        (["A", "C"], "string"),
        (["A", ""], "code"),
    ],
)
def test_a_type_fits_all_values(values: list[str], kind: str) -> None:
    inference = TypeInference()
    for value in values:
        inference.look([value])
    assert inference.type(CODES) == kind


@pytest.mark.parametrize(
    ("stated", "values", "kind"),
    [
        ("boolean", ["yes", "no", "1"], "boolean"),
        ("boolean", ["yes", "perhaps"], "string"),
        ("code", ["active", "retired"], "code"),
        ("code", ["two  blanks"], "string"),
        ("string", ["1"], "string"),
        ("dateTime", ["soon"], "string"),
        ("decimal", ["1", "1.50"], "decimal"),
        ("decimal", ["2e3", "1E-2", "-0.5e+10", "0e5"], "decimal"),
        ("decimal", ["1e999"], "string"),
        ("decimal", ["1e-999"], "string"),
        ("decimal", ["1e" + "9" * 100_000], "string"),
        ("decimal", ["e3"], "string"),
        ("integer", ["2e3"], "string"),
    ],
)
def test_a_stated_type_holds_where_all_values_fit(stated: str, values: list[str], kind: str) -> None:
    inference = TypeInference(stated)
    inference.look(values)
    assert inference.type({}) == kind


def test_a_stated_type_is_tested_beyond_the_values_that_are_kept() -> None:
    inference = TypeInference("integer")
    inference.look([str(number) for number in range(100_001)])
    assert inference.type({}) == "integer"
    inference.look(["no number"])
    assert inference.type({}) == "string"


def test_decimals_keep_their_digits() -> None:
    convert = converter("decimal")
    assert convert is not None
    assert [str(convert(text)) for text in ("1.50", "0.10", "3", "123456789012.000", "0.00001", "2e3", "1E-2")] == [
        "1.50", "0.10", "3", "123456789012.000", "0.00001", "2e3", "1E-2",
    ]  # fmt: skip


def test_a_number_of_a_million_digits_is_text() -> None:
    inference = TypeInference()
    inference.look(["1" * 1_000_000, "1." + "0" * 1_000_000])
    assert inference.type({}) == "string"
