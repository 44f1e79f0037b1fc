"""Two attempts side by side: what differs is said, what AWS was asked to change is compared without our own tokens."""

from __future__ import annotations

from onboarding.engine import commands
from onboarding.models import Attempt, AwsCall, Failure, Item
from onboarding.pages.item.history import attempts, compare
from tests import factories
from tests.factories import Tenant


def call(item: Item, attempt: int, cidr: str) -> AwsCall:
    return AwsCall(
        item=item,
        attempt=attempt,
        service="ec2",
        operation="CreateVpc",
        region="us-east-1",
        mutating=True,
        ms=700,
        params={"CidrBlock": cidr, "ClientToken": f"token-{attempt}"},
        status=200,
        at=item.product.created_at,
    )


def tried(own: Tenant, *cidrs: str) -> Item:
    """An item that failed once for each CIDR."""
    factories.started(own.product)
    factories.moved(factories.item(own.product, "access"), "done")
    item = factories.item(own.product, "network", "us-east-1")
    for number, cidr in enumerate(cidrs, 1):
        commands.retry(item, None)
        why = Failure(kind="yours", sentence=f"{cidr} does not fit.", code=f"E{number}")
        item = factories.moved(item, "failed", sentence=why.sentence, failure=why, calls=[call(item, number, cidr)])
    return item


def test_one_attempt_is_compared_with_nothing(own: Tenant) -> None:
    item = tried(own, "10.0.0.0/16")
    assert compare(item, attempts(item)) is None


def test_what_differs_is_said_and_what_does_not_is_not(own: Tenant) -> None:
    item = tried(own, "10.0.0.0/16", "10.1.0.0/16")
    found = compare(item, attempts(item))
    assert found is not None
    differing = {line.name: (line.left, line.right) for line in found.lines if line.differs}
    assert differing["Sentence"] == ("10.0.0.0/16 does not fit.", "10.1.0.0/16 does not fit.")
    assert differing["AWS's code"] == ("E1", "E2")
    assert {"Outcome", "Run", "AWS calls"} <= {line.name for line in found.lines} - differing.keys()
    assert found.only_left == ["aws ec2 create-vpc --cidr-block 10.0.0.0/16 --region us-east-1"]
    assert found.only_right == ["aws ec2 create-vpc --cidr-block 10.1.0.0/16 --region us-east-1"]


def test_calls_are_counted_in_words_and_unknown_inputs_are_no_difference(own: Tenant) -> None:
    item = tried(own, "10.0.0.0/16")
    AwsCall.objects.update(code="Refused")
    commands.retry(item, None)
    item = factories.moved(item, "done", calls=[call(item, 2, "10.0.0.0/16"), call(item, 2, "10.1.0.0/16")])
    Attempt.objects.filter(number=2).update(inputs_hash="d573c0a3d9f7")
    found = compare(item, attempts(item))
    assert found is not None
    lines = {line.name: (line.left, line.right) for line in found.lines}
    assert lines["AWS calls"] == (
        "1: 1 to change something, 1 refused; 0:01 in AWS",
        "2: 2 to change something, none refused; 0:01 in AWS",
    )
    assert "Inputs" not in lines, "an attempt that failed keeps no digest to compare"


def test_a_new_token_alone_is_no_difference(own: Tenant) -> None:
    item = tried(own, "10.0.0.0/16", "10.0.0.0/16")
    found = compare(item, attempts(item))
    assert found is not None
    assert (found.only_left, found.only_right) == ([], [])


def test_any_two_may_be_asked_for_and_nonsense_is_the_last_two(own: Tenant) -> None:
    item = tried(own, "10.0.0.0/16", "10.1.0.0/16", "10.2.0.0/16")
    tries = attempts(item)
    for asked, right in ((("1", "3"), (1, 3)), (("9", "x"), (2, 3)), (("²", "-1"), (2, 3)), (("9" * 5000, ""), (2, 3))):
        found = compare(item, tries, *asked)
        assert found is not None
        assert (found.left, found.right) == right
    text = factories.signed_in(own.engineer).get(f"/items/{item.pk}/", {"left": "1", "right": "3"}).content.decode()
    assert "Attempts 1 and 3 side by side" in text
