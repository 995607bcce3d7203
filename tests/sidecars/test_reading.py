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


_KNOWN = (
    "address, canonical_url, case_sensitive, concepts, copyright, date, description, email, id, identifier_type, "
    "kind, name, oid, other_oids, other_urls, owner, phone, publisher, short_name, status, steward, system, "
    "title, usage, version, website"
)
_KNOWN_OF_CONCEPTS = (
    "all_codes_value_set, columns, content, count, file, heading, hierarchy, hierarchy_meaning, sheet, "
    "supplements, tables, value_set"
)
_COLUMNS = (
    "code, display, definition, parent, child, level, numbering, ignored, designation:<language tag>, "
    "designation:<language tag>:<system>|<code>, property:<code>, property:<code>:<type>"
)
_BOOLEAN = "is neither true nor false; allowed: true, false"


def mistakes(text: str) -> list[str]:
    """Return what is wrong with a sidecar, as ``line: problem``."""
    with pytest.raises(PageError) as caught:
        read_sidecar(text.encode(), "tea.toml")
    assert {(each.code, each.place and each.place.source) for each in caught.value.findings} == {
        ("SID010", "tea.toml")
    }
    return [f"{each.place.line}: {each.message}" for each in caught.value.findings if each.place]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('titel = "x"', f"1: titel: unknown key; allowed: {_KNOWN}"),
        ('\noid = "2.99x"', "2: oid: '2.99x': an OID is dotted decimal"),
        ('canonical_url = "loinc.example"', "1: canonical_url: 'loinc.example': "),
        ('status = "banana"', "1: status: 'banana' is not known; allowed: draft, active, retired, unknown"),
        ('date = "soon"', "1: date: no known form"),
        ('case_sensitive = "yes"', f"1: case_sensitive: 'yes' {_BOOLEAN}"),
        ('[case_sensitive]\nreason = "so"\nvalue = 1', f"3: case_sensitive.value: 1 {_BOOLEAN}"),
        ('[case_sensitive]\nreason = "so"', "1: case_sensitive.value: it is missing"),
        ('id = "a b"', "1: id: 'a b' is no id; allowed: letters, digits, - and ., at most 64"),
        (
            'name = "tea"',
            "1: name: 'tea' is no name for programs; allowed: a capital letter, then letters, digits or _, ",
        ),
        ("title = 3", "1: title: 3 is no text; allowed: text in quotes"),
        ('title = ""', "1: title: it is empty; allowed: a text"),
        ("version = 2020-01-02", "1: version: 2020-01-02 is no text; allowed: text in quotes"),
        (
            '[canonical_url]\nvalue = "http://x.example/a"\n\n# c\ngrund = "x"',
            "5: canonical_url.grund: unknown key; allowed: reason, value",
        ),
        (
            'other_urls = "http://x.example"',
            "1: other_urls: 'http://x.example' is no list; allowed: a list such as [\"http://x.example\"]",
        ),
        (
            'other_oids = [\n  "2.999.1",\n  "2.99x",\n]',
            "3: other_oids: '2.99x': an OID is dotted decimal",
        ),
        (
            'concepts = "x.csv"',
            f"1: concepts: 'x.csv' is no table; allowed: a table with keys of {_KNOWN_OF_CONCEPTS}",
        ),
        (
            'date = 2020-01-02\n\n[concepts]\ncontent = "complete"\nkontent = "x"',
            f"5: concepts.kontent: unknown key; allowed: {_KNOWN_OF_CONCEPTS}",
        ),
        (
            'oid = "2.999.1"\n[concepts.columns]\n"Nr" = "codee"',
            f"3: concepts.columns.Nr: 'codee' is not known; allowed: {_COLUMNS}",
        ),
        (
            '[concepts.columns]\n"" = "property"',
            "1: concepts.columns: a column without a header can't be 'property'; allowed: property:<code>",
        ),
        ("[concepts]\ncount = -1", "2: concepts.count: -1 is too small; allowed: 0 or more"),
        ("[concepts]\ntables = [1, 0]", "2: concepts.tables: 0 is too small; allowed: 1 or more"),
        (
            "[concepts]\ncount = 1.5",
            "2: concepts.count: 1.5 is no whole number; allowed: a whole number such as 3",
        ),
        (
            "[concepts]\ncolumns = 1",
            '2: concepts.columns: 1 is no table; allowed: a table such as { "name" = "value" }',
        ),
        ("a =", "1: no valid TOML: Invalid value"),
        ("\na = ", "2: no valid TOML: Invalid value"),
        ("\n\n[[system]]\nfoo = 1", f"4: system.foo: unknown key; allowed: {_KNOWN.replace('system, ', '')}"),
        (
            '[[system]]\ntitle = "A"\n[[system]]\ntitle = "B"\n[system.concepts]\nkontent = 1',
            f"6: system.concepts.kontent: unknown key; allowed: {_KNOWN_OF_CONCEPTS}",
        ),
    ],
)
def test_a_mistake_is_named_by_its_line(text: str, told: str) -> None:
    (found,) = mistakes(text)
    assert found.startswith(told)


def test_all_mistakes_are_named_in_the_order_of_lines() -> None:
    found = mistakes(
        'titel = "x"\nstatus = "y"\n[concepts]\ncount = "z"\n[concepts.columns]\n"A" = "b"\n"C" = "d"'
    )
    assert [each.partition("; ")[0] for each in found] == [
        "1: titel: unknown key",
        "2: status: 'y' is not known",
        "4: concepts.count: 'z' is no whole number",
        "6: concepts.columns.A: 'b' is not known",
        "7: concepts.columns.C: 'd' is not known",
    ]


def test_each_key_that_can_t_hold_for_several_systems_is_named() -> None:
    found = mistakes(
        '[concepts]\nsheet = "S"\nfile = "a.csv"\n[[system]]\ntitle = "A"\n[[system]]\ntitle = "B"'
    )
    assert [each.partition(", ")[0] for each in found] == [
        "2: concepts.sheet: there are several [[system]]; say below [system.concepts] whose it is",
        "3: concepts.file: there are several [[system]]; say below [system.concepts] whose it is",
    ]


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_bytes_raise_anything_but_our_own_error(data: bytes) -> None:
    try:
        read_sidecar(data, "x.toml")
    except PageError as error:
        assert error.finding.code == "SID010"  # noqa: PT017  either outcome is right
