"""What a page of a dialect states, in whichever way the dialect's pages are laid out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from termsmith.dialects.lists import list_tables
from termsmith.records.extract import extract
from termsmith.records.listing import read_listing

if TYPE_CHECKING:
    from termsmith.dialects.table import Dialect
    from termsmith.model.page import Page
    from termsmith.records.extract import Extraction


def read_records(page: Page, dialect: Dialect) -> Extraction:
    """Return what a page states: by the rows of a list, by chapters and sentences, or by labels."""
    lists = list_tables(page, dialect)
    if lists:
        return read_listing(page, dialect, lists)
    if dialect.guide is not None:
        from termsmith.records.usage_guide import read_guide  # noqa: PLC0415  few pages are such guides

        return read_guide(page, dialect, dialect.guide)
    return extract(page, dialect)
