"""HTML: the wiki's table as saved from a browser and as kept in storage, and THO's record (S5)."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from shapes.page import parts
from shapes.text import HEADER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shapes.page import Row, TestPage

WRONG_OID = "The OID 2.16.840.1.113883.99.1 looks wrong"

_LINK = re.compile(
    r"(?<![\w(/])(?:https?://[^\s<>\"]*[\w/#-]|[\w.+-]+@[\w-]+\.[\w.-]*\w)|(?<=\()https?://[^\s()<>]+(?=\))"
)

_ABOVE = (
    '<script>var x = "<td>Formal name of the code system</td>";</script><style>.a{}</style></head><body>'
    '<div id="sidebar"><h2>Page tree</h2><ul><li><a href="/display/TA/LOINC">LOINC</a></li>'
    '<li><a href="/display/TA/CPT">CPT</a></li></ul></div><div id="main">'
    '<a class="assistive">Skip to end of metadata</a>'
    '<div class="page-metadata">Created by an author, last modified on Oct 02, 2020</div>'
    '<div id="main-content" class="wiki-content">'
)
_BELOW = (
    '</div><div class="labels-section">No labels</div><ol class="comment-threads">'
    f"<li>{WRONG_OID}</li></ol></div></body></html>"
)
_INFO = (
    '<ac:structured-macro ac:name="info" ac:schema-version="1"><ac:rich-text-body>'
    "<p>Draft&nbsp;page &ndash; see the index.</p></ac:rich-text-body></ac:structured-macro>"
)
_BACK = (
    '<p><ac:link><ri:page ri:content-title="HTA index"/><ac:plain-text-link-body>'
    "<![CDATA[Back to the index]]></ac:plain-text-link-body></ac:link></p>"
)
_JIRA = (
    '<ac:structured-macro ac:name="jira" ac:schema-version="1"><ac:parameter ac:name="server">System JIRA'
    '</ac:parameter><ac:parameter ac:name="key">{key}</ac:parameter></ac:structured-macro>'
)


def view(page: TestPage) -> str:
    """Render a page as saved from a browser, with the wiki's furniture."""
    title = escape(page.title, quote=False)
    site = "HL7 Terminology Authority (HTA) - Confluence"
    head = f'<!DOCTYPE html><html lang="en-GB"><head><title>{title} - {site}</title>'
    return f"{head}{_ABOVE}{wrapped_table(page)}{_BELOW}"


def storage(page: TestPage) -> str:
    """Render the storage format that the wiki keeps."""
    return _INFO + _jira(_table(page, view=False)) + _BACK


def wrapped_table(page: TestPage) -> str:
    """Render the wiki's table as it looks in a browser."""
    return f'<div class="table-wrap">{_table(page, view=True)}</div>'


def _jira(markup: str) -> str:
    """Put the macro back in place of the text that it shows."""
    return re.sub(
        r"(\w+-\d+) - Getting issue details\.\.\. STATUS", lambda found: _JIRA.format(key=found[1]), markup
    )


def _table(page: TestPage, *, view: bool) -> str:
    th = '<th class="confluenceTh">' if view else "<th>"
    if page.dialect == "D1":
        head = '<table class="wrapped confluenceTable"><colgroup><col/><col/></colgroup><tbody>'
        rows = "".join(_two_columns(row, th=th, view=view) for row in page.rows)
    else:
        head = '<table class="confluenceTable"><tbody>'
        titles = "".join(f"{th}<p>{title}</p></th>" for title in HEADER)
        rows = f"<tr>{titles}</tr>" + "".join(_three_columns(page, view=view))
    return f"{head}{rows}</tbody></table>"


def _two_columns(row: Row, *, th: str, view: bool) -> str:
    label = f"<p><strong>{row.label}</strong></p>" if row.label else _empty(view=view)
    hint = f"<p>{row.hint}</p>" if row.hint else ""
    return f"<tr>{th}{label}{hint}</th>{_td(view=view)}{_content(row.value, view=view)}</td></tr>"


def _three_columns(page: TestPage, *, view: bool) -> Iterator[str]:
    starts = [index for index, row in enumerate(page.rows) if row.section]
    ends = [*starts[1:], len(page.rows)]
    spans = {start: end - start for start, end in zip(starts, ends, strict=True)}
    for index, row in enumerate(page.rows):
        cells = ""
        if index in spans:
            cells = _td(f'rowspan="{spans[index]}"', view=view) + f"<strong>{row.section}</strong></td>"
        if row.label:
            cells += f"{_td(view=view)}<strong>{row.label}</strong></td>"
        wide = _td("" if row.label else 'colspan="2"', view=view)
        yield f"<tr>{cells}{wide}{_content(row.value, view=view)}</td></tr>"


def _td(attribute: str = "", *, view: bool) -> str:
    attributes = [attribute, 'class="confluenceTd"' if view else ""]
    return "<" + " ".join(["td", *filter(None, attributes)]) + ">"


def _content(value: str, *, view: bool) -> str:
    if not value:
        return _empty(view=view)
    return "".join(_part(part.lines, part.list) for part in parts(value))


def _empty(*, view: bool) -> str:
    return "<p><br/></p>" if view else "<br/>"


def _part(lines: tuple[str, ...], kind: str) -> str:
    texts = [linked(line) for line in lines]
    if kind:
        return f"<{kind}>" + "".join(f"<li>{text}</li>" for text in texts) + f"</{kind}>"
    return "<p>" + "<br/>".join(texts) + "</p>"


def linked(text: str) -> str:
    """Return text as markup; addresses become links, a Markdown link stays the text that it is."""

    def link(found: re.Match[str]) -> str:
        target = found[0]
        if "@" in target:
            return f'<a href="mailto:{target}">{target}</a>'
        return f'<a href="{target}" class="external-link" rel="nofollow">{target}</a>'

    stretches = re.split(r"(\[[^\]]+\]\([^)]+\))", escape(text, quote=False))
    return "".join(part if index % 2 else _LINK.sub(link, part) for index, part in enumerate(stretches))
