"""What people are told of real runs: once a wait, once a failure, once an end."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import settings
from django.core import mail

from onboarding.engine import commands
from onboarding.engine.sweep import sweep
from onboarding.models import Item, Notice, Submission
from onboarding.notices import send_notices
from sellers.models import Connection, Membership, Product, User
from tests import engine_driver, factories, products
from tests.engine.actions import HOME, again, policy, up
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db(transaction=True)
PROCESS = "We write to every new buyer, and support allows the account within a day."


def joined(product: Product, email: str = "mara@example.com") -> User:
    """An engineer of the product's seller."""
    user = factories.person(email)
    Membership.objects.create(seller=product.seller, user=user, role="engineer")
    return user


def titles(user: User) -> list[str]:
    """What the person was told, the first first."""
    return list(Notice.objects.filter(user=user).order_by("id").values_list("title", flat=True))


def swept() -> None:
    """A sweep, and what it made due; no message arrives."""
    sweep(lambda due: None)
    send_notices()
    engine_driver.rest()


def test_each_side_is_told_once_when_it_is_its_turn(fast: SandboxProcess, rita: User) -> None:
    data = products.whole({HOME: products.OWN_TARGETS}, profile="marketplace")
    product = products.whole_product(fast, data)
    mara = joined(product)
    up(product)
    swept()
    assert (titles(rita), titles(mara)) == (["Name servers are asked for"], [])

    servers = fast.post("marketplace_zone", {"name": products.FRIENDLY})["servers"]
    commands.answer(Item.objects.get(slug="name_servers"), rita, {"servers": servers})
    engine_driver.rest()
    for _ in range(3):  # looks, not waits
        commands.check_now(Item.objects.get(slug="submission"), None)
        engine_driver.rest()
        swept()
    [turn] = Notice.objects.filter(user=mara)
    assert (turn.kind, turn.title) == ("turn", "Action required: Submission")
    assert "S46" in turn.sentence
    [told] = [one for one in mail.outbox if mara.email in one.to]
    assert f"\n{settings.PUBLIC_URL}/items/{turn.item_id}/\n" in str(told.body)
    assert told.subject == f"{product.name}: Action required: Submission"

    commands.answer(Item.objects.get(slug="submission"), mara, {"process": PROCESS, "order": "send"})
    engine_driver.rest()
    swept()
    assert titles(rita)[1:] == ["Version 1 came in for review"]
    assert titles(mara) == ["Action required: Submission"]
    [came] = [one for one in mail.outbox if rita.email in one.to][1:]
    assert f"/desk/{Submission.objects.get().pk}/" in str(came.body)
    secrets = Connection.objects.values_list("external_id", flat=True)
    assert not any(secret in str(one.body) for one in mail.outbox for secret in secrets)


def test_a_failure_is_told_once_though_the_engine_looks_again_and_then_its_end(
    fast: SandboxProcess, make: Callable[..., Product]
) -> None:
    product = make()
    mara = joined(product)
    policy(fast, "ec2:CreateVpc", "iam:SimulatePrincipalPolicy")
    assert up(product).state == "failed"
    swept()
    before = titles(mara)
    assert before == [f"Network in {HOME} failed", "Run 1 has stopped: something failed"]
    assert "ec2:CreateVpc" in Notice.objects.get(kind="failed").sentence
    assert [one.subject for one in mail.outbox] == [f"2 notices: {product.name}"], "what came together is one mail"

    for _ in range(2):
        engine_driver.travel(15 * 60 + 1)
        swept()
    assert Item.objects.get(slug="network").attempt > 1, "the engine looked again"
    assert (titles(mara), len(mail.outbox)) == (before, 1)

    policy(fast)
    assert again("network").state == "done"
    send_notices()
    assert titles(mara) == [*before, "Run 1 has finished"]
