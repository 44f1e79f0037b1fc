"""The waiting card of an item: whose word it shows, and where records are copied from."""

from __future__ import annotations

import pytest

from onboarding.engine import waits
from onboarding.models import Item, WaitStat
from onboarding.pages.common.waits import Wait
from onboarding.pages.item.board import item_board
from tests import factories
from tests.factories import Tenant


def card(own: Tenant, reason: str, kind: str) -> Wait:
    """The card of an item that waits."""
    factories.started(own.product)
    factories.moved(factories.item(own.product, "access"), "done")
    item = factories.item(own.product, "network", "us-east-1")
    factories.moved(
        item, "waiting", waiting_for=reason, sentence="Set it.", aws_status="missing", kind=kind, next_in=20
    )
    board = item_board(Item.objects.select_related("run", "product").get(pk=item.pk), may_run=True)
    assert board.wait is not None
    return board.wait


@pytest.mark.parametrize(("reason", "kind"), [("you", "records_by_hand"), ("dns", "records"), ("you", "delegation")])
def test_a_wait_for_records_leads_to_the_page_from_which_they_are_copied(own: Tenant, reason: str, kind: str) -> None:
    wait = card(own, reason, kind)
    assert (wait.whose, wait.dns_url) == ("Found in DNS", f"/products/{own.product.pk}/dns/")


def test_another_wait_shows_the_word_of_aws(own: Tenant) -> None:
    wait = card(own, "aws", "vpc")
    assert (wait.whose, wait.dns_url) == ("State at AWS", "")


def test_what_our_own_records_take_is_not_said_of_a_persons(own: Tenant) -> None:
    WaitStat.objects.create(kind="records", endpoint=waits.endpoint(), seen=9, mean=3, spread=1)
    assert card(own, "you", "records_by_hand").usual == ""
