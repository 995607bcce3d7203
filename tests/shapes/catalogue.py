"""All shapes by name, each with the dialects that were seen in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shapes import html, markdown, pipes, record, text, wrapped

if TYPE_CHECKING:
    from collections.abc import Callable

    from shapes.page import TestPage


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A way in which a page reaches a user."""

    name: str
    dialects: str
    render: Callable[[TestPage], str | bytes]

    def __call__(self, page: TestPage) -> bytes:
        rendered = self.render(page)
        return rendered if isinstance(rendered, bytes) else rendered.encode()


def _copied_without_dashes(page: TestPage) -> str:
    return text.paragraphs(page, dashes=False)


SHAPES = (
    Shape(name="para", dialects="D1 D2 D3", render=text.paragraphs),
    Shape(name="para-lossy", dialects="D3", render=_copied_without_dashes),
    Shape(name="glued", dialects="D1 D2 D3", render=text.glued),
    Shape(name="joined", dialects="D1 D2 D3", render=text.joined),
    Shape(name="pipes", dialects="D1 D2", render=pipes.trailing),
    Shape(name="pipes-leading", dialects="D1 D2 D3", render=pipes.leading),
    Shape(name="headings", dialects="D1", render=markdown.headings),
    Shape(name="table", dialects="D1 D2 D3", render=markdown.table),
    Shape(name="view", dialects="D1 D2", render=html.view),
    Shape(name="storage", dialects="D1 D2", render=html.storage),
    Shape(name="rest", dialects="D1 D2", render=wrapped.rest_storage),
    Shape(name="rest-view", dialects="D1 D2", render=wrapped.rest_view),
    Shape(name="word", dialects="D1 D2", render=wrapped.word_export),
    Shape(name="docx", dialects="D1 D2 D3", render=wrapped.docx),
    Shape(name="record", dialects="D3", render=record.source),
    Shape(name="published", dialects="D3", render=record.published),
)
