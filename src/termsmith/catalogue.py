"""Every kind of finding: code, severity, wording, hint. The documentation's table is made from here.

PAG: reading bytes into a page. DIA: recognising the page. REC: what the page says.
SID: what a sidecar says. RES: the resources made of it. OUT: writing them. DOC: reading files of resources.
SRV: uploading them to a server. INT: faults of ours.
What FHIR asks of resources is in `termsmith.checks.rulebook`.
"""

from __future__ import annotations

from termsmith.model.finding import Rule, Severity

PAGE_EMPTY = Rule(
    code="PAG001",
    severity=Severity.ERROR,
    title="Empty page",
    message="the page has no visible text",
    hint="Save or copy the page again; nothing of it is in this file.",
)
PAGE_TOO_LARGE = Rule(
    code="PAG002",
    severity=Severity.ERROR,
    title="Page too large",
    message="the page has more than {limit:,} bytes, which is all that is read of one",
    hint="A page that describes a terminology is a few kilobytes. Convert the page itself, not an archive.",
)
PAGE_BINARY = Rule(
    code="PAG003",
    severity=Severity.ERROR,
    title="Not a page",
    message="the file is no text and no format that termsmith reads",
    hint="Give text, Markdown, HTML, Confluence storage format or REST JSON, a Word export or .docx.",
)
PAGE_MALFORMED = Rule(
    code="PAG004",
    severity=Severity.ERROR,
    title="Damaged file",
    message="the file looks like {format} but can't be read: {problem}",
    hint="Export or save the page again; the file may be cut off.",
)
PAGE_TOO_DEEP = Rule(
    code="PAG005",
    severity=Severity.ERROR,
    title="Nested too deeply",
    message="elements are nested more than {limit} deep",
    hint="No page needs that; the file is damaged or hostile.",
)
PAGE_ENTITIES = Rule(
    code="PAG006",
    severity=Severity.ERROR,
    title="Own entities declared",
    message="the file declares entity {name!r}; own and external entities are not read",
    hint="Save the page as HTML, without a document type of its own.",
)
PAGE_TOO_MANY_PARTS = Rule(
    code="PAG007",
    severity=Severity.ERROR,
    title="Too many parts",
    message="the page has more than {limit:,} {parts}",
    hint="A page that describes a terminology has some hundred. Convert the page itself, not an archive.",
)
PAGE_MARKDOWN_TOO_LONG = Rule(
    code="PAG008",
    severity=Severity.ERROR,
    title="Markdown too long",
    message="the page has {size:,} characters of Markdown; at most {limit:,} are read, since that takes many "
    "times the time and memory of HTML",
    hint="Save the page as HTML, or move its code table into a CSV file beside it: PAGE.concepts.csv.",
)
PAGE_OTHER_JSON = Rule(
    code="PAG009",
    severity=Severity.ERROR,
    title="JSON that is no page",
    message="the file is {what}, not a page as Confluence's REST API returns it",
    hint="Give the page itself. `termsmith check` reads FHIR resources; a CodeSystem with the codes of a "
    "page stands beside it as PAGE.concepts.json.",
)
PAGE_NOT_WELL_FORMED = Rule(
    code="PAG101",
    severity=Severity.INFORMATION,
    title="XHTML that is not well-formed",
    message="not well-formed XML ({problem}); read as HTML",
    hint="Nothing to do if the result is right.",
)
PAGE_ENCODING_GUESSED = Rule(
    code="PAG102",
    severity=Severity.INFORMATION,
    title="Encoding guessed",
    message="no UTF-8; read as {encoding}",
    hint="Check letters with accents, or save the page as UTF-8.",
)
PAGE_REPLACEMENT = Rule(
    code="PAG103",
    severity=Severity.WARNING,
    title="Lost characters",
    message="{count} character(s) can't be read or were already lost (U+FFFD)",
    hint="Compare with the original page and correct the value in the sidecar.",
)
PAGE_CONTROL = Rule(
    code="PAG104",
    severity=Severity.WARNING,
    title="Control characters",
    message="{count} control or text-direction character(s) ({names}) were left out",
    hint="Nothing to do if the text reads well; FHIR does not allow them.",
)
PAGE_ENTITY_RESIDUE = Rule(
    code="PAG105",
    severity=Severity.INFORMATION,
    title="Remains of a character reference",
    message="{count} remains of a character reference such as {text!r} were read as line breaks",
    hint="The page's software broke a line end; tell its editors.",
)

PAGE_PARTS_UNREAD = Rule(
    code="PAG106",
    severity=Severity.WARNING,
    title="Parts of a document not read",
    message="{parts} of the document are not read",
    hint="Look whether they say something of the terminology; put it into the sidecar.",
)
PAGE_STRUCK_OUT = Rule(
    code="PAG107",
    severity=Severity.WARNING,
    title="Struck-out text",
    message="{what!r} is struck out on the page and was not read",
    hint="Nothing to do if it is no longer valid; if it is, state it in the sidecar or correct the page.",
)
PAGE_NO_TEXT = Rule(
    code="PAG108",
    severity=Severity.WARNING,
    title="Content without text",
    message="{what} is not read",
    hint="Look whether it says something of the terminology; put it into the sidecar.",
)
PAGE_MORE = Rule(
    code="PAG109",
    severity=Severity.INFORMATION,
    title="More findings of a kind",
    message="{number:,} findings {code} in all; only the first {most} are listed",
    hint="Look for what the ones listed have in common.",
)

NO_DIALECT = Rule(
    code="DIA001",
    severity=Severity.ERROR,
    title="No dialect fits",
    message="no dialect table fits the page ({nearest})",
    hint="Name one of those that `termsmith dialects` lists, by --dialect of `convert` or `dialect` in "
    "termsmith.toml; or teach termsmith the layout with a table of your own.",
)
TWO_DIALECTS = Rule(
    code="DIA002",
    severity=Severity.ERROR,
    title="Two dialects fit equally well",
    message="dialects {first} and {second} fit the page equally well",
    hint="Name the right one, by --dialect of `convert` or `dialect` in termsmith.toml.",
)
FEW_LABELS = Rule(
    code="DIA003",
    severity=Severity.WARNING,
    title="Few labels found",
    message="only {found} of {total} labels of dialect {dialect} are on the page",
    hint="The page may be cut off, or of another layout.",
)

