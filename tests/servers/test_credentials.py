from __future__ import annotations

import base64

import pytest

from termsmith.errors import ServerError
from termsmith.servers.credentials import credentials_of


def test_without_variables_there_are_none() -> None:
    assert credentials_of({}) is None
    assert credentials_of({"TERMSMITH_TOKEN": ""}) is None


def test_a_token_becomes_a_bearer_header() -> None:
    credentials = credentials_of({"TERMSMITH_TOKEN": "abc.DEF-123=="})
    assert credentials is not None
    assert credentials.authorization == "Bearer abc.DEF-123=="


def test_user_and_password_become_a_basic_header() -> None:
    credentials = credentials_of({"TERMSMITH_USER": "tea", "TERMSMITH_PASSWORD": "grün:x"})
    assert credentials is not None
    scheme, _, encoded = credentials.authorization.partition(" ")
    assert (scheme, base64.b64decode(encoded).decode()) == ("Basic", "tea:grün:x")


@pytest.mark.parametrize(
    "environment",
    [
        {"TERMSMITH_TOKEN": "s3cret", "TERMSMITH_USER": "tea"},
        {"TERMSMITH_TOKEN": "s3cret", "TERMSMITH_PASSWORD": "s3cret"},
        {"TERMSMITH_USER": "tea"},
        {"TERMSMITH_PASSWORD": "s3cret"},
        {"TERMSMITH_TOKEN": "s3cret\nX-Other: 1"},
        {"TERMSMITH_TOKEN": '"s3cret"'},
        {"TERMSMITH_TOKEN": "s3crét"},
        {"TERMSMITH_USER": "te:a", "TERMSMITH_PASSWORD": "s3cret"},
        {"TERMSMITH_USER": "tea", "TERMSMITH_PASSWORD": "s3cret\n"},
    ],
)
def test_what_is_contradictory_or_no_header_may_hold_is_refused_and_not_repeated(
    environment: dict[str, str],
) -> None:
    with pytest.raises(ServerError) as caught:
        credentials_of(environment)
    assert caught.value.code == "SRV003"
    assert "s3cr" not in f"{caught.value} {caught.value.hint}"


def test_credentials_show_nothing_of_themselves() -> None:
    token = credentials_of({"TERMSMITH_TOKEN": "s3cret-token"})
    basic = credentials_of({"TERMSMITH_USER": "tea", "TERMSMITH_PASSWORD": "s3cret"})
    for each in (token, basic):
        assert each is not None
        assert "s3cret" not in f"{each!r} {each}"
        assert each.authorization not in f"{each!r} {each}"


def test_a_text_that_repeats_them_is_redacted() -> None:
    basic = credentials_of({"TERMSMITH_USER": "tea", "TERMSMITH_PASSWORD": "s3cret"})
    assert basic is not None
    said = f"password s3cret is wrong ({basic.authorization})"
    assert basic.redacted(said) == "password [hidden] is wrong (Basic [hidden])"


@pytest.mark.parametrize(
    "written",
    [
        'a \\"b\\" c\\\\d/e<ü',
        'a \\"b\\" c\\\\d\\/e<\\u00fc',
        "a &quot;b&quot; c\\d/e&lt;ü",
        "a%20%22b%22%20c%5Cd/e%3C%C3%BC",
        "a+%22b%22+c%5Cd%2Fe%3C%C3%BC",
        "YSAiYiIgY1xkL2U8w7w=",
    ],
)
def test_however_it_is_written(written: str) -> None:
    basic = credentials_of({"TERMSMITH_USER": "tea", "TERMSMITH_PASSWORD": 'a "b" c\\d/e<ü'})
    assert basic is not None
    assert basic.redacted(f"not {written}!").startswith("not [hidden]")


@pytest.mark.parametrize("left", range(1, 12))
def test_what_begins_at_the_end_of_a_text_that_is_cut_off_is_left_out(left: int) -> None:
    token = credentials_of({"TERMSMITH_TOKEN": "s3cret-token"})
    assert token is not None
    assert token.redacted_beginning(f"it is {'s3cret-token'[:left]}") == "it is "
    assert token.redacted_beginning("it is s3cret-token") == "it is [hidden]"
    assert token.redacted_beginning("it is another") == "it is another"
