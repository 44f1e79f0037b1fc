"""Comparing two worlds: their inventories with every id replaced, since ids are all that may differ."""

from __future__ import annotations

import json
import re
from typing import Any

_ID = re.compile(r"\b[a-z]+(?:-[a-z]+)*-[0-9a-f]{8,17}\b|\b[0-9a-f]{16}\b|\b[0-9a-f]{8}-[0-9a-f-]{27}\b")
_NAME = re.compile(r"\b(plc-[a-z0-9-]+-(?:nlb|tg|sg))-[0-9a-f]{10}\b")
_ZONE = re.compile(r"\bZ[0-9A-Z]{12,}\b")
_TOKEN = re.compile(r"(?<![a-z0-9])_[a-z0-9]{16,}(?=\.)|\bvpce:[A-Za-z0-9]+")  # a validation's name, and a value
_GENERATION = re.compile(r"/g\d+\"")


def normal(inventory: Any) -> Any:
    """The inventory without ids, digests in names and generations, each list in an order that ignores them."""
    text = json.dumps(inventory, sort_keys=True, default=str)
    text = _TOKEN.sub("<token>", _ZONE.sub("<id>", text))
    plain = _GENERATION.sub('/g"', _NAME.sub(r"\1", _ID.sub("<id>", text)))
    return _ordered(json.loads(plain))


def _ordered(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _ordered(held) for key, held in value.items()}
    if isinstance(value, list):
        return sorted((_ordered(held) for held in value), key=lambda held: json.dumps(held, sort_keys=True))
    return value
