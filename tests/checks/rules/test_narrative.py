"""Images of the narrative."""

from __future__ import annotations

from typing import Any

import pytest

from checks.samples import code_system, hits_of, messages_of

BINARY = {"resourceType": "Binary", "id": "pic", "contentType": "image/png", "data": "iVBORw0KGgo="}


def with_image(source: str, **more: Any) -> dict[str, Any]:
    div = f'<div xmlns="http://www.w3.org/1999/xhtml"><p>Tea</p><img src="{source}" alt="tea"/></div>'
    return code_system(text={"status": "generated", "div": div}, **more)


def test_an_image_is_taken_from_what_is_contained() -> None:
    assert hits_of("NAR019", with_image("#pic")) == [("error", "/text/div")]
    assert hits_of("NAR019", with_image("#pic", contained=[BINARY])) == []
    assert hits_of("INV002", with_image("#pic", contained=[BINARY])) == []
    assert hits_of("INV002", with_image("#pic", contained=[BINARY, {**BINARY, "id": "other"}])) == [
        ("error", "/contained/1")
    ]
    assert hits_of("NAR019", with_image("https://tea.example.net/pic.png")) == []


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("", "it is empty"),
        ("data:x", "it has no data: they stand behind a comma"),
        ("data:image/png;base64,abc", "what follows base64, is no base64 text"),
        ("data:image/png;base64,%C3%A4", "what follows base64, is no base64 text"),
        ("a b.png", "it has white space"),
        ("javascript:alert(1)", "it would run code"),
    ],
)
def test_an_image_that_can_not_be_shown_is_told(source: str, problem: str) -> None:
    (message,) = messages_of("NAR020", with_image(source))
    assert message.endswith(f": {problem}")


@pytest.mark.parametrize(
    "source",
    [
        "data:image/png;base64,iVBORw0KGgo=",
        "data:image/png;base64,iVBO Rw0K Ggo=",
        "data:image/png;base64,iVBORw0KGgo%3D",
        "data:,abc",
        "tea.png",
        "https://tea.example.net/a.png",
    ],
)
def test_an_image_that_can_be_shown_passes(source: str) -> None:
    assert hits_of("NAR020", with_image(source)) == []