LABEL_MISSPELT = Rule(
    code="REC001",
    severity=Severity.WARNING,
    title="Misspelt label",
    message="{printed!r} was read as the label {label!r}",
    hint="Correct the page if that is what it means.",
)
LEFTOVER = Rule(
    code="REC002",
    severity=Severity.WARNING,
    title="Text that was not used",
    message="left over: {text!r}{why}",
    hint="Put what it says into the sidecar if it belongs to the terminology.",
)
LABEL_MISSING = Rule(
    code="REC003",
    severity=Severity.WARNING,
    title="Missing label",
    message="the label {label!r} is not on the page",
    hint="State {field} in the sidecar.",
)
LABEL_UNKNOWN = Rule(
    code="REC004",
    severity=Severity.WARNING,
    title="Unknown label",
    message="{printed!r} stands where {label!r} is expected",
    hint="If it is the value of {label!r}, state {field} in the sidecar.",
)
LABEL_REPEATED = Rule(
    code="REC005",
    severity=Severity.WARNING,
    title="Label twice",
    message="the label {label!r} is on the page again with another value",
    hint="State {field} in the sidecar if the first value is not the right one.",
)
STATED_BLANK = Rule(
    code="REC006",
    severity=Severity.INFORMATION,
    title="Stated blank",
    message="{label!r} says {text!r}: {reason}",
    hint="Nothing to do if the page has no value here.",
)
SPREADSHEET_ERROR = Rule(
    code="REC007",
    severity=Severity.WARNING,
    title="Spreadsheet error on the page",
    message="{label!r} shows {text!r}: {reason}",
    hint="The value was lost when the page was made; state it in the sidecar and tell the page's editors.",
)
LABEL_HIDDEN = Rule(
    code="REC008",
    severity=Severity.WARNING,
    title="Label in what is no content",
    message="the label {label!r} stands again where nothing is read ({reason})",
    hint="If another description begins there, give it a page of its own.",
)
NOT_AN_OID = Rule(
    code="REC010",
    severity=Severity.WARNING,
    title="Not an OID",
    message="{text!r} is not an OID: {problem}",
    hint="State the right OID in the sidecar.",
    spec="https://hl7.org/fhir/R4/datatypes.html#oid",
)
NOT_A_URI = Rule(
    code="REC011",
    severity=Severity.WARNING,
    title="Not a URI",
    message="{text!r} is not an absolute URI: {problem}",
    hint="State the canonical URI in the sidecar.",
    spec="https://hl7.org/fhir/R4/datatypes.html#uri",
)
IDENTIFIER_TRIMMED = Rule(
    code="REC012",
    severity=Severity.INFORMATION,
    title="Identifier trimmed",
    message="{text!r} was read as {value!r}",
    hint="Correct the page if the rest belongs to the identifier.",
)
IDENTIFIER_IN_PROSE = Rule(
    code="REC013",
    severity=Severity.WARNING,
    title="Identifier in a sentence",
    message="{value!r} stands {where} and was not taken as an identifier of the system",
    hint="If it is one, state it in the sidecar.",
)
SEVERAL_OF_A_TYPE = Rule(
    code="REC014",
    severity=Severity.WARNING,
    title="Several identifiers, none endorsed",
    message="the page states {count} of type {type} and endorses none; {value!r} is taken as preferred",
    hint="State the right one as {field} in the sidecar.",
)
SEVERAL_ENDORSED = Rule(
    code="REC015",
    severity=Severity.WARNING,
    title="Several endorsed identifiers",
    message="the page endorses {count} of type {type}; {value!r}, the first, is taken as preferred",
    hint="State the right one as {field} in the sidecar.",
)
ONLY_OTHERS = Rule(
    code="REC016",
    severity=Severity.WARNING,
    title="Identifier that nobody endorses",
    message="the page endorses no identifier; {value!r}, which it lists as another one of type {type}, "
    "is taken as preferred",
    hint="State the right one as {field} in the sidecar.",
)
IDENTIFIER_LINKS = Rule(
    code="REC017",
    severity=Severity.WARNING,
    title="Link among identifiers",
    message="{text!r} is a link to {url!r}; only what is printed is read as an identifier",
    hint="If the link leads to what is meant, state that in the sidecar; else correct the page.",
)
NOTE_MARK = Rule(
    code="REC018",
    severity=Severity.WARNING,
    title="Raised number behind a name",
    message="{text!r} ends in {mark!r}, a raised number that may be the mark of a note",
    hint="If it is, state the value without it in the sidecar.",
)
SEVERAL_ENDORSED_OF_OTHER_TYPES = Rule(
    code="REC019",
    severity=Severity.WARNING,
    title="Several endorsed identifiers that are no URI and no OID",
    message="the page endorses {count} of type {type}; {value!r}, the first, is taken as preferred",
    hint="Correct the page so that it prefers one of each type.",
)
NO_IDENTIFIER = Rule(
    code="REC020",
    severity=Severity.ERROR,
    title="No identifier",
    message="the page states no URI and no OID of the terminology{unread}",
    hint="State canonical_url or oid in {sidecar}; or have the resources written without one, by --draft of "
    "`convert` or `draft = true` in termsmith.toml.",
)
NO_TITLE = Rule(
    code="REC021",
    severity=Severity.ERROR,
    title="No name",
    message="the page states neither a formal nor a short name",
    hint="State title (and short_name) in {sidecar}; or have drafts written, by --draft of `convert` or "
    "`draft = true` in termsmith.toml.",
)
FAMILY_PAGE = Rule(
    code="REC022",
    severity=Severity.ERROR,
    title="Page of a family of terminologies",
    message="the page only points to others: {text!r}",
    hint="Convert the subpages it names. If it does describe one terminology, state title and canonical_url "
    "or oid in {sidecar}; or have a draft written, by --draft of `convert` or `draft = true` "
    "in termsmith.toml.",
)
NOT_SPLIT = Rule(
    code="REC023",
    severity=Severity.ERROR,
    title="Several systems that can't be told apart",
    message="the page describes several systems ({what}), and it is not certain what belongs to which",
    hint="List them in {sidecar}, one [[system]] with title and canonical_url or oid for each, or give each "
    "a page of its own; or have a draft written, by --draft of `convert` or by `draft = true` in "
    "termsmith.toml.",
)
SYSTEMS_JOINED = Rule(
    code="REC025",
    severity=Severity.WARNING,
    title="Facts of several systems together",
    message="the page describes several systems ({what}); what it says beside names and identifiers, such as "
    "description, licence and organisations, is joined",
    hint="Give each system a page of its own, or state what differs in the sidecar.",
)
OFFER = Rule(
    code="REC024",
    severity=Severity.WARNING,
    title="Well-known system",
    message="this may be {title} ({facts})",
    hint="If it is, write into {sidecar}:\n{lines}",
)
DATE_UNREADABLE = Rule(
    code="REC030",
    severity=Severity.WARNING,
    title="Date not understood",
    message="{text!r} is no date that can be read with certainty: {problem}",
    hint='State date = "YYYY-MM-DD" in the sidecar.',
)
MAYBE_RETIRED = Rule(
    code="REC031",
    severity=Severity.WARNING,
    title="Words of retirement",
    message="the page says {text!r}, but the status is {status}",
    hint='If the terminology is retired, state status = "retired" in the sidecar.',
)
OWNER_IS_SYSTEM = Rule(
    code="REC032",
    severity=Severity.WARNING,
    title="Owner named like the terminology",
    message="the owner {text!r} is the name of the code system itself",
    hint="State publisher in the sidecar.",
)
TELECOM_ODD = Rule(
    code="REC033",
    severity=Severity.WARNING,
    title="Contact detail that does not fit its label",
    message="{label!r} holds {text!r}, which is no {expected}",
    hint="Correct the page.",
)
RECORD_LINK_DOUBTFUL = Rule(
    code="REC034",
    severity=Severity.WARNING,
    title="Link to another record",
    message="the page links the record {linked!r}, whose name fits nothing on the page; it is not used as id",
    hint="Correct the link on the page, or state id in the sidecar.",
)
LINK_TEXT_LOST = Rule(
    code="REC035",
    severity=Severity.INFORMATION,
    title="Link lost in copying",
    message="{text!r} seems to have lost a link",
    hint="Compare with the original page; saving it as HTML keeps links.",
)
NAME_JOINED = Rule(
    code="REC037",
    severity=Severity.WARNING,
    title="Organisation on several lines",
    message="{text!r} stands on {lines} lines and is read as the name of one organisation",
    hint="If they are several, state owner, steward or publisher in the sidecar.",
)
LINK_WITHOUT_ADDRESS = Rule(
    code="REC036",
    severity=Severity.WARNING,
    title="Link without a full address",
    message="{text!r} is a link to {url!r}, which is no full address; the text is kept without it",
    hint="Give the full address on the page if readers need it.",
)

