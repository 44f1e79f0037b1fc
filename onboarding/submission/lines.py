"""The lines that a submission answers: the three items of the mail and the guide's two checklists, each
with the items whose evidence answers it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Part(StrEnum):
    """Where the guide asks for a line."""

    MAIL = "mail"
    CREATION = "creation"
    TESTING = "testing"


TITLES = {
    Part.MAIL: "What the email says",
    Part.CREATION: "Product creation checklist",
    Part.TESTING: "Product testing",
}


@dataclass(frozen=True, kw_only=True)
class Source:
    """An item that answers a line: by all checks of its newest look, or by the first of `checks` that there is
    evidence of, however old. A check in `refuses` keeps the submission back whatever its outcome. An item that
    `may_skip` is shown with its reason instead. `each`: the submission's own look answers it for each region.
    """

    slug: str
    checks: tuple[str, ...] = ()
    refuses: tuple[str, ...] = ()
    may_skip: bool = False
    each: bool = False


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of the guide, in the words that people and the mail use."""

    code: str
    part: Part
    words: str
    sources: tuple[Source, ...]


OWN = "submission"
LIVE = Source(slug=OWN)  # read from AWS at the moment in which the submission is judged
LIVE_EACH = Source(slug=OWN, each=True)


def _line(code: str, part: Part, words: str, *sources: Source) -> Line:
    return Line(code=code, part=part, words=words, sources=sources)


LINES = (
    _line("S26", Part.MAIL, "The product that the email is about", LIVE),
    _line("S27", Part.MAIL, "Endpoint service and the account that created it", LIVE_EACH),
    _line("S28", Part.MAIL, "User-friendly DNS name", LIVE),
    _line("S29", Part.MAIL, "Account that requested the certificates, and the private DNS name", LIVE),
    _line(
        "S22",
        Part.MAIL,
        "The name is delegated to Marketplace's name servers",
        Source(slug="delegation", may_skip=True),
    ),
    _line("S39", Part.CREATION, "VPC created or reused, then configured", Source(slug="network")),
    _line("S40", Part.CREATION, "Network load balancer within the VPC", Source(slug="load_balancer")),
    _line(
        "S17",
        Part.CREATION,
        "The seller's own software on the targets",
        Source(slug="targets", refuses=("placeholder",)),
    ),
    _line("S41", Part.CREATION, "Service registered by an endpoint service", Source(slug="endpoint_service")),
    _line("S42", Part.CREATION, "Account ID of the endpoint service", LIVE_EACH),
    _line("S43", Part.CREATION, "Default endpoint service name", LIVE_EACH),
    _line("S44", Part.CREATION, "Certificates for the user-friendly DNS name", LIVE_EACH, Source(slug="certificate")),
    _line("S45", Part.CREATION, "Private DNS name (recommended)", LIVE, Source(slug="private_dns", may_skip=True)),
    _line("S46", Part.CREATION, "A process to inform buyers and to allow them", LIVE, Source(slug="buyers")),
    _line(
        "S47",
        Part.TESTING,
        "Configured and discoverable",
        Source(slug="endpoint_service"),
        Source(slug="rehearsal", checks=("found", "verdict")),
    ),
    _line("S48", Part.TESTING, "Reachable over the network load balancer", Source(slug="reach")),
    _line(
        "S49",
        Part.TESTING,
        "A buyer in another account creates an endpoint and uses it",
        Source(slug="rehearsal", checks=("verdict",)),
    ),
)
