"""The lock file: every file that builds of a project have written, so that only those are ever removed.

::

    {
      "form": 1,
      "files": {
        "output/CodeSystem-DCM.json": {"sha256": ["…"], "source": "input/dicom.txt"}
      }
    }

It belongs under version control: paths are relative to the project, and the same build gives the same bytes.
While files are being replaced it lists what they were and what they shall be, so that it stays true when the
build is killed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from termsmith.errors import OutputError
from termsmith.outputs.files import render_json

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

LOCK_NAME = "termsmith.lock"
FORM = 1


class Written(NamedTuple):
    """A file that a build wrote."""

    sha256: tuple[str, ...]
    """What it holds, in hexadecimal; several while it is being replaced, none while that is not known."""
    source: str
    """What it was made of, relative to the project."""


@dataclass(slots=True)
class Lock:
    """The files of a project's builds by path relative to the project, with ``/``."""

    files: dict[str, Written] = field(default_factory=dict)

    def render(self) -> bytes:
        """Return the bytes of the lock file."""
        files = {
            path: {"sha256": list(written.sha256), "source": written.source}
            for path, written in sorted(self.files.items())
        }
        return render_json({"form": FORM, "files": files})

    def ahead(self, coming: Mapping[str, Written]) -> Lock:
        """Return what is true while ``coming`` files replace those that are there."""
        files = dict(self.files)
        for path, written in coming.items():
            before = files.get(path)
            known = () if before is None else before.sha256
            files[path] = Written(tuple(dict.fromkeys([*known, *written.sha256])), written.source)
        return Lock(files)


def read_lock(path: Path) -> Lock:
    """Return the lock file of a project; an empty one when there is none.

    Raises:
        OutputError: OUT010, when it can't be read, is damaged, or is of a newer form.
    """
    try:
        data = orjson.loads(path.read_bytes())
    except FileNotFoundError:
        return Lock()
    except (OSError, orjson.JSONDecodeError) as error:
        raise damaged(path, str(error)) from error
    form = data.get("form") if isinstance(data, dict) else None
    if isinstance(form, int) and form > FORM:
        raise OutputError(
            "OUT011",
            f"{path.as_posix()} was written by a newer termsmith (form {form}, this one knows {FORM})",
            "Update termsmith.",
        )
    if form != FORM or not isinstance(data.get("files"), dict):
        raise damaged(path, "it is no lock file of termsmith")
    return Lock({name: _written(path, entry) for name, entry in data["files"].items()})


def _written(path: Path, entry: Any) -> Written:
    if isinstance(entry, dict):
        digests, source = entry.get("sha256"), entry.get("source")
        if isinstance(digests, list) and isinstance(source, str) and all(map(_is_text, digests)):
            return Written(tuple(digests), source)
    raise damaged(path, f"{entry!r} describes no file")


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def damaged(path: Path, problem: str) -> OutputError:
    """Return the error for a lock file that can't be what builds wrote."""
    return OutputError(
        "OUT010",
        f"{path.as_posix()}: can't be read: {problem}",
        "Restore it from version control, or delete it; files of former builds are then left alone.",
    )
