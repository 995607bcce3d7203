"""What datatypes ask beyond the form of their values."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from termsmith.checks.oids import OID, problem_of_form
from termsmith.checks.rule import CheckRule, Hit, hit
from termsmith.checks.structure.words import shown
from termsmith.model.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from termsmith.checks.subject import Subject

_DATATYPES = "https://hl7.org/fhir/R4/datatypes.html"
_URN = "urn:ietf:rfc:3986"
_ABSOLUTE = re.compile(r"(?:https?|urn|[a-z][a-z0-9+.-]*):[^ ]+")
_NAMED = ("urn:oid:", "urn:uuid:", "oid:", "uuid:")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.ASCII)
_TAG = re.compile(r"<([A-Za-z][A-Za-z0-9]*)(?:\s[^<>]*)?>.*</\1>", re.DOTALL)
_MARKDOWN_TAG = re.compile(r"(?<!\\)<(?:/?[A-Za-z][A-Za-z0-9-]*[\s>]|!|\?)")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_MISDECODED = re.compile(r"[\x80-\x9f\ufffd]|[\xc2\xc3\xe2][\x80-\xbf\u20ac\u2122]|\xe2\u20ac")
_SPREADSHEET = re.compile(r"\A\s*#(?:REF!|VALUE!|NAME\?|N/A|DIV/0!|NUM!|NULL!)\s*\Z")
_OPENING = frozenset("\u202a\u202b\u202d\u202e\u2066\u2067\u2068")
_CLOSING = {"\u202c": "\u202a\u202b\u202d\u202e", "\u2069": "\u2066\u2067\u2068"}
_LANGUAGE = re.compile(
    r"(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4}|[a-z]{5,8})(?:-[a-z]{4})?(?:-(?:[a-z]{2}|\d{3}))?"
    r"(?:-(?:[a-z0-9]{5,8}|\d[a-z0-9]{3}))*(?:-[0-9a-wy-z](?:-[a-z0-9]{2,8})+)*(?:-x(?:-[a-z0-9]{1,8})+)?"
    r"|x(?:-[a-z0-9]{1,8})+|i-[a-z]{3,8}|art-lojban|cel-gaulish|no-bok|no-nyn|en-gb-oed"
    r"|zh-(?:guoyu|hakka|min(?:-nan)?|xiang)|sgn-(?:be-fr|be-nl|ch-de)",
    re.IGNORECASE | re.ASCII,
)
_INCORRECT_SIDS = frozenset(
    f"http://hl7.org/fhir/sid/{name}" for name in ("icpc2", "icf-nl", "ca-hc-npn", "ca-hc-din", "dsm5")
)
_EXAMPLE = re.compile(r"example\.(?:org|com)/|acme\.com/|^urn:oid:(?:2\.999\.|1\.3\.6\.1\.4\.1\.32473\.)")
"""Addresses and OIDs set aside for examples: RFC 2606, RFC 5612, ITU-T X.660."""
_FIRST_YEAR, _YEARS_AHEAD = 1800, 80
_DIALLED = frozenset({"phone", "fax", "sms", "pager"})
_EMAIL = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+|\"[^\"@]+\"@[^\s@,;<>]+")
_PHONE_DIGITS = re.compile(r"[0-9]")


def is_absolute(uri: str) -> bool:
    """Tell whether a URI is absolute, as HL7's validator has it: a lower-case scheme and something more."""
    return _ABSOLUTE.fullmatch(uri) is not None


def _uris(subject: Subject) -> Iterator[tuple[str, str]]:
    """Yield the URIs that begin as names of OIDs and UUIDs do, each of a column once, with pointers."""
    for kind in ("uri", "url", "canonical"):
        for column in subject.texts(kind):
            named = [
                value
                for value in column.distinct
                if value.startswith(("urn:oid:", "urn:uuid:", "oid:", "uuid:"))
            ]
            for value in sorted(named):
                yield column.pointer(column.values.index(value)), value


