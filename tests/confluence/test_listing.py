"""What servers leave out of a page, and what they may not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from termsmith.confluence.listing import attachments_of, page_file
from termsmith.errors import FetchError

PAGE = {"id": "1", "type": "page", "title": "T", "body": {"storage": {"value": "<p>x</p>"}}}


@pytest.mark.parametrize(
    "missing",
    [
        {"space": None},
        {"version": None},
        {"metadata": None},
        {"metadata": {"labels": None}},
        {"metadata": {"labels": {"results": None}}},
        {"_links": None},
    ],
)
def test_what_a_server_has_not_is_absent(missing: dict[str, Any]) -> None:
    stored = json.loads(page_file(PAGE | missing))
    assert stored == {
        "id": "1",
        "type": "page",
        "title": "T",
        "space": {"key": None},
        "version": {},
        "metadata": {"labels": {"results": []}},
        "body": {"storage": {"value": "<p>x</p>", "representation": "storage"}},
        "_links": {},
    }


@pytest.mark.parametrize("body", [None, {"storage": None}, {"storage": {"value": None}}, [1]])
def test_a_page_without_body_is_refused(body: object) -> None:
    with pytest.raises(FetchError, match="FET005"):
        page_file(PAGE | {"body": body})


@pytest.mark.parametrize("odd", [{"_links": None}, {"version": [1]}, {"version": {"number": True}}])
def test_a_table_without_link_or_version_is_refused(odd: dict[str, Any]) -> None:
    table = {"id": "a", "title": "x.csv", "version": {"number": 1}, "_links": {"download": "/d/1"}}
    with pytest.raises(FetchError, match="FET005"):
        list(attachments_of({"results": [table | odd]}))
