from __future__ import annotations

import struct
import tracemalloc
import zipfile
from io import BytesIO

import pytest

from termsmith.sources.zip_parts import read_part

SIZE = 40_000_000


def packed(method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        archive.writestr("a.xml", b" " * SIZE)
    return stream.getvalue()


def test_a_part_is_read_whole() -> None:
    with zipfile.ZipFile(BytesIO(packed(zipfile.ZIP_STORED))) as archive:
        assert read_part(archive, archive.infolist()[0]) == b" " * SIZE
    with zipfile.ZipFile(BytesIO(packed())) as archive, pytest.raises(KeyError):
        read_part(archive, "b.xml")


def test_a_part_that_is_larger_than_stated_takes_no_memory() -> None:
    data = packed().replace(struct.pack("<L", SIZE), struct.pack("<L", 1000))
    tracemalloc.start()
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive, pytest.raises(zipfile.BadZipFile, match="CRC"):
            read_part(archive, "a.xml")
        assert tracemalloc.get_traced_memory()[1] < 4_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_only_what_documents_are_compressed_by_is_unpacked(method: int) -> None:
    with (
        zipfile.ZipFile(BytesIO(packed(method))) as archive,
        pytest.raises(zipfile.BadZipFile, match=r"a\.xml is compressed as no document is"),
    ):
        read_part(archive, "a.xml")
