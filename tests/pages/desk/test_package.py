"""A package: the mail beside its evidence, and who decides on which version."""

from __future__ import annotations

import re
from datetime import timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from onboarding.models import Item, Run, Submission
from sellers.models import Membership, Product, User
from sellers.models.choices import Role
from tests import factories, submissions
from tests.factories import Tenant
from tests.pages.desk.browser import order, post, words


def test_the_package_shows_what_the_mail_says(version: Submission, desk: Client) -> None:
    text = words(desk, f"/desk/{version.pk}/")
    for said in (
        "com.amazonaws.vpce.us-east-1.vpce-svc-00a010345a21646f",
        "us-east-1, account 111111111111",
        submissions.NAME,
        "arn:aws:acm:eu-west-1:111111111111:certificate/1",
        *submissions.SERVERS,
        "_xyz.acm-validations.aws",
        "not provided",
        "We mail every buyer.",
        version.sha256,
        "prod-abcdefghijklm",
    ):
        assert said in text


def test_evidence_before_and_since_the_mail_stand_side_by_side(version: Submission, desk: Client) -> None:
    submission = submissions.older(version, 1)
    two_days = timezone.now() - timedelta(days=2)
    submissions.proof(version.product, "reach", "us-east-1", sentence="Every zone answered.", at=two_days)
    text = words(desk, f"/desk/{submission.pk}/")
    line = re.search(r'id="line-S48".*?id="line-S49"', text, re.S)
    assert line
    assert "Every zone answered." in line[0]
    assert "2 d old" in line[0]
    submissions.proof(version.product, "reach", "us-east-1", outcome="fail", sentence="Zone use1-az2 is silent.")
    line = re.search(r'id="line-S48".*?id="line-S49"', words(desk, f"/desk/{submission.pk}/"), re.S)
    assert line
    assert line[0].index("Every zone answered.") < line[0].index("Zone use1-az2 is silent.")


def test_what_changed_since_the_version_before_is_marked(product: Product, desk: Client) -> None:
    submissions.sent(product)
    second = submissions.sent(product, 2, private_name="api.example.com")
    text = words(desk, f"/desk/{second.pk}/")
    changed = re.findall(r'id="line-(S\d+)">(?:(?!id="line-).)*?</svg>\s*changed<', text, re.S)
    assert changed == ["S29", "S45"]


def test_a_package_costs_the_same_with_much_evidence_and_many_remarks(version: Submission, desk: Client) -> None:
    desk.get(f"/desk/{version.pk}/")

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            words(desk, f"/desk/{version.pk}/")
        return len(queries)

    before = cost()
    for number in range(40):
        submissions.proof(version.product, "reach", "us-east-1", f"check.{number}")
        submissions.proof(version.product, "network", "eu-west-1", f"check.{number}", at=version.sent_at)
        question = version.remarks.create(
            kind="question", line="S27", text=f"{number}?", answered=True, at=timezone.now()
        )
        version.remarks.create(kind="answer", text="Yes.", question=question, at=timezone.now())
    assert cost() == before
    assert before <= 20


def test_a_decision_that_came_too_late_says_so(version: Submission, desk: Client) -> None:
    newer = submissions.sent(version.product, 2, private_name="api.example.com")
    assert "Version 1 is not the newest any more" in post(desk, f"/desk/{version.pk}/acknowledge/")
    assert f'href="/desk/{newer.pk}/"' in words(desk, f"/desk/{version.pk}/")
    response = desk.post(f"/desk/{version.pk}/confirm/", headers={"HX-Request": "true"})
    assert response.status_code == 409


def test_a_reviewer_who_is_of_the_seller_reads_and_decides_nothing(
    version: Submission, own: Tenant, desk: Client, rita: User
) -> None:
    Membership.objects.create(seller=own.seller, user=rita, role=Role.ENGINEER)
    assert "Your own seller: a colleague decides." in words(desk, "/desk/")
    submissions.waits(version.product, "name_servers")
    item = Item.objects.get(product=version.product, slug="name_servers")
    urls = [f"/desk/{version.pk}/{part}" for part in ("", "live/")] + [f"/desk/name-servers/{item.pk}/"]
    posts = [f"/desk/{version.pk}/{part}/" for part in ("acknowledge", "ask", "note", "return", "confirm", "verify")]
    for response in [desk.get(url) for url in urls] + [desk.post(url, {"text": "x"}) for url in posts]:
        assert response.status_code == 403
        assert "nobody decides on a seller of their own" in response.content.decode()
    assert Submission.objects.get().state == "sent"


def test_verify_now_starts_one_look_and_the_bar_follows_it(version: Submission, desk: Client) -> None:
    url = f"/desk/{version.pk}/"
    assert "Rechecking everything (read-only)." in post(desk, f"{url}verify/")
    post(desk, f"{url}verify/")
    run = Run.objects.get(product=version.product, verb="verify")
    bar = words(desk, f"{url}live/")
    assert "Verification is under way, asked for by Rita: 0 items looked at." in bar
    assert 'hx-trigger="every 2s"' in bar
    Run.objects.filter(pk=run.pk).update(state="done", ended_at=timezone.now())
    bar = words(desk, f"{url}live/")
    assert "everything is as it was made" in bar
    assert "hx-trigger" not in bar
    assert "Show what it saw" in bar


def test_a_look_at_one_region_is_not_taken_for_all(version: Submission, desk: Client) -> None:
    for region in factories.REGIONS:
        submissions.proof(version.product, "reach", region, at=version.frozen_at - timedelta(hours=1))
    submissions.older(version, 0.01)
    submissions.proof(version.product, "reach", "us-east-1", sentence="Every zone answered.")
    text = words(desk, f"/desk/{version.pk}/")
    assert "Every zone answered. Looked at again in us-east-1 alone." in text


def test_what_the_seller_confirmed_from_our_mail_is_live(version: Submission, desk: Client) -> None:
    item = submissions.waits(version.product, "go_live")
    Item.objects.filter(pk=item.pk).update(state="done", waiting_for="")
    text = words(desk, f"/desk/{version.pk}/")
    assert "It is live: the seller passed your confirmation on." in text
    assert "Start review" not in text
    assert order(desk) == []
    assert order(desk, show="live") == [version.product.name]
    assert "is live already" in post(desk, f"/desk/{version.pk}/return/", text="Too late.")
    assert Submission.objects.get().state == "sent"


def test_a_line_that_passed_is_folded_and_one_that_did_not_stands_open(version: Submission, desk: Client) -> None:
    for region in factories.REGIONS:
        submissions.proof(version.product, "reach", region, at=version.frozen_at - timedelta(hours=1))
        submissions.proof(version.product, "network", region, outcome="warn", at=version.frozen_at - timedelta(hours=1))
    text = words(desk, f"/desk/{version.pk}/")
    assert re.search(r'<li class="quiet" id="line-S48">', text)
    assert re.search(r'<li class="field" id="line-S39">', text)
    assert re.search(r'<li class="field" id="line-S27">', text)
