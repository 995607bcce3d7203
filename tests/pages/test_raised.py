from __future__ import annotations

import pytest

from termsmith.pages.raised import Script, note_mark, raised


@pytest.mark.parametrize(
    ("printed", "superscript", "subscript"),
    [
        ("9", "⁹", "₉"),
        ("-3", "⁻³", "₋₃"),
        ("\u22123", "⁻³", "₋₃"),
        ("2+", "²⁺", "₂₊"),
        ("+", "⁺", "₊"),
        ("(1)", "⁽¹⁾", "₍₁₎"),
        ("99m", "⁹⁹ᵐ", "₉₉ₘ"),
        ("1c", "¹ᶜ", "₁c"),
        ("a", "ᵃ", "ₐ"),
        ("²", "²", "_(²)"),
        ("1,2", "^(1,2)", "_(1,2)"),
        ("[1]", "^([1])", "_([1])"),
        ("½", "^(½)", "_(½)"),
        ("st", "st", "st"),
        ("TM", "TM", "TM"),
        ("(R)", "(R)", "(R)"),
        ("™", "™", "™"),
        ("*", "*", "*"),
        ("q", "q", "q"),
        ("", "", ""),
    ],
)
def test_figures_and_signs_off_the_line_are_never_set_on_it(
    printed: str, superscript: str, subscript: str
) -> None:
    assert "".join(raised(printed, Script.SUPER)) == superscript
    assert "".join(raised(printed, Script.SUB)) == subscript
    assert {len(raised(printed, script).text) for script in Script} == {len(printed)}


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("Tea¹", "¹"),
        ("Tea¹²", "¹²"),
        ("Tea ¹", ""),
        ("Teaᵃ", "ᵃ"),
        ("Tea^(1,2)", "^(1,2)"),
        ("10⁹/L", ""),
        ("CO₂", ""),
        ("Tea (1)", ""),
        ("¹", ""),
        ("", ""),
    ],
)
def test_marks_of_notes_stand_right_behind_a_text(text: str, mark: str) -> None:
    assert note_mark(text) == mark
