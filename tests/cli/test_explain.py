"""`termsmith explain`: both views, for people and for machines."""

from __future__ import annotations

import json
from pathlib import Path

from cli.pages import page, termsmith, write_page


def test_text_shows_elements_with_their_words_and_words_with_their_elements() -> None:
    write_page("tea.txt", "Tea")
    result = termsmith("explain", "tea.txt")
    assert result.exit_code == 0
    elements, _, pieces = result.stdout.partition("\nText of tea.txt ")
    assert elements.startswith("NamingSystem/Tea\n  id = Tea\n      page 13:1")
    assert "\nCodeSystem/Tea\n" in elements
    assert "\n  title = Grades of Tea\n      page 9:1\n" in elements
    assert "\n  content = not-present\n      default: " in elements
    assert "\n    7 l Formal name of the code system\n    9 u Grades of Tea\n        -> " in pieces
    assert " - None\n" in pieces


def test_json_gives_the_whole_text_again() -> None:
    write_page("tea.txt", "Tea")
    result = termsmith("explain", "tea.txt", "--format", "json")
    explained = json.loads(result.stdout)
    assert list(explained) == [
        "source",
        "fhirVersion",
        "dialect",
        "ok",
        "resources",
        "pieces",
        "counts",
        "findings",
    ]
    assert (explained["source"], explained["dialect"], explained["ok"]) == ("tea.txt", "D1", True)
    assert "".join(piece["text"] for piece in explained["pieces"]).split() == page("Tea").split()
    title = next(e for e in explained["resources"][1]["elements"] if e["element"] == "CodeSystem.title")
    assert title == {
        "element": "CodeSystem.title",
        "value": "Grades of Tea",
        "origin": "page",
        "reason": None,
        "words": [{"text": "Grades of Tea", "place": {"source": "tea.txt", "line": 9, "column": 1}}],
    }
    assert result.stderr == ""


def test_a_page_that_fails_is_explained_too() -> None:
    write_page("tea.txt", "Tea", identifiers="\n")
    result = termsmith("explain", "tea.txt")
    assert result.exit_code == 1
    assert result.stderr.startswith("tea.txt: error[REC020]: ")
    assert result.stdout.startswith("Text of tea.txt (u used ")
    assert json.loads(termsmith("explain", "tea.txt", "--format", "json").stdout)["resources"] == []


def test_a_page_that_is_none_is_explained_as_far_as_it_goes() -> None:
    result = termsmith("explain", "-", stdin=b"\0\1\2")
    assert result.exit_code == 1
    assert "error[PAG003]" in result.stderr
    assert result.stdout == "Text of - (u used 0, l label 0, f furniture 0, - blank 0, ! leftover 0)\n"


def test_options_of_the_conversion_hold() -> None:
    write_page("tea.txt", "Tea", identifiers="\n")
    result = termsmith("explain", "tea.txt", "--draft", "--fhir-version", "R5", "--dialect", "D1")
    assert "\n  title = Grades of Tea\n" in result.stdout.partition("CodeSystem/")[0]


def test_a_folder_or_a_missing_page_is_exit_status_2() -> None:
    Path("in").mkdir()
    result = termsmith("explain", "in")
    assert (result.exit_code, result.stderr) == (
        2,
        "error[USE003]: in is a folder\n  hint: `termsmith explain` takes one page.\n",
    )
    result = termsmith("explain", "gone.txt")
    assert (result.exit_code, result.stderr) == (
        2,
        "error[SRC001]: gone.txt: no such file or folder\n  hint: Check the path.\n",
    )
