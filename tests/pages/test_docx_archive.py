from __future__ import annotations

import struct
import tracemalloc
from contextlib import suppress
from io import BytesIO
from zipfile import ZipFile

import pytest

from pages.documents import archive, document, paragraph
from pages.printed import assert_lawful, read
from termsmith.errors import PageError


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (document(paragraph("x"))[:-30], "PAG004"),
        (b"PK\x03\x04" + b"x" * 100, "PAG004"),
        (archive({"word/document.xml": "<w:document>"}), "PAG004"),
        (archive({"word/document.xml": "<a/>", "word/styles.xml": "<a>"}), "PAG004"),
        (archive({"xl/workbook.xml": "<a/>"}), "PAG003"),
    ],
)
def test_damaged_documents_and_other_archives_are_refused(data: bytes, code: str) -> None:
    with pytest.raises(PageError) as raised:
        read(data)
    assert raised.value.finding.code == code


def test_flipped_bytes_give_a_page_or_a_page_error() -> None:
    data = document(paragraph("Acme"))
    for at in range(0, len(data), 3):
        damaged = bytearray(data)
        damaged[at] ^= 0xFF
        with suppress(PageError):
            assert_lawful(read(bytes(damaged)))


def test_a_document_with_a_password_is_named_so() -> None:
    data = bytearray(document(paragraph("Acme")))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(PageError, match="can't be read: it is protected by a password"):
        read(bytes(data))


def test_a_list_of_parts_that_leads_nowhere_is_damaged() -> None:
    data = document(paragraph("Acme"))
    with pytest.raises(PageError, match="can't be read: its list of parts is damaged"):
        read(data[:-6] + b"\xff" * 6)


def test_a_body_that_is_larger_than_stated_takes_no_memory() -> None:
    data = document(paragraph("A" * 40_000_000))
    size = len(ZipFile(BytesIO(data)).read("word/document.xml"))
    tracemalloc.start()
    try:
        with pytest.raises(PageError, match="Bad CRC-32"):
            read(data.replace(struct.pack("<L", size), struct.pack("<L", 1000)))
        assert tracemalloc.get_traced_memory()[1] < 8_000_000
    finally:
        tracemalloc.stop()
