from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.pages import conversion_of, naming_system_of, page_of, rows_of, told
from termsmith.dialects.loading import load_dialects
from termsmith.dialects.recognise import named
from termsmith.model.record import IdentifierType
from termsmith.records.endorsement import endorse
from termsmith.records.identifiers import IdentifierReader, IdentifierReading
from termsmith.records.syntax import InvalidIdentifierError, parse_oid, parse_uri
from termsmith.settings import Settings


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


@pytest.mark.parametrize(
    ("printed", "values"),
    [
        ("2.999.1 / 2.999.2", ["2.999.1", "2.999.2"]),
        ("OID: 2.999.1, 2.999.2 and 2.999.3", ["2.999.1", "2.999.2", "2.999.3"]),
        ("http://tea.example/a; http://tea.example/b;", ["http://tea.example/a", "http://tea.example/b"]),
        ("http://tea.example/a, 2.999.1", ["http://tea.example/a", "2.999.1"]),
        ("http://tea.example/a,b", ["http://tea.example/a,b"]),
    ],
)
def test_a_line_of_nothing_but_identifiers_states_each_of_them(printed: str, values: list[str]) -> None:
    reading = mixed(printed)
    assert [each.value.value for each in reading.identifiers] == values
    assert not reading.stray
    assert not reading.findings


def test_a_list_with_other_words_in_it_is_prose() -> None:
    reading = mixed("http://tea.example/a, see http://tea.example/b")
    assert reading.identifiers == []
    assert [finding.message.split(" ")[0] for finding in reading.findings] == [
        "'http://tea.example/a'",
        "'http://tea.example/b'",
    ]


def test_an_identifier_behind_other_words_is_left_over_for_that_reason() -> None:
    reading = mixed("Cups: 2.999.2")
    assert reading.identifiers == []
    assert [why for _, why in reading.stray] == [
        "an identifier behind words that may make it another thing's"
    ]
    assert [finding.code for finding in reading.findings] == ["REC013"]


def test_an_oid_that_a_blank_cuts_is_left_over_as_a_whole() -> None:
    conversion = conversion_of(rows_of(oid="2. 999 .1"))
    assert [text for code, text in told(conversion) if code == "REC002"] == [
        "left over: '2. 999 .1' (text among identifiers that is none)"
    ]


def test_where_no_identifier_can_be_read_the_cells_are_named() -> None:
    conversion = conversion_of(rows_of(uri="tea.example/cs", oid="2.999"))
    (finding,) = [each for each in conversion.findings if each.code == "REC020"]
    assert finding.message == (
        "the page states no URI and no OID of the terminology that can be read; among its identifiers stands "
        "'tea.example/cs', '2.999'"
    )
    assert finding.place is not None
    assert finding.place.line == 5


@pytest.mark.parametrize(
    ("cell", "text", "url"),
    [
        ('<a href="http://tea.example/cs">here</a>', "here", "http://tea.example/cs"),
        (
            '<a href="http://other.example/cs">http://tea.example/cs</a>',
            "http://tea.example/cs",
            "http://other.example/cs",
        ),
    ],
)
def test_where_a_link_among_identifiers_leads_elsewhere_is_told(cell: str, text: str, url: str) -> None:
    assert (
        "REC017",
        f"{text!r} is a link to {url!r}; only what is printed is read as an identifier",
    ) in told(conversion_of(rows_of(uri=cell)))


def test_a_link_to_what_is_printed_is_no_news() -> None:
    cell = '<a href="https://tea.example/cs/">http://tea.example/cs</a>'
    oid = '<a href="https://registry.example/2.999.1">2.999.1</a>'
    assert told(conversion_of(rows_of(uri=cell, oid=oid))) == []


def test_a_link_in_text_without_a_full_address_is_told() -> None:
    notes = 'See <a href="/display/tea">this page</a> and <a href="#grades">below</a>.'
    assert told(conversion_of(rows_of(notes=notes))) == [
        (
            "REC036",
            "'this page' is a link to '/display/tea', which is no full address; the text is kept without it",
        )
    ]


def test_a_table_states_types_that_r5_added() -> None:
    conversion = naming_system_of(
        "Type|Value|Preferred",
        "URI|http://tea.example/ids|true",
        "IRI stem|http://tea.example/rdf/|true",
        "v2csmnemonic|TEA|",
        "iri-stem|no address|",
        settings=Settings(fhir_version="R5"),
    )
    assert conversion.to_dicts()[0]["uniqueId"][1:] == [
        {"type": "iri-stem", "value": "http://tea.example/rdf/", "preferred": True},
        {"type": "v2csmnemonic", "value": "TEA"},
    ]
    assert [message for code, message in told(conversion) if code == "REC011"] == [
        "'no address' is not an absolute URI: it has no scheme such as http: or urn:"
    ]


@pytest.mark.parametrize("row", ["iri-stem|http://tea.example/rdf/|true", "v2csmnemonic|TEA|true"])
def test_what_is_no_identifier_of_the_terminology_is_not_enough(row: str) -> None:
    conversion = naming_system_of("Type|Value|Preferred", row)
    assert conversion.resources == ()
    assert "REC020" in {each.code for each in conversion.findings}
