"""Who we are to a server: from the environment only, and never shown."""

from __future__ import annotations

import base64
import html
import json
import re
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus

from termsmith.errors import ServerError

if TYPE_CHECKING:
    from collections.abc import Mapping

TOKEN, USER, PASSWORD = "TERMSMITH_TOKEN", "TERMSMITH_USER", "TERMSMITH_PASSWORD"
_TOKEN_FORM = re.compile(r"[A-Za-z0-9._~+/-]+=*")
"""RFC 6750, 2.1."""
_HIDDEN = "[hidden]"
_SHORTEST_HIDDEN = 4
"""Characters of what is hidden in texts; hiding shorter secrets would spoil every word."""


class Credentials:
    """An Authorization header; shows nothing of itself."""

    __slots__ = ("_secrets", "authorization")

    def __init__(self, authorization: str, secrets: tuple[str, ...]) -> None:
        """Take the header's value, and what of it must never be shown."""
        self.authorization = authorization
        forms = {form for each in secrets if len(each) >= _SHORTEST_HIDDEN for form in _forms(each)}
        self._secrets = tuple(sorted(forms, key=lambda form: (-len(form), form)))

    def __repr__(self) -> str:
        return "Credentials([hidden])"

    def redacted(self, text: str) -> str:
        """Return a text, such as a server's answer, without the secrets that it repeats."""
        for secret in self._secrets:
            text = text.replace(secret, _HIDDEN)
        return text

    def redacted_beginning(self, text: str) -> str:
        """As `redacted`, for a text of which the rest is cut off: a secret may begin at its end."""
        text = self.redacted(text)
        most = max((len(secret) - 1 for secret in self._secrets), default=0)
        for length in range(min(most, len(text)), 0, -1):
            if any(secret.startswith(text[-length:]) for secret in self._secrets):
                return text[:-length]
        return text


def _forms(secret: str) -> tuple[str, ...]:
    """Return a secret as it may be written in the formats that servers answer with."""
    quoted = json.dumps(secret)[1:-1]
    return (
        secret,
        quoted,
        quoted.replace("/", "\\/"),
        json.dumps(secret, ensure_ascii=False)[1:-1],
        repr(secret)[1:-1],
        html.escape(secret),
        html.escape(secret, quote=False),
        quote(secret),
        quote(secret, safe=""),
        quote_plus(secret),
        base64.b64encode(secret.encode()).decode("ascii").rstrip("="),
    )


def credentials_of(environment: Mapping[str, str]) -> Credentials | None:
    """Return the credentials that the environment has; nothing where it has none.

    Raises:
        ServerError: SRV003, when they are contradictory, incomplete, or no header may hold them.
    """
    token, user, password = (environment.get(name, "") for name in (TOKEN, USER, PASSWORD))
    if token and (user or password):
        raise _wrong(f"{TOKEN} is set beside {USER} or {PASSWORD}", "Unset what the server does not want.")
    if token:
        if _TOKEN_FORM.fullmatch(token) is None:
            raise _wrong(f"{TOKEN} is no bearer token", "It may have a line end, a blank or quotes too much.")
        return Credentials(f"Bearer {token}", (token,))
    if not user and not password:
        return None
    if not user or not password:
        missing = PASSWORD if user else USER
        raise _wrong(f"{missing} is not set", f"Set both {USER} and {PASSWORD}.")
    if ":" in user or not (user + password).isprintable():
        raise _wrong(
            f"{USER} or {PASSWORD} has a character that basic authentication does not take",
            "No colon may be in the user name, and no line end in either.",
        )
    basic = base64.b64encode(f"{user}:{password}".encode()).decode("ascii")
    return Credentials(f"Basic {basic}", (password, basic))


def _wrong(message: str, hint: str) -> ServerError:
    return ServerError("SRV003", message, hint)