def _bare_scheme(subject: Subject) -> Iterator[Hit]:
    for pointer, value in _uris(subject):
        if value.startswith(("oid:", "uuid:")):
            yield hit(pointer, value=shown(value))


def _bad_oid(subject: Subject) -> Iterator[Hit]:
    for pointer, value in _uris(subject):
        oid = value.removeprefix("urn:oid:")
        if oid == value:
            continue
        last = value.rfind(".") - len("urn:oid:") + 1
        if (problem := problem_of_form(oid)) is not None:
            yield hit(pointer, value=shown(value), problem=problem)
        elif last <= len("1.2.") and not oid.startswith("1.3"):
            yield hit(
                pointer, value=shown(value), problem="it has too few arcs to be an OID that was given out"
            )


def _bad_uuid(subject: Subject) -> Iterator[Hit]:
    for pointer, value in _uris(subject):
        if value.startswith("urn:uuid:") and _UUID.fullmatch(value.removeprefix("urn:uuid:")) is None:
            yield hit(pointer, value=shown(value))


def _fault(uri: str) -> str:
    """Return what is wrong with a URI that is not absolute as HL7's validator has it."""
    scheme, colon, rest = uri.partition(":")
    if is_absolute(f"{scheme.casefold()}{colon}{rest}"):
        return "has a scheme that is not in lower case"
    return "is not absolute"


def _relative_canonical(subject: Subject) -> Iterator[Hit]:
    url = subject.text("url")
    if url and not is_absolute(url) and not re.search(r"\s", url):
        yield hit("/url", name="url", value=shown(url), fault=_fault(url))
    for column in subject.texts("canonical"):
        for index, value in enumerate(column.values):
            if not value.startswith("#") and not is_absolute(value) and not re.search(r"\s", value):
                pointer = column.pointer(index)
                yield hit(pointer, name=_element_name(pointer), value=shown(value), fault=_fault(value))


def _element_name(pointer: str) -> str:
    """Return the element that a pointer leads to, without its place in a list."""
    return next(step for step in reversed(pointer.split("/")) if not step.isdecimal())


def _no_target(subject: Subject) -> Iterator[Hit]:
    for column in subject.texts("canonical"):
        for index, value in enumerate(column.values):
            if value.startswith("#") and value != "#" and value[1:] not in subject.contained_types:
                yield hit(column.pointer(index), value=shown(value))


def _identifier_no_uri(subject: Subject) -> Iterator[Hit]:
    for column in subject.parts("Identifier"):
        for index, data in enumerate(column.values):
            value = data.get("value")
            if data.get("system") == _URN and isinstance(value, str) and not is_absolute(value.strip()):
                bare = OID.fullmatch(value) is not None
                meant = f"urn:oid:{value}" if bare else "a URI such as urn:oid:... or https://..."
                yield hit(f"{column.pointer(index)}/value", value=shown(value), meant=meant)


def _identifier_system(subject: Subject) -> Iterator[Hit]:
    for column in subject.parts("Identifier"):
        for index, data in enumerate(column.values):
            system = data.get("system")
            if isinstance(system, str) and system and not is_absolute(system):
                yield hit(f"{column.pointer(index)}/system", value=shown(system))


def _coding_system(subject: Subject) -> Iterator[Hit]:
    for column in subject.parts("Coding"):
        systems = {
            system for data in column.values if isinstance(system := data.get("system"), str) and system
        }
        relative = {system for system in systems if not is_absolute(system)}
        if relative:
            for index, data in enumerate(column.values):
                if data.get("system") in relative:
                    yield hit(f"{column.pointer(index)}/system", value=shown(data["system"]))


def _code_without_system(subject: Subject) -> Iterator[Hit]:
    for column in subject.parts("Coding"):
        if all("system" in shape for shape in column.shapes):
            continue
        for index, data in enumerate(column.values):
            if "system" not in data and isinstance(data.get("code"), str):
                yield hit(column.pointer(index), code=shown(data["code"]))


