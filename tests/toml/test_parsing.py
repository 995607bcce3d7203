from __future__ import annotations

import pytest

from termsmith.toml.parsing import NoTomlError, parse_toml


def test_a_file_of_any_editor_is_read() -> None:
    assert parse_toml(b"\xef\xbb\xbfa = 1\r\nb = 2\r\n") == ({"a": 1, "b": 2}, "a = 1\nb = 2\n")


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"a = 1\nb = \n", "x.toml:2:5: no valid TOML: Invalid value"),
        (b"\n[defaults", "x.toml:2: no valid TOML: "),
        (b'a = 1\nb = "\xff"', "x.toml:2: no UTF-8 text"),
        (b"a = " + b"9" * 5_000, "x.toml: no valid TOML: Exceeds the limit"),
        (b"a = " + b"[" * 100_000, "x.toml: no valid TOML: nested too deeply"),
    ],
)
def test_what_is_no_toml_is_named_by_its_place(data: bytes, told: str) -> None:
    with pytest.raises(NoTomlError) as caught:
        parse_toml(data)
    assert caught.value.told("x.toml").startswith(told)
    assert caught.value.hint
