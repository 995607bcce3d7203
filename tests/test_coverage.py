"""Every word accounted for: a law over all pages."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from records.pages import page_of

import termsmith
from termsmith.coverage import account, by_chapter
from termsmith.dialects.loading import load_dialects
from termsmith.model.record import Origin, Span
from termsmith.model.result import Conversion, Evidence, Fate
from termsmith.records.extract import extract
from termsmith.records.marks import Mark

ROOT = Path(__file__).parent.parent
CORPUS = ROOT.parent / "shared" / "corpus"
INPUT = sorted(path for path in (ROOT / "input").iterdir() if path.suffix != ".toml")
assert INPUT, "no input pages found"
SHARED = sorted((*CORPUS.glob("hta/D*"), *CORPUS.glob("tsmg/pages/*.xml"), *CORPUS.glob("d?/*.xml")))

LABELS = [label.text for dialect in load_dialects() for label in dialect.labels]
WORDS = st.sampled_from(
    [
        "None",
        "—",
        "#N/A",
        "http://a.example/b",
        "2.999.4.5",
        "OID:",
        "April 2021",
        "Tea Board,",
        "TRUE",
        "x@y.example",
    ]
)
LINES = st.one_of(
    st.sampled_from(LABELS),
    st.tuples(st.sampled_from(LABELS), WORDS).map("".join),
    st.tuples(st.sampled_from(LABELS), st.sampled_from(LABELS), WORDS).map(" ".join),
    WORDS,
    st.text(alphabet=st.characters(codec="utf-8", categories=("L", "N", "P", "Zs")), max_size=40),
    st.just(""),
)


def assert_all_accounted(conversion: Conversion) -> None:
    pieces = conversion.coverage.pieces
    cursor = 0
    for piece in pieces:
        assert piece.start == cursor, "pieces follow one another without gap or overlap"
        assert piece.end - piece.start == len(piece.text) > 0
        cursor = piece.end
        if piece.fate is Fate.SPACE:
            assert piece.text.isspace()
        else:
            assert piece.text == piece.text.strip(), "a piece has no white space around it"
            assert bool(piece.elements) == (piece.fate is Fate.USED)
            assert piece.note or piece.fate is Fate.USED


@pytest.mark.parametrize("path", INPUT, ids=lambda path: path.name)
def test_every_word_of_the_input_pages(path: Path) -> None:
    assert_all_accounted(termsmith.convert(path))


@pytest.mark.skipif(not SHARED, reason="the corpus of real pages is not beside the project")
def test_every_word_of_the_corpus() -> None:
    for path in SHARED:
        assert_all_accounted(termsmith.convert(path))


@given(st.lists(LINES, min_size=1, max_size=40), st.sampled_from(load_dialects()))
def test_every_word_of_any_lines(lines: list[str], dialect: object) -> None:
    text = "\n".join(" ".join(line.split()) for line in lines)
    page = page_of(text)
    for each in load_dialects():
        if each is dialect:
            extraction = extract(page, each)
            coverage = account(page, (), extraction.marks, extraction.stray)
            assert "".join(piece.text for piece in coverage.pieces) == text
            assert all(piece.text.isspace() == (piece.fate is Fate.SPACE) for piece in coverage.pieces)


@given(
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60), st.sampled_from(list(Fate)[1:4])), max_size=8),
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=8),
)
def test_overlapping_claims_still_give_each_character_one_fate(
    marked: list[tuple[int, int, Fate]], used: list[tuple[int, int]]
) -> None:
    text = "some words of a page\nand a second line\n\nthird line with more"
    page = page_of(text)
    marks = [Mark(start=a, end=min(b, len(text)), fate=fate, note="n") for a, b, fate in marked]
    evidence = [
        Evidence(
            resource="CodeSystem/x",
            element="CodeSystem.title",
            value="v",
            origin=Origin.PAGE,
            spans=(Span(place=page.place(a), raw="", start=a, end=min(b, len(text))),),
        )
        for a, b in used
    ]
    coverage = account(page, evidence, marks, ())
    assert "".join(piece.text for piece in coverage.pieces) == text
    used_offsets = {o for a, b in used for o in range(a, min(b, len(text)))}
    for piece in coverage.pieces:
        if piece.fate is Fate.USED:
            assert set(range(piece.start, piece.end)) <= used_offsets


def test_leftovers_of_a_chapter_are_grouped_by_what_is_said_of_them() -> None:
    page = page_of("one\ntwo\nthree\nfour\nfive")
    pieces = account(page, (), (), [(block, "note") for block in page.blocks[:4]]).leftovers
    grouped = [(piece.text, more) for piece, more in by_chapter(pieces, [(4, len(page.text), "Two to five")])]
    assert grouped == [("one", 0), ("two", 2), ("five", 0)]
    assert [more for _, more in by_chapter(pieces, [])] == [0] * 5
