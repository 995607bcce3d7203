from __future__ import annotations

from contextlib import suppress

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
