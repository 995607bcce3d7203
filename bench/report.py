"""The speed report of `make bench`: each figure beside its floor, measured in the same run.

    python bench/report.py [--quick]

A floor is the least that the work could cost with the same libraries. Figures are medians; what a run finds
depends on what else the machine does, so figure and floor are measured in turns, and a ratio is the median of
the ratios of turns.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import platform
import subprocess
import sys
import tempfile
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import check_samples
import lxml.html  # type: ignore[import-untyped]  # lxml has no types of its own
import orjson
import samples
from fhir.resources.namingsystem import NamingSystem as NamingSystemR5
from fhir.resources.R4B.codesystem import CodeSystem
from fhir.resources.R4B.namingsystem import NamingSystem
from timing import Times, alternate, call_seconds, process_seconds, process_seconds_and_megabytes

from termsmith.check_run import CheckOptions, check_bytes, check_sources
from termsmith.cli.build import build_once
from termsmith.collecting import collect_rarely, keep_what_is_loaded
from termsmith.conversion import convert_page
from termsmith.outputs.files import resource_file
from termsmith.settings import Settings
from termsmith.sources.resources import find_check_sources

if TYPE_CHECKING:
    from termsmith.model.checked import CheckedSource

TERMSMITH = str(Path(sys.executable).with_name("termsmith"))
MODELS: dict[str, type[Any]] = {"CodeSystem": CodeSystem, "NamingSystem": NamingSystem}
MEGABYTES = 200
MEMORY_RATIO = 4


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


def naming_systems(folder: Path, count: int, runs: int) -> None:
    """(e) A folder of NamingSystems against all rules."""
    place = folder / "naming"
    place.mkdir()
    for number in range(count):
        (place / f"tea-{number}.json").write_bytes(check_samples.naming_system(number))
    files = sorted(place.iterdir())
    options = CheckOptions(settings=Settings(), today="2026-01-01")

    def ours() -> list[CheckedSource]:
        return check_sources(find_check_sources([str(place)]).sources, options)

    def floor() -> None:
        for file in files:
            NamingSystemR5.model_validate_json(file.read_bytes())

    found = [finding for checked in ours() for finding in checked.findings]
    assert not found, found[0].message  # noqa: S101  a bench of faulty resources would measure messages
    ours_times, floor_times = alternate(
        lambda: call_seconds(ours, times=1), lambda: call_seconds(floor, times=1), runs=runs
    )
    compare(
        f"(e) check of a folder of {count:,} NamingSystems (R5), in process",
        ours_times,
        "reading them, and fhir.resources validating them",
        floor_times,
        2,
    )


def builds(folder: Path, count: int, runs: int) -> None:
    """(g) Builds of a project: nothing changed, and one page changed."""
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

    def one_conversion() -> float:
        return call_seconds(read, times=1) + call_seconds(
            lambda: convert_page(pages[1].read_bytes(), "page", Settings(), today="2026-01-01"), times=1
        )

    build()
    build()
    ours, floor = alternate(
        lambda: call_seconds(build, times=1), lambda: call_seconds(read, times=1), runs=runs
    )
    compare(
        f"(g) build of {count:,} pages, nothing changed, in process",
        ours,
        "reading and hashing pages, sidecars and outputs",
        floor,
        2,
    )
    ours, floor = alternate(one_changed, one_conversion, runs=runs)
    compare("    the same, one sidecar changed", ours, "that, and converting the page", floor, 2)


def concepts(count: int, runs: int) -> None:
    """(f) A large CodeSystem against all rules: time and memory."""
    data = check_samples.code_system(count)
    options = CheckOptions(settings=Settings(), today="2026-01-01")
    assert not check_bytes(data, "tea.json", options)[0].findings  # noqa: S101  as above

    def ours() -> None:
        check_bytes(data, "tea.json", options)

    def floor() -> None:
        check_samples.walk(orjson.loads(data))

    ours_times, floor_times = alternate(
        lambda: call_seconds(ours, times=1), lambda: call_seconds(floor, times=1), runs=runs
    )
    compare(
        f"(f) check of a CodeSystem of {count:,} concepts, 2 properties and 2 designations each, in process",
        ours_times,
        "orjson.loads, and one walk over all values",
        floor_times,
        3,
    )


def growing_concepts(folder: Path, counts: tuple[int, ...]) -> None:
    """(g) Larger and larger CodeSystems: cost of a concept, and memory."""
    print("(g) termsmith check of a CodeSystem, whole process")
    costs: dict[int, float] = {}
    for count in counts:
        file = folder / f"concepts{count}.json"
        # In a process of its own, as a child process begins with the peak memory of its parent.
        subprocess.run([sys.executable, check_samples.__file__, str(count), str(file)], check=True)
        seconds, megabytes = process_seconds_and_megabytes([TERMSMITH, "check", file.name], folder)
        script = f"import orjson; d = orjson.loads(open({file.name!r}, 'rb').read())"
        _, parsed = process_seconds_and_megabytes([sys.executable, "-c", script], folder)
        _, bare = process_seconds_and_megabytes([sys.executable, "-c", "import orjson"], folder)
        costs[count] = seconds / count
        held = parsed - bare
        print(
            f"    {count:>9,} concepts ({file.stat().st_size / 1e6:,.0f} MB): {seconds:.2f} s, peak "
            f"{megabytes:,.0f} MB; reading it alone holds {held:,.0f} MB"
        )
        met = "met" if megabytes <= MEMORY_RATIO * held else "MISSED"
        print(f"    memory: {megabytes / held:.2f} times that, target {MEMORY_RATIO}: {met}")
        file.unlink()
    first, last = min(counts), max(counts)
    print(f"    {last:,} to {first:,} concepts, cost of a concept: {costs[last] / costs[first]:.2f} times\n")


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
        # First what is measured from outside, while this process is small.
        growing_concepts(folder, (10_000, 100_000) if quick else (100_000, 1_000_000))
        start(folder, runs)
        one_page(folder, runs)
        in_bulk(50 if quick else 200, 3 if quick else 7)
        growing(folder, (10, 100, 1000) if quick else (100, 1000, 10_000))
        builds(folder, 200 if quick else 1000, 3 if quick else 9)
        naming_systems(folder, 200 if quick else 1000, 3 if quick else 9)
        concepts(10_000 if quick else 100_000, 3 if quick else 7)


if __name__ == "__main__":
    main()
