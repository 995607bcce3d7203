from __future__ import annotations

import html
import json
from dataclasses import replace
from typing import Any

import pytest

from servers.scripted import outcome
from termsmith.servers.answers import LONGEST_SAID, Answer, fault_of, resource_of, said
from termsmith.servers.credentials import credentials_of


def answer(status: int = 200, body: Any = b"", **more: Any) -> Answer:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Answer(
        method="PUT", url="https://a.example/fhir/CodeSystem/Tea?x=1", status=status, body=data, **more
    )


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (outcome("HAPI-0905: wrong"), "HAPI-0905: wrong"),
        (outcome("a", "b", "c", "d", "e"), "a; b; c; 2 more"),
        (
            {
                "resourceType": "OperationOutcome",
                "issue": [{"code": "invalid", "expression": ["CodeSystem.url"]}],
            },
            "invalid (at CodeSystem.url)",
        ),
        (
            {
                "resourceType": "OperationOutcome",
                "issue": [
                    {"severity": "warning", "details": {"text": "less"}},
                    {"severity": "fatal", "details": {"text": "worst"}},
                ],
            },
            "worst; less",
        ),
        ({"resourceType": "OperationOutcome", "issue": "none"}, "a OperationOutcome resource"),
        (
            {"resourceType": "OperationOutcome", "issue": [1, {"diagnostics": 5}]},
            "a OperationOutcome resource",
        ),
        ({"resourceType": "Patient"}, "a Patient resource"),
        (b"", "nothing"),
        (b" \n ", "nothing"),
        (b"<!DOCTYPE html><html><head><title>Sign &amp; in</title>", "an HTML page titled 'Sign & in'"),
        (b"<html><body>no", "an HTML page"),
        (b"\x00\xff\xfe garbage", "no FHIR resource but '\\x00�� garbage'"),
        (b'{"error": "no"}', 'no FHIR resource but \'{"error": "no"}\''),
        (b"[1]", "no FHIR resource but '[1]'"),
    ],
)
def test_a_body_is_told_in_a_few_words(body: Any, words: str) -> None:
    assert said(answer(body=body)) == words


def test_long_words_are_shortened() -> None:
    told = said(answer(body=outcome("x " * 100_000)))
    assert len(told) == LONGEST_SAID
    assert told.endswith("…")
    assert len(said(answer(body=b"y" * 1_000_000))) < 150


def test_an_answer_that_is_not_whole_is_no_resource() -> None:
    cut = answer(body={"resourceType": "CodeSystem"}, problem="more than 5 bytes")
    assert resource_of(cut) is None
    assert said(cut) == "more than 5 bytes"


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"resourceType": 1}', b"null", b"\xff"])
def test_nonsense_is_no_resource(body: bytes) -> None:
    assert resource_of(answer(body=body)) is None


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (401, "SRV201"),
        (403, "SRV202"),
        (404, "SRV203"),
        (405, "SRV203"),
        (410, "SRV203"),
        (409, "SRV204"),
        (412, "SRV204"),
        (400, "SRV205"),
        (413, "SRV205"),
        (422, "SRV205"),
        (418, "SRV205"),
        (429, "SRV206"),
        (500, "SRV206"),
        (503, "SRV206"),
        (599, "SRV206"),
        (302, "SRV209"),
        (999, "SRV205"),
        (100, "SRV205"),
    ],
)
def test_each_failure_has_its_finding(status: int, code: str) -> None:
    finding = fault_of(answer(status, outcome("why")), None)
    assert finding is not None
    assert finding.code == code


def test_the_finding_says_what_was_asked_for_and_what_the_server_said() -> None:
    finding = fault_of(answer(422, outcome("no such code"), attempts=3), None)
    assert finding is not None
    assert finding.message == (
        "PUT https://a.example/fhir/CodeSystem/Tea: 422, 3 times: the server refuses it, and says: no such code"
    )


def test_a_redirect_names_its_target_without_secrets() -> None:
    moved = answer(302, headers={"location": "https://u:p@login.example/?token=s3cret"})
    finding = fault_of(moved, None)
    assert finding is not None
    assert finding.message == "the server redirects (302) to https://login.example/; that is not followed"


@pytest.mark.parametrize("status", [200, 201, 204])
def test_a_success_has_none(status: int) -> None:
    assert fault_of(answer(status), None) is None


TOKEN = "0123456789" * 6
WITH_PASSWORD = "pa'ss  wo\\rd<x"  # noqa: S105  no real one


@pytest.mark.parametrize("before", range(LONGEST_SAID - 70, LONGEST_SAID + 10))
def test_no_part_of_a_secret_is_said_where_words_are_cut(before: int) -> None:
    known = credentials_of({"TERMSMITH_TOKEN": TOKEN})
    for body in (
        outcome("x" * before + TOKEN + "y" * 100),
        f"<html><title>{'x' * (before - 200)}{TOKEN}{'y' * 300}</title>".encode(),
        ("x" * (before - LONGEST_SAID + 80) + TOKEN + "y" * 100).encode(),
        {"resourceType": "x" * (before - LONGEST_SAID + 70) + TOKEN},
    ):
        assert TOKEN[:4] not in said(replace(answer(500, body), credentials=known))


def test_no_part_of_a_secret_is_said_where_the_answer_is_cut() -> None:
    known = credentials_of({"TERMSMITH_TOKEN": TOKEN})
    for blanks in range(19_930, 20_010, 3):
        body = b"<html>" + b" " * blanks + b"<title>" + TOKEN.encode() + b"</title>"
        assert TOKEN[:4] not in said(replace(answer(500, body), credentials=known))


@pytest.mark.parametrize(
    "body",
    [
        outcome(f"not {WITH_PASSWORD}!"),
        f"<html><title>not {html.escape(WITH_PASSWORD)}!</title>".encode(),
        f"<html><title>not {WITH_PASSWORD.replace('<', '&#60;')}!</title>".encode(),
        f"not {WITH_PASSWORD}!".encode(),
    ],
)
def test_a_password_is_hidden_before_its_characters_are_written_in_another_way(body: Any) -> None:
    known = credentials_of({"TERMSMITH_USER": "tea", "TERMSMITH_PASSWORD": WITH_PASSWORD})
    assert "not [hidden]!" in said(replace(answer(500, body), credentials=known))
