"""Near matches among well-known systems: offers to a user, never values."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import cache
from math import sqrt
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

AT_MOST = 3
"""Offers made for one page."""

ENOUGH = 0.75
"""Share of significant words that two names must have in common (Dice, rare words weigh more)."""

INSIGNIFICANT = frozenset(
    {"a", "an", "and", "for", "in", "of", "on", "or", "the", "to", "with"}
    | {"code", "codes", "coding", "set", "system", "systems", "terminology", "terminologies", "vocabulary"}
    | {"international", "standard"}
)
"""Words that any two terminologies may share."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownSystem:
    """A code system that HL7 keeps a record of."""

    id: str
    """Id of HL7's record, such as ``v3-DCM``."""
    name: str
    """Computable or short name, such as ``DCM``; the id where the record has no other."""
    title: str
    uri: str | None
    """The URI that HL7 endorses; some systems have only an OID."""
    oid: str | None
    """Dotted decimal without ``urn:oid:``; absent where none is assigned."""
    aliases: tuple[str, ...]
    """Other names that pages use."""


@cache
def known_systems() -> tuple[KnownSystem, ...]:
    """Return all shipped systems, ordered by id; the table is read once."""
    text = Path(__file__).with_name("systems.toml").read_text(encoding="utf-8")
    return tuple(
        KnownSystem(
            id=row["id"],
            name=row.get("name", row["id"]),
            title=row["title"],
            uri=row.get("uri"),
            oid=row.get("oid"),
            aliases=tuple(row.get("aliases", ())),
        )
        for row in tomllib.loads(text)["system"]
    )


def near_matches(names: Sequence[str]) -> tuple[KnownSystem, ...]:
    """Return well-known systems that a page with these names may describe.

    Args:
        names: Formal and short names as printed; a bracket in one is tried as a name of its own.

    Returns:
        At most three, best first: those of an equal name (case, accents, punctuation and ® folded);
        only where there is none, those that share nearly all significant words.

    >>> [system.name for system in near_matches(["Digital Imaging and Communications in Medicine"])]
    ['DCM']
    """
    asked = tuple(dict.fromkeys(fold(variant) for name in names for variant in _variants(name)))
    found = _equal(asked) or _similar(asked)
    return tuple(known_systems()[index] for index in found[:AT_MOST])


def fold(name: str) -> str:
    """Return the words of a name in lower case, without accents and marks, one blank between them.

    >>> fold("DICOM® - Contrôlled, Terminology")
    'dicom controlled terminology'
    """
    if not name.isascii():
        plain = unicodedata.normalize("NFKD", re.sub("[®™©\u00ad]", "", name))
        name = "".join(char for char in plain if not unicodedata.combining(char))
    return " ".join(re.findall(r"[^\W_]+", name.casefold()))


def _equal(asked: Sequence[str]) -> list[int]:
    """Return positions of systems with one of these folded names, in the order of the names."""
    by_name = _by_name()
    return list(dict.fromkeys(index for folded in asked for index in by_name.get(_joined(folded), ())))


def _similar(asked: Sequence[str]) -> list[int]:
    """Return positions of systems with a name of nearly the same words, most similar first."""
    likenesses: dict[int, float] = {}
    index = _word_index()
    for folded in asked:
        words = _significant(folded)
        for position, known in index.names:
            likenesses[position] = max(index.likeness(words, known), likenesses.get(position, 0.0))
    enough = [position for position, likeness in likenesses.items() if likeness >= ENOUGH]
    return sorted(enough, key=lambda position: (-likenesses[position], position))


@cache
def _by_name() -> dict[str, list[int]]:
    """Return the positions of the systems that have a name, by the folded name without blanks."""
    found: dict[str, list[int]] = {}
    for position, name in _folded_names():
        found.setdefault(_joined(name), []).append(position)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _WordIndex:
    names: tuple[tuple[int, frozenset[str]], ...]
    """Position and significant words, for each name of several words."""
    weights: dict[str, float]
    """The more systems use a word, the less it says; unknown words weigh 1."""

    def likeness(self, one: frozenset[str], other: frozenset[str]) -> float:
        """Return the weighted Dice coefficient of two sets of words; 0 when they share fewer than two."""
        shared = one & other
        if len(shared) < 2:  # noqa: PLR2004  one word in common is no likeness
            return 0.0
        return 2 * self._weight(shared) / (self._weight(one) + self._weight(other))

    def _weight(self, words: frozenset[str]) -> float:
        return sum(self.weights.get(word, 1.0) for word in words)


@cache
def _word_index() -> _WordIndex:
    names = [(position, _significant(name)) for position, name in _folded_names()]
    used = {(position, word) for position, words in names for word in words}
    frequency = Counter(word for _, word in used)
    return _WordIndex(
        names=tuple((position, words) for position, words in names if len(words) > 1),
        weights={word: 1 / sqrt(count) for word, count in frequency.items()},
    )


@cache
def _folded_names() -> tuple[tuple[int, str], ...]:
    """Return each distinct folded name with the position of its system."""
    printed = (
        (position, name)
        for position, system in enumerate(known_systems())
        for name in (system.id, system.name, system.title, *system.aliases)
    )
    folded = ((position, fold(variant)) for position, name in printed for variant in _variants(name))
    return tuple(dict.fromkeys(folded))


def _variants(name: str) -> Iterator[str]:
    """Yield a name, the name without its brackets, and what stands in each bracket."""
    yield name
    inside = re.findall(r"\(([^()]+)\)", name)
    if inside:
        yield re.sub(r"\([^()]*\)", " ", name)
        yield from inside


def _joined(folded: str) -> str:
    return folded.replace(" ", "")


def _significant(folded: str) -> frozenset[str]:
    words = (word for word in folded.split() if word not in INSIGNIFICANT)
    return frozenset(_singular(word) for word in words)


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word  # noqa: PLR2004
