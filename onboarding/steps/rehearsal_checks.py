"""What a rehearsal saw, stage by stage, as evidence (S47-S49), and how it ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from onboarding.checklist.results import FRESH
from onboarding.checklist.side_by_side import together
from onboarding.checklist.step import CheckResult, NeedsAction, Outcome, PastResult, Wait, WaitingFor
from onboarding.dns.coverage import covers
from onboarding.steps.rehearsal_resources import CLEAN_UP, VERDICT, RegionRehearsal, RehearsalResult
from onboarding.things.discovery import listed
from onboarding.things.endpoint import LEAVING, addresses, endpoints, timeline
from onboarding.things.principal import allowed
from onboarding.things.trial_principal import EVERYONE

PATIENCE = timedelta(minutes=3)  # so long a new endpoint may take to answer under its names
WORST = (Outcome.FAIL, Outcome.WARN, Outcome.ATTESTED, Outcome.PASS)
Servers = Callable[[str, str], Sequence[str]]  # (endpoint id, host) -> the names to shake hands under in TLS


def witnessed(turn: RegionRehearsal, trial: RehearsalResult, servers: Servers) -> list[CheckResult]:
    """A proof of each stage of a trial whose endpoint is available. Raises NotYet while a person is still at it, or the
    endpoint may still come to answer.
    """
    jobs: list[Callable[[], list[CheckResult]]] = [
        partial(_found, turn, trial),
        partial(_created, turn, trial),
        partial(_connected, turn, trial, servers),
    ]
    return [_refused(turn, trial), *(proof for proofs in together(turn.ctx, jobs) for proof in proofs)]


def verdict(turn: RegionRehearsal, stages: Sequence[CheckResult], listed_before: str = "", **more: Any) -> CheckResult:
    """The proof by which a rehearsal is known later: the worst of its stages, what it was about, and `more` facts."""
    outcome = next(word for word in WORST if any(proof.outcome is word for proof in stages))
    told = [proof.sentence for proof in stages if proof.outcome is outcome]
    said = (
        " ".join(told)
        if outcome is not Outcome.PASS
        else (f"Account {turn.tester} found the service in {turn.region}, created an endpoint and connected to it.")
    )
    facts = {
        "subject": turn.subject(),
        "account": turn.tester,
        "listed_before": listed_before,
        "stages": {proof.check: str(proof.outcome) for proof in stages},
        **more,
    }
    return CheckResult(check=turn.named(VERDICT), outcome=outcome, sentence=said, facts=facts)


def said_by(turn: RegionRehearsal, question: str) -> CheckResult:
    """A person's word in place of a measurement. Raises NotYet with the question until it is given for this attempt."""
    answer = turn.ctx.answer
    word, last = str(answer.values.get("attest") or "").strip(), turn.past("connected")
    used_up = last is not None and not last.current and last.facts.get("at") == answer.at
    if not word or used_up:
        raise Wait(WaitingFor.YOU, question)
    said = f"{answer.by or 'A person'} says that a buyer connects in {turn.region}."
    facts = {"said": word[:500], "by": answer.by, "at": answer.at}
    return CheckResult(check=turn.named("connected"), outcome=Outcome.ATTESTED, sentence=said, facts=facts)


def cleaned(turn: RegionRehearsal, past: PastResult) -> list[CheckResult]:
    """The proof that nothing is left, if there is none since the verdict. Raises NotYet while AWS still shows some."""
    last = turn.past(CLEAN_UP)
    if not turn.tester or (last is not None and last.at >= past.at):
        return []
    kept = past.facts.get("listed_before") == turn.principal or turn.principal in _buyers(turn)
    jobs = [partial(_endpoints, turn), partial(_groups, turn), *([] if kept else [partial(_entry, turn)])]
    left = [each for found in together(turn.ctx, jobs) for each in found]
    if left:
        raise Wait(WaitingFor.AWS, f"AWS still shows {', '.join(left)}.", kind="test_endpoint_removal")
    said = (
        f"Nothing of the buyer connection test is left in account {turn.tester} or on the allow list of {turn.region}."
    )
    facts = {"account": turn.tester, "service_id": turn.service.service_id, "left": []}
    return [CheckResult(check=turn.named(CLEAN_UP), outcome=Outcome.PASS, sentence=said, facts=facts)]


def _endpoints(turn: RegionRehearsal) -> list[str]:
    """The product's endpoints in the buyer test account that AWS still shows."""
    found = endpoints(turn.ctx.door("buyer_test"), "tag:plc:product", [turn.ctx.product_id])
    return [endpoint["VpcEndpointId"] for endpoint in found if endpoint["State"].lower() not in LEAVING]


