"""Word documents (.docx)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from termsmith.pages.reader import Reading


def is_docx(data: bytes) -> bool:
    """Say whether the file is a zip archive."""
    return data.startswith(b"PK\x03\x04")


def read_docx(data: bytes) -> Reading:
    """Read the body of a document; see `termsmith.pages.docx_archive.read_archive`."""
    from termsmith.pages.docx_archive import read_archive  # noqa: PLC0415  few pages are documents

    return read_archive(data)