def _incorrect_sid(subject: Subject) -> Iterator[Hit]:
    for column in (*subject.texts("uri"), *subject.texts("canonical")):
        if column.distinct.isdisjoint(_INCORRECT_SIDS):
            continue
        for index, value in enumerate(column.values):
            if value in _INCORRECT_SIDS and column.pointer(index) != "/url":
                yield hit(column.pointer(index), value=shown(value))


def _space_at_ends(subject: Subject) -> Iterator[Hit]:
    for kind, value, pointer in subject.suspects:
        if kind == "string" and value != value.strip() and value.strip():
            where = "begins" if value[0].isspace() else "ends"
            yield hit(pointer, value=shown(value), where=where)


def _only_space(subject: Subject) -> Iterator[Hit]:
    for _, value, pointer in subject.suspects:
        if not value.strip():
            yield hit(pointer)


def _tags_in_string(subject: Subject) -> Iterator[Hit]:
    for kind, value, pointer in subject.suspects:
        if kind == "string" and "<" in value and _TAG.match(value):
            yield hit(pointer, value=shown(value))


def _tags_in_markdown(subject: Subject) -> Iterator[Hit]:
    for kind, value, pointer in subject.suspects:
        found = _MARKDOWN_TAG.search(value) if kind == "markdown" and "<" in value else None
        if found is not None:
            yield hit(pointer, tag=shown(value[found.start() : found.start() + 20].partition(">")[0] + ">"))


def _control_characters(subject: Subject) -> Iterator[Hit]:
    for _, value, pointer in subject.suspects:
        found = _CONTROL.search(value)
        if found is not None:
            yield hit(pointer, character=f"U+{ord(found[0]):04X}", position=found.start() + 1)


def _direction_left_open(subject: Subject) -> Iterator[Hit]:
    for _, value, pointer in subject.suspects:
        if not _is_balanced(value):
            yield hit(pointer)


def _is_balanced(value: str) -> bool:
    """Tell whether each character that turns the direction of writing is ended, in order."""
    waiting: list[str] = []
    for character in value:
        if character in _OPENING:
            waiting.append(character)
        elif character in _CLOSING and (not waiting or waiting.pop() not in _CLOSING[character]):
            return False
    return not waiting


def _misdecoded(subject: Subject) -> Iterator[Hit]:
    for _, value, pointer in subject.suspects:
        found = _MISDECODED.search(value)
        if found is not None:
            around = value[max(0, found.start() - 15) : found.end() + 15]
            yield hit(pointer, text=shown(around))


def _spreadsheet_error(subject: Subject) -> Iterator[Hit]:
    for _, value, pointer in subject.suspects:
        # What stands in the resource's own texts has a rule about placeholders.
        if _SPREADSHEET.match(value) and pointer.count("/") > 1:
            yield hit(pointer, value=shown(value.strip()))


def _unreasonable_year(subject: Subject) -> Iterator[Hit]:
    last = int(subject.today[:4]) + _YEARS_AHEAD
    for column in (*subject.texts("date"), *subject.texts("dateTime"), *subject.texts("instant")):
        for index, value in enumerate(column.values):
            year = value[:4]
            if (
                value[4:5] in {"", "-"}
                and year.isdecimal()
                and year != "0000"
                and not _FIRST_YEAR <= int(year) <= last
            ):
                yield hit(column.pointer(index), year=year)


def _relative_extension(subject: Subject) -> Iterator[Hit]:
    for column in subject.parts("Extension"):
        for index, data in enumerate(column.values):
            url, pointer = data.get("url"), column.pointer(index)
            nested = pointer.count("/extension/") + pointer.count("/modifierExtension/") > 1
            if isinstance(url, str) and url and not nested and not is_absolute(url):
                yield hit(f"{pointer}/url", value=shown(url))


