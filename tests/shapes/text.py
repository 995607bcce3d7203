"""Text copied from a browser: a cell per paragraph (S1), glued (S2), joined by one blank (S3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shapes.page import parts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shapes.page import Furniture, Row, TestPage

INDEX_NOTE = (
    "When adding a new HTA External Code System Information page ensure that a row for the code system is "
    "added to the index at the following link: HTA — External Terminologies - Information – Code System "
    "Metadata Records Index"
)
HEADER = ("Data element name", "Sub data element name", "Value")
NO_LABELS = "  • No labels"


def paragraphs(page: TestPage, *, dashes: bool = True) -> str:
    """Render S1; without ``dashes`` a dash was lost in copying, as in texts of THO records."""
    blocks = list(_above(page))
    for row in page.rows:
        cells = (row.section, row.organization, row.label, row.hint, printed(row.value))
        blocks += [text for text in cells if text and (dashes or text != "—")]
    blocks += _below(page)
    return "\n\n".join(blocks) + "\n"


def glued(page: TestPage) -> str:
    """Render S2: label and value on a line with nothing between them."""
    if page.dialect == "D1":
        return "\n\n".join(_above(page)) + "\n\n" + "".join(map(_glued_cell, page.rows)) + NO_LABELS + "\n"
    head = [*_above(page), page.rows[0].section] if page.dialect == "D2" else list(_above(page))
    rows = "".join(
        _glued_row(row, first=index == 0 and page.dialect == "D2") for index, row in enumerate(page.rows)
    )
    tail = NO_LABELS + "\n" if page.dialect == "D2" else ""
    return "\n\n".join(head) + "\n\n" * bool(head) + rows + tail


def joined(page: TestPage) -> str:
    """Render S3: the cells of a row on a line, one blank between them."""
    lines = list(_above(page))
    for row in page.rows:
        cells = [text for text in (row.section, row.organization, row.label, row.hint) if text]
        first, *rest = printed(row.value).split("\n")
        if row.value and not first.startswith("  "):
            lines += [" ".join([*cells, first]), *rest]
        else:
            lines += [" ".join(cells), *([first, *rest] if row.value else [])]
    lines += _below(page)
    return "\n".join(lines) + "\n"


def printed(value: str) -> str:
    """Return a value as a browser copies it: list items are indented."""
    texts = []
    for part in parts(value):
        if part.list:
            marks = (f"{number}." if part.list == "ol" else "•" for number in range(1, len(part.lines) + 1))
            texts.append("\n".join(f"  {mark} {line}" for mark, line in zip(marks, part.lines, strict=True)))
        else:
            texts.append("\n".join(part.lines))
    return "\n\n".join(texts)


def _above(page: TestPage) -> Iterator[str]:
    if page.dialect == "D3":
        return
    if page.dialect == "D2":
        yield from (INDEX_NOTE, *HEADER)
        return
    yield "Page tree\nSkip to end of metadata\nGo to start of metadata"
    yield from _banner(page.furniture)


def _banner(furniture: Furniture) -> Iterator[str]:
    if furniture.old_version:
        yield "You are viewing an old version of this page. View the current version."
        yield "Compare with Current View Page History"
        yield f"Version {furniture.old_version} Next »"
    if furniture.key:
        yield "Versions Compared"
        yield "Old Version 3"
        yield "changes.mady.by.user An Editor\nSaved on Oct 02, 2020"
        yield "New Version Current"
        yield "Key\n\n  • This line was added.\n  • This line was removed.\n  • Formatting was changed."


def _below(page: TestPage) -> list[str]:
    if page.dialect == "D3":
        return []
    comment = page.furniture.comment
    return [NO_LABELS, *(["1 Comment", f"  1. {comment}"] if comment else [])]


def _glued_cell(row: Row) -> str:
    """Glue a cell of a D1 page; a label with a hint keeps its paragraphs."""
    head = f"{row.label}\n\n{row.hint}\n\n\n" if row.hint else row.label
    text = printed(row.value)
    if not text:
        return f"{head}\n\n\n\n"
    if "\n" not in text:
        return f"{head}{text}\n"
    return f"{head}{text}\n\n" if row.hint else f"{head}\n\n{text}\n\n"


def _glued_row(row: Row, *, first: bool) -> str:
    """Glue a row with a section; on a D2 page the first section's label stays a paragraph."""
    head = ("" if first else row.section) + row.organization + row.label + row.hint
    text = printed(row.value)
    if "\n" not in text and not text.startswith("  "):
        return f"{head}{text}\n"
    return f"{head}\n\n{text}\n\n"
