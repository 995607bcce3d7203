"""Texts of a form that a regular expression tells, and words for it that people understand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import AfterValidator

if TYPE_CHECKING:
    from pydantic import GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema


@dataclass(frozen=True, slots=True)
class _OfForm(AfterValidator):
    """A validator whose pattern stands in JSON Schemas, too."""

    pattern: str

    def __get_pydantic_json_schema__(
        self, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Add the pattern, as a whole."""
        return {**handler(core_schema), "pattern": f"^(?:{self.pattern})$"}


def of_form(pattern: str, kind: str, allowed: str) -> AfterValidator:
    """Return the validator of texts that match a pattern as a whole.

    Args:
        pattern: The regular expression.
        kind: What such a text is: ``name of a package``.
        allowed: The pattern in words.
    """
    form = re.compile(pattern)

    def matching(text: str) -> str:
        if form.fullmatch(text) is None:
            msg = f"{text!r} is no {kind}; allowed: {allowed}"
            raise ValueError(msg)
        return text

    return _OfForm(matching, pattern)