ROW_INCOMPLETE = Rule(
    code="REC050",
    severity=Severity.ERROR,
    title="Row of a list that says too little",
    message="{row} states {lacks}; it is not written, the other rows are",
    hint="Correct the row, or state what it lacks in {sidecar}, in a [[system]] with the row's id or title; "
    "or have drafts written, by --draft of `convert` or `draft = true` in termsmith.toml.",
)
ROW_RAGGED = Rule(
    code="REC051",
    severity=Severity.ERROR,
    title="Row of a list that lacks cells",
    message="the row has {cells} of {wanted} cells, so that it is not certain what stands in which column; "
    "it is not read, the other rows are",
    hint="Give the row all its cells; a cell that reaches over several rows must stand in each of them.",
)
ROW_REPEATS = Rule(
    code="REC052",
    severity=Severity.WARNING,
    title="Identifier in two rows",
    message="{value!r} is stated in an earlier row too ({first})",
    hint="Two systems can't have one identifier: correct the row that is wrong. Both are written.",
)
ROW_SEVERAL = Rule(
    code="REC053",
    severity=Severity.WARNING,
    title="Row that may be several systems",
    message="the row holds {what}; it is read as one system",
    hint="Give each system a row of its own.",
)
IDENTIFIER_RESERVED = Rule(
    code="REC054",
    severity=Severity.WARNING,
    title="Identifier with a reservation",
    message="the page says {words!r} of {value!r}; it is used, since no other one is endorsed",
    hint="Look for an official one before you publish the resource.",
)

PROPERTY_UNREADABLE = Rule(
    code="REC060",
    severity=Severity.WARNING,
    title="Property that can't be declared",
    message="the property {code!r} is not declared: {problem}",
    hint="Correct the page; a property needs a code and one of FHIR's types.",
    spec="https://hl7.org/fhir/R4/codesystem-definitions.html#CodeSystem.property",
)
FILTER_UNREADABLE = Rule(
    code="REC061",
    severity=Severity.WARNING,
    title="Filter that can't be declared",
    message="the filter {code!r} is not declared: {problem}",
    hint="Correct the page; a filter needs a code, operators, and a value.",
    spec="https://hl7.org/fhir/R4/codesystem-definitions.html#CodeSystem.filter",
)
CONTRADICTION = Rule(
    code="REC062",
    severity=Severity.WARNING,
    title="Statements that contradict",
    message="the page states {what} = {first} and {what} = {second}; neither is used",
    hint="Correct the page, or state it in the sidecar.",
)
DECLARATIONS_OF_WHICH = Rule(
    code="REC063",
    severity=Severity.WARNING,
    title="Declarations on a page of several systems",
    message="the page describes {count} systems, and it is not certain which of them has {what}; "
    "nothing is declared",
    hint="Give each system a page of its own.",
)

SIDECAR_CORRECTS = Rule(
    code="SID001",
    severity=Severity.WARNING,
    title="Sidecar corrects the page",
    message="{field}: the page says {stated!r}, the sidecar {value!r}",
    hint="Correct the page, then drop the line from the sidecar.{reason}",
)
SIDECAR_REPEATS = Rule(
    code="SID002",
    severity=Severity.INFORMATION,
    title="Sidecar repeats the page",
    message="{field}: the sidecar says what the page says already",
    hint="Drop the line from the sidecar.",
)
SIDECAR_COMPLETES = Rule(
    code="SID003",
    severity=Severity.INFORMATION,
    title="Sidecar completes the page",
    message="{field} = {value!r} is from the sidecar; the page states none",
    hint="Nothing to do.{reason}",
)

