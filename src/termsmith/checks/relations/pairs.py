"""A NamingSystem and the CodeSystem that it identifies: two records that should say the same."""

from __future__ import annotations

from itertools import product, takewhile
from typing import TYPE_CHECKING, Any, NamedTuple

from termsmith.checks.relations.rule import RelationHit, RelationRule, relation_hit
from termsmith.checks.structure.words import shown
from termsmith.model.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from termsmith.checks.relations.digest import Digest

    Key = tuple[str, str, str]

_SPEC = "https://hl7.org/fhir/R4/namingsystem.html"
_LEAST, _MOST = "warning", "error"
_ANY = ""
"""In place of a release: those of all releases."""
_ALIKE_SHOWN = 30
"""Characters of the common beginning of two texts that are shown."""


class Pair(NamedTuple):
    """Two records of one code system."""

    naming: Digest
    code: Digest
    sure: bool
    """They have a URI or the id in common, not only an OID, which other systems may have by mistake."""


def pairs(digests: Sequence[Digest]) -> Iterator[Pair]:
    """Yield each CodeSystem with the NamingSystem that identifies it, if there is one.

    They belong together by the preferred URI, else by any, else by the OID, else by id and title; where
    several NamingSystems do, the first. One of the same release goes before those of others, which describe
    the same code system all the same.
    """
    if not any(each.type == "CodeSystem" for each in digests):
        return
    by_key: dict[tuple[str, Key], Digest] = {}
    for each in digests:
        if each.type == "NamingSystem" and each.kind in {None, "codesystem"}:
            for key, _ in _keys_of_naming(each):
                by_key.setdefault((each.release, key), each)
                by_key.setdefault((_ANY, key), each)
    if not by_key:
        return
    for each in digests:
        if each.type == "CodeSystem" and each.content != "supplement":
            for release, (key, sure) in product((each.release, _ANY), _keys_of_code(each)):
                found = by_key.get((release, key))
                if found is not None:
                    yield Pair(found, each, sure or _same_id(found, each))
                    break


def alike(uri: str) -> str:
    """Return a URI without what copies of it often differ in."""
    _, _, rest = uri.strip().partition("://")
    return (rest or uri).casefold().rstrip("/#").removeprefix("www.")


def _same_id(one: Digest, other: Digest) -> bool:
    return one.id is not None and one.id == other.id


def _keys_of_naming(digest: Digest) -> Iterator[tuple[Key, bool]]:
    preferred = digest.preferred_uri
    if preferred is not None:
        yield ("preferred", preferred.value, ""), True
        yield ("alike", alike(preferred.value), ""), True
    for each in digest.ids("uri"):
        yield ("uri", each.value, ""), True
    for each in digest.ids("oid"):
        yield ("oid", each.value, ""), False
    if digest.id is not None and digest.title is not None:
        yield ("id", digest.id, digest.title.value), True


def _keys_of_code(digest: Digest) -> Iterator[tuple[Key, bool]]:
    if digest.url is not None:
        url = digest.url.value
        yield ("preferred", url, ""), True
        yield ("uri", url, ""), True
        yield ("alike", alike(url), ""), True
    for _, oid in digest.oids:
        yield ("oid", oid, ""), False
    if digest.id is not None and digest.title is not None:
        yield ("id", digest.id, digest.title.value), True


def _difference(one: str, other: str) -> str:
    """Say by what two URIs differ, when it is a trifle to the eye."""
    if one.strip() == other.strip():
        return "; they differ in blanks at the end"
    if one.rstrip("/") == other.rstrip("/"):
        return "; they differ in the slash at the end"
    if one.casefold() == other.casefold():
        return "; they differ in upper and lower case"
    if {one.partition("://")[0], other.partition("://")[0]} == {"http", "https"}:
        rests = [each.partition("://")[2] for each in (one, other)]
        if rests[0].rstrip("/") == rests[1].rstrip("/"):
            return "; they differ in http and https"
    return ""


def _uris(naming: Digest, code: Digest, *, sure: bool) -> Iterator[RelationHit]:
    preferred = naming.preferred_uri
    if preferred is None or code.url is None or preferred.value == code.url.value:
        return
    known = any(each.value == code.url.value for each in naming.ids("uri"))
    yield relation_hit(
        code,
        code.url.pointer,
        _LEAST if known or not sure else _MOST,
        value=shown(code.url.value),
        preferred=shown(preferred.value),
        naming=naming.label,
        difference=_difference(preferred.value, code.url.value),
    )


