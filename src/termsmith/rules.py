"""All kinds of findings that a user may meet, of conversion and of checks, and their descriptions."""

from __future__ import annotations

import string
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from termsmith import catalogue
from termsmith.checks.checking import LIMIT_RULES
from termsmith.checks.exceptions import RULES as EXCEPTION_RULES
from termsmith.checks.exceptions import Exceptions
from termsmith.checks.relations.checking import CONTENT_RULES, RELATION_RULES
from termsmith.checks.rule import VERSIONS, CheckRule
from termsmith.checks.rulebook import CHECK_RULES, FAMILIES
from termsmith.error_codes import ERROR_CODES
from termsmith.error_codes import FAMILIES as ERROR_FAMILIES
from termsmith.errors import SettingsError
from termsmith.resource_checks import OF_OUR_MAKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from termsmith.model.finding import Rule
    from termsmith.settings import KnownException

STOPS = "fatal"
"""What stands in place of the severity of an error that stops a command; FHIR's word for it."""
FAMILY_TITLES = {
    "SRC": ERROR_FAMILIES["SRC"],
    "USE": ERROR_FAMILIES["USE"],
    "SET": ERROR_FAMILIES["SET"],
    "PAG": "Reading pages",
    "DIA": "Recognising the dialect",
    "REC": "What a page says",
    "TAB": "Code tables",
    "SID": "What a sidecar says",
    "RES": "Making resources",
    "OUT": "Writing files",
    "DOC": "Reading files of resources",
    "FET": ERROR_FAMILIES["FET"],
    "SRV": "Uploading to a server",
    **FAMILIES,
    "LIM": "Limits",
    "INT": "Faults of termsmith itself",
}
"""Letters that codes begin with, in the order in which they are listed."""


@cache
def checked_rules() -> tuple[Rule, ...]:
    """Return the rules that resources are checked against, and those about exceptions, ordered by code."""
    rules: list[Rule] = [*CHECK_RULES, *RELATION_RULES, *CONTENT_RULES, *EXCEPTION_RULES, *LIMIT_RULES]
    return tuple(sorted(rules, key=_order))


@cache
def all_rules() -> tuple[Rule, ...]:
    """Return all rules, family by family."""
    return tuple(sorted([*catalogue.RULES, *checked_rules()], key=_order))


@cache
def rules_by_code() -> Mapping[str, Rule]:
    """Return all rules by their codes, in the order of `all_rules`."""
    return MappingProxyType({rule.code: rule for rule in all_rules()})


def exceptions_of_conversion(known: Sequence[KnownException], today: str) -> Exceptions:
    """Return exceptions at work where pages are converted.

    Args:
        known: As the configuration states them.
        today: ``YYYY-MM-DD``.
    """
    return Exceptions(known, today, _codes_of_conversion())


@cache
def _codes_of_conversion() -> frozenset[str]:
    """Return the codes of all that conversion looks for, and not only `check` or `upload`."""
    asked_for = {rule.code for rule in checked_rules() if isinstance(rule, CheckRule) and rule.profiles}
    others = {rule.code for rule in catalogue.RULES if rule.code.startswith(("DOC", "SRV"))}
    return frozenset(rules_by_code()) - asked_for - others - OF_OUR_MAKING


@cache
def all_codes() -> Mapping[str, Mapping[str, Any]]:
    """Return what is known of each code, in words: of all rules, and of the errors that stop a command."""
    known = {code: described(rule) for code, rule in rules_by_code().items()}
    for each in ERROR_CODES:
        known[each.code] = {
            "code": each.code,
            "title": each.title,
            "severity": STOPS,
            "message": each.when,
            "hint": each.hint,
        }
    return MappingProxyType({code: known[code] for code in sorted(known, key=_place)})


def refuse_unknown_rules(exceptions: Sequence[KnownException]) -> None:
    """Make sure that exceptions are about rules that there are.

    Raises:
        SettingsError: SET001, when one names a rule or a family that there is not, with its line.
    """
    codes = FAMILY_TITLES.keys() | rules_by_code().keys()
    unknown = [
        f"{each.source}:{each.line}: exceptions.rule: there is no rule {each.rule!r}"
        for each in exceptions
        if each.rule not in codes
    ]
    if unknown:
        raise SettingsError("SET001", "\n".join(unknown), "`termsmith rules` lists all rules.")


def _order(rule: Rule) -> tuple[int, str]:
    return _place(rule.code)


def _place(code: str) -> tuple[int, str]:
    return (list(FAMILY_TITLES).index(code[:3]), code)


def described(rule: Rule) -> dict[str, Any]:
    """Return what is known of a rule, in words; what it has not is left out."""
    facts: dict[str, Any] = {
        "code": rule.code,
        "title": rule.title,
        "severity": _severities(rule),
        "message": _open(rule.message),
        "hint": _open(rule.hint),
    }
    stated: dict[str, Any] = {name: getattr(rule, name, None) for name in _STATED}
    versions, profiles, invariants = stated["versions"], stated["profiles"], stated["invariants"]
    facts |= {
        "element": stated["element"],
        "resources": ", ".join(stated["resources"] or ()),
        "releases": ", ".join(versions) if versions and versions != VERSIONS else "",
        "profiles": ", ".join(each.value for each in profiles or ()),
        "invariants": [
            f"{version} {each.key}: {each.expression}" for version, each in (invariants or {}).items()
        ],
        "validator": list(stated["validator"] or ()),
        "spec": rule.spec,
    }
    return {name: value for name, value in facts.items() if value}


_STATED = ("element", "resources", "versions", "profiles", "invariants", "validator")


def _severities(rule: Rule) -> str | list[str]:
    """Return a rule's severity, or one for each context or release where that decides."""
    levels, contexts = getattr(rule, "levels", None), getattr(rule, "contexts", {})
    if levels:
        return [f"{level.value}: {contexts[name]}" for name, level in levels.items()]
    if isinstance(rule, CheckRule) and rule.severities:
        return [f"{rule.severities.get(each, rule.severity).value}: {each}" for each in rule.versions]
    return rule.severity.value


def _open(text: str) -> str:
    """Show the facts that a wording is filled with.

    >>> _open("{name} is {value!r}")
    '‹name› is ‹value›'
    """
    parts = []
    for literal, name, _, _ in string.Formatter().parse(text):
        parts.append(literal)
        if name is not None:
            parts.append(f"‹{name}›")
    return "".join(parts)
