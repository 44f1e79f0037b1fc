"""Formats: what is accepted, how it is normalised, and that everything else gets a sentence."""

from collections.abc import Callable

import pytest

from sellers import formats
from sellers.formats import FormatError
from tests.sellers.values import NASTY

ROLE = "arn:aws:iam::111111111111:role/onboarding"
GOV_ROLE = "arn:aws-us-gov:iam::111111111111:role/a/b/c+=,.@-_"
CN_SERVICE = "cn.com.amazonaws.vpce.cn-north-1.vpce-svc-01234567"
NLB = "arn:aws:elasticloadbalancing:us-east-1:111111111111:loadbalancer/net/api/0123456789abcdef"
ALB = NLB.replace("/net/", "/app/")
ACM = "arn:aws:acm:us-east-1:111111111111:certificate/12345678-1234-1234-1234-123456789012"
SERVICE = "com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0"

GOOD: list[tuple[Callable[[str], object], str, object]] = [
    (formats.account_id, "012345678901", "012345678901"),
    (formats.account_id, "1111-2222-3333", "111122223333"),
    (formats.account_id, " 111122223333\n", "111122223333"),
    (formats.region, "us-east-1 ", "us-east-1"),
    (formats.region, "us-gov-west-1", "us-gov-west-1"),
    (formats.region, "cn-north-1", "cn-north-1"),
    (formats.region, "eusc-de-east-1", "eusc-de-east-1"),
    (formats.az_id, "use1-az4", "use1-az4"),
    (formats.role_arn, ROLE, ROLE),
    (formats.role_arn, GOV_ROLE, GOV_ROLE),
    (formats.principal, "333333333333", "arn:aws:iam::333333333333:root"),
    (formats.principal, "3333 3333 3333", "arn:aws:iam::333333333333:root"),
    (formats.principal, ROLE, ROLE),
    (formats.principal, "arn:aws:iam::333333333333:user/ann", "arn:aws:iam::333333333333:user/ann"),
    (formats.nlb_arn, NLB, NLB),
    (formats.alb_arn, ALB, ALB),
    (formats.acm_arn, ACM, ACM),
    (formats.service_id, "vpce-svc-0bbb070044a2164", "vpce-svc-0bbb070044a2164"),
    (formats.service_id, "vpce-svc-01234567", "vpce-svc-01234567"),
    (formats.service_name, SERVICE, SERVICE),
    (formats.service_name, CN_SERVICE, CN_SERVICE),
    (formats.endpoint_id, "vpce-0123456789abcdef0", "vpce-0123456789abcdef0"),
    (formats.vpc_id, "vpc-12345678", "vpc-12345678"),
    (formats.subnet_id, "subnet-12345678", "subnet-12345678"),
    (formats.instance_id, "i-12345678", "i-12345678"),
    (formats.ami_id, "ami-12345678", "ami-12345678"),
    (formats.instance_type, "u-6tb1.112xlarge", "u-6tb1.112xlarge"),
    (formats.profile_name, "web", "web"),
    (formats.marketplace_product_id, "prod-abc123def4567", "prod-abc123def4567"),
    (formats.port, "65535", 65535),
    (formats.cidr, "10.0.0.0/16", "10.0.0.0/16"),
    (formats.cidr, "10.0.0.16/28", "10.0.0.16/28"),
    (formats.ipv4, "10.0.0.4", "10.0.0.4"),
    (formats.health_check_path, "/health?full=1", "/health?full=1"),
    (formats.dns_name, "API.Example.COM.", "api.example.com"),
    (formats.dns_name, "münchen.example", "xn--mnchen-3ya.example"),
    (formats.dns_name, "a" * 63 + ".example", "a" * 63 + ".example"),
    (formats.slug, "example-analytics", "example-analytics"),
    (formats.line, "  Zoë's Café ", "Zoë's Café"),
]

