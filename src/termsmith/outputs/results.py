"""What converting one source gave, as far as files, messages and the manifest need it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from termsmith.checks.relations.digest import Digest
    from termsmith.errors import TermsmithError
    from termsmith.model.checked import Excused
    from termsmith.model.finding import Finding
    from termsmith.model.result import Piece
    from termsmith.outputs.files import ResourceFile
    from termsmith.outputs.gathered import Part
    from termsmith.outputs.listed import Listed


@dataclass(frozen=True, slots=True, kw_only=True)
class PageResult:
    """The result of one source.

    Small, and can be handed from one process to another, unlike a `Conversion` with its models.
    """

    source: str
    dialect: str | None = None
    files: tuple[ResourceFile, ...] = ()
    parts: tuple[Part, ...] = ()
    """The resources again, where files of the whole run are to hold them."""
    findings: tuple[Finding, ...] = ()
    """Those that known exceptions cover among them, until `run` has set them apart."""
    excused: tuple[Excused, ...] = ()
    listed: tuple[Listed, ...] = ()
    """The resources as a guide lists them."""
    counts: dict[str, int] = field(default_factory=dict)
    """Pieces of the page's text by what became of them."""
    leftovers: tuple[Piece, ...] = ()
    digests: tuple[Digest, ...] = ()
    """Of the resources, to compare them with those of other pages."""
    error: TermsmithError | None = None
    """Why the source, its sidecar or its dialect table can't be read; then there is nothing else."""
