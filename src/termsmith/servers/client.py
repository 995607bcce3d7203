"""The HTTP edge: requests, repeated where that helps, and answers of bounded size.

Redirects are followed within the server only. Credentials therefore never reach another host, and nothing is
sent to a server that nobody named.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self
from urllib.parse import urljoin

from termsmith import __version__
from termsmith.errors import ServerError
from termsmith.servers.address import origin_of
from termsmith.servers.answers import Answer
from termsmith.servers.patience import RETRIED, Patience, wait_before

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from types import TracebackType

    import httpx

    from termsmith.servers.credentials import Credentials

FHIR_JSON = "application/fhir+json"
_MOST_REDIRECTS = 5
_REDIRECTS_OF_GET = frozenset({301, 302, 303, 307, 308})
_REDIRECTS_OF_PUT = frozenset({307, 308})
"""Those that keep the method; after the others, a PUT would become a GET."""
_FIRST_FAILURE = 400
_LONGEST_PROBLEM = 300
"""Characters of what went wrong."""
_LARGEST_FAILURE = 1_000_000
"""Bytes of an answer that tells of a failure; what is behind them is not needed."""


class NoAnswerError(Exception):
    """A request that got no answer at all, however often it was made."""

    def __init__(self, problem: str, attempts: int) -> None:
        """Take what went wrong the last time, and the number of requests."""
        self.problem, self.attempts = problem, attempts
        super().__init__(problem)


@dataclass(frozen=True, slots=True)
class _Request:
    method: str
    url: str
    headers: Mapping[str, str]
    body: Callable[[], Iterable[bytes]] | None
    """Gives the bytes anew for each attempt."""


class Client:
    """Makes requests of one server."""

    def __init__(
        self,
        address: str,
        credentials: Credentials | None = None,
        patience: Patience | None = None,
        *,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Take the server's base URL, and who we are.

        Raises:
            ServerError: SRV004, when httpx is not installed.
        """
        try:
            import httpx  # noqa: PLC0415  an extra, and 120 ms
        except ImportError as error:
            raise ServerError(
                "SRV004", "httpx is not installed, which uploads need", "pip install 'termsmith[upload]'"
            ) from error
        self.address = address
        self._credentials = credentials
        self._patience = patience or Patience()
        self._sleep = sleep
        self._httpx = httpx
        self._client = httpx.Client(
            timeout=self._patience.timeout,
            follow_redirects=False,
            headers={
                "User-Agent": f"termsmith/{__version__}",
                "Accept": FHIR_JSON,
                # What is compared must be there now: servers remember results of searches for a while.
                "Cache-Control": "no-cache",
            },
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._client.close()

    def redacted(self, text: str) -> str:
        """Return a text without our secrets."""
        return text if self._credentials is None else self._credentials.redacted(text)

    def get(self, path: str) -> Answer:
        """Ask for something.

        Args:
            path: Below the server's base, with its query; or a URL below it, such as that of a next page.

        Raises:
            NoAnswerError: When there is none.
        """
        return self._patiently(_Request("GET", self._url(path), {}, None))

    def put(self, path: str, headers: Mapping[str, str], body: Callable[[], Iterable[bytes]]) -> Answer:
        """Send something.

        Args:
            path: Below the server's base, with its query.
            headers: With Content-Length and Content-Type.
            body: Gives the bytes anew for each attempt.

        Raises:
            NoAnswerError: When there is none.
        """
        return self._patiently(_Request("PUT", self._url(path), headers, body))

    def _url(self, path: str) -> str:
        return path if path.startswith(("http://", "https://")) else f"{self.address}/{path}"

    def _patiently(self, request: _Request) -> Answer:
        """Make a request as often as patience lasts."""
        attempt = 1
        while True:
            answered: Mapping[str, str] = {}
            try:
                answer = self._redirected(request, attempt)
                if answer.status not in RETRIED or attempt >= self._patience.attempts:
                    return answer
                answered = answer.headers
            except (self._httpx.RequestError, self._httpx.InvalidURL) as error:
                problem = _problem(error, self._patience)
                if attempt >= self._patience.attempts or _is_final(error):
                    raise NoAnswerError(self.redacted(problem)[:_LONGEST_PROBLEM], attempt) from None
            attempt += 1
            self._sleep(wait_before(attempt, answered, self._patience))

    def _redirected(self, request: _Request, attempt: int) -> Answer:
        """Make a request, and again where the server has moved what is asked for."""
        followed = _REDIRECTS_OF_GET if request.method == "GET" else _REDIRECTS_OF_PUT
        answer = self._once(request, attempt)
        for _ in range(_MOST_REDIRECTS):
            target = urljoin(answer.url, answer.headers.get("location", ""))
            if (
                answer.status not in followed
                or "location" not in answer.headers
                or origin_of(target) != origin_of(self.address)
            ):
                break
            answer = self._once(replace(request, url=target), attempt)
        return answer

    def _once(self, request: _Request, attempt: int) -> Answer:
        sent = dict(request.headers)
        if self._credentials is not None and origin_of(request.url) == origin_of(self.address):
            sent["Authorization"] = self._credentials.authorization
        content = None if request.body is None else request.body()
        with self._client.stream(request.method, request.url, headers=sent, content=content) as response:
            data, problem = self._body(response)
        return Answer(
            method=request.method,
            url=request.url,
            status=response.status_code,
            headers={name.lower(): value for name, value in response.headers.items()},
            body=data,
            problem=problem,
            attempts=attempt,
            credentials=self._credentials,
        )

    def _body(self, response: httpx.Response) -> tuple[bytes, str | None]:
        """Return an answer's body, and why it is not whole."""
        failed = response.status_code >= _FIRST_FAILURE
        limit = _LARGEST_FAILURE if failed else self._patience.largest_answer
        until = time.monotonic() + self._patience.longest_answer
        data = bytearray()
        for chunk in response.iter_bytes():  # as they come, so that time is looked at in between
            data += chunk
            if len(data) > limit:
                return bytes(data[:limit]), None if failed else f"more than {limit:,} bytes"
            if time.monotonic() > until:
                return bytes(data), f"no end within {self._patience.longest_answer:g} seconds"
        return bytes(data), None


def _problem(error: Exception, patience: Patience) -> str:
    """Return what went wrong, in words; httpx's own are often empty."""
    words = {
        "ConnectTimeout": f"no connection within {patience.timeout:g} seconds",
        "ReadTimeout": f"no answer within {patience.timeout:g} seconds",
        "WriteTimeout": f"it took nothing for {patience.timeout:g} seconds",
        "ConnectError": f"no connection: {error}",
        "RemoteProtocolError": f"it broke off, or does not speak HTTP: {error}",
        "DecodingError": f"its compressed answer is damaged: {error}",
        "InvalidURL": f"it redirects to what is no URL: {error}",
    }
    kind = type(error).__name__
    return words.get(kind, f"{kind}: {error}" if str(error) else kind)


def _is_final(error: Exception) -> bool:
    """Tell whether another attempt can't help: certificates and URLs stay wrong."""
    wrong_url = type(error).__name__ in {"InvalidURL", "UnsupportedProtocol"}
    return wrong_url or "CERTIFICATE" in str(error).upper()
