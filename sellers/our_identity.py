"""Who we are to sellers: the principal that their roles trust."""

import structlog
from django.conf import settings
from django.utils.module_loading import import_string

log = structlog.get_logger(__name__)
_found: dict[str, str] = {}


def principal() -> str:
    """HUB_PRINCIPAL_ARN, else what the function named by HUB_PRINCIPAL_FINDER says; "" if AWS cannot be asked.

    Asked once: a process keeps its identity. The finder is named, not imported, so that this app stays below it.
    """
    if settings.HUB_PRINCIPAL_ARN:
        return str(settings.HUB_PRINCIPAL_ARN)
    if "arn" not in _found and settings.HUB_PRINCIPAL_FINDER:
        try:
            _found["arn"] = str(import_string(settings.HUB_PRINCIPAL_FINDER)())
        except Exception as error:  # whatever AWS or the finder raise, the page still shows the rest
            log.warning("hub_principal_unknown", error=type(error).__name__)
    return _found.get("arn", "")
