"""Figures beside their floors, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from timing import Times


def verdict(ratio: float, target: float) -> str:
    """Say whether a ratio is within its target."""
    return f"{ratio:.2f} times, target {target:g}: {'met' if ratio <= target else 'MISSED'}"


def at_least(ratio: float, target: float) -> str:
    """Say whether a ratio reaches its target."""
    return f"{ratio:.1f} times, target at least {target:g}: {'met' if ratio >= target else 'MISSED'}"


def within(figure: float, target: float, unit: str) -> str:
    """Say whether a figure is within its target."""
    return f"{figure:,.0f} {unit}, target {target:,.0f}: {'met' if figure <= target else 'MISSED'}"


def compare(title: str, ours: Times, floor_title: str, floor: Times, target: float) -> None:
    """Print a figure, its floor and the target."""
    print(f"{title}\n    {ours}")
    print(f"    floor: {floor_title}\n    {floor}")
    print(f"    {verdict(ours.ratio_to(floor), target)}\n")
