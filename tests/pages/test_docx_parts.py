from __future__ import annotations

import pytest
from growth import grows_with_size

from pages.documents import MAIN, document, paragraph
from pages.printed import outline, read
from termsmith.errors import PageError
from termsmith.model.page import BlockKind
from termsmith.pages.docx_parts import ListLevel, Style, read_links, read_numbering, read_styles


def part(tag: str, content: str) -> bytes:
    return f'<w:{tag} xmlns:w="{MAIN}">{content}</w:{tag}>'.encode()


STYLES = part(
    "styles",
    '<w:style w:styleId="H2"><w:name w:val="heading 2"/></w:style>'
    '<w:style w:styleId="Own"><w:name w:val="Own"/><w:basedOn w:val="Base"/></w:style>'
    '<w:style w:styleId="Base"><w:name w:val="Base"/><w:basedOn w:val="H2"/></w:style>'
    '<w:style w:styleId="B"><w:name w:val="List Bullet 2"/></w:style>'
    '<w:style w:styleId="O"><w:name w:val="Chapter"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>'
    '<w:style w:styleId="N"><w:name w:val="Mine"/><w:pPr><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr></w:style>'
    '<w:style w:styleId="L1"><w:basedOn w:val="L2"/></w:style><w:style w:styleId="L2"><w:basedOn w:val="L1"/></w:style>'
    '<w:style w:styleId="T"><w:name w:val="Title"/></w:style>',
)
NUMBERING = part(
    "numbering",
    '<w:abstractNum w:abstractNumId="7"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:numFmt w:val="decimal"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="3"><w:abstractNumId w:val="7"/></w:num>',
)


def test_styles_say_what_a_paragraph_is() -> None:
    assert read_styles(STYLES) == {
        "H2": Style(heading=2),
        "Own": Style(heading=2),
        "Base": Style(heading=2),
        "B": Style(marker="*", depth=2),
        "O": Style(heading=1),
        "N": Style(list_number="3"),
        "L1": Style(),
        "L2": Style(),
        "T": Style(heading=1),
    }


def test_a_document_without_styles_names_words_own() -> None:
    assert outline(
        read(
            document(
                paragraph("a", '<w:pStyle w:val="Heading2"/>')
                + paragraph("b", '<w:pStyle w:val="ListNumber"/>')
                + paragraph("c", '<w:pStyle w:val="Whatever"/>')
            )
        )
    ) == ["## a", "1. b", "c"]


def test_numbering_gives_markers_and_levels() -> None:
    assert read_numbering(NUMBERING) == {
        ("3", "0"): ListLevel("*", "lists of 7"),
        ("3", "1"): ListLevel("1.", "lists of 7"),
    }
    numbered = '<w:numPr><w:ilvl w:val="{}"/><w:numId w:val="{}"/></w:numPr>'
    page = read(
        document(
            paragraph("a", numbered.format(0, 3))
            + paragraph("b", numbered.format(1, 3))
            + paragraph("c", '<w:pStyle w:val="N"/>')
            + paragraph("d", '<w:pStyle w:val="N"/>' + numbered.format(0, 0))
            + paragraph("e", numbered.format(0, 99)),
            styles=STYLES.decode(),
            numbering=NUMBERING.decode(),
        )
    )
    assert outline(page) == ["* a", "  1. b", "* c", "d", "* e"]


def test_lists_count_as_in_word() -> None:
    level = '<w:lvl w:ilvl="{}"><w:start w:val="{}"/><w:numFmt w:val="decimal"/></w:lvl>'
    again = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>'
    numbering = part(
        "numbering",
        f'<w:abstractNum w:abstractNumId="7">{level.format(0, 3)}{level.format(1, 1)}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="7"/></w:num>'
        f'<w:num w:numId="3"><w:abstractNumId w:val="7"/>{again}</w:num>',
    ).decode()
    numbered = '<w:numPr><w:ilvl w:val="{}"/><w:numId w:val="{}"/></w:numPr>'
    items = [(0, 1), (1, 1), (1, 1), (0, 2), (1, 2), (0, 3), (0, 3), (0, 1)]
    page = read(
        document("".join(paragraph("x", numbered.format(*item)) for item in items), numbering=numbering)
    )
    assert outline(page) == ["3. x", "  1. x", "  2. x", "4. x", "  1. x", "5. x", "6. x", "5. x"]


def test_only_links_to_the_outside_count() -> None:
    assert read_links(None) == {}
    assert read_links(
        b'<R><Relationship Id="a" TargetMode="External" Target="javascript:x"/>'
        b'<Relationship Id="b" TargetMode="External" Target="http://b.example"/>'
        b'<Relationship Id="c" Target="c.xml"/></R>'
    ) == {"b": "http://b.example"}


@pytest.mark.parametrize("encoding", ["UTF-7", "shift_jis", "hex", "UTG-8", "undefined", "punycode", "idna"])
def test_an_encoding_that_xml_has_not_is_a_damage(encoding: str) -> None:
    data = f'<?xml version="1.0" encoding="{encoding}"?><w:styles xmlns:w="{MAIN}"/>'.encode()
    with pytest.raises(PageError, match="PAG004"):
        read_styles(data)


@pytest.mark.parametrize("level", ["8", "9", "100000000", "9" * 5000])
def test_lists_are_no_deeper_than_word_has_them(level: str) -> None:
    properties = (
        f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr><w:outlineLvl w:val="{level}"/>'
    )
    (item,) = read(document(paragraph("a", properties))).blocks
    assert (item.kind, item.level) == (BlockKind.ITEM, 9)


def test_styles_that_build_on_each_other_are_each_looked_at_once() -> None:
    def styles(number: int) -> bytes:
        """Return a chain of styles, of which the last builds on the first."""
        return part(
            "styles",
            "".join(
                f'<w:style w:styleId="s{each}"><w:basedOn w:val="s{(each + 1) % number}"/></w:style>'
                for each in range(number)
            ),
        )

    made = {number: styles(number) for number in (1_000, 8_000)}
    assert grows_with_size(lambda number: read_styles(made[number]), 1_000, 8_000)
