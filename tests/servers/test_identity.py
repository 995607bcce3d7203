from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servers.samples import code_system
from termsmith.documents.reading import read_document
from termsmith.servers.identity import with_id
from termsmith.servers.outgoing import JSON, XML

NAMES = st.text(max_size=5) | st.sampled_from(["id", "url", "\\", '"', "{", "concept"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.text(max_size=8) | st.sampled_from(["id", '"id": "x"', "}{", ","]),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(NAMES, below, max_size=3),
    max_leaves=10,
)


@given(
    before=st.dictionaries(NAMES.filter(lambda name: name != "id"), VALUES, max_size=3),
    after=st.dictionaries(NAMES.filter(lambda name: name != "id"), VALUES, max_size=3),
    has_id=st.booleans(),
    wanted=st.none() | st.just("1001"),
    indent=st.none() | st.just(2),
)
def test_only_the_id_of_json_changes(
    *, before: dict[str, Any], after: dict[str, Any], has_id: bool, wanted: str | None, indent: int | None
) -> None:
    given_id = {"id": "Tea"} if has_id else {}
    after = {**after, "resourceType": "CodeSystem"}
    data = json.dumps({**before, **given_id, **after}, indent=indent).encode()
    changed = json.loads(with_id(data, JSON, wanted))
    assert changed == {**before, **after} | ({} if wanted is None else {"id": wanted})


def test_all_else_stays_byte_by_byte() -> None:
    data = b'{\n  "resourceType": "CodeSystem",\n  "id": "Tea",\n  "x": 1.50, "s": "\\u00e9"\n}\n'
    assert with_id(data, JSON, "7") == data.replace(b'"Tea"', b'"7"')
    assert with_id(data, JSON, None) == data.replace(b'"id": "Tea",\n  ', b"")


def test_ids_of_inner_elements_stay() -> None:
    data = json.dumps({"concept": [{"id": "inner", "code": "A"}], "id": "Tea"}).encode()
    assert json.loads(with_id(data, JSON, None)) == {"concept": [{"id": "inner", "code": "A"}]}


XML_TEXT = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<!-- <id value="no"/> -->\n'
    '<CodeSystem xmlns="http://hl7.org/fhir" xmlns:x="a>b">\n  <id value="Tea"/>\n'
    '  <url value="http://tea.example/é"/>\n  <concept id="inner"><code value="A"/></concept>\n</CodeSystem>\n'
)


@pytest.mark.parametrize("tag", ['<id value="Tea"/>', '<id value="Tea"></id>', "<id value='Tea' />"])
def test_the_id_of_xml_is_replaced_or_left_out(tag: str) -> None:
    text = XML_TEXT.replace('<id value="Tea"/>', tag)
    assert with_id(text.encode(), XML, "7").decode() == text.replace(tag, '<id value="7"/>')
    assert with_id(text.encode(), XML, None).decode() == text.replace(f"{tag}\n  ", "")


def test_xml_without_an_id_gets_one_behind_the_root() -> None:
    text = XML_TEXT.replace('\n  <id value="Tea"/>', "")
    changed = with_id(text.encode(), XML, "7")
    assert changed.decode() == text.replace('xmlns:x="a>b">', 'xmlns:x="a>b"><id value="7"/>')
    assert with_id(text.encode(), XML, None).decode() == text
    (found,) = read_document(changed, "x").resources
    assert found.data["id"] == "7"


def test_prefixes_of_xml_are_kept() -> None:
    text = '<f:CodeSystem xmlns:f="http://hl7.org/fhir"><f:id value="Tea"/><f:name value="T"/></f:CodeSystem>'
    assert with_id(text.encode(), XML, "7").decode() == text.replace('"Tea"', '"7"')
    assert with_id(text.encode(), XML, None).decode() == text.replace('<f:id value="Tea"/>', "")


def test_a_long_file_takes_no_longer_than_reading_it() -> None:
    concepts = [{"code": str(number), "display": "x" * 50} for number in range(20_000)]
    made = code_system(concept=concepts, id=None)
    data = json.dumps({**made, "id": "Tea"}).encode()
    assert json.loads(with_id(data, JSON, None)) == made
