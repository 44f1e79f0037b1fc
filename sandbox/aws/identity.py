"""Who is calling: the access keys of users and sessions, and what each may do."""

from __future__ import annotations

import json
import secrets
import string
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from moto.iam.models import iam_backends

from sandbox.aws.errors import AwsError
from sandbox.clock import clock

_ALPHABET = string.ascii_uppercase + "234567"


@dataclass(frozen=True)
class Caller:
    """The owner of an access key. `role` is set for sessions; `expires` is on the clock's wall time."""

    account: str
    arn: str
    user_id: str
    user: str | None = None
    role: str | None = None
    role_arn: str | None = None
    token: str | None = None
    expires: float | None = None
    session_policies: tuple[Mapping[str, Any], ...] = field(default=())

    def documents(self) -> list[Mapping[str, Any]]:
        """The identity-based policies of the user or of the session's role, as they are now."""
        backend = iam_backends[self.account]["aws"]
        owner: Any = backend.get_role(self.role) if self.role else backend.get_user(self.user or "")
        inline = owner.policies.values()
        attached = [policy.document for policy in owner.managed_policies.values()]
        return [_document(text) for text in [*inline, *attached]]


def _document(text: Any) -> Mapping[str, Any]:
    loaded: Mapping[str, Any] = json.loads(text) if isinstance(text, str) else text
    return loaded


_callers: dict[str, Caller] = {}


def random_name(length: int) -> str:
    """Random upper-case letters and digits, as AWS uses in ids of keys and roles."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


def remember(access_key: str, caller: Caller) -> None:
    """Make the key known; the newest meaning wins."""
    _callers[access_key] = caller


def forget_all() -> None:
    """Forget all keys."""
    _callers.clear()


def lookup(access_key: str) -> Caller:
    """The owner of the key. InvalidClientTokenId for a key that this world never gave out."""
    if caller := _callers.get(access_key) or _iam_user(access_key):
        return caller
    raise AwsError("InvalidClientTokenId", "The security token included in the request is invalid.", 403)


def authenticate(access_key: str, token: str | None, service: str) -> Caller:
    """The caller of a request, if the key is known, its token fits and the session has not expired."""
    caller = lookup(access_key)
    if caller.token != token and caller.token is not None:
        raise AwsError("InvalidClientTokenId", "The security token included in the request is invalid.", 403)
    if caller.expires is not None and clock.wall() >= caller.expires:
        code = "RequestExpired" if service == "ec2" else "ExpiredToken"
        code = "ExpiredTokenException" if service in ("acm", "service-quotas", "ssm") else code
        raise AwsError(code, "The security token included in the request is expired", 400)
    return caller


def _iam_user(access_key: str) -> Caller | None:
    """A key made with iam:CreateAccessKey."""
    for account in list(iam_backends):
        backend = iam_backends[account]["aws"]
        if key := backend.access_keys.get(access_key):
            user = backend.get_user(key.user_name or "")
            return Caller(account, user.arn, user.id, user=user.name)
    return None


def new_session(caller: Caller) -> dict[str, Any]:
    """Credentials for a session, in the shape of STS's answer."""
    key = f"ASIA{random_name(16)}"
    remember(key, caller)
    return {
        "AccessKeyId": key,
        "SecretAccessKey": secrets.token_urlsafe(30)[:40],
        "SessionToken": caller.token,
        "Expiration": datetime.fromtimestamp(caller.expires or 0, UTC),
    }
