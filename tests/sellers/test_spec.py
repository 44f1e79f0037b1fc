"""Specs: the documented example, each rule, and all problems at once."""

import json
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # it has no types
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from sellers import spec
from tests.sellers.values import EXAMPLE, NASTY, example, problems

SCHEMA = Path(__file__).parents[2] / "docs" / "onboard.schema.json"


def test_the_documented_example_is_a_spec() -> None:
    loaded = spec.load(EXAMPLE)
    assert loaded.product.listener.target_port == 8443
    assert list(loaded.regions) == ["us-east-1", "eu-west-1"]
    assert [buyer.arn() for buyer in loaded.buyers] == [
        "arn:aws:iam::333333333333:root",
        "arn:aws:iam::444444444444:role/reader",
    ]
    assert loaded.partition == "aws"


def test_the_example_fits_the_published_schema() -> None:
    published = json.loads(SCHEMA.read_text())
    assert published == spec.json_schema()
    jsonschema.validate(yaml.safe_load(EXAMPLE), published, cls=jsonschema.Draft202012Validator)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**yaml.safe_load(EXAMPLE), "extra": 1}, published)


def test_a_dumped_spec_loads_again() -> None:
    loaded = spec.load(EXAMPLE)
    assert spec.load_data(loaded.model_dump(mode="json")) == loaded


def test_a_region_without_values_creates_everything() -> None:
    assert spec.load_data(example(regions={"eu-west-1": None})).regions["eu-west-1"] == spec.RegionChoices()


def test_all_problems_are_told_at_once() -> None:
    data = example(
        product__name="",
        product__freindly_dns_name="x",
        product__listener={"protocol": "UDP", "port": 0, "target_port": 70000},
        connections={"service": "arn:aws:iam::111111111111:user/x", "buyer_test": "x"},
        regions={
            "us-east-1": {"network": {"cidr": "10.0.0.0/8"}, "targets": {"mode": "existing"}},
            "us-east-9": {},
            "eu-west-1": {"network": {"cidr": "10.5.0.0/16"}, "load_balancer": {"arn": "arn:aws:s3:::x"}},
            "eu-west-2": {"network": {"cidr": "10.5.0.0/20"}},
        },
        buyers=[{"account_id": 333333333333}, {"account_id": "444444444444"}, {"account_id": "4444-4444-4444"}],
    )
    found = problems(data)
    assert set(found) == {
        "product.name",
        "product.freindly_dns_name",
        "product.listener.protocol",
        "product.listener.port",
        "product.listener.target_port",
        "connections.service",
        "connections.buyer_test",
        "regions.us-east-1.network.cidr",
        "regions.us-east-1.targets.mode",
        "regions.us-east-9",
        "regions.eu-west-1.load_balancer.arn",
        "regions.eu-west-2.network.cidr",
        "buyers[1].account_id",
        "buyers[3]",
    }
    assert all(sentence.endswith((".", "?")) for sentence in found.values())
    assert "friendly_dns_name" in found["product.freindly_dns_name"]
    assert "in quotes" in found["buyers[1].account_id"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("seller: [", "Line 1: We couldn't read this as YAML: "),
        ("- a", "set of keys"),
        ("", "set of keys"),
        ("a: 1\na: 2", 'Line 2: "a" is already on line 1.'),
        ("a: !!python/object:os.system {}", "Line 1: We couldn't read this as YAML: "),
        ("a: 2020-99-99", "docs/command-line.md"),
        ("a: " + "[" * 5000, "YAML"),
        ("x" * 300_000, "larger than"),
        ("a: \0", "YAML"),
    ],
)
def test_a_file_that_is_no_spec_gets_a_sentence(text: str, words: str) -> None:
    with pytest.raises(spec.SpecErrors) as caught:
        spec.load(text)
    assert words in str(caught.value)


def lines(text: str) -> dict[str, int]:
    """Each wrong field of a text with its line."""
    with pytest.raises(spec.SpecErrors) as caught:
        spec.load(text)
    return {problem.field: problem.line for problem in caught.value.problems}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "acceptance_required: true",
            "acceptance_required: maybe",
            'regions.us-east-1.endpoint_service.acceptance_required (line 19): "maybe" is not true or false.',
        ),
        (
            "  profile: marketplace",
            "  profile: market",
            'product.profile (line 7): "market" isn\'t one of marketplace, native or both.',
        ),
        ("  name: Example", "  nom: Example", 'product.nom (line 3): "nom" isn\'t a key here. Did you mean name?'),
        ("  name: Example", "  nom: Example", "product.name (line 2): Required. Add a value."),
        ("seller: ", "vendor: ", "seller: Required. Add a value."),
        (
            "port: 443",
            "port: 70000",
            "product.listener.port (line 8): 70000 isn't a port from 1 to 65535. Enter one such as 443.",
        ),
        ("seller: ", "seller: {}\nseller: ", 'Line 2: "seller" is already on line 1. Remove one of them.'),
        ("seller: ", "seller: {a: 1,\n a: 2}\nx: ", 'Line 2: "a" is already on line 1. Remove one of them.'),
        ("seller: ", '"\\e[2J": 1\nseller: ', '\ufffd[2J (line 1): "\ufffd[2J" isn\'t a key here. Use seller, '),
    ],
)
def test_a_problem_in_a_file_quotes_the_value_and_its_line(old: str, new: str, said: str) -> None:
    with pytest.raises(spec.SpecErrors) as caught:
        spec.load(EXAMPLE.strip().replace(old, new, 1))
    assert said in str(caught.value)


