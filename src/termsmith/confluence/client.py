"""The connection to a Confluence server, by atlassian-python-api."""

from __future__ import annotations

import json
import re
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from termsmith.confluence.listing import no_answer
from termsmith.errors import FetchError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

TOKEN, USER, PASSWORD = (
    "TERMSMITH_CONFLUENCE_TOKEN",
    "TERMSMITH_CONFLUENCE_USER",
    "TERMSMITH_CONFLUENCE_PASSWORD",
)
"""Variables of the environment that credentials are taken from."""
LARGEST = 200_000_000
"""Bytes of an answer at most."""
LONGEST = 600
"""Seconds from the first part of an answer to its last."""
_TIMEOUT = 60
_RETRIES = 4
_CONNECTS = 2
_LONGEST_WAIT = 30
_PIECE = 1 << 16
_LONG_HEADERS = re.compile(r"got more than \d+ (?:headers|bytes when reading)")
_LATER = "Try again later, or ask who runs the server."
_WORDS = {
    401: (
        "FET002",
        "the server does not accept the credentials",
        f"Check {TOKEN}, or {USER} and {PASSWORD}.",
    ),
    403: (
        "FET002",
        "the server refuses access",
        "Ask for the right to read the space, or use another token.",
    ),
    404: ("FET003", "the server has no such address", "Check --base, and that the space exists."),
}


class Connection(Protocol):
    """Gives what a server has."""

    def json(self, path: str, parameters: Mapping[str, str | int]) -> Any:
        """Return the JSON at a path below the server's address."""

    def data(self, path: str) -> bytes:
        """Return the bytes at a path below the server's address."""


@contextmanager
def connect(base: str, environment: Mapping[str, str]) -> Iterator[Connection]:
    """Give a connection to the server at an address.

    Args:
        base: Address of Confluence itself.
        environment: Has the credentials, if any.

    Raises:
        UsageError: USE010, when the client library is missing; USE011, when the address is none, or has
            credentials in it.
    """
    address = _address(base)
    try:
        import atlassian.confluence  # noqa: PLC0415  an extra, and slow
        import atlassian.errors  # noqa: PLC0415
    except ImportError as error:
        raise UsageError(
            "USE010",
            "`termsmith fetch confluence` needs atlassian-python-api",
            "Install it: pip install 'termsmith[confluence]'.",
        ) from error
    credentials: dict[str, str] = {}
    if environment.get(TOKEN):
        credentials["token"] = environment[TOKEN]
    elif environment.get(USER):
        credentials |= {"username": environment[USER], "password": environment.get(PASSWORD, "")}
    client: Any = atlassian.confluence.ConfluenceServer(  # type: ignore[no-untyped-call]  # has no types
        address,
        timeout=_TIMEOUT,
        **credentials,
    )
    _try_again(client, address)
    with client:
        yield _Atlassian(client, address)


def _try_again(client: Any, address: str) -> None:
    """Have the client ask again for what may only have failed for the moment.

    Its own ``backoff_and_retry`` tries without end to reach a server that is not there.
    """
    import requests.adapters  # noqa: PLC0415  comes with the client
    import urllib3  # noqa: PLC0415

    retry = urllib3.Retry(
        total=_RETRIES,
        connect=_CONNECTS,
        read=_CONNECTS,
        status_forcelist=(429, 502, 503, 504),
        allowed_methods=("GET",),
        backoff_factor=0.5,
        backoff_max=_LONGEST_WAIT,
        raise_on_status=False,
    )
    client.session.mount(address, requests.adapters.HTTPAdapter(max_retries=retry))


def _address(base: str) -> str:
    try:
        parts = urlsplit(base)
        host = parts.hostname
        (host or "").encode("idna")  # fails for a name that no host can have
    except ValueError:
        parts, host = None, None
    if parts is None or parts.scheme not in {"http", "https"} or not host:
        raise UsageError(
            "USE011", "--base is no web address", "Give the address of Confluence, such as https://HOST/wiki."
        )
    if parts.username is not None or parts.query or parts.fragment:
        # Not repeated: what should not be in it may be a secret.
        raise UsageError(
            "USE011",
            "--base has more than an address in it",
            f"Give https://HOST/PATH alone, and credentials by {TOKEN}, or {USER} and {PASSWORD}.",
        )
    return base.rstrip("/")


