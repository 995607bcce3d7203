"""Bad input: a finding or a named error, in bounded time, and never anything outside."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

import termsmith
from termsmith.dialects.loading import load_dialects
from termsmith.model.finding import Severity

PAGE = """Terminology owner/maintenance organisation

Tea Board

Formal name of the code system

{title}

Short name or abbreviation of the code system name

{short}

Technical identifier/s for the code system

Canonical URL: http://tea.example/grades

Scope/domain statement for the code system

Grades.

Information current as at (date)

2021
"""
LABELS = [label.text for dialect in load_dialects() for label in dialect.labels]
TITLES = [
    "../../x",
    "CON",
    "a" * 300,
    "\u202eevil",
    "..",
    "/etc/passwd",
    "x\\y",
    "🫖",
    "NUL.txt",
    "%2e%2e%2f",
    "名前",
    "<script>",
]


@pytest.mark.parametrize("title", TITLES)
def test_hostile_titles_give_safe_names(title: str) -> None:
    for page in (PAGE.format(title=title, short=""), PAGE.format(title="Tea", short=title)):
        result = termsmith.convert(page.encode())
        assert result.ok, result.findings
        for resource in result.resources:
            assert PurePosixPath(resource.file_name).name == resource.file_name
            assert len(resource.id) <= 64
            assert resource.id.split(".")[0].upper() not in {"CON", "NUL", "AUX", "PRN", ""}


@given(st.binary(max_size=400))
def test_no_bytes_raise_anything(data: bytes) -> None:
    result = termsmith.convert(data)
    assert not result.ok
    assert result.resources == ()


@given(
    st.lists(st.sampled_from(LABELS) | st.text(max_size=30), max_size=30),
    st.sampled_from(["\n", "\n\n", " | ", "</td><td>"]),
)
def test_no_text_with_labels_raises_anything(lines: list[str], joint: str) -> None:
    result = termsmith.convert(joint.join(lines).encode("utf-8", "surrogatepass"))
    assert all(finding.severity in Severity for finding in result.findings)
    assert result.ok == all(finding.severity is not Severity.ERROR for finding in result.findings)


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_title_gives_valid_resources_or_a_finding(title: str, short: str) -> None:
    result = termsmith.convert(PAGE.format(title=title, short=short).encode("utf-8", "surrogatepass"))
    assert bool(result.resources) == result.ok
    for resource in result.resources:
        assert resource.data["name"][:1].isupper()


@pytest.mark.parametrize(
    "page",
    [
        PAGE.format(title="Tea", short="T") + "word " * 300_000,
        PAGE.format(title="Tea", short="T") + "\n".join(LABELS * 1_500),
        "Technical identifier/s for the code system\n" + "2.999.1." * 100_000,
        "Technical identifier/s for the code system\n" + "(" * 200_000,
        "\n".join(["Code System NamesFormal name of the code system" * 50] * 400),
        "| a " * 200_000 + "|",
    ],
    ids=["long-line", "many-labels", "long-oid", "brackets", "glued-labels", "pipes"],
)
def test_large_odd_pages_end(page: str) -> None:
    result = termsmith.convert(page.encode())
    assert result.findings or result.resources
