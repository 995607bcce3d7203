"""THO's metadata record (D3): the source of the page, and the page that its publisher makes."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from shapes.html import linked
from shapes.page import parts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shapes.page import Row, TestPage

_NAMESPACES = (
    'xmlns="http://www.w3.org/1999/xhtml" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xsi:schemaLocation="http://hl7.org/fhir ../../input-cache/schemas/r5/fhir-single.xsd"'
)
_TABS = """  <ul class="nav nav-tabs">
    <li class="active"><a href="#">External Code Systems</a></li>
    <li><a href="identifiers.html">External Identifier Systems</a></li>
    <li><a href="external_deprecated.html">Deprecated Content</a></li>
    <li><a href="external_retired.html">Retired Content</a></li>
  </ul>

<table class="grid" style="border: 0px black solid;">
"""
_SEPARATOR = """
<!-- table section separator -->
<tr>
  <td colspan="4" style="border-left: none; border-right: none; height: 20px;"/>
</tr>

"""
_CONTACTS = {"Website", "Email address", "Phone number", "Address"}


def source(page: TestPage) -> str:
    """Render the XHTML source of a record, with the line ends of its editor."""
    return _record(page).replace("\n", "\r\n")


def published(page: TestPage) -> str:
    """Render the page that a browser saves: the record between the publisher's banner and footer."""
    title = escape(page.title, quote=False)
    return (
        '<!DOCTYPE HTML>\n<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en" lang="en">\n<head>\n'
        f"<title>{title} - HL7 Terminology (THO) v7.1.0</title>\n"
        '<link href="fhir.css" rel="stylesheet"/>\n</head>\n'
        "<body onload=\"document.body.style.opacity='1'\">\n"
        '<div id="segment-header" class="segment"><div class="container">'
        '<a href="http://hl7.org/fhir"><img src="hl7.png" alt="visit the hl7 website"/></a>'
        "<p>HL7 Terminology (THO)<br/>7.1.0 - Continuous Process Integration (ci build)</p></div></div>\n"
        '<div id="segment-navbar" class="segment"><ul class="nav navbar-nav">'
        '<li><a href="index.html">Home</a></li>'
        '<li><a href="codesystems.html">Code Systems</a></li></ul></div>\n'
        '<div id="segment-breadcrumb" class="segment"><ul class="breadcrumb">'
        f"<li><a href='toc.html'><b>Table of Contents</b></a></li><li><b>{title}</b></li></ul></div>\n"
        '<div id="segment-content" class="segment"><div class="container"><div class="row">'
        '<div class="inner-wrapper">\n'
        '<p id="publish-box">This page is part of the HL7 Terminology (v7.1.0: Release).</p>\n'
        f"<h2>{title}</h2>\n"
        f"{_record(page)}</div></div></div></div>\n"
        '<div id="segment-footer" class="segment"><p>IG © 2020+ HL7 International. '
        "Package hl7.terminology#7.1.0. Generated 2025-11-12</p></div>\n</body>\n</html>\n"
    )


def _record(page: TestPage) -> str:
    return f"<div {_NAMESPACES}>\n{_TABS}{''.join(_rows(page))}</table>\n</div>\n"


def _rows(page: TestPage) -> Iterator[str]:
    section = ""
    for index, row in enumerate(page.rows):
        if row.section:
            yield (_SEPARATOR if index else "") + f"<!-- {row.section} -->\n"
            section = row.section
        cells = "".join(f"   {cell}\n" for cell in _cells(row, section))
        yield f"<tr>\n{cells}</tr>\n"


def _cells(row: Row, section: str) -> Iterator[str]:
    if row.section:
        yield f'<td style="min-width: 200px; border-bottom: none;"><b>{row.section}</b></td>'
    else:
        yield f'<td style="border-top: none; border-bottom: none;"><!-- {section} --></td>'
    if row.link:
        yield f'<td colspan="3"><a href="{row.link}">{row.label}</a></td>'
        return
    if row.organization or row.label in _CONTACTS:
        yield f'<td style="border-bottom: none;">{escape(row.organization, quote=False)}</td>'
        yield f"<td>{row.label}</td>"
        yield f"<td>{_value(row)}</td>"
    else:
        yield f"<td>{row.label or '—'}</td>"
        yield f'<td colspan="2">{_value(row)}</td>'


def _value(row: Row) -> str:
    if row.label.startswith("TSMG-endorsed") and row.value != "Not Assigned":
        kind = row.label[-3:]
        return (
            f'<code class="highlighter-rouge language-plaintext">{row.value}</code>'
            f'<button data-clipboard-text="{row.value}" class="btn-copy" title="Click to copy {kind}"/>'
        )
    if row.label in {"Description", "Version information"} or row.label.endswith(
        ("Statement", "Information")
    ):
        return f"\n        <div>\n          {_prose(row.value)}\n        </div>\n    "
    return "<br/>".join(_inline(row.value))


def _prose(value: str) -> str:
    """Return text as the records have it: bare text with line breaks, and lists."""
    texts = []
    for part in parts(value):
        lines = [linked(line).replace(' class="external-link" rel="nofollow"', "") for line in part.lines]
        if part.list:
            texts.append(f"<{part.list}>" + "".join(f"<li>{line}</li>" for line in lines) + f"</{part.list}>")
        else:
            texts.append("\n".join(lines))
    return "\n\n".join(texts)


def _inline(value: str) -> Iterator[str]:
    for part in parts(value):
        lines = [linked(line).replace(' class="external-link" rel="nofollow"', "") for line in part.lines]
        if part.list:
            yield (
                f"<{part.list}>\n"
                + "".join(f"       <li>{line}</li>\n" for line in lines)
                + f"   </{part.list}>"
            )
        else:
            yield "<br/>".join(lines)