def test_a_line_is_found_in_lists_through_anchors_and_merged_keys() -> None:
    text = (
        EXAMPLE.strip().partition("\nregions:")[0]
        + """
regions:
  us-east-1: &first
    endpoint_service: &service
      acceptance_required: maybe
      supported_regions:
        - eu-west-1
        - us-east-9
  eu-west-1: *first
  eu-west-2:
    endpoint_service:
      <<: *service
      supported_regions: [mars-1,
        mars-2]
    network: {mode: existing,
      vpc_id: vpc-12345678}
buyers:
  - account_id: "333333333333"
  - account_id: |
      12
  - alias: Acme
"""
    )
    first = text.splitlines().index("regions:") + 1
    found = {path: line - first for path, line in lines(text).items()}
    assert found == {
        "regions.us-east-1.endpoint_service.acceptance_required": 3,
        "regions.us-east-1.endpoint_service.supported_regions[2]": 6,
        "regions.eu-west-1.endpoint_service.acceptance_required": 3,
        "regions.eu-west-1.endpoint_service.supported_regions[1]": 5,
        "regions.eu-west-1.endpoint_service.supported_regions[2]": 6,
        "regions.eu-west-2.endpoint_service.acceptance_required": 3,
        "regions.eu-west-2.endpoint_service.supported_regions[1]": 11,
        "regions.eu-west-2.endpoint_service.supported_regions[2]": 12,
        "regions.eu-west-2.network.subnet_ids": 13,
        "buyers[2].account_id": 17,
        "buyers[3]": 19,
    }


def test_aliases_that_contain_themselves_or_grow_end_with_sentences() -> None:
    grown = "\n".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 20))
    assert lines("regions: &r\n  us-east-1: *r")["regions.us-east-1.us-east-1"] == 2
    assert lines(f"a0: &a0 [x]\n{grown}")["a19"] == 20


def test_ranges_are_assigned_in_order_around_given_ones() -> None:
    regions = {
        "us-east-1": spec.RegionChoices(),
        "eu-west-1": spec.RegionChoices(network=spec.NetworkChoice(cidr="10.20.128.0/20")),
        "eu-west-2": spec.RegionChoices(network=spec.NetworkChoice(mode="manual")),
        "eu-west-3": spec.RegionChoices(),
    }
    assigned = spec.assign_cidrs(regions)
    assert list(assigned) == list(regions)
    cidrs = [choices.network.cidr for choices in assigned.values()]
    assert cidrs == ["10.21.0.0/16", "10.20.128.0/20", None, "10.22.0.0/16"]
    assert spec.assign_cidrs(assigned) == assigned


def test_an_answer_turns_manual_into_existing() -> None:
    manual = spec.NetworkChoice(mode="manual")
    answered = manual.with_answer(vpc_id="vpc-12345678", subnet_ids=["subnet-12345678"])
    assert (answered.mode, answered.vpc_id) == ("existing", "vpc-12345678")
    service = spec.EndpointServiceChoice(mode="manual", acceptance_required=False)
    assert service.with_answer(service_id="vpce-svc-12345678").acceptance_required is False
    for ids in ({"vpc_id": "vpc-12345678"}, {"vpc_id": "x", "subnet_ids": ["subnet-12345678"]}, {}):
        with pytest.raises(ValidationError):
            manual.with_answer(**ids)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(NASTY) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
PATHS = [
    ("seller",),
    ("product",),
    ("product", "name"),
    ("product", "listener"),
    ("product", "listener", "port"),
    ("connections",),
    ("connections", "service"),
    ("connections", "dns"),
    ("regions",),
    ("regions", "us-east-1"),
    ("regions", "us-east-1", "network"),
    ("regions", "us-east-1", "network", "mode"),
    ("regions", "us-east-1", "network", "subnet_ids"),
    ("regions", "us-east-1", "targets", "user_data"),
    ("regions", "us-east-1", "endpoint_service", "supported_regions"),
    ("buyers",),
]


@settings(deadline=None)
@given(path=st.sampled_from(PATHS), value=JSON)
def test_any_value_anywhere_is_a_spec_or_has_sentences(path: tuple[str, ...], value: object) -> None:
    data = example()
    place: Any = data
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    try:
        loaded = spec.load_data(data)
    except spec.SpecErrors as error:
        sentences = [problem.sentence for problem in error.problems]
    else:
        sentences = ["none"]
        assert spec.load_data(loaded.model_dump(mode="json")) == loaded
    assert sentences
    assert all(sentences)
