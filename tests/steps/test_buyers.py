"""Buyers: what the verification of the allow list says."""

from __future__ import annotations

from tests.contract.driver import Driver
from tests.contract.world import ANY, World
from tests.steps.conftest import Make

TESTER = "222222222222"


def said(driver: Driver) -> str:
    driver.up()
    [proof] = [proof for proof in driver.proofs["buyers", "us-east-1"] if proof.check == "allow_list"]
    return proof.sentence


def test_the_buyer_test_account_is_no_buyer_and_not_put_on_the_list(product: Make, world_by_hand: World) -> None:
    test_role = world_by_hand.role(ANY, account=TESTER)
    made = product(buyers=[{"account_id": "333333333333"}], buyer_test=test_role)
    made.up(until="buyers")
    [proof] = made.proofs["buyers", "us-east-1"]
    assert proof.sentence == "On the allow list: 1 buyer."
    assert proof.facts == {"principals": ["arn:aws:iam::333333333333:root"], "others": []}


def test_buyers_and_strangers_are_counted_apart(product: Make) -> None:
    made = product(buyers=[{"account_id": "333333333333"}, {"account_id": "444444444444"}])
    assert said(made) == "On the allow list: 2 buyers."
