"""The log of a step: in order, without secrets, alive while the step works, open when it fails."""

from __future__ import annotations

import re
from datetime import timedelta

from onboarding.engine import commands
from onboarding.models import AwsCall, Event, Failure
from tests import factories
from tests.factories import Tenant
from tests.pages.item.test_views import failed, page


def test_the_log_tells_events_and_calls_in_order(own: Tenant) -> None:
    item = failed(own)
    rows = {"seller": own.seller, "item_id": item.pk, "product_id": own.product.pk, "what": "looked"}
    later = item.product.created_at + timedelta(hours=1)
    for number in range(3):
        Event.objects.create(at=later + timedelta(seconds=number), sentence=f"Event {number}.", **rows)
    text = page(own, item)
    begin = text.index('id="log"')
    told = ["ec2:DescribeRegions in us-east-1: AccessDenied: no", "Not started to In progress", "Event 0.", "Event 2."]
    places = [text.index(words, begin) for words in told]
    assert places == sorted(places)


def test_the_log_stands_open_by_itself_on_failure_alone(own: Tenant) -> None:
    assert re.search(r'id="log"\s+open', page(own, failed(own)))
    text = page(own, factories.item(own.product, "network", "us-east-1"))
    assert 'id="log"' in text
    assert not re.search(r'id="log"\s+open', text)


def test_a_poll_adds_the_logs_lines_and_opens_it_when_the_step_fails(own: Tenant) -> None:
    factories.started(own.product)
    factories.moved(factories.item(own.product, "access"), "done")
    item = factories.moved(
        factories.item(own.product, "network", "us-east-1"), "waiting", waiting_for="aws", sentence="Made.", next_in=9
    )
    client = factories.signed_in(own.engineer)
    going = client.get(f"/items/{item.pk}/live/").content.decode()
    assert '<ol id="log-lines" hx-swap-oob="innerHTML">' in going
    assert 'id="log-box"' not in going, "an open log stays as it is"
    factories.moved(item, "failed", sentence="No.", failure=Failure(kind="yours", sentence="No."))
    over = client.get(f"/items/{item.pk}/live/").content.decode()
    assert '<div id="log-box" hx-swap-oob="innerHTML">' in over
    assert re.search(r'id="log"\s+open', over)


def test_secrets_do_not_reach_the_log_or_the_calls(own: Tenant) -> None:
    item = failed(own)
    secret = own.seller.connections.get().external_id
    words = f"ExternalId {secret} of AKIAIOSFODNN7EXAMPLE was refused: {'A' * 90}"
    AwsCall.objects.filter(item=item).update(message=words)
    Event.objects.create(
        at=item.product.created_at,
        seller=own.seller,
        item_id=item.pk,
        product_id=own.product.pk,
        what="looked",
        sentence=words,
    )
    text = page(own, item)
    assert text.count("was refused") >= 3, "it is shown in the log and at the call"
    for hidden in (secret, "AKIAIOSFODNN7EXAMPLE", "A" * 90):
        assert hidden not in text


def test_a_step_that_comes_later_is_followed_while_its_run_goes_on(own: Tenant) -> None:
    run = factories.started(own.product)
    later = factories.item(own.product, "load_balancer", "eu-west-1")
    assert 'hx-trigger="every 1.5s"' in page(own, later)
    commands.cancel(run, None)
    assert "hx-trigger" not in page(own, later)
