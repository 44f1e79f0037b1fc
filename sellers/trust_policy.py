"""The trust policy that a seller puts on the role. Pure: no Django, no AWS."""

import json


def trust_policy(hub_principal: str, external_id: str) -> str:
    """JSON to paste: only our principal, only with this connection's external ID."""
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": hub_principal},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"sts:ExternalId": external_id}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}, indent=2)
