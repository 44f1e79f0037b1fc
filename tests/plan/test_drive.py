"""The dry drive: what it says is what a run then does, and it asks nobody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import jmespath  # type: ignore[import-untyped]
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from onboarding.aws.gate import Call, passing
from onboarding.engine import gate
from onboarding.models import Resource, ResourceState
from onboarding.plan import build
from onboarding.plan.recorder import Recorder, blank, operations
from onboarding.plan.rows import Row, Sign
from onboarding.things import kinds
from onboarding.things.base import Idempotency
from sellers.models import Product
from sellers.spec import load_data
from sellers.spec_writer import save_spec
from tests import products
from tests.engine.actions import network, up
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db(transaction=True)
REGIONS = ("eu-west-1", "us-west-2")
DB_WRITES = ("INSERT", "UPDATE", "DELETE")


@pytest.fixture
def fast(sandbox: SandboxProcess, settings: Settings) -> Iterator[SandboxProcess]:
    """The empty world at such a speed that AWS's waits take a moment."""
    settings.AWS_CALLS_PER_SECOND = 1000.0
    gate._lots.clear()
    sandbox.post("speed", {"speed": 2000})
    yield sandbox
    sandbox.post("speed", {"speed": 200})


def test_every_kind_whose_id_aws_gives_says_where() -> None:
    assert {kind for kind, cls in kinds().items() if cls.terraform_id} <= {
        k for k, cls in kinds().items() if cls.id_path
    }


def test_every_id_that_aws_gives_is_where_its_answer_has_it() -> None:
    calls = {"elbv2": ("load_balancer", "target_group", "listener"), "acm": ("certificate",)}
    names = {
        "instance": "run_instances",
        "certificate": "request_certificate",
        "endpoint": "create_vpc_endpoint",
        "endpoint_service": "create_vpc_endpoint_service_configuration",
        "endpoint_group": "create_security_group",
    }
    for kind, query in ((kind, cls.id_path) for kind, cls in kinds().items() if cls.id_path):
        service = next((name for name, mine in calls.items() if kind in mine), "ec2")
        shape = operations(service)[names.get(kind, f"create_{kind}")].output_shape
        assert jmespath.search(query, blank(shape)) == "", f"{kind}: {query}"


def test_an_untouched_product_shows_what_a_run_then_makes_and_later_what_has_changed(fast: SandboxProcess) -> None:
    product = products.product(fast, products.spec({region: {} for region in REGIONS}))
    zones = {region: _zones(fast, region) for region in REGIONS}
    with _nobody_asked():
        planned = build.rows(product, zones)

    up(product)

    made = [
        row for row in Resource.objects.select_related("item") if kinds()[row.kind].idempotency is not Idempotency.READ
    ]
    there = Counter((row.item.region, row.item.slug, row.kind) for row in made)
    assert Counter((row.region, row.slug, row.kind) for row in planned) == there
    assert {row.sign for row in planned} == {Sign.CREATE}
    assert _names(planned) == _names_of(made)
    _all_is_reused(product, made)
    _another_buyer()
    _another_input(product)
    _a_region_less(product)
    _zones_are_known_to_the_next(fast, zones)


def _all_is_reused(product: Product, made: Sequence[Resource]) -> None:
    with _nobody_asked():
        found = build.rows(product)
    assert {row.sign for row in found} == {Sign.REUSE}
    assert {row.aws_id for row in found} == {row.aws_id for row in made}
    assert not any(row.commands for row in found)


def _another_buyer() -> None:
    """Another list of buyers: one to come and one to go."""
    data = products.spec({region: {} for region in REGIONS})
    data["buyers"] = [{"account_id": "444444444444", "alias": "Beta"}]
    product = save_spec(load_data(data), None).product

    changed = [row for row in build.rows(product) if row.sign is not Sign.REUSE]

    root = "arn:aws:iam::{}:root"
    wanted = ((Sign.CREATE, "444444444444"), (Sign.DELETE, "333333333333"))
    assert Counter((row.sign, row.region, row.aws_id or row.name) for row in changed) == Counter(
        (sign, region, root.format(account)) for region in REGIONS for sign, account in wanted
    )
    told = {row.sign: " ".join(row.commands) for row in changed}
    assert f"--add-allowed-principals {root.format('444444444444')}" in told[Sign.CREATE]
    assert f"--remove-allowed-principals {root.format('333333333333')}" in told[Sign.DELETE]


