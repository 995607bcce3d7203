"""What the IG Publisher adds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from termsmith.checks.carried import carried
from termsmith.checks.rule import CheckRule, Hit, Profile, hit
from termsmith.checks.structure.words import shown
from termsmith.model.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from termsmith.checks.subject import Subject

_SPEC = "https://confluence.hl7.org/display/FHIR/IG+Publisher+Documentation"


def _no_oid(subject: Subject) -> Iterator[Hit]:
    if subject.type == "NamingSystem" and subject.version != "R5":
        return  # which has no identifier
    for _, data in subject.objects("identifier"):
        value = data.get("value")
        if isinstance(value, str) and value.startswith("urn:oid:") and data.get("use") != "old":
            return
    if subject.type == "NamingSystem":
        yield hit("", "other")
    else:
        yield hit("", "hl7" if _is_of_hl7(subject) else "system")


def _is_of_hl7(subject: Subject) -> bool:
    """Tell whether the guide is one of HL7's; where it is not known, whether the code system is."""
    if subject.guide is None:
        return subject.hl7_content
    return "hl7.org" in subject.guide or "fhir.org" in subject.guide


def _no_id(subject: Subject) -> Iterator[Hit]:
    if "id" in subject.data:
        return
    url, guide = carried(subject.data, "url"), subject.guide
    # Of a URL below the guide's, the IG Publisher takes the id.
    if url is None or guide is None or not url.value.startswith(f"{guide.rstrip('/')}/{subject.type}/"):
        yield hit("")


def _url_not_of_the_guide(subject: Subject) -> Iterator[Hit]:
    url, guide = carried(subject.data, "url"), subject.guide
    if url is None or guide is None or "id" not in subject.data:
        return
    expected = f"{guide.rstrip('/')}/{subject.type}/{subject.data['id']}"
    if url.value != expected:
        yield hit(url.pointer, url=shown(url.value), expected=shown(expected))


def _rule(code: str, title: str, message: str, hint: str, **description: Any) -> CheckRule:
    described: dict[str, Any] = {
        "severity": Severity.ERROR,
        "profiles": (Profile.IG_PUBLISHER,),
        "spec": _SPEC,
        **description,
    }
    return CheckRule(code=code, title=title, message=message, hint=hint, **described)


RULES: tuple[CheckRule, ...] = (
    _rule(
        "PUB001",
        "No OID",
        "no identifier has an OID, which the IG Publisher asks for",
        "Add an identifier (urn:ietf:rfc:3986, urn:oid:...); a naming system's is an OID of its own, not "
        "the one of its code system.",
        check=_no_oid,
        severity=Severity.WARNING,
        levels={"hl7": Severity.ERROR, "system": Severity.WARNING, "other": Severity.INFORMATION},
        contexts={
            "hl7": "code systems for a guide of HL7's, or whose URL contains hl7 where --guide does not tell",
            "system": "other code systems",
            "other": "naming systems",
        },
        element="CanonicalResource.identifier",
    ),
    _rule(
        "PUB002",
        "No id",
        "the resource has no id, and the IG Publisher stops, except where the url is below the guide's",
        "State an id.",
        check=_no_id,
        element="Resource.id",
    ),
    _rule(
        "PUB003",
        "URL outside the guide",
        "url {url!r} is not the {expected!r} that the guide gives this resource",
        "List it as special-url in the ImplementationGuide, as every system of another owner.",
        check=_url_not_of_the_guide,
        element="CanonicalResource.url",
    ),
)
