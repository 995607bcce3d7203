from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pages.documents import archive, document, paragraph
from pages.printed import assert_lawful, codes, misplaced, outline, read, texts
from termsmith.errors import PageError
from termsmith.pages.markup import DEEPEST
from termsmith.pages.reading import FILE_FORMATS, TEXT_FORMATS, read_page

SHARED = Path(__file__).parents[3] / "shared"
CORPUS = SHARED / "corpus"
PAGES = sorted(
    path
    for folder in ("hta", "tsmg/pages", "d5", "d6")
    for path in (CORPUS / folder).glob("*.*")
    if path.name != "gold.json"
)
WITHOUT_PLACES_IN_THE_FILE = {".doc", ".docx", ".json"}
needs_corpus = pytest.mark.skipif(not PAGES, reason="no ../shared/corpus beside the project")
SHAPES = {
    "para.txt": "text",
    "glued.txt": "text",
    "pipes.md": "pipes",
    "headings.md": "markdown",
    "table.md": "markdown",
    "view.html": "html",
    "storage.xml": "confluence-storage",
    "rest.json": "confluence-rest",
    "word.doc": "word-export",
    "table.docx": "docx",
}

ROW = "<tr><td>Name</td><td>Acme &amp; Sons<br>2 High St</td></tr>"
EVERY_FORMAT = {
    "text": b"Name\n\nAcme\n",
    "pipes": b"Name | Acme |\nOID | 2.999 |\n",
    "markdown": b"# Acme\n\n## Name\n\nAcme *codes*\n",
    "html": f"<html><body><table>{ROW}</table></body></html>".encode(),
    "xhtml": f'<table xmlns="http://www.w3.org/1999/xhtml">{ROW.replace("<br>", "<br/>")}</table>'.encode(),
    "confluence-storage": b'<p>Acme <ac:link><ri:user ri:userkey="1"/></ac:link></p>',
    "confluence-rest": b'{"title": "Acme", "body": {"storage": {"value": "<p>Acme</p>"}}}',
    "word-export": b"MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n<p>Acme</p>",
    "docx": document(paragraph("Acme")),
}


if TYPE_CHECKING:
    from termsmith.model.page import Page


def refusal(data: bytes) -> str:
    with pytest.raises(PageError) as raised:
        read_page(data, "page")
    return raised.value.finding.code


def try_to_read(data: bytes) -> Page | None:
    try:
        return read_page(data, "page")
    except PageError:
        return None


def test_each_format_is_told_by_its_content() -> None:
    assert {name: read(data).format for name, data in EVERY_FORMAT.items()} == {
        name: name for name in EVERY_FORMAT
    }
    assert set(EVERY_FORMAT) == {name for name, *_ in (*FILE_FORMATS, *TEXT_FORMATS)}


def test_a_page_keeps_its_source_title_and_date() -> None:
    page = read_page(
        b'{"title": "Acme", "version": {"when": "2021-05-24T23:30:00.000-05:00"},'
        b' "body": {"storage": {"value": "<h1>Acme codes</h1><p>x</p>"}}}',
        "folder/acme.json",
    )
    assert (page.source, page.title, page.version_date) == ("folder/acme.json", "Acme", "2021-05-24")
    assert outline(page) == ["# Acme codes <page title>", "x"]


def test_the_title_printed_on_the_page_serves_where_there_is_no_other() -> None:
    page = read("<h1>Acme codes</h1><p>text</p>")
    assert page.title == "Acme codes"


@needs_corpus
@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(CORPUS).as_posix())
def test_corpus_pages_are_lawful_and_every_character_is_in_its_place(path: Path) -> None:
    data = path.read_bytes()
    page = read_page(data, path.name)
    assert_lawful(page)
    if path.suffix not in WITHOUT_PLACES_IN_THE_FILE:
        assert misplaced(page, data.decode()) == []


@needs_corpus
@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(CORPUS).as_posix())
def test_corpus_pages_have_their_formats_and_no_warnings(path: Path) -> None:
    page = read_page(path.read_bytes(), path.name)
    shape = path.name.rpartition("-")[2] if path.parent.name == "hta" else ""
    assert page.format == SHAPES.get(shape, "xhtml")
    expected = {
        "mdr.xml": ["PAG105"],
        # Their curly quotes were broken by two wrong conversions before they were published.
        "ICHContextOfUse.xml": ["PAG104"],
        "MONDO.xml": ["PAG104"],
    }
    assert codes(page) == expected.get(path.name, [])


@needs_corpus
@pytest.mark.parametrize("name", ["D1-bcp47", "D1-gmdn", "D1-radlex2", "D2-gtr", "D2-orphanet", "D2-unii"])
def test_one_page_in_several_formats_has_the_same_cells(name: str) -> None:
    def cells(suffix: str) -> list[str]:
        page = read_page((CORPUS / "hta" / f"{name}-{suffix}").read_bytes(), suffix)
        return [
            page.text[block.start : block.end]
            for block in page.blocks
            if block.address and not block.furniture
        ]

    assert cells("view.html") == cells("storage.xml") == cells("rest.json") == cells("word.doc")
    assert " ".join(cells("table.docx")) == " ".join(cells("view.html"))


