"""The speed report of `make bench`: each figure beside its floor, measured in the same run.

    python bench/report.py [--quick]

A floor is the least that the work could cost with the same libraries. Figures are medians; what a run finds
depends on what else the machine does, so figure and floor are measured in turns, and a ratio is the median of
the ratios of turns.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
from pathlib import Path
from typing import Any

import lxml.html  # type: ignore[import-untyped]  # lxml has no types of its own
import samples
from fhir.resources.R4B.codesystem import CodeSystem
from fhir.resources.R4B.namingsystem import NamingSystem
from timing import Times, alternate, call_seconds, process_seconds, process_seconds_and_megabytes

from termsmith.collecting import collect_rarely, keep_what_is_loaded
from termsmith.conversion import convert_page
from termsmith.outputs.files import resource_file
from termsmith.settings import Settings

TERMSMITH = str(Path(sys.executable).with_name("termsmith"))
MODELS: dict[str, type[Any]] = {"CodeSystem": CodeSystem, "NamingSystem": NamingSystem}
MEGABYTES = 200


def verdict(ratio: float, target: float) -> str:
    """Say whether a ratio is within its target."""
    return f"{ratio:.2f} times, target {target:g}: {'met' if ratio <= target else 'MISSED'}"


def compare(title: str, ours: Times, floor_title: str, floor: Times, target: float) -> None:
    """Print a figure, its floor and the target."""
    print(f"{title}\n    {ours}")
    print(f"    floor: {floor_title}\n    {floor}")
    print(f"    {verdict(ours.ratio_to(floor), target)}\n")


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
    met = "met" if peaks[last] < MEGABYTES else "MISSED"
    print(f"    peak memory at {last:,} pages: {peaks[last]:.0f} MB, target {MEGABYTES}: {met}\n")


def main() -> None:
    """Print the report."""
    parser = argparse.ArgumentParser(description="Measure speed and memory, each against its floor.")
    parser.add_argument("--quick", action="store_true", help="fewer runs and pages, for a first look")
    quick = parser.parse_args().quick
    runs = 5 if quick else 15
    print(
        f"termsmith on Python {platform.python_version()}, {platform.system()} {platform.machine()}, "
        f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}\n"
        "median [lowest to highest]\n"
    )
    with tempfile.TemporaryDirectory(prefix="termsmith-bench-") as name:
        folder = Path(name)
        start(folder, runs)
        one_page(folder, runs)
        in_bulk(50 if quick else 200, 3 if quick else 7)
        growing(folder, (10, 100, 1000) if quick else (100, 1000, 10_000))


if __name__ == "__main__":
    main()
