"""Labels with a slip: one wrong letter, or an end that is cut off."""

from __future__ import annotations

from termsmith.dialects.labels import Match, behind, fold_with_offsets

SHORTEST_CUT_CELL, SHORTEST_CUT_LINE = 5, 10
"""Folded letters of a cell, and of a line, that can be a label whose end is cut off."""
_SHORTEST_SLIP = 10
"""Labels with fewer folded characters are never matched with a slip: too many words are one letter away."""


def match_slipped_prefix(text: str, folded_label: str) -> Match | None:
    """Match a label that has one letter too many, too few or wrong; short labels never match.

    >>> from termsmith.dialects.labels import fold
    >>> match_slipped_prefix("OCode System Names", fold("Code System Names"))
    Match(end=18, slip=True)
    """
    if len(folded_label) < _SHORTEST_SLIP:
        return None
    head = text[: len(folded_label) * 2 + 24]
    folded, offsets = fold_with_offsets(head)
    same = 0
    while same < min(len(folded), len(folded_label)) and folded[same] == folded_label[same]:
        same += 1
    if same == len(folded_label):
        return Match(end=behind(text, offsets, same), slip=True)
    rest = folded_label[same:]
    for skipped_text, skipped_label in ((1, 1), (1, 0), (0, 1)):
        wanted = rest[skipped_label:]
        if folded[same + skipped_text :].startswith(wanted):
            length = same + skipped_text + len(wanted)
            if length <= len(folded):
                return Match(end=behind(text, offsets, length), slip=True)
    return None


def looks_alike(text: str, label: str) -> bool:
    """Whether two folded texts start alike, give or take one letter; a cheap filter."""
    return (
        text[:3] == label[:3] or text[1:4] == label[:3] or text[:3] == label[1:4] or text[1:4] == label[1:4]
    )


def is_slip(folded: str, label: str) -> bool:
    """Whether a folded text is a folded label but for one letter."""
    match = match_slipped_prefix(folded, label)
    return match is not None and match.end == len(folded)


def end_of_cut(text: str, head: str, label: str) -> int:
    """Return where the beginning of a label ends in a text; 0 when it is too short or ends in a word."""
    if head[:SHORTEST_CUT_LINE] != label[:SHORTEST_CUT_LINE]:
        return 0
    pairs = enumerate(zip(head, label, strict=False))
    same = next((number for number, (one, other) in pairs if one != other), min(len(head), len(label)))
    if same == len(label) or same * 5 < len(label) * 3:
        return 0
    _, offsets = fold_with_offsets(text[: same * 2 + 24])
    end = offsets[same - 1] + 1
    following = text[end : end + 1]
    return end if not following.isalnum() or (text[end - 1].islower() and not following.islower()) else 0
