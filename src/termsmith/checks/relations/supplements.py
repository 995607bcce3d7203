"""Supplements and the code systems that they add to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from termsmith.checks.relations.rule import ContentRule, RelationHit, RelationRule, relation_hit
from termsmith.checks.rule import Hit, hit
from termsmith.checks.structure.words import shown
from termsmith.model.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from termsmith.checks.relations.digest import Digest
    from termsmith.checks.subject import Subject

_SPEC = "https://hl7.org/fhir/R4/codesystem.html#supplements"


def supplemented(digests: Sequence[Digest]) -> Iterator[tuple[Digest, Digest | None]]:
    """Yield each supplement with its base, if that is among the resources.

    A version after ``|`` counts; without one, the last base that was given is taken.
    """
    bases: dict[tuple[str, str, str | None], Digest] = {}
    for each in digests:
        if each.type == "CodeSystem" and each.content != "supplement" and each.url is not None:
            bases[each.release, each.url.value, None] = each
            if each.version is not None:
                bases[each.release, each.url.value, each.version.value] = each
    for each in digests:
        if each.type == "CodeSystem" and each.content == "supplement" and each.supplements:
            url, _, version = each.supplements.partition("|")
            yield each, bases.get((each.release, url, version or None))


def _is_its_own(supplement: Digest) -> bool:
    own, base = supplement.url, supplement.supplements
    return own is not None and base is not None and base.partition("|")[0] == own.value


def _without_base(supplement: Digest, base: Digest | None) -> Iterator[RelationHit]:
    if not supplement.concepts or _is_its_own(supplement):  # which is a fault of its own
        return
    value = shown(supplement.supplements)
    if base is None:
        yield relation_hit(supplement, "/supplements", value=value, problem="is not among the resources")
    elif not base.concepts:
        yield relation_hit(supplement, "/supplements", value=value, problem=f"({base.label}) has no concepts")


def _hierarchy(supplement: Digest, base: Digest | None) -> Iterator[RelationHit]:
    mine = supplement.hierarchy_meaning
    if base is None or mine is None or base.hierarchy_meaning in {None, mine}:
        return
    yield relation_hit(
        supplement,
        "/hierarchyMeaning",
        value=shown(mine),
        other=shown(base.hierarchy_meaning),
        base=base.label,
    )


def _count(supplement: Digest, base: Digest | None) -> Iterator[RelationHit]:
    if base is not None and supplement.count is not None and supplement.count != (base.count or 0):
        other = "states none" if base.count is None else f"states {base.count:,}"
        yield relation_hit(supplement, "/count", count=supplement.count, other=other, base=base.label)


def _value_set(supplement: Digest, base: Digest | None) -> Iterator[RelationHit]:
    mine = supplement.value_set
    if mine is None or (base is not None and base.value_set == mine):
        return
    if base is None:
        problem = "and the base is not among the resources"
    elif base.value_set is None:
        problem = f"but {base.label} has none"
    else:
        problem = f"but that of {base.label} is {shown(base.value_set)!r}"
    yield relation_hit(supplement, "/valueSet", value=shown(mine), problem=problem)


def _codes_unknown(supplement: Subject, base: Subject) -> Iterator[Hit]:
    known = base.concepts.code_set
    if not known or supplement.concepts.code_set <= known:
        return
    complete = base.data.get("content") == "complete"
    url = shown(base.text("url"))
    for index, code in enumerate(supplement.concepts.codes):
        if code is not None and code not in known:
            pointer = f"{supplement.concepts.pointer(index)}/code"
            yield hit(pointer, "complete" if complete else "other", code=shown(code), base=url)


def _displays_differ(supplement: Subject, base: Subject) -> Iterator[Hit]:
    if supplement.text("language") != base.text("language"):
        return
    mine = [
        (index, code, node["display"])
        for index, (code, node) in enumerate(
            zip(supplement.concepts.codes, supplement.concepts.nodes, strict=True)
        )
        if code is not None and isinstance(node.get("display"), str)
    ]
    if not mine:
        return
    wanted = {code for _, code, _ in mine}
    theirs = {
        code: node.get("display")
        for code, node in zip(base.concepts.codes, base.concepts.nodes, strict=True)
        if code in wanted
    }
    for index, code, display in mine:
        other = theirs.get(code)
        if isinstance(other, str) and other.casefold() != display.casefold():
            pointer = f"{supplement.concepts.pointer(index)}/display"
            yield hit(pointer, code=shown(code), display=shown(display), other=shown(other))


def _of_supplements(
    check: Callable[[Digest, Digest | None], Iterable[RelationHit]],
) -> Callable[[Sequence[Digest]], Iterator[RelationHit]]:
    def check_all(digests: Sequence[Digest]) -> Iterator[RelationHit]:
        for supplement, base in supplemented(digests):
            yield from check(supplement, base)

    return check_all


def _rule(
    code: str,
    title: str,
    message: str,
    hint: str,
    check: Callable[[Digest, Digest | None], Iterable[RelationHit]],
    **description: Any,
) -> RelationRule:
    described: dict[str, Any] = {
        "severity": Severity.WARNING,
        "resources": ("CodeSystem",),
        "spec": _SPEC,
        **description,
    }
    return RelationRule(
        code=code, title=title, message=message, hint=hint, check=_of_supplements(check), **described
    )


RULES: tuple[RelationRule, ...] = (
    _rule(
        "REL020",
        "Supplement without its base",
        "the base {value!r} {problem}, so the codes of the supplement can't be compared with it",
        "Check the supplement together with its base, concepts included.",
        _without_base,
        element="CodeSystem.supplements",
        validator=("CODESYSTEM_CS_SUPP_CANT_CHECK",),
    ),
    _rule(
        "REL021",
        "Hierarchy other than the base's",
        "hierarchyMeaning is {value!r}, but that of {base} is {other!r}",
        "Remove it; the base says what its hierarchy means.",
        _hierarchy,
        severity=Severity.ERROR,
        element="CodeSystem.hierarchyMeaning",
        validator=("CODESYSTEM_CS_SUPP_HIERARCHY_MEANING",),
    ),
    _rule(
        "REL022",
        "Count other than the base's",
        "count is {count:,}, but {base} {other}; a supplement counts the concepts of its base, if at all",
        "Remove count from the supplement, or state that of the base.",
        _count,
        severity=Severity.ERROR,
        element="CodeSystem.count",
        spec="https://hl7.org/fhir/R4/codesystem-definitions.html#CodeSystem.count",
        validator=("CODESYSTEM_CS_COUNT_SUPPLEMENT_WRONG",),
    ),
    _rule(
        "REL023",
        "Value set of a supplement",
        "the supplement has the value set {value!r} of all codes, {problem}",
        "Remove valueSet; the base states it.",
        _value_set,
        element="CodeSystem.valueSet",
        spec="https://hl7.org/fhir/R4/codesystem-definitions.html#CodeSystem.valueSet",
        validator=(
            "CODESYSTEM_CS_NO_VS_SUPPLEMENT1",
            "CODESYSTEM_CS_NO_VS_SUPPLEMENT2",
            "CODESYSTEM_CS_NO_VS_NOTCOMPLETE",
        ),
    ),
)

CONTENT_RULES: tuple[ContentRule, ...] = (
    ContentRule(
        code="REL024",
        severity=Severity.ERROR,
        title="Code that the base does not have",
        message="the code {code!r} is no code of {base!r}; a supplement can't add any",
        hint="Correct the code, or remove the concept.",
        check=_codes_unknown,
        levels={"complete": Severity.ERROR, "other": Severity.WARNING},
        contexts={"complete": "the base is complete", "other": "the base has only some of the codes"},
        resources=("CodeSystem",),
        element="CodeSystem.concept.code",
        spec=_SPEC,
        validator=("CODESYSTEM_CS_SUPP_INVALID_CODE",),
    ),
    ContentRule(
        code="REL025",
        severity=Severity.INFORMATION,
        title="Display other than the base's",
        message="the display of {code!r} is {display!r}, but {other!r} in the base, in the same language",
        hint="State another name of a concept as designation.",
        check=_displays_differ,
        resources=("CodeSystem",),
        element="CodeSystem.concept.display",
        spec=_SPEC,
        validator=("CODESYSTEM_SUPP_NO_DISPLAY",),
    ),
)