def _oids(naming: Digest, code: Digest, *, sure: bool) -> Iterator[RelationHit]:
    stated = [each.value for each in naming.ids("oid")]
    preferred = [each.value for each in naming.ids("oid") if each.preferred]
    found = [oid for _, oid in code.oids]
    if not sure or not stated or not found:
        return
    for pointer, oid in code.oids:
        if oid not in stated:
            yield relation_hit(
                code,
                pointer,
                _MOST,
                value=shown(oid),
                oid=shown((preferred or stated)[0]),
                naming=naming.label,
            )
        elif preferred and not set(found).intersection(preferred):
            yield relation_hit(
                code, pointer, _LEAST, value=shown(oid), oid=shown(preferred[0]), naming=naming.label
            )


def _record_url(naming: Digest, code: Digest, *, sure: bool) -> Iterator[RelationHit]:
    preferred = naming.preferred_uri
    if not sure or naming.url is None or code.url is None or naming.url.value != code.url.value:
        return
    if preferred is None or preferred.value != naming.url.value:  # else said of the NamingSystem by itself
        yield relation_hit(naming, naming.url.pointer, value=shown(code.url.value), code=code.label)


def _statuses(naming: Digest, code: Digest, *, sure: bool) -> Iterator[RelationHit]:
    if sure and naming.status and code.status and naming.status != code.status:
        yield relation_hit(
            code, "/status", value=shown(code.status), other=shown(naming.status), naming=naming.label
        )


def _texts(naming: Digest, code: Digest, *, sure: bool) -> Iterator[RelationHit]:
    if not sure:
        return
    for element, pointer, one, other in (
        ("title", "/title", naming.title and naming.title.value, code.title and code.title.value),
        ("publisher", "/publisher", naming.publisher, code.publisher),
        ("copyright", "/copyright", naming.copyright and naming.copyright.value,
         code.copyright and code.copyright.value),
    ):  # fmt: skip
        if one and other and _folded(one) != _folded(other):
            start = sum(1 for _ in takewhile(lambda both: both[0] == both[1], zip(one, other, strict=False)))
            yield relation_hit(
                code,
                pointer,
                value=_from(other, start),
                other=_from(one, start),
                part=element,
                naming=naming.label,
            )


def _from(text: str, start: int) -> str:
    """Return a text for a message so that it shows where the difference starts."""
    return shown(text if start <= _ALIKE_SHOWN else f"…{text[start - _ALIKE_SHOWN :]}")


def _folded(text: str) -> str:
    return "".join(text.split()).casefold()


def _of_pairs(
    check: Callable[..., Iterable[RelationHit]],
) -> Callable[[Sequence[Digest]], Iterator[RelationHit]]:
    def check_all(digests: Sequence[Digest]) -> Iterator[RelationHit]:
        for naming, code, sure in pairs(digests):
            yield from check(naming, code, sure=sure)

    return check_all


def _rule(
    code: str,
    title: str,
    message: str,
    hint: str,
    check: Callable[..., Iterable[RelationHit]],
    **description: Any,
) -> RelationRule:
    described: dict[str, Any] = {"severity": Severity.ERROR, "spec": _SPEC, **description}
    return RelationRule(
        code=code, title=title, message=message, hint=hint, check=_of_pairs(check), **described
    )


RULES: tuple[RelationRule, ...] = (
    _rule(
        "REL010",
        "URL that the record does not prefer",
        "url of {resource} is {value!r}, but {naming} prefers {preferred!r} for this code system{difference}",
        "Find out which is official, and use it in both.",
        _uris,
        levels={_MOST: Severity.ERROR, _LEAST: Severity.WARNING},
        contexts={
            _MOST: "all other cases",
            _LEAST: "the NamingSystem has this URI, too, or the two have only an OID in common",
        },
        element="CodeSystem.url",
    ),
    _rule(
        "REL011",
        "OID that the record does not have",
        "an identifier of {resource} has the OID {value}, but {naming} has {oid} for this code system",
        "Find out which is right, and use it in both.",
        _oids,
        levels={_MOST: Severity.ERROR, _LEAST: Severity.WARNING},
        contexts={_MOST: "all other cases", _LEAST: "the NamingSystem has this OID, too"},
        element="CodeSystem.identifier.value",
    ),
    _rule(
        "REL012",
        "Record and system share a URL",
        "url {value!r} of {resource} is also that of {code}; the one names the record, the other the code "
        "system",
        "Give the NamingSystem a URL of its own, such as .../NamingSystem/<id>.",
        _record_url,
        element="NamingSystem.url",
    ),
    _rule(
        "REL013",
        "Status of record and system",
        "status of {resource} is {value!r}, but that of {naming} is {other!r}",
        "Correct the one that is out of date.",
        _statuses,
        severity=Severity.WARNING,
        element="CodeSystem.status",
    ),
    _rule(
        "REL014",
        "Record and system say different things",
        "{part} of {resource} is {value!r}, but that of {naming} is {other!r}",
        "Look which of them is right; they describe the same code system.",
        _texts,
        severity=Severity.INFORMATION,
        element="CodeSystem.title",
    ),
)
