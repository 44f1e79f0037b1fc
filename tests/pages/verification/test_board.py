"""The verification page's rows: both checklists of the guide from evidence, zones by id, what certificates cover."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F
from django.utils import timezone

from onboarding.checklist.step import CheckResult, Outcome
from onboarding.engine import commands
from onboarding.models import Evidence, Item
from onboarding.pages.verification.board import CheckLine, Seen, Verification, verification
from sellers.models import Product
from tests import factories
from tests.factories import Tenant

US, EU = factories.REGIONS


@pytest.fixture
def product(own: Tenant) -> Product:
    made = factories.product(own.seller, name="Verified", facts=factories.MARKETPLACE)
    factories.started(made)
    return made


def page(product: Product) -> Verification:
    return verification(Product.objects.get(pk=product.pk), may_run=True)


def line(product: Product, code: str) -> CheckLine:
    [found] = [line for one in page(product).lists for line in one.lines if line.guide[0][0] == code]
    return found


def words(seen: Seen | None) -> str:
    return seen.mark.whole if seen else "-"


def done(product: Product, slug: str, region: str, outcome: Outcome = Outcome.PASS, **facts: Any) -> Item:
    proof = CheckResult(check="zones", outcome=outcome, sentence="It was looked at.", facts=facts)
    return factories.moved(factories.item(product, slug, region), "done", proofs=[proof])


def test_both_checklists_of_the_guide_are_there(product: Product) -> None:
    lists = {one.title: [line.guide[0][0] for line in one.lines] for one in page(product).lists}
    assert set(lists["Product creation checklist"]) >= {f"S{number}" for number in range(39, 47)}
    assert lists["Product testing"] == ["S47", "S48", "S49"]


def test_each_region_says_how_it_stands_and_leads_to_its_item(product: Product) -> None:
    item = done(product, "network", US)
    factories.moved(factories.item(product, "network", EU), "failed", sentence="No subnet is left.")
    us, eu = line(product, "S39").cells
    assert us
    assert eu
    assert (words(us), us.url, us.sentence) == ("Done", f"/items/{item.pk}/", "It was looked at.")
    assert us.age is not None
    assert (words(eu), eu.sentence, eu.age) == ("Failed", "No subnet is left.", None)
    turn = page(product).turn
    assert turn.mark.word == "Your turn"
    assert turn.now.endswith("eu-west-1: Failed. No subnet is left.")


@pytest.mark.parametrize(
    ("outcome", "word"), [(Outcome.WARN, "Warning"), (Outcome.ATTESTED, "Self-reported"), (Outcome.FAIL, "Failed")]
)
def test_the_outcome_of_the_evidence_is_the_word(product: Product, outcome: Outcome, word: str) -> None:
    done(product, "network", US, outcome)
    assert words(line(product, "S39").cells[0]) == word


def test_evidence_older_than_seven_days_is_stale(product: Product) -> None:
    done(product, "network", US)
    Evidence.objects.update(at=F("at") - timedelta(days=8))
    seen = line(product, "S39").cells[0]
    assert words(seen) == "Stale"
    assert seen
    assert seen.age
    assert seen.age.words == "8 d"


def test_a_wait_is_said_as_a_wait(product: Product) -> None:
    factories.moved(
        factories.item(product, "network", US), "waiting", waiting_for="aws", sentence="AWS makes it.", next_in=9
    )
    assert words(line(product, "S39").cells[0]) == "Waiting on AWS"


def test_before_the_submission_looked_the_service_itself_answers_for_its_lines(product: Product) -> None:
    done(product, "endpoint_service", US)
    assert [words(seen) for seen in line(product, "S43").cells] == ["Done", "Not started"]
    Evidence.objects.update(outcome="warn")
    assert [words(seen) for seen in line(product, "S43").cells] == ["Warning", "Not started"]


def test_what_the_submission_judged_is_said_though_it_still_waits(product: Product) -> None:
    proofs = [
        CheckResult(check="S28", outcome=Outcome.PASS, sentence="Buyers use it."),
        CheckResult(check="S46", outcome=Outcome.FAIL, sentence="Write down how buyers are told."),
        CheckResult(check=f"S43.{US}", outcome=Outcome.PASS, sentence="It is AWS's own name."),
    ]
    item = factories.item(product, "submission")
    factories.moved(item, "waiting", waiting_for="you", sentence="1 line is not ready.", proofs=proofs)
    assert words(line(product, "S43").cells[0]) == "Done"
    assert words(line(product, "S46").whole) == "Failed"


def test_zones_are_compared_by_id(product: Product) -> None:
    zones = {"region_zone_ids": ["use1-az1", "use1-az2"], "region_zone_names": ["us-east-1d", "us-east-1a"]}
    Item.objects.filter(product=product, slug="network", region=US).update(outputs=zones)
    Item.objects.filter(product=product, slug="load_balancer", region=US).update(outputs={"zone_ids": ["use1-az1"]})
    done(product, "rehearsal", US, zone_ids=["use1-az1"])
    [table] = page(product).zones
    assert [(row.zone_id, row.name, row.balancer.word, row.service.word, row.buyer.word) for row in table.rows] == [
        ("use1-az1", "us-east-1d", "yes", "not tried", "yes"),
        ("use1-az2", "us-east-1a", "no", "not tried", "not tried"),
    ]


def test_a_name_that_no_certificate_covers_is_named(product: Product) -> None:
    names = ["api.vpce.example.com", "*.api.vpce.example.com"]
    Item.objects.filter(product=product, slug="certificate").update(outputs={"names": names})
    [cover] = page(product).covers
    assert cover.where == f"{US}, {EU}"
    assert {row.words: row.mark.word for row in cover.rows} == {
        "user-friendly DNS name": "Covered",
        "names of buyers’ endpoints, regional and zonal": "Covered",
        "private name": "Not covered",
    }


def test_a_verification_that_runs_has_the_turn_and_moves(product: Product) -> None:
    Item.objects.filter(product=product).update(state="done", next_check_at=None)
    assert not page(product).moves
    button = page(product).turn.button
    assert button
    assert (button.label, button.posts) == ("Verify all", True)
    run = commands.verify(product, None)
    board = page(product)
    assert board.moves
    assert board.turn.now == f"Run {run.number} looks at everything again; it changes nothing."


def test_more_evidence_costs_no_more_queries(product: Product, django_assert_num_queries: Any) -> None:
    for slug in ("network", "load_balancer", "endpoint_service"):
        for region in (US, EU):
            done(product, slug, region)
    fresh = Product.objects.select_related("service_connection").get(pk=product.pk)
    with django_assert_num_queries(3):
        verification(fresh, may_run=True)


def test_a_warning_is_nobodys_turn_once_all_is_answered(product: Product) -> None:
    Item.objects.filter(product=product).exclude(state="not_needed").update(state="done", next_check_at=None)
    for item in Item.objects.filter(product=product, state="done"):
        for check in ("zones", "found", "verdict", "S45" if item.slug == "submission" else "more"):
            outcome = "warn" if check == "S45" else "pass"
            Evidence.objects.create(
                item=item, run_id=item.run_id, check_name=check, outcome=outcome, sentence="Seen.", at=timezone.now()
            )
    turn = page(product).turn
    assert "Your turn" not in turn.mark.word
    assert "with a warning" in turn.next or "has a warning" in turn.now


def test_what_another_look_does_not_cure_leads_to_its_item(product: Product) -> None:
    item = factories.moved(factories.item(product, "network", EU), "failed", sentence="No subnet is left.")
    button = page(product).turn.button
    assert button
    assert (button.label, button.url) == ("Open step", f"/items/{item.pk}/")


def test_a_record_to_set_is_your_turn_here_too_though_it_is_looked_for_by_itself(product: Product) -> None:
    Item.objects.filter(product=product).update(next_check_at=None)
    item = factories.moved(
        factories.item(product, "validation"), "waiting", waiting_for="you", sentence="Set the record.", next_in=5
    )
    turn = page(product).turn
    assert (turn.mark.word, turn.button and turn.button.url) == ("Your turn", f"/items/{item.pk}/")
    assert turn.now.startswith("Certificate validation: action required. Set the record.")
    assert turn.next == "The run is paused until this is fixed."
