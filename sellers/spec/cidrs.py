"""Ranges for regions that name none."""

from collections.abc import Mapping
from ipaddress import IPv4Network

from sellers.spec.choices import RegionChoices
from sellers.spec.problems import Problem, SpecErrors


def assign_cidrs(regions: Mapping[str, RegionChoices]) -> dict[str, RegionChoices]:
    """The same regions, in the same order; those that create a network without a range get 10.N.0.0/16.

    N counts from 20 and leaves out what overlaps a range that was given. SpecErrors if none is left.
    """
    taken = [IPv4Network(choice.network.cidr) for choice in regions.values() if choice.network.cidr]
    free = (IPv4Network(f"10.{n % 256}.0.0/16") for n in range(20, 20 + 256))
    result: dict[str, RegionChoices] = {}
    for region, choices in regions.items():
        network = choices.network
        if network.mode == "create" and network.cidr is None:
            found = next((range_ for range_ in free if not any(range_.overlaps(other) for other in taken)), None)
            if found is None:
                sentence = "No free CIDR block is left in 10.0.0.0/8. Enter a cidr for each Region."
                raise SpecErrors([Problem(f"regions.{region}.network.cidr", sentence)])
            taken.append(found)
            network = network.model_copy(update={"cidr": str(found)})
        result[region] = choices.model_copy(update={"network": network})
    return result
