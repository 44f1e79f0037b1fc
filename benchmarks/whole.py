"""The whole checklist against the limit: `python -m benchmarks.whole`.

As benchmarks.provision, but from nothing to live: certificates, DNS records, rehearsals, submission, and the rehearsal
under the product's own names. What people answer is answered before the run begins, so that nobody is waited for.
"""

from __future__ import annotations

import argparse
import time
from typing import TYPE_CHECKING, Any

from benchmarks.provision import REGIONS, outcome, raise_quotas, tell, wait_for
from benchmarks.stage import Stage, stage
from benchmarks.whole_limit import World, limit
from sellers import formats

if TYPE_CHECKING:
    from sellers.models import Product


def build(on: Stage, number: int, regions: tuple[str, ...], *, timeline: bool = False) -> dict[str, Any]:
    """One product all the way to live: as benchmarks.provision.build."""
    from onboarding.engine import commands
    from onboarding.models import Item
    from onboarding.tasks import nudge
    from tests import products

    product = _product(on, number, regions)
    servers = on.world.post("marketplace_zone", {"name": _friendly(number), "cnames": []})["servers"]
    time.sleep(2)  # until that zone is served
    seen, used = len(on.world.get("calls")), on.cpu_seconds()
    started = commands.provision(product, None)
    for slug, given in products.answers(servers).items():
        commands.answer(Item.objects.get(product=product, slug=slug), None, given)
    nudge(started.due)
    wait_for(started.run.pk)
    return outcome(on, product.name, started.run.pk, regions, seen, used, timeline=timeline)


def _product(on: Stage, number: int, regions: tuple[str, ...]) -> Product:
    """A product with names of its own in the zone that all of them share, its roles connected."""
    from sellers.models import Seller
    from sellers.spec import load_data
    from sellers.spec_writer import save_spec
    from tests import products

    data = products.whole(
        {region: products.OWN_TARGETS for region in regions},
        name=f"Whole {number}",
        friendly_dns_name=_friendly(number),
        private_dns_name=f"p{number}.example.com",
    )
    seller, _ = Seller.objects.get_or_create(slug=data["seller"], defaults={"name": "Example Analytics"})
    for arn in dict.fromkeys(data["connections"].values()):
        products.connect(on.world, seller, formats.account_of(arn), arn.rpartition("/")[2])
    return save_spec(load_data(data), None).product


def _friendly(number: int) -> str:
    return f"p{number}.vpce.example.com"


def main() -> None:
    """Print every round."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--workers", type=int, default=2, help="worker processes of 16 threads")
    options.add_argument("--regions", type=int, default=8, help="the larger number of regions")
    options.add_argument("--timeline", action="store_true", help="print the calls of one region in the last round")
    options.add_argument("--rounds", type=int, default=3)
    chosen = options.parse_args()
    world, many, rows = World(), REGIONS[: chosen.regions], []
    with stage(world.settings()) as on:
        from tests import products

        raise_quotas(on, many)
        products.zone(on.world)
        for number in range(chosen.workers):
            on.start_worker("-c", "16", "-n", f"worker{number}@%h")
        time.sleep(6)
        best = limit(world)
        print(f"limit: {best:.2f} s (the longest chain of calls of {world.latency * 1000:.0f} ms and waits)")
        sizes = [many, *(size for _ in range(chosen.rounds) for size in (many[:1], many))]
        for number, size in enumerate(sizes):
            last = chosen.timeline and number == len(sizes) - 1
            rows.append(build(on, number, size, timeline=last))
            tell(rows[-1], best)


if __name__ == "__main__":
    main()
