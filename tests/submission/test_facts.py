"""Facts: the same world gives the same digest, another world another, and nothing is lost on the way."""

from __future__ import annotations

import dataclasses
import json

from onboarding.engine import delivery
from onboarding.submission.aws_snapshot import kept
from onboarding.submission.facts import Facts, Kept, digest
from tests.submission.package import facts, region


def test_order_does_not_change_the_digest() -> None:
    one = facts()
    turned = dataclasses.replace(one, regions=one.regions[::-1], servers=one.servers[::-1], keep=one.keep * 2)

    assert digest(one.dump()) == digest(turned.dump())
    assert json.dumps(one.dump()) == json.dumps(turned.dump())


def test_every_fact_is_part_of_the_digest() -> None:
    one = facts()
    others = [
        facts(product="Another"),
        facts(product_id="prod-x"),
        facts(friendly_name="b.vpce.example.com"),
        facts(private_name=""),
        facts(servers=("ns-1.awsdns-01.com",)),
        facts(keep=()),
        facts(process="Otherwise."),
        facts(seller="another"),
        facts(regions=(region("us-east-1"),)),
        facts(regions=(region("eu-west-1", account="333333333333"), region("us-east-1"))),
    ]

    assert len({digest(other.dump()) for other in [one, *others]}) == len(others) + 1


def test_facts_come_back_as_they_were_written() -> None:
    plain = facts().dump()

    assert Facts.load(json.loads(json.dumps(plain))).dump() == plain


def test_the_engine_counts_the_same_digest() -> None:
    assert delivery.digest(facts().dump()) == digest(facts().dump())


def test_only_records_below_the_delegated_name_have_to_be_kept() -> None:
    inside = Kept(name="_x.api.vpce.example.com", value="_y.acm-validations.aws")
    outside = Kept(name="_z.api.example.com", value="_q.acm-validations.aws")

    assert kept([outside, inside, inside], "api.vpce.example.com") == (inside,)
