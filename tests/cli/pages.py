"""Invented pages of dialect D1, and running the command on them."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner, Result

from termsmith.cli.main import cli

LABELS = """\
Terminology owner/maintenance organisation

Name, contact details, website
Guild of Tasters
https://tasters.example

Formal name of the code system

{title}

Short name or abbreviation of the code system name

{short_name}

Technical identifier/s of the code system (OIDs, URNs etc)

{identifiers}

Scope/domain statement for the code system

(Official or from HTA)

Grades of {short_name}.

Link to information about the code system - including how to obtain the content

https://tasters.example/{short_name}

Arrangement or agreements with HL7 for use of content

Free for use

IP Information and Licensing Information

Copyright Guild of Tasters.

HL7 users of this information - which HL7 products use this link (if known)

None

Process to request content change

Write to the Guild.

Other useful Information

None

Information current as at (date)

2021-04-30
"""


def page(short_name: str, *, number: int = 1, identifiers: str | None = None) -> str:
    """Return the text of a page about an invented terminology."""
    if identifiers is None:
        identifiers = f"URL: https://tasters.example/id/{short_name.lower()}\nOID: 2.999.77.{number}"
    return LABELS.format(title=f"Grades of {short_name}", short_name=short_name, identifiers=identifiers)


def write_page(path: str, short_name: str, *, number: int = 1, identifiers: str | None = None) -> None:
    """Write such a page."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(page(short_name, number=number, identifiers=identifiers), encoding="utf-8")


def termsmith(*arguments: str, stdin: str | bytes | None = None) -> Result:
    """Run the command in this process."""
    return CliRunner().invoke(cli, arguments, input=stdin, prog_name="termsmith", catch_exceptions=False)


def listing(folder: str) -> dict[str, bytes]:
    """Return the files of a folder with their content."""
    return {path.name: path.read_bytes() for path in sorted(Path(folder).iterdir())}
