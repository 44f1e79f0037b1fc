"""What changes on the way to live, or after it, is noticed: nothing goes to Seller Operations that nobody looked at."""

from __future__ import annotations

from typing import Any

import pytest

from onboarding import review
from onboarding.engine import commands
from onboarding.engine.verify import verify
from onboarding.models import Evidence, Resource, Run, Submission
from sellers.models import Product
from tests import engine_driver, factories, products
from tests.engine import live
from tests.engine.actions import HOME, again
from tests.engine.test_rehearsal import changes
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db(transaction=True)
LATER = "us-west-1"


def _again(product: Product, data: dict[str, Any]) -> None:
    """The product was changed while its run waits: the run is stopped, and another one reads what holds now."""
    changed = live.changed(data)
    commands.cancel(Run.objects.get(product=product, state="open"), None)
    live.up(changed)


def submissions() -> list[tuple[int, str]]:
    return list(Submission.objects.order_by("number").values_list("number", "state"))


def test_what_changes_while_a_version_is_frozen_is_named_and_sent_only_when_seen(fast: SandboxProcess) -> None:
    live.ready(fast, live.data())
    old = str(live.told("submission", order="freeze").given()["frozen"])
    live.up(live.changed(live.data(marketplace_product_id="prod-zzzzzzzzzzzz2")))
    changed = "Marketplace product ID: prod-zzzzzzzzzzzz2, was prod-abc123def4567"

    blind = live.told("submission", order="send", seen=old[:12])
    assert (blind.state, blind.waiting_for) == ("waiting", "you")
    assert f"The facts have changed since you looked ({changed})" in blind.message
    assert submissions() == [(1, "frozen")]

    seen = blind.message.rpartition("seen=")[2].rstrip(".")
    assert live.told("submission", order="send", seen=seen).state == "done", engine_driver.picture()
    assert submissions() == [(1, "frozen"), (2, "sent")]


def test_what_changes_after_the_version_was_sent_asks_for_a_new_one(fast: SandboxProcess) -> None:
    product = live.ready(fast, live.data())
    live.told("submission", order="send")

    _again(product, live.data(marketplace_product_id="prod-zzzzzzzzzzzz2"))

    asked = live.item("submission")
    assert (asked.state, asked.waiting_for) == ("waiting", "you"), engine_driver.picture()
    assert (
        "The facts have changed since version 1 was sent (Marketplace product ID: prod-zzzzzzzzzzzz2" in asked.message
    )
    live.told("submission", order="send", seen=asked.message.rpartition("seen=")[2].rstrip("."))
    assert submissions() == [(1, "sent"), (2, "sent")]
    assert live.item("go_live").waiting_for == "marketplace", engine_driver.picture()


def test_a_region_that_is_added_to_a_live_product_is_sent_and_confirmed_anew(fast: SandboxProcess) -> None:
    live.live(fast, live.data(HOME))
    before = {row.pk for row in Resource.objects.filter(item__region=HOME, state="exists")}

    live.up(live.changed(live.data(HOME, LATER)))

    asked = live.item("submission")
    assert (asked.state, asked.waiting_for) == ("waiting", "you"), engine_driver.picture()
    assert "The facts have changed since version 1 was sent" in asked.message
    assert LATER in asked.message
    assert live.item("rehearsal", LATER).state == "done"
    assert {row.pk for row in Resource.objects.filter(item__region=HOME, state="exists")} == before
    live.told("submission", order="send", seen=asked.message.rpartition("seen=")[2].rstrip("."))
    assert live.item("go_live").waiting_for == "marketplace", engine_driver.picture()
    live.confirmed(fast)
    assert Evidence.objects.filter(item__slug="go_live", check_name=f"verdict.{LATER}", outcome="pass").exists()
    assert Submission.objects.latest("number").facts["regions"][1]["region"] == LATER


