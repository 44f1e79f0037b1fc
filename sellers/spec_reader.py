"""Reads the spec that a stored product stands for."""

from sellers.models import Product
from sellers.spec import BuyerFacts, ConnectionArns, HealthCheck, Listener, OnboardSpec, ProductFacts


def spec_of(product: Product) -> OnboardSpec:
    """The spec that would write this product again without a change. Raises ValueError if it has no connection."""
    return OnboardSpec(
        seller=product.seller.slug,
        product=facts_of(product),
        connections=_arns(product),
        regions={row.region: row.spec for row in product.regions.all()},
        buyers=tuple(
            BuyerFacts(principal=row.principal, alias=row.alias) for row in product.buyers.filter(is_test=False)
        ),
    )


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


def _arns(product: Product) -> ConnectionArns:
    if product.service_connection is None:
        raise ValueError(f"{product.name} has no service connection. Choose one on its form.")
    dns = product.dns_connection.role_arn if product.dns_connection else None
    return ConnectionArns(
        service=product.service_connection.role_arn,
        certificates=product.certificates_connection.role_arn if product.certificates_connection else None,
        dns="none" if product.dns_by_hand else dns,
        buyer_test=product.buyer_test_connection.role_arn if product.buyer_test_connection else None,
    )
