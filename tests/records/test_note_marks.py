from __future__ import annotations

from termsmith.model.place import Place
from termsmith.model.record import (
    Identifier,
    IdentifierType,
    Origin,
    Property,
    Span,
    Stated,
    TerminologyRecord,
)
from termsmith.records.note_marks import note_marks

PLACE = Place("page.txt", 3, 1)


def stated(value: str) -> Stated[str]:
    return Stated(value=value, spans=(Span(place=PLACE, raw=value),))


def test_names_and_codes_of_the_page_that_end_in_a_raised_number_are_told() -> None:
    record = TerminologyRecord(
        title=stated("Tea Grades¹"),
        short_name=stated("TG"),
        version=Stated(value="2³", origin=Origin.SIDECAR),
        identifiers=(Identifier(type=IdentifierType.OTHER, value=stated("T-1^(2)"), endorsed=False),),
        properties=(Property(code=stated("colour²")),),
    )
    assert [(each.code, each.message, each.place) for each in note_marks(record)] == [
        ("REC018", f"{text!r} ends in {mark!r}, a raised number that may be the mark of a note", PLACE)
        for text, mark in (("Tea Grades¹", "¹"), ("T-1^(2)", "^(2)"), ("colour²", "²"))
    ]