def test_what_seller_operations_return_is_sent_as_a_new_version_and_goes_live(fast: SandboxProcess) -> None:
    product, rita = live.ready(fast, live.data()), factories.reviewer()
    live.told("submission", order="send")
    review.acknowledge(Submission.objects.get(), rita)

    review.send_back(Submission.objects.get(), rita, "S46: who tells buyers of another time zone?")
    engine_driver.rest()

    back = live.item("submission")
    assert (back.state, back.waiting_for) == ("waiting", "you"), engine_driver.picture()
    assert "Version 1 was returned: Returned by Seller Operations: S46: who tells buyers" in back.message
    live.told("submission", process=f"{live.PROCESS} At any hour.", order="send")
    assert submissions() == [(1, "returned"), (2, "sent")]
    review.confirm_live(Submission.objects.get(number=2), rita)
    engine_driver.rest()
    assert live.item("go_live").state == "done", engine_driver.picture()
    assert Run.objects.get(product=product).state == "done"


def test_a_chosen_certificate_that_does_not_fit_is_replaced_by_one_that_we_request(fast: SandboxProcess) -> None:
    arn = fast.client("acm", products.SELLER, HOME).request_certificate(
        DomainName=products.FRIENDLY, ValidationMethod="DNS"
    )["CertificateArn"]
    fast.post("certificates", {"arn": arn, "status": "ISSUED"})
    data = live.data()
    data["regions"][HOME] = {**data["regions"][HOME], "certificate": {"mode": "existing", "arn": arn}}
    live.up(products.whole_product(fast, data))
    failed = live.item("certificate", HOME)
    assert failed.state == "failed", engine_driver.picture()
    assert f"but not *.{products.FRIENDLY}" in failed.message
    assert failed.why is not None
    assert failed.why.cure == "Choose another existing one, or let us create it."

    changed = live.changed(live.data())
    asked = again("certificate")
    assert f"No certificate was requested in {HOME}" in asked.message, engine_driver.picture()
    assert asked.why is not None
    assert asked.why.cure.startswith("Cancel the run if it is open, then start a new run")

    _again(changed, live.data())
    assert live.item("certificate", HOME).state == "done", engine_driver.picture()
    made: Any = live.item("certificate", HOME).outputs
    assert made["arn"] != arn
    assert fast.client("acm", products.SELLER, HOME).describe_certificate(CertificateArn=arn)


def test_a_product_that_was_taken_down_and_built_anew_is_sent_and_confirmed_anew(fast: SandboxProcess) -> None:
    product = live.live(fast, live.data())
    commands.teardown(product, None)
    engine_driver.rest()

    live.up(product)

    asked = live.item("submission")
    assert (asked.state, asked.waiting_for) == ("waiting", "you"), engine_driver.picture()
    assert "The facts have changed since version 1 was sent" in asked.message
    live.told("submission", order="send", seen=asked.message.rpartition("seen=")[2].rstrip("."))
    assert (live.item("go_live").state, live.item("go_live").waiting_for) == ("waiting", "marketplace"), (
        engine_driver.picture()
    )
    live.confirmed(fast)
    assert submissions() == [(1, "sent"), (2, "sent")]


def test_a_verification_of_a_live_product_finds_nothing_wrong_and_changes_nothing(fast: SandboxProcess) -> None:
    product = live.live(fast, live.data())
    before = changes(fast)

    run = commands.verify(product, None)
    verify(run.pk)

    assert Run.objects.get(pk=run.pk).state == "done"
    looked = Evidence.objects.filter(run_id=run.pk)
    slugs = set(looked.values_list("item__slug", flat=True))
    assert slugs >= {"rehearsal", "delegation", "submission", "go_live"}
    assert not looked.filter(outcome="fail").exists()
    assert changes(fast) == before
    assert submissions() == [(1, "sent")]


def test_evidence_that_grew_old_while_marketplace_took_its_time_says_how_it_is_renewed(fast: SandboxProcess) -> None:
    product = products.whole_product(fast, live.data())
    live.up(product)
    engine_driver.travel(8 * 86_400)
    live.told("name_servers", servers=live.asked_servers(fast))
    told = live.told("submission", process=live.PROCESS)
    assert "lines are not ready. S39: The evidence is 8 days old; 7 are allowed. Cancel the run if it's" in told.message
    endpoints = changes(fast).count("CreateVpcEndpoint")

    _again(product, live.data())

    assert live.item("submission").message == "The package is ready: freeze and send it.", engine_driver.picture()
    assert changes(fast).count("CreateVpcEndpoint") == endpoints + 1, "it was rehearsed again"