BAD: list[tuple[Callable[[str], object], str]] = [
    (formats.account_id, "11111111111"),
    (formats.account_id, "1111111111111"),
    (formats.account_id, "１２３４５６７８９０１２"),
    (formats.region, "us-east-9"),
    (formats.region, "us-east-1a"),
    (formats.region, "US-EAST-1"),
    (formats.region, "aws-global"),
    (formats.az_id, "us-east-1a"),
    (formats.role_arn, "arn:aws:iam::111111111111:user/onboarding"),
    (formats.role_arn, "arn:aws:sts::111111111111:assumed-role/onboarding/x"),
    (formats.role_arn, "arn:aws:iam::1:role/onboarding"),
    (formats.role_arn, "arn:aws:iam::*:role/onboarding"),
    (formats.role_arn, "arn:aws:s3:::bucket"),
    (formats.role_arn, ROLE + "\nx"),
    (formats.role_arn, "arn:aws:iam::111111111111:role/on boarding"),
    (formats.role_arn, "arn:aws:iam::111111111111:role/" + "p" * 2049),
    (formats.role_arn, "arn:aws:iam::111111111111:role/é"),
    (formats.role_arn, "AKIAIOSFODNN7EXAMPLE"),
    (formats.principal, "*"),
    (formats.principal, "arn:aws:iam::1:root"),
    (formats.principal, "arn:aws:iam::333333333333:role/a/b"),
    (formats.principal, "arn:aws:iam::333333333333:role/*"),
    (formats.principal, "3333"),
    (formats.nlb_arn, ALB),
    (formats.nlb_arn, NLB + "0"),
    (formats.nlb_arn, NLB.replace("/api/", "/internal-api/")),
    (formats.nlb_arn, NLB.replace("/api/", "/-api/")),
    (formats.alb_arn, NLB),
    (formats.acm_arn, NLB),
    (formats.service_id, SERVICE),
    (formats.service_id, "vpce-svc-0123456"),
    (formats.service_id, "vpce-svc-0123456789abcdef01"),
    (formats.service_name, "com.amazonaws.us-east-1.s3"),
    (formats.service_name, SERVICE.replace("vpce-svc", "vpce")),
    (formats.endpoint_id, "vpce-svc-12345678"),
    (formats.vpc_id, "vpc-1234567G"),
    (formats.instance_type, "t3"),
    (formats.marketplace_product_id, "prod-ABC"),
    (formats.port, "0"),
    (formats.port, "65536"),
    (formats.port, "４４３"),
    (formats.port, "443.0"),
    (formats.cidr, "10.0.0.0/15"),
    (formats.cidr, "10.0.0.0/29"),
    (formats.cidr, "10.0.0.1/16"),
    (formats.cidr, "10.0.0/16"),
    (formats.cidr, "10.0.0.0"),
    (formats.cidr, "10.0.0.0/255.255.0.0"),
    (formats.cidr, "fd00::/16"),
    (formats.cidr, "127.0.0.0/16"),
    (formats.cidr, "169.254.0.0/16"),
    (formats.cidr, "0.0.0.0/16"),
    (formats.ipv4, "169.254.169.254"),
    (formats.ipv4, "127.0.0.1"),
    (formats.ipv4, "::1"),
    (formats.ipv4, "10.0.0.04"),
    (formats.health_check_path, "health"),
    (formats.health_check_path, "/a b"),
    (formats.dns_name, "localhost"),
    (formats.dns_name, "com"),
    (formats.dns_name, "10.0.0.1"),
    (formats.dns_name, "a_b.example.com"),
    (formats.dns_name, "*.example.com"),
    (formats.dns_name, "a..example.com"),
    (formats.dns_name, "-a.example.com"),
    (formats.dns_name, "a" * 64 + ".example"),
    (formats.dns_name, ".".join(["a" * 50] * 5)),
    (formats.dns_name, "vpce.us-east-1.amazonaws.com"),
    (formats.dns_name, "\u212aelvin.example.com"),
    (formats.dns_name, "stra\u00dfe.example"),
    (formats.slug, "Example"),
    (formats.slug, "-a"),
    (formats.line, "a\nb"),
    (formats.line, "a\u202eb"),
    (formats.line, "\ud800"),
    (formats.line, "x" * 121),
    (formats.free_text, "a\0b"),
    (formats.free_text, "x" * 16_385),
]


@pytest.mark.parametrize(("parse", "text", "expected"), GOOD)
def test_it_accepts_and_normalises(parse: Callable[[str], object], text: str, expected: object) -> None:
    assert parse(text) == expected


@pytest.mark.parametrize(("parse", "text"), BAD)
def test_it_refuses_with_a_sentence(parse: Callable[[str], object], text: str) -> None:
    with pytest.raises(FormatError) as caught:
        parse(text)
    for sentence in (str(caught.value), caught.value.quoting):
        first = sentence.removeprefix('"')
        assert first != sentence or first[0].isupper() or first[0].isdigit() or first.startswith(text)
        assert sentence.endswith((".", "?"))
        assert len(sentence) < 300
        assert sentence.isprintable()


STRICT = [parse for parse, *_ in GOOD if parse not in {formats.line, formats.free_text}]


@pytest.mark.parametrize("parse", list(dict.fromkeys(STRICT)))
def test_a_nasty_value_is_refused_or_becomes_plain_ascii(parse: Callable[[str], object]) -> None:
    for value in NASTY:
        try:
            result = str(parse(value))
        except FormatError:
            continue
        assert result.isascii()
        assert result.isprintable()
        assert not set(result) & set("<>\"'`{}$;| ")


