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
    save_product,
    values_of,
)
from sellers.drafts.keep import Conflict, Kept, Read, TooLarge, keep, storable
from sellers.drafts.shape import LISTS, Values, buyers, flat, nested
from sellers.spec.fields import BUYERS, ON, REGIONS

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
    "save_product",
    "storable",
    "values_of",
]
