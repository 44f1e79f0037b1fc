"""Free text that people see: names, aliases, scripts."""

import re
import unicodedata

from sellers.formats.base import FormatError, clean


def line(text: str, *, limit: int = 120, required: bool = True) -> str:
    """One line for people to read: no control, invisible or direction-changing characters."""
    value = unicodedata.normalize("NFC", clean(text)) if text.isascii() or _encodable(text) else "\0"
    if any(unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"} for char in value):
        raise FormatError("This holds a line break or an invisible character. Type it on one line.")
    if required and not value.strip():
        raise FormatError("This is empty. Give a name that people will recognise.")
    if len(value) > limit:
        raise FormatError(f"This has {len(value)} characters; at most {limit} are allowed. Shorten it.")
    return value


def slug(text: str) -> str:
    """A seller's short name: lower-case letters, digits and hyphens."""
    value = clean(text)
    if re.fullmatch(r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?", value, re.ASCII):
        return value
    raise FormatError(
        "A short name has 1 to 60 lower-case letters, digits and hyphens, such as example-analytics. Correct it."
    )


def free_text(text: str, *, limit: int = 16_384) -> str:
    """Text of several lines that a machine reads, such as user data of an instance: at most 16 KiB in UTF-8."""
    if not _encodable(text) or "\0" in text:
        raise FormatError("This holds a character that is not text. Remove it.")
    if len(text.encode()) > limit:
        raise FormatError(f"This is longer than {limit // 1024} KiB, the most that EC2 takes. Shorten it.")
    return text


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
