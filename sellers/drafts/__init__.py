"""Drafts of products: begun, kept under a version, finished. Pages call these and never write a draft themselves."""

from sellers.drafts.finish import (
    NOT_OFFERED,
    Moved,
    accept,
    begin,
    change,
    clone,
    copy_region,
    data_of,
    finish,
    values_of,
)
from sellers.drafts.keep import Conflict, Kept, Read, TooLarge, keep
from sellers.drafts.shape import BUYERS, LISTS, ON, REGIONS, Values, buyers, flat, nested

__all__ = [
    "BUYERS",
    "LISTS",
    "NOT_OFFERED",
    "ON",
    "REGIONS",
    "Conflict",
    "Kept",
    "Moved",
    "Read",
    "TooLarge",
    "Values",
    "accept",
    "begin",
    "buyers",
    "change",
    "clone",
    "copy_region",
    "data_of",
    "finish",
    "flat",
    "keep",
    "nested",
    "values_of",
]