def _groups(turn: RegionRehearsal) -> list[str]:
    """The product's security groups there."""
    mine = [turn.ctx.product_id]
    answer = turn.ctx.door("buyer_test").ec2.describe_security_groups(
        Filters=[{"Name": "tag:plc:product", "Values": mine}]
    )
    return [group["GroupId"] for group in answer["SecurityGroups"]]


def _entry(turn: RegionRehearsal) -> list[str]:
    """The test account's own entry on the allow list."""
    return [turn.principal] if turn.principal in allowed(turn.ctx.door(), turn.service.service_id) else []


def _buyers(turn: RegionRehearsal) -> set[str]:
    """The principals of the product's own buyers, of whom the test account may be one."""
    partition = turn.ctx.spec.partition
    return {buyer.arn(partition) for buyer in turn.ctx.spec.buyers}


def _refused(turn: RegionRehearsal, trial: RehearsalResult) -> CheckResult:
    account, before = trial.account, trial.listed_before
    facts = {"account": account, "code": trial.refusal, "listed_before": before}
    name = turn.named("refused")
    if trial.refusal:
        said = f"Before account {account} was allowed, AWS did not show it the service ({trial.refusal})."
        return CheckResult(check=name, outcome=Outcome.PASS, sentence=said, facts=facts)
    why = {
        EVERYONE: "the allow list holds *, so that AWS refuses nobody",
        turn.principal: "it was on the allow list already",
        "": "AWS may not have taken in an earlier removal yet",
    }.get(before, f"{before} is on the allow list")
    said = f"Account {account} found the service before the test allowed it: {why}. We couldn't see AWS refuse it."
    return CheckResult(check=name, outcome=Outcome.WARN, sentence=said, facts=facts)


def _found(turn: RegionRehearsal, trial: RehearsalResult) -> list[CheckResult]:
    found, account = dict(trial.found or {}), trial.account
    door, name = turn.ctx.door("buyer_test"), turn.service.service_name
    found["listed"] = listed(door, name, str(found.get("owner", "")))
    facts = {"account": account, **found}
    if found["listed"]:
        said = f"Account {account} finds {name} by its name and in the list of services."
        return [CheckResult(check=turn.named("found"), outcome=Outcome.PASS, sentence=said, facts=facts)]
    said = f"Account {account} finds {name} by its exact name only; AWS does not list it."
    return [CheckResult(check=turn.named("found"), outcome=Outcome.WARN, sentence=said, facts=facts)]


def _created(turn: RegionRehearsal, trial: RehearsalResult) -> list[CheckResult]:
    network, seen = trial.network or {}, trial.states or {}
    facts = {
        "account": trial.account,
        "endpoint_id": trial.endpoint_id,
        "vpc_id": seen["vpc_id"],
        "subnet_ids": seen["subnet_ids"],
        "zone_ids": network.get("zone_ids", []),
        "names": seen["names"],
        "states": timeline(seen),
        "addresses": addresses(turn.ctx.door("buyer_test"), seen["interface_ids"]),
    }
    zones = ", ".join(facts["zone_ids"])
    said = f"Endpoint {trial.endpoint_id} in {facts['vpc_id']} ({zones}) was accepted and is available."
    return [CheckResult(check=turn.named("endpoint"), outcome=Outcome.PASS, sentence=said, facts=facts)]


def _connected(turn: RegionRehearsal, trial: RehearsalResult, servers: Servers) -> list[CheckResult]:
    if turn.ctx.probe is None:
        return [said_by(turn, _ask(turn, trial))]
    listener = turn.ctx.spec.product.listener
    tls, hosts = listener.protocol == "TLS", [str(name) for name in (trial.states or {})["names"]]
    tried = [
        (_place(turn, hosts, host, number), host, server)
        for host in hosts
        for number, server in enumerate((servers(trial.endpoint_id, host) if tls else ()) or ("",))
    ]
    answers = together(turn.ctx, [partial(turn.ctx.probe, host, listener.port, server) for _, host, server in tried])
    _wait(turn, [place for place, _, _ in tried], answers)
    return [_probed(place, server, answer) for (place, _, server), answer in zip(tried, answers, strict=True)]


