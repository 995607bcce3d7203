"""XML texts: the same data that JSON gives, faults that only XML has, and what is refused."""

from __future__ import annotations

import pytest
from growth import grows_with_size

from termsmith.documents.document import DocumentError
from termsmith.documents.xml_text import XmlResource, locate_in_xml, read_xml

FHIR = "http://hl7.org/fhir"
XHTML = "http://www.w3.org/1999/xhtml"


def text(inner: str, *, kind: str = "CodeSystem", before: str = "", attributes: str = "") -> bytes:
    return f'{before}<{kind} xmlns="{FHIR}"{attributes}>{inner}</{kind}>'.encode()


def read(inner: str, *, kind: str = "CodeSystem", before: str = "", attributes: str = "") -> XmlResource:
    return read_xml(text(inner, kind=kind, before=before, attributes=attributes), "tea.xml")


def value(inner: str, *, kind: str = "CodeSystem") -> dict[str, object]:
    """Return the data of a resource without its type."""
    data = read(inner, kind=kind).data
    assert data.pop("resourceType") == kind
    return data


def form(inner: str, *, before: str = "", attributes: str = "") -> list[tuple[str, str]]:
    """Return code and pointer of each fault that only XML has."""
    hits = read(inner, before=before, attributes=attributes).form.hits()
    return [(code, hit.pointer) for code, each in hits.items() for hit in each]


def refused(data: bytes) -> tuple[str, int, int, str]:
    """Return code, line, column and message of why a text can't be read."""
    with pytest.raises(DocumentError) as caught:
        read_xml(data, "tea.xml")
    finding = caught.value.finding
    assert finding.place is not None
    assert finding.place.source == "tea.xml"
    return finding.code, finding.place.line, finding.place.column, finding.message.partition(": ")[2]


