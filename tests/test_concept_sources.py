from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import termsmith
from termsmith.errors import SourceError
from termsmith.outputs.files import render_json

if TYPE_CHECKING:
    from termsmith.model.result import Conversion

HEAD = 'canonical_url = "http://tea.example/codes"\ntitle = "Codes of Tea"\nshort_name = "TeaCodes"\nstatus = "active"\n'
PAGE = b"A page of nothing but words.\n"
EXISTING: dict[str, Any] = {
    "resourceType": "CodeSystem",
    "id": "old",
    "text": {"status": "generated", "div": '<div xmlns="http://www.w3.org/1999/xhtml">old</div>'},
    "extension": [{"url": "http://tea.example/e", "valueString": "kept"}],
    "url": "http://tea.example/codes",
    "identifier": [{"system": "urn:ietf:rfc:3986", "value": "urn:oid:2.999.1"}],
    "version": "7",
    "name": "OldCodes",
    "status": "retired",
    "_publisher": {"extension": [{"url": "http://tea.example/p", "valueString": "kept"}]},
    "jurisdiction": [{"coding": [{"system": "urn:iso:std:iso:3166", "code": "FR"}]}],
    "caseSensitive": False,
    "valueSet": "http://tea.example/all",
    "hierarchyMeaning": "is-a",
    "compositional": False,
    "versionNeeded": True,
    "content": "complete",
    "count": 2,
    "filter": [{"code": "w", "operator": ["="], "value": "a number", "extension": [{"url": "http://tea.example/f", "valueCode": "x"}]}],
    "property": [{"code": "w", "uri": "http://tea.example/w", "type": "decimal"}],
    "concept": [
        {
            "code": "A",
            "extension": [{"url": "http://tea.example/c", "valueString": "kept"}],
            "display": "a",
            "designation": [{"language": "de", "value": "ä", "extension": [{"url": "http://tea.example/d", "valueString": "x"}]}],
            "property": [{"code": "w", "valueDecimal": 1.5}],
            "concept": [{"code": "B", "_display": {"extension": [{"url": "http://tea.example/n", "valueCode": "unknown"}]}}],
        }
    ],
}  # fmt: skip


def code_system(conversion: Conversion) -> dict[str, Any]:
    """Return the CodeSystem of a conversion."""
    found = [dict(each.data) for each in conversion.resources if each.type == "CodeSystem"]
    assert len(found) == 1, [f"{each.code} {each.message}" for each in conversion.findings]
    return found[0]


def codes(conversion: Conversion) -> list[str]:
    """Return the codes of the findings of tables, but those about reading and content."""
    passed = {"TAB001", "TAB002", "TAB023"}
    return [
        each.code for each in conversion.findings if each.code.startswith("TAB") and each.code not in passed
    ]


def page(folder: Path, sidecar: str = "", **files: str) -> Path:
    """Write a page with a sidecar and files of concepts beside it; return its path."""
    (folder / "tea.txt").write_bytes(PAGE)
    (folder / "tea.toml").write_text(HEAD + sidecar, encoding="utf-8")
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder / "tea.txt"


