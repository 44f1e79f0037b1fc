"""Provisioning against the limit: `python -m benchmarks.provision [--slow]`.

A latency layer stands before the simulated AWS; real Celery workers build products of 1 and 8 regions (native, TCP).
The first product teaches the waits; the ratio is that of a later one. From first to last AWS call, as AWS saw them.
"""

from __future__ import annotations

import argparse
import time
from typing import TYPE_CHECKING, Any

from benchmarks.limit import World, fewest, limit
from benchmarks.stage import Stage, stage

if TYPE_CHECKING:
    from uuid import UUID

REGIONS = (
    "us-east-1",
    "us-east-2",
    "us-west-2",
    "eu-west-1",
    "eu-central-1",
    "eu-north-1",
    "ap-southeast-1",
    "ap-northeast-1",
)


def build(on: Stage, name: str, regions: tuple[str, ...], *, timeline: bool = False) -> dict[str, Any]:
    """One product through the workers: seconds from first to last call, calls, mutating calls, and the run's state."""
    from onboarding.engine import commands
    from onboarding.tasks import nudge
    from tests import products

    product = products.product(on.world, products.spec({region: {} for region in regions}, name=name))
    seen, used = len(on.world.get("calls")), on.cpu_seconds()
    started = commands.provision(product, None)
    nudge(started.due)
    wait_for(started.run.pk)
    return outcome(on, name, started.run.pk, regions, seen, used, timeline=timeline)


def wait_for(run_id: UUID) -> None:
    """Until a run has ended. TimeoutError after five minutes, with where its items stand."""
    from onboarding import worker

    ends = time.monotonic() + 300
    while not worker.ended(run_id):
        if time.monotonic() > ends:
            tell_items(run_id)
            raise TimeoutError("The run did not end within five minutes.")
        time.sleep(0.1)


def outcome(
    on: Stage, name: str, run_id: UUID, regions: tuple[str, ...], seen: int, used: dict[str, float], *, timeline: bool
) -> dict[str, Any]:
    """What a run came to: `seen` calls and `used` seconds of processor were there before it."""
    from onboarding.models import Run

    calls, run = on.world.get("calls")[seen:], Run.objects.get(pk=run_id)
    if run.state != "done":
        tell_items(run_id)
    if timeline:
        tell_timeline(run, regions[-1])
    times = [call["time"] for call in calls]
    return {
        "product": name,
        "regions": len(regions),
        "seconds": max(times) - min(times),
        "calls": len(calls),
        "mutating": sum(call["mutating"] for call in calls),
        "state": run.state,
        "cpu": {name: now - used[name] for name, now in on.cpu_seconds().items()},
    }


def tell_items(run_id: UUID) -> None:
    """Where each item stands, with its failure."""
    from onboarding import worker
    from onboarding.models import Run

    for item in worker.standing(Run.objects.get(pk=run_id)).items:
        print(worker.line(item), item.failure)


def tell_timeline(run: Any, region: str) -> None:
    """The calls of one region in order: seconds since the first call, milliseconds taken, item, call; then what was
    learnt of waits.
    """
    from onboarding.models import AwsCall, WaitStat

    calls = AwsCall.objects.filter(run_id=run.pk).select_related("item").order_by("at")
    first = calls[0].at
    for call in calls:
        if call.item.region in ("", region):
            ended = (call.at - first).total_seconds()
            print(f"{ended:7.3f} {call.ms:5d} ms  {call.item.slug:<18} {call.operation} {call.region} {call.code}")
    for stat in WaitStat.objects.order_by("kind"):
        print(f"{stat.kind:<28} {stat.seen:4d} waits of {stat.mean:.2f} s, give or take {stat.spread:.2f} s")


def raise_quotas(on: Stage, regions: tuple[str, ...]) -> None:
    """Room for what every round makes: five VPCs a region are the default."""
    from tests import products

    for region in regions:
        for service, code in (("vpc", "L-F678F1CE"), ("ec2", "L-1216C47A"), ("elasticloadbalancing", "L-69A177A2")):
            values = {"account_id": products.SELLER, "region": region, "service": service, "code": code, "value": 500}
            on.world.post("quotas", values)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--slow", action="store_true", help="NLB 90 s, instances 20 s, four regions")
    options.add_argument("--workers", type=int, default=2, help="worker processes of 16 threads")
    options.add_argument("--timeline", action="store_true", help="print the calls of one region in the last round")
    options.add_argument("--rounds", type=int, default=3)
    chosen = options.parse_args()
    world = World(nlb=90.0, instance=20.0) if chosen.slow else World()
    settings = {
        "latency_ms": world.latency * 1000,
        "nlb_seconds": world.nlb,
        "instance_seconds": world.instance,
        "service_seconds": world.service,
        "target_health_seconds": world.health,
    }
    many = REGIONS[:4] if chosen.slow else REGIONS
    with stage(settings) as on:
        raise_quotas(on, many)
        for number in range(chosen.workers):
            on.start_worker("-c", "16", "-n", f"worker{number}@%h")
        time.sleep(6)
        best = limit(world)
        print(f"limit: {best:.2f} s (the longest chain of calls of {world.latency * 1000:.0f} ms and waits)")
        rows = [build(on, "first", many)]
        for number in range(1 if chosen.slow else chosen.rounds):
            rows.append(build(on, f"one region {number}", many[:1]))
            last = number == (0 if chosen.slow else chosen.rounds - 1)
            rows.append(build(on, f"all regions {number}", many, timeline=chosen.timeline and last))
    for row in rows:
        tell(row, best, f", {row['calls'] / fewest(row['regions'], row['mutating']):.2f} x fewest")


def tell(row: dict[str, Any], best: float, more: str = "") -> None:
    """One run's figures for people."""
    print(
        f"{row['product']:<16} {row['regions']} regions  {row['seconds']:6.2f} s"
        f"  {row['seconds'] / best:5.2f} x limit  {row['calls']:4d} calls, {row['mutating']} mutating{more}"
        f"  {row['state']}  cpu {', '.join(f'{name} {seconds:.1f} s' for name, seconds in row['cpu'].items())}",
        flush=True,
    )


if __name__ == "__main__":
    main()
