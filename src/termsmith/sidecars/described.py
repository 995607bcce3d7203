"""What each key of a sidecar states, for the schema that editors show."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

KEYS: Mapping[str, str] = {
    "title": "Formal name of the code system.",
    "short_name": "Abbreviation of its name.",
    "name": "Name for programs: a capital letter, then letters, digits and underscores.",
    "id": "Id of the resources.",
    "canonical_url": "URI that the system has in FHIR.",
    "oid": "OID of the system, without urn:oid:.",
    "other_urls": "Further URIs of the system.",
    "other_oids": "Further OIDs of the system.",
    "publisher": "Organisation that publishes the system.",
    "steward": "Organisation that maintains the system.",
    "owner": "Organisation that owns the system.",
    "website": "Web address of the organisation.",
    "email": "E-mail address of the organisation.",
    "phone": "Phone number of the organisation.",
    "address": "Postal address of the organisation.",
    "description": "What the system is for.",
    "copyright": "Licence and copyright.",
    "usage": "Who uses the system.",
    "version": "Version of the record.",
    "date": "Date of the record: YYYY, YYYY-MM or YYYY-MM-DD.",
    "status": "Publication status of the resources.",
    "case_sensitive": "Whether codes that differ by case only are different codes.",
    "kind": "What the page describes: NamingSystem.kind.",
    "identifier_type": "Type of the identifiers of an identifier system.",
    "system": "One of several systems of the page, or a row of a list.",
    "concepts": "The codes of the system.",
}
KEYS_OF_CONCEPTS: Mapping[str, str] = {
    "file": "File that holds the codes, from the folder of the sidecar.",
    "sheet": "Sheet of the workbook.",
    "content": "Whether the tables list all codes.",
    "hierarchy": "How a hierarchy is written.",
    "hierarchy_meaning": "What the hierarchy means.",
    "value_set": "URL of the value set of all codes.",
    "all_codes_value_set": "Whether that ValueSet is written, too.",
    "supplements": "URL of the code system that these codes add to.",
    "count": "Number of concepts of the whole code system.",
    "heading": "Heading that the code tables of the page stand under.",
    "tables": "Numbers of the code tables on the page, from 1.",
    "columns": "What columns state: their header = their role.",
}