class TestWhereConceptsComeFrom:
    def test_a_file_beside_the_page_is_found(self, tmp_path: Path) -> None:
        source = page(tmp_path, tea_concepts_csv="Code,Name\nA,a\n")
        assert code_system(termsmith.convert(source))["concept"] == [{"code": "A", "display": "a"}]

    def test_the_case_of_its_extension_is_no_matter(self, tmp_path: Path) -> None:
        source = page(tmp_path, tea_concepts_CSV="Code,Name\nA,a\n")
        assert code_system(termsmith.convert(source))["concept"] == [{"code": "A", "display": "a"}]

    def test_of_several_files_beside_the_page_one_is_read_and_the_others_are_told(
        self, tmp_path: Path
    ) -> None:
        source = page(tmp_path, tea_concepts_csv="Code,Name\nA,a\n", tea_concepts_tsv="Code\tName\nB\tb\n")
        conversion = termsmith.convert(source)
        assert [each["code"] for each in code_system(conversion)["concept"]] == ["A"]
        assert codes(conversion) == ["TAB048"]

    def test_the_sidecar_names_a_file_relative_to_the_page(self, tmp_path: Path) -> None:
        source = page(
            tmp_path, '[concepts]\nfile = "tables/x.csv"\n', tables__x_csv="Code,Name\nC,c\n",
            tea_concepts_csv="Code,Name\nA,a\n",
        )  # fmt: skip
        assert [each["code"] for each in code_system(termsmith.convert(source))["concept"]] == ["C"]

    def test_a_file_that_is_given_goes_before_all_others(self, tmp_path: Path) -> None:
        source = page(
            tmp_path, '[concepts]\nfile = "x.csv"\n', x_csv="Code,Name\nC,c\n", y_csv="Code,Name\nD,d\n"
        )
        conversion = termsmith.convert(source, concepts=tmp_path / "y.csv")
        assert [each["code"] for each in code_system(conversion)["concept"]] == ["D"]

    @pytest.mark.parametrize(
        "name", ["../secret.csv", "/etc/passwd", "C:\\\\x.csv", "tables/../../secret.csv", "link.csv"]
    )
    def test_a_sidecar_leads_nowhere_else(self, tmp_path: Path, name: str) -> None:
        folder = tmp_path / "pages"
        folder.mkdir()
        (tmp_path / "secret.csv").write_text("Code,Name\nA,a\n", encoding="utf-8")
        (folder / "tables").mkdir()
        (folder / "link.csv").symlink_to(tmp_path / "secret.csv")
        source = page(folder, f'[concepts]\nfile = "{name}"\n')
        with pytest.raises(SourceError) as caught:
            termsmith.convert(source)
        assert caught.value.code == "SRC006"
        assert caught.value.message.startswith(f"{folder.as_posix()}/tea.toml:6: ")

    def test_within_the_current_folder_a_sidecar_may_go_up(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        (tmp_path / "pages").mkdir()
        (tmp_path / "x.csv").write_text("Code,Name\nA,a\n", encoding="utf-8")
        source = page(tmp_path / "pages", '[concepts]\nfile = "../x.csv"\n')
        assert code_system(termsmith.convert(source))["concept"] == [{"code": "A", "display": "a"}]

    def test_a_file_that_is_missing_is_an_error(self, tmp_path: Path) -> None:
        with pytest.raises(SourceError) as caught:
            termsmith.convert(page(tmp_path, '[concepts]\n# codes\nfile = "x.csv"\n'))
        folder = tmp_path.as_posix()
        assert caught.value.code == "SRC001"
        assert caught.value.message == f"{folder}/tea.toml:7: {folder}/x.csv: no such file"

    def test_codes_of_a_page_with_several_systems_are_nobodys(self, tmp_path: Path) -> None:
        more = "".join(
            f'[[system]]\ntitle = "T{n}"\ncanonical_url = "http://tea.example/{n}"\n' for n in "12"
        )
        (tmp_path / "tea.txt").write_bytes(PAGE)
        (tmp_path / "tea.toml").write_text(f'status = "active"\n{more}', encoding="utf-8")
        (tmp_path / "tea.concepts.csv").write_text("Code,Name\nA,a\n", encoding="utf-8")
        assert codes(termsmith.convert(tmp_path / "tea.txt")) == ["TAB029"]


class TestFilesThatGiveNoConcepts:
    @pytest.mark.parametrize(
        ("name", "data", "code"),
        [
            ("x.csv", b"", "TAB024"),
            ("x.csv", b"a,b\n1,2\n", "TAB024"),
            ("x.csv", b"Code,Name\n", "TAB044"),
            ("x.csv", b"\x00\x01\x02\xff", "TAB025"),
            ("x.csv", b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< >>\nendobj", "TAB025"),
            ("x.xlsx", b"PK\x03\x04 and no more", "TAB025"),
            ("x.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 a password", "TAB025"),
            ("x.json", b'{"resourceType": "Bundle", "type": "collection"}', "TAB025"),
            ("x.json", b'{"resourceType": "CodeSystem"', "DOC001"),
            ("x.xml", b"<html/>", "DOC004"),
        ],
    )
    def test_they_are_told_and_the_code_system_is_not_written(
        self, tmp_path: Path, name: str, data: bytes, code: str
    ) -> None:
        (tmp_path / name).write_bytes(data)
        conversion = termsmith.convert(PAGE, sidecar=HEAD.encode(), concepts=tmp_path / name)
        assert code in [each.code for each in conversion.findings]
        assert "TAB056" in [each.code for each in conversion.findings]
        assert not conversion.ok
        assert [each.type for each in conversion.resources] == ["NamingSystem"]
        assert {each.resource.split("/")[0] for each in conversion.evidence} == {"NamingSystem"}


class TestAnExistingCodeSystem:
    def convert(
        self, folder: Path, existing: dict[str, Any], sidecar: str = "", **options: Any
    ) -> Conversion:
        (folder / "old.json").write_bytes(render_json(existing))
        return termsmith.convert(
            PAGE, sidecar=(HEAD + sidecar).encode(), concepts=folder / "old.json", **options
        )

    def test_nothing_of_it_is_lost(self, tmp_path: Path) -> None:
        made = code_system(self.convert(tmp_path, EXISTING))
        kept = {
            name: value for name, value in EXISTING.items() if name not in {"id", "text", "name", "status"}
        }
        assert {name: made[name] for name in kept} == kept

    def test_what_the_page_says_otherwise_is_written_and_told(self, tmp_path: Path) -> None:
        conversion = self.convert(tmp_path, EXISTING, 'version = "8"\n')
        made = code_system(conversion)
        assert (made["version"], made["name"], made["status"], made["title"]) == (
            "8",
            "TeaCodes",
            "active",
            "Codes of Tea",
        )
        replaced = [each.element for each in conversion.findings if each.code == "TAB045"]
        assert sorted(filter(None, replaced)) == [
            "CodeSystem.name",
            "CodeSystem.status",
            "CodeSystem.version",
        ]
        assert [each.message.split(" of ")[0] for each in conversion.findings if each.code == "TAB046"] == [
            "text"
        ]

    def test_defaults_give_way_and_are_not_told(self, tmp_path: Path) -> None:
        conversion = self.convert(tmp_path, EXISTING)
        assert code_system(conversion)["caseSensitive"] is False
        assert "RES002" not in [each.code for each in conversion.findings]

    def test_an_oid_of_the_page_joins_the_identifiers(self, tmp_path: Path) -> None:
        made = code_system(self.convert(tmp_path, EXISTING, 'oid = "2.999.2"\n'))
        assert [each["value"] for each in made["identifier"]] == ["urn:oid:2.999.2", "urn:oid:2.999.1"]

    def test_decimals_keep_their_digits(self, tmp_path: Path) -> None:
        text = render_json(EXISTING).replace(b'"valueDecimal": 1.5', b'"valueDecimal": 1.500')
        (tmp_path / "old.json").write_bytes(text)
        conversion = termsmith.convert(PAGE, sidecar=HEAD.encode(), concepts=tmp_path / "old.json")
        assert b'"valueDecimal": 1.500' in render_json(code_system(conversion))
        xml = (
            '<CodeSystem xmlns="http://hl7.org/fhir"><status value="active"/><content value="complete"/>'
            '<property><code value="w"/><type value="decimal"/></property><concept><code value="A"/>'
            '<property><code value="w"/><valueDecimal value="0.10"/></property></concept></CodeSystem>'
        )
        (tmp_path / "old.xml").write_text(xml, encoding="utf-8")
        conversion = termsmith.convert(PAGE, sidecar=HEAD.encode(), concepts=tmp_path / "old.xml")
        assert b'"valueDecimal": 0.10' in render_json(code_system(conversion))

    def test_every_value_has_evidence(self, tmp_path: Path) -> None:
        conversion = self.convert(tmp_path, EXISTING)
        elements = {
            each.element.split(".")[1].partition("[")[0]
            for each in conversion.evidence
            if each.resource == "CodeSystem/TeaCodes"
        }
        assert {name.removeprefix("_") for name in code_system(conversion)} - {"resourceType"} == elements

    def test_what_is_wrong_in_it_is_told_at_its_file(self, tmp_path: Path) -> None:
        told = self.convert(tmp_path, {**EXISTING, "jurisdiction": []}).findings
        assert [each.place and each.place.source for each in told if each.code == "STR008"] == [
            (tmp_path / "old.json").as_posix()
        ]

    def test_what_a_release_lacks_is_told(self, tmp_path: Path) -> None:
        existing = {**EXISTING, "copyrightLabel": "CC0"}
        told = [each.message for each in self.convert(tmp_path, existing).findings if each.code == "TAB046"]
        assert any("copyrightLabel" in each and "R4 has no such element" in each for each in told)
        assert code_system(self.convert(tmp_path, existing, fhir_version="R5"))["copyrightLabel"] == "CC0"

    def test_other_resources_of_the_file_are_told(self, tmp_path: Path) -> None:
        bundle = {
            "resourceType": "Bundle",
            "type": "collection",
            "entry": [{"resource": EXISTING}, {"resource": {"resourceType": "ValueSet", "status": "active"}}],
        }
        conversion = self.convert(tmp_path, bundle)
        assert code_system(conversion)["concept"] == EXISTING["concept"]
        assert any(each.code == "TAB046" and "ValueSet" in each.message for each in conversion.findings)

    def test_a_supplement_stays_one(self, tmp_path: Path) -> None:
        existing = {**EXISTING, "content": "supplement", "supplements": "http://tea.example/base"}
        for name in ("count", "caseSensitive", "valueSet"):
            existing.pop(name)
        made = code_system(self.convert(tmp_path, existing))
        assert (made["content"], made["supplements"]) == ("supplement", "http://tea.example/base")
        assert "caseSensitive" not in made


def test_concepts_of_json_are_the_same_as_of_xml() -> None:
    corpus = Path(__file__).parents[2] / "shared" / "corpus" / "content"
    if not corpus.is_dir():
        pytest.skip("no ../shared/corpus beside the project")
    for path in sorted(corpus.glob("*.xml")):
        conversion = termsmith.convert(PAGE, sidecar=HEAD.encode(), concepts=path)
        made = code_system(conversion)
        assert made["concept"], path.name
        assert json.loads(render_json(made)) == made


def test_the_hierarchy_of_an_existing_code_system_takes_the_form_that_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "old.json").write_bytes(render_json(EXISTING))
    conversion = termsmith.convert(
        PAGE, sidecar=HEAD.encode(), concepts=tmp_path / "old.json", hierarchy="parent-child"
    )
    made = code_system(conversion)
    assert [each["code"] for each in made["concept"]] == ["A", "B"]
    assert made["concept"][1]["property"] == [{"code": "parent", "valueCode": "A"}]
    assert [each["code"] for each in made["property"]] == ["parent", "w"]


def test_a_column_of_the_sidecar_that_the_table_lacks_is_told(tmp_path: Path) -> None:
    source = page(
        tmp_path, '[concepts.columns]\nColor = "ignored"\n', tea_concepts_csv="Code,Name,Colour\nA,a,red\n"
    )
    conversion = termsmith.convert(source)
    assert codes(conversion) == ["TAB050"]
    assert any("'Color'" in each.message and "'Colour'" in each.hint for each in conversion.findings)


def test_a_table_on_a_page_without_any_code_is_no_code_table() -> None:
    table = b"<table><tr><th>Code</th><th>Name</th></tr><tr><td></td><td>a</td></tr></table>"
    conversion = termsmith.convert(
        b"<html><body><h1>Tea</h1>" + table + b"</body></html>", sidecar=HEAD.encode()
    )
    assert [finding.code for finding in conversion.findings] == ["DIA001"]
