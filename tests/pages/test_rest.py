from __future__ import annotations

import json
from typing import Any

import pytest

from pages.printed import codes, outline, read
from termsmith.errors import PageError


def content(**members: Any) -> str:
    return json.dumps({"title": "Acme", "version": {"when": "2021-05-24T10:11:12.000Z"}, **members})


@pytest.mark.parametrize("body", ["storage", "view", "export_view", "styled_view"])
def test_the_body_is_read_in_any_representation(body: str) -> None:
    page = read(content(body={body: {"value": "<p>Draft<br/>page</p>"}}))
    assert (page.format, page.title, page.version_date) == ("confluence-rest", "Acme", "2021-05-24")
    assert outline(page) == ["Draft", "+page"]


def test_storage_is_preferred_and_places_are_those_of_its_value() -> None:
    page = read(content(body={"view": {"value": "no"}, "storage": {"value": "<p>a</p>\r\n<p>b\ud800</p>"}}))
    assert outline(page) == ["a", "b\ufffd"]
    assert page.positions.line_and_column(page.text.index("b")) == (2, 4)
    assert codes(page) == ["PAG103"]


def test_one_result_of_a_search_is_a_page() -> None:
    one = json.loads(content(body={"storage": {"value": "<p>a</p>"}}))
    assert outline(read(json.dumps({"results": [one], "size": 1}))) == ["a"]
    assert outline(read(json.dumps({"results": [{"content": one}]}))) == ["a"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('{"results": [{}, {}]}', "it has 2 pages; give one at a time"),
        ('{"results": []}', "it has 0 pages; give one at a time"),
        ('{"results": [1]}', "it is no JSON object of a page"),
        (
            '{"title": "x", "_expandable": {"body": ""}}',
            "the page has no body.storage.value (ask for it with ?expand=body.storage,version)",
        ),
        ('{"body": {"storage": {"value": 1}}}', "the page has no body.storage.value"),
        ('{"body": ', "Expecting value: line 1 column 10 (char 9)"),
        ('{"body":' * 100_000, "it is nested too deeply"),
        ('{"body": ' + "1" * 10_000 + "}", "Exceeds the limit"),
    ],
)
def test_other_json_is_refused(text: str, problem: str) -> None:
    with pytest.raises(PageError) as raised:
        read(text)
    assert raised.value.finding.message.startswith(
        f"the file looks like Confluence REST JSON but can't be read: {problem}"
    )


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('{"name": "a", "version": "1.0.0"}', "other JSON"),
        ('{"resourceType": "Patient"}', "a FHIR resource of type Patient"),
        ("{}", "other JSON"),
    ],
)
def test_json_of_another_kind_is_told_as_what_it_is(text: str, what: str) -> None:
    with pytest.raises(PageError, match=rf"PAG009: the file is {what}, not a page"):
        read(text)


def test_odd_titles_and_dates() -> None:
    page = read(content(title=" A\u202e\nB ", version={"when": "24.05.2021"}, body={"view": {"value": "x"}}))
    assert (page.title, page.version_date) == ("A B", None)
    assert read(content(title=7, version=None, body={"view": {"value": "x"}})).title is None
