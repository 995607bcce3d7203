"""Narratives from templates, ours and those of users."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from cli.pages import page, termsmith, write_page

from termsmith.checks.narrative.reading import read_narrative
from termsmith.conversion import convert_page
from termsmith.errors import SettingsError
from termsmith.narratives.narrative import MOST_CONCEPTS, narrative_of
from termsmith.settings import Settings

if TYPE_CHECKING:
    from termsmith.model.result import Conversion, Resource

XHTML = 'xmlns="http://www.w3.org/1999/xhtml"'


def converted(**settings: Any) -> Conversion:
    return convert_page(
        page("Tea").encode(), "tea.txt", Settings(narrative=True, **settings), today="2027-01-01"
    )


def resource(**data: Any) -> Resource:
    whole = {"resourceType": "CodeSystem", "id": "x", "name": "X", **data}
    return replace(converted().resources[1], data=whole)


def own(folder: Path, text: str) -> Path:
    (folder / "code_system.html.jinja").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("release", ["R4", "R4B", "R5"])
def test_the_checks_find_nothing_in_a_narrative_and_its_note_is_gone(
    release: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write_page("pages/tea.txt", "Tea")
    Path("pages/tea.concepts.csv").write_text("code,display,parent\na,A <b>,\nb,B & c,a\n", encoding="utf-8")
    options = ("--fhir-version", release, "--output", "out")
    assert termsmith("convert", "pages", *options).exit_code == 0
    assert "INV006" in termsmith("check", "out").stdout
    assert termsmith("convert", "pages", *options, "--narrative").exit_code == 0
    checked = termsmith("check", "out")
    assert "INV006" not in checked.stdout
    assert "NAR" not in checked.stdout
    for path in Path("out").iterdir():
        data = json.loads(path.read_bytes())
        assert list(data)[:3] == ["resourceType", "id", "text"]
        assert "<h2>Grades of Tea</h2>" in data["text"]["div"]


def test_every_value_of_a_narrative_has_evidence() -> None:
    found = {(each.resource, each.element) for each in converted().evidence}
    for each in ("NamingSystem", "CodeSystem"):
        assert {(f"{each}/Tea", f"{each}.text.status"), (f"{each}/Tea", f"{each}.text.div")} <= found


def test_the_value_set_of_all_codes_stays_as_it_is() -> None:
    write_page("pages/tea.txt", "Tea")
    Path("pages/tea.concepts.csv").write_text("code,display\na,A\n", encoding="utf-8")
    Path("pages/tea.toml").write_text(
        '[concepts]\ncontent = "complete"\nall_codes_value_set = true\n'
        'value_set = "https://tasters.example/vs/tea"\n',
        encoding="utf-8",
    )
    assert termsmith("convert", "pages", "--output", "plain").exit_code == 0
    result = termsmith("convert", "pages", "--output", "out", "--narrative")
    assert result.exit_code == 0, result.stderr
    assert "text" in json.loads(Path("out/CodeSystem-Tea.json").read_bytes())
    assert Path("out/ValueSet-Tea.json").read_bytes() == Path("plain/ValueSet-Tea.json").read_bytes()


def test_no_narrative_is_made_unless_it_is_asked_for() -> None:
    plain = convert_page(page("Tea").encode(), "tea.txt", Settings(), today="2027-01-01")
    assert [each for each in plain.resources if "text" in each.data] == []


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", "a & b", "\x00\x08\ufffe", "{{ 7 * 7 }}", "]]>", "&nbsp;", "\ud800"],
)
def test_what_pages_say_is_text_and_nothing_else(text: str) -> None:
    div = narrative_of(
        resource(
            description=text,
            title=text,
            publisher=text,
            copyright=text,
            concept=[{"code": text, "display": text}],
        ),
        None,
    )
    assert read_narrative(div).faults == []
    assert "<script" not in div
    assert ">49<" not in div


def test_a_narrative_says_which_language_the_resource_is_in() -> None:
    div = narrative_of(resource(language="de"), None)
    assert div.startswith(f'<div {XHTML} lang="de" xml:lang="de">')


@pytest.mark.parametrize(
    ("language", "direction"),
    [
        ("ar", True),
        ("he-IL", True),
        ("ur", True),
        ("az-Arab", True),
        ("de", False),
        ("ar-Latn", False),
        ("arn", False),
    ],
)
def test_what_is_written_from_right_to_left_is_shown_so(language: str, direction: bool) -> None:  # noqa: FBT001
    assert (' dir="rtl">' in narrative_of(resource(language=language), None)) is direction


def test_lines_stay_lines() -> None:
    div = narrative_of(resource(copyright="One\ntwo", concept=[{"code": "a", "definition": "x\ny"}]), None)
    assert '<td style="white-space: pre-line">One\ntwo</td>' in div
    assert '<td style="white-space: pre-line">x\ny</td>' in div


def test_escapes_of_markdown_are_not_shown() -> None:
    div = narrative_of(resource(description=r"10\*3 and \<b> but `a\*b` and C:\d", copyright=r"\_x"), None)
    assert r"10*3 and &lt;b&gt; but `a\*b` and C:\d" in div
    assert "<td>_x</td>" in div


def columns(div: str) -> list[str]:
    return re.findall(r'<th style="text-align: start">(.*?)</th>', div)


def test_a_plain_list_has_no_columns_without_anything_in_them() -> None:
    assert columns(narrative_of(resource(concept=[{"code": "a", "display": "A"}]), None)) == [
        "Code",
        "Display",
    ]
    system = {"resourceType": "NamingSystem", "uniqueId": [{"type": "oid", "value": "2.999"}]}
    assert columns(narrative_of(replace(converted().resources[0], data=system), None)) == [
        "Type",
        "Identifier",
        "Preferred",
    ]


def test_other_names_and_properties_of_a_code_are_listed() -> None:
    names = [
        {"language": "de", "use": {"system": "http://x.example", "code": "full"}, "value": "Grün <1>"},
        {"value": "vert"},
    ]
    values = [
        {"code": "sold", "valueBoolean": False},
        {"code": "weight", "valueDecimal": 1.5},
        {"code": "leaf", "valueCoding": {"system": "http://x.example", "code": "l", "display": "Leaf"}},
    ]
    concept = {"code": "g", "designation": names, "property": values, "concept": [{"code": "s"}]}
    div = narrative_of(resource(concept=[concept]), None)
    assert columns(div) == ["Level", "Code", "Display", "Other names", "Properties"]
    assert '<td>\nde: <span lang="de" xml:lang="de">Grün &lt;1&gt;</span> (full)\n<br/>vert\n</td>' in div
    assert "<td>\nsold: false\n<br/>weight: 1.5\n<br/>leaf: Leaf\n</td>" in div


def test_when_an_identifier_held_and_what_is_said_of_it_is_listed() -> None:
    ids = [
        {"type": "oid", "value": "2.999", "period": {"start": "2001", "end": "2010"}},
        {"type": "uri", "value": "http://x.example/y", "preferred": True, "comment": "new"},
    ]
    system = {"resourceType": "NamingSystem", "name": "X", "uniqueId": ids}
    div = narrative_of(replace(converted().resources[0], data=system), None)
    assert columns(div) == ["Type", "Identifier", "Preferred", "Period", "Comment"]
    assert '<td style="white-space: nowrap">2001 – 2010</td><td></td></tr>' in div
    assert '<a href="http://x.example/y">http://x.example/y</a></td><td>yes</td>' in div


def test_all_levels_are_listed_but_not_too_many_codes() -> None:
    deep: dict[str, Any] = {"code": "c0"}
    for number in range(1, 500):
        deep = {"code": f"c{number}", "concept": [deep]}
    div = narrative_of(resource(concept=[deep]), None)
    assert "<tr><td>500</td><td><code>c0</code></td>" in div
    many = [{"code": str(number)} for number in range(MOST_CONCEPTS + 1)]
    div = narrative_of(resource(concept=many), None)
    assert "<code>" not in div
    assert "The codes are too many to be listed here." in div


def test_a_system_with_streamed_codes_has_a_summary() -> None:
    div = narrative_of(replace(resource(count=20001), more_concepts=lambda: iter([])), None)
    assert ">Number of codes</th><td>20001</td>" in div
    assert "too many" in div


def test_a_template_of_the_user_takes_the_place_of_ours(tmp_path: Path) -> None:
    own(tmp_path, f"<div {XHTML}>{{% include 'part.jinja' %}}{{{{ title or resource.name }}}}</div>\n")
    (tmp_path / "part.jinja").write_text("<b>T</b>", encoding="utf-8")
    assert narrative_of(resource(), tmp_path) == f"<div {XHTML}><b>T</b>X</div>"


@pytest.mark.parametrize(
    ("template", "why"),
    [
        (f"<div {XHTML}><script>x</script></div>", "NAR005"),
        (f"<div {XHTML}><p onclick='x'>x</p></div>", "NAR006"),
        ("<div>x</div>", "NAR003"),
        (f"<div {XHTML}>x", "NAR001"),
        (f"<div {XHTML}>{{{{ resource.description|safe }}}}</div>", "NAR005"),
        ("{% for %}", ":1: the template fails"),
        ("{{ resource.a.b }}", "the template fails"),
        ("{{ 1 / 0 }}", "the template fails"),
        ("{{ ''.__class__.__mro__[1].__subclasses__() }}", "the template fails"),
        ("{% include '../secret' %}", "the template fails"),
        ("{% for each in range(10 ** 9) %}x{% endfor %}", "the template fails"),
        ("{{ resource.update({'id': 'y'}) }}", "the template fails"),
        ("{{ 'a' * 10 ** 18 }}", "the template fails: it needs more memory than there is"),
        ("{{ 'a' * 10 ** 30 }}", "the template fails"),
    ],
)
def test_a_template_that_is_wrong_is_named(tmp_path: Path, template: str, why: str) -> None:
    (tmp_path / "secret").write_text("x", encoding="utf-8")
    folder = tmp_path / "templates"
    folder.mkdir()
    own(folder, template)
    with pytest.raises(SettingsError) as caught:
        narrative_of(resource(description="<iframe/>"), folder)
    assert caught.value.code == "SET008"
    assert f"{folder.as_posix()}/code_system.html.jinja" in caught.value.message
    assert why in caught.value.message
