from __future__ import annotations

import pytest

from pages.printed import codes, outline, read
from termsmith.errors import PageError

HEAD = "Date: Mon, 24 May 2021 10:11:12 +0000\nSubject: Exported From Confluence\nMIME-Version: 1.0\n"
MULTIPART = (
    HEAD + 'Content-Type: multipart/related;\n\tboundary="--=_x"\n\n----=_x\nContent-Type: {type}\n'
    "Content-Transfer-Encoding: quoted-printable\n\n{html}\n----=_x--\n"
)


def test_the_html_part_is_the_page() -> None:
    html = "<html><head><title>Acme</title></head><body>=\n<h1>Acme</h1><table><tr><td>caf=C3=A9 =3D 1</td></tr></table>"
    page = read(MULTIPART.format(type="text/html; charset=UTF-8", html=html))
    assert (page.format, page.title) == ("word-export", "Acme")
    assert outline(page) == ["# Acme <page title>", "1: café = 1"]


def test_other_encodings_of_the_part_are_found_out() -> None:
    page = read(MULTIPART.format(type="text/html", html="<p>caf=E9</p>"))
    assert outline(page) == ["café"]
    assert codes(page) == ["PAG102"]


@pytest.mark.parametrize(
    "text", [HEAD, HEAD + "Content-Type: text/plain\n\nx", MULTIPART.format(type="text/plain", html="x")]
)
def test_a_message_without_html_is_refused(text: str) -> None:
    with pytest.raises(PageError, match="PAG004: the file looks like a Word export"):
        read(text)


def test_a_text_that_begins_like_a_header_is_a_text() -> None:
    assert read("Name: Acme\nOID: 2.999\n\nMIME-Version: 1.0").format == "text"
