from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.pages import page_of
from termsmith.dialects.loading import load_dialects
from termsmith.dialects.recognise import named
from termsmith.model.record import IdentifierType
from termsmith.records.endorsement import endorse
from termsmith.records.identifiers import IdentifierReader, IdentifierReading
from termsmith.records.syntax import InvalidIdentifierError, parse_oid, parse_uri


def mixed(text: str) -> IdentifierReading:
    page = page_of(text)
    reader = IdentifierReader(page, named("D1", load_dialects()))
    reader.mixed(page.blocks)
    return reader.reading


@pytest.mark.parametrize(
    ("printed", "kind", "value"),
    [
        ("2.999.1.5", "oid", "2.999.1.5"),
        ("OID - 2.999.1.5", "oid", "2.999.1.5"),
        ("OID: 2.999.1.5", "oid", "2.999.1.5"),
        ("OID:2.999.1.5", "oid", "2.999.1.5"),
        ("OID: urn:oid:2.999.1.5", "oid", "2.999.1.5"),
        ("URL -  http://codes.example", "uri", "http://codes.example"),
        ("Canonical URI -http://codes.example/a", "uri", "http://codes.example/a"),
        ("Canonical URL: https://codes.example/a (Updated 20210524)", "uri", "https://codes.example/a"),
        ("http://codes.example/a.", "uri", "http://codes.example/a"),
        ("http://codes.example/a),", "uri", "http://codes.example/a"),
        ("http://codes.example/a¹", "uri", "http://codes.example/a"),
        ("2.999.1.5^(1,2)", "oid", "2.999.1.5"),
        ("http://codes.example/a_(b)", "uri", "http://codes.example/a_(b)"),
        ("urn:iso:std:iso:3166:-2", "uri", "urn:iso:std:iso:3166:-2"),
        ("urn:oid:2.999.7", "uri", "urn:oid:2.999.7"),
        ("URN: urn:example:codes", "uri", "urn:example:codes"),
        ("ISO OID Secondary Identifier (Symbolic) - ada-snodent", "other", "ada-snodent"),
    ],
)
def test_an_identifier_is_read_whatever_stands_before_it(printed: str, kind: str, value: str) -> None:
    reading = mixed(printed)
    assert [(each.type.value, each.value.value) for each in reading.identifiers] == [(kind, value)]
    assert not reading.stray


@pytest.mark.parametrize(
    ("printed", "codes"),
    [
        ("OID:", []),
        ("Canonical URL: HTA-76 - Getting issue details... STATUS", ["REC006"]),
        ("None", []),
        ("Not Assigned", []),
        ("#N/A", ["REC007"]),
        ("TBD - External Body", ["REC006"]),
    ],
)
def test_a_stated_blank_is_no_identifier(printed: str, codes: list[str]) -> None:
    reading = mixed(printed)
    assert reading.identifiers == []
    assert [finding.code for finding in reading.findings] == codes
    assert not reading.stray


@pytest.mark.parametrize(
    ("printed", "codes"),
    [
        ("URN: www.genenames.example", ["REC011"]),
        ("2.16.840.1.113883.", ["REC010"]),
        ("OID: 1.99.3.4", ["REC010"]),
        ("OID: 2.999.01.4", ["REC010"]),
        ("Note: the old release used the OID 2.999.8.1.4 until 2019.", ["REC013"]),
        ("See also http://codes.example/old for details.", ["REC013"]),
        ("http://codes.example/geno.owlto refer to the ontology", ["REC013"]),
        ("2.999.3.79 (this is the root OID)", []),
        ("Please ask the owner", []),
    ],
)
def test_what_is_not_the_system_s_identifier_is_left_over(printed: str, codes: list[str]) -> None:
    reading = mixed(printed)
    assert reading.identifiers == []
    assert [finding.code for finding in reading.findings] == codes
    assert [page_text for page_text, _ in reading.stray] != []


def test_captions_name_the_system_below_them_and_glued_ones_before_their_oid() -> None:
    reading = mixed("Foundation Canonical\nURL: http://id.example/entity\nPackaging (all)2.999.4.7")
    assert [(e.caption and e.caption.value, e.value.value) for e in reading.identifiers] == [
        ("Foundation Canonical", "http://id.example/entity"),
        ("Packaging (all)", "2.999.4.7"),
    ]


def test_the_canonical_one_is_endorsed_and_others_are_not() -> None:
    reading = mixed("URL: http://b.example\nCanonical URL: http://a.example\nOID: 2.999.1")
    identifiers, findings = endorse(reading.identifiers)
    assert [(i.type.value, i.value.value, i.endorsed) for i in identifiers] == [
        ("uri", "http://a.example", True),
        ("uri", "http://b.example", False),
        ("oid", "2.999.1", True),
    ]
    assert findings == []


def test_several_without_endorsement_are_reported() -> None:
    identifiers, findings = endorse(mixed("2.999.1.2\n2.999.1.3").identifiers)
    assert [i.endorsed for i in identifiers] == [True, False]
    assert [finding.code for finding in findings] == ["REC014"]


@given(st.lists(st.integers(min_value=0, max_value=10**9), min_size=1, max_size=12))
def test_an_oid_and_its_urn_are_one_oid(arcs: list[int]) -> None:
    oid = ".".join(["2", "999", *map(str, arcs)])
    assert parse_oid(oid) == parse_oid(f"urn:oid:{oid}") == parse_oid(f" OID:{oid} ") == oid


@given(st.text(max_size=60))
def test_any_text_is_an_identifier_or_is_refused(text: str) -> None:
    for parse in (parse_oid, parse_uri):
        try:
            value = parse(text)
        except InvalidIdentifierError:
            continue
        assert value
        assert " " not in value


@given(st.text(max_size=80))
def test_reading_any_line_raises_nothing(text: str) -> None:
    line = " ".join(text.split())
    if line:
        kinds = {each.type for each in mixed(line).identifiers}
        assert kinds <= set(IdentifierType)


def test_the_mark_of_a_note_is_trimmed_and_told() -> None:
    reading = mixed("2.999.1.5¹")
    assert [(each.code, each.message) for each in reading.findings] == [
        ("REC012", "'2.999.1.5¹' was read as '2.999.1.5'")
    ]
    assert [each.value.spans[0].raw for each in reading.identifiers] == ["2.999.1.5¹"]