def test_a_service_name_of_another_region_is_named() -> None:
    with pytest.raises(FormatError, match=r"is in us-east-1, not eu-west-1"):
        formats.service_name(SERVICE, "eu-west-1")
    assert formats.service_name(SERVICE, "us-east-1") == SERVICE


def test_a_wildcard_is_taken_only_where_it_is_allowed() -> None:
    assert formats.dns_name("*.api.example.com", wildcard=True) == "*.api.example.com"
    with pytest.raises(FormatError):
        formats.dns_name("api.*.example.com", wildcard=True)


def test_a_common_name_ends_at_64_characters() -> None:
    assert formats.dns_name("a" * 56 + ".example", limit=64)
    with pytest.raises(FormatError, match="at most 64"):
        formats.dns_name("a" * 57 + ".example", limit=64)


def test_an_apex_is_not_below_itself() -> None:
    assert formats.strictly_below("api.example.com", "example.com") == "api.example.com"
    for name in ("example.com", "notexample.com", "example.org"):
        with pytest.raises(FormatError):
            formats.strictly_below(name, "example.com")


def test_name_servers_are_read_from_a_mail() -> None:
    text = "ns-1.awsdns-01.com., ns-2.awsdns-02.net\nns-3.awsdns-03.org;ns-4.awsdns-04.co.uk"
    hosts = formats.name_servers(text)
    assert hosts[0] == "ns-1.awsdns-01.com"
    assert len(hosts) == 4
    assert formats.name_servers_advice(hosts) == ""
    assert "ns1.example.net" in formats.name_servers_advice(("ns1.example.net", "ns2.example.net"))
    for text in ("", "ns-1.awsdns-01.com", "10.0.0.2 10.0.0.3", " ".join(f"ns{n}.example.com" for n in range(7))):
        with pytest.raises(FormatError):
            formats.name_servers(text)


def test_a_public_range_gets_advice() -> None:
    assert formats.cidr_advice("10.0.0.0/16") == ""
    assert "Internet" in formats.cidr_advice("52.0.0.0/16")


@pytest.mark.parametrize(
    ("parse", "text", "enter", "quoting"),
    [
        (
            formats.dns_name,
            "localhost",
            "Enter a fully qualified domain name, such as api.vpce.example.com.",
            '"localhost" isn\'t a fully qualified domain name. Enter one such as api.vpce.example.com.',
        ),
        (
            formats.cidr,
            "10.0.0.1/16",
            "10.0.0.1/16 isn't a network address. Did you mean 10.0.0.0/16?",
            "10.0.0.1/16 isn't a network address. Did you mean 10.0.0.0/16?",
        ),
        (
            formats.name_servers,
            "ns-1.awsdns-01.com",
            "Enter 2–6 name servers. You entered 1.",
            "Enter 2–6 name servers. You entered 1.",
        ),
        (
            formats.vpc_id,
            "",
            "Enter a VPC ID, such as vpc-0123456789abcdef0.",
            "An empty value isn't a VPC ID. Enter one such as vpc-0123456789abcdef0.",
        ),
    ],
)
def test_the_sentence_says_what_to_enter_and_quotes_the_value_where_it_is_not_in_sight(
    parse: Callable[[str], object], text: str, enter: str, quoting: str
) -> None:
    with pytest.raises(FormatError) as caught:
        parse(text)
    assert (str(caught.value), caught.value.quoting) == (enter, quoting)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("maybe", '"maybe"'),
        (443, "443"),
        (True, "true"),
        (None, "An empty value"),
        ([1], "A list"),
        ({"a": 1}, "A set of keys"),
        ("x" * 60, f'"{"x" * 60}"'),
        ("x" * 61, f'"{"x" * 59}…"'),
        ("a\x1b[2Jb\nc\u202ed\ud800", '"a\ufffd[2Jb\ufffdc\ufffdd\ufffd"'),
        (ROLE, f'"{ROLE}"'),
        ("AKIAIOSFODNN7EXAMPLE", "This value"),
        ("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "This value"),
        (f"{'x' * 80} password=hunter2", "This value"),
        ("-----BEGIN PRIVATE KEY-----", "This value"),
    ],
)
def test_a_refused_value_is_quoted_short_in_plain_letters_and_never_if_it_looks_secret(
    value: object, shown: str
) -> None:
    assert formats.quoted(value) == shown


def test_an_account_becomes_a_principal_of_its_partition() -> None:
    assert formats.principal("333333333333", "aws-cn") == "arn:aws-cn:iam::333333333333:root"


@pytest.mark.parametrize(("arn", "account"), [(ROLE, "111111111111"), ("vpc-1", ""), ("", ""), (None, "")])
def test_the_account_of_an_arn_is_read_from_it(arn: str | None, account: str) -> None:
    assert formats.account_of(arn) == account
