"""Description and copyright: the paragraphs of a record with the few words of ours that tell them apart."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from functools import cache
from importlib.resources import files
from itertools import groupby
from typing import TYPE_CHECKING, Any

from termsmith.model.record import Paragraph, Stated
from termsmith.resources.evidence import together
from termsmith.resources.text import fitting, line, paragraphs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from termsmith.model.finding import Finding
    from termsmith.resources.evidence import Leaf

_SEVERAL_BLOCKS = re.compile(r"\n[ \t]*\n|^[ \t]*(?:[*+-]|\d{1,9}[.)])[ \t]", re.MULTILINE)
"""A blank line or a list item: https://spec.commonmark.org/0.31.2/#list-items"""
_MARKUP = re.compile(r"[\\`*_\[\]<&]")
"""Characters that Markdown would read as more than themselves inside a line."""


@cache
def _wording() -> dict[str, dict[str, Any]]:
    return tomllib.loads(files(__package__).joinpath("wording.toml").read_text("utf-8"))


def description(stated: Iterable[Paragraph], element: str, findings: list[Finding]) -> Leaf | None:
    """Return the description that paragraphs make; a topic without a row of wording labels itself."""
    labels = _wording()["description"]
    return _joined(
        ((labels.get(p.topic, p.topic.replace("_", " ").capitalize()), p.text) for p in stated),
        element,
        findings,
    )


def copyright_text(stated: Iterable[Paragraph], element: str, findings: list[Finding]) -> Leaf | None:
    """Return the copyright that paragraphs make; only topics in the wording table are labelled."""
    labels = _wording()["copyright"]
    return _joined(((labels.get(p.topic, ""), p.text) for p in stated), element, findings)


def short_name_statement(short_name: Stated[str]) -> Paragraph:
    """Return a short name as a paragraph, for resources whose name is another one."""
    text = _MARKUP.sub(r"\\\g<0>", line(short_name.value))
    return Paragraph(topic="short_name", text=replace(short_name, value=text))


def case_statement(case_sensitive: Stated[bool]) -> Paragraph:
    """Return case sensitivity as a paragraph, for a resource that has no element for it."""
    key = "case_sensitive" if case_sensitive.value else "case_insensitive"
    sentence = Stated(
        value=str(_wording()["statements"][key]),
        spans=case_sensitive.spans,
        origin=case_sensitive.origin,
        reason=case_sensitive.reason,
    )
    return Paragraph(topic="case_sensitive", text=sentence)


def _joined(
    labelled: Iterable[tuple[str, Stated[str]]], element: str, findings: list[Finding]
) -> Leaf | None:
    texts: list[str] = []
    bases: list[Stated[str]] = []
    labels: list[str] = []
    for label, group in groupby(labelled, key=lambda pair: pair[0]):
        members = [(text, stated) for _, stated in group if (text := paragraphs(stated.value))]
        if not members:
            continue
        text = "\n\n".join(member for member, _ in members)
        bases.extend(stated for _, stated in members)
        if label:
            labels.append(f"“{label}:”")
            text = f"{label}:\n\n{text}" if _SEVERAL_BLOCKS.search(text) else f"{label}: {text}"
        texts.append(text)
    if not texts:
        return None
    whole = together("\n\n".join(texts), bases, f"{', '.join(labels)} put in front" if labels else None)
    return fitting(str(whole.value), whole, whole.reason, element, findings)
