"""Decimals that keep their digits."""

from __future__ import annotations

from typing import Any, Self


class ExactDecimal(float):
    """A number that is written with the digits it was read with: 1.50 is not 1.5 in FHIR.

    https://hl7.org/fhir/R4/datatypes.html#decimal

    >>> ExactDecimal("1.50") == 1.5, ExactDecimal("1.50").text
    (True, '1.50')
    """

    __slots__ = ("text",)

    text: str
    """The number as JSON."""

    def __new__(cls, text: str) -> Self:
        """Take a number as JSON writes it."""
        made = super().__new__(cls, text)
        made.text = text
        return made

    @property
    def plain(self) -> int | float:
        """The number that somebody who reads the JSON gets."""
        return int(self.text) if self.text.removeprefix("-").isdigit() else float(self)

    def __repr__(self) -> str:
        return self.text

    def __reduce__(self) -> tuple[Any, ...]:
        return ExactDecimal, (self.text,)


def exact_decimal(text: str) -> float:
    """Return the number that a text such as ``1.50`` states, so that it is written as it stands there."""
    value = float(text)
    return value if repr(value) == text else ExactDecimal(text)


def exact_json(value: object) -> Any:
    """Return what `orjson` writes for a value that it doesn't know: for its ``default``.

    Raises:
        TypeError: When nothing is known of it.
    """
    if isinstance(value, ExactDecimal):
        import orjson  # noqa: PLC0415  the model loads no package but where one is needed

        return orjson.Fragment(value.text)
    raise TypeError(type(value).__name__)
