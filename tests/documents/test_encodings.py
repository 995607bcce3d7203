"""How a file's letters are encoded."""

from __future__ import annotations

import pytest

from termsmith.documents.encodings import Decoded, EncodingFault, beginning_as_utf8, decode_xml, wide_encoding

TEXT = '<a b="é茶"/>'


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_wide_encodings_are_known_by_their_zeros(encoding: str) -> None:
    data = TEXT.encode(encoding)
    assert wide_encoding(data) == encoding
    assert beginning_as_utf8(data) == TEXT.encode()
    assert decode_xml(data) == Decoded(TEXT.encode(), encoding[:6].upper(), is_utf8=False)


@pytest.mark.parametrize("data", [b"", b"<", b"<a/>", b"\xef\xbb\xbf<a/>", "é".encode(), b"<a>\0</a>"])
def test_others_are_not_wide(data: bytes) -> None:
    assert wide_encoding(data) is None
    decoded = decode_xml(data)
    assert isinstance(decoded, Decoded)
    assert (decoded.data, decoded.is_utf8) == (data, True)


@pytest.mark.parametrize("stated", ["ISO-8859-15", "windows-1252", "Shift_JIS", "EUC-JP", "GB18030"])
def test_a_declared_encoding_is_read(stated: str) -> None:
    letter = "茶" if stated in {"Shift_JIS", "EUC-JP", "GB18030"} else "é"
    text = f"<?xml version='1.0' encoding='{stated}'?><a b='{letter}'/>"
    assert decode_xml(text.encode(stated)) == Decoded(text.encode(), stated, is_utf8=False)


@pytest.mark.parametrize(
    ("stated", "problem"),
    [
        ("klingon", "its encoding klingon is not known"),
        ("punycode", "its encoding punycode is not known"),
        ("unicode_escape", "its encoding unicode_escape is not known"),
        ("zip", "its encoding zip is not known"),
        ("undefined", "its encoding undefined is not known"),
        ("UTF-16", "it says that it is UTF-16, but its bytes are not"),
    ],
)
def test_what_is_no_encoding_of_files_is_told_with_its_place(stated: str, problem: str) -> None:
    data = f'<?xml version="1.0"\n  encoding="{stated}"?><a/>'.encode()
    assert decode_xml(data) == EncodingFault(problem, 2, 13)


def test_bytes_that_an_encoding_has_not_are_told_with_their_place() -> None:
    data = b'<?xml version="1.0" encoding="Shift_JIS"?>\n<a b="\x8a\xa0\xff"/>'
    assert decode_xml(data) == EncodingFault("byte 0xff can't stand there in Shift_JIS", 2, 8)
