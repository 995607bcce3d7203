"""Upload to a real server and ask it: ``python tests/e2e/server.py [R4] [R5]`` (or ``make e2e-server``).

The server is HAPI FHIR's JPA server from Maven Central with a database in memory, once for R4 and once for R5.
Java 17 and Maven must be there; where they are not, this says so and ends with status 77 (skipped), or 1 where CI is
set. The first run fetches about 300 MB into Maven's repository.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

import httpx

sys.path.insert(0, str(Path(__file__).parent))

from steps import missing, without

import termsmith

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

_PROJECT: Final = Path(__file__).parent / "server"
_TARGET: Final = _PROJECT / "target"
_BUILD_SECONDS: Final = 900
_START_SECONDS: Final = 600
_ANSWER_SECONDS: Final = 120
_INDEXED_SECONDS: Final = 90
_RELEASES: Final = ("R4", "R5")
_TEA: Final = "http://tea.example/CodeSystem/grades"
_COMMAND: Final = [sys.executable, "-m", "termsmith", "upload"]


class FailureError(Exception):
    """The server, or the upload, did something else than it should."""


def main() -> int:
    """Run all steps for R4 and R5; return the exit status."""
    lack = missing("java", "mvn")
    if lack:
        return without(lack, "the upload to a real server")
    signal.signal(signal.SIGTERM, _end)
    started = time.monotonic()
    try:
        _timed("building the server", _build)
        for release in sys.argv[1:] or _RELEASES:
            with _server(release) as url:
                _Steps(url, release).run()
    except (FailureError, subprocess.TimeoutExpired, httpx.HTTPError) as error:
        print(f"FAILED: {error}", file=sys.stderr)
        return 1
    print(f"all steps passed in {time.monotonic() - started:.0f} s")
    return 0


def _end(_number: int, _frame: FrameType | None) -> None:
    """Leave in an orderly way, so that the server is stopped."""
    sys.exit(143)


def _build() -> None:
    command = ["mvn", "--quiet", "--batch-mode", "--file", str(_PROJECT / "pom.xml"), "compile"]
    built = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_BUILD_SECONDS)
    if built.returncode:
        raise FailureError(f"Maven failed:\n{built.stdout}{built.stderr}")


@contextmanager
def _server(release: str) -> Iterator[str]:
    """Give the URL of a server that runs, and stop it whatever happens."""
    classpath = os.pathsep.join(
        [str(_TARGET / "classes"), (_TARGET / "classpath").read_text(encoding="utf-8")]
    )
    with tempfile.TemporaryDirectory(prefix="e2e-server-") as scratch:
        port, log = Path(scratch, "port"), Path(scratch, "log")
        command = ["java", "-Xmx1g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", classpath]
        with log.open("wb") as written:
            # The server stops when its standard input is closed, so it does not outlive us even when we are killed.
            process = subprocess.Popen(
                [*command, "termsmith.e2e.Server", release, str(port)],
                stdin=subprocess.PIPE,
                stdout=written,
                stderr=subprocess.STDOUT,
                cwd=scratch,
            )
        try:
            _timed(f"starting the {release} server", lambda: _wait_for(process, port, log))
            print(f"  {log.read_text(encoding='utf-8', errors='replace').strip().splitlines()[-1]}")
            yield f"http://127.0.0.1:{port.read_text(encoding='ascii')}/fhir"
        finally:
            process.kill()
            process.wait()
            if process.stdin is not None:
                process.stdin.close()


def _wait_for(process: subprocess.Popen[bytes], port: Path, log: Path) -> None:
    until = time.monotonic() + _START_SECONDS
    while not port.exists():
        if process.poll() is not None or time.monotonic() > until:
            tail = log.read_text(encoding="utf-8", errors="replace")[-3000:]
            raise FailureError(f"the server did not start within {_START_SECONDS} s:\n{tail}")
        time.sleep(0.2)


def _timed(what: str, action: Any) -> None:
    started = time.monotonic()
    action()
    print(f"{what}: {time.monotonic() - started:.1f} s", flush=True)


class _Steps:
    """What is uploaded to one server, and what it must answer then."""

    def __init__(self, url: str, release: str) -> None:
        self.url, self.release = url, release
        self.http = httpx.Client(base_url=url, timeout=_ANSWER_SECONDS, trust_env=False)

    def run(self) -> None:
        with self.http, tempfile.TemporaryDirectory(prefix="e2e-upload-") as scratch:
            folder = Path(scratch)
            for step in (
                self.first_upload,
                self.answers,
                self.second_upload,
                self.change,
                self.guard,
                self.conflict,
                self.by_url,
                self.converted_pages,
                self.wrong_release,
                self.refusal,
            ):
                _timed(f"{self.release} {step.__name__.replace('_', ' ')}", lambda: step(folder))  # noqa: B023

    def first_upload(self, folder: Path) -> None:
        """Send everything at once, in whatever order it lies there."""
        main = folder / "main"
        main.mkdir()
        _write(main / "1-value-set.json", _value_set())
        _write(main / "2-supplement.json", _supplement())
        _write(main / "3-code-system.json", _code_system())
        (main / "4-naming-system.xml").write_text(_naming_system_xml(self.release), encoding="utf-8")
        dry = self.upload(main, "--dry-run")
        _same(dry["counts"], {"new": 4, "changed": 0, "unchanged": 0, "failed": 0}, "a dry run")
        _same(self.http.get("/CodeSystem/grades").status_code, 404, "a dry run sent something")
        done = self.upload(main)
        _same(
            [f"{each['type']}/{each['id']} {each['state']}" for each in done["resources"]],
            [
                "NamingSystem/grades-record new",
                "CodeSystem/grades new",
                "CodeSystem/grades-de new",
                "ValueSet/all-grades new",
            ],
            "the order of the upload",
        )

    def answers(self, _folder: Path) -> None:
        """Ask what a terminology server is for."""
        found = self.parameters("CodeSystem/$lookup", system=_TEA, code="OP")
        _same((found["display"], found["name"]), ("Orange Pekoe", "TeaGrades"), "$lookup")
        inner = self.parameters("CodeSystem/$lookup", system=_TEA, code="TGFOP")
        _same(inner["display"], "Tippy Golden Flowery Orange Pekoe", "$lookup of a nested concept")
        missing = self.http.get("/CodeSystem/$lookup", params={"system": _TEA, "code": "XX"})
        _same(missing.status_code, 404, "$lookup of an unknown code")
        for code, display, expected in (
            ("OP", None, True),
            ("OP", "Orange Pekoe", True),
            ("TGFOP", None, True),
            ("XX", None, False),
            ("op", None, False),
        ):
            asked = {"url": _TEA, "code": code, **({} if display is None else {"display": display})}
            result = self.parameters("CodeSystem/$validate-code", **asked)["result"]
            _same(result, expected, f"$validate-code of {code} {display or ''}")
        self.until(
            lambda: self.parameters(
                "ValueSet/$validate-code",
                url="http://tea.example/ValueSet/all-grades",
                code="OP",
                system=_TEA,
            ).get("result"),
            True,  # noqa: FBT003  what is expected
            "$validate-code in the value set",
        )
        searches = [{"value": _TEA}, {"value:exact": _TEA}, {"value": "1.2.3.4.5"}]
        if self.release == "R5":
            searches.append({"url": "http://tea.example/NamingSystem/grades"})
        for parameters in searches:
            ids = self.found("NamingSystem", **parameters)
            _same(ids, ["grades-record"], f"the search of naming systems by {parameters}")
        _same(
            self.found("NamingSystem", value="http://tea.example/other"), [], "the search for another value"
        )

    def second_upload(self, folder: Path) -> None:
        """Send the same again: nothing may be sent."""
        again = self.upload(folder / "main")
        _same(again["counts"], {"new": 0, "changed": 0, "unchanged": 4, "failed": 0}, "a second upload")
        version = self.http.get("/CodeSystem/grades").json()["meta"]["versionId"]
        _same(version, "1", "the version at the server after a second upload")

    def change(self, folder: Path) -> None:
        """Send a concept more."""
        made = _code_system()
        made["concept"].append({"code": "D", "display": "Dust"})
        made["title"] = "Grades of Tea"
        file = _write(folder / "changed.json", made)
        done = self.upload(file)
        (one,) = done["resources"]
        _same(
            [f"{each['element']} {each['sign']}: {each['detail']}" for each in one["differences"]],
            ['title changed: "Tea Grades" -> "Grades of Tea"', "concept changed: 1 new (D)"],
            "the differences",
        )
        self.until(
            lambda: self.parameters("CodeSystem/$validate-code", url=_TEA, code="D")["result"],
            True,  # noqa: FBT003  as above
            "$validate-code of a new concept",
        )

    def guard(self, folder: Path) -> None:
        """A record without the concepts replaces nothing, under the same id or another."""
        for name, changes in (("same", {}), ("other", {"id": "grades-record", "version": "9"})):
            record = {**_code_system(), "content": "not-present", **changes}
            del record["concept"]
            for how in ((), ("--by", "url")):
                done = self.upload(_write(folder / f"{name}.json", record), *how, status=1)
                _same(_codes(done), ["SRV106"], f"the guard of content ({name} {' '.join(how)})")
        result = self.parameters("CodeSystem/$validate-code", url=_TEA, code="OP")["result"]
        _same(result, True, "$validate-code after refused records")  # noqa: FBT003  as above

    def conflict(self, _folder: Path) -> None:
        """What the server does with If-Match that is out of date is what we read as a conflict."""
        made = {**_code_system(), "title": "Somebody else"}
        headers = {"If-Match": 'W/"1"', "Content-Type": "application/fhir+json"}
        answer = self.http.put("/CodeSystem/grades", content=json.dumps(made), headers=headers)
        if answer.status_code not in {409, 412}:
            raise FailureError(f"an outdated If-Match was answered with {answer.status_code}")

    def by_url(self, folder: Path) -> None:
        """The server gives the ids."""
        made = {**_code_system(), "id": "ours", "url": "http://tea.example/CodeSystem/cups", "version": "1"}
        names = _naming_system(self.release, "http://tea.example/CodeSystem/cups", "ours")
        files = [_write(folder / "cups.json", made), _write(folder / "cups-record.json", names)]
        first = self.upload(*files, "--by", "url")
        _same(first["counts"]["new"], 2, "the first upload by URL")
        _same(self.http.get("/CodeSystem/ours").status_code, 404, "our id at the server")
        (there,) = self.found("CodeSystem", url=made["url"])
        _same(first["resources"][1]["location"], f"CodeSystem/{there}", "the place that was told")
        again = self.upload(*files, "--by", "url")
        _same(again["counts"]["unchanged"], 2, "the second upload by URL")
        _write(files[0], {**made, "title": "Cups"})
        changed = self.upload(*files, "--by", "url")
        _same(changed["counts"], {"new": 0, "changed": 1, "unchanged": 1, "failed": 0}, "a change by URL")
        _same(self.http.get(f"/CodeSystem/{there}").json()["title"], "Cups", "the title at the server")
        # HAPI takes no second code system of one URL and version, but it does take a second naming system.
        twin = self.http.post(
            "/NamingSystem", json={name: each for name, each in names.items() if name != "id"}
        )
        _same(twin.status_code, 201, "the answer to a second naming system")
        several = self.upload(files[1], "--by", "url", status=1)
        _same(_codes(several), ["SRV105"], "several matches")

    def converted_pages(self, folder: Path) -> None:
        """What `termsmith convert` writes goes there whole."""
        pages = Path(__file__).parent.parent.parent / "input"
        out = folder / "out"
        command = [sys.executable, "-m", "termsmith", "convert", str(pages), "-o", str(out)]
        command += ["--fhir-version", self.release]
        converted = subprocess.run(command, capture_output=True, text=True, check=False)
        number = len(list(out.glob("*.json")))
        if converted.returncode or not number:
            raise FailureError(f"the sample pages were not converted:\n{converted.stderr}")
        done = self.upload(out)
        _same(done["counts"]["new"], number, "the upload of converted pages")
        again = self.upload(out)
        _same(again["counts"]["unchanged"], number, "the second upload of converted pages")
        print(f"  {number} resources of the sample pages")
        for file in sorted(out.glob("CodeSystem-*.json")):
            resource = json.loads(file.read_text(encoding="utf-8"))
            for concept in resource.get("concept", [])[:1]:
                self.display(resource["url"], concept["code"], concept["display"])

    def display(self, system: str, code: str, expected: str) -> None:
        """Look a code up."""
        self.until(
            lambda: self.parameters("CodeSystem/$lookup", system=system, code=code)["display"],
            expected,
            f"$lookup of {code} in {system}",
        )

    def wrong_release(self, folder: Path) -> None:
        """A resource of another release is not sent."""
        other = "R5" if self.release == "R4" else "R4"
        made = _naming_system(other, "http://tea.example/wrong", "wrong")
        done = self.upload(_write(folder / "wrong.json", made), "--fhir-version", other, status=1)
        _same(_codes(done), ["SRV101"], "a resource of another release")

    def refusal(self, folder: Path) -> None:
        """What the server refuses is a finding with its words."""
        made = {**_code_system(), "id": "123", "url": "http://tea.example/CodeSystem/numbers"}
        done = self.upload(_write(folder / "numbers.json", made), status=1)
        (finding,) = done["resources"][0]["findings"]
        _same((finding["code"], "HAPI-" in finding["message"]), ("SRV205", True), "what the server refuses")
        print(f"  {finding['message']}")

    def upload(self, *arguments: Path | str, status: int = 0) -> Any:
        """Run the command; return its report."""
        command = [*_COMMAND, self.url, *map(str, arguments), "--format", "json"]
        ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
        if ended.returncode != status:
            raise FailureError(f"the upload ended with {ended.returncode}:\n{ended.stdout}\n{ended.stderr}")
        return json.loads(ended.stdout)

    def parameters(self, operation: str, **asked: str) -> dict[str, Any]:
        """Ask for an operation; return its simple parameters."""
        answer = self.http.get(f"/{operation}", params=asked).json()
        if answer["resourceType"] != "Parameters":
            raise FailureError(f"{operation}?{urlencode(asked)} was answered with {json.dumps(answer)[:500]}")
        return {
            each["name"]: value
            for each in answer["parameter"]
            for name, value in each.items()
            if name.startswith("value")
        }

    def found(self, kind: str, **asked: str) -> list[str]:
        """Search; return the ids."""
        bundle = self.http.get(f"/{kind}", params=asked, headers={"Cache-Control": "no-cache"}).json()
        return sorted(entry["resource"]["id"] for entry in bundle.get("entry", []))

    @staticmethod
    def until(ask: Any, expected: object, what: str) -> None:
        """Ask until the answer is right; HAPI indexes some concepts a few seconds later."""
        until = time.monotonic() + _INDEXED_SECONDS
        while True:
            try:
                answer = ask()
            except FailureError as error:
                answer = error
            if answer == expected or time.monotonic() > until:
                break
            time.sleep(1)
        _same(answer, expected, what)


def _same(found: object, expected: object, what: str) -> None:
    if found != expected:
        raise FailureError(f"{what}: {found!r} instead of {expected!r}")


def _codes(report: Any) -> list[str]:
    return [finding["code"] for each in report["resources"] for finding in each["findings"]]


def _write(path: Path, data: Any) -> Path:
    path.write_text(json.dumps(data, indent=2), encoding="utf-8")
    return path


def _code_system() -> dict[str, Any]:
    return {
        "resourceType": "CodeSystem",
        "id": "grades",
        "meta": {"profile": ["http://hl7.org/fhir/StructureDefinition/shareablecodesystem"]},
        "text": {"status": "generated", "div": '<div xmlns="http://www.w3.org/1999/xhtml">Tea</div>'},
        "url": _TEA,
        "version": "1",
        "name": "TeaGrades",
        "title": "Tea Grades",
        "status": "active",
        "experimental": False,
        "publisher": "Tea Board",
        "description": "Grades of tea; é, ☕ and “quotes”.",
        "caseSensitive": True,
        "content": "complete",
        "property": [{"code": "share", "type": "decimal"}],
        "concept": [
            {
                "code": "OP",
                "display": "Orange Pekoe",
                "definition": "Long leaves.",
                "designation": [{"language": "de", "value": "Orange Pekoe (lang)"}],
                "concept": [
                    {
                        "code": "FOP",
                        "display": "Flowery Orange Pekoe",
                        "concept": [{"code": "TGFOP", "display": "Tippy Golden Flowery Orange Pekoe"}],
                    }
                ],
            },
            {
                "code": "BOP",
                "display": "Broken Orange Pekoe",
                "property": [{"code": "share", "valueDecimal": 1.5}],
            },
        ],
    }


def _supplement() -> dict[str, Any]:
    return {
        "resourceType": "CodeSystem",
        "id": "grades-de",
        "url": "http://tea.example/CodeSystem/grades-de",
        "name": "TeaGradesDe",
        "status": "active",
        "content": "supplement",
        "supplements": _TEA,
        "concept": [{"code": "BOP", "designation": [{"language": "de", "value": "Gebrochen"}]}],
    }


def _value_set() -> dict[str, Any]:
    return {
        "resourceType": "ValueSet",
        "id": "all-grades",
        "url": "http://tea.example/ValueSet/all-grades",
        "name": "AllTeaGrades",
        "status": "active",
        "compose": {"include": [{"system": _TEA}]},
    }


def _naming_system(release: str, identifies: str, name: str) -> dict[str, Any]:
    of_r5 = {"url": f"http://tea.example/NamingSystem/{name}"} if release == "R5" else {}
    return {
        "resourceType": "NamingSystem",
        "id": name,
        **of_r5,
        "name": name.title(),
        "status": "active",
        "kind": "codesystem",
        "date": "2026-01-01",
        "uniqueId": [{"type": "uri", "value": identifies, "preferred": True}],
    }


def _naming_system_xml(release: str) -> str:
    url = '<url value="http://tea.example/NamingSystem/grades"/>' if release == "R5" else ""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<NamingSystem xmlns="http://hl7.org/fhir">'
        f'<id value="grades-record"/>{url}<name value="TeaGrades"/><status value="active"/>'
        '<kind value="codesystem"/><date value="2026-01-01"/>'
        f'<uniqueId><type value="uri"/><value value="{_TEA}"/><preferred value="true"/></uniqueId>'
        '<uniqueId><type value="oid"/><value value="1.2.3.4.5"/></uniqueId></NamingSystem>\n'
    )


if __name__ == "__main__":
    print(f"termsmith {termsmith.__version__}, Python {sys.version.split()[0]}, httpx {httpx.__version__}")
    sys.exit(main())
