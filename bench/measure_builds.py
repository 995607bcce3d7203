"""Builds of projects in which nothing or little has changed."""

from __future__ import annotations

import hashlib
import os
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from typing import TYPE_CHECKING

import samples
from showing import compare
from timing import alternate, alternate_calls, call_seconds

from termsmith.cli.build import build_once
from termsmith.collecting import collect_rarely
from termsmith.conversion import convert_page
from termsmith.outputs.files import resource_file
from termsmith.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path


def builds(folder: Path, count: int, runs: int) -> None:
    """(l) Builds of a project: nothing changed, and one page changed."""
    place = folder / "project"
    samples.write_folder(place / "pages", count)
    pages = sorted((place / "pages").iterdir())
    for page in pages[::4]:
        page.with_suffix(".toml").write_text('version = "1"\n', encoding="utf-8")
    config = place / "termsmith.toml"
    config.write_text('[build]\nsources = ["pages"]\n', encoding="utf-8")
    changed, versions = pages[1].with_suffix(".toml"), iter(range(1_000_000))

    def build() -> None:
        with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
            build_once(config, check=False, prune=False, verbose=False)

    def read() -> None:
        for part in ("pages", "output"):
            with os.scandir(place / part) as entries:
                for entry in entries:
                    with open(entry.path, "rb") as file:  # noqa: PTH123  the least that it could cost
                        hashlib.sha256(file.read()).hexdigest()

    def one_changed() -> float:
        changed.write_text(f'version = "{next(versions)}"\n', encoding="utf-8")
        return call_seconds(build, times=1)

    def convert() -> None:
        conversion = convert_page(pages[1].read_bytes(), "page", Settings(), today="2026-01-01")
        for resource in conversion.resources:
            with (place / f"{resource.type}.json").open("wb") as file:
                file.write(resource_file(resource).data)
                file.flush()
                os.fsync(file.fileno())

    def one_conversion() -> float:
        return call_seconds(read, times=1) + call_seconds(convert, times=1)

    collect_rarely()  # as the command does
    build()
    build()
    ours, floor = alternate_calls(build, read, runs=runs)
    compare(
        f"(l) build of {count:,} pages, nothing changed, in process",
        ours,
        "reading and hashing pages, sidecars and outputs",
        floor,
        2,
    )
    ours, floor = alternate(one_changed, one_conversion, runs=runs)
    compare(
        "    the same, one sidecar changed",
        ours,
        "that, converting the page, and its files safe on the disk",
        floor,
        2,
    )
