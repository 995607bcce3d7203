"""Write docs/schemas/*.json, the schemas of files that people write: ``python tools/make_schemas.py``."""

from __future__ import annotations

from pathlib import Path

from termsmith.outputs.files import render_json
from termsmith.schemas import SCHEMAS, schema_of

FOLDER = Path(__file__).parent.parent / "docs" / "schemas"

if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name in SCHEMAS:
        (FOLDER / f"{name}.json").write_bytes(render_json(schema_of(name)))
