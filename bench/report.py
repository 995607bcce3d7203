"""The speed report of `make bench`: each figure beside its floor, measured in the same run.

    python bench/report.py [--quick] [--only LETTERS] [--large]

A floor is the least that the work could cost with the same libraries. Figures are medians; what a run finds
depends on what else the machine does, so figure and floor are measured in turns, and a ratio is the median of
the ratios of turns.
"""

from __future__ import annotations

import argparse
import os
import platform
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import beside_sushi as sushi
import measure_builds
import measure_checks
import measure_concepts
import measure_formats
import measure_pages

if TYPE_CHECKING:
    from collections.abc import Callable


def main() -> None:
    """Print the report."""
    parser = argparse.ArgumentParser(description="Measure speed and memory, each against its floor.")
    parser.add_argument("--quick", action="store_true", help="fewer runs and pages, for a first look")
    parser.add_argument("--only", default="abcdefghijklmn", metavar="LETTERS", help="measures to take: abc")
    parser.add_argument(
        "--large", action="store_true", help="give SUSHI 100,000 concepts: it takes minutes and 3 GB"
    )
    options = parser.parse_args()
    quick: bool = options.quick
    runs = 5 if quick else 15
    print(
        f"termsmith on Python {platform.python_version()}, {platform.system()} {platform.machine()}, "
        f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}\n"
        "median [lowest to highest]\n"
    )
    long = (10_000, 100_000) if quick else (100_000, 1_000_000)
    with tempfile.TemporaryDirectory(prefix="termsmith-bench-") as name:
        folder = Path(name)
        # First what is measured from outside, while this process is small.
        measures: dict[str, Callable[[], None]] = {
            "h": lambda: measure_concepts.rich_csv(folder, 10_000 if quick else 100_000, 3 if quick else 7),
            "i": lambda: measure_concepts.growing(folder, long),
            "j": lambda: measure_concepts.workbook(folder, 10_000 if quick else 100_000, 3 if quick else 7),
            "k": lambda: sushi.compared(folder, 100_000 if options.large else 1000 if quick else 10_000),
            "n": lambda: sushi.naming_systems(folder, 100 if quick else 670, 1 if quick else 3),
            "g": lambda: measure_checks.growing_concepts(folder, long),
            "a": lambda: measure_pages.start(folder, runs),
            "b": lambda: measure_pages.one_page(folder, runs),
            "c": lambda: measure_pages.in_bulk(50 if quick else 200, 3 if quick else 7),
            "d": lambda: measure_pages.growing(folder, (10, 100, 1000) if quick else (100, 1000, 10_000)),
            "e": lambda: measure_checks.naming_systems(folder, 200 if quick else 1000, 3 if quick else 9),
            "f": lambda: measure_checks.concepts(10_000 if quick else 100_000, 3 if quick else 7),
            "l": lambda: measure_builds.builds(folder, 200 if quick else 1000, 3 if quick else 9),
            "m": lambda: measure_formats.written(10_000 if quick else 100_000, 5 if quick else 15),
        }
        for letter, measure in measures.items():
            if letter in options.only:
                measure()


if __name__ == "__main__":
    main()
