"""What all formats share: the error, how a refused value is quoted, and matching in full and in ASCII."""

import re

LONGEST = 60
_SECRET = re.compile(
    r"(?:AKIA|ASIA)[0-9A-Z]{16}|-----BEGIN|\bgh[a-z]_\w{20}|\beyJ[\w-]{10}|(?i:password|passwd|secret|token)\S*\s*[=:]"
    r"|(?<![\w/+])(?=[\w/+]{0,39}[a-z])(?=[\w/+]{0,39}[A-Z])(?=[\w/+]{0,39}[0-9])[\w/+]{40}(?![\w/+])"
)


class FormatError(ValueError):
    """A refused value. The text says what to enter, for a page that shows the value; `quoting` names the value too."""

    def __init__(self, sentence: str, *, quoting: str = "") -> None:
        super().__init__(sentence)
        self.quoting = quoting or sentence


def not_a(value: object, kind: str, example: str) -> FormatError:
    """The error of a value that isn't of its kind, such as ("x", "a VPC ID", "vpc-0123456789abcdef0")."""
    return FormatError(
        f"Enter {kind}, such as {example}.", quoting=f"{quoted(value)} isn't {kind}. Enter one such as {example}."
    )


def quoted(value: object) -> str:
    """A refused value as a sentence shows it: one line, at most 60 characters, and nothing that may be a secret."""
    if value is None or value in ("", (), [], {}):
        return "An empty value"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "A set of keys"
    if isinstance(value, list | tuple):
        return "A list"
    text = str(value)
    if _SECRET.search(text):
        return "This value"
    shown = printable(text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…")
    return f'"{shown}"' if isinstance(value, str) else shown


def printable(text: str) -> str:
    """The text without characters that move the cursor or hide what follows."""
    return "".join(char if char.isprintable() else "\ufffd" for char in text)


def clean(text: str) -> str:
    """The text without blanks and line ends around it, as a paste brings them."""
    return text.strip(" \t\r\n")


def match(pattern: str, text: str, kind: str, example: str) -> str:
    """The cleaned text if it matches from end to end, without foreign digits or letters; else the error of `not_a`."""
    value = clean(text)
    if re.fullmatch(pattern, value, re.ASCII):
        return value
    raise not_a(value, kind, example)
