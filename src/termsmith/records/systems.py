"""Telling several terminologies on one page apart, and only with certainty."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from termsmith.model.place import Place
    from termsmith.model.record import Stated
    from termsmith.records.identifiers import PrintedIdentifier

_WORD = re.compile(r"[^\W_]+")
_ACRONYM_WORD = re.compile(r"\b[A-Z][a-z]+")
_SHORTEST_ACRONYM = 2
_GENERIC = frozenset(
    [
        "canonical",
        "uri",
        "url",
        "oid",
        "code",
        "codes",
        "system",
        "systems",
        "identifier",
        "identifiers",
        "the",
        "for",
        "of",
        "and",
        "official",
        "fhir",
        "hl7",
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemFacts:
    """What belongs to one terminology alone."""

    title: Stated[str] | None
    short_name: Stated[str] | None
    identifiers: tuple[PrintedIdentifier, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """The terminologies of a page; or why they can't be told apart."""

    systems: tuple[SystemFacts, ...]
    """One with all facts, when they can't be told apart."""
    uncertain: str | None = None
    """What the page lists that can't be assigned; absent when all is certain."""
    unused: tuple[Stated[str], ...] = ()
    """Names that belong to no certain system."""


class Restarts:
    """Tells a page on which a whole description comes again, about another system, by its labels.

    A title in another spelling is no second system, and neither are two endorsed identifiers under one
    title: only both together are.
    """

    def __init__(self) -> None:
        """Start before the first label."""
        self._title: Stated[str] | None = None
        self._first_labels: set[str] = set()
        self._second_title: Stated[str] | None = None
        self._identifiers: set[str] = set()
        self._second_identifier: str | None = None

    def title(self, stated: Stated[str]) -> None:
        """Take a formal name behind the label of formal names."""
        if self._title is None:
            self._title = stated
        elif self._second_title is None and _name_key(stated.value) != _name_key(self._title.value):
            self._second_title = stated

    def identifiers(self, label: str, stated: Sequence[PrintedIdentifier]) -> None:
        """Take the identifiers behind a label of the identifiers by which a system is known."""
        values = {each.value.value for each in stated}
        new = values - self._identifiers
        if label in self._first_labels and new and self._identifiers and self._second_identifier is None:
            self._second_identifier = min(new)
        self._first_labels.add(label)
        self._identifiers |= values

    def what(self) -> str | None:
        """Return what shows that there are several systems; nothing where there is one."""
        if self._title is None or self._second_title is None or self._second_identifier is None:
            return None
        return (
            f"the formal names {self._title.value!r} and {self._second_title.value!r}, "
            f"and {self._second_identifier} beside other identifiers"
        )

    def place(self) -> Place | None:
        """Return where the second system is named."""
        second = self._second_title
        return second.spans[0].place if second is not None and second.spans else None


def split(
    titles: Sequence[Stated[str]],
    short_names: Sequence[Stated[str]],
    identifiers: Sequence[PrintedIdentifier],
) -> Split:
    """Assign names and identifiers to terminologies.

    Several captions over identifiers of one type, or several formal names with several identifiers, mean
    several terminologies. They are told apart when the words of each caption point to just one formal name.
    """
    captions = list(dict.fromkeys(each.caption.value for each in identifiers if each.caption is not None))
    per_type = Counter(each.type for each in identifiers)
    most_of_a_type = max(per_type.values(), default=0)
    if most_of_a_type <= 1 or (len(captions) <= 1 and len(titles) <= 1):
        return Split(
            systems=(_all(titles, short_names, identifiers),), unused=(*titles[1:], *short_names[1:])
        )
    pairing = _pair(captions, [title.value for title in titles])
    if pairing is None:
        named = ", ".join(captions) or "none of them in particular"
        what = f"{len(titles)} formal names, identifiers of {named}"
        return Split(
            systems=(_all(titles, short_names, identifiers),), uncertain=what, unused=tuple(titles[1:])
        )
    short_pairing = _pair([each.value for each in short_names], [title.value for title in titles])
    systems = tuple(
        SystemFacts(
            title=title,
            short_name=next(
                (
                    short
                    for short in short_names
                    if short_pairing and short_pairing[short.value] == title.value
                ),
                None,
            ),
            identifiers=tuple(
                each
                for each in identifiers
                if each.caption is not None and pairing[each.caption.value] == title.value
            ),
        )
        for title in titles
    )
    uncaptioned = [each for each in identifiers if each.caption is None]
    if uncaptioned:
        what = f"{uncaptioned[0].value.value} beside identifiers of {', '.join(captions)}"
        return Split(
            systems=(_all(titles, short_names, identifiers),), uncertain=what, unused=tuple(titles[1:])
        )
    return Split(systems=systems, unused=() if short_pairing else tuple(short_names))


def _name_key(name: str) -> str:
    """Return a name as it is compared: without case, blanks and punctuation."""
    return "".join(_WORD.findall(name)).casefold()


def _all(
    titles: Sequence[Stated[str]],
    short_names: Sequence[Stated[str]],
    identifiers: Sequence[PrintedIdentifier],
) -> SystemFacts:
    return SystemFacts(
        title=titles[0] if titles else None,
        short_name=short_names[0] if short_names else None,
        identifiers=tuple(identifiers),
    )


def _pair(captions: Sequence[str], titles: Sequence[str]) -> dict[str, str] | None:
    """Return the title that each caption means, one to one; nothing when any is uncertain."""
    if len(captions) != len(titles) or len(set(titles)) != len(titles) or len(titles) <= 1:
        return None
    words = {title: _words(title) for title in titles}
    shared = set.intersection(*words.values())
    pairs: dict[str, str] = {}
    open_captions = []
    for caption in captions:
        wanted = _words(caption) - shared - _GENERIC
        scores = {title: len(wanted & words[title]) for title in titles}
        best = max(scores.values())
        winners = [title for title, score in scores.items() if score == best]
        if best and len(winners) == 1:
            pairs[caption] = winners[0]
        else:
            open_captions.append(caption)
    left = [title for title in titles if title not in pairs.values()]
    if len(open_captions) == 1 and len(left) == 1 and pairs:
        pairs[open_captions[0]] = left[0]
    elif open_captions:
        return None
    return pairs if len(set(pairs.values())) == len(titles) else None


def _words(text: str) -> set[str]:
    """Return the words of a name, and the acronyms that its capitalised words can make."""
    words = {word.casefold() for word in _WORD.findall(text)}
    initials = "".join(word[0] for word in _ACRONYM_WORD.findall(text)).casefold()
    for start in range(len(initials)):
        for end in range(start + _SHORTEST_ACRONYM, len(initials) + 1):
            words.add(initials[start:end])
    return words
