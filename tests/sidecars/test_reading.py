from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from termsmith.errors import PageError
from termsmith.sidecars.reading import read_sidecar


def test_values_keep_their_line_and_reason() -> None:
    sidecar = read_sidecar(
        b'# about tea\r\nshort_name = "TG"\r\ndate = 2020-09-03\r\n\r\n[oid]\r\nvalue = "urn:oid:2.999.5"\r\n'
        b'reason = "registered"\r\n',
        "tea.toml",
    )
    assert {key: (v.value, v.reason, v.place.line, v.raw) for key, v in sidecar.values.items()} == {
        "short_name": ("TG", None, 2, 'short_name = "TG"'),
        "date": ("2020-09-03", None, 3, "date = 2020-09-03"),
        "oid": ("2.999.5", "registered", 6, 'value = "urn:oid:2.999.5"'),
    }


def test_systems_split_a_page() -> None:
    sidecar = read_sidecar(
        b'[[system]]\ntitle = "A"\noid = "2.999.1"\n\n[[system]]\n[system.title]\nvalue = "B"\n', "tea.toml"
    )
    assert [{k: (v.value, v.place.line) for k, v in s.items()} for s in sidecar.systems] == [
        {"title": ("A", 2), "oid": ("2.999.1", 3)},
        {"title": ("B", 7)},
    ]


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ('titel = "x"', 1, "titel: unknown key; known are address, "),
        ('\noid = "2.99x"', 2, "oid: '2.99x': an OID is dotted decimal"),
        ('canonical_url = "loinc.example"', 1, "has no scheme"),
        ('status = "banana"', 1, "status: Input should be 'draft', 'active', 'retired' or 'unknown'"),
        ('date = "soon"', 1, "date: no known form"),
        ('case_sensitive = "yes"', 1, "case_sensitive: Input should be a valid boolean"),
        ('id = "a b"', 1, "id: String should match"),
        ("a =", 1, "no valid TOML"),
        ("\n\n[[system]]\nfoo = 1", 4, "system.0.foo: unknown key"),
        ('title = ""', 1, "title: String should have at least 1 character"),
    ],
)
def test_a_mistake_is_named_by_its_line(text: str, line: int, problem: str) -> None:
    with pytest.raises(PageError) as caught:
        read_sidecar(text.encode(), "tea.toml")
    finding = caught.value.finding
    assert finding.code == "SID010"
    assert finding.place is not None
    assert (finding.place.source, finding.place.line) == ("tea.toml", line)
    assert problem in finding.message


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_bytes_raise_anything_but_our_own_error(data: bytes) -> None:
    try:
        read_sidecar(data, "x.toml")
    except PageError as error:
        assert error.finding.code == "SID010"  # noqa: PT017  either outcome is right
