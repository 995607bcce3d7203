"""Texts of XML attributes that are none of what their element takes."""

from __future__ import annotations


class AttributeText(str):
    """The text of an XML attribute that is no value of its element's type.

    In JSON it would be a string in the place of a number or of true and false. What is said of it has to be
    in the words of XML, where all values are texts.
    """

    __slots__ = ()
