"""Texts for people without secrets: keys, tokens, external ids and what AWS encodes are masked (SEC19)."""

from __future__ import annotations

import re

MASK = "•••"
LONG = 64  # so long a word without a break is a token or an encoded message, never something to read
_KEY = re.compile(r"\b(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{12,}\b", re.ASCII)
_NAMED = re.compile(
    r"(?i)\b(external[ _-]?id|session[ _-]?token|secret[ _-]?access[ _-]?key|password|authorization|user[ _-]?data)"
    r"(\W{1,3}(?:is\W{1,3})?)([^\s\"',;]+)",
    re.ASCII,
)
_HEX = re.compile(r"(?<![0-9a-f/:-])[0-9a-f]{32}(?![0-9a-f-])")
_LONG = re.compile(rf"[A-Za-z0-9+_=-]{{{LONG},}}", re.ASCII)


def plain(text: str) -> str:
    """The text with every secret masked."""
    text = _NAMED.sub(rf"\1\2{MASK}", _KEY.sub(MASK, text))
    return _LONG.sub(MASK, _HEX.sub(MASK, text))
