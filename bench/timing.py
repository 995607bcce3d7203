"""Measuring: medians of several runs, and whole processes with their memory."""

from __future__ import annotations

import gc
import os
import statistics
import subprocess
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds of several runs of one thing."""

    runs: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle one."""
        return statistics.median(self.runs)

    def ratio_to(self, floor: Times) -> float:
        """Return the median of the ratios of runs made in turns; a machine that slows down hits both."""
        return statistics.median(one / other for one, other in zip(self.runs, floor.runs, strict=True))

    def __str__(self) -> str:
        low, high = min(self.runs) * 1000, max(self.runs) * 1000
        return f"{self.median * 1000:.2f} ms [{low:.2f} to {high:.2f}]"


def alternate(first: Callable[[], float], second: Callable[[], float], *, runs: int) -> tuple[Times, Times]:
    """Measure two things in turns, so that what else the machine does hits both alike."""
    pairs = [(first(), second()) for _ in range(runs)]
    return Times(tuple(pair[0] for pair in pairs)), Times(tuple(pair[1] for pair in pairs))


def process_seconds(command: Sequence[str], folder: Path) -> float:
    """Run a command to its end and return the wall time; it has to succeed."""
    started = time.perf_counter()
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - started


def process_seconds_and_megabytes(command: Sequence[str], folder: Path) -> tuple[float, float]:
    """Run a command to its end; return the wall time, and its peak resident memory in MB."""
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    # wait4 gives the memory of this child alone; RUSAGE_CHILDREN only that of the largest so far.
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise subprocess.CalledProcessError(process.returncode, command)
    return seconds, usage.ru_maxrss / 1000


def call_seconds(call: Callable[[], object], *, times: int) -> float:
    """Call something several times and return the seconds of one call."""
    gc.collect()
    started = time.perf_counter()
    for _ in range(times):
        call()
    return (time.perf_counter() - started) / times