@pytest.mark.skipif(not (SHARED / "seed").is_dir(), reason="no ../shared/seed beside the project")
def test_the_seed_begins_and_ends_with_furniture() -> None:
    data = (SHARED / "seed" / "dicom.txt").read_bytes()
    page = read_page(data, "dicom.txt")
    assert_lawful(page)
    assert misplaced(page, data.decode()) == []
    assert [texts(page)[at] for at, block in enumerate(page.blocks) if block.furniture] == [
        "Page tree",
        "Skip to end of metadata",
        "Go to start of metadata",
        "You are viewing an old version of this page. View the current version.",
        "Compare with Current View Page History",
        "Version 1 Next »",
        "No labels",
    ]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "PAG001"),
        (b" \r\n\t\n", "PAG001"),
        ("\u200b\ufeff\u00ad \u00a0".encode(), "PAG001"),
        (b"<html><script>x</script></html>", "PAG001"),
        (b"<p></p>", "PAG001"),
        (b'<div xmlns="http://www.w3.org/1999/xhtml"/>', "PAG001"),
        (document(""), "PAG001"),
        (b"x" * 10_000_001, "PAG002"),
        (b"\0" * 50_000_000, "PAG002"),
        (b"\0", "PAG003"),
        (bytes(number * number * 7 % 251 for number in range(5_000)), "PAG003"),
        (b"%PDF-1.7 and some text", "PAG003"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 Word 97", "PAG003"),
        (archive({"a.txt": "text"}), "PAG003"),
    ],
)
def test_what_is_no_page_is_refused(data: bytes, code: str) -> None:
    assert refusal(data) == code


def test_a_page_of_controls_is_told_from_one_with_some() -> None:
    page = read(
        b"a\0 page with a \x01 few\x7f of them, but enough text around them to see that it is one" * 2
    )
    assert codes(page) == ["PAG104"]
    assert page.findings[0].message == (
        "6 control or text-direction character(s) (DEL, NUL, U+0001) were left out"
    )


@pytest.mark.parametrize("name", EVERY_FORMAT)
def test_truncated_files_are_read_or_refused(name: str) -> None:
    data = EVERY_FORMAT[name]
    for end in range(len(data)):
        page = try_to_read(data[:end])
        if page is not None:
            assert_lawful(page)


@pytest.mark.parametrize(
    "data",
    [
        b"<div>" * 10_000 + b"x",
        b'<div xmlns="http://www.w3.org/1999/xhtml">' + b"<b>" * 10_000 + b"x" + b"</b>" * 10_000 + b"</div>",
        b"<ac:layout>" * 10_000 + b"x" + b"</ac:layout>" * 10_000,
        b"# a\n\n# b\n\n" + b"<i>" * 10_000 + b"x",
        document("<w:tbl><w:tr><w:tc>" * 1_000 + paragraph("x") + "</w:tc></w:tr></w:tbl>" * 1_000),
    ],
    ids=["html", "xhtml", "storage", "markdown", "docx"],
)
def test_deep_nesting_is_refused(data: bytes) -> None:
    assert refusal(data) == "PAG005"


def test_what_may_be_nested_is_read() -> None:
    depth = DEEPEST - 4  # html and body are above, b is within
    assert texts(read("<div>" * depth + "<b>x")) == ["x"]


BOMB = (
    '<!DOCTYPE lolz [<!ENTITY lol "lol">'
    + "".join(f'<!ENTITY lol{n} "{f"&lol{n - 1 or str()};" * 10}">' for n in range(1, 10))
    + "]>"
)
EXTERNAL = '<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
PARAMETER = '<!DOCTYPE x [<!ENTITY % x SYSTEM "http://127.0.0.1/x.dtd"> %x;]>'


@pytest.mark.parametrize("doctype", [BOMB, EXTERNAL, PARAMETER], ids=["bomb", "external", "parameter"])
def test_own_entities_are_refused(doctype: str) -> None:
    assert refusal(f'<?xml version="1.0"?>{doctype}<p>&lol9;&x;</p>'.encode()) == "PAG006"
    document_xml = f'<?xml version="1.0"?>{doctype}<w:document/>'
    assert refusal(archive({"word/document.xml": document_xml})) == "PAG006"


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    assert refusal(archive({"word/document.xml": "x" * 60_000_000})) == "PAG004"
    assert refusal(archive({"word/document.xml": "x" * 20_000_000})) == "PAG002"
    assert refusal(archive({f"{n}": "" for n in range(6_000)} | {"word/document.xml": "<x/>"})) == "PAG004"


