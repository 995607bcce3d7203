"""Invented pages of any number: dialect D1 as text, dialect D3 as the HTML of a published record."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_TEXT = """\
Page tree
Skip to end of metadata

Terminology owner/maintenance organisation

Name, contact details, website
Guild of Tasters {number}, Kettle Lane {number}, Teatown
https://tasters.example/{number}

Formal name of the code system

Grades of Tea, Collection {number}

Short name or abbreviation of the code system name

TEA{number}

Technical identifier/s of the code system (OIDs, URNs etc)

URL: https://tasters.example/id/{number}
OID: 2.999.77.{number}

Scope/domain statement for the code system

(Official or from HTA)

The grades by which the tasters of collection {number} sort leaves: by size, by wholeness and by colour.

Link to information about the code system - including how to obtain the content

https://tasters.example/{number}/grades

Arrangement or agreements with HL7 for use of content

Free for use

IP Information and Licensing Information

Copyright Guild of Tasters {number}. The list may be used by everyone.

HL7 users of this information - which HL7 products use this link (if known)

None

Process to request content change

Write to the Guild before the first harvest of a year.

Other useful Information

None

Information current as at (date)

2021-04-30
"""

_ROW = '<tr><td style="border-top: none;"></td><td>{label}</td><td colspan="2">{value}</td></tr>\n'
_HEAD = (
    '<tr><td style="border-bottom: none;"><b>{section}</b></td><td>{label}</td>'
    '<td colspan="2">{value}</td></tr>\n'
)
_GAP = '<tr>\n  <td colspan="4" style="border-left: none; border-right: none; height: 20px;"></td>\n</tr>\n'


def text_page(number: int) -> str:
    """Return page ``number`` as it is copied from a browser."""
    return _TEXT.format(number=number)


def html_page(number: int) -> str:
    """Return page ``number`` as a record of the size that real ones have (about 7 kilobytes)."""
    host = f"https://tasters.example/{number}"
    description = " ".join(
        f"<p>The grades of collection {number}, part {part}, by which tasters sort leaves: by size, by "
        "wholeness and by colour. A grade is given to a harvest and not to a plant, and it is given again "
        f"each year; the guild publishes them in <a href='{host}/{part}'>its yearbook</a>.</p>"
        for part in range(1, 13)
    )
    rows = [
        _HEAD.format(section="Metadata Record Information", label="Version", value="20251031"),
        _ROW.format(label="Maintained By", value="<a href='https://records.example'>Records Group</a>"),
        _ROW.format(label="Last Updated Date", value="31 October 2025"),
        _GAP,
        (
            '<tr><td><b>Responsible Organizations</b></td><td style="border-bottom: none;">Guild of Tasters '
            f"{number}</td><td>Roles</td><td><ul><li>Code System Owner</li>"
            "<li>Code System Maintainer (Steward)</li><li>Code System Publisher</li></ul></td></tr>\n"
        ),
        *(
            f"<tr><td></td><td></td><td>{label}</td><td>{value}</td></tr>\n"
            for label, value in (
                ("Website", f'<a href="{host}">{host}</a>'),
                (
                    "Email address",
                    f'<a href="mailto:guild{number}@tasters.example">guild{number}@tasters.example</a>',
                ),
                ("Phone number", "+999 555 0100"),
                ("Address", f"Kettle Lane {number}<br/>Teatown"),
            )
        ),
        _GAP,
        _HEAD.format(section="Code System Names", label="Formal name", value=f"Grades of Tea {number}"),
        _ROW.format(label="Short name", value=f"TEA{number}"),
        _GAP,
        (
            '<tr><td><b>Code System Technical Identifiers</b></td><td colspan="3">'
            f'<a href="NamingSystem-TEA{number}.html">Identification Record</a></td></tr>\n'
        ),
        _ROW.format(label="TSMG-endorsed URI", value=f"<code>{host}/id</code>"),
        _ROW.format(label="TSMG-endorsed OID", value=f"<code>2.999.77.{number}</code>"),
        _GAP,
        _HEAD.format(section="Code System Information", label="Links", value=f'<a href="{host}">{host}</a>'),
        _ROW.format(label="Description", value=f"<div>{description}</div>"),
        _ROW.format(
            label="Arrangements or agreements with HL7 for use of content", value="<p>Free to use.</p>"
        ),
        _GAP,
        _HEAD.format(
            section="Version management",
            label="Version information",
            value="<p>One release a year, named by the year.</p>",
        ),
        _GAP,
        _HEAD.format(
            section="Code System Copyright, Intellectual Property and Licensing",
            label="Copyright Statement",
            value=f"<p>Copyright Guild of Tasters {number}. Everyone may use the list.</p>",
        ),
        _ROW.format(label="Copyright Information", value="—"),
        _ROW.format(label="Intellectual Property Information", value="—"),
        _ROW.format(
            label="Licensing Information", value=f'<p>See <a href="{host}/licence">the licence</a>.</p>'
        ),
    ]
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><title>Grades of Tea {number}</title></head><body>\n'
        f'<table class="grid" style="border: 0px black solid;">\n{"".join(rows)}</table>\n</body></html>\n'
    )


def write_folder(folder: Path, count: int) -> None:
    """Write ``count`` pages, HTML and text in turns."""
    folder.mkdir(parents=True)
    for number in range(1, count + 1):
        if number % 2:
            (folder / f"{number:05}.html").write_text(html_page(number), encoding="utf-8")
        else:
            (folder / f"{number:05}.txt").write_text(text_page(number), encoding="utf-8")
