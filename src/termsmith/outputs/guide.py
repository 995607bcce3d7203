"""What an implementation guide has to say of the resources in it: its entries, and foreign canonicals."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import quoteattr

from termsmith.outputs.files import render_json
from termsmith.outputs.marked import Section

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from termsmith.outputs.listed import Listed

_PARAMETERS = "http://hl7.org/fhir/tools/CodeSystem/ig-parameters"
"""Code system of the parameters of the IG Publisher.

R5's own http://hl7.org/fhir/guide-parameter-code has no ``special-url``. For codes that it lacks, HL7's
converter from R4 (ImplementationGuide40_50 in org.hl7.fhir.convertors) and SUSHI (IGExporter) take this one;
a step end to end compares ours with what SUSHI writes.
"""
_APPLY = re.compile(
    r"(?<=[ \t{,])[\"']?(apply-(?:version|publisher|contact|jurisdiction|license|copyright|context|wg))[\"']?"
    r"[ \t]*:[ \t]*(?P<quote>[\"']?)(?i:true)(?P=quote)[ \t]*(?=[,}\r\n]|\Z)"
)
_COMMENT = re.compile(r"(?:^|(?<=\s))#.*", re.MULTILINE)
_CANONICAL = re.compile(
    r"^\ufeff?canonical\s*:\s*(?P<quote>[\"']?)(?P<value>[^\s\"'#]+)(?P=quote)", re.MULTILINE
)
_REFERENCES = {"\n": "&#10;", "\t": "&#9;", "\r": "&#13;"}
_BREAKS = re.compile("[\x7f-\x9f\u2028\u2029\ufeff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fragment:
    """What goes into a guide's own configuration."""

    resources: tuple[Listed, ...]
    """By type and id."""
    foreign: tuple[str, ...]
    """Canonical URLs other than ``<canonical>/<type>/<id>``, which is what the IG Publisher wants."""
    group: str | None
    """Id of the guide's group that the resources are listed in."""


def fragment_of(listed: Iterable[Listed], canonical: str | None, group: str | None) -> Fragment:
    """Return what a guide has to say of resources.

    Args:
        listed: The resources, in any order.
        canonical: The guide's; without it, all URLs are foreign.
        group: Id of the group that they are listed in.
    """
    ordered = tuple(sorted(listed, key=lambda each: (each.type, each.id)))
    foreign = [
        each.url for each in ordered if each.url is not None and each.url != f"{canonical}/{each.reference}"
    ]
    return Fragment(resources=ordered, foreign=tuple(dict.fromkeys(foreign)), group=group)


def canonical_of(sushi_config: str) -> str | None:
    """Return the canonical URL that a ``sushi-config.yaml`` states."""
    found = _CANONICAL.search(sushi_config)
    return None if found is None else found["value"].rstrip("/")


def overwriting_switches(sushi_config: str) -> list[str]:
    """Return the parameters that make the IG Publisher replace what owners of terminologies say of them."""
    return list(dict.fromkeys(found[1] for found in _APPLY.finditer(_COMMENT.sub("", sushi_config))))


def sections(fragment: Fragment) -> tuple[Section, Section]:
    """Return what goes below ``resources`` and ``parameters`` of ``sushi-config.yaml``."""
    entries = {}
    for each in fragment.resources:
        stated = {"name": each.name, "description": each.description, "groupingId": fragment.group}
        entries[each.reference] = tuple(
            f"{key}: {_quoted(value)}" for key, value in stated.items() if value is not None
        )
    urls = tuple(f"- {_quoted(url)}" for url in fragment.foreign)
    return (
        Section(key="resources", entries=entries),
        Section(key="parameters", entries={"special-url": urls} if urls else {}),
    )


def as_yaml(fragment: Fragment) -> str:
    """Return the fragment for ``sushi-config.yaml``."""
    return yaml_of(sections(fragment))


def yaml_of(stated: Iterable[Section]) -> str:
    """Return sections as YAML, those without entries left out."""
    return "".join(f"{line}\n" for each in stated if each.entries for line in each.lines())


def _quoted(text: str) -> str:
    """Return a YAML string; JSON's are YAML's, but for characters that YAML wants escaped."""
    return _BREAKS.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(text, ensure_ascii=False))


def definition(fragment: Fragment, fhir_version: str) -> dict[str, Any]:
    """Return the fragment as ``ImplementationGuide.definition``, elements in definition order."""
    latest = fhir_version == "R5"
    resources = []
    for each in fragment.resources:
        stated = {
            "reference": {"reference": each.reference},
            "name": each.name,
            "description": each.description,
            "isExample" if latest else "exampleBoolean": False,
            "groupingId": fragment.group,
        }
        resources.append({key: value for key, value in stated.items() if value is not None})
    code: Any = {"system": _PARAMETERS, "code": "special-url"} if latest else "special-url"
    found = {"resource": resources, "parameter": [{"code": code, "value": url} for url in fragment.foreign]}
    return {key: value for key, value in found.items() if value}


def as_json(fragment: Fragment, fhir_version: str) -> str:
    """Return the fragment for an ImplementationGuide in JSON."""
    return render_json({"definition": definition(fragment, fhir_version)}).decode()


def as_xml(fragment: Fragment, fhir_version: str) -> str:
    """Return the fragment for an ImplementationGuide in XML."""
    return "".join(f"{line}\n" for line in _xml("definition", definition(fragment, fhir_version), ""))


def _xml(name: str, value: Any, indent: str) -> Iterator[str]:
    if isinstance(value, dict):
        yield f"{indent}<{name}>"
        for key, inner in value.items():
            for each in inner if isinstance(inner, list) else [inner]:
                yield from _xml(key, each, f"{indent}  ")
        yield f"{indent}</{name}>"
    else:
        text = str(value).lower() if isinstance(value, bool) else str(value)
        yield f"{indent}<{name} value={quoteattr(text, _REFERENCES)}/>"


def suppressed(accepted: Iterable[tuple[str, Sequence[str]]]) -> list[str]:
    """Return the lines of ``ignoreWarnings.txt`` for findings that are accepted.

    Args:
        accepted: Reason, and ids of the messages of HL7's validator. The IG Publisher knows no place for one:
            it hides a message in the whole guide.
    """
    listed: set[str] = set()
    lines: list[str] = []
    for reason, messages in accepted:
        new = [each for each in dict.fromkeys(messages) if each not in listed]
        listed.update(new)
        lines.append(f"# {' '.join(reason.split())}")
        if new:
            lines += new
        elif messages:
            lines.append("# (the messages stand above)")
        else:
            lines.append("# (HL7's validator has no message for this; nothing is suppressed)")
    return [_EVERYWHERE, *lines] if listed else lines


_EVERYWHERE = "# The messages below are hidden in the whole guide, not only at the places of the exceptions."


def oid_map(listed: Iterable[Listed]) -> bytes:
    """Return which OID stands for which URL, by OID, as CSV."""
    rows: set[tuple[str, str, str]] = {
        (oid, each.uri or "", each.name)
        for each in listed
        if each.type == "NamingSystem"
        for oid in each.oids
    }
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["oid", "url", "name"])
    ordered = sorted(rows, key=_by_number)
    writer.writerows(ordered)
    return file.getvalue().encode()


def _by_number(row: tuple[str, str, str]) -> tuple[Any, ...]:
    return ([(len(part), part) for part in row[0].split(".")], row)


RENDERED: Mapping[str, Any] = {
    "sushi": lambda fragment, _: as_yaml(fragment),
    "json": as_json,
    "xml": as_xml,
}
"""Form of the fragment -> what writes it for a FHIR release."""
