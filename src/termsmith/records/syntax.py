"""The syntax of OIDs and URIs that identify code systems."""

from __future__ import annotations

import re

OID = re.compile(r"[0-2](?:\.(?:0|[1-9][0-9]*))+")
"""Dotted decimal; https://hl7.org/fhir/R4/datatypes.html#oid without the ``urn:oid:``."""
_SCHEMES = ("http", "https", "urn", "ftp", "info", "tag", "did")
URI = re.compile(rf"(?:{'|'.join(_SCHEMES)}):[^\s<>\"{{}}|\\^`]+", re.IGNORECASE)
_FEWEST_ARCS = 2
_SECOND_ARC_LIMIT = 39


class InvalidIdentifierError(ValueError):
    """Why a text is no identifier of the kind that it should be."""


def parse_oid(text: str) -> str:
    """Return the OID that ``text`` states, bare or as a URN (RFC 3061).

    Args:
        text: One identifier as printed; surrounding space is ignored.

    Returns:
        Dotted decimal without ``urn:oid:``, so equal OIDs compare equal.

    Raises:
        InvalidIdentifierError: When ``text`` is anything else. An arc with a leading zero is refused,
            not repaired.

    >>> parse_oid(" urn:oid:2.16.840.1.113883.6.96 ")
    '2.16.840.1.113883.6.96'
    """
    bare = re.sub(r"(?i)^(?:urn:)?oid:", "", text.strip())
    if bare.endswith("."):
        msg = "it ends with a dot and seems cut off"
        raise InvalidIdentifierError(msg)
    if not OID.fullmatch(bare):
        msg = "an OID is dotted decimal without leading zeros, such as 2.16.840.1.113883.6.96"
        raise InvalidIdentifierError(msg)
    arcs = bare.split(".")
    if len(arcs) <= _FEWEST_ARCS:
        msg = "it has too few arcs to identify a code system"
        raise InvalidIdentifierError(msg)
    if arcs[0] in "01" and int(arcs[1][:4]) > _SECOND_ARC_LIMIT:
        msg = f"the second arc below {arcs[0]} is at most {_SECOND_ARC_LIMIT}"
        raise InvalidIdentifierError(msg)
    return bare


def parse_uri(text: str) -> str:
    """Return the absolute URI that ``text`` states, to the letter.

    Raises:
        InvalidIdentifierError: When it has no scheme that identifies code systems, or characters no URI has.

    >>> parse_uri("http://loinc.org")
    'http://loinc.org'
    """
    uri = text.strip()
    if not URI.fullmatch(uri):
        scheme = uri.split(":", 1)[0].casefold() if ":" in uri else ""
        msg = (
            "it has no scheme such as http: or urn:"
            if scheme not in _SCHEMES
            else "it has characters no URI has"
        )
        raise InvalidIdentifierError(msg)
    if uri.casefold().startswith("urn:oid:"):
        parse_oid(uri)
    return uri
