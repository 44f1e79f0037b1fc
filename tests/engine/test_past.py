"""The evidence that a step asks for: the newest of each check, read once a claim."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from onboarding.checklist.step import CheckResult, Outcome
from onboarding.engine import clock
from onboarding.engine.evidence import Evidences
from onboarding.engine.lease import Lease
from onboarding.models import Evidence, Item
from tests import factories
from tests.factories import Tenant

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]


def proof(check: str, sentence: str, outcome: Outcome = Outcome.PASS) -> CheckResult:
    return CheckResult(check=check, outcome=outcome, sentence=sentence, facts={"said": sentence})


def waits(tenant: Tenant, slug: str, region: str, *proofs: CheckResult) -> Item:
    item = factories.item(tenant.product, slug, region)
    return factories.moved(item, "waiting", waiting_for="aws", sentence="AWS is at it.", next_in=0, proofs=proofs)


def held(item: Item) -> Lease:
    return Lease(item=item, owner=uuid4(), now_at_claim=clock.now())


@pytest.fixture
def tenant(db: None) -> Tenant:
    made = factories.tenant()
    factories.started(made.product)
    return made


def test_the_newest_of_each_check_is_told_and_whether_it_is_of_this_attempt(tenant: Tenant) -> None:
    other = waits(tenant, "network", "us-east-1", proof("vpc", "Two subnets."))
    own = waits(tenant, "network", "eu-west-1", proof("vpc", "One subnet."), proof("zones", "Three zones."))
    own = waits(tenant, "network", "eu-west-1", proof("vpc", "Two subnets."))
    evidence = Evidences(held(own))
    told = {past.check: past.sentence for past in evidence("network", "eu-west-1")}
    assert told == {"vpc": "Two subnets.", "zones": "Three zones."}
    assert all(past.current for past in evidence("network", "eu-west-1"))
    assert [past.current for past in evidence(other.slug, other.region)] == [False]
    Evidence.objects.filter(item=own).update(attempt=7)
    assert not any(past.current for past in Evidences(held(other))("network", "eu-west-1"))


def test_a_drift_that_a_later_look_no_longer_saw_is_over(tenant: Tenant) -> None:
    own = waits(tenant, "network", "eu-west-1", proof("network.drift", "The VPC is gone.", Outcome.FAIL))
    assert [past.check for past in Evidences(held(own))("network", "eu-west-1")] == ["network.drift"]
    own = waits(tenant, "network", "eu-west-1", proof("vpc", "Two subnets."))
    assert [past.check for past in Evidences(held(own))("network", "eu-west-1")] == ["vpc"]


def test_it_is_read_once_for_the_item_and_once_for_all_others(tenant: Tenant, django_assert_num_queries: Any) -> None:
    for region in factories.REGIONS:
        own = waits(tenant, "network", region, proof("vpc", "Two subnets."))
    evidence = Evidences(held(own))
    with django_assert_num_queries(2):
        for region in factories.REGIONS * 3:
            assert len(evidence("network", region)) == 1
        assert evidence("access") == []
