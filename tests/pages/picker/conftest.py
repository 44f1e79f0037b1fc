"""A seller whose role reads the simulated account, and a way to ask its pickers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from onboarding.pages.picker.base import Candidate, Verdict
from onboarding.pages.picker.board import Board
from sellers.models import Connection
from tests import factories, products
from tests.factories import Tenant
from tests.sandbox_process import SandboxProcess

HOME, SPEED, USUAL_SPEED = "us-east-1", 2000.0, 200.0
FITS, WARNED, REFUSED = Verdict.FITS, Verdict.WARNED, Verdict.REFUSED


@dataclass(frozen=True)
class Shop:
    """The seller's browser before the pickers of one connection, and the account behind it."""

    sandbox: SandboxProcess
    own: Tenant
    connection: Connection
    browser: Client
    clients: dict[tuple[str, str, str], Any] = field(default_factory=dict)

    def aws(self, service: str, account: str = products.SELLER, region: str = HOME) -> Any:
        """A client of a person who may do all in the account."""
        key = (service, account, region)
        if key not in self.clients:
            self.clients[key] = self.sandbox.client(*key)
        return self.clients[key]

    def url(self, kind: str, region: str = HOME) -> str:
        """The page of a picker."""
        return reverse("onboarding:pick", args=[self.connection.pk, region, kind])

    def get(self, kind: str, region: str = HOME, **query: Any) -> HttpResponse:
        """The page as the browser gets it."""
        return self.browser.get(self.url(kind, region), query)  # type: ignore[return-value]

    def board(self, kind: str, region: str = HOME, **query: Any) -> Board:
        """What the page shows."""
        response = self.get(kind, region, **query)
        assert response.status_code == 200, response.content
        board: Board = response.context["board"]  # type: ignore[attr-defined]
        return board

    def offers(self, kind: str, **query: Any) -> Mapping[str, Candidate]:
        """id -> offer, in the order of the page, which is by verdict."""
        board = self.board(kind, **query)
        assert board.problem is None, board.problem
        verdicts = [offer.verdict for offer in board.shelf.offers]
        assert verdicts == sorted(verdicts)
        return {offer.found.id: offer for offer in board.shelf.offers}


@pytest.fixture
def shop(sandbox: SandboxProcess, db: None) -> Iterator[Shop]:
    """The shop, in a world in which AWS's waits take a moment."""
    sandbox.post("speed", {"speed": SPEED})
    own = factories.tenant()
    connection = products.connect(sandbox, own.seller, products.SELLER, "onboarding")
    browser = Client()
    browser.force_login(own.engineer)
    yield Shop(sandbox, own, connection, browser)
    sandbox.post("faults-clear")
    sandbox.post("speed", {"speed": USUAL_SPEED})


def why(offer: Candidate) -> str:
    """The offer's reasons as one text."""
    return " ".join(offer.reasons)