class TestValues:
    @pytest.mark.parametrize(
        ("inner", "expected"),
        [
            ('<status value="draft"/>', {"status": "draft"}),
            ('<caseSensitive value="true"/>', {"caseSensitive": True}),
            ('<caseSensitive value="false"/>', {"caseSensitive": False}),
            ('<caseSensitive value="True"/>', {"caseSensitive": "True"}),
            ('<count value="30"/>', {"count": 30}),
            ('<count value="-1"/>', {"count": -1}),
            ('<count value="03"/>', {"count": "03"}),
            ('<count value="1.5"/>', {"count": "1.5"}),
            ('<count value="٣"/>', {"count": "٣"}),
            (f'<count value="{"9" * 30}"/>', {"count": "9" * 30}),
            ('<date value="2020"/>', {"date": "2020"}),
            ('<title value=" a&amp;b&#10;&#x1FAD6; "/>', {"title": " a&b\n🫖 "}),
            ('<title value="a\nb\tc"/>', {"title": "a b c"}),
            ('<title value=""/>', {"title": ""}),
        ],
    )
    def test_a_simple_value_has_the_type_that_json_gives_it(
        self, inner: str, expected: dict[str, object]
    ) -> None:
        assert value(inner) == expected

    @pytest.mark.parametrize(
        ("stated", "expected"), [("1.10", 1.1), ("-2e3", -2000.0), ("1.", "1."), ("x", "x")]
    )
    def test_a_decimal_is_a_number_where_it_is_one(self, stated: str, expected: object) -> None:
        inner = f'<concept><property><valueDecimal value="{stated}"/></property></concept>'
        assert value(inner) == {"concept": [{"property": [{"valueDecimal": expected}]}]}

    def test_what_may_repeat_is_a_list_and_the_rest_is_not(self) -> None:
        assert value('<contact><name value="a"/></contact>') == {"contact": [{"name": "a"}]}
        two = '<identifier><value value="a"/></identifier><identifier><value value="b"/></identifier>'
        assert value(two) == {"identifier": [{"value": "a"}, {"value": "b"}]}
        assert value(two, kind="ValueSet") == {"identifier": [{"value": "a"}, {"value": "b"}]}

    def test_what_may_not_repeat_becomes_a_list_when_it_does(self) -> None:
        assert value('<url value="a"/>' * 3) == {"url": ["a", "a", "a"]}

    def test_ids_and_extensions_of_simple_values_stand_beside_them(self) -> None:
        inner = (
            f'<title value="Tea" id="t"><extension url="{FHIR}/x"><valueCode value="y"/></extension></title>'
        )
        extension = [{"url": f"{FHIR}/x", "valueCode": "y"}]
        assert value(inner) == {"title": "Tea", "_title": {"id": "t", "extension": extension}}

    def test_a_simple_value_may_have_nothing_but_extensions(self) -> None:
        inner = '<title><extension url="u"><valueCode value="y"/></extension></title>'
        assert value(inner) == {"_title": {"extension": [{"url": "u", "valueCode": "y"}]}}
        assert form(inner) == []

    def test_lists_of_simple_values_keep_their_pairs(self) -> None:
        inner = '<meta><profile value="a"/><profile id="p"/><profile value="b" id="q"/></meta>'
        meta = {"profile": ["a", None, "b"], "_profile": [None, {"id": "p"}, {"id": "q"}]}
        assert value(inner) == {"meta": meta}
        assert value('<meta><profile value="a"/></meta>') == {"meta": {"profile": ["a"]}}
        assert value('<meta><profile id="p"/></meta>') == {"meta": {"_profile": [{"id": "p"}]}}

    def test_a_contained_resource_is_its_wrapper(self) -> None:
        inner = '<contained><ValueSet><id value="v"/></ValueSet></contained><contained><Basic/></contained>'
        contained = [{"resourceType": "ValueSet", "id": "v"}, {"resourceType": "Basic"}]
        assert value(inner) == {"contained": contained}
        assert form(inner) == []

    def test_comments_and_white_space_say_nothing(self) -> None:
        inner = '\n <!-- a --><status value="draft"><!-- <b/> --></status>\r\n\t'
        assert value(inner) == {"status": "draft"}
        assert form(inner, before="<!-- c -->\n") == []

    def test_a_prefix_for_the_namespace_is_as_good(self) -> None:
        data = f'<f:CodeSystem xmlns:f="{FHIR}"><f:status value="draft"/></f:CodeSystem>'.encode()
        found = read_xml(data, "x")
        assert (found.data, found.form.hits()) == ({"resourceType": "CodeSystem", "status": "draft"}, {})

    def test_elements_that_fhir_does_not_have_are_kept(self) -> None:
        found = value('<colour value="green"/><shape><round value="true"/></shape>')
        assert found == {"colour": {"value": "green"}, "shape": {"round": {"value": "true"}}}

    @pytest.mark.parametrize("inner", ["<resourceType/>", '<resourceType value="Patient"/>'])
    def test_an_element_called_resource_type_does_not_make_it_another(self, inner: str) -> None:
        assert read(inner).data["resourceType"] == "CodeSystem"

    def test_names_that_mean_something_else_in_json_are_kept_apart(self) -> None:
        found = value('<_status id="a"/><status value="draft"/>')
        assert found == {"_status (XML element)": {"id": "a"}, "status": "draft"}

    def test_an_unknown_element_without_anything_is_kept(self) -> None:
        assert value("<colour/><shape/><shape/>") == {"colour": {}, "shape": [{}, {}]}

    def test_a_decimal_that_no_number_holds_is_text(self) -> None:
        inner = '<concept><property><valueDecimal value="1e999"/></property></concept>'
        assert value(inner) == {"concept": [{"property": [{"valueDecimal": "1e999"}]}]}

    def test_a_second_resource_in_one_wrapper_makes_it_a_list(self) -> None:
        inner = '<entry><resource><Patient/><CodeSystem><url value="u"/></CodeSystem></resource></entry>'
        both = [{"resourceType": "Patient"}, {"resourceType": "CodeSystem", "url": "u"}]
        assert value(inner, kind="Bundle") == {"entry": [{"resource": both}]}

    def test_the_wrapper_of_a_resource_has_no_id(self) -> None:
        inner = '<contained id="c"><ValueSet><id value="b"/></ValueSet></contained>'
        assert value(inner) == {"contained": [{"resourceType": "ValueSet", "id": "b"}]}
        assert form(inner) == [("STR092", "/contained/0")]


