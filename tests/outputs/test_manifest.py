"""The manifest as a whole."""

from __future__ import annotations

import io

from termsmith import catalogue
from termsmith.errors import SourceError
from termsmith.model.place import Place
from termsmith.model.result import Fate, Piece
from termsmith.outputs.files import ResourceFile
from termsmith.outputs.manifest import Afterwards, ManifestDraft
from termsmith.outputs.results import PageResult

PLACE = Place(source="a.html", line=3, column=5, table=1, row=2, cell=1)
RESULT = PageResult(
    source="a.html",
    dialect="D2",
    files=(ResourceFile(type="CodeSystem", id="a", name="CodeSystem-a.json", data=b"{}\n"),),
    findings=(
        catalogue.LABEL_MISSPELT.found(place=PLACE, printed="Nmae", label="Name"),
        catalogue.STATUS_ASSUMED.found(
            element="NamingSystem.status", says="the page states no status", status="draft"
        ),
    ),
    counts={"used": 1, "leftover": 1},
    leftovers=(Piece(start=0, end=4, text="Größe", fate=Fate.LEFTOVER, place=PLACE),),
)
UNREADABLE = PageResult(source="b.txt", error=SourceError("SRC002", "b.txt: can't be read", "Look."))


def written(*results: PageResult, **withheld: str) -> str:
    names = {key.replace("_", "."): value for key, value in withheld.items()}
    with ManifestDraft() as draft:
        for result in results:
            draft.add(result)
        file = io.BytesIO()
        draft.write(
            file,
            fhir_version="R4",
            after=Afterwards(
                withheld=frozenset(names),
                findings={
                    source: [catalogue.SAME_FILE.found(file=name, first="a.html", second="b.txt")]
                    for source, name in names.items()
                },
            ),
        )
    return file.getvalue().decode()


def test_a_manifest_states_all_of_a_source() -> None:
    assert (
        written(RESULT, UNREADABLE)
        == """\
{
  "fhirVersion": "R4",
  "sources": [
    {
      "source": "a.html",
      "dialect": "D2",
      "resources": [
        {
          "type": "CodeSystem",
          "id": "a",
          "file": "CodeSystem-a.json",
          "sha256": "ca3d163bab055381827226140568f3bef7eaac187cebd76878e0b63e9e442356"
        }
      ],
      "findings": [
        {
          "code": "REC001",
          "severity": "warning",
          "message": "'Nmae' was read as the label 'Name'",
          "hint": "Correct the page if that is what it means.",
          "place": {
            "source": "a.html",
            "line": 3,
            "column": 5,
            "table": 1,
            "row": 2,
            "cell": 1
          }
        },
        {
          "code": "RES004",
          "severity": "information",
          "message": "the page states no status; draft is assumed",
          "hint": "State status in the sidecar or the configuration.",
          "element": "NamingSystem.status"
        }
      ],
      "coverage": {
        "counts": {
          "used": 1,
          "leftover": 1
        },
        "leftovers": [
          {
            "text": "Größe",
            "place": {
              "source": "a.html",
              "line": 3,
              "column": 5,
              "table": 1,
              "row": 2,
              "cell": 1
            }
          }
        ]
      }
    },
    {
      "source": "b.txt",
      "resources": [],
      "findings": [],
      "coverage": {
        "counts": {},
        "leftovers": []
      },
      "error": {
        "code": "SRC002",
        "message": "b.txt: can't be read",
        "hint": "Look."
      }
    }
  ]
}
"""
    )


def test_files_that_are_not_written_are_not_listed() -> None:
    text = written(RESULT, a_html="CodeSystem-a.json")
    assert '"resources": [],' in text
    assert '"code": "OUT001",' in text


def test_a_run_without_sources_has_a_manifest_too() -> None:
    assert written() == '{\n  "fhirVersion": "R4",\n  "sources": []\n}\n'
