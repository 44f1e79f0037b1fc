"""What all formats share: the error, and matching in full and in ASCII."""

import re


class FormatError(ValueError):
    """A value that does not fit; its text is a sentence with the rule and the cure."""


def clean(text: str) -> str:
    """The text without blanks and line ends around it, as a paste brings them."""
    return text.strip(" \t\r\n")


def match(pattern: str, text: str, sentence: str) -> str:
    """The cleaned text if it matches from end to end, without foreign digits or letters; else the sentence."""
    value = clean(text)
    if re.fullmatch(pattern, value, re.ASCII):
        return value
    raise FormatError(sentence)