class TestNarrative:
    @pytest.mark.parametrize(
        "div",
        [
            f'<div xmlns="{XHTML}"><p>a &amp; b &#233; <!-- c --><br/>é🫖</p></div>',
            f'<div xmlns="{XHTML}"><div><div/></div> > </div>',
            f'<div xmlns="{XHTML}" title="a > b"></div >',
            f'<div xmlns="{XHTML}"/>',
        ],
    )
    def test_its_div_is_kept_to_the_letter(self, div: str) -> None:
        inner = f'<text><status value="generated"/>{div}</text><url value="u"/>'
        assert value(inner) == {"text": {"status": "generated", "div": div}, "url": "u"}
        assert form(inner) == []

    @pytest.mark.parametrize("encoding", ["ISO-8859-1", "UTF-16"])
    def test_its_letters_are_kept_in_another_encoding(self, encoding: str) -> None:
        div = f'<div xmlns="{XHTML}"><p>é</p></div>'
        inner = f'<?xml version="1.0" encoding="{encoding}"?><CodeSystem xmlns="{FHIR}"><text>{div}</text></CodeSystem>'
        assert read_xml(inner.encode(encoding), "x").data["text"]["div"] == div

    def test_it_takes_along_the_namespaces_that_it_needs(self) -> None:
        inner = '<f:text><h:div><h:p h:x="1"/></h:div></f:text>'
        data = f'<f:CodeSystem xmlns:f="{FHIR}" xmlns:h="{XHTML}" xmlns:z="z">{inner}</f:CodeSystem>'.encode()
        assert read_xml(data, "x").data["text"]["div"] == f'<h:div xmlns:h="{XHTML}"><h:p h:x="1"/></h:div>'
        data = f'<f:CodeSystem xmlns:f="{FHIR}" xmlns="{XHTML}"><f:text><div>a</div></f:text></f:CodeSystem>'.encode()
        assert read_xml(data, "x").data["text"]["div"] == f'<div xmlns="{XHTML}">a</div>'

    def test_a_processing_instruction_in_it_is_the_narratives_affair(self) -> None:
        assert form(f'<text><div xmlns="{XHTML}"><?a b?></div></text>') == []

    def test_its_depth_is_not_limited_here(self) -> None:
        deep = "<b>" * 50_000 + "</b>" * 50_000
        found = value(f'<text><div xmlns="{XHTML}">{deep}</div></text>')
        assert found == {"text": {"div": f'<div xmlns="{XHTML}">{deep}</div>'}}


