"""Hostile files before `termsmith check`: findings and an exit status in bounded time, never a traceback."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
from typing import TYPE_CHECKING, Any

import pytest
from cli.pages import termsmith as run
from growth import grows_with_size
from hypothesis import given, settings
from hypothesis import strategies as st

import termsmith
from checks.samples import code_system, naming_system
from termsmith.checks.definitions.loading import definitions
from termsmith.checks.rule import Profile
from termsmith.outputs.checks.formats import FORMATS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import Result

    from termsmith.model.finding import Finding

HEAD = b'{"resourceType": "CodeSystem", "status": "draft", "content": "complete", '
XML = b'<CodeSystem xmlns="http://hl7.org/fhir">%b</CodeSystem>'
BOMB = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {name} "{f"&{inner};" * 10}">' for inner, name in zip("abcdefghi", "bcdefghij", strict=True)
)
PROFILES = [profile.value for profile in Profile]


def package(**files: bytes) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, data in {"package": b'{"fhirVersions": ["4.0.1"]}', **files}.items():
            entry = tarfile.TarInfo(f"package/{name}.json")
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return buffer.getvalue()


def tar_of(name: str, size: int, kind: bytes = tarfile.REGTYPE) -> bytes:
    """Return a package that says of a file that it has so many bytes."""
    entry = tarfile.TarInfo(name)
    entry.size, entry.type = size, kind
    return gzip.compress(entry.tobuf(tarfile.GNU_FORMAT) + b"\0" * 10_000)


def check(data: bytes, folder: Path, *options: str) -> Result:
    path = folder / "hostile.json"
    path.write_bytes(data)
    result = run("check", *options, str(path))
    assert "Traceback" not in result.output
    assert "INT001" not in result.output
    return result


def narrative(div: bytes) -> bytes:
    return b'"text": {"status": "generated", "div": "' + div + b'"}}'


def nested(element: bytes, member: bytes, depth: int) -> bytes:
    """Return an element that holds itself so many times, and the end of the resource."""
    return b'"%b": ' % element + b'[{%b, "%b": ' % (member, element) * depth + b"[]" + b"}]" * depth + b"}"


def findings(data: bytes) -> list[Finding]:
    found = [finding for source in termsmith.check(data).sources for finding in source.findings]
    assert [finding.message for finding in found if finding.code == "INT001"] == []
    return found


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "PAG001"),
        (b" \r\n\t", "PAG001"),
        (b"\0" * 1000, "PAG003"),
        (bytes(range(256)) * 4, "PAG003"),
        (b"null", "DIA001"),
        (b'{"resourceType": 7}', "DOC004"),
        (b'{"resourceType": null}', "DOC004"),
        (b'{"resourceType": ""}', "DOC004"),
        (b'{"resourceType": {"a": []}}', "DOC004"),
        (b'[{"resourceType": "CodeSystem"}]', "DOC004"),
        (b'{"a": {"resourceType": "CodeSystem"}}', "DOC004"),
        (b'{"resourceType": "\xff"}', "DOC003"),
        (b'{"resourceType": "CodeSystem\0"}', "DOC001"),
        (b'{"resourceType": "CodeSystem"}' * 2, "DOC001"),
        (HEAD + b'"a": ' + b"[" * 500_000, "DOC005"),
        (XML % (b"<a>" * 500_000), "DOC005"),
        (XML % b"\0", "DOC002"),
        (XML % b"<title value='\xff'/>", "DOC002"),
        (XML[:20], "DOC002"),
        (b"\x1f\x8b", "DOC007"),
        (gzip.compress(b"\0" * 20_000_000), "DOC007"),
        (gzip.compress(gzip.compress(b"x")), "DOC007"),
        (tar_of("package/package.json", 8**11), "DOC007"),
        (tar_of("package/package.json", 0), "DOC007"),
        (tar_of("package/package.json", 10**15, tarfile.GNUTYPE_SPARSE), "DOC007"),
        (package()[:90], "DOC007"),
        (b'{"resourceType":"Bundle","entry":[{"resource":{"resourceType":[]}}]}', "DOC010"),
        (b'<?xml version="1.0" encoding="x"?>' + XML % b"", "DOC002"),
        (BOMB.encode() + b"]>" + XML % b"<title value='&j;'/>", "DOC002"),
        (HEAD.decode().encode("utf-16"), "DOC003"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_one_finding_with_its_cause(data: bytes, code: str, tmp_path: Path) -> None:
    result = check(data, tmp_path, "-v")
    assert f"[{code}]" in result.stdout
    assert result.exit_code == 1


@pytest.mark.parametrize("doctype", [BOMB + "]>", '<!DOCTYPE a [<!ENTITY j SYSTEM "file:///etc/passwd">]>'])
def test_entities_are_never_expanded(doctype: str, tmp_path: Path) -> None:
    result = check(doctype.encode() + XML % b"<title value='a'/>&j;", tmp_path, "-v")
    assert result.exit_code == 1
    assert "aaaaaaaaaaaa" not in result.output
    assert "root:" not in result.output


@pytest.mark.parametrize(
    ("resource", "size"),
    [
        (lambda size: HEAD + b'"concept": [' + b"0," * size + b"0]}", 48_000),
        (lambda size: HEAD + b'"concept": [' + b'{"code":"a"},' * size + b"{}]}", 20_000),
        (lambda size: HEAD + b'"extension": [' + b"{}," * size + b"[]]}", 20_000),
        (lambda size: HEAD + b'"identifier": [' + b'{"value": ""},' * size + b"7]}", 20_000),
        (lambda size: HEAD + b'"property": [' + b'{"code":"a","uri":"b"},' * size + b"7]}", 4_800),
        (lambda size: HEAD + b'"title": "' + b"\\u00a0" * size + b'"}', 1_000_000),
        (lambda size: HEAD + b'"url": "' + b"a:" * size + b'"}', 1_000_000),
        (lambda size: HEAD + b'"date": "' + b"2" * size + b'"}', 2_000_000),
        (lambda size: HEAD + b'"description": "' + b"*[`<" * size + b'"}', 300_000),
        (lambda size: HEAD + narrative(b"<div>" * size), 48_000),
        (lambda size: HEAD + narrative(b"<" * size), 1_000_000),
        (lambda size: HEAD + nested(b"contained", b'"resourceType": "CodeSystem"', size), 320),
        (lambda size: HEAD + nested(b"concept", b'"code": "a"', size), 400),
        (lambda size: HEAD + nested(b"extension", b'"url": "a"', size), 400),
        (lambda size: XML % (b'<concept><code value="a"/></concept>' * size), 4_800),
        (lambda size: HEAD + b",".join(b'"k%d": 1' % number for number in range(size)) + b"}", 4_800),
    ],
    ids=[
        "numbers",
        "concepts",
        "extensions",
        "identifiers",
        "properties",
        "spaces",
        "url",
        "date",
        "markdown",
        "elements",
        "brackets",
        "deep resources",
        "deep concepts",
        "deep extensions",
        "xml",
        "keys",
    ],
)
def test_masses_take_time_in_proportion(resource: Callable[[int], bytes], size: int) -> None:
    found = findings(resource(size))
    assert len(found) < 5_000
    assert "COD003" in {finding.code for finding in found}  # the rest of the resource was checked, too
    assert grows_with_size(lambda part: findings(resource(part)), size // 8, size)


def bundle_in_json(size: int) -> bytes:
    entry = {"resource": {"resourceType": "CodeSystem", "status": "draft"}}
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": [entry] * size}).encode()


def bundle_in_xml(size: int) -> bytes:
    entry = "<entry><resource><CodeSystem><status value='draft'/></CodeSystem></resource></entry>"
    return f'<Bundle xmlns="http://hl7.org/fhir">{entry * size}</Bundle>'.encode()


@pytest.mark.parametrize(("bundle", "small"), [(bundle_in_json, 50), (bundle_in_xml, 25)])
def test_the_time_of_a_bundle_grows_with_its_size(bundle: Callable[[int], bytes], small: int) -> None:
    def check_bundle(size: int) -> None:
        assert len(findings(bundle(size))) >= size

    assert grows_with_size(check_bundle, small, small * 8)


def test_a_bad_file_in_a_package_does_not_cost_the_others() -> None:
    bad = b'{"resourceType": "Bundle", "entry": [{"resource": {"resourceType": {}}}]}'
    report = termsmith.check(package(a=bad, b=json.dumps(code_system()).encode()))
    assert "-/package/b.json" in [source.source for source in report.sources]


def test_a_broken_file_in_a_package_does_not_cost_the_others() -> None:
    broken = b'{"resourceType": "CodeSystem"'
    report = termsmith.check(package(a=broken, b=json.dumps(code_system()).encode()))
    assert [source.source for source in report.sources] == ["-/package/a.json", "-/package/b.json"]
    assert [[each.type for each in source.resources] for source in report.sources] == [[], ["CodeSystem"]]
    assert [finding.code for finding in report.sources[0].findings] == ["DOC001"]


def test_two_files_of_one_name_in_a_package_are_both_told_of() -> None:
    data = gzip.decompress(package(a=b'{"resourceType": "CodeSystem", "id": "one"}'))
    twin = gzip.decompress(package(a=b'{"resourceType": "CodeSystem", "id": "two"}'))
    report = termsmith.check(gzip.compress(data[: 4 * 512] + twin))
    assert [each.id for source in report.sources for each in source.resources] == ["one", "two"]


def test_doc006_is_for_releases_that_are_not_known(tmp_path: Path) -> None:
    resource = json.dumps(code_system()).encode()
    for stated, told in (
        (b"3.0.2", True),
        (b"6.0.0", True),
        (b"\x1b[31m", True),
        (b"4.0.1", False),
        (b"5.0.0", False),
    ):
        manifest = json.dumps({"fhirVersions": [stated.decode()]}).encode()
        result = check(package(a=resource, package=manifest), tmp_path)
        assert ("DOC006" in result.stdout) == told, stated
        assert "\x1b" not in result.stdout
        assert (
            "DOC006"
            not in check(package(a=resource, package=manifest), tmp_path, "--fhir-version", "R5").stdout
        )


def test_terminals_and_formats_get_no_control_characters_of_a_file(tmp_path: Path) -> None:
    evil = "\x1b[31m\u202e\x07\r"
    data = json.dumps({"resourceType": "CodeSystem", "status": evil, evil: evil, "url": evil}).encode()
    result = check(data, tmp_path, "-v")
    assert result.exit_code == 1
    assert not set("\x1b\u202e\x07\r") & set(result.output)


@pytest.mark.parametrize("format_name", ["text", *FORMATS])
def test_every_format_can_tell_of_everything(format_name: str, tmp_path: Path) -> None:
    evil = "\0\x1b\ufffe\U0010ffff]]>&<%\n::error::\"'"
    data = json.dumps({"resourceType": "CodeSystem", "status": evil, evil: evil, "concept": [{evil: [evil]}]})
    result = check(data.encode(), tmp_path, "--format", format_name)
    assert result.exit_code == 1
    assert "STR0" in result.stdout
    assert not set("\0\x1b") & set(result.stdout)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=6) | st.sampled_from(["http://loinc.org", "2020-01-01", "1.2.3", "complete", "", " "]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["code", "value", "url", "extension", "type", "id", "", "concept"]), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


@pytest.mark.parametrize("make", [naming_system, code_system])
@settings(max_examples=30)
@given(data=st.data())
def test_wrong_types_everywhere_raise_nothing(make: Any, data: st.DataObject) -> None:
    resource: dict[str, Any] = make()
    names = sorted(definitions("R5").types[resource["resourceType"]])
    damages = data.draw(
        st.dictionaries(st.sampled_from(names) | st.sampled_from(["_status", "x"]), ANYTHING, max_size=5)
    )
    report = termsmith.check(json.dumps(resource | damages).encode(), profiles=PROFILES)
    assert [finding.message for finding in report.findings if finding.code == "INT001"] == []
    assert [each.type for each in report.sources[0].resources] == [resource["resourceType"]]


@settings(max_examples=80)
@given(
    data=st.binary(max_size=60),
    start=st.sampled_from(
        [b"", HEAD, b'{"resourceType": "CodeSystem"', XML[:41], b"\x1f\x8b\x08\x00", b"\xef\xbb\xbf{"]
    ),
)
def test_any_bytes_are_checked_or_told_of(data: bytes, start: bytes) -> None:
    report = termsmith.check(start + data)
    assert [finding.message for finding in report.findings if finding.code == "INT001"] == []
    assert report.sources
