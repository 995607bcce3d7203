"""Word documents made by hand."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def archive(parts: dict[str, str]) -> bytes:
    """Return a zip archive."""
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return stream.getvalue()


def document(body: str, **others: str) -> bytes:
    """Return a document with this body; others are ``styles``, ``numbering`` and ``links``."""
    names = {
        "styles": "word/styles.xml",
        "numbering": "word/numbering.xml",
        "links": "word/_rels/document.xml.rels",
    }
    main = f'<w:document xmlns:w="{MAIN}" xmlns:r="{RELATIONSHIPS}"><w:body>{body}</w:body></w:document>'
    return archive({"word/document.xml": main, **{names[name]: part for name, part in others.items()}})


def paragraph(text: str, properties: str = "") -> str:
    """Return a paragraph of one run."""
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"
