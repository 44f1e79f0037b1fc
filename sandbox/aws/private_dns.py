"""The private DNS name of an endpoint service and its proof by a TXT record."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass

from sandbox.aws import public_dns
from sandbox.aws.errors import AwsError
from sandbox.clock import clock
from sandbox.state import table
from sandbox.world import settings

_NAME = re.compile(r"(?=.{1,253}\Z)(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?")


@dataclass
class PrivateDns:
    """One private DNS name of a service with its token; `state` is computed when it is read."""

    name: str
    label: str
    value: str
    known: str = "pendingVerification"
    started: float | None = None

    @property
    def state(self) -> str:
        """pendingVerification, verified or failed; AWS looks only after it was asked to."""
        due = self.started is not None and clock.now() >= self.started + settings.private_dns_seconds
        if due and public_dns.is_served():
            self.known = "verified" if self.is_proven() else "failed"
            self.started = None
        return self.known

    def is_proven(self) -> bool:
        """Whether the value, in its exact case, is served at `<label>.<name or a parent>`, or without a label."""
        places = list(public_dns.parents(self.name.removeprefix("*.")))
        owners = [f"{self.label}.{place}" for place in places] + places
        return any(self.value in public_dns.texts(owner) for owner in owners)

    def described(self) -> dict[str, str]:
        """PrivateDnsNameConfiguration. `Name` is only a label, not a full name."""
        return {"State": self.state, "Type": "TXT", "Name": self.label, "Value": self.value}


def make_private_dns(service_id: str, name: str) -> PrivateDns:
    """A new name with the token of this service and name. InvalidParameter for a bad name."""
    if not _NAME.fullmatch(name):
        raise AwsError("InvalidParameter", f"The private DNS name '{name}' is not valid.")
    digest = hashlib.sha256(f"{service_id}/{name}".encode()).digest()
    label = base64.b32encode(digest).decode().lower()[:20]
    value = base64.b64encode(digest[12:]).decode().rstrip("=").replace("+", "a").replace("/", "B")
    return PrivateDns(name=name, label=f"_{label}", value=f"vpce:{value[:20]}")


def set_state(service_id: str, state: str) -> None:
    """Set the state by hand, as the control page does. ValueError for a service without such a name."""
    service = table("service").get(service_id)
    if service is None or service.private_dns is None:
        raise ValueError(f"{service_id} has no private DNS name.")
    service.private_dns.known, service.private_dns.started = state, None
