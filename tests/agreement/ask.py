"""Ask HL7's validator about the whole corpus, and store its answers: ``python tests/agreement/ask.py``."""

from __future__ import annotations

import gzip
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from corpus.generate import beside, corpus, fingerprint
from validate import validate

STORED = Path(__file__).parent / "answers.json.gz"


def main() -> None:
    """Store the answers: severity, id and path of each issue, and the text of those without an id."""
    with tempfile.TemporaryDirectory(prefix="agreement-") as name:
        folder = Path(name)
        for case in corpus():
            file = folder / case.name
            file.parent.mkdir(exist_ok=True)
            file.write_bytes(case.data)
        (folder / "beside").mkdir()
        for number, resource in enumerate(beside()):
            (folder / "beside" / f"{number:02}.json").write_text(json.dumps(resource), encoding="utf-8")
        asked: dict[str, Any] = dict(validate(folder))
    asked["corpus"] = fingerprint()
    asked["answers"] = {
        resource: {mode: [_short(issue) for issue in issues] for mode, issues in modes.items()}
        for resource, modes in sorted(asked["answers"].items())
    }
    text = json.dumps(asked, ensure_ascii=False, indent=0, sort_keys=True)
    STORED.write_bytes(gzip.compress(text.encode(), mtime=0))


def _short(issue: dict[str, Any]) -> dict[str, Any]:
    kept = {name: issue[name] for name in ("severity", "id", "path") if issue.get(name)}
    return kept if "id" in kept else kept | {"message": issue.get("message", "")}


if __name__ == "__main__":
    main()
