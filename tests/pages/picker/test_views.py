"""The picker's page: search, pages, the way back, what it says when AWS or the question is wrong, and what it asks."""

from __future__ import annotations

import html
import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

from onboarding.pages.picker.registry import PICKERS, reads
from sellers.models import Connection
from tests import factories, products
from tests.pages.picker import build
from tests.pages.picker.conftest import FITS, HOME, REFUSED, Shop

CHANGES = ("Create", "Delete", "Modify", "Put", "Run", "Register", "Add", "Remove", "Set", "Request", "Import")
BAD = (
    ("vpc", "vpc-ZZZ", '"vpc-ZZZ" isn\'t a VPC ID'),
    ("port", "0", "“port” was left out"),
    ("port", "x" * 500, "“port” was left out"),
    ("zones", "us-east-1a", '"us-east-1a" isn\'t an Availability Zone ID'),
    ("page", "-1", "“page” was left out"),
    ("page", "٣", "“page” was left out"),
    ("field", "a b<script>", "“field” was left out"),
    ("field", "next", "“field” was left out"),
    ("q", "😀\x00\u202e" * 100, "The search takes 200 characters"),
    ("instances", "i-1\x00", "A value of “instances” was left out"),
)


def test_sixty_vpcs_stand_on_three_pages_what_fits_first(shop: Shop) -> None:
    shop.sandbox.post(
        "quotas", {"account_id": products.SELLER, "region": HOME, "service": "vpc", "code": "L-F678F1CE", "value": 100}
    )
    for at in range(59):
        build.vpc(shop, f"10.{at}.0.0/16", name=f"lone-{at:02}", dns=False)
    good = build.vpc(shop, "10.99.0.0/16", name="zz-good")
    build.subnets(shop, good, build.zone_ids(shop), "10.99.{}.0/24")

    responses = [shop.get("vpc", page=number, vpc=good) for number in ("1", "2", "3", "99")]
    boards = [response.context["board"] for response in responses]  # type: ignore[attr-defined]

    assert [len(each.shelf.offers) for each in boards] == [20, 20, 20, 1]
    assert (boards[0].count, boards[0].shelf.pages) == ("61 VPCs", 4)  # the account's default VPC is one more
    first = boards[0].shelf.offers[0]
    assert (first.found.id, first.verdict) == (good, FITS)
    assert boards[3].shelf.offers[0].verdict is REFUSED
    ids = {offer.found.id for board in boards for offer in board.shelf.offers}
    assert len(ids) == 61
    page = responses[1].content.decode()
    assert "Page 2 of 4" in page
    assert f'value="{good}"\n               checked' in page  # chosen on another page, and still chosen


def test_search_finds_by_id_name_and_tag(shop: Shop) -> None:
    one, two = build.vpc(shop, name="Analytics"), build.vpc(shop, name="web")
    shop.aws("ec2").create_tags(Resources=[two], Tags=[{"Key": "team", "Value": "payments"}])

    for q, found in (("analyt", {one}), (two[4:], {two}), ("team=pay", {two}), ("no such", set())):
        board = shop.board("vpc", q=q)
        assert {offer.found.id for offer in board.shelf.offers} == found, q
        assert board.count == f"{len(found)} of 3 VPCs match"
    assert "holds “no such”. Type less of it" in shop.get("vpc", q="no such").content.decode()


def test_use_this_goes_back_with_the_choice_and_keeps_what_the_path_had(shop: Shop) -> None:
    asked = {"field": "eu.network", "next": "/products/?page=2&eu.network=old", "use": "1"}

    response = shop.browser.get(shop.url("subnets"), {**asked, "eu.network": ["subnet-1", "subnet-2"]})

    assert response.status_code == 302
    parts = urlsplit(response["Location"])
    assert (parts.netloc, parts.path) == ("", "/products/")
    assert parse_qs(parts.query) == {"page": ["2"], "eu.network": ["subnet-1", "subnet-2"]}


def test_nothing_chosen_is_said_and_no_other_site_is_a_way_back(shop: Shop) -> None:
    page = shop.get("vpc", next="/products/", use="1").content.decode()
    assert "Nothing is chosen yet." in page

    for foreign in ("https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example", "products/"):
        response = shop.get("vpc", next=foreign, use="1", vpc="vpc-0123456789abcdef0")
        assert response.status_code == 200, foreign
        assert "“next” was left out" in response.content.decode()


def test_htmx_gets_the_list_alone_whose_search_is_of_no_form(shop: Shop) -> None:
    build.vpc(shop, name="one")

    part = shop.browser.get(shop.url("vpc"), {"field": "network"}, headers={"HX-Request": "true"}).content.decode()
    page = shop.get("vpc", field="network", next="/products/").content.decode()

    assert "<html" not in part
    assert "<form" not in part
    assert 'type="submit"' not in part
    assert 'name="use"' not in part
    assert 'form="pick-alone"' in part
    assert 'name="network"' in part
    assert 'name="use"' in page
    assert 'form="pick-alone"' not in page


def test_a_value_that_does_not_fit_is_a_sentence_and_the_list_stands(shop: Shop) -> None:
    for name, value, said in BAD:
        response = shop.get("instances", **{name: value})

        assert response.status_code == 200, name
        page = response.content.decode()
        assert said in html.unescape(page), name
        assert "<script>" not in page.partition("<main")[2]