SIDECAR_INVALID = Rule(
    code="SID010",
    severity=Severity.ERROR,
    title="Sidecar that can't be used",
    message="{problem}",
    hint="Correct the sidecar; the documentation of sidecars lists all keys.",
)

URL_FROM_OID = Rule(
    code="RES001",
    severity=Severity.WARNING,
    title="URL made of the OID",
    message="no URI is {lacking}; CodeSystem.url is {url!r}",
    hint="State canonical_url in the sidecar if the system has one.",
    spec="https://hl7.org/fhir/R4/codesystem-definitions.html#CodeSystem.url",
)
CASE_ASSUMED = Rule(
    code="RES002",
    severity=Severity.INFORMATION,
    title="Case sensitivity assumed",
    message="{says}; caseSensitive = true is assumed",
    hint="State case_sensitive in the sidecar to settle it.",
)
DATE_ASSUMED = Rule(
    code="RES003",
    severity=Severity.WARNING,
    title="Date assumed",
    message="{says}; {date} ({source}) is used, since NamingSystem.date is required",
    hint="State date in the sidecar.",
    spec="https://hl7.org/fhir/R4/namingsystem-definitions.html#NamingSystem.date",
)
STATUS_ASSUMED = Rule(
    code="RES004",
    severity=Severity.INFORMATION,
    title="Status assumed",
    message="{says}; {status} is assumed",
    hint="State status in the sidecar or the configuration.",
)
NAME_CHANGED = Rule(
    code="RES005",
    severity=Severity.INFORMATION,
    title="Name made valid",
    message="{printed!r} is no valid FHIR name; {name!r} is used",
    hint="State name in the sidecar for another one.",
    spec="https://hl7.org/fhir/R4/codesystem-definitions.html#CodeSystem.name",
)
NO_PUBLISHER = Rule(
    code="RES006",
    severity=Severity.WARNING,
    title="No publisher",
    message="the page names no organisation that is responsible",
    hint="State publisher in the sidecar.",
)
DRAFT_ABSENT = Rule(
    code="RES007",
    severity=Severity.WARNING,
    title="Required element absent in a draft",
    message="{what} is required but not known; it says data-absent-reason unknown",
    hint="State it in the sidecar before you publish the resource.",
    spec="http://hl7.org/fhir/StructureDefinition/data-absent-reason",
)
NOT_WRITTEN = Rule(
    code="RES008",
    severity=Severity.ERROR,
    title="Invalid resource",
    message="{resource} is not written, as it would be no valid FHIR ({codes})",
    hint="Correct what these errors name, on the page, in its sidecar or in its code table.",
)
TEXT_CUT = Rule(
    code="RES009",
    severity=Severity.ERROR,
    title="Text too long",
    message="{what} has {length:,} characters; FHIR allows {limit:,}",
    hint="Shorten the text on the page or state it in the sidecar.",
    spec="https://hl7.org/fhir/R4/datatypes.html#string",
)

ID_CHANGED = Rule(
    code="RES010",
    severity=Severity.INFORMATION,
    title="Id made valid",
    message="{printed!r} is no valid id; {id!r} is used",
    hint="State an id of letters, digits, hyphens and dots in the sidecar.",
    spec="https://hl7.org/fhir/R4/datatypes.html#id",
)
SEVERAL_IN_ROLE = Rule(
    code="RES011",
    severity=Severity.INFORMATION,
    title="Several organisations in one role",
    message="{count} organisations are stated as {role}; {what} takes one, {first!r}",
    hint="All of them are contacts. State another one in the sidecar if the first is not the right one.",
)
NO_URL = Rule(
    code="RES012",
    severity=Severity.WARNING,
    title="No canonical URL",
    message="neither an endorsed URI nor an endorsed OID is stated; CodeSystem.url is left out",
    hint="State canonical_url in the sidecar.",
    spec="https://hl7.org/fhir/R4/codesystem-definitions.html#CodeSystem.url",
)

FILTER_OPERATOR = Rule(
    code="RES021",
    severity=Severity.WARNING,
    title="Operator that FHIR does not know",
    message="the filter {code!r} names the operator {operator!r}, which FHIR {version} does not have; "
    "it is left out",
    hint="Write one of FHIR's operators on the page.",
    spec="https://hl7.org/fhir/R4/valueset-filter-operator.html",
)
TYPE_AS_OTHER = Rule(
    code="RES023",
    severity=Severity.INFORMATION,
    title="Type of identifier that the release lacks",
    message="{value!r} is of type {type}, which FHIR {version} lacks; it is written as other, "
    "with an extension that says the type",
    hint="Nothing to do; R5 has the type.",
    spec="https://hl7.org/fhir/R5/valueset-namingsystem-identifier-type.html",
)
PREFERRED_TWICE_AS_OTHER = Rule(
    code="RES024",
    severity=Severity.WARNING,
    title="Preferred identifier of a type that the release lacks",
    message="{value!r} is the preferred one of type {type}, which FHIR {version} lacks; written as other, "
    "of which another one is preferred, it can't be preferred too",
    hint="Write R5, which has the type, to have it preferred.",
    spec="https://hl7.org/fhir/R4/namingsystem-definitions.html#NamingSystem.uniqueId.preferred",
)
VALUE_SET_KEPT_BACK = Rule(
    code="RES022",
    severity=Severity.INFORMATION,
    title="Value set of all codes in the description only",
    message="the page names {value!r} as value set of all codes; CodeSystem.valueSet is for complete "
    "content, so that it stands in the description",
    hint="Nothing to do; give the complete content, and state it to be complete, to have the element.",
    spec="https://hl7.org/fhir/R4/codesystem-definitions.html#CodeSystem.valueSet",
)
ID_TAKEN = Rule(
    code="RES020",
    severity=Severity.WARNING,
    title="Id of two systems",
    message="the id {id!r} is another system's on this page; {made!r} is used",
    hint="Correct the page if both are one system; an id changes when the page's order does, so state one.",
    spec="https://hl7.org/fhir/R4/datatypes.html#id",
)

SAME_FILE = Rule(
    code="OUT001",
    severity=Severity.ERROR,
    title="Two sources for one file",
    message="{file} would be written by {first} and by {second}; neither is written",
    hint="State a different id in the sidecar of one of them.",
)

