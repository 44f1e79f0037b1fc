"""The plan as Terraform: whole, well-formed, and with what exists imported."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from onboarding.models import Item, Resource
from onboarding.plan import terraform
from onboarding.things import hcl, kinds
from onboarding.things.base import Thing
from onboarding.things.hcl import Body, Expr
from sellers.models import Product
from tests import products
from tests.sandbox_process import SandboxProcess

ADDRESS = re.compile(r"\b(aws_[a-z0-9_]+|data\.aws_[a-z0-9_]+)\.([a-z0-9_]+)")


def test_every_kind_that_has_a_type_has_a_block() -> None:
    for cls in kinds().values():
        assert bool(cls.terraform_type) == (cls.terraform is not Thing.terraform), cls.kind


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ('a "b"', '"a \\"b\\""'),
        ("${x}", '"$${x}"'),
        ("%{if}", '"%%{if}"'),
        ("a\nb\\", '"a\\nb\\\\"'),
        ("\x08", '"\\u0008"'),
        ("$x é", '"$x é"'),
    ],
)
def test_a_text_means_what_it_says(value: str, wanted: str) -> None:
    assert hcl.text(value) == wanted


def test_a_block_is_laid_out_as_terraform_lays_it_out() -> None:
    body = {"id": Expr("a.b"), "longer": [1, True], "tags": {"Name": "x"}, "none": None, "check": Body({"port": 443})}
    assert hcl.block("resource", ["aws_x", "y"], body).splitlines() == [
        'resource "aws_x" "y" {',
        "  id     = a.b",
        "  longer = [1, true]",
        "  tags = {",
        '    "Name" = "x"',
        "  }",
        "",
        "  check {",
        "    port = 443",
        "  }",
        "}",
    ]


@pytest.mark.django_db(transaction=True)
def test_an_untouched_product_is_written_whole(sandbox: SandboxProcess) -> None:
    product = products.whole_product(sandbox, products.whole({"eu-west-1": {}, "us-east-1": {}}))

    text = terraform.document(product)

    found = dict(_blocks(text))
    _refers_only_to_what_is_there(text, found)
    types = {label.split(".")[0] for label in found if label.startswith("aws_")}
    assert {cls.terraform_type for cls in kinds().values() if cls.terraform_type} <= types
    for region in ("eu_west_1", "us_east_1"):
        assert {f"aws_vpc.vpc_{region}", f"aws_lb.nlb_{region}", f"aws_lb_listener.listener_{region}"} <= set(found)
        assert f"[for one in aws_subnet.subnet_az1_{region} : one.id]" in found[f"aws_lb.nlb_{region}"]
        assert 'private_dns_name           = "api.example.com"' in found[f"aws_vpc_endpoint_service.service_{region}"]
        assert f"provider             = aws.{region}" in found[f"aws_vpc.vpc_{region}"]
    assert "variable.name_servers" in found
    assert "import {" not in text
    assert not [label for label in found if label.startswith("aws_vpc_endpoint.")], "a rehearsal is no part of it"
    assert "plc:item" not in text


@pytest.mark.django_db(transaction=True)
def test_what_exists_is_imported_with_its_tags(sandbox: SandboxProcess) -> None:
    product = products.product(sandbox, products.spec({"eu-west-1": {}}))
    _exists(product, "vpc", "vpc-0a1b2c3d", {"cidr": "10.20.0.0/16"})

    text = terraform.document(product)

    assert 'import {\n  to = aws_vpc.vpc_eu_west_1\n  id = "vpc-0a1b2c3d"\n}' in text
    found = dict(_blocks(text))
    assert '"plc:product"' in found["aws_vpc.vpc_eu_west_1"]
    assert "= aws_vpc.vpc_eu_west_1.id" in found["aws_subnet.subnet_az1_eu_west_1"]
    _refers_only_to_what_is_there(text, found)


@pytest.mark.django_db(transaction=True)
def test_what_was_chosen_is_referred_to_by_its_id(sandbox: SandboxProcess) -> None:
    network = {"mode": "existing", "vpc_id": "vpc-0a1b2c3d", "subnet_ids": ["subnet-0a1b2c3d", "subnet-0a1b2c3e"]}
    product = products.product(sandbox, products.spec({"eu-west-1": {"network": network}}))

    text = terraform.document(product)

    found = dict(_blocks(text))
    assert not [label for label in found if label.startswith(("aws_vpc.", "aws_subnet."))]
    assert '["subnet-0a1b2c3d", "subnet-0a1b2c3e"]' in found["aws_lb.nlb_eu_west_1"]
    assert "data.aws_vpc.vpc_cidr.cidr_block" in text
    _refers_only_to_what_is_there(text, found)


def _exists(product: Product, kind: str, aws_id: str, values: dict[str, Any]) -> None:
    """A row as a run leaves it."""
    item = Item.objects.create(seller=product.seller, product=product, slug="network", region="eu-west-1")
    params = {"given": "", "role": "", "region": "", "key": kind, "cidr": values["cidr"]}
    Resource.objects.create(
        seller=product.seller,
        product=product,
        item=item,
        kind=kind,
        logical_key=kind,
        aws_id=aws_id,
        state="exists",
        account=products.SELLER,
        region="eu-west-1",
        params=params,
        values=values,
    )


def _blocks(text: str) -> Iterator[tuple[str, str]]:
    """(address, body) of each block at the left margin; AssertionError for one that is not closed, or unbalanced."""
    for number, piece in enumerate(re.split(r"\n(?=[a-z]+ )", text.partition("\n")[2])):
        head, *rest = piece.strip().splitlines() or [""]
        if not head:
            continue
        assert head.endswith("{"), piece
        assert rest[-1] == "}", piece
        plain = re.sub(r'"(?:[^"\\]|\\.)*"', "", piece)
        assert all(plain.count(a) == plain.count(b) for a, b in ("{}", "[]", "()")), piece
        kind, *labels = head.removesuffix(" {").replace('"', "").split()
        yield ".".join(labels if kind == "resource" else [kind, *(labels or [str(number)])]), piece


def _refers_only_to_what_is_there(text: str, found: dict[str, str]) -> None:
    named = {f"{kind}.{name}" for kind, name in ADDRESS.findall(text)}
    assert named <= set(found), sorted(named - set(found))
    assert {f"variable.{name}" for name in re.findall(r"\bvar\.([a-z0-9_]+)", text)} <= set(found)
    aliases = set(re.findall(r'alias +"?= "([a-z0-9_]+)"', text))
    assert set(re.findall(r"provider += aws\.([a-z0-9_]+)", text)) <= aliases
    assert "$" not in re.sub(r"\$\{|\$\"", "", text), "a shell variable is left"
