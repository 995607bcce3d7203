"""The archive that a Word document is: what is in it, and whether it is safe to unpack.

python-docx is not used: it leaves out what stands in content controls and in tracked insertions, and it takes
ten times as long for a large table. Styles and numbering are needed for headings and lists only.
"""

from __future__ import annotations

import zipfile
import zlib
from io import BytesIO

from termsmith.catalogue import PAGE_BINARY, PAGE_MALFORMED
from termsmith.errors import PageError
from termsmith.pages.decode import check_size
from termsmith.pages.docx_document import read_body
from termsmith.pages.docx_parts import FORMAT, MAIN_PART, read_links, read_numbering, read_styles
from termsmith.pages.reader import Reading

LARGEST_UNPACKED = 50_000_000
"""Bytes of all members together; a document that unpacks to more is refused."""

_MOST_MEMBERS = 5_000
_OTHER_PARTS = ("word/styles.xml", "word/numbering.xml", "word/_rels/document.xml.rels")


def read_archive(data: bytes) -> Reading:
    """Read the body of a document.

    Lines are numbers of paragraphs, in the order of the document; columns count the paragraph's characters.

    Raises:
        PageError: PAG003, when it is another kind of archive; PAG004, when it is damaged or too large when
            unpacked; PAG005 and PAG006, as for XHTML.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            parts = _parts(archive)
    except (
        zipfile.BadZipFile,
        zlib.error,
        OSError,
        ValueError,
        NotImplementedError,
        RuntimeError,
        EOFError,
    ) as error:
        raise _malformed(str(error)) from None
    if MAIN_PART not in parts:
        raise PageError(PAGE_BINARY.found())
    draft = read_body(
        parts[MAIN_PART],
        styles=read_styles(parts.get("word/styles.xml")),
        numbering=read_numbering(parts.get("word/numbering.xml")),
        links=read_links(parts.get("word/_rels/document.xml.rels")),
    )
    return Reading(draft=draft)


def _parts(archive: zipfile.ZipFile) -> dict[str, bytes]:
    members = archive.infolist()
    if len(members) > _MOST_MEMBERS:
        raise ValueError(f"it has {len(members):,} members")
    total = sum(member.file_size for member in members)
    if total > LARGEST_UNPACKED:
        raise ValueError(f"it unpacks to {total:,} bytes; at most {LARGEST_UNPACKED:,} are read")
    wanted = {MAIN_PART, *_OTHER_PARTS}
    parts = [member for member in members if member.filename in wanted]
    for member in parts:
        check_size(member.file_size)
    return {member.filename: archive.read(member) for member in parts}


def _malformed(problem: str) -> PageError:
    return PageError(PAGE_MALFORMED.found(format=FORMAT, problem=problem))
