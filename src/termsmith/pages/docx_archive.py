"""The archive that a Word document is: what is in it, and whether it is safe to unpack.

python-docx is not used: it leaves out what stands in content controls and in tracked insertions, and it takes
ten times as long for a large table. Styles and numbering are needed for headings and lists only.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from io import BytesIO

from termsmith.catalogue import PAGE_BINARY, PAGE_MALFORMED, PAGE_PARTS_UNREAD
from termsmith.errors import PageError
from termsmith.pages.decode import check_size
from termsmith.pages.docx_document import read_body
from termsmith.pages.docx_parts import FORMAT, MAIN_PART, read_links, read_numbering, read_styles
from termsmith.pages.reader import Reading
from termsmith.sources.zip_parts import read_part

LARGEST_UNPACKED = 50_000_000
"""Bytes of all members together; a document that unpacks to more is refused."""

LARGEST_PART_SEARCHED = 1_000_000
_MOST_MEMBERS = 5_000
_UNREAD = {
    "headers": re.compile(r"word/header\d*\.xml"),
    "footers": re.compile(r"word/footer\d*\.xml"),
    "footnotes": re.compile(r"word/footnotes\.xml"),
    "endnotes": re.compile(r"word/endnotes\.xml"),
    "comments": re.compile(r"word/comments\.xml"),
}
"""Parts beside the body, which are reported when they have text."""
_TEXT = re.compile(rb"<w:t(?: [^<>]*)?>[^<]*[^<\s]")
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
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError) as error:
        raise _malformed(str(error)) from None
    except EOFError:
        raise _malformed("it ends too early") from None
    except (OSError, ValueError):
        # What zipfile says of places that are in no file helps nobody.
        raise _malformed("its list of parts is damaged") from None
    if MAIN_PART not in parts:
        raise PageError(PAGE_BINARY.found())
    draft = read_body(
        parts[MAIN_PART],
        styles=read_styles(parts.get("word/styles.xml")),
        numbering=read_numbering(parts.get("word/numbering.xml")),
        links=read_links(parts.get("word/_rels/document.xml.rels")),
    )
    unread = [kind for kind in _UNREAD if kind in parts]
    reading = Reading(draft=draft)
    if unread:
        return reading.with_finding(PAGE_PARTS_UNREAD.found(parts=" and ".join(unread)))
    return reading


def _parts(archive: zipfile.ZipFile) -> dict[str, bytes]:
    members = archive.infolist()
    if len(members) > _MOST_MEMBERS:
        raise _malformed(f"it has {len(members):,} members")
    total = sum(member.file_size for member in members)
    if total > LARGEST_UNPACKED:
        raise _malformed(f"it unpacks to {total:,} bytes; at most {LARGEST_UNPACKED:,} are read")
    wanted = {MAIN_PART, *_OTHER_PARTS}
    parts = [member for member in members if member.filename in wanted]
    for member in parts:
        check_size(member.file_size)
    read = {member.filename: read_part(archive, member) for member in parts}
    for kind, name in _UNREAD.items():
        beside = [member for member in members if name.fullmatch(member.filename)]
        texts = [read_part(archive, member) for member in beside if member.file_size <= LARGEST_PART_SEARCHED]
        if any(_TEXT.search(text) for text in texts):
            read[kind] = b""
    return read


def _malformed(problem: str) -> PageError:
    return PageError(PAGE_MALFORMED.found(format=FORMAT, problem=problem))
