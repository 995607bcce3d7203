from __future__ import annotations

import pytest

from termsmith.errors import ServerError
from termsmith.servers.address import origin_of, server_address, without_secrets


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("https://server.example/fhir", "https://server.example/fhir"),
        ("https://server.example/fhir//", "https://server.example/fhir"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("http://[::1]:8080/r4/", "http://[::1]:8080/r4"),
    ],
)
def test_a_base_has_no_slash_at_the_end(given: str, address: str) -> None:
    assert server_address(given) == address


@pytest.mark.parametrize(
    "given",
    [
        "",
        "server.example/fhir",
        "ftp://server.example",
        "https://",
        "https://a b/",
        "http://x:nan/",
        "/fhir",
        "http://a..example/",
        f"http://{'x' * 64}.example/",
    ],
)
def test_what_is_no_url_of_a_server_is_refused(given: str) -> None:
    with pytest.raises(ServerError) as caught:
        server_address(given)
    assert caught.value.code == "SRV001"


@pytest.mark.parametrize(
    "given",
    [
        "https://tea:s3cret@server.example/fhir",
        "https://s3cret@server.example/fhir",
        "https://:s3cret@server.example/fhir",
        "https://server.example/fhir?access_token=s3cret",
        "https://server.example/fhir#s3cret",
        "https://server.example/fhir?",
        "ftp://tea:s3cret@server.example/fhir",
    ],
)
def test_a_secret_in_the_url_is_refused_and_not_repeated(given: str) -> None:
    with pytest.raises(ServerError) as caught:
        server_address(given)
    assert caught.value.code == "SRV002"
    assert "TERMSMITH_TOKEN" in caught.value.hint
    assert "s3cret" not in f"{caught.value} {caught.value.hint} {caught.value.args}"


@pytest.mark.parametrize(
    "given", ["https://tea:s3cret@server.example:x/", "https://tea:s3cret@[::1/", "tea:s3cret"]
)
def test_an_unreadable_url_is_not_repeated_either(given: str) -> None:
    with pytest.raises(ServerError) as caught:
        server_address(given)
    assert "s3cret" not in f"{caught.value} {caught.value.hint}"
    assert caught.value.__cause__ is None


def test_another_port_or_scheme_is_another_origin() -> None:
    origins = {
        origin_of(url)
        for url in ("https://a/x", "https://a:443/y", "https://a:8443/", "http://a/", "nonsense")
    }
    assert origins == {("https", "a", 443), ("https", "a", 8443), ("http", "a", 80), None}


def test_what_is_shown_of_a_url_has_no_secret() -> None:
    assert without_secrets("https://u:p@a.example/x?token=1#2") == "https://a.example/x"
    assert without_secrets("/login?token=1") == "/login"
    assert without_secrets("http://[::1") == "an unreadable URL"
