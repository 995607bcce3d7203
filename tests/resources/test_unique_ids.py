"""Types of identifiers that a release may lack."""

from __future__ import annotations

from typing import Any

import pytest

from resources.samples import Words, options
from termsmith.model.record import Identifier, IdentifierType, TerminologyRecord
from termsmith.resources.build import build
from termsmith.resources.versions import FhirVersion

TYPE = "http://hl7.org/fhir/5.0/StructureDefinition/extension-NamingSystem.uniqueId.type"
OLDER = (FhirVersion.R4, FhirVersion.R4B)


def identifier(
    kind: IdentifierType, value: str, *, endorsed: bool | None = None, comment: str | None = None
) -> Identifier:
    say = Words().stated
    told = None if comment is None else say(comment)
    return Identifier(type=kind, value=say(value), endorsed=endorsed, comment=told)


def written(version: FhirVersion, *identifiers: Identifier) -> tuple[list[dict[str, Any]], list[str]]:
    """Return what becomes of identifiers behind a URI, and the findings about them."""
    uri = identifier(IdentifierType.URI, "http://tea.example", endorsed=True)
    record = TerminologyRecord(title=Words().stated("Teas"), identifiers=(uri, *identifiers))
    made = build(record, options(version))
    told = [each.code for each in made.findings if each.element == "NamingSystem.uniqueId"]
    return made.resources[0].data["uniqueId"][1:], told


STEM = identifier(IdentifierType.IRI_STEM, "http://tea.example/rdf/", endorsed=True)
MNEMONIC = identifier(IdentifierType.V2_MNEMONIC, "TEA", endorsed=True, comment="In table 0396.")


def test_r5_has_the_types() -> None:
    assert written(FhirVersion.R5, STEM, MNEMONIC) == (
        [
            {"type": "iri-stem", "value": "http://tea.example/rdf/", "preferred": True},
            {"type": "v2csmnemonic", "value": "TEA", "preferred": True, "comment": "In table 0396."},
        ],
        [],
    )


@pytest.mark.parametrize("version", OLDER)
def test_a_release_without_the_type_tells_it_by_extension_and_comment(version: FhirVersion) -> None:
    assert written(version, STEM) == (
        [
            {
                "type": "other",
                "_type": {"extension": [{"url": TYPE, "valueCode": "iri-stem"}]},
                "value": "http://tea.example/rdf/",
                "preferred": True,
                "comment": "iri-stem",
            }
        ],
        ["RES023"],
    )


def test_what_the_page_says_of_it_stays_its_comment() -> None:
    ((made,), _) = written(FhirVersion.R4, MNEMONIC)
    assert made["comment"] == "In table 0396."


@pytest.mark.parametrize("version", OLDER)
@pytest.mark.parametrize(
    "beside", [MNEMONIC, identifier(IdentifierType.OTHER, "xyz", endorsed=True)], ids=["lacking", "other"]
)
def test_only_one_of_what_becomes_the_same_type_is_preferred(
    version: FhirVersion, beside: Identifier
) -> None:
    made, told = written(version, STEM, beside)
    assert [each["type"] for each in made if each.get("preferred")] == ["other"]
    assert told.count("RES024") == 1