@pytest.mark.parametrize(
    "data",
    [
        b"a\n" * 400_000,
        (b"|" * 150_000 + b"\n") * 2,
        b"<p>" + b"a<br>" * 250_000,
    ],
    ids=["lines", "cells", "stretches"],
)
def test_too_many_parts_are_refused(data: bytes) -> None:
    assert refusal(data) == "PAG007"


SNIPPETS = st.sampled_from(
    [
        *"<>&;|#*-•1. \t\n\r\x0b\x00\x1b",
        *"\u00a0\u00ad\u200b\u200f\u2028\u202e\ufeff\ufffd\U0001f600\ue000é—",
        *("<p>", "</p>", "<td>", "<tr>", "<table>", "</table>", "<br/>", "<li>", "<ul>", "</ul>", "<th>"),
        *(
            "<pre>",
            "</pre>",
            "<a href='u'>",
            "</a>",
            "<!--",
            "-->",
            "<![CDATA[",
            "]]>",
            "<b>",
            "</b>",
            "<h1>",
        ),
        *(
            "<script>",
            "</script>",
            "<title>",
            "</title>",
            "<textarea>",
            "<svg>",
            "<select>",
            "<math>",
            "<button>",
        ),
        *("<div hidden>", "<div id='main-content'>", "</div>", "<template>", "<frameset>", "<plaintext>"),
        *("&amp;", "&#13;", "&#x200B;", "&nbsp;", "&foo;", "&#xD800;", "#13;", "&notit;", "&eacute;"),
        *(
            "| ",
            " |\n",
            "|---|\n",
            "## ",
            "\n\n",
            "```\n",
            "> ",
            "[l](u)",
            "1 Comment\n",
            "word",
            "1. ",
            "* ",
        ),
        *(
            "<ac:link>",
            "</ac:link>",
            "<ri:page ri:content-title='t'/>",
            "<ac:structured-macro ac:name='jira'>",
        ),
    ]
)
MARKUP = st.lists(SNIPPETS, max_size=40).map("".join)
PREFIXES = st.sampled_from(
    [
        "",
        "<html>",
        '<div xmlns="http://www.w3.org/1999/xhtml">',
        "<ac:x/>",
        "# a\n# b\n",
        "a|b|\n|-|-|\n",
        "a | b |\nc |\n",
        "MIME-Version: 1.0\nContent-Type: text/html\n\n",
    ]
)


@given(st.binary())
@example(b"\xff\xfea")
@example(b"\xfe\xff\xd8\x00")
@example(b"PK\x03\x04")
@example(b'{"body":{"view":{"value":"\\ud800"}}}')
def test_no_bytes_raise_anything_but_a_page_error(data: bytes) -> None:
    page = try_to_read(data)
    if page is not None:
        assert_lawful(page)


@given(PREFIXES, MARKUP, st.sampled_from(["utf-8", "utf-16", "utf-16-le", "cp1252"]))
def test_any_markup_gives_a_lawful_page_or_a_page_error(prefix: str, markup: str, encoding: str) -> None:
    page = try_to_read((prefix + markup).encode(encoding, "replace"))
    if page is not None:
        assert_lawful(page)


@given(st.sampled_from(sorted(EVERY_FORMAT)), st.data())
def test_damaged_files_of_every_format_raise_nothing_but_a_page_error(name: str, data: st.DataObject) -> None:
    file = bytearray(EVERY_FORMAT[name])
    for _ in range(data.draw(st.integers(1, 4))):
        file[data.draw(st.integers(0, len(file) - 1))] = data.draw(st.integers(0, 255))
    page = try_to_read(bytes(file))
    if page is not None:
        assert_lawful(page)


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=8)


@given(st.lists(st.lists(WORDS, min_size=1, max_size=4).map(" ".join), min_size=1, max_size=8))
def test_plain_text_is_all_there_and_in_its_place(lines: list[str]) -> None:
    source = "\n\n".join(lines)
    page = read("\ufeffheading\n" + source)
    assert_lawful(page)
    if page.format == "text":
        assert misplaced(page, "heading\n" + source) == []


LETTERS = st.text(st.characters(codec="utf-8", categories=["L"]), min_size=1, max_size=8)
TAGS = st.sampled_from(
    [
        "<p>",
        "<b>",
        "</b>",
        "<br>",
        " ",
        "\n",
        "\n\n",
        "<li>",
        "<table><tr><td>",
        "</table>",
        "<!-- c -->",
        "&nbsp;",
    ]
)


@given(st.lists(st.tuples(TAGS, LETTERS), min_size=1, max_size=12))
def test_html_shows_every_letter_once_and_in_its_place(pieces: list[tuple[str, str]]) -> None:
    source = "<html><body>" + "".join(tag + word for tag, word in pieces)
    page = read(source)
    assert_lawful(page)
    assert misplaced(page, source) == []
    # A browser moves what stands in a table outside its cells, so the order may change.
    assert sorted("".join("".join(texts(page)).split())) == sorted("".join(word for _, word in pieces))
