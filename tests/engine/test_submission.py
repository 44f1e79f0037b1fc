"""Name servers and submission through the real engine: asked once, frozen and mailed once, and done on a second run."""

from __future__ import annotations

import json

import pytest
from django.core import mail
from pytest_django import Settings

from onboarding.engine import clock, commands
from onboarding.models import Item, ItemState, Submission, SubmissionState
from onboarding.submission.facts import digest
from sellers.models import Product
from tests import engine_driver, products
from tests.engine.actions import HOME, mutations, up
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db(transaction=True)
OPS, NAME = "ops@marketplace.example", "api.vpce.example.com"
PROCESS = "We write to every new buyer, and support allows the account within a day."
SOFTWARE = {"targets": {"user_data": "#!/bin/bash\n# plc:listen 8443/tcp\n"}}


@pytest.fixture
def product(fast: SandboxProcess, settings: Settings) -> Product:
    """A product of the Marketplace profile, as far as it comes without Seller Operations."""
    settings.SELLER_OPS_EMAIL = OPS
    made = products.whole_product(fast, products.whole({HOME: SOFTWARE}, profile="marketplace"))
    up(made)
    return made


def item(slug: str) -> Item:
    return Item.objects.get(slug=slug, region="")


def told(slug: str, **values: object) -> Item:
    """Somebody answers an item, and everything comes to rest."""
    commands.answer(item(slug), None, values)
    engine_driver.rest()
    return item(slug)


def named(sandbox: SandboxProcess) -> Item:
    """Marketplace makes the zone, and somebody pastes its name servers."""
    servers = sandbox.post("marketplace_zone", {"name": NAME})["servers"]
    return told("name_servers", servers=servers)


def to_ops() -> list[mail.EmailMessage]:
    return [one for one in mail.outbox if OPS in one.to]


def test_name_servers_are_asked_for_once(product: Product) -> None:
    asked = item("name_servers")
    assert (asked.state, asked.waiting_for) == (ItemState.WAITING, "marketplace")

    commands.check_now(asked, None)
    engine_driver.rest()

    assert [one.subject for one in to_ops()] == [f"Name servers for {NAME}: Example Analytics"]


def test_a_package_is_sent_once_and_a_second_run_changes_nothing(product: Product, fast: SandboxProcess) -> None:
    assert named(fast).state == ItemState.DONE
    assert item("submission").message.startswith("1 of 17 lines is not ready. S46:")

    frozen = told("submission", process=PROCESS, order="freeze")
    [row] = Submission.objects.all()
    assert (row.number, row.state, frozen.waiting_for) == (1, SubmissionState.FROZEN, "you")
    assert frozen.given()["frozen"] == row.sha256 == digest(row.facts)
    assert len(to_ops()) == 1

    sent = told("submission", order="send", seen=row.sha256[:12])
    [row] = Submission.objects.all()
    [_, letter] = to_ops()
    [(name, text, kind)] = letter.attachments
    assert (sent.state, row.state) == (ItemState.DONE, SubmissionState.SENT)
    assert letter.subject.startswith("PrivateLink for Example Analytics (prod-abc123def4567)")
    assert row.body in letter.body
    assert (name, kind) == (f"submission-{row.sha256[:12]}.json", "application/json")
    assert json.loads(str(text))["facts"] == row.facts

    before = len(mutations(fast))
    up(product)
    assert item("submission").state == ItemState.DONE
    assert Submission.objects.count() == 1
    assert len(to_ops()) == 2
    assert len(mutations(fast)) == before


def test_a_returned_version_is_sent_again_as_a_new_one(product: Product, fast: SandboxProcess) -> None:
    named(fast)
    told("submission", process=PROCESS, order="send")
    Submission.objects.update(state=SubmissionState.RETURNED, reason="S46: who is told?", decided_at=clock.now())

    commands.return_to_seller(item("submission"), None, "S46: who is told?")
    engine_driver.rest()
    assert "was returned: S46: who is told?" in item("submission").message
    told("submission", process=f"{PROCESS} The buyer's administrator is told.", order="send")

    assert [(row.number, row.state) for row in Submission.objects.all()] == [
        (2, SubmissionState.SENT),
        (1, SubmissionState.RETURNED),
    ]
    assert item("submission").state == ItemState.DONE
    assert "administrator is told" in to_ops()[-1].body


def test_nothing_is_said_to_be_mailed_while_there_is_no_address(fast: SandboxProcess, settings: Settings) -> None:
    settings.SELLER_OPS_EMAIL = ""
    made = products.whole_product(fast, products.whole({HOME: SOFTWARE}, profile="marketplace"))
    up(made, until="name_servers")

    stopped = item("name_servers")
    assert (stopped.state, to_ops()) == (ItemState.FAILED, [])
    assert stopped.why is not None
    assert "SELLER_OPS_EMAIL" in stopped.why.cure

    settings.SELLER_OPS_EMAIL = OPS
    commands.retry(stopped, None)
    engine_driver.rest()
    assert (item("name_servers").state, len(to_ops())) == (ItemState.WAITING, 1)
