from __future__ import annotations

from pages.documents import document, paragraph
from pages.printed import assert_lawful, outline, read, told


def printed(body: str, **parts: str) -> list[str]:
    page = read(document(body, **parts))
    assert_lawful(page)
    return outline(page)


def cell(*paragraphs: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{''.join(paragraphs)}</w:tc>"


def table(*rows: str) -> str:
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"


def run(content: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr>{content}</w:r>"


def test_paragraphs_runs_and_breaks() -> None:
    body = (
        "<w:p>"
        + run("<w:t>Acme</w:t><w:br/><w:t>High</w:t><w:tab/><w:t>St</w:t>")
        + run("<w:t>reet</w:t>")
        + "</w:p>"
    )
    page = read(document(paragraph("") + body + paragraph("end")))
    assert outline(page) == ["Acme", "+High Street", "end"]
    assert [page.positions.line_and_column(page.text.index(word)) for word in ("Acme", "High", "end")] == [
        (2, 1),
        (2, 6),
        (3, 1),
    ]


def test_paragraphs_of_a_cell_are_lines_where_empty_ones_stand_between() -> None:
    lines = cell(paragraph("a"), paragraph("b"), paragraph(""), paragraph("c"))
    paragraphs = cell(paragraph(""), paragraph("a"), paragraph("b"), paragraph(""))
    assert printed(table(lines + paragraphs)) == ["1: a / +b / c | a / b"]


def test_cells_covered_from_above_are_left_out() -> None:
    down, on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    assert printed(
        table(
            cell(paragraph("a"), properties=down)
            + cell(paragraph("b"), properties='<w:gridSpan w:val="2"/>'),
            cell(paragraph("hidden"), table(cell(paragraph("x"))), properties=on) + cell(paragraph("c")),
        )
    ) == ["1: a | b", "1: c"]


def test_tables_in_cells_and_text_boxes() -> None:
    inner = table(cell(paragraph("inner")))
    assert printed(table(cell(paragraph("a"), inner, paragraph("b")))) == ["1: a / b", "2: inner"]
    drawing = f"<w:drawing><w:txbxContent>{paragraph('box')}</w:txbxContent></w:drawing>"
    box = "<w:p>" + run("<w:t>a</w:t>") + run(drawing) + run("<w:t>b</w:t>") + "</w:p>"
    assert printed(box) == ["a", "box", "b"]


def test_insertions_and_content_controls_are_shown_and_deletions_are_not() -> None:
    off = '<w:vanish w:val="0"/>'
    body = (
        f"<w:sdt><w:sdtContent><w:p><w:ins>{run('<w:t>new</w:t>')}</w:ins>"
        f"<w:del>{run('<w:delText>old</w:delText>')}</w:del>{run('<w:t> text</w:t>')}"
        f"{run('<w:t>hidden</w:t>', '<w:vanish/>')}{run('<w:t>!</w:t>', off)}</w:p></w:sdtContent></w:sdt>"
    )
    assert printed(body) == ["new text!"]


def test_runs_that_are_struck_out_are_told_and_not_read() -> None:
    body = "<w:p>" + "".join(
        [
            run("<w:t>2.999</w:t>"),
            run("<w:t>.7</w:t>", "<w:strike/>"),
            run("<w:t>.8</w:t><w:tab/>", '<w:dstrike w:val="true"/>'),
            run("<w:t>.9</w:t>", '<w:strike w:val="0"/>'),
            run("<w:t> </w:t>", "<w:strike/>"),
        ]
    )
    page = read(document(body + "</w:p>" + paragraph("x")))
    assert outline(page) == ["2.999.9", "x"]
    assert told(page) == [("PAG107", "'.7.8' is struck out on the page and was not read", 1, 6)]


def test_runs_off_the_line_are_not_set_on_it() -> None:
    up, down = '<w:vertAlign w:val="superscript"/>', '<w:vertAlign w:val="subscript"/>'
    on = '<w:vertAlign w:val="baseline"/>'
    runs = (
        run("<w:t>10</w:t>"),
        run("<w:t>9</w:t>", up),
        run("<w:t>/L CO</w:t>", on),
        run("<w:t>2</w:t>", down),
    )
    assert printed(f"<w:p>{''.join(runs)}</w:p>") == ["10⁹/L CO₂"]


def test_pictures_charts_and_symbols_are_told() -> None:
    described = '<w:drawing><wp:docPr xmlns:wp="d" name="Picture 1" descr="A is&#10;below B"/>{}</w:drawing>'
    blip = '<a:blip xmlns:a="a" r:embed="r1"/>'
    body = (
        "<w:p>"
        + run("<w:t>a</w:t>" + described.format(blip))
        + run('<w:sym w:font="Wingdings" w:char="F0FE"/><w:t>b</w:t>')
        + run("<w:drawing>" + blip + "</w:drawing>")
        + run('<w:pict><v:shape xmlns:v="v" alt="Old"><v:imagedata r:id="r2"/></v:shape></w:pict>')
        + run('<w:drawing><c:chart xmlns:c="c" r:id="r3"/></w:drawing>')
        + run(described.format(""))
        + "</w:p>"
    )
    page = read(document(body))
    assert outline(page) == ["ab"]
    assert told(page) == [
        ("PAG108", f"{what} is not read", 1, column)
        for what, column in (
            ("the picture 'Picture 1' (A is below B)", 2),
            ("the symbol F0FE of the font 'Wingdings'", 2),
            ("a picture", 3),
            ("a picture (Old)", 3),
            ("a chart", 3),
        )
    ]


def test_links_of_relationships_and_fields() -> None:
    links = (
        '<Relationships><Relationship Id="r1" TargetMode="External" Target="http://a.example"/>'
        '<Relationship Id="r2" Target="styles.xml"/></Relationships>'
    )
    field = (
        run('<w:fldChar w:fldCharType="begin"/>')
        + run('<w:instrText> HYPERLINK "http://c.example" </w:instrText>')
        + run('<w:fldChar w:fldCharType="separate"/>')
        + run("<w:t>c</w:t>")
        + run('<w:fldChar w:fldCharType="end"/>')
        + run("<w:t>d</w:t>")
    )
    body = (
        f'<w:p><w:hyperlink r:id="r1">{run("<w:t>a</w:t>")}</w:hyperlink>'
        f'<w:hyperlink r:id="r2">{run("<w:t>x</w:t>")}</w:hyperlink>'
        f"<w:fldSimple w:instr='HYPERLINK \"http://b.example\"'>{run('<w:t>b</w:t>')}</w:fldSimple>{field}</w:p>"
    )
    page = read(document(body, links=links))
    assert page.text == "axbcd"
    assert [(page.text[link.start : link.end], link.url) for link in page.links] == [
        ("a", "http://a.example"),
        ("b", "http://b.example"),
        ("c", "http://c.example"),
    ]


def test_typed_bullets_and_odd_characters() -> None:
    assert printed(paragraph("• Acme\u00a0codes") + paragraph("1. a\u200bb")) == ["* Acme codes", "1. ab"]