class TestForm:
    @pytest.mark.parametrize(
        ("inner", "expected"),
        [
            ('<status value="draft"/><url value="u"/>', [("STR091", "/url")]),
            ('<concept><display value="a"/><code value="b"/></concept>', [("STR091", "/concept/0/code")]),
            ('<status value="draft" lang="de"/>', [("STR092", "/status")]),
            ("<status value='draft'>x</status>", [("STR093", "/status")]),
            ("<status value='draft'><![CDATA[x]]></status>", [("STR093", "/status")]),
            ('<x:status xmlns:x="urn:x" value="draft"/>', [("STR094", "/status")]),
            ('<status xmlns="" value="draft"/>', [("STR094", "/status")]),
            ("<status/>", [("STR095", "/status")]),
            ("<concept/>", [("STR095", "/concept/0")]),
            ('<concept><?a b?><code value="a"/></concept>', [("STR096", "/concept/0")]),
            ('<concept><id value="1"/></concept>', [("STR098", "/concept/0/id")]),
            ('<extension><url value="u"/></extension>', [("STR098", "/extension/0/url")]),
            ('<id value="a"/><url value="u"/><status value="draft" id="s"/>', []),
            ('<concept id="1"><code value="a"/></concept>', []),
        ],
    )
    def test_what_only_xml_can_have_wrong_is_told_once(
        self, inner: str, expected: list[tuple[str, str]]
    ) -> None:
        assert form(inner) == expected

    def test_the_root_has_no_attributes(self) -> None:
        assert form("", attributes=' id="a"') == [("STR092", "")]

    @pytest.mark.parametrize("name", ["xml:id", "xml:value"])
    def test_an_attribute_of_another_namespace_is_another(self, name: str) -> None:
        assert form(f'<status value="draft" {name}="b"/>') == [("STR092", "/status")]

    def test_where_the_schema_is_may_not_be_said(self) -> None:
        xsi = "http://www.w3.org/2001/XMLSchema-instance"
        assert form("", attributes=f' xmlns:xsi="{xsi}" xsi:schemaLocation="a b"') == [("STR092", "")]

    def test_faults_in_extensions_of_simple_values_have_the_pointer_that_json_has(self) -> None:
        inner = '<title value="a"><extension url="u"><valueCode/></extension></title>'
        assert form(inner) == [("STR095", "/_title/extension/0/valueCode")]
        inner = '<meta><profile value="a"/><profile value="b"><extension>x</extension></profile></meta>'
        assert form(inner) == [
            ("STR093", "/meta/_profile/1/extension/0"),
            ("STR095", "/meta/_profile/1/extension/0"),
        ]

    def test_instructions_outside_of_the_resource_are_allowed(self) -> None:
        assert form("", before='<?xml version="1.0"?><?xml-stylesheet href="a"?>') == []

    def test_only_utf8_is_a_good_encoding(self) -> None:
        assert form("", before='<?xml version="1.0" encoding="utf-8"?>') == []
        assert form("", before='<?xml version="1.0" encoding="ISO-8859-1"?>') == [("STR097", "")]
        latin = f'<?xml version="1.0" encoding="ISO-8859-1"?><Basic xmlns="{FHIR}"><a b="é"/></Basic>'
        assert read_xml(latin.encode("latin-1"), "x").data["a"] == {"b": "é"}

    def test_all_that_is_out_of_order_is_one_fault(self) -> None:
        found = read('<status value="a"/><url value="b"/><name value="c"/><content value="d"/>').form.hits()
        assert list(found) == ["STR091"]
        assert [dict(hit.facts) for hit in found["STR091"]] == [
            {"name": "url", "before": "status", "names": "url, name"}
        ]


