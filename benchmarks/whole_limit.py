"""The limit of the whole checklist: the spine's chain (benchmarks.limit), drawn on by hand to the last look at AWS.

All regions do the same side by side, so an item over the product waits for one region's chain. Probes, and the
questions to DNS, cost nothing here.
"""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks import limit as spine


@dataclass(frozen=True, kw_only=True)
class World(spine.World):
    """How long things take in the simulated AWS, in seconds."""

    endpoint: float = 2.0
    interface: float = 1.0
    certificate_record: float = 0.5
    certificate: float = 2.0
    dns: float = 1.0
    private_dns: float = 1.0

    def settings(self) -> dict[str, float]:
        """As the simulated AWS takes them."""
        return {
            "latency_ms": self.latency * 1000,
            "nlb_seconds": self.nlb,
            "instance_seconds": self.instance,
            "service_seconds": self.service,
            "target_health_seconds": self.health,
            "endpoint_seconds": self.endpoint,
            "eni_linger_seconds": self.interface,
            "certificate_record_seconds": self.certificate_record,
            "certificate_seconds": self.certificate,
            "dns_seconds": self.dns,
            "private_dns_seconds": self.private_dns,
        }


def chain(world: World) -> spine.Links:
    """Both profiles over TCP, a certificate for each region, the zone in an account of ours."""
    call, reached = world.latency, "DescribeTargetHealth"
    service, allowed = "DescribeVpcEndpointServiceConfigurations", "DescribeVpcEndpointServicePermissions"
    return {
        **spine.chain(world),
        **_certificates(world),
        # delegation: when every certificate is issued, and Seller Operations' servers are known
        **_zone(world, "delegation", (service, "certificate DescribeCertificate")),
        **_record(world, "delegation", ("delegation GetHostedZone",)),
        **_private_dns(world, service),
        **_rehearsal(world, "rehearsal", (reached, allowed)),
        # submission: services, allow lists, certificates and identities, side by side
        "submission": (("rehearsal cleaned", "delegation served", "private DNS is verified"), call),
        **_rehearsal(world, "go live", ("submission",)),
    }


def _certificates(world: World) -> spine.Links:
    call = world.latency
    return {
        "certificate DescribeTags": (("access checks",), call),
        "RequestCertificate": (("certificate DescribeTags",), call),
        "record is there": (("RequestCertificate",), world.certificate_record),
        "record DescribeCertificate": (("record is there",), call),
        **_zone(world, "validation", ("record DescribeCertificate",)),
        **_record(world, "validation", ("validation GetHostedZone",)),
        "certificate is issued": (("validation served",), world.certificate),
        "certificate DescribeCertificate": (("certificate is issued",), call),
    }


def _private_dns(world: World, service: str) -> spine.Links:
    call, what = world.latency, "private DNS"
    return {
        "ModifyVpcEndpointServiceConfiguration": ((service,), call),
        f"{what} token": (("ModifyVpcEndpointServiceConfiguration",), call),
        **_zone(world, what, (service,)),
        **_record(world, what, (f"{what} token", f"{what} GetHostedZone")),
        "StartVpcEndpointServicePrivateDnsVerification": ((f"{what} served",), call),
        f"{what} is looked for": (("StartVpcEndpointServicePrivateDnsVerification",), world.private_dns),
        f"{what} is verified": ((f"{what} is looked for",), call),
    }


def _zone(world: World, what: str, needs: tuple[str, ...]) -> spine.Links:
    """The live zone is found."""
    return {
        f"{what} ListHostedZonesByName": (needs, world.latency),
        f"{what} GetHostedZone": ((f"{what} ListHostedZonesByName",), world.latency),
    }


def _record(world: World, what: str, needs: tuple[str, ...]) -> spine.Links:
    """What stands there is read, the record is set, and served."""
    return {
        f"{what} ListResourceRecordSets": (needs, world.latency),
        f"{what} ChangeResourceRecordSets": ((f"{what} ListResourceRecordSets",), world.latency),
        f"{what} served": ((f"{what} ChangeResourceRecordSets",), world.dns),
    }


def _rehearsal(world: World, what: str, needs: tuple[str, ...]) -> spine.Links:
    """From the refusal (S47) to the look that nothing is left (S49); its roles' sessions are open."""
    call = world.latency
    return {
        f"{what} refusal and allow list": (needs, call),
        f"{what} allowed": ((f"{what} refusal and allow list",), call),
        f"{what} found": ((f"{what} allowed",), call),
        f"{what} DescribeVpcs": (needs, call),
        f"{what} DescribeSubnets": ((f"{what} DescribeVpcs",), call),
        f"{what} CreateSecurityGroup": ((f"{what} DescribeSubnets",), call),
        f"{what} CreateVpcEndpoint": ((f"{what} found", f"{what} CreateSecurityGroup"), call),
        f"{what} DescribeVpcEndpointConnections": ((f"{what} CreateVpcEndpoint",), call),
        f"{what} AcceptVpcEndpointConnections": ((f"{what} DescribeVpcEndpointConnections",), call),
        f"{what} endpoint is available": ((f"{what} AcceptVpcEndpointConnections",), world.endpoint),
        f"{what} DescribeVpcEndpoints": ((f"{what} endpoint is available",), call),
        f"{what} DescribeNetworkInterfaces": ((f"{what} DescribeVpcEndpoints",), call),
        f"{what} DeleteVpcEndpoints": ((f"{what} DescribeNetworkInterfaces",), call),
        f"{what} endpoint is gone": ((f"{what} DeleteVpcEndpoints",), world.interface),
        f"{what} gone DescribeVpcEndpoints": ((f"{what} endpoint is gone",), call),
        f"{what} DeleteSecurityGroup": ((f"{what} gone DescribeVpcEndpoints",), call),
        f"{what} disallowed": ((f"{what} DescribeNetworkInterfaces",), call),
        f"{what} cleaned": ((f"{what} DeleteSecurityGroup", f"{what} disallowed"), call),
    }


def limit(world: World) -> float:
    """Seconds of the longest chain."""
    return spine.longest(chain(world))