def _another_input(product: Product) -> None:
    """What exists was made with another input: the plan says that nothing is changed silently."""
    row = product.regions.get(region=REGIONS[0])
    choice = row.spec.endpoint_service.model_copy(update={"acceptance_required": False})
    row.spec = row.spec.model_copy(update={"endpoint_service": choice})
    row.save()

    changed = [one for one in build.rows(Product.objects.get(pk=product.pk)) if one.sign is Sign.CHANGE]

    assert [(one.kind, one.region) for one in changed] == [("endpoint_service", REGIONS[0])]
    assert "put the input back" in " ".join(changed[0].warnings)


def _a_region_less(product: Product) -> None:
    """A region that was left shows what a teardown of it removes."""
    product.regions.filter(region=REGIONS[1]).delete()

    found = [row for row in build.rows(product) if row.sign is Sign.DELETE and row.region == REGIONS[1]]

    left = Resource.objects.filter(item__region=REGIONS[1], managed=True, state=ResourceState.EXISTS)
    left = left.exclude(kind__in=[kind for kind, cls in kinds().items() if cls.idempotency is Idempotency.READ])
    assert {row.aws_id for row in found} == set(left.values_list("aws_id", flat=True))
    assert all("teardown" in row.warnings[0] for row in found)


def _zones_are_known_to_the_next(sandbox: SandboxProcess, zones: dict[str, Any]) -> None:
    """Another product of the seller is planned with the zones that this one's run saw."""
    other = products.product(sandbox, products.spec({REGIONS[0]: {}}, name="Second"))

    found = [row for row in build.rows(other) if row.kind == "subnet"]

    assert len(found) == len(zones[REGIONS[0]])
    assert not any(row.values["per_zone"] for row in found)


def test_a_whole_product_is_driven_to_its_end(sandbox: SandboxProcess) -> None:
    product = products.whole_product(sandbox, products.whole({"eu-west-1": {}}))
    with _nobody_asked():
        found = build.rows(product)

    assert not [row.name for row in found if not row.commands]
    kinds_of: dict[str, set[str]] = {}
    for row in found:
        kinds_of.setdefault(row.slug, set()).add(row.kind)
    assert kinds_of["validation"] == kinds_of["delegation"] == {"record"}
    assert kinds_of["private_dns"] == {"private_dns_name", "record", "private_dns_verification"}
    assert {"endpoint", "connection", "trial_principal"} <= kinds_of["rehearsal"]
    records = [row.name for row in found if row.slug == "validation"]
    assert records == ["CNAME ….api.example.com", "CNAME ….api.vpce.example.com"]
    assert all(row.guide for row in found)


def test_without_a_look_at_the_zones_one_subnet_stands_for_all(sandbox: SandboxProcess) -> None:
    product = products.product(sandbox, products.spec({"eu-west-1": {}}))

    found = {row.kind: row for row in build.rows(product) if row.values["per_zone"]}

    assert set(found) == {"subnet", "instance", "target"}
    assert found["subnet"].words == "subnet in each Availability Zone"
    assert any("each Availability Zone" in said for said in found["subnet"].warnings)


def test_what_was_chosen_is_reused_and_its_settings_are_changed(fast: SandboxProcess) -> None:
    data = products.spec({"eu-west-1": {"network": network(fast)}})
    product = products.product(fast, data)

    found = [row for row in build.rows(product) if row.slug == "network"]

    signs = Counter((row.sign, row.kind) for row in found)
    assert signs == {
        (Sign.REUSE, "vpc"): 1,
        (Sign.REUSE, "subnet"): 2,
        (Sign.CHANGE, "vpc_attribute"): 2,
        (Sign.CREATE, "security_group"): 2,
        (Sign.CREATE, "security_rule"): 2,
    }
    rule = next(row for row in found if row.kind == "security_rule" and "443 from the VPC" in row.name)
    assert rule.commands[0].startswith("VPC_CIDR=$(aws ec2 describe-vpcs --vpc-ids vpc-")


