"""Settings of the environment, and what importing them costs."""

from __future__ import annotations

import subprocess
import sys

import pytest

from termsmith.errors import SettingsError
from termsmith.settings import source_date_of


@pytest.mark.parametrize(
    ("environment", "date"),
    [({}, None), ({"SOURCE_DATE_EPOCH": ""}, None), ({"SOURCE_DATE_EPOCH": "0"}, "1970-01-01")],
)
def test_the_source_date_is_a_day_in_utc(environment: dict[str, str], date: str | None) -> None:
    assert source_date_of(environment) == date


@pytest.mark.parametrize("seconds", ["today", "1e99", "9" * 30])
def test_a_source_date_that_is_no_number_is_named(seconds: str) -> None:
    with pytest.raises(SettingsError, match=f"SET003: SOURCE_DATE_EPOCH is '{seconds}'"):
        source_date_of({"SOURCE_DATE_EPOCH": seconds})


def test_settings_need_no_third_party_package() -> None:
    script = "import sys, termsmith.settings; print(sorted({'pydantic', 'click'} & set(sys.modules)))"
    printed = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert printed.stdout == "[]\n"