class TestRefusing:
    @pytest.mark.parametrize(
        ("data", "line", "column", "problem"),
        [
            (b"", 1, 1, "no element found"),
            (text("\n<status>"), 2, 11, "mismatched tag"),
            (text("<url value='é'/>").partition(b"</Code")[0], 1, 57, "no element found"),
            (text("") + b"<a/>", 1, 54, "junk after document element"),
            (text('<title value="&nbsp;"/>'), 1, 41, "undefined entity"),
            (text('<title value="a" value="b"/>'), 1, 58, "duplicate attribute"),
            (text("\0"), 1, 41, "not well-formed (invalid token)"),
            (text("\n\x0b"), 2, 1, "not well-formed (invalid token)"),
            (
                text("\n<title value='", before="").replace(b"'", b"'\xff"),
                2,
                15,
                "not well-formed (invalid token)",
            ),
            (text("<x:a/>"), 1, 41, "unbound prefix"),
        ],
    )
    def test_doc002_says_what_and_where(self, data: bytes, line: int, column: int, problem: str) -> None:
        assert refused(data) == ("DOC002", line, column, problem)

    @pytest.mark.parametrize(
        "doctype",
        [
            "<!DOCTYPE CodeSystem>",
            '<!DOCTYPE CodeSystem SYSTEM "file:///etc/passwd">',
            '<!DOCTYPE CodeSystem [<!ENTITY % a SYSTEM "http://a.example/b"> %a;]>',
            "<!DOCTYPE a ["
            '<!ENTITY a "aaaaaaaaaa">'
            + "".join(
                f'<!ENTITY {name} "{f"&{last};" * 10}">'
                for last, name in zip("abcdefghi", "bcdefghij", strict=True)
            )
            + "]>",
        ],
    )
    def test_a_document_type_is_refused_before_its_entities_are_read(self, doctype: str) -> None:
        code, line, _, problem = refused(text('<title value="&j;"/>', before=doctype))
        assert (code, line) == ("DOC002", 1)
        assert problem == "it declares a document type, which may define entities; those are not read"

    def test_a_document_type_has_its_place(self) -> None:
        before = '<?xml version="1.0"?>\n<!-- <!DOCTYPE -->\n <!DOCTYPE a\n [<!ENTITY a "b">]>'
        assert refused(text("", before=before))[:3] == ("DOC002", 3, 2)

    @pytest.mark.parametrize(
        "data", [b"<CodeSystem/>", b'<CodeSystem xmlns="http://hl7.org/FHIR"/>', b'<a xmlns="b"/>']
    )
    def test_doc004_is_a_root_of_another_namespace(self, data: bytes) -> None:
        code, line, column, problem = refused(data)
        assert (code, line, column) == ("DOC004", 1, 1)
        assert "is not in the namespace http://hl7.org/fhir" in problem

    def test_doc005_is_an_element_too_deep(self) -> None:
        assert refused(text("<a>" * 200 + "</a>" * 200))[:3] == ("DOC005", 1, 638)
        assert refused(text("<a>" * 100_000))[0] == "DOC005"
        assert read("<a>" * 199 + "</a>" * 199).form.hits() == {}

    def test_an_encoding_that_does_not_exist_is_doc002(self) -> None:
        assert refused(text("", before='<?xml version="1.0" encoding="klingon"?>'))[0] == "DOC002"

    @pytest.mark.parametrize(
        ("piece", "name", "times"),
        [
            ('<concept><code value="a"/></concept>', "", 20_000),
            (f"<a/>{'x' * 99}", "", 24_000),
            ('<url value="a"/>', "", 40_000),
            ("<a/>x", "k" * 10, 10_000),
            ('<status value="a"/><url value="a"/>', "", 20_000),
        ],
        ids=["list", "text", "repeated", "named", "misplaced"],
    )
    def test_the_time_grows_with_the_size(self, piece: str, name: str, times: int) -> None:
        def read_pieces(number: int) -> None:
            inner = piece * number
            around = name * number
            assert len(read(f"<{around}>{inner}</{around}>" if name else inner).data) in {2, 3}

        assert grows_with_size(read_pieces, times // 8, times)


class TestPlaces:
    DATA = text(
        '\n <url value="u"/>\n <status value="draft">\n  <extension url="x">\n   <valueCode value="y"/>\n'
        '  </extension>\n </status>\n <concept>\n  <code value="a"/></concept><concept id="b">\n   <code value="b"/>'
        '\n </concept>\n <contained><ValueSet>\n  <id value="v"/></ValueSet></contained>'
    )

    @pytest.mark.parametrize(
        ("pointer", "place"),
        [
            ("", (1, 1)),
            ("/url", (2, 2)),
            ("/status", (3, 2)),
            ("/concept/0", (8, 2)),
            ("/concept/0/code", (9, 3)),
            ("/concept/1", (9, 30)),
            ("/concept/1/code", (10, 4)),
            ("/concept/1/id", (9, 30)),
            ("/concept/1/display", (9, 30)),
            ("/concept", (8, 2)),
            ("/concept/2/code", (8, 2)),
            ("/contained/0", (12, 2)),
            ("/contained/0/id", (13, 3)),
            ("/nothing/0", (1, 1)),
        ],
    )
    def test_a_pointer_leads_to_its_element_or_what_is_around(
        self, pointer: str, place: tuple[int, int]
    ) -> None:
        assert locate_in_xml(self.DATA, [pointer]) == {pointer: place}

    def test_many_are_found_at_once(self) -> None:
        assert locate_in_xml(self.DATA, ["/status", "/url", "/x"]) == {
            "/status": (3, 2),
            "/url": (2, 2),
            "/x": (1, 1),
        }

    @pytest.mark.parametrize(
        ("pointer", "place"),
        [
            ("/_status", (3, 2)),
            ("/_status/extension/0", (4, 3)),
            ("/_status/extension/0/url", (4, 3)),
            ("/_status/extension/0/valueCode", (5, 4)),
        ],
    )
    def test_extensions_of_simple_values_are_found(self, pointer: str, place: tuple[int, int]) -> None:
        assert locate_in_xml(self.DATA, [pointer]) == {pointer: place}