def _example_url(subject: Subject) -> Iterator[Hit]:
    for column in subject.texts("uri"):
        examples = {value for value in column.distinct if _EXAMPLE.search(value)}
        for index, value in enumerate(column.values) if examples else ():
            if value in examples and (pointer := column.pointer(index)) != "/url":
                yield hit(pointer, value=shown(value))


def _label_twice(subject: Subject) -> Iterator[Hit]:
    meta = subject.data.get("meta")
    labels = meta.get("security") if isinstance(meta, dict) else None
    seen: set[tuple[str, str]] = set()
    for index, label in enumerate(labels if isinstance(labels, list) else ()):
        if isinstance(label, dict):
            key = (str(label.get("system")), str(label.get("code")))
            if key in seen:
                yield hit(f"/meta/security/{index}", label=shown("#".join(key)))
            seen.add(key)


def _language(subject: Subject) -> Iterator[Hit]:
    language = subject.text("language")
    if language and _LANGUAGE.fullmatch(language) is None:
        yield hit("/language", value=shown(language))
    for column in subject.texts("code"):
        if not column.element.endswith(".language"):
            continue
        wrong = {tag for tag in column.distinct if _LANGUAGE.fullmatch(tag) is None}
        for index, tag in enumerate(column.values) if wrong else ():
            if tag in wrong:
                yield hit(column.pointer(index), value=shown(tag))


def _telecom(subject: Subject) -> Iterator[Hit]:
    for column in subject.parts("ContactPoint"):
        for index, data in enumerate(column.values):
            system, value = data.get("system"), data.get("value")
            if not isinstance(value, str) or not value.strip():
                continue
            problem = None
            if system == "email":
                problem = _problem_of_email(value.strip())
            elif system == "url" and not is_absolute(value.strip()):
                problem = "it is not absolute"
            elif isinstance(system, str) and system in _DIALLED and not _PHONE_DIGITS.search(value):
                problem = "it has no digits"
            if problem is not None:
                yield hit(
                    f"{column.pointer(index)}/value", value=shown(value), system=system, problem=problem
                )


def _problem_of_email(value: str) -> str | None:
    if "@" not in value:
        return "it has no @"
    if "://" in value:
        return "it is a URL"
    if value.casefold().startswith("mailto:"):
        return "it begins with mailto:, which is no part of the address"
    if value.count("@") > 1:
        return "it has more than one address; each is a contact of its own"
    return None if _EMAIL.fullmatch(value) else "it has another form than name@domain"


def _rule(code: str, title: str, message: str, hint: str, **description: Any) -> CheckRule:
    described: dict[str, Any] = {
        "severity": Severity.ERROR,
        "spec": f"{_DATATYPES}#string",
        "element": "string",
        **description,
    }
    return CheckRule(code=code, title=title, message=message, hint=hint, **described)