def _place(turn: RegionRehearsal, hosts: Sequence[str], host: str, number: int) -> str:
    """`connected.regional`, `connected.us-east-1a`; a second server name makes it `connected.regional.private`."""
    label = host.partition(".")[0]
    zone = label[label.find(turn.region) :] if turn.region in label else ""
    word = "regional" if host == hosts[0] else zone.partition("-vpce")[0] or f"name {hosts.index(host)}"
    return turn.named(f"connected.{word}" + (".private" if number else ""))


def _wait(turn: RegionRehearsal, places: Sequence[str], answers: Sequence[Any]) -> None:
    """Raise NotYet while a new endpoint may still come to answer, counted from the first try of this attempt."""
    closed = [(place, answer) for place, answer in zip(places, answers, strict=True) if not answer.open]
    if not closed:
        return
    first = next((past for place in places if (past := turn.past(place)) is not None and past.current), None)
    if first is not None and first.age >= PATIENCE:
        return
    proofs = []
    if first is None:
        said = "The endpoint did not answer at the first try; it is tried again for three minutes."
        place, answer = closed[0]
        proofs = [CheckResult(check=place, outcome=Outcome.WARN, sentence=said, facts={"target": answer.target})]
    word = f"{len(closed)} of {len(answers)} closed"
    raise Wait(WaitingFor.AWS, closed[0][1].sentence, kind="endpoint_probe", aws_status=word, proofs=proofs)


def _probed(place: str, server: str, answer: Any) -> CheckResult:
    facts = {"target": answer.target, "port": answer.port, "ms": answer.ms}
    said, good = answer.sentence, answer.open
    if server:
        facts |= {"server_name": server, "names": list(answer.names), "certificate_sha256": answer.sha256}
    if good and server:
        covered = covers(answer.names, [server])
        good, said = covered.ok, covered.sentence or f"{answer.target} serves a certificate that covers {server}."
    return CheckResult(check=place, outcome=Outcome.PASS if good else Outcome.FAIL, sentence=said, facts=facts)


def _ask(turn: RegionRehearsal, trial: RehearsalResult) -> str:
    seen, port = trial.states or {}, turn.ctx.spec.product.listener.port
    return (
        f"Test endpoint {trial.endpoint_id} is available. No probe proxy is set up, so try "
        f"{(seen['names'] or [trial.endpoint_id])[0]} on port {port} from inside {seen['vpc_id']} of account "
        f"{turn.tester} and say here that it connects. The endpoint costs money until then."
    )


def ended(turns: Sequence[RegionRehearsal], verdicts: Sequence[PastResult]) -> list[CheckResult]:
    """How an item ends whose rounds all have their verdict and whose things are gone: its last proofs.

    Raises Wrong with the sentence of a failed verdict, after the clean-up is on record.
    """
    ctx, jobs = turns[0].ctx, [partial(cleaned, turn, past) for turn, past in zip(turns, verdicts, strict=True)]
    clean = [proof for proofs in together(ctx, jobs) for proof in proofs]
    failed = [past for past in verdicts if past.outcome is Outcome.FAIL]
    if failed and clean:
        said = "The test endpoint is gone."
        raise Wait(WaitingFor.AWS, said, kind="test_endpoint_removal", proofs=clean, at_once=True)
    if failed:
        raise NeedsAction(
            " ".join(past.sentence for past in failed),
            "Fix what the error names: security groups, the listener, or its certificate. Then retry this step.",
        )
    return [*clean, *(_outcome(turn, past) for turn, past in zip(turns, verdicts, strict=True))]


def _outcome(turn: RegionRehearsal, past: PastResult) -> CheckResult:
    """What the item says from now on. It does not renew the verdict, whose age counts."""
    facts = {"rehearsed_at": past.at.isoformat(), "account": turn.tester}
    if past.current:
        said, facts["verdict"] = f"Tested on {past.at:%Y-%m-%d}. No test resources are left.", past.sentence
        return CheckResult(check=turn.named("outcome"), outcome=past.outcome, sentence=said, facts=facts)
    said, outcome = f"Tested on {past.at:%Y-%m-%d}. The service and its names haven't changed since.", past.outcome
    if past.age > FRESH:
        said += f" Results are valid for {FRESH.days} days. Start a run to test again."
        outcome = Outcome.WARN
    return CheckResult(check=turn.named("outcome"), outcome=outcome, sentence=said, facts=facts)


def told(proofs: Sequence[CheckResult]) -> str:
    """What an item says whose rehearsals are over: the verdict of each, or that an earlier one still holds."""
    ended = [proof for proof in proofs if "rehearsed_at" in proof.facts]
    return " ".join(str(proof.facts.get("verdict", proof.sentence)) for proof in ended)
