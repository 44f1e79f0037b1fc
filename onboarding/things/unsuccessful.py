"""Bulk EC2 calls answer 200 and hide what failed in `Unsuccessful[]`: raised here as the
error it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError


def surface(answer: Mapping[str, Any], operation: str, fine: tuple[str, ...] = ()) -> None:
    """Raise the first failure of a bulk answer as ClientError, with its own code; codes in `fine` count as
    done.
    """
    for failure in answer.get("Unsuccessful", ()):
        error = failure.get("Error", {})
        if error.get("Code", "") not in fine:
            raise ClientError(
                {
                    "Error": {
                        "Code": error.get("Code", ""),
                        "Message": f"{failure.get('ResourceId', '')}: {error.get('Message', '')}",
                    },
                    "ResponseMetadata": answer.get("ResponseMetadata", {}),
                },
                operation,
            )