class _Atlassian:
    def __init__(self, client: Any, address: str) -> None:
        self._client, self._address = client, address

    def json(self, path: str, parameters: Mapping[str, str | int]) -> Any:
        response = self._response(path, parameters)
        host = urlsplit(response.url).hostname
        if host != urlsplit(self._address).hostname:
            raise no_answer(f"a redirect to another host, {host}")
        try:
            return response.json()
        except json.JSONDecodeError as error:
            kind = _kind(response)
            raise no_answer("damaged JSON" if "json" in kind.lower() else f"no JSON but {kind}") from error
        except RecursionError as error:
            raise no_answer("JSON that is nested too deeply") from error
        except ValueError as error:  # Python refuses to make numbers of them
            raise no_answer("JSON with a number of too many digits") from error

    def data(self, path: str) -> bytes:
        return bytes(self._response(path, {}).content)

    def _response(self, path: str, parameters: Mapping[str, str | int]) -> Any:
        import requests  # noqa: PLC0415  comes with the client
        import urllib3  # noqa: PLC0415  as above

        try:
            response = self._client.session.get(
                f"{self._address}{path}", params=dict(parameters), timeout=_TIMEOUT, stream=True
            )
            self._refuse(response)
            _take(response)
        except (requests.RequestException, urllib3.exceptions.HTTPError, ValueError) as error:
            raise self._failure(error) from error
        return response

    def _failure(self, error: Exception) -> FetchError:
        """Return what is wrong where there is no answer, or none that can be read."""
        import requests  # noqa: PLC0415  comes with the client

        if isinstance(error, requests.TooManyRedirects):
            return no_answer("redirects without end")
        if isinstance(error, ValueError) and not isinstance(error, requests.exceptions.InvalidProxyURL):
            return no_answer("a redirect to what is no web address")
        if _LONG_HEADERS.search(str(error)) is not None:
            return no_answer("more headers, or longer ones, than are read")
        return FetchError(
            "FET001",
            f"{self._address} can't be reached: {_cause(error)}",
            "Check --base and the network; the next run goes on where this one stopped.",
        )

    def _refuse(self, response: Any) -> None:
        status = response.status_code
        if status < 400:  # noqa: PLR2004  HTTP's errors begin there
            return
        if status not in _WORDS:
            raise FetchError("FET004", f"{self._address}: the server answered {status}", _LATER)
        code, message, hint = _WORDS[status]
        raise FetchError(code, f"{self._address}: {message} ({status})", hint)


def _take(response: Any) -> None:
    """Read the body of a response, as long as it is not too large, and not too slow."""
    # Gives what there is, so that time is looked at in between; older urllib3 waits for more.
    read = getattr(response.raw, "read1", response.raw.read)
    until = time.monotonic() + LONGEST
    pieces, size = [], 0
    while piece := read(_PIECE, decode_content=True):
        if time.monotonic() > until:
            response.close()
            raise FetchError(
                "FET004",
                f"the server's answer has no end within {LONGEST} seconds",
                _LATER,
            )
        size += len(piece)
        if size > LARGEST:
            response.close()
            raise FetchError(
                "FET004",
                f"the server's answer has more than {LARGEST:,} bytes",
                "Narrow the fetch by --label.",
            )
        pieces.append(piece)
    response._content = b"".join(pieces)  # noqa: SLF001  what requests itself keeps there


def _kind(response: Any) -> str:
    return str(response.headers.get("Content-Type") or "nothing").partition(";")[0]


def _cause(error: Exception) -> str:
    """Return what is behind an error of requests, without addresses, which may hold secrets."""
    text = re.sub(r"https?://\S+", "…", str(error))
    named = re.search(r"\[Errno -?\d+\] [^'\")]+|Read timed out|Name or service not known", text)
    return named[0] if named else type(error).__name__
