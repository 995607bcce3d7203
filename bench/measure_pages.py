"""Measures of converting pages: start, one page, many pages, and how cost and memory grow."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import lxml.html  # type: ignore[import-untyped]  # lxml has no types of its own
import samples
from fhir.resources.R4B.codesystem import CodeSystem
from fhir.resources.R4B.namingsystem import NamingSystem
from showing import compare, verdict, within
from timing import TERMSMITH, Times, alternate, call_seconds, process_seconds, process_seconds_and_megabytes

from termsmith.collecting import collect_rarely, keep_what_is_loaded
from termsmith.conversion import convert_page
from termsmith.outputs.files import resource_file
from termsmith.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

MODELS: dict[str, type[Any]] = {"CodeSystem": CodeSystem, "NamingSystem": NamingSystem}
MEGABYTES = 200


def start(folder: Path, runs: int) -> None:
    """(a) The shortest command."""
    ours, floor = alternate(
        lambda: process_seconds([TERMSMITH, "--version"], folder),
        lambda: process_seconds([sys.executable, "-c", "import click"], folder),
        runs=runs,
    )
    compare("(a) termsmith --version", ours, 'python -c "import click"', floor, 2)


def one_page(folder: Path, runs: int) -> None:
    """(b) A whole process for one page."""
    (folder / "page.txt").write_text(samples.text_page(1), encoding="utf-8")
    imported = "from fhir.resources.R4B.codesystem import CodeSystem"
    ours, floor = alternate(
        lambda: process_seconds([TERMSMITH, "convert", "page.txt", "--output", "one"], folder),
        lambda: process_seconds([sys.executable, "-c", imported], folder),
        runs=runs,
    )
    compare("(b) termsmith convert of one text page", ours, f'python -c "{imported}"', floor, 2)


def in_bulk(count: int, runs: int) -> None:
    """(c) HTML pages in this process, for each page."""
    sources = [samples.html_page(number).encode() for number in range(1, count + 1)]
    settings = Settings()

    def ours() -> None:
        for data in sources:
            for resource in convert_page(data, "page.html", settings, today="2026-01-01").resources:
                resource_file(resource)

    made = [convert_page(data, "page.html", settings, today="2026-01-01").to_dicts() for data in sources]
    assert all(len(resources) == 2 for resources in made)  # noqa: PLR2004, S101  a bench of nothing is fast

    def floor() -> None:
        for data, resources in zip(sources, made, strict=True):
            lxml.html.document_fromstring(data)
            for resource in resources:
                MODELS[resource["resourceType"]].model_validate(resource).model_dump_json()

    # As the command line does for many pages; the floor has it as good.
    collect_rarely()
    keep_what_is_loaded()
    ours_times, floor_times = alternate(
        lambda: call_seconds(ours, times=1) / count, lambda: call_seconds(floor, times=1) / count, runs=runs
    )
    compare(
        f"(c) one of {count} HTML pages ({len(sources[0]):,} bytes), in process, to JSON",
        ours_times,
        "lxml parsing that page, fhir.resources validating and dumping the same two resources",
        floor_times,
        4,
    )


def growing(folder: Path, counts: tuple[int, int, int]) -> None:
    """(d) Folders of more and more pages: cost of a page, and memory."""
    print("(d) termsmith convert of a folder, HTML and text in turns")
    costs = {}
    peaks = {}
    for count in counts:
        source = folder / f"in{count}"
        samples.write_folder(source, count)
        runs = max(1, 3000 // count)
        measured = []
        for run in range(min(runs, 5)):
            command = [TERMSMITH, "convert", source.name, "--output", f"out{count}-{run}"]
            measured.append(process_seconds_and_megabytes(command, folder))
        times = Times(tuple(seconds / count for seconds, _ in measured))
        costs[count], peaks[count] = times.median, max(megabytes for _, megabytes in measured)
        print(f"    {count:>6,} pages: {times} a page with start-up, peak {peaks[count]:.0f} MB")
    first, second, last = counts
    print(f"    {last:,} to {first:,} pages, cost of a page: {verdict(costs[last] / costs[first], 1.1)}")
    # Start-up is the same for all; without it the cost of a page can be compared.
    low = (costs[second] * second - costs[first] * first) / (second - first) * 1000
    high = (costs[last] * last - costs[second] * second) / (last - second) * 1000
    print(f"    the same without start-up: {high:.2f} ms to {low:.2f} ms, {high / low:.2f} times")
    print(f"    peak memory at {last:,} pages: {within(peaks[last], MEGABYTES, 'MB')}\n")