RULES: tuple[CheckRule, ...] = (
    _rule(
        "DTY050",
        "OID or UUID without urn:",
        "{value!r} begins with oid: or uuid:, which is no URI scheme",
        "Write urn:oid: or urn:uuid:.",
        check=_bare_scheme,
        element="uri",
        spec=f"{_DATATYPES}#uri",
        validator=("Type_Specific_Checks_DT_URI_OID", "Type_Specific_Checks_DT_URI_UUID"),
    ),
    _rule(
        "DTY051",
        "URN of no OID",
        "{value!r} is no URN of an OID: {problem}",
        "Compare it with its source; such a URN looks like urn:oid:2.16.840.1.113883.6.96.",
        check=_bad_oid,
        element="uri",
        spec=f"{_DATATYPES}#oid",
        validator=("Type_Specific_Checks_DT_OID_Valid",),
    ),
    _rule(
        "DTY052",
        "URN of no UUID",
        "{value!r} is no URN of a UUID in lower case",
        "Write urn:uuid: and 8-4-4-4-12 hexadecimal digits in lower case.",
        check=_bad_uuid,
        element="uri",
        spec=f"{_DATATYPES}#uuid",
        validator=("Type_Specific_Checks_DT_UUID_Valid",),
    ),
    _rule(
        "DTY053",
        "Canonical URL not absolute",
        "{name} is {value!r}, which {fault}",
        "Write the whole URL, with a scheme in lower case such as https: or urn:.",
        check=_relative_canonical,
        element="canonical",
        spec="https://hl7.org/fhir/R4/references.html#canonical",
        validator=("TYPE_SPECIFIC_CHECKS_CANONICAL_ABSOLUTE",),
    ),
    _rule(
        "DTY054",
        "Nothing contained of that id",
        "{value!r} points to a contained resource, but none has that id",
        "Contain the resource, or write its canonical URL.",
        check=_no_target,
        element="canonical",
        spec="https://hl7.org/fhir/R4/references.html#contained",
        validator=("TYPE_SPECIFIC_CHECKS_DT_URL_INTERNAL",),
    ),
    _rule(
        "DTY055",
        "Identifier that is no URI",
        "the identifier's system says that its value is a URI, but it is {value!r}",
        "Write {meant}.",
        check=_identifier_no_uri,
        element="Identifier.value",
        spec=f"{_DATATYPES}#Identifier",
        validator=("TYPE_SPECIFIC_CHECKS_DT_IDENTIFIER_IETF_SYSTEM_VALUE",),
    ),
    _rule(
        "DTY056",
        "Identifier system not absolute",
        "the identifier's system is {value!r}, which is no absolute URI",
        "Write the URI of the identifier system; for an OID with urn:oid:.",
        check=_identifier_system,
        element="Identifier.system",
        spec=f"{_DATATYPES}#Identifier",
        validator=("TYPE_SPECIFIC_CHECKS_DT_IDENTIFIER_SYSTEM",),
    ),
    _rule(
        "DTY057",
        "Coding system not absolute",
        "the coding's system is {value!r}, which is no absolute URI",
        "Write the URI of the code system; for an OID with urn:oid:.",
        check=_coding_system,
        element="Coding.system",
        spec=f"{_DATATYPES}#Coding",
        validator=("Terminology_TX_System_Relative",),
    ),
    _rule(
        "DTY058",
        "Code without a system",
        "the coding has the code {code!r}, but no system, so it means nothing certain",
        "State the URI of its code system.",
        check=_code_without_system,
        severity=Severity.WARNING,
        element="Coding.system",
        spec=f"{_DATATYPES}#Coding",
        validator=("TERMINOLOGY_TX_SYSTEM_NO_CODE",),
    ),
    _rule(
        "DTY059",
        "URI that HL7 never gave",
        "{value!r} is no URI of a code system, though it looks like one of HL7's",
        "Look the right URI up at https://terminology.hl7.org.",
        check=_incorrect_sid,
        severity=Severity.WARNING,
        element="uri",
        spec="https://terminology.hl7.org/external_terminologies.html",
        validator=("TYPE_SPECIFIC_CHECKS_DT_SID_INCORRECT",),
    ),
    _rule(
        "DTY060",
        "White space at the ends",
        "the text {where} with white space: {value!r}",
        "Remove it.",
        check=_space_at_ends,
        severity=Severity.WARNING,
        validator=("Type_Specific_Checks_DT_String_WS",),
    ),
    _rule(
        "DTY061",
        "White space only",
        "the text has nothing but white space",
        "Write a text, or leave the element out.",
        check=_only_space,
        severity=Severity.WARNING,
        validator=("Type_Specific_Checks_DT_Primitive_WS", "Type_Specific_Checks_DT_String_WS_ALL"),
    ),
    _rule(
        "DTY062",
        "HTML in a plain text",
        "the text looks like HTML: {value!r}",
        "Programs show it as it stands; write it without tags.",
        check=_tags_in_string,
        severity=Severity.INFORMATION,
        validator=("SECURITY_STRING_CONTENT_WARNING",),
    ),
    _rule(
        "DTY063",
        "HTML in markdown",
        "the markdown has the HTML tag {tag!r}, which most programs show as it stands",
        "Write it in markdown, or put a backslash before the <.",
        check=_tags_in_markdown,
        severity=Severity.WARNING,
        element="markdown",
        spec=f"{_DATATYPES}#markdown",
        validator=("TYPE_SPECIFIC_CHECKS_DT_MARKDOWN_HTML",),
    ),
    _rule(
        "DTY064",
        "Control character",
        "the text has the control character {character} at position {position}, which XML can't hold",
        "Remove it.",
        check=_control_characters,
        severity=Severity.WARNING,
        validator=("UNICODE_XML_BAD_CHARS",),
    ),
    _rule(
        "DTY065",
        "Writing direction left open",
        "a character that turns the direction of writing is not ended, so what follows may be shown reversed",
        "Remove the invisible characters U+202A to U+202E and U+2066 to U+2069, or balance them.",
        check=_direction_left_open,
        severity=Severity.WARNING,
        validator=("UNICODE_BIDI_CONTROLS_CHARS_MATCH",),
    ),
    _rule(
        "DTY066",
        "Unlikely year",
        "the year {year} is unlikely",
        "Compare with the source.",
        check=_unreasonable_year,
        severity=Severity.WARNING,
        element="dateTime",
        spec=f"{_DATATYPES}#dateTime",
        validator=("Type_Specific_Checks_DT_DateTime_Reasonable",),
    ),
    _rule(
        "DTY067",
        "Extension URL not absolute",
        "the extension's url is {value!r}, which is not absolute",
        "Write the whole URL of the extension's definition.",
        check=_relative_extension,
        element="Extension.url",
        spec="https://hl7.org/fhir/R4/extensibility.html",
        validator=("Extension_EXT_URL_Absolute",),
    ),
    _rule(
        "DTY068",
        "Security label twice",
        "the security label {label!r} is stated already",
        "Keep one.",
        check=_label_twice,
        element="Meta.security",
        spec="https://hl7.org/fhir/R4/resource.html#Meta",
        validator=("Meta_RES_Security_Duplicate",),
    ),
    _rule(
        "DTY069",
        "Malformed language tag",
        "{value!r} is no language tag (BCP 47)",
        "Write a tag such as de, en-US or zh-Hans.",
        check=_language,
        severity=Severity.WARNING,
        severities={"R5": Severity.ERROR},
        element="Resource.language",
        spec="https://www.rfc-editor.org/info/bcp47",
    ),
    _rule(
        "DTY070",
        "Text that was decoded wrongly",
        "the text has characters that come of reading with the wrong encoding: {text!r}",
        "Copy it again from the source.",
        check=_misdecoded,
        severity=Severity.WARNING,
    ),
    _rule(
        "DTY071",
        "Error of a spreadsheet",
        "the text is {value!r}, which a spreadsheet writes where it has no value",
        "Look into the spreadsheet that it comes from.",
        check=_spreadsheet_error,
    ),
    _rule(
        "DTY073",
        "URI of an example",
        "{value!r} is set aside for examples, so nothing real has this URI",
        "Write the real URI.",
        check=_example_url,
        element="uri",
        spec=f"{_DATATYPES}#uri",
        validator=("TYPE_SPECIFIC_CHECKS_DT_URL_EXAMPLE",),
    ),
    _rule(
        "DTY072",
        "Contact that does not fit",
        "a contact of system {system} is {value!r}: {problem}",
        "Correct the value, or the system.",
        check=_telecom,
        severity=Severity.WARNING,
        element="ContactPoint.value",
        spec=f"{_DATATYPES}#ContactPoint",
    ),
)
