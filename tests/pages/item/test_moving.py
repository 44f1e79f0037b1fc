"""The item page while its item moves: it is never left behind, and what was answered is shown as it was given."""

from __future__ import annotations

import re
from typing import Any

from django.db import connection

from onboarding.engine import commands
from onboarding.models import Item
from tests import factories
from tests.factories import Tenant
from tests.pages.item.test_views import manual


class Meanwhile:
    """Moves an item right after it was read: between two queries of a page."""

    def __init__(self, item: Item) -> None:
        self.item, self.read, self.moved = item, False, False

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if self.read and not self.moved:
            self.moved = True
            factories.moved(self.item, "done", sentence="It fits.")
        if not self.moved:
            self.read = 'FROM "onboarding_item"' in sql and "LIMIT 21" in sql
        return execute(sql, params, many, context)


def test_a_page_that_was_read_before_the_item_moved_is_drawn_again(own: Tenant) -> None:
    item, client = manual(own), factories.signed_in(own.engineer)
    meanwhile = Meanwhile(item)

    with connection.execute_wrapper(meanwhile):
        page = client.get(f"/items/{item.pk}/")

    assert meanwhile.moved
    assert "Give the ids." in page.content.decode()
    poll = client.get(f"/items/{item.pk}/live/", headers={"If-None-Match": page.context["etag"]})
    assert poll.status_code == 200, "else the page shows for good what is over"
    assert "It fits." in poll.content.decode()


def test_several_values_that_were_given_stand_one_a_line_in_the_form(own: Tenant) -> None:
    item = manual(own)
    subnets = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
    commands.answer(item, own.engineer, {"vpc_id": "vpc-0123456789abcdef0", "subnet_ids": subnets})

    page = factories.signed_in(own.engineer).get(f"/items/{item.pk}/").content.decode()

    [shown] = re.findall(r'<textarea name="subnet_ids"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL)
    assert shown.strip().splitlines() == subnets
