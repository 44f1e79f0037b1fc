"""The item page: waits and failures are explained, buttons do what they say, nothing typed is lost."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models.functions import Now

from onboarding.checklist.step import CheckResult, Email, Outcome
from onboarding.engine import waits
from onboarding.models import AwsCall, Failure, Item, WaitStat
from onboarding.pages.item.evidence import proofs
from tests import factories
from tests.factories import Tenant

AUTHENTICATION = 2


def page(tenant: Tenant, item: Item, **get: Any) -> str:
    response = factories.signed_in(tenant.engineer).get(f"/items/{item.pk}/", get)
    assert response.status_code == 200
    return response.content.decode()


def failed(tenant: Tenant) -> Item:
    factories.started(tenant.product)
    failure = Failure(
        kind="permission",
        sentence="The role may not do ec2:DescribeRegions.",
        cure="Add the statement to the role's policy.",
        code="AccessDenied",
        message="<script>alert(1)</script> is not authorized",
        request_id="7f1d0c42",
        missing='{"Effect": "Allow"}',
    )
    item = factories.item(tenant.product, "access")
    call = AwsCall(
        item=item,
        run_id=item.run_id,
        attempt=1,
        service="ec2",
        operation="DescribeRegions",
        region="us-east-1",
        params={"AllRegions": True},
        mutating=False,
        status=403,
        code="AccessDenied",
        message="no",
        ms=12,
        at=item.product.created_at,
    )
    return factories.moved(item, "failed", sentence=failure.sentence, failure=failure, calls=[call])


def manual(tenant: Tenant) -> Item:
    regions = {"eu-central-1": {"network": {"mode": "manual"}}}
    product = factories.product(tenant.seller, name="By hand", regions=regions)
    factories.started(product)
    factories.moved(factories.item(product, "access"), "done")
    return factories.moved(
        factories.item(product, "network", "eu-central-1"), "waiting", waiting_for="you", sentence="Give the ids."
    )


def test_a_failure_says_what_aws_said_and_what_is_missing(own: Tenant) -> None:
    text = page(own, failed(own))
    said = [
        "The role may not do",
        "AccessDenied",
        "&lt;script&gt;",
        "7f1d0c42",
        "{&quot;Effect&quot;",
        "Add the statement",
    ]
    positions = [text.index(words) for words in said]
    assert positions == sorted(positions)
    assert "<script>alert" not in text
    assert "aws ec2 describe-regions --all-regions --region us-east-1" in text
    assert all(button in text for button in ("Retry this step", "Change inputs", "Skip with a reason"))


def test_retry_tries_again_once(own: Tenant) -> None:
    item = failed(own)
    client = factories.signed_in(own.engineer)
    first, second = (client.post(f"/items/{item.pk}/retry/", follow=True).content.decode() for _ in range(2))
    assert "The item is tried again." in first
    assert "There was nothing to try again." in second
    assert Item.objects.get(pk=item.pk).state == "todo"


def test_a_skip_needs_a_reason_and_keeps_what_was_typed(own: Tenant) -> None:
    item = failed(own)
    client = factories.signed_in(own.engineer)
    empty = client.post(f"/items/{item.pk}/skip/", {"reason": " "})
    assert (empty.status_code, Item.objects.get(pk=item.pk).state) == (422, "failed")
    assert "Give the reason in a sentence" in empty.content.decode()
    long = client.post(f"/items/{item.pk}/skip/", {"reason": "line\nbreak"})
    assert "line\nbreak" in long.content.decode()
    client.post(f"/items/{item.pk}/skip/", {"reason": "Verified by our network team."})
    skipped = Item.objects.get(pk=item.pk)
    assert (skipped.state, skipped.skip_reason) == ("skipped", "Verified by our network team.")
    assert "Skipped: Verified by our network team." in page(own, skipped)


def test_a_wait_says_for_what_how_long_and_until_when(own: Tenant) -> None:
    factories.started(own.product)
    factories.moved(factories.item(own.product, "access"), "done")
    WaitStat.objects.create(kind="vpc", endpoint=waits.endpoint(), seen=3, mean=120, spread=2)
    item = factories.moved(
        factories.item(own.product, "network", "us-east-1"),
        "waiting",
        waiting_for="aws",
        sentence="AWS is preparing the VPC.",
        aws_status="pending",
        kind="vpc",
        next_in=20,
    )
    text = page(own, item)
    for words in ("Waiting on AWS", "AWS is preparing the VPC.", "pending", "about 2 min, seen 3 times", "Gives up"):
        assert words in text
    assert 'hx-trigger="every 1.5s"' in text


def test_check_now_looks_at_once_and_only_at_what_waits(own: Tenant) -> None:
    factories.started(own.product)
    factories.moved(factories.item(own.product, "access"), "done")
    item = factories.moved(
        factories.item(own.product, "network", "us-east-1"), "waiting", waiting_for="aws", next_in=900
    )
    client = factories.signed_in(own.engineer)
    assert "It is looked at now." in client.post(f"/items/{item.pk}/check/", follow=True).content.decode()
    assert Item.objects.filter(pk=item.pk, next_check_at__lte=Now(), check_asked=True).exists()
    other = factories.item(own.product, "buyers", "us-east-1")
    assert "It does not wait any more." in client.post(f"/items/{other.pk}/check/", follow=True).content.decode()


def test_a_manual_step_asks_for_its_ids_and_names_every_wrong_one(own: Tenant) -> None:
    item = manual(own)
    client = factories.signed_in(own.engineer)
    assert 'name="vpc_id"' in page(own, item)
    wrong = client.post(f"/items/{item.pk}/answer/", {"vpc_id": "vpc-zzz", "subnet_ids": "subnet-1 nonsense"})
    text = wrong.content.decode()
    assert wrong.status_code == 422
    assert "vpc-zzz" in text
    assert "subnet-1 nonsense" in text
    assert text.count("has-error") == 2
    assert text.count("nonsense") == 2, "the wrong one of several is named"
    assert Item.objects.get(pk=item.pk).answer is None


def test_values_that_do_not_fit_together_are_said_and_kept_on_the_page(own: Tenant) -> None:
    product = factories.product(own.seller, name="Two ways", regions={"us-east-1": {"targets": {"mode": "manual"}}})
    factories.started(product)
    for slug, region in (("access", ""), ("network", "us-east-1")):
        factories.moved(factories.item(product, slug, region), "done")
    item = factories.moved(
        factories.item(product, "targets", "us-east-1"), "waiting", waiting_for="you", sentence="Give ids."
    )
    client = factories.signed_in(own.engineer)
    both = {"instance_ids": "i-0abc1234", "ip_addresses": "10.0.0.9"}
    response = client.post(f"/items/{item.pk}/answer/", both)
    text = response.content.decode()
    assert response.status_code == 422
    assert "exactly one" in text or "only one" in text
    assert "i-0abc1234" in text
    assert "10.0.0.9" in text
    assert Item.objects.get(pk=item.pk).answer is None
    assert client.post(f"/items/{item.pk}/answer/", {}).status_code == 422


def test_right_ids_are_kept_with_who_gave_them(own: Tenant) -> None:
    item = manual(own)
    ids = {"vpc_id": "vpc-0abc1234", "subnet_ids": "subnet-0abc1234\nsubnet-0abc1235"}
    response = factories.signed_in(own.engineer).post(f"/items/{item.pk}/answer/", ids, follow=True)
    assert "Noted; it is looked at now." in response.content.decode()
    kept = Item.objects.get(pk=item.pk)
    assert kept.given() == {"vpc_id": "vpc-0abc1234", "subnet_ids": ["subnet-0abc1234", "subnet-0abc1235"]}
    assert (kept.answer or {})["by"] == own.engineer.email
    assert kept.next_check_at is not None


def test_an_item_to_do_names_what_it_waits_for(own: Tenant) -> None:
    factories.started(own.product)
    text = page(own, factories.item(own.product, "load_balancer", "eu-west-1"))
    assert "Network in eu-west-1</a> (Not started)" in text


def test_evidence_is_shown_with_its_facts_and_hash(own: Tenant) -> None:
    factories.started(own.product)
    proof = CheckResult(
        check="identity", outcome=Outcome.WARN, sentence="A look at it.", facts={"account": "111111111111"}
    )
    item = factories.moved(factories.item(own.product, "access"), "done", proofs=[proof])
    text = page(own, item)
    assert all(words in text for words in ("Warning", "A look at it.", "identity", "111111111111", "SHA-256"))
    assert item.evidence.get().sha256 in text


def test_calls_are_paged(own: Tenant) -> None:
    item = failed(own)
    call = item.calls.get()
    rest = {"item": item, "attempt": 1, "service": "ec2", "region": "us-east-1", "mutating": False, "at": call.at}
    AwsCall.objects.bulk_create(AwsCall(operation=f"Look{number:02}", **rest) for number in range(30))
    first, second = page(own, item), page(own, item, page="2")
    assert "<code>ec2:Look29</code>" in first
    assert "<code>ec2:Look00</code>" not in first
    assert "<code>ec2:Look00</code>" in second
    assert "<code>ec2:DescribeRegions</code>" in second
    assert "<code>ec2:Look29</code>" in page(own, item, page="nonsense")


def test_a_retired_step_is_shown_and_not_lost(own: Tenant) -> None:
    factories.started(own.product)
    item = factories.item(own.product, "buyers", "us-east-1")
    Item.objects.filter(pk=item.pk).update(slug="once_a_step", state="not_needed")
    assert "once_a_step (retired) in us-east-1" in page(own, Item.objects.get(pk=item.pk))
    run = factories.signed_in(own.engineer).get(f"/products/{own.product.pk}/run/").content.decode()
    assert "once_a_step (retired)" in run


def test_an_unchanged_item_is_answered_304(own: Tenant, django_assert_num_queries: Any) -> None:
    item = failed(own)
    client = factories.signed_in(own.engineer)
    url = f"/items/{item.pk}/live/"
    tag = client.get(url)["ETag"]
    with django_assert_num_queries(AUTHENTICATION + 2):
        assert client.get(url, headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize("verb", ["retry", "skip", "answer", "check"])
def test_an_administrator_may_look_but_not_act(own: Tenant, verb: str) -> None:
    item = failed(own)
    client = factories.signed_in(factories.admin())
    assert client.get(f"/items/{item.pk}/").status_code == 200
    assert client.post(f"/items/{item.pk}/{verb}/", {"reason": "x"}).status_code == 403
    assert Item.objects.get(pk=item.pk).state == "failed"


def test_the_mail_that_was_sent_is_shown_word_by_word(own: Tenant) -> None:
    product = factories.product(own.seller, name="Asked", facts=factories.MARKETPLACE)
    factories.started(product)
    letter = Email(key="name-servers-1", to="seller_ops", subject="Name servers for it", body="Dear <team>,")
    item = factories.moved(
        factories.item(product, "name_servers"), "waiting", waiting_for="marketplace", sentence="Asked.", sends=[letter]
    )
    text = page(own, item)
    assert "Name servers for it" in text
    assert "Dear &lt;team&gt;," in text
    assert "Email to AWS Marketplace Seller Operations" not in page(own, factories.item(product, "access"))


def test_evidence_of_several_regions_is_folded_and_a_failed_one_stands_open(own: Tenant) -> None:
    factories.started(own.product)
    checks = [(f"found.{region}", Outcome.PASS) for region in factories.REGIONS] + [("verdict.eu-west-1", Outcome.FAIL)]
    seen = [CheckResult(check=check, outcome=outcome, sentence=f"Of {check}.") for check, outcome in checks]
    item = factories.moved(factories.item(own.product, "access"), "done", proofs=seen)
    folds = proofs(item).folds
    assert [(fold.title, fold.said, fold.open) for fold in folds] == [
        ("eu-west-1", "2 checks, 1 with warnings or failures", True),
        ("us-east-1", "1 check, all passed", False),
    ]
    text = page(own, item)
    assert all(f"Of {check}." in text for check, _ in checks)


def test_passed_and_older_evidence_is_folded(own: Tenant) -> None:
    factories.started(own.product)
    for sentence in ("Before.", "Now."):
        seen = [CheckResult(check=f"c{n}", outcome=Outcome.PASS, sentence=f"{sentence} {n}") for n in range(5)]
        warning = CheckResult(check="w", outcome=Outcome.WARN, sentence=f"{sentence} Mind it.")
        item = factories.moved(
            factories.item(own.product, "access"), "waiting", waiting_for="aws", next_in=5, proofs=[*seen, warning]
        )
    found = proofs(item)
    assert len(found.shown) == 2
    assert "Now. Mind it." in [proof.sentence for proof in found.shown]
    assert [(fold.title, len(fold.proofs)) for fold in found.folds] == [
        ("4 more checks passed", 4),
        ("6 checks from before", 6),
    ]
