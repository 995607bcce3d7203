"""The package and the Bundle of a build, made again only where a resource in them has changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from termsmith.builds.memory import key_of
from termsmith.outputs.bundle import Entry
from termsmith.outputs.files import Change, PlannedFile, ResourceFile
from termsmith.outputs.gathered import Gathered, GatheredFile, Part

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from termsmith.outputs.results import PageResult
    from termsmith.outputs.staging import Writer
    from termsmith.settings import Settings


def part_entry(part: Part) -> dict[str, Any]:
    """Return what a package and a Bundle say of a resource, as it is kept."""
    return {"file": part.file.name, "index": part.index, "entry": list(part.entry)}


def recalled_part(entry: Mapping[str, Any]) -> Part:
    """Return what was kept; without the resource itself."""
    given = Entry(*entry["entry"])
    return Part(
        file=ResourceFile(type=given.type, id=given.id, name=entry["file"]),
        index=entry["index"],
        entry=given,
    )


class Collected(Gathered):
    """As `Gathered`, but files that hold what they shall hold are left as they are."""

    def __init__(
        self,
        names: Mapping[str, str],
        settings: Settings,
        *,
        before: Mapping[str, tuple[str, str]],
        digest_of: Callable[[str], str | None],
    ) -> None:
        """Take what the last build made.

        Args:
            names: The file of each format, relative to the project.
            settings: What goes into them besides resources.
            before: By format, digest of what the file was made of, and of the file.
            digest_of: Gives the digest of a file that stands.
        """
        super().__init__(tuple(names), settings, names)
        self._before, self._digest_of = before, digest_of
        self._about = repr(settings)
        self.made: dict[str, tuple[str, str]] = {}
        """As ``before``, for the next build."""

    def add(self, result: PageResult) -> None:
        """Do nothing: resources come by `take` and `add_standing`, before a run sees their results."""

    def take(self, result: PageResult) -> None:
        """Keep the resources of a source that was converted."""
        super().add(result)

    def write(self, writer: Writer, granted: Callable[[str], bool]) -> list[GatheredFile]:
        """Write the files that hold something else now; nothing where there are no resources."""
        kept = [each for each in self.kept if granted(each.source)]
        done = []
        for name in self.names if kept else ():
            parts = [name.encode()]
            for each in kept:
                parts += [each.part.file.name.encode(), each.sha256.encode()]
            key = key_of(self._about, parts)
            path = self.names[name]
            before = self._before.get(name)
            if before is not None and before[0] == key and self._digest_of(path) == before[1]:
                planned = PlannedFile(name=path, change=Change.UNCHANGED)
                file = GatheredFile(planned=planned, sha256=before[1])
            else:
                file = self.make(name, writer, kept)
            self.made[name] = (key, file.sha256)
            done.append(file)
        return done
