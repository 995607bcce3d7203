"""Every code of an error: what stops a command, or keeps one source from being read.

Unlike a finding, an error is raised (`termsmith.errors`), worded with the facts where it happens. The
documentation's table is made from here.
"""

from __future__ import annotations

from typing import NamedTuple


class ErrorCode(NamedTuple):
    """One kind of error, described as data."""

    code: str
    """Ours and stable, like that of a finding."""
    title: str
    when: str
    """What has happened, without the facts that the error itself tells."""
    hint: str
    """What to do next."""


FAMILIES = {
    "SRC": "Sources",
    "USE": "Requests that make no sense",
    "SET": "Configuration, sidecars, dialect tables and templates",
    "OUT": "Writing results",
    "FET": "Fetching pages",
    "SRV": "Uploading",
    "INT": "Faults of termsmith itself",
}
"""Letters that codes begin with, in the order in which they are listed; some begin codes of findings, too."""

ERROR_CODES = (
    ErrorCode("SRC001", "No such file", "a path leads to no file or folder", "Check the path."),
    ErrorCode(
        "SRC002",
        "Unreadable source",
        "the system does not let a file, a folder or standard input be read, or it changed meanwhile",
        "Check what it is, and its permissions.",
    ),
    ErrorCode(
        "SRC003",
        "Source too large",
        "a sidecar has more than a megabyte, or a file of resources more than is read",
        "Look whether it is the right file; split a large one into several.",
    ),
    ErrorCode(
        "SRC004", "No page", "no page was found to be converted", "Name a page, or a folder that holds pages."
    ),
    ErrorCode(
        "SRC005",
        "Nothing to do",
        "no resource, package or page was found to be checked or uploaded",
        "Name a resource, a Bundle, a package or, to check it, a page.",
    ),
    ErrorCode(
        "SRC006",
        "File outside",
        "a sidecar names a file of concepts outside its folder and the current one",
        "Put the file beside the page, or give it with --concepts.",
    ),
    ErrorCode(
        "USE001", "Unknown FHIR version", "the FHIR version is none that is written", "Give R4, R4B or R5."
    ),
    ErrorCode(
        "USE002", "Unknown dialect", "there is no dialect of this id", "`termsmith dialects` lists them all."
    ),
    ErrorCode(
        "USE003",
        "Unknown or wrong argument",
        "there is no such rule or family, or a folder is given where one page is meant",
        "`termsmith rules` lists all rules; name a file.",
    ),
    ErrorCode(
        "USE004",
        "Unknown profile",
        "there is no profile of this name",
        "`termsmith check --help` lists them all.",
    ),
    ErrorCode(
        "USE005",
        "Arguments that don't go together",
        "--concepts is given for several pages, or resources are to be found by something unknown",
        "Put each page's concepts beside it; upload by id or by url.",
    ),
    ErrorCode(
        "USE006",
        "Argument that can't be",
        "an argument of a Python function has a value that it can't have",
        "The message says which values there are.",
    ),
    ErrorCode(
        "USE007",
        "Dictionary that is no JSON",
        "a resource given as a dictionary holds what JSON can't",
        "Give strings, numbers, lists and dictionaries.",
    ),
    ErrorCode(
        "USE008",
        "Text where a path is expected",
        "a Python function got the text of a page as `str`, which means a path",
        "Give content as bytes: page.encode().",
    ),
    ErrorCode(
        "USE010",
        "Extra not installed",
        "a command needs a package that is not installed",
        "Install the extra that the message names.",
    ),
    ErrorCode(
        "USE011",
        "No address of Confluence",
        "--base is no web address, or has more than an address in it",
        "Give https://HOST/PATH alone; credentials stand in the environment.",
    ),
    ErrorCode(
        "USE012",
        "Report over what it reports on",
        "--output or --manifest names a file that is read",
        "Name another file.",
    ),
    ErrorCode(
        "SET001",
        "Wrong configuration",
        "termsmith.toml is no TOML, or has an unknown key or a wrong value",
        "Correct the line; `termsmith schema config` prints all keys.",
    ),
    ErrorCode(
        "SET002",
        "Unreadable configuration",
        "termsmith.toml, or the file of --config, can't be read",
        "Check the path, or let `termsmith init` write a first one.",
    ),
    ErrorCode(
        "SET003",
        "Wrong SOURCE_DATE_EPOCH",
        "the environment variable is no number of seconds since 1970",
        "Set it to a number, or unset it.",
    ),
    ErrorCode(
        "SET004",
        "No [package]",
        "a package is asked for, and the configuration does not say what it is",
        "Put [package] with name, version and canonical into termsmith.toml.",
    ),
    ErrorCode(
        "SET005",
        "Nothing to build",
        "the configuration does not say what to build",
        "State sources in [build], or let `termsmith init` write a first configuration.",
    ),
    ErrorCode(
        "SET006",
        "Newer configuration",
        "the form of termsmith.toml is of a newer termsmith",
        "Update termsmith.",
    ),
    ErrorCode(
        "SET007",
        "File of the guide that can't be used",
        "a file of the implementation guide can't be read, or its marked lines are damaged",
        "Correct it, or the path in [outputs].",
    ),
    ErrorCode(
        "SET008",
        "Wrong template",
        "a template for narratives is missing, fails, or yields what narratives may not have",
        "Correct it, or remove it for the built-in one.",
    ),
    ErrorCode(
        "SET010", "Dialect table that is no TOML", "a dialect table is no valid TOML", "Correct the file."
    ),
    ErrorCode(
        "SET011",
        "Wrong dialect table",
        "a dialect table has an unknown key, a wrong value or a label that is too short",
        "Correct what the message names; docs/dialects.md lists all keys.",
    ),
    ErrorCode(
        "SET012", "Unreadable dialect table", "a dialect table can't be read", "Check the path of the table."
    ),
    ErrorCode(
        "SET013",
        "Two dialects of one id",
        "two dialect tables have the same id",
        "Give the table an id of its own.",
    ),
    ErrorCode(
        "OUT002",
        "Result that can't be written",
        "the disk, standard output or a temporary folder refuses",
        "Check permissions and the space on the disk; files not yet replaced are as they were.",
    ),
    ErrorCode(
        "OUT003",
        "File in place of a folder",
        "the folder of the results is a file, or a link that leads nowhere",
        "Name a folder that the results can go to.",
    ),
    ErrorCode(
        "OUT004",
        "Unsafe file name",
        "the id of a resource would make no plain file name",
        "State a valid id in the sidecar.",
    ),
    ErrorCode(
        "OUT005",
        "Format without a way to say it",
        "a resource holds something that XML or FSH has no way to write",
        "Correct it in the page, the sidecar or the code table.",
    ),
    ErrorCode(
        "OUT006",
        "Resources that can't be in one file",
        "resources of several FHIR releases, or two of one id, are to be in one package or Bundle",
        "Convert the pages for one release; state another id in the sidecar of one.",
    ),
    ErrorCode(
        "OUT010",
        "Damaged lock file",
        "termsmith.lock can't be read",
        "Restore it from version control, or delete it; files of former builds are then left alone.",
    ),
    ErrorCode(
        "OUT011", "Newer lock file", "termsmith.lock was written by a newer termsmith", "Update termsmith."
    ),
    ErrorCode(
        "OUT012",
        "Configuration is there already",
        "`termsmith init` would overwrite a configuration",
        "Edit it, or remove it first.",
    ),
    ErrorCode(
        "OUT013",
        "File of somebody else in the way",
        "a build would replace a file that no build of the project wrote",
        "Move it, or name another place in [outputs]; what an earlier run wrote may be deleted.",
    ),
    ErrorCode(
        "FET001",
        "Confluence can't be reached",
        "there is no connection to the server",
        "Check --base and the network; the next run goes on where this one stopped.",
    ),
    ErrorCode(
        "FET002",
        "Confluence refuses",
        "the server does not accept the credentials, or refuses access",
        "Check the credentials, or ask for the right to read the space.",
    ),
    ErrorCode(
        "FET003",
        "No such address",
        "the server has no such address",
        "Check --base, and that the space exists.",
    ),
    ErrorCode(
        "FET004",
        "Confluence fails",
        "the server answers with a failure, or with more than can be read",
        "Try again later, or narrow the fetch by --label.",
    ),
    ErrorCode(
        "FET005",
        "Not Confluence",
        "the server's answer is not that of Confluence",
        "Give the address under which Confluence itself is.",
    ),
    ErrorCode(
        "FET006",
        "Damaged list of fetched pages",
        "the list that a fetch keeps of its pages can't be used",
        "Delete it; then every page is fetched again.",
    ),
    ErrorCode(
        "SRV001",
        "No server address",
        "the server's URL is no http or https URL",
        "Give the base URL of the server.",
    ),
    ErrorCode(
        "SRV002",
        "Secret in the address",
        "the server's URL may hold a user name, password or token",
        "Give the URL alone; credentials stand in the environment.",
    ),
    ErrorCode(
        "SRV003",
        "Wrong credentials",
        "the credentials in the environment contradict each other, are incomplete, or can't be sent",
        "Set TERMSMITH_TOKEN alone, or both TERMSMITH_USER and TERMSMITH_PASSWORD.",
    ),
    ErrorCode(
        "SRV004",
        "Extra not installed",
        "uploads need httpx, which is not installed",
        "Install the extra `upload`.",
    ),
    ErrorCode(
        "SRV005",
        "No FHIR server",
        "the server does not answer, or not as a FHIR server does",
        "Check the URL: the base of a FHIR server often ends in /fhir, /r4 or the like.",
    ),
    ErrorCode(
        "SRV006",
        "Another FHIR release",
        "the server speaks a FHIR release that is not written",
        "Name a server, or an endpoint of it, of FHIR R4, R4B or R5.",
    ),
    ErrorCode(
        "INT002",
        "A process died",
        "a process that converts pages was ended, perhaps by the system for want of memory",
        "Run again with --jobs 1 to see which page it is.",
    ),
)
"""Family by family, ordered by code."""
