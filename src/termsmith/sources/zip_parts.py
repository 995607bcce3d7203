"""Parts of a zip archive, read without trust in what it says of them."""

from __future__ import annotations

import zipfile
from typing import IO

_PIECE = 1 << 16
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
"""The others are in no document (ECMA-376 part 2, annex B), and zipfile unpacks them without limit."""
_ENCRYPTED = 1
"""Bit of the flags."""


def open_part(archive: zipfile.ZipFile, part: str | zipfile.ZipInfo) -> IO[bytes]:
    """Open a part, to be read in pieces.

    Asked for all, zipfile unpacks all that there is, and only then cuts off what goes beyond the size that
    the archive states.

    Raises:
        KeyError: When the archive has no such part.
        zipfile.BadZipFile: When it is damaged, or can't be read without a password.
    """
    entry = archive.getinfo(part) if isinstance(part, str) else part
    if entry.flag_bits & _ENCRYPTED:
        raise zipfile.BadZipFile("it is protected by a password")
    if entry.compress_type not in _METHODS:
        raise zipfile.BadZipFile(f"{entry.filename} is compressed as no document is")
    return archive.open(entry)


def read_part(archive: zipfile.ZipFile, part: str | zipfile.ZipInfo) -> bytes:
    """Return a part's content, never more of it in memory than the archive states, and one piece.

    Raises:
        KeyError: When the archive has no such part.
        zipfile.BadZipFile: When it is damaged, has another size than stated, or needs a password.
    """
    with open_part(archive, part) as file:
        return b"".join(iter(lambda: file.read(_PIECE), b""))
