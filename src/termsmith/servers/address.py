"""The URL of a FHIR server, as users give it."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

from termsmith.errors import ServerError

_HINT = "Give the base that requests are made below, such as https://server.example/fhir."
_HINT_TO_HIDE = (
    "Give the URL without it, and the secret in the environment: TERMSMITH_TOKEN, or TERMSMITH_USER and "
    "TERMSMITH_PASSWORD."
)


def server_address(url: str) -> str:
    """Return the base URL of a server without a slash at the end.

    What may hold a secret (user, password, query, fragment) is refused, and not repeated in the message.

    Raises:
        ServerError: SRV001, when it is no http or https URL; SRV002, when it may hold a secret.

    >>> server_address("https://server.example/fhir/")
    'https://server.example/fhir'
    """
    parts = _parts(url)
    if parts is not None and "@" in parts.netloc:
        raise ServerError("SRV002", "the server's URL holds a user name, password or token", _HINT_TO_HIDE)
    if parts is not None and (parts.query or parts.fragment or url.rstrip().endswith(("?", "#"))):
        raise ServerError(
            "SRV002", "the server's URL has a query or fragment, which may hold a token", _HINT_TO_HIDE
        )
    if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ServerError("SRV001", "the server's URL is no http or https URL", _HINT)
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def origin_of(url: str) -> tuple[str, str, int] | None:
    """Return scheme, host and port: what must be the same for credentials to be sent; nothing where unclear.

    >>> origin_of("https://Server.example/a") == origin_of("https://server.example:443/b")
    True
    """
    parts = _parts(url)
    if parts is None or not parts.hostname:
        return None
    return parts.scheme, parts.hostname, parts.port or {"https": 443}.get(parts.scheme, 80)


def without_secrets(url: str) -> str:
    """Return a URL that came from elsewhere as it may be shown: without user, query and fragment.

    >>> without_secrets("https://user:pass@server.example/login?next=x&token=abc")
    'https://server.example/login'
    """
    parts = _parts(url)
    if parts is None:
        return "an unreadable URL"
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}" if parts.netloc else parts.path


def is_open(url: str) -> bool:
    """Tell whether what is sent there can be read on the way.

    >>> is_open("http://server.example"), is_open("http://localhost:8080"), is_open("https://server.example")
    (True, False, False)
    """
    parts = _parts(url)
    return (
        parts is not None
        and parts.scheme == "http"
        and parts.hostname not in {"localhost", "127.0.0.1", "::1"}
    )


def _parts(url: str) -> SplitResult | None:
    """Return a URL's parts; nothing where it has none, or characters that parsers silently drop."""
    if any(character.isspace() or not character.isprintable() for character in url):
        return None
    try:
        parts = urlsplit(url)
        _ = parts.port
        (parts.hostname or "").encode("idna")  # fails for a name that no host can have
    except ValueError:
        return None
    return parts
