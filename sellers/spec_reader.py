"""Reads the spec that a stored product stands for."""

from typing import Any

from sellers.models import Product
from sellers.spec import BuyerFacts, ConnectionArns, HealthCheck, Listener, OnboardSpec, ProductFacts


def spec_of(product: Product) -> OnboardSpec:
    """The spec that would write this product again without a change. Raises ValueError if it has no connection."""
    if product.service_connection is None:
        raise ValueError(f"{product.name} has no service connection. Choose one under Setup.")
    return OnboardSpec(**_parts(product), connections=ConnectionArns(**_arns(product)))


def incomplete_spec_of(product: Product) -> OnboardSpec:
    """The same, unchecked, of a product that may lack its service connection or its Regions."""
    connections = ConnectionArns.model_construct(None, **{"service": "", **_arns(product)})
    return OnboardSpec.model_construct(None, **_parts(product), connections=connections)


def _parts(product: Product) -> dict[str, Any]:
    return {
        "seller": product.seller.slug,
        "product": facts_of(product),
        "regions": {row.region: row.spec for row in product.regions.all()},
        "buyers": tuple(
            BuyerFacts(principal=row.principal, alias=row.alias) for row in product.buyers.filter(is_test=False)
        ),
    }


def facts_of(product: Product) -> ProductFacts:
    """The facts that hold in every region."""
    check = HealthCheck.model_validate({"protocol": product.health_check_protocol, "path": product.health_check_path})
    listener = {
        "protocol": product.listener_protocol,
        "port": product.listener_port,
        "target_port": product.target_port,
        "health_check": check,
    }
    return ProductFacts.model_validate(
        {
            "name": product.name,
            "marketplace_product_id": product.marketplace_product_id,
            "friendly_dns_name": product.friendly_dns_name,
            "private_dns_name": product.private_dns_name,
            "profile": product.profile,
            "listener": Listener.model_validate(listener),
        }
    )


def _arns(product: Product) -> dict[str, str]:
    named = {
        "service": product.service_connection,
        "certificates": product.certificates_connection,
        "dns": product.dns_connection,
        "buyer_test": product.buyer_test_connection,
    }
    arns = {role: connection.role_arn for role, connection in named.items() if connection}
    return {**arns, "dns": "none"} if product.dns_by_hand else arns
