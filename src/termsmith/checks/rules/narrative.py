"""The text that people read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from termsmith.checks.rule import CheckRule, Hit, Invariant, hit
from termsmith.checks.structure.words import shown
from termsmith.model.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from termsmith.checks.subject import Subject

_DIV = "/text/div"
_SPEC = "https://hl7.org/fhir/R4/narrative.html"
_TXT_1 = {version: Invariant("txt-1", "htmlChecks()", "Narrative.div") for version in ("R4", "R4B", "R5")}
_TXT_2 = {version: Invariant("txt-2", "htmlChecks()", "Narrative.div") for version in ("R4", "R4B", "R5")}


def _read(code: str) -> Callable[[Subject], Iterable[Hit]]:
    """Return the check of a rule whose faults are found by reading the narrative."""

    def check(subject: Subject) -> Iterator[Hit]:
        narrative = subject.narrative
        if narrative is not None:
            for each, facts in narrative.faults:
                if each == code:
                    yield hit(_DIV, **facts)

    return check


def _no_language(subject: Subject) -> Iterator[Hit]:
    narrative, language = subject.narrative, subject.text("language")
    if narrative is not None and language and narrative.language is None:
        yield hit(_DIV, language=shown(language))


def _other_language(subject: Subject) -> Iterator[Hit]:
    narrative, language = subject.narrative, subject.text("language")
    if narrative is not None and language and narrative.language not in {None, language}:
        yield hit(_DIV, language=shown(language), stated=shown(narrative.language))


def _no_image(subject: Subject) -> Iterator[Hit]:
    for target in subject.narrative.images if subject.narrative is not None else ():
        if target not in subject.contained_types:
            yield hit(_DIV, target=shown(target))


def _rule(code: str, title: str, message: str, hint: str, **description: Any) -> CheckRule:
    described: dict[str, Any] = {
        "check": _read(code),
        "finder": None if "check" in description else "narrative",
        "severity": Severity.ERROR,
        "element": "Narrative.div",
        "spec": f"{_SPEC}#xhtml",
        **description,
    }
    return CheckRule(code=code, title=title, message=message, hint=hint, **described)


RULES: tuple[CheckRule, ...] = (
    _rule(
        "NAR001",
        "Malformed narrative",
        "the narrative is no XHTML: {problem} (line {line})",
        "Close all elements, and write & as &amp; and < as &lt;.",
    ),
    _rule(
        "NAR002",
        "Named entity in the narrative",
        "the narrative has a named entity such as &nbsp; (line {line}), which XML does not know",
        "Write the character itself, or its number: &#160;.",
    ),
    _rule(
        "NAR003",
        "Narrative in another namespace",
        "<{name}> is in the namespace {namespace}, not in that of XHTML",
        'Write <div xmlns="http://www.w3.org/1999/xhtml">, and no other namespace inside.',
        validator=("XHTML_XHTML_NS_InValid",),
    ),
    _rule(
        "NAR004",
        "Narrative that is no div",
        "the narrative is in <{name}>, not in <div>",
        "Put a <div> around it.",
        validator=("XHTML_XHTML_Name_Invalid",),
    ),
    _rule(
        "NAR005",
        "Element not allowed in narrative",
        "<{name}> is not allowed in narrative (line {line})",
        "Use plain formatting only: no scripts, forms, frames or media.",
        invariants=_TXT_1,
        validator=("XHTML_XHTML_Element_Illegal",),
    ),
    _rule(
        "NAR006",
        "Attribute not allowed in narrative",
        "<{name}> has the attribute {attribute}, which is not allowed in narrative (line {line})",
        "Remove it.",
        invariants=_TXT_1,
        validator=("XHTML_XHTML_Attribute_Illegal",),
    ),
    _rule(
        "NAR007",
        "Wrong place in narrative",
        "{name} stands directly in <{around}>, which holds {only} only (line {line})",
        "Put it into one of those.",
        validator=("XHTML_XHTML_ILLEGAL_CHILDREN",),
    ),
    _rule(
        "NAR008",
        "Content where none may be",
        "<{name}> has content (line {line}), but must be empty",
        "Write <{name}/>, and the content behind it.",
        validator=("XHTML_XHTML_NO_CHILDREN",),
    ),
    _rule(
        "NAR009",
        "Block within a paragraph",
        "<{name}> stands in a <p> (line {line}), which holds running text only",
        "Close the paragraph before it.",
        validator=("XHTML_XHTML_BLOCK_IN_PARA", "XHTML_XHTML_ELEMENT_ILLEGAL_IN_PARA"),
    ),
    _rule(
        "NAR010",
        "Link that must not be",
        "the narrative links to {href!r}: {problem}",
        "Link to an http or https page, or remove the link.",
        validator=(
            "TYPE_SPECIFIC_CHECKS_DT_XHTML_ACTIVE_HREF",
            "TYPE_SPECIFIC_CHECKS_DT_XHTML_LITERAL_HREF",
            "TYPE_SPECIFIC_CHECKS_DT_XHTML_EMPTY_HREF",
            "XHTML_URL_INVALID",
        ),
    ),
    _rule(
        "NAR011",
        "Link to nothing",
        "the narrative links to #{target}, but nothing in it has that id",
        "Give the target that id, or correct the link.",
        validator=("Type_Specific_Checks_DT_XHTML_Resolve",),
    ),
    _rule(
        "NAR012",
        "Empty narrative",
        "the narrative has no text",
        "Write a text, or leave text out.",
        invariants=_TXT_2,
    ),
    _rule(
        "NAR013",
        "Element within its like",
        "<{name}> stands directly in <{name}> (line {line})",
        "Keep one of them.",
        validator=("XHTML_XHTML_NO_RECURSION",),
    ),
    _rule(
        "NAR014",
        "Id twice",
        "the id {value!r} comes twice in the narrative",
        "Give each element its own id.",
        severity=Severity.WARNING,
        validator=("XHTML_XHTML_DUPLICATE_IDS",),
    ),
    _rule(
        "NAR015",
        "Link of an unusual kind",
        "the narrative links to {href!r}, which not all programs can open",
        "Link to an http or https page if there is one.",
        severity=Severity.INFORMATION,
        validator=("TYPE_SPECIFIC_CHECKS_DT_XHTML_UNKNOWN_HREF",),
    ),
    _rule(
        "NAR018",
        "Part out of its place",
        "<{name}> stands outside {where} (line {line}), where alone it makes sense",
        "Put it into one of those.",
        validator=("XHTML_XHTML_OUT_OF_PLACE",),
    ),
    _rule(
        "NAR016",
        "Narrative without a language",
        "the resource is in {language!r}, but the narrative does not say so",
        'Put lang="{language}" xml:lang="{language}" on its div; both are needed.',
        check=_no_language,
        severity=Severity.WARNING,
        spec="https://hl7.org/fhir/R4/languages.html",
        validator=(
            "Language_XHTML_Lang_Missing1",
            "Language_XHTML_Lang_Missing2",
            "Language_XHTML_Lang_Missing3",
        ),
    ),
    _rule(
        "NAR017",
        "Narrative in another language",
        "the resource is in {language!r}, but the narrative in {stated!r}",
        "Correct one of them.",
        check=_other_language,
        severity=Severity.WARNING,
        spec="https://hl7.org/fhir/R4/languages.html",
        validator=("Language_XHTML_Lang_Different1", "Language_XHTML_Lang_Different2"),
    ),
    _rule(
        "NAR019",
        "Image of nothing",
        "an image of the narrative is taken from #{target}, but nothing contained has that id",
        "Contain a Binary with that id, or correct src.",
        check=_no_image,
        validator=("Type_Specific_Checks_DT_XHTML_Resolve_Img",),
    ),
    _rule(
        "NAR020",
        "Image that can't be shown",
        "an image of the narrative is taken from {source!r}: {problem}",
        "Correct src, or leave the image out.",
        validator=("XHTML_URL_INVALID",),
    ),
)
