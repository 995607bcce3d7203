from __future__ import annotations

from records.pages import conversion_of, rows_of, told

SYSTEMS = (
    '[[system]]\ntitle = "A"\ncanonical_url = "http://tea.example/a"\n'
    '[[system]]\ntitle = "B"\ncanonical_url = "http://tea.example/b"\n'
)


def test_what_no_system_of_the_sidecar_takes_is_left_over_or_contradicted() -> None:
    assert told(conversion_of(rows_of(), SYSTEMS)) == [
        ("REC002", "left over: 'TG' (stands after 'Short name of the code system' and is not used)"),
        ("REC002", "left over: '2.999.1' (stands after 'HTA-endorsed OID' and is not used)"),
        ("SID001", "title: the page says 'Tea Grades', the sidecar 'A'"),
        (
            "SID001",
            "canonical_url: the page says 'http://tea.example/cs', the sidecar 'http://tea.example/a'",
        ),
        ("SID001", "title: the page says 'Tea Grades', the sidecar 'B'"),
        (
            "SID001",
            "canonical_url: the page says 'http://tea.example/cs', the sidecar 'http://tea.example/b'",
        ),
    ]


def test_what_one_system_takes_contradicts_no_other() -> None:
    sidecar = SYSTEMS.replace('"A"', '"Tea Grades"').replace("example/a", "example/cs")
    codes = [code for code, _ in told(conversion_of(rows_of(), sidecar))]
    assert codes == ["REC002", "REC002", "SID003", "SID003"]


def test_other_identifiers_of_the_page_go_to_the_system_that_states_them() -> None:
    sidecar = SYSTEMS + 'other_oids = ["2.999.1", "2.999.7"]\n'
    conversion = conversion_of(rows_of(), sidecar)
    (second,) = [
        each.data for each in conversion.resources if each.id == "B-CS" and each.type == "NamingSystem"
    ]
    assert [(each["value"], each.get("preferred")) for each in second["uniqueId"]] == [
        ("http://tea.example/b", True),
        ("2.999.1", False),
        ("2.999.7", False),
    ]
    assert "2.999.1" not in [text for code, text in told(conversion) if code == "REC002"]