DOCUMENT_JSON = Rule(
    code="DOC001",
    severity=Severity.ERROR,
    title="Not valid JSON",
    message="the file is no valid JSON: {problem}",
    hint="Correct it there; nothing of the file was checked.",
    spec="https://hl7.org/fhir/R4/json.html",
)
DOCUMENT_XML = Rule(
    code="DOC002",
    severity=Severity.ERROR,
    title="Not well-formed XML",
    message="the file is no well-formed XML: {problem}",
    hint="Correct it there; nothing of the file was checked.",
    spec="https://hl7.org/fhir/R4/xml.html",
)
DOCUMENT_ENCODING = Rule(
    code="DOC003",
    severity=Severity.ERROR,
    title="Not UTF-8",
    message="the file is not UTF-8: {problem}",
    hint="Save it as UTF-8, which FHIR asks for.",
    spec="https://hl7.org/fhir/R4/json.html",
)
DOCUMENT_NO_RESOURCE = Rule(
    code="DOC004",
    severity=Severity.ERROR,
    title="No FHIR resource",
    message="the file holds no FHIR resource: {problem}",
    hint="Give NamingSystem or CodeSystem resources, a Bundle of them, a FHIR package, or pages.",
    spec="https://hl7.org/fhir/R4/resource.html",
)
DOCUMENT_DEEP = Rule(
    code="DOC005",
    severity=Severity.ERROR,
    title="Nested too deeply",
    message="the file is nested more than {limit} deep",
    hint="No resource needs that; the file is damaged or hostile.",
)
DOCUMENT_RELEASE = Rule(
    code="DOC006",
    severity=Severity.WARNING,
    title="FHIR release not known",
    message="the package states FHIR {stated}, which is none of R4, R4B and R5; checked as {version}",
    hint="Say what to check against: --fhir-version, or fhir_version from Python.",
)
DOCUMENT_PACKAGE = Rule(
    code="DOC007",
    severity=Severity.ERROR,
    title="Damaged package",
    message="the file is no readable FHIR package: {problem}",
    hint="Build or download the package again.",
    spec="https://confluence.hl7.org/display/FHIR/NPM+Package+Specification",
)
DOCUMENT_BOM = Rule(
    code="DOC008",
    severity=Severity.WARNING,
    title="Byte order mark",
    message="the file begins with a byte order mark, which FHIR JSON does not allow",
    hint="Save it as UTF-8 without a byte order mark.",
    spec="https://hl7.org/fhir/R4/json.html",
)
DOCUMENT_NOTHING = Rule(
    code="DOC009",
    severity=Severity.INFORMATION,
    title="Nothing to check",
    message="the file holds no NamingSystem and no CodeSystem, but {others}",
    hint="Other resources are checked by HL7's validator.",
)
DOCUMENT_ENTRY = Rule(
    code="DOC010",
    severity=Severity.ERROR,
    title="Entry without a known resource",
    message="the resource of this entry was not checked: {problem}",
    hint="State a resourceType that FHIR has.",
    spec="https://hl7.org/fhir/R4/bundle.html",
)
DOCUMENT_LINK = Rule(
    code="DOC011",
    severity=Severity.INFORMATION,
    title="Link in a package",
    message="{name} is {kind} and not a file; it was left out",
    hint="Build the package with the file itself, if it is a resource.",
    spec="https://confluence.hl7.org/display/FHIR/NPM+Package+Specification",
)
TABLE_READ = Rule(
    code="TAB001",
    severity=Severity.INFORMATION,
    title="How a code table was read",
    message="{shape}: {columns}",
    hint="State [concepts.columns] in the sidecar if a column is something else.",
)
TABLE_UNKNOWN_COLUMN = Rule(
    code="TAB002",
    severity=Severity.INFORMATION,
    title="Column with an unknown header",
    message="the column {header!r} becomes the property {code}",
    hint="State in the sidecar what it is: [concepts.columns] '{header}' = 'designation:de', "
    "'property:{code}', 'ignored' or the like.",
)
TABLE_RAGGED = Rule(
    code="TAB003",
    severity=Severity.WARNING,
    title="Row of another length",
    message="{where} has {detail}",
    hint="Look for a delimiter too many or too few, or for quotes that are missing.",
)
TABLE_NO_CODE = Rule(
    code="TAB004",
    severity=Severity.WARNING,
    title="Row without a code",
    message="{where} has no code, and gives no concept",
    hint="Add the code, or remove the row.",
)
TABLE_SAME_ROW = Rule(
    code="TAB005",
    severity=Severity.WARNING,
    title="Row twice",
    message="code {code!r} stands in {where} with the same row already",
    hint="Remove one of them.",
)
TABLE_SAME_CODE = Rule(
    code="TAB006",
    severity=Severity.ERROR,
    title="Code twice with different rows",
    message="code {code!r} stands in {where} already; {header!r} is {mine!r} here and "
    "{other!r} there, which is the one used",
    hint="Correct one of the codes, or make the rows one.",
)
TABLE_ANOTHER_PARENT = Rule(
    code="TAB007",
    severity=Severity.INFORMATION,
    title="Row for another parent",
    message="code {code!r} stands in {where} with another parent; the concept has both",
    hint="Nothing, if the concept belongs to both.",
)
TABLE_CASE_ONLY = Rule(
    code="TAB008",
    severity=Severity.WARNING,
    title="Codes that differ by case only",
    message="code {code!r} differs from {other!r} in {where} by case only",
    hint="Make sure that they are different concepts; the code system is case sensitive.",
)
TABLE_CASE_SAME = Rule(
    code="TAB009",
    severity=Severity.ERROR,
    title="Codes that are the same without case",
    message="code {code!r} and {other!r} in {where} are the same code, as the code system "
    "is not case sensitive",
    hint="Correct one of the codes, or caseSensitive.",
)
TABLE_CODE_FORM = Rule(
    code="TAB010",
    severity=Severity.ERROR,
    title="Code that FHIR does not allow",
    message="code {code!r} in {where} has line ends, tabs or several blanks in a row",
    hint="Correct the code; FHIR allows single blanks only.",
)
TABLE_NO_DISPLAY = Rule(
    code="TAB011",
    severity=Severity.WARNING,
    title="Concept without display",
    message="code {code!r} has no display",
    hint="Add one, so that people know what the code means.",
)
TABLE_SWAPPED = Rule(
    code="TAB012",
    severity=Severity.WARNING,
    title="Display that is another's definition",
    message="the display of code {code!r} is the definition of code {other!r}",
    hint="Look whether a row has slipped.",
)
TABLE_NO_PARENT = Rule(
    code="TAB013",
    severity=Severity.ERROR,
    title="Unknown parent",
    message="the parent {detail!r} of code {code!r} is no code of this table",
    hint="Add the parent's row, or correct the parent.",
)
TABLE_CYCLE = Rule(
    code="TAB014",
    severity=Severity.ERROR,
    title="Hierarchy in a circle",
    message="code {code!r} stands below itself: {way}; its parent was left out",
    hint="Correct one of these parents.",
)
TABLE_SKIPPED = Rule(
    code="TAB015",
    severity=Severity.WARNING,
    title="Level skipped",
    message="code {code!r} skips a level: {detail}",
    hint="Look for a row that is missing above it, or correct the level.",
)
TABLE_NO_LEVEL = Rule(
    code="TAB016",
    severity=Severity.WARNING,
    title="Row without a level",
    message="code {code!r} has no level; that of the row above was taken",
    hint="Add the level.",
)
TABLE_NO_NUMBER = Rule(
    code="TAB017",
    severity=Severity.WARNING,
    title="Row without a number",
    message="code {code!r} has no number, and stands at the top",
    hint="Add the number.",
)
TABLE_SEVERAL_PARENTS = Rule(
    code="TAB018",
    severity=Severity.WARNING,
    title="Several parents",
    message="several parents are stated for {number:,} of the concepts, {code!r} for one; so the hierarchy "
    "is written as properties, not nested",
    hint="Nothing, or remove the other parents.",
)
TABLE_DEEP = Rule(
    code="TAB019",
    severity=Severity.WARNING,
    title="Hierarchy too deep to nest",
    message="the hierarchy has {levels} levels; with more than {limit} it is written as "
    "properties, not nested",
    hint="Nothing; readers give up on deeper nesting.",
)
TABLE_TYPE_DIFFERS = Rule(
    code="TAB020",
    severity=Severity.WARNING,
    title="Values of another type",
    message="{header!r} should be of type {stated}, but {value!r} in {where} {why}; it becomes a "
    "property of type {kind}",
    hint="Correct the values, or state another property in the sidecar.",
)
TABLE_MANGLED = Rule(
    code="TAB021",
    severity=Severity.WARNING,
    title="Code that a spreadsheet has changed",
    message="{where}: {detail}",
    hint="Format the column as text, and enter the codes again from their source.",
)
TABLE_MORE = Rule(
    code="TAB022",
    severity=Severity.INFORMATION,
    title="More of the same",
    message="{code} was found {number:,} times; only the first {most:,} are told",
    hint="Correct those, and convert again.",
)
TABLE_CONTENT_ASSUMED = Rule(
    code="TAB023",
    severity=Severity.INFORMATION,
    title="Content taken for a fragment",
    message="nothing says that the codes listed ({count:,}) are all; content is 'fragment'",
    hint='State content = "complete" in the sidecar ([concepts]) if they are.',
)
TABLE_NONE = Rule(
    code="TAB024",
    severity=Severity.ERROR,
    title="No code table",
    message="{source} has no code table: no row names a column of codes and one of displays or definitions",
    hint="Name the columns in the sidecar: [concepts.columns], 'their header' = 'code'.",
)
TABLE_UNREADABLE = Rule(
    code="TAB025",
    severity=Severity.ERROR,
    title="Code table that can't be read",
    message="{source} can't be read: {problem}",
    hint="Give CSV, TSV, .xlsx, or a CodeSystem as JSON or XML.",
)
TABLE_WITHHELD = Rule(
    code="TAB056",
    severity=Severity.WARNING,
    title="CodeSystem not written for want of its codes",
    message="no codes could be taken from {source}; the CodeSystem is not written, since it would say that "
    "there are none",
    hint="Correct what the error says of that file, or take it away; a CodeSystem of a former run stays as "
    "it is.",
)
TABLE_ON_PAGE_UNUSED = Rule(
    code="TAB026",
    severity=Severity.WARNING,
    title="Code table on the page not used",
    message="the page has a code table of its own; the concepts of {source} are used",
    hint="Remove one of them.",
)
TABLE_NOT_CHECKED = Rule(
    code="TAB027",
    severity=Severity.INFORMATION,
    title="Concepts checked as a table",
    message="with {count:,} concepts, the concepts were checked as a table, not as a resource",
    hint="`termsmith check` on the file checks all rules.",
)
TABLE_SEPARATE = Rule(
    code="TAB028",
    severity=Severity.WARNING,
    title="Code tables of different headings",
    message="the page has code tables under {headings}; they are joined to one code system",
    hint="State in the sidecar which belong together, by [[system]] and [system.concepts] heading, if they "
    "are several systems; by [concepts] heading or tables, if only some of the tables list its codes.",
)
TABLE_UNASSIGNED = Rule(
    code="TAB029",
    severity=Severity.ERROR,
    title="Code table of one of several systems",
    message="{what} lists codes, but the page describes {count} systems and nothing says to which it "
    "belongs; its concepts are in none of them",
    hint="List the systems in the sidecar by [[system]], and give the one that it belongs to "
    "[system.concepts] {key}.",
)
TABLE_NO_HEADING = Rule(
    code="TAB030",
    severity=Severity.ERROR,
    title="No such code table",
    message="the sidecar asks for the code table {wanted}; the page has {has}",
    hint="Give the heading as it stands on the page, or the number of the table.",
)
TABLE_NOT_WANTED = Rule(
    code="TAB031",
    severity=Severity.WARNING,
    title="Code table that no system has",
    message="{what} lists codes; by the sidecar it belongs to no system",
    hint="Nothing, if these are no codes of the systems; else name it in [system.concepts] or [concepts].",
)
TABLE_DENIED = Rule(
    code="TAB036",
    severity=Severity.WARNING,
    title="Code table on a page without codes",
    message="the page says that it lists none of the codes; the table {what} is not used",
    hint='State content = "fragment" or "complete" in the sidecar ([concepts]) if these are its codes.',
)
TABLE_UNDIVIDED = Rule(
    code="TAB032",
    severity=Severity.WARNING,
    title="Code table that copying has run together",
    message="{header!r} looks like the header of a code table, but the cells of its rows can't be told apart "
    "with certainty ({why}); its text is left over",
    hint="Save the page as HTML, or give the table as CSV beside the page: {stem}.concepts.csv.",
)
TABLE_PUT_TOGETHER = Rule(
    code="TAB033",
    severity=Severity.INFORMATION,
    title="Code table put together from lines",
    message="the lines below {header!r} are the {cells:,} cells of a code table with {rows:,} rows",
    hint="Compare the first and last concepts with the page.",
)
TABLE_PROMISED = Rule(
    code="TAB034",
    severity=Severity.WARNING,
    title="Codes that are not on the page",
    message="the page says that its content is {content!r}, but no code table was found on it",
    hint="Give the codes in a file: {stem}.concepts.csv, or [concepts] file in the sidecar.",
)
TABLE_WITHOUT_RESOURCE = Rule(
    code="TAB035",
    severity=Severity.WARNING,
    title="Codes without a code system",
    message="{source} lists codes ({count:,}), but kind is {kind!r}, so there is no CodeSystem for them",
    hint='State kind = "codesystem" in the sidecar if it is one.',
)
SERVER_RELEASE = Rule(
    code="SRV101",
    severity=Severity.ERROR,
    title="Another FHIR release than the server's",
    message="{resource} is of FHIR {release} ({reason}), the server speaks {server_release}; it was not sent",
    hint="Convert the page for {server_release} (--fhir-version of `convert`, `fhir_version` in "
    "termsmith.toml), or name a server of {release}.",
)
SERVER_NO_ID = Rule(
    code="SRV102",
    severity=Severity.ERROR,
    title="No id to upload by",
    message="{resource} has no id that a server takes; it was not sent",
    hint="Give it an id of at most 64 letters, digits, hyphens and dots, or upload with --by url.",
    spec="https://hl7.org/fhir/R4/datatypes.html#id",
)
SERVER_NO_URL = Rule(
    code="SRV103",
    severity=Severity.ERROR,
    title="Nothing to find a resource by",
    message="{resource} has no url (or a NamingSystem no uniqueId) to be found by there; it was not sent",
    hint="State it, or upload with --by id.",
)
SERVER_SAME_TARGET = Rule(
    code="SRV104",
    severity=Severity.ERROR,
    title="Two resources for one place",
    message="{resource} would be at the same place of the server as that of {others}; neither was sent",
    hint="Leave one of them out.",
)
SERVER_SEVERAL = Rule(
    code="SRV105",
    severity=Severity.ERROR,
    title="Several matches at the server",
    message="the server has {number} matches for {type}?{query}: {found}; nothing was sent",
    hint="Remove all but one there, or upload with --by id.",
    spec="https://hl7.org/fhir/R4/http.html#cond-update",
)
SERVER_CONTENT = Rule(
    code="SRV106",
    severity=Severity.ERROR,
    title="A record would replace real content",
    message="{resource} (content {content}, {concepts:,} concept(s)) would replace or hide {there} "
    "(content {there_content}, {there_concepts:,} concept(s)) of the server; it was not sent",
    hint="Upload the code system with its concepts; or, if the server's content shall go, say "
    "--replace-content.",
)
SERVER_FORM = Rule(
    code="SRV107",
    severity=Severity.ERROR,
    title="Form of the file is wrong",
    message="the form of {resource} is wrong ({codes}), so that servers may read it differently; "
    "it was not sent",
    hint="See where with `termsmith check`, and correct it.",
)
SERVER_FILE_CHANGED = Rule(
    code="SRV109",
    severity=Severity.ERROR,
    title="File changed meanwhile",
    message="{problem}",
    hint="Upload it again when nothing writes it.",
)
SERVER_PAGE = Rule(
    code="SRV110",
    severity=Severity.ERROR,
    title="A page, no resource",
    message="the file is no FHIR resource and no package; pages are not uploaded",
    hint="Convert it with `termsmith convert`, and upload what that writes.",
)
SERVER_OTHER_TYPES = Rule(
    code="SRV111",
    severity=Severity.INFORMATION,
    title="Other resources were not sent",
    message="{types} in the file: not sent",
    hint="Only NamingSystem, CodeSystem and ValueSet are uploaded.",
)
SERVER_OPEN = Rule(
    code="SRV112",
    severity=Severity.WARNING,
    title="Credentials without encryption",
    message="credentials went to {server} without encryption",
    hint="Use https, and change them if somebody may have listened.",
)
SERVER_ASKS_WHO = Rule(
    code="SRV201",
    severity=Severity.ERROR,
    title="The server does not know us (401)",
    message="{request}: {status}: the server does not accept who asks, and says: {said}",
    hint="Set TERMSMITH_TOKEN, or TERMSMITH_USER and TERMSMITH_PASSWORD, to what it knows; tokens expire.",
)
SERVER_FORBIDS = Rule(
    code="SRV202",
    severity=Severity.ERROR,
    title="The server forbids it (403)",
    message="{request}: {status}: the server does not allow this, and says: {said}",
    hint="Ask those who run it for the right to do so.",
)
SERVER_NOT_FOUND = Rule(
    code="SRV203",
    severity=Severity.ERROR,
    title="The server has no such place (404, 405, 410)",
    message="{request}: {status}: the server does not do this there, and says: {said}",
    hint="See in its /metadata whether it takes such resources and updates of them; check the URL.",
)
SERVER_CONFLICT = Rule(
    code="SRV204",
    severity=Severity.ERROR,
    title="Changed at the server meanwhile (409, 412)",
    message="{request}: {status}: it was changed at the server since it was compared, or clashes with "
    "something there; the server says: {said}",
    hint="Run it again: it then compares with what is there now.",
    spec="https://hl7.org/fhir/R4/http.html#concurrency",
)
SERVER_REFUSES = Rule(
    code="SRV205",
    severity=Severity.ERROR,
    title="The server refuses the resource (4xx)",
    message="{request}: {status}: the server refuses it, and says: {said}",
    hint="`termsmith check` finds most of what servers refuse; correct it and upload it again.",
)
SERVER_FAILS = Rule(
    code="SRV206",
    severity=Severity.ERROR,
    title="The server fails (429, 5xx)",
    message="{request}: {status}: the server fails, and says: {said}",
    hint="Try later, or tell those who run it; nothing but this resource is concerned.",
)
SERVER_NO_ANSWER = Rule(
    code="SRV207",
    severity=Severity.ERROR,
    title="No answer",
    message="the server did not answer ({attempts} attempt(s)): {problem}",
    hint="See whether it runs; large code systems may need a longer --timeout.",
)
SERVER_NONSENSE = Rule(
    code="SRV208",
    severity=Severity.ERROR,
    title="Not the answer of a FHIR server",
    message="{request}: {status}, but the answer is {said} and not that to {expected}",
    hint="Something else may answer in its place, such as a login page or a proxy. Look at what is there.",
)
SERVER_REDIRECTS = Rule(
    code="SRV209",
    severity=Severity.ERROR,
    title="The server sends us elsewhere",
    message="the server redirects ({status}) to {target}; that is not followed",
    hint="Give that URL, if it is the server that you mean.",
)
SERVER_NOT_TRIED = Rule(
    code="SRV210",
    severity=Severity.ERROR,
    title="Given up",
    message="{resource} was not tried: {number} resources in a row got no answer that the next would not get",
    hint="Correct what is said of those; what was sent before stays, and is not sent again.",
)
TABLE_NO_HIERARCHY = Rule(
    code="TAB037",
    severity=Severity.INFORMATION,
    title="Levels or numbers that tell no hierarchy",
    message="the column {header!r} is not what the hierarchy is taken from; it becomes the property {code}",
    hint="State '{header}' = 'ignored' in the sidecar ([concepts.columns]) if nobody needs it.",
)
TABLE_NO_CHILD = Rule(
    code="TAB038",
    severity=Severity.ERROR,
    title="Unknown child",
    message="the child {detail!r} of code {code!r} is no code of this table",
    hint="Add the child's row, or correct the child.",
)
TABLE_QUOTES = Rule(
    code="TAB039",
    severity=Severity.WARNING,
    title="Quotes that do not match",
    message="{where}: {detail}; the quotes of this row are taken as text",
    hint='Put a cell in quotes as a whole, and double the quotes within: "5"" tube".',
)
TABLE_CHARACTERS = Rule(
    code="TAB040",
    severity=Severity.WARNING,
    title="Characters that are lost or not allowed",
    message="{where}: {detail}",
    hint="Save the table as UTF-8 from its source, and look at the cell.",
)
TABLE_FORMULA = Rule(
    code="TAB041",
    severity=Severity.WARNING,
    title="Formula without its result",
    message="{where}: {detail}",
    hint="Open the workbook in a spreadsheet program, which calculates it, and save it.",
)
TABLE_HIDDEN = Rule(
    code="TAB042",
    severity=Severity.INFORMATION,
    title="Hidden rows, columns or sheet",
    message="{detail}",
    hint="Remove what should not be published; hidden cells are read like all others.",
)
TABLE_STRUCK_OUT = Rule(
    code="TAB053",
    severity=Severity.WARNING,
    title="Struck-out cells",
    message="{where}: {detail}",
    hint="Cells of a workbook are read struck out or not: remove the row if its code is no longer valid.",
)
TABLE_NOTE_MARK = Rule(
    code="TAB054",
    severity=Severity.WARNING,
    title="Raised number behind a code",
    message="{where}: {detail}",
    hint="If it is the mark of a note, give the code list in a file beside the page, without it.",
)
TABLE_OTHER_SHEETS = Rule(
    code="TAB043",
    severity=Severity.WARNING,
    title="Code tables on other sheets",
    message="{detail}",
    hint='State sheet = "its name" in the sidecar ([concepts]) if another is meant.',
)
TABLE_EMPTY = Rule(
    code="TAB044",
    severity=Severity.ERROR,
    title="Code table without codes",
    message="{source} has a code table, but no code in it",
    hint="Add rows below the header.",
)
TABLE_ELEMENT_REPLACED = Rule(
    code="TAB045",
    severity=Severity.WARNING,
    title="Element of the CodeSystem replaced",
    message="{what} is {old} in {source}; {new} is written",
    hint="Correct the page, its sidecar or the CodeSystem, so that they say the same.",
)
TABLE_ELEMENT_LOST = Rule(
    code="TAB046",
    severity=Severity.WARNING,
    title="Element of the CodeSystem not written",
    message="{what} of {source} is not written: {why}",
    hint="Look whether anybody needs it.",
)
TABLE_OTHER_FILES = Rule(
    code="TAB048",
    severity=Severity.WARNING,
    title="Several files of concepts",
    message="{others} stands beside the page too; only {source} is read",
    hint="Name the one that is meant in the sidecar: [concepts] file = '...', or remove the others.",
)
TABLE_NO_VALUE_SET = Rule(
    code="TAB049",
    severity=Severity.ERROR,
    title="Value set of all codes without its URL",
    message="all_codes_value_set asks for a ValueSet, but {why}",
    hint='State its URL in the sidecar: [concepts] value_set = "http://...".',
)
TABLE_NO_COLUMN = Rule(
    code="TAB050",
    severity=Severity.WARNING,
    title="Column of the sidecar not found",
    message="the sidecar says what the column {header!r} is, but {source} has no such column",
    hint="Write the header as it stands in the table; it has {headers}.",
)
TABLE_TEXT_EMPTY = Rule(
    code="TAB051",
    severity=Severity.INFORMATION,
    title="Cell filled with nothing",
    message="{header!r} of code {code!r} is {text!r}, which is no text; it is left out",
    hint="Write the text that belongs there, or leave the cell empty.",
)
TABLE_TEXT_DOUBTFUL = Rule(
    code="TAB052",
    severity=Severity.INFORMATION,
    title="Cell that may stand for nothing",
    message="{header!r} of code {code!r} is {text!r}; it is kept, though it may say that there is no text",
    hint="Leave the cell empty if there is no text.",
)
INTERNAL = Rule(
    code="INT001",
    severity=Severity.ERROR,
    title="Internal error",
    message="internal error: {kind}: {problem} ({where})",
    hint="This is a fault of termsmith. Please report it, with the page if you may share it.",
)

RULES: tuple[Rule, ...] = tuple(
    sorted((value for value in globals().values() if isinstance(value, Rule)), key=lambda r: r.code)
)
"""All rules by code."""
