"""Free text that people see: names, aliases, scripts."""

import re
import unicodedata

from sellers.formats.base import FormatError, clean, not_a


def line(text: str, *, limit: int = 120, required: bool = True) -> str:
    """One line for people to read: no control, invisible or direction-changing characters."""
    value = unicodedata.normalize("NFC", clean(text)) if text.isascii() or _encodable(text) else "\0"
    if any(unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"} for char in value):
        raise FormatError("This has a line break or an invisible character. Enter one line of plain text.")
    if required and not value.strip():
        raise FormatError("Enter a name that people recognize.")
    if len(value) > limit:
        raise FormatError(f"Enter at most {limit} characters. You entered {len(value)}.")
    return value


def slug(text: str) -> str:
    """A seller's short name: lower-case letters, digits and hyphens."""
    value = clean(text)
    if re.fullmatch(r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?", value, re.ASCII):
        return value
    raise not_a(value, "a name of 1–60 lowercase letters, digits, and hyphens", "example-analytics")


def free_text(text: str, *, limit: int = 16_384) -> str:
    """Text of several lines that a machine reads, such as user data of an instance: at most 16 KiB in UTF-8."""
    if not _encodable(text) or "\0" in text:
        raise FormatError("This has a character that can't be saved as text. Remove it.")
    if len(text.encode()) > limit:
        raise FormatError(f"Enter at most {limit // 1024} KiB, the limit of EC2 user data.")
    return text


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
