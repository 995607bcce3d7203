"""Everything that termsmith raises on purpose.

::

    TermsmithError            has ``code``, ``hint`` and ``exit_status``
    ├── PageError             a page can't be read or understood; carries its findings
    ├── SourceError           SRC: a source can't be found or read from disk
    ├── UsageError            USE: a request makes no sense (unknown dialect, bad FHIR version)
    ├── SettingsError         SET: a configuration, sidecar or dialect table is wrong
    ├── OutputError           OUT: a result can't be written
    ├── FetchError            FET: a server that pages are fetched from can't be reached, or refuses
    └── ServerError           SRV: a server can't be used at all; the faults of one resource are findings

`termsmith.convert` turns a `PageError` into the findings that it carries: a page's faults are data.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from termsmith.model.finding import Finding


class TermsmithError(Exception):
    """Something that stops us, worded for the user."""

    exit_status = 2
    """What the command line exits with."""

    def __init__(self, code: str, message: str, hint: str) -> None:
        """Take a stable code, what was found where, and what to do next."""
        self.code, self.message, self.hint = code, message, hint
        super().__init__(f"{code}: {message}")

    def __reduce__(self) -> tuple[type[TermsmithError], tuple[str, str, str]]:
        """Let worker processes hand errors back."""
        return (type(self), (self.code, self.message, self.hint))


class PageError(Exception):
    """A page that can't be read or understood; never leaves `termsmith.convert`."""

    def __init__(self, finding: Finding, *others: Finding) -> None:
        """Take the finding that says what is wrong, or several that say so."""
        self.finding, self.findings = finding, (finding, *others)
        super().__init__(f"{finding.code}: {finding.message}")


class SourceError(TermsmithError):
    """A source can't be found or read from disk."""


class UsageError(TermsmithError):
    """A request makes no sense."""


class SettingsError(TermsmithError):
    """A configuration, a sidecar or a dialect table is wrong."""


class OutputError(TermsmithError):
    """A result can't be written."""


class FetchError(TermsmithError):
    """A server that pages are fetched from can't be reached, refuses, or answers nonsense."""


class ServerError(TermsmithError):
    """A server can't be used at all."""


def cause_of(error: OSError | ValueError) -> str:
    """Return why a path can't be opened, in the system's words; one with a NUL in it is a ValueError."""
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
