"""Records without the concepts never take the place of real content.

A server that holds a code system whole, and is sent a record that only says that it exists, answers from
then on as if no code were valid: under the same id the record replaces the content; under another id, or as
another version, with the same URL it may be found first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from termsmith.servers.outgoing import concept_count

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from termsmith.servers.outgoing import Outgoing

_WITHOUT_CLAIM = frozenset({"not-present", "fragment", "example"})
"""Values of ``content`` by which a code system itself says that it does not hold all concepts."""


def may_shadow(outgoing: Outgoing) -> bool:
    """Tell whether a code system is a record rather than the content."""
    return outgoing.type == "CodeSystem" and (
        outgoing.content in _WITHOUT_CLAIM or (outgoing.concepts == 0 and outgoing.content != "supplement")
    )


def replaced_content(outgoing: Outgoing, held: Iterable[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """Return the code system of those that the server holds whose content would be lost or hidden.

    Args:
        outgoing: What would be sent.
        held: What the server has at the same place, and under the same URL.

    Returns:
        The first of them that has more concepts; or that claims to have any, if ours claims to have none.
    """
    if outgoing.type != "CodeSystem":
        return None
    for each in held:
        there = concept_count(each)
        if there > outgoing.concepts and (may_shadow(outgoing) or outgoing.concepts == 0):
            return each
        if outgoing.content == "not-present" and each.get("content") in {"complete", "fragment", "example"}:
            return each
    return None
