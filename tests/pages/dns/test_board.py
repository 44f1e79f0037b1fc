"""The DNS page's rows: which records, who sets them, what was found; what the delegation hides, and when it may."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from onboarding.checklist.step import CheckResult, Outcome
from onboarding.dns.server_rows import AWAITED
from onboarding.models import Evidence, Item
from onboarding.pages.dns.board import DnsPage, dns_page
from sellers.models import Product
from tests import factories
from tests.factories import Tenant

NAME = "_3f1c.api.vpce.example.com"
VALUE = "_9b7d20ce.acm-validations.aws"


def found(value: str, *, ok: bool) -> list[dict[str, Any]]:
    rows = [("dns1.provider.example", "authoritative"), ("1.1.1.1", "resolver")]
    return [
        {"server": server, "role": role, "ok": ok, "values": [value] if value else [], "ttl": 300, "problem": ""}
        for server, role in rows
    ]


def proof(value: str = "", *, type: str = "CNAME", name: str = NAME, expected: str = VALUE, **more: Any) -> CheckResult:
    ok = value == expected
    facts = {
        "type": type,
        "name": name,
        "values": [expected],
        "ttl": 300,
        "found": found(value, ok=ok),
        "diagnosis": "" if ok else "other value",
        "zone": "example.com",
        "by_hand": True,
        **more,
    }
    outcome = Outcome.PASS if ok else Outcome.WARN
    return CheckResult(check=f"record.{type}.{name}", outcome=outcome, sentence="It was looked for.", facts=facts)


@pytest.fixture
def product(own: Tenant) -> Product:
    made = factories.product(own.seller, name="Listed", facts=factories.MARKETPLACE)
    factories.started(made)
    return made


def waits(product: Product, *proofs: CheckResult, waiting_for: str = "you") -> Item:
    item = factories.item(product, "validation")
    return factories.moved(
        item, "waiting", waiting_for=waiting_for, sentence="Set the record.", next_in=5, proofs=proofs
    )


def page(product: Product) -> DnsPage:
    return dns_page(Product.objects.get(pk=product.pk), may_run=True)


def test_without_a_run_it_teaches_and_opens_the_run(own: Tenant) -> None:
    board = page(own.product)
    assert (board.rows, board.forms, board.guard) == ([], [], None)
    assert (board.turn.now, board.turn.button and board.turn.button.label) == (
        "No record is known yet.",
        "Open the run",
    )


def test_a_record_by_hand_needs_you_and_can_be_checked_now(product: Product) -> None:
    item = waits(product, proof())
    [row] = page(product).rows
    assert (row.host, row.short, row.values) == (f"{NAME}.", "_3f1c.api.vpce", [f"{VALUE}."])
    assert (row.mark.whole, row.who, row.check_url) == (
        "Action required",
        "You set it at your DNS provider",
        f"/items/{item.pk}/check/",
    )
    assert [(one.words, one.number) for one in row.tallies] == [
        ("own name servers", "0 of 1"),
        ("public resolvers", "0 of 1"),
    ]
    turn = page(product).turn
    assert turn.mark.word == "Your turn"
    assert turn.button
    assert (turn.button.label, turn.button.posts) == ("Check now", True)


def test_a_resolver_that_was_not_asked_yet_is_not_called_wrong(product: Product) -> None:
    later = proof()
    seen = [{**row, "problem": AWAITED} if row["role"] == "resolver" else row for row in later.facts["found"]]
    waits(product, dataclasses.replace(later, facts={**later.facts, "found": seen}))
    [row] = page(product).rows
    assert [one.mark.word for one in row.tallies] == ["Not right", "Not asked yet"]
    assert [one.mark.word for one in row.found] == ["Not right", "Not asked yet"]


def test_a_record_that_we_write_waits_for_dns(product: Product) -> None:
    waits(product, proof(by_hand=False), waiting_for="dns")
    board = page(product)
    assert (board.rows[0].mark.whole, board.rows[0].who) == ("Waiting on DNS", "We set it in Route 53")
    assert board.turn.now == "1 record is looked for in DNS."


def test_another_value_is_shown_letter_by_letter(product: Product) -> None:
    waits(product, proof("vpce:l6pOER", type="TXT", name="_x.api.example.com", expected="vpce:l6p0ER"))
    [row] = page(product).rows
    assert [(piece.same, piece.expected, piece.found) for piece in row.letters] == [
        (True, "vpce:l6p", "vpce:l6p"),
        (False, "0", "O"),
        (True, "ER", "ER"),
    ]
    assert row.diagnosis == "other value"


def test_a_served_record_is_done_though_its_item_still_waits_for_another(product: Product) -> None:
    waits(product, proof(VALUE), proof(name="_b.api.vpce.example.com"))
    assert {row.host: row.mark.whole for row in page(product).rows} == {
        f"{NAME}.": "Done",
        "_b.api.vpce.example.com.": "Action required",
    }
    assert page(product).said == "1 of 2 records found everywhere"


def test_a_record_that_is_not_served_any_more_is_a_warning_and_your_turn(product: Product) -> None:
    waits(product, proof(VALUE))
    item = factories.item(product, "validation")
    factories.moved(item, "done", proofs=[proof("")])
    board = page(product)
    assert (board.rows[0].mark.word, board.turn.mark.word) == ("Warning", "Your turn")
    assert "not served any more" in board.turn.now


def test_records_of_an_older_attempt_are_not_asked_for(product: Product) -> None:
    waits(product, proof(name="_old.api.vpce.example.com"))
    Evidence.objects.update(attempt=0)
    waits(product, proof())
    assert [row.host for row in page(product).rows] == [f"{NAME}."]


def test_what_acm_told_is_listed_before_anybody_looked(product: Product) -> None:
    item = factories.item(product, "certificate_request", "us-east-1")
    records = [{"type": "CNAME", "name": NAME, "values": [VALUE], "ttl": 300}]
    Item.objects.filter(pk=item.pk).update(state="done", outputs={"records": records, "listener_records": []})
    [row] = page(product).rows
    assert (row.host, row.tallies, row.mark.word) == (f"{NAME}.", [], "Not started")


def test_the_delegation_is_guarded_until_every_certificate_is_issued(product: Product) -> None:
    waits(product, proof(VALUE), proof(type="TXT", name="_t.example.com", expected="x"))
    guard = page(product).guard
    assert guard
    assert not guard.open
    assert guard.sentence.startswith("Do not set the NS record yet: it is refused until")
    assert [row.host for row in guard.hidden] == [f"{NAME}."]
    assert [row.host for row in guard.stay] == ["_t.example.com."]
    assert guard.lines == f"{NAME}. CNAME {VALUE}."

    Item.objects.filter(product=product, slug="certificate", region="us-east-1").update(state="done")
    guard = page(product).guard
    assert guard
    assert (guard.open, guard.mark.word) == (False, "Certificates issued in 1 of 2 regions")
    Item.objects.filter(product=product, slug="certificate").update(state="done")
    guard = page(product).guard
    assert guard
    assert (guard.open, guard.mark.word) == (True, "Certificates issued in 2 of 2 regions")


def test_a_wait_for_the_name_servers_is_marketplaces_turn(product: Product) -> None:
    asked = factories.item(product, "name_servers")
    factories.moved(asked, "waiting", waiting_for="marketplace", sentence="Asked by email.")
    Item.objects.filter(product=product).exclude(pk=asked.pk).update(next_check_at=None)
    turn = page(product).turn
    assert (turn.mark.word, turn.now) == ("Waiting on AWS Marketplace", "Asked by email.")


def test_ten_records_cost_as_much_as_one(product: Product, django_assert_num_queries: Any) -> None:
    waits(product, proof())
    fresh = Product.objects.select_related("service_connection", "dns_connection").get(pk=product.pk)
    with django_assert_num_queries(3):
        dns_page(fresh, may_run=True)
    waits(product, *(proof(name=f"_{number}.api.vpce.example.com") for number in range(10)))
    fresh = Product.objects.select_related("service_connection", "dns_connection").get(pk=product.pk)
    with django_assert_num_queries(3):
        assert len(dns_page(fresh, may_run=True).rows) == 11


def test_the_age_of_a_sight_is_that_of_its_last_change(product: Product) -> None:
    waits(product, proof())
    [row] = page(product).rows
    assert row.seen
    assert row.seen.words.startswith("unchanged for ")


def test_name_servers_are_not_asked_for_once_they_are_there(product: Product) -> None:
    asked = factories.item(product, "name_servers")
    factories.moved(asked, "waiting", waiting_for="marketplace", sentence="Asked by email.")
    guard = page(product).guard
    assert guard
    assert guard.servers_url == f"/items/{asked.pk}/"
    Item.objects.filter(pk=asked.pk).update(state="done", waiting_for="")
    guard = page(product).guard
    assert guard
    assert guard.servers_url == ""
