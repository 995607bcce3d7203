"""Measuring: medians of several runs, and whole processes with their memory."""

from __future__ import annotations

import gc
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

TERMSMITH = str(Path(sys.executable).with_name("termsmith"))


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
    one, other = in_turns(first, second, runs=runs)
    return one, other


def in_turns(*measures: Callable[[], float], runs: int) -> tuple[Times, ...]:
    """Measure several things in turns."""
    rounds = [[measure() for measure in measures] for _ in range(runs)]
    return tuple(Times(times) for times in zip(*rounds, strict=True))


@cache
def environment() -> dict[str, str]:
    """Return the environment of measured processes: modules are compiled once, as where pip installs."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPYCACHEPREFIX": _compiled().name}


@cache
def _compiled() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="termsmith-bench-")


def process_seconds(command: Sequence[str], folder: Path) -> float:
    """Run a command to its end and return the wall time; it has to succeed."""
    started = time.perf_counter()
    quiet = subprocess.DEVNULL
    subprocess.run(command, cwd=folder, env=environment(), check=True, stdout=quiet, stderr=quiet)
    return time.perf_counter() - started


def process_seconds_but(command: Sequence[str], folder: Path) -> float:
    """Run a command; return the wall time without the seconds that it prints."""
    started = time.perf_counter()
    printed = subprocess.run(
        command, cwd=folder, env=environment(), check=True, stdout=subprocess.PIPE
    ).stdout
    return time.perf_counter() - started - float(printed)


def process_seconds_and_megabytes(command: Sequence[str], folder: Path) -> tuple[float, float]:
    """Run a command to its end; return the wall time, and its peak resident memory in MB."""
    started = time.perf_counter()
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, cwd=folder, env=environment(), stdout=quiet, stderr=quiet)
    # wait4 gives the memory of this child alone; RUSAGE_CHILDREN only that of the largest so far.
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise subprocess.CalledProcessError(process.returncode, command)
    return seconds, usage.ru_maxrss / 1000


def alternate_calls(
    first: Callable[[], object], second: Callable[[], object], *, runs: int
) -> tuple[Times, Times]:
    """As `alternate`, of things in this process that are called once each time."""
    return alternate(lambda: call_seconds(first, times=1), lambda: call_seconds(second, times=1), runs=runs)


def call_seconds(call: Callable[[], object], *, times: int) -> float:
    """Call something several times and return the seconds of one call."""
    gc.collect()
    started = time.perf_counter()
    for _ in range(times):
        call()
    return (time.perf_counter() - started) / times
