from __future__ import annotations

import pytest
from growth import grows_with_size

from termsmith.evidence_places import EvidencePlaces
from termsmith.model.place import Place
from termsmith.model.record import Origin, Span
from termsmith.model.result import Evidence


def stated(resource: str, element: str, line: int) -> Evidence:
    span = Span(Place("tea.html", line, 1), "words")
    return Evidence(resource, f"{resource.partition('/')[0]}.{element}", "words", Origin.PAGE, (span,))


PLACES = EvidencePlaces(
    [
        Evidence("CodeSystem/tea", "CodeSystem.status", "draft", Origin.DEFAULT, ()),
        stated("CodeSystem/tea", "url", 3),
        stated("CodeSystem/ale", "url", 4),
        stated("CodeSystem/tea", "identifier[1].value", 5),
        stated("CodeSystem/tea", "identifier[0].value", 6),
    ]
)


@pytest.mark.parametrize(
    ("resource", "pointer", "line"),
    [
        ("CodeSystem/tea", "/url", 3),
        ("CodeSystem/ale", "/url", 4),
        ("CodeSystem/tea", "/identifier/0/value", 6),
        ("CodeSystem/tea", "/identifier/0/system", 6),
        ("CodeSystem/tea", "/identifier/2/value", 5),
        ("CodeSystem/tea", "/identifier", 5),
        ("CodeSystem/tea", "/status", None),
        ("CodeSystem/tea", "", None),
        ("CodeSystem/gin", "/url", None),
    ],
)
def test_a_part_is_where_its_words_or_those_around_it_are(
    resource: str, pointer: str, line: int | None
) -> None:
    place = PLACES.of(resource, pointer)
    assert (None if place is None else place.line) == line


def test_time_grows_with_the_number_of_resources() -> None:
    def work(size: int) -> list[Place | None]:
        places = EvidencePlaces(stated(f"CodeSystem/{number}", "url", 1) for number in range(size))
        return [places.of(f"CodeSystem/{number}", "/url") for number in range(size)]

    assert grows_with_size(work, 500, 5_000)