def test_what_aws_refuses_is_said_with_its_cure(shop: Shop) -> None:
    faults: list[tuple[dict[str, Any], str]] = [
        ({"code": "RequestLimitExceeded", "status": 503}, "AWS takes no more calls"),
        ({"code": "InternalError", "status": 500}, "AWS could not answer"),
    ]
    for fault, said in faults:
        shop.sandbox.post("faults", {"service": "ec2", "action": "DescribeVpcs", "times": 9, **fault})
        page = shop.get("vpc").content.decode()
        shop.sandbox.post("faults-clear")
        assert said in page
        assert fault["code"] in page
    assert "does not answer account 111111111111" in shop.get("vpc", region="af-south-1").content.decode()
    assert "AWS has no Region &quot;us-east-9&quot;" in shop.get("vpc", region="us-east-9").content.decode()
    for strange in ("us-east-1\x00", "<b>", "😀" * 50, "us-east-1a"):
        assert shop.board("vpc", region=strange).problem is not None, strange
    assert shop.board("vpc", region="us-east-1 ").problem is None
    assert shop.get("nonsense").status_code == 404


def test_a_role_that_is_not_proven_or_refuses_us_is_said(shop: Shop) -> None:
    Connection.objects.filter(pk=shop.connection.pk).update(state="new")
    page = shop.get("vpc").content.decode()
    assert "is not proven, so nothing is read through it" in page
    assert f"/connections/{shop.connection.pk}/" in page

    Connection.objects.filter(pk=shop.connection.pk).update(state="proven")
    trust = products.trust("arn:aws:iam::999999999999:root", "0" * 32)
    role = {"role_name": "onboarding", "policies": [products.ALL], "trust_policy": trust}
    shop.sandbox.post("roles", {"account_id": products.SELLER, **role})
    assert "t be assumed anymore" in shop.get("vpc").content.decode()


def test_a_missing_action_is_named_ready_to_copy(shop: Shop) -> None:
    _allow(shop, [action for action in reads() if action != "ec2:DescribeSubnets"])

    problem = shop.board("vpc").problem

    assert problem is not None
    assert "may not do ec2:DescribeSubnets" in problem.sentence
    assert json.loads(problem.missing)["Action"] == "ec2:DescribeSubnets"


def test_a_missing_extra_action_is_a_warning_only(shop: Shop) -> None:
    _allow(shop, [action for action in reads() if action != "ec2:DescribeVpcAttribute"])
    build.subnets(shop, vpc := build.vpc(shop), build.zone_ids(shop))

    assert shop.offers("vpc")[vpc].warnings == (
        "The role may not do ec2:DescribeVpcAttribute, so not all rules were looked at.",
    )


def test_the_declared_reads_are_enough_for_every_picker_and_nothing_is_changed(shop: Shop) -> None:
    vpc = build.vpc(shop)
    group = build.group(shop, vpc, "g", 443)
    subnets = build.subnets(shop, vpc, build.zone_ids(shop))
    arn = build.balancer(shop, "good", subnets)
    build.listener(shop, arn, build.targets(shop, vpc, "good"))
    build.instance(shop, subnets[0], group)
    build.service(shop, arn)
    products.zone(shop.sandbox)
    shop.sandbox.post("calls-clear")
    for kind, picker in PICKERS.items():
        _allow(shop, list(picker.reads))
        offers = shop.offers(kind, **_context(vpc, arn))
        assert not any("The role may not" in said for offer in offers.values() for said in offer.warnings), kind

    asked = {call["action"] for call in shop.sandbox.get("calls")}
    assert {"DescribeVpcs", "DescribeLoadBalancers", "ListHostedZones", "ListCertificates"} <= asked
    assert not [action for action in asked if action.startswith(CHANGES)]


def test_an_account_without_any_teaches_what_to_do(shop: Shop) -> None:
    page = shop.get("load_balancer").content.decode()
    assert "Account 111111111111 has no load balancer in us-east-1. Choose “Create for me”" in page


def test_a_list_of_which_nothing_can_be_used_says_what_to_do_instead(shop: Shop) -> None:
    shop.aws("acm").request_certificate(DomainName="api.example.com", ValidationMethod="DNS")

    page = shop.get("certificate", next="/products/").content.decode()

    assert "None of them can be used as it stands. Choose “Create for me”" in page
    assert 'name="use"' not in page, "there is nothing to use"


def test_another_sellers_connection_is_not_found(shop: Shop) -> None:
    other = factories.tenant("canary-corp", "555555555555")

    assert factories.signed_in(other.lead).get(shop.url("vpc")).status_code == 404
    assert factories.signed_in(factories.admin()).get(shop.url("vpc")).status_code == 403


def _allow(shop: Shop, actions: list[str]) -> None:
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": actions, "Resource": "*"}]}
    products.connect(shop.sandbox, shop.own.seller, products.SELLER, "onboarding", policy)


def _context(vpc: str, arn: str) -> dict[str, str]:
    return {"vpc": vpc, "port": "443", "protocol": "TCP", "names": products.FRIENDLY, "balancer": arn}
