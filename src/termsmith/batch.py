"""Converting many sources, one at a time or in several processes; the same results in the same order."""

from __future__ import annotations

import signal
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from typing import TYPE_CHECKING

from termsmith.convert import convert_page
from termsmith.errors import TermsmithError
from termsmith.faults import internal_finding
from termsmith.outputs.files import resource_file
from termsmith.outputs.results import PageResult
from termsmith.sources.local import LocalSource, SourceBytes, read_source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from concurrent.futures import Future

    from termsmith.settings import Settings

_CHUNK = 16
"""Sources that a worker gets at once: enough that handing them over costs little beside the work."""
_AHEAD = 4
"""Chunks for each worker that may wait, so that memory does not grow with the number of sources."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What is the same for every source of a run."""

    settings: Settings
    today: str
    """``YYYY-MM-DD``."""


def convert_source(source: LocalSource, job: Job) -> PageResult:
    """Read and convert one source; what goes wrong is part of the result."""
    try:
        return _convert(source, read_source(source), job)
    except TermsmithError as error:
        return PageResult(source=source.name, error=error)


def convert_sources(sources: Iterable[LocalSource], job: Job) -> Iterator[PageResult]:
    """Convert sources one after the other."""
    for source in sources:
        yield convert_source(source, job)


def convert_sources_in_parallel(
    sources: Iterable[LocalSource], job: Job, *, processes: int
) -> Iterator[PageResult]:
    """Convert sources in several processes; results come in the order of the sources.

    Raises:
        TermsmithError: INT002, when a process dies (the system may have killed it for want of memory).
    """
    with _pool(job, processes) as pool:
        waiting: deque[Future[list[PageResult]]] = deque()
        try:
            for chunk in _chunks(sources):
                waiting.append(pool.submit(_convert_chunk, chunk))
                if len(waiting) >= _AHEAD * processes:
                    yield from waiting.popleft().result()
            while waiting:
                yield from waiting.popleft().result()
        except BrokenProcessPool as error:
            raise TermsmithError(
                "INT002",
                "a process that converts pages died",
                "Run again with --jobs 1 to see which page it is.",
            ) from error


def _convert(source: LocalSource, read: SourceBytes, job: Job) -> PageResult:
    try:
        conversion = convert_page(
            read.data,
            source.name,
            job.settings,
            sidecar=read.sidecar,
            sidecar_source=source.sidecar_name,
            today=job.today,
        )
        return PageResult(
            source=source.name,
            dialect=conversion.dialect,
            files=tuple(resource_file(resource) for resource in conversion.resources),
            findings=conversion.findings,
            counts=conversion.coverage.counts,
            leftovers=conversion.coverage.leftovers,
        )
    except TermsmithError:
        raise
    except Exception as error:  # noqa: BLE001  a fault of ours on one page must not cost the others
        return PageResult(source=source.name, findings=(internal_finding(error),))


def _chunks(sources: Iterable[LocalSource]) -> Iterator[list[tuple[LocalSource, SourceBytes | None]]]:
    """Yield sources in small lists; standard input is read here, since no other process has it."""
    chunk: list[tuple[LocalSource, SourceBytes | None]] = []
    for source in sources:
        chunk.append((source, read_source(source) if source.path is None else None))
        if len(chunk) == _CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


_worker_job: Job
"""In a worker process: the job of the run. Handed over once, since settings name tables to be loaded."""


def _begin_worker(job: Job) -> None:
    # Ctrl-C reaches every process of a terminal; the parent alone decides what then happens.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    global _worker_job  # noqa: PLW0603  a pool has no other way to give workers state
    _worker_job = job


def _convert_chunk(chunk: list[tuple[LocalSource, SourceBytes | None]]) -> list[PageResult]:
    return [
        convert_source(source, _worker_job) if read is None else _convert(source, read, _worker_job)
        for source, read in chunk
    ]


@contextmanager
def _pool(job: Job, processes: int) -> Iterator[ProcessPoolExecutor]:
    # spawn on every system: what works here works on macOS and Windows too.
    pool = ProcessPoolExecutor(
        processes, mp_context=get_context("spawn"), initializer=_begin_worker, initargs=(job,)
    )
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)
