"""FHIR packages: what is read of them, and what is not."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import tracemalloc
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from termsmith.documents.document import DocumentError
from termsmith.documents.package import LARGEST_MEMBER, Manifest, read_manifest, read_members
from termsmith.model.place import Place

if TYPE_CHECKING:
    from pathlib import Path

    from termsmith.model.finding import Finding


def package(files: dict[str, bytes], links: dict[str, str] | None = None) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, data in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
        for name, target in (links or {}).items():
            entry = tarfile.TarInfo(name)
            entry.type, entry.linkname = tarfile.SYMTYPE, target
            archive.addfile(entry)
    return buffer.getvalue()


MANIFEST = json.dumps({"fhirVersions": ["5.0.0"], "canonical": "http://tea.example/ig"}).encode()
RESOURCE = b'{"resourceType": "CodeSystem"}'


def test_the_manifest_tells_release_and_guide() -> None:
    data = package({"package/package.json": MANIFEST})
    assert read_manifest(data, "x.tgz") == Manifest(("5.0.0",), "http://tea.example/ig")


@pytest.mark.parametrize(
    ("manifest", "versions"),
    [
        (b'{"fhir-version-list": ["4.0.1"]}', ("4.0.1",)),
        (b"{}", ()),
        (b'{"fhirVersions": "4"}', ()),
        (b"[]", ()),
    ],
)
def test_a_manifest_may_say_it_otherwise_or_not(manifest: bytes, versions: tuple[str, ...]) -> None:
    assert read_manifest(package({"package/package.json": manifest}), "x.tgz").fhir_versions == versions


def test_a_manifest_may_leave_it_to_what_the_package_builds_on() -> None:
    manifest = b'\xef\xbb\xbf{"fhirVersions": [], "dependencies": {"hl7.fhir.r5.core": "5.0.0", "x": "1"}}'
    assert read_manifest(package({"package/package.json": manifest}), "x.tgz").fhir_versions == ("5.0.0",)


def test_content_is_the_json_in_package_alone() -> None:
    data = package(
        {
            "package/package.json": MANIFEST,
            "package/.index.json": b"{}",
            "package/CodeSystem-a.json": RESOURCE,
            "./package/CodeSystem-b.json": RESOURCE,
            "package/example/CodeSystem-c.json": RESOURCE,
            "package/readme.txt": b"x",
            "../package/CodeSystem-d.json": RESOURCE,
            "package/../CodeSystem-e.json": RESOURCE,
            "/package/CodeSystem-f.json": RESOURCE,
        },
        links={"package/CodeSystem-g.json": "/etc/passwd"},
    )
    names = [member.name for member in read_members(data, "x.tgz")]
    assert names == ["package/CodeSystem-a.json", "package/CodeSystem-b.json"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\x1f\x8bnothing", ""),
        (gzip.compress(b"no archive" * 100), ""),
        (package({"x/package.json": MANIFEST}), "it has no package/package.json"),
        (package({"package/package.json": b"{"}), "package.json is no JSON"),
        (package({"package/package.json": MANIFEST})[:60], ""),
    ],
)
def test_a_damaged_package_is_told(data: bytes, words: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read_manifest(data, "x.tgz")
    assert caught.value.finding.code == "DOC007"
    assert words in caught.value.finding.message


def test_a_package_that_unpacks_without_end_is_refused() -> None:
    buffer = io.BytesIO()
    with gzip.open(buffer, "wb") as stream:
        entry = tarfile.TarInfo("package/CodeSystem-a.json")
        entry.size = 5_000_000_000
        stream.write(entry.tobuf())
        stream.write(b"0" * 1_000_000)
    with pytest.raises(DocumentError) as caught:
        list(read_members(buffer.getvalue(), "x.tgz"))
    assert "more than 4,000,000,000 bytes" in caught.value.finding.message


def members(data: bytes) -> dict[str, bytes]:
    return {member.name: member.data for member in read_members(data, "x.tgz")}


def refused(data: bytes) -> str:
    """Return the message of DOC007, which reading the content ends with."""
    with pytest.raises(DocumentError) as caught:
        members(data)
    finding = caught.value.finding
    assert (finding.code, finding.place) == ("DOC007", Place("x.tgz", 1, 1))
    return finding.message.removeprefix("the file is no readable FHIR package: ")


def test_content_comes_in_the_order_of_the_package() -> None:
    names = ["package/z.json", "package/a.json", "package/M.json"]
    data = package({name: name.encode() for name in names})
    assert list(members(data)) == names
    assert members(data)["package/a.json"] == b"package/a.json"


@pytest.mark.parametrize(
    "name",
    [
        "package/a.JSON",
        "package/a.json/",
        "package/a.json.txt",
        "package//a.json",
        "package/x/../a.json",
        "other/package/a.json",
        "package.json",
        "a.json",
        "package\\a.json",
        "package/a.json\n",
    ],
)
def test_near_names_are_no_content(name: str) -> None:
    assert list(members(package({name: RESOURCE, "package/a.json": RESOURCE}))) == ["package/a.json"]


@pytest.mark.parametrize(
    "kind",
    [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.DIRTYPE],
)
@pytest.mark.parametrize("target", ["/etc/passwd", "package/b.json", "../x"])
def test_only_files_are_content(kind: bytes, target: str) -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        entry = tarfile.TarInfo("package/a.json")
        entry.type, entry.linkname = kind, target
        archive.addfile(entry)
    assert members(buffer.getvalue()) == {}
    told: list[Finding] = []
    assert list(read_members(buffer.getvalue(), "p.tgz", told.append)) == []
    word = "a link" if kind in {tarfile.SYMTYPE, tarfile.LNKTYPE} else "a device"
    expected = [] if kind == tarfile.DIRTYPE else [("DOC011", f"package/a.json is {word} and not a file")]
    assert [(each.code, each.message.partition(";")[0]) for each in told] == expected


def test_nothing_is_written_to_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    files = {
        "package/package.json": MANIFEST,
        "package/a.json": RESOURCE,
        "../a.json": RESOURCE,
        "/a": RESOURCE,
    }
    assert len(members(package(files))) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_every_form_of_tar_is_read(form: int) -> None:
    buffer = io.BytesIO()
    name = f"package/{'é' * 20}-{'a' * (40 if form == tarfile.USTAR_FORMAT else 200)}.json"
    with tarfile.open(fileobj=buffer, mode="w:gz", format=form) as archive:
        entry = tarfile.TarInfo(name)
        entry.size = len(RESOURCE)
        archive.addfile(entry, io.BytesIO(RESOURCE))
    assert members(buffer.getvalue()) == {name: RESOURCE}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\x1f\x8b", "it ends too early; the file may be cut off"),
        (gzip.compress(b""), "empty file"),
        (gzip.compress(b"tea"), "truncated header"),
        (gzip.compress(tarfile.TarInfo("a").tobuf()[:300]), "truncated header"),
    ],
)
def test_doc007_says_why(data: bytes, words: str) -> None:
    assert refused(data) == words


def test_an_empty_archive_is_no_doc007_but_has_no_manifest() -> None:
    data = package({})
    assert members(data) == {}
    with pytest.raises(DocumentError, match=r"has no package/package\.json"):
        read_manifest(data, "x.tgz")


def test_one_file_may_have_only_so_many_bytes() -> None:
    entry = tarfile.TarInfo("package/a.json")
    entry.size = LARGEST_MEMBER + 1
    assert refused(gzip.compress(entry.tobuf())) == "package/a.json has more than 500,000,000 bytes"
    entry.name = "package/other/a.bin"  # is not read, and so may have them
    assert "more than" not in refused(gzip.compress(entry.tobuf()))


def test_a_package_may_have_only_so_many_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("termsmith.documents.package.MOST_MEMBERS", 3)
    files = [f"package/{index}.json" for index in range(4)]
    assert len(members(package(dict.fromkeys(files[:3], RESOURCE)))) == 3
    assert refused(package(dict.fromkeys(files, RESOURCE))) == "it has more than 3 files"


def damaged_header(size: bytes) -> bytes:
    """Return a package whose one file says that it has such a size."""
    header = bytearray(tarfile.TarInfo("package/a.json").tobuf(tarfile.GNU_FORMAT))
    header[124:136] = size
    header[148:156] = b"%06o\0 " % (256 + sum(header[:148]) + sum(header[156:]))
    return gzip.compress(bytes(header) + b"\0" * 4096)


@pytest.mark.parametrize(
    "size", [(-1024).to_bytes(12, "big", signed=True), b"\x80" + b"\xff" * 11, b"not a number"]
)
def test_sizes_that_cannot_be_are_doc007(size: bytes) -> None:
    assert refused(damaged_header(size))


def test_a_name_may_have_only_so_many_bytes() -> None:
    entry = tarfile.TarInfo("././@LongLink")
    entry.type, entry.size = tarfile.GNUTYPE_LONGNAME, 60_000_000
    data = gzip.compress(entry.tobuf(tarfile.GNU_FORMAT) + b"a" * entry.size, compresslevel=1)
    tracemalloc.start()
    try:
        refused(data)
        assert tracemalloc.get_traced_memory()[1] < 30_000_000
    finally:
        tracemalloc.stop()


@given(data=st.data())
def test_a_damaged_byte_costs_at_most_doc007(data: st.DataObject) -> None:
    whole = bytearray(GOOD)
    whole[data.draw(st.integers(2, len(GOOD) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        outcome: str | int = len(members(bytes(whole)))
    except DocumentError as error:
        outcome = error.finding.code
    assert outcome in {0, 1, 2, "DOC007"}


@pytest.mark.parametrize(
    "header",
    [
        {"GNU.sparse.map": "x"},
        {"GNU.sparse.size": "x", "GNU.sparse.map": "0,1"},
        {"GNU.sparse.major": "1", "GNU.sparse.minor": "0"},
        {"GNU.sparse.realsize": "9" * 5000},
    ],
)
def test_headers_that_say_nonsense_are_doc007(header: dict[str, str]) -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz", format=tarfile.PAX_FORMAT) as archive:
        entry = tarfile.TarInfo("package/a.json")
        entry.size, entry.pax_headers = len(RESOURCE), header
        archive.addfile(entry, io.BytesIO(RESOURCE))
    assert refused(buffer.getvalue())


def test_a_wrong_checksum_is_doc007() -> None:
    refused(GOOD[:-8] + b"\0\0\0\0" + GOOD[-4:])


def header_of(kind: bytes, content: bytes) -> bytes:
    entry = tarfile.TarInfo("x")
    entry.type, entry.size = kind, len(content)
    return entry.tobuf(tarfile.USTAR_FORMAT) + content + b"\0" * (-len(content) % 512)


def stated(**pairs: str) -> bytes:
    """Return records of a header: each begins with its own length."""
    records = b""
    for key, value in pairs.items():
        rest = f" {key}={value}\n"
        records += next(
            f"{length}{rest}".encode() for length in range(999) if len(f"{length}{rest}") == length
        )
    return records


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (header_of(b"g", stated(a="b")) * 5_000, "a header of the archive has more than 65,536 bytes"),
        (header_of(b"L", b"a" * 300) * 5_000, "a header of the archive has more than 65,536 bytes"),
        (
            header_of(b"g", stated(**{f"k{number}": "v" for number in range(200)})),
            "it has more than 100 global headers",
        ),
    ],
    ids=["global", "long names", "copied"],
)
def test_headers_have_an_end(data: bytes, words: str) -> None:
    assert refused(gzip.compress(data + tarfile.TarInfo("package/a.txt").tobuf())) == words


def test_zeros_behind_the_end_have_an_end() -> None:
    assert refused(gzip.compress(b"\0" * 20_000_000, 1)) == "more than 16,000,000 bytes follow its end"


def test_a_bomb_is_told_by_what_it_makes_of_a_byte() -> None:
    entry = tarfile.TarInfo("package/other/a.bin")
    entry.size = 200_000_000
    assert (
        refused(gzip.compress(entry.tobuf() + b"\0" * 101_000_000, 6))
        == "it unpacks to more than 100,000,000 bytes"
    )


def test_a_compressed_resource_is_told_as_one() -> None:
    assert refused(gzip.compress(b"\n" + RESOURCE)).startswith("it is a compressed file, and no archive")


def test_what_is_cut_off_is_told() -> None:
    data = package({"package/package.json": MANIFEST, "package/a.json": bytes(range(256)) * 400})
    assert refused(data[: len(data) // 2]) == "it ends too early; the file may be cut off"


GOOD = package({"package/package.json": MANIFEST, "package/a.json": RESOURCE, "package/b.json": RESOURCE})
