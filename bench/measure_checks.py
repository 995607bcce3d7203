"""Measures of checking: naming systems by the thousand, a code system of many concepts."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import check_samples
import orjson
from fhir.resources.namingsystem import NamingSystem
from showing import compare
from timing import TERMSMITH, alternate_calls, process_seconds_and_megabytes

from termsmith.check_run import CheckOptions, check_bytes, check_sources
from termsmith.settings import Settings
from termsmith.sources.resources import find_check_sources

if TYPE_CHECKING:
    from pathlib import Path

    from termsmith.model.checked import CheckedSource

MEMORY_RATIO = 4


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
            NamingSystem.model_validate_json(file.read_bytes())

    found = [finding for checked in ours() for finding in checked.findings]
    assert not found, found[0].message  # noqa: S101  a bench of faulty resources would measure messages
    ours_times, floor_times = alternate_calls(ours, floor, runs=runs)
    compare(
        f"(e) check of a folder of {count:,} NamingSystems (R5), in process",
        ours_times,
        "reading them, and fhir.resources validating them",
        floor_times,
        2,
    )


def concepts(count: int, runs: int) -> None:
    """(f) A large CodeSystem against all rules: time and memory."""
    data = check_samples.code_system(count)
    options = CheckOptions(settings=Settings(), today="2026-01-01")
    assert not check_bytes(data, "tea.json", options)[0].findings  # noqa: S101  as above

    def ours() -> None:
        check_bytes(data, "tea.json", options)

    def floor() -> None:
        check_samples.walk(orjson.loads(data))

    ours_times, floor_times = alternate_calls(ours, floor, runs=runs)
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
