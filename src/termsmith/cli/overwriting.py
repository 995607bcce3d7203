"""Reports that would be written over what they report on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from termsmith.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def refuse_to_overwrite(option: str, report: Path | None, read: Iterable[Path | None]) -> None:
    """Refuse to write a report over a file that is read.

    Args:
        option: That names the report.
        report: The file, there or not; absent for none.
        read: Sources, sidecars, tables and configurations; absent ones do not count.

    Raises:
        UsageError: USE012, when it is one of them, by whatever name.
    """
    if report is None or not report.is_file():
        return
    for each in read:
        if each is not None and each.is_file() and each.samefile(report):
            raise UsageError(
                "USE012",
                f"{option} {report.as_posix()} is what is read, and would be replaced",
                "Name another file.",
            )