def test_what_a_person_makes_by_hand_is_told_apart(sandbox: SandboxProcess) -> None:
    product = products.product(sandbox, products.spec({"eu-west-1": {"load_balancer": {"mode": "manual"}}}))

    found = build.rows(product)

    by_hand = {(row.slug, row.kind) for row in found if row.sign is Sign.BY_HAND}
    assert by_hand == {
        ("network", "security_group"),
        ("network", "security_rule"),
        ("load_balancer", "load_balancer"),
        ("load_balancer", "privatelink_rules"),
    }
    told = " ".join(line for row in found if row.sign is Sign.BY_HAND for line in row.commands)
    assert "create-load-balancer" in told
    assert "plc:" not in told, "what a person makes bears no tag of ours"


def test_a_network_made_by_hand_leaves_the_rest_to_us(sandbox: SandboxProcess) -> None:
    product = products.product(sandbox, products.spec({"eu-west-1": {"network": {"mode": "manual"}}}))

    found = Counter((row.sign, row.kind) for row in build.rows(product))

    by_hand = {kind for sign, kind in found if sign is Sign.BY_HAND}
    assert by_hand == {"vpc", "subnet"}
    assert {kind for sign, kind in found if sign is Sign.CHANGE} == {"vpc_attribute"}
    assert found[Sign.CREATE, "instance"] == found[Sign.CREATE, "load_balancer"] == 1
    assert found[Sign.CREATE, "security_group"] == 2


def test_records_are_by_hand_without_a_dns_connection(sandbox: SandboxProcess) -> None:
    data = products.whole({"eu-west-1": {}})
    data["connections"]["dns"] = "none"

    found = [row for row in build.rows(products.whole_product(sandbox, data)) if row.kind == "record"]

    assert {row.sign for row in found} == {Sign.BY_HAND}
    assert Counter(row.slug for row in found) == {"validation": 2, "private_dns": 1, "delegation": 1}


def test_the_number_of_queries_does_not_grow_with_regions(sandbox: SandboxProcess) -> None:
    counts = []
    for name, regions in (("One", REGIONS[:1]), ("Two", (*REGIONS, "ap-south-1"))):
        product = products.product(sandbox, products.spec({region: {} for region in regions}, name=name))
        with CaptureQueriesContext(connection) as queries:
            build.rows(Product.objects.get(pk=product.pk))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_recorder_refuses_what_aws_would_not_take() -> None:
    with pytest.raises(ValueError, match="CidrBlok"):
        Recorder("111111111111", "eu-west-1").ec2.create_vpc(CidrBlok="10.0.0.0/16")  # type: ignore[call-arg]


def _zones(sandbox: SandboxProcess, region: str) -> list[tuple[str, str]]:
    found = sandbox.client("ec2", products.SELLER, region).describe_availability_zones()["AvailabilityZones"]
    return sorted((zone["ZoneId"], zone["ZoneName"]) for zone in found)


def _names(rows: Sequence[Row]) -> set[str]:
    return {row.name for row in rows if row.kind in ("load_balancer", "target_group", "security_group")}


def _names_of(made: Sequence[Resource]) -> set[str]:
    """The names that AWS has, by which a second one would be refused."""
    kept = {"load_balancer": "name", "security_group": "name"}
    names = {str(row.values[kept[row.kind]]) for row in made if row.kind in kept}
    return names | {row.aws_id.split("/")[1] for row in made if row.kind == "target_group"}


class _Nobody:
    """A gate that lets no call through."""

    def before(self, call: Call) -> None:
        raise AssertionError(f"{call.operation} is called during a dry drive")

    def after(self, call: Call) -> None:
        """Never reached."""


@contextmanager
def _nobody_asked() -> Iterator[None]:
    gate: Any = _Nobody()
    with passing(gate), CaptureQueriesContext(connection) as queries:
        yield
    written = [one["sql"] for one in queries.captured_queries if one["sql"].lstrip().startswith(DB_WRITES)]
    assert written == [], "a dry drive writes nothing"
