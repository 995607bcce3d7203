"""Texts of a form that a regular expression tells, and words for it that people understand."""

from __future__ import annotations

import re

from pydantic import AfterValidator


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

    return AfterValidator(matching)
