"""The lines that only a look at AWS answers: product, service, names, accounts, certificates, process.

S26-S29, S42-S46. Each becomes one proof, S27.us-east-1 for a region and S28 for the product.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from onboarding.checklist.step import CheckResult, Outcome
from onboarding.dns import coverage
from onboarding.dns.resolver import registered_domain
from onboarding.submission.aws_snapshot import Certificate, Look, Service, overridden
from onboarding.submission.facts import Facts
from sellers import formats
from sellers.formats import FormatError


@dataclass(frozen=True, kw_only=True)
class Declared:
    """What the product declares, against which the look at AWS is held: the account of its service's role, and those
    that its certificates may be in.
    """

    service_account: str
    certificate_accounts: tuple[str, ...]


def proofs(facts: Facts, looks: Sequence[Look], declared: Declared, now: datetime) -> list[CheckResult]:
    """Every live line, in the order of the guide."""
    found = [_product(facts)]
    for look in looks:
        found += list(_service_lines(look.region, look.service, facts, declared))
    found += [_friendly(facts), _accounts(facts, looks)]
    found += [_certificate(look.region, look.certificate, facts, declared, now) for look in looks]
    return [*found, _private(facts), _process(facts)]


def _product(facts: Facts) -> CheckResult:
    if not facts.product_id:
        return _bad("S26", "The product has no Marketplace product ID. Add it to the product's facts.")
    said = f"The email is about {facts.product} ({facts.product_id})."
    return _good("S26", said, product=facts.product, product_id=facts.product_id)


def _service_lines(region: str, service: Service | None, facts: Facts, declared: Declared) -> Iterator[CheckResult]:
    if service is None:
        said = f"AWS knows no endpoint service of this product in {region}. Retry the item Endpoint service there."
        yield from (_bad(f"{code}.{region}", said) for code in ("S27", "S42", "S43"))
        return
    shown = {"service_name": service.name, "account": service.account, "state": service.state}
    problem = _unfit(service)
    if problem:
        yield _bad(f"S27.{region}", problem, **shown, load_balancers=list(service.balancers))
    else:
        said = f"{service.name}, created by account {service.account}, is available."
        yield _good(f"S27.{region}", said, **shown, zone_ids=list(service.zone_ids))
    yield _owner(region, service, declared)
    yield _name(region, service, facts.friendly_name)


def _unfit(service: Service) -> str:
    if service.state.lower() != "available":
        return f"{service.name} is {service.state} at AWS, not Available. Wait until it is, or retry its item."
    if not service.balancers:
        return f"{service.name} has no network load balancer. Retry the item Endpoint service."
    return ""


def _owner(region: str, service: Service, declared: Declared) -> CheckResult:
    code, shown = f"S42.{region}", {"account": service.account}
    if service.account != declared.service_account:
        said = (
            f"The role answers for account {service.account}; the product declares {declared.service_account}. "
            "Correct the connection."
        )
        return _bad(code, said, **shown)
    return _good(code, f"Account {service.account} owns the service, as AWS itself says.", **shown)


def _name(region: str, service: Service, friendly_name: str) -> CheckResult:
    code, shown = f"S43.{region}", {"service_name": service.name, "service_id": service.id}
    if overridden(service, friendly_name):
        said = f"Marketplace shows {service.name} instead of the default name of {service.id} (S31)."
        return _good(code, said, **shown)
    try:
        formats.service_name(service.name, region)
    except FormatError as error:
        return _bad(code, error.quoting, **shown)
    if not service.name.endswith(f".{service.id}"):
        said = f"{service.name} is not the name of {service.id}. Retry the item Endpoint service."
        return _bad(code, said, **shown)
    return _good(code, f"{service.name} is AWS's own name for it.", **shown)


def _friendly(facts: Facts) -> CheckResult:
    if not facts.friendly_name:
        return _bad("S28", "The product has no user-friendly DNS name. Add it to the product's facts.")
    said = f"Buyers use {facts.friendly_name}."
    return _good("S28", said, name=facts.friendly_name, servers=list(facts.servers))


def _accounts(facts: Facts, looks: Sequence[Look]) -> CheckResult:
    accounts = sorted({look.certificate.account for look in looks if look.certificate})
    if not accounts:
        return _bad("S29", "There is no certificate, so no account requested one. Finish the certificates first.")
    private = facts.private_name or "not provided"
    said = f"Certificates were requested by account {', '.join(accounts)}; the private DNS name is {private}."
    return _good("S29", said, accounts=accounts, private_name=facts.private_name)


def _certificate(
    region: str, found: Certificate | None, facts: Facts, declared: Declared, now: datetime
) -> CheckResult:
    code = f"S44.{region}"
    if found is None:
        return _bad(code, f"ACM knows no certificate of this product in {region}. Retry the item Certificate there.")
    shown = {"arn": found.arn, "account": found.account, "status": found.status, "names": list(found.names)}
    problem = _unusable(found, facts, declared)
    if problem:
        return _bad(code, problem, **shown)
    life = coverage.expiry(found.not_after, now) if found.not_after else None
    if life and life.word == "expired":
        return _bad(code, life.sentence, **shown)
    if life and life.sentence:
        return CheckResult(check=code, outcome=Outcome.WARN, sentence=life.sentence, facts=shown)
    return _good(code, f"Issued to account {found.account}, and it covers {', '.join(_wanted(facts))}.", **shown)


def _unusable(found: Certificate, facts: Facts, declared: Declared) -> str:
    if found.status != "ISSUED":
        why = f" ({found.why})" if found.why else ""
        return f"The certificate is {found.status}{why}, not ISSUED. Retry the item Certificate."
    owner = formats.account_of(found.arn)
    if owner != found.account or owner not in declared.certificate_accounts:
        accounts = " and ".join(declared.certificate_accounts)
        return (
            f"The certificate is in account {owner}; the product declares {accounts} for certificates. Correct the "
            "connection, or request the certificate there."
        )
    missing = coverage.covers(found.names, _wanted(facts)).missing
    if missing:
        return f"The certificate does not cover {', '.join(missing)}. Request one that does."
    return ""


def _wanted(facts: Facts) -> tuple[str, ...]:
    return coverage.wanted(facts.friendly_name, facts.private_name)


def _private(facts: Facts) -> CheckResult:
    name, domain = facts.private_name, registered_domain(facts.friendly_name)
    if name and domain and registered_domain(name) != domain:
        said = (
            f"{name} is under another domain than {facts.friendly_name}. Seller Operations verify that both are the "
            f"company's: make sure that they are, or choose a private name under {domain}."
        )
        return CheckResult(check="S45", outcome=Outcome.WARN, sentence=said, facts={"name": name})
    if name:
        return _good("S45", f"Buyers may use {name} in their VPCs.", name=name)
    said = "No private DNS name is provided. It is recommended: buyers then use one name in every VPC."
    return CheckResult(check="S45", outcome=Outcome.WARN, sentence=said, facts={"name": ""})


def _process(facts: Facts) -> CheckResult:
    if not facts.process:
        said = (
            "Write down how you tell buyers of the PrivateLink option and how you allow their accounts. "
            'Give it as this item\'s answer "process".'
        )
        return _bad("S46", said)
    said = "The seller has written down how buyers are told and allowed."
    return CheckResult(check="S46", outcome=Outcome.ATTESTED, sentence=said, facts={"process": facts.process[:500]})


def _good(check: str, sentence: str, **facts: object) -> CheckResult:
    return CheckResult(check=check, outcome=Outcome.PASS, sentence=sentence, facts=facts)


def _bad(check: str, sentence: str, **facts: object) -> CheckResult:
    return CheckResult(check=check, outcome=Outcome.FAIL, sentence=sentence, facts=facts)
