from __future__ import annotations

import pytest

from termsmith.errors import PageError
from termsmith.pages.decode import LARGEST, check_size, decode

TEXT = "Curaçao – “Code”\nline two\n"


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("utf-16"),
        b"\xff\xfe" + TEXT.encode("utf-16-le"),
        b"\xfe\xff" + TEXT.encode("utf-16-be"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
        TEXT.encode("utf-32"),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.replace("\n", "\r").encode("utf-16"),
    ],
)
def test_unicode_is_recognised_with_any_line_end(data: bytes) -> None:
    assert decode(data) == (TEXT, ())


def test_other_bytes_are_read_as_windows_1252_and_that_is_said() -> None:
    text, findings = decode(TEXT.encode("cp1252"))
    assert text == TEXT
    assert [(each.code, each.message) for each in findings] == [("PAG102", "no UTF-8; read as windows-1252")]


def test_bytes_that_windows_1252_lacks_are_lost() -> None:
    assert decode(b"caf\xe9 \x81")[0] == "café \N{REPLACEMENT CHARACTER}"


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ('<?xml version="1.0" encoding="ISO-8859-2"?>', "iso-8859-2"),
        ("<html><meta charset=windows-1250>", "windows-1250"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=koi8-r">', "koi8-r"),
        ("<meta charset='iso-8859-1'>", "cp1252"),
    ],
)
def test_a_declared_encoding_is_believed_where_utf_8_does_not_fit(head: str, encoding: str) -> None:
    character = b"\xf8".decode(encoding)
    assert decode(head.encode() + b"\xf8") == (head + character, ())


@pytest.mark.parametrize("name", ["rot13", "base64", "utf-7", "no-such-thing", "iso-8859-99"])
def test_an_unknown_declaration_is_not_believed(name: str) -> None:
    _, findings = decode(f"<meta charset={name}>".encode() + b"\xe9")
    assert [each.code for each in findings] == ["PAG102"]


def test_an_odd_byte_at_the_end_of_utf_16_is_lost() -> None:
    assert decode("ab".encode("utf-16") + b"x")[0] == "ab\N{REPLACEMENT CHARACTER}"


def test_only_what_is_too_large_is_refused() -> None:
    check_size(LARGEST)
    with pytest.raises(PageError, match=r"PAG002: the page has more than 10,000,000 bytes"):
        check_size(LARGEST + 1)
