"""What a person decides about a product, as a form or a file gives it. Pure: pydantic, no Django.

`load` reads the YAML of `manage.py onboard`, `load_data` plain data; both raise SpecErrors with all problems.
"""

from sellers.spec.choices import (
    CertificateChoice,
    Choice,
    EndpointServiceChoice,
    LoadBalancerChoice,
    NetworkChoice,
    RegionChoices,
    RehearsalChoice,
    TargetsChoice,
)
from sellers.spec.cidrs import assign_cidrs
from sellers.spec.facts import BuyerFacts, ConnectionArns, HealthCheck, Listener, OnboardSpec, ProductFacts
from sellers.spec.load import json_schema, load, load_data
from sellers.spec.problems import Problem, SpecErrors

__all__ = [
    "BuyerFacts",
    "CertificateChoice",
    "Choice",
    "ConnectionArns",
    "EndpointServiceChoice",
    "HealthCheck",
    "Listener",
    "LoadBalancerChoice",
    "NetworkChoice",
    "OnboardSpec",
    "Problem",
    "ProductFacts",
    "RegionChoices",
    "RehearsalChoice",
    "SpecErrors",
    "TargetsChoice",
    "assign_cidrs",
    "json_schema",
    "load",
    "load_data",
]
