"""The door to one account and region: typed clients whose every call passes the gate, with our own retry and time-outs.

botocore's own retry is off: reads are tried three times here, everything else once; the engine
looks before it makes again.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, cast

import boto3
import botocore
from botocore.config import Config
from botocore.loaders import Loader
from botocore.session import Session as CoreSession
from cachetools import LRUCache, cached

from onboarding.aws.instrumentation import watch

if TYPE_CHECKING:
    from mypy_boto3_acm import ACMClient
    from mypy_boto3_ec2 import EC2Client
    from mypy_boto3_elbv2 import ElasticLoadBalancingv2Client
    from mypy_boto3_iam import IAMClient
    from mypy_boto3_route53 import Route53Client
    from mypy_boto3_service_quotas import ServiceQuotasClient
    from mypy_boto3_sts import STSClient

CONFIG = Config(
    connect_timeout=3,
    read_timeout=20,
    retries={"total_max_attempts": 1, "mode": "standard"},
    max_pool_connections=50,
    # Given whole: botocore puts its own together twice a call, which was a twentieth of a worker's time.
    user_agent=f"Boto3/{boto3.__version__} Botocore/{botocore.__version__} privatelink-onboarding",
)
LOADER = Loader(include_default_search_paths=True)  # one for all sessions: a loader of its own costs 178 ms and 22 MB
MOST_CLIENTS = 96
SERVICES = ("ec2", "elbv2", "acm", "route53", "iam", "sts", "service-quotas")


class RegionClients:
    """One account's region. Clients are made once and shared between threads; a session belongs to one tenant's run."""

    def __init__(self, session: boto3.Session, account: str, region: str, arn: str = "") -> None:
        self.account, self.region, self.arn = account, region, arn
        self._session = session

    @property
    def partition(self) -> str:
        """aws, aws-cn, aws-us-gov ..., as the region says."""
        return self._session.get_partition_for_region(self.region)

    @property
    def ec2(self) -> EC2Client:
        return cast("EC2Client", self._client("ec2"))

    @property
    def elbv2(self) -> ElasticLoadBalancingv2Client:
        return cast("ElasticLoadBalancingv2Client", self._client("elbv2"))

    @property
    def acm(self) -> ACMClient:
        return cast("ACMClient", self._client("acm"))

    @property
    def route53(self) -> Route53Client:
        return cast("Route53Client", self._client("route53"))

    @property
    def iam(self) -> IAMClient:
        return cast("IAMClient", self._client("iam"))

    @property
    def sts(self) -> STSClient:
        return cast("STSClient", self._client("sts"))

    @property
    def quotas(self) -> ServiceQuotasClient:
        return cast("ServiceQuotasClient", self._client("service-quotas"))

    def _client(self, service: str) -> Any:
        return _client(self._session, self.account, self.region, service)


_making = threading.Lock()  # sessions are not thread-safe


@cached(LRUCache(MOST_CLIENTS), condition=threading.Condition())
def _client(session: boto3.Session, account: str, region: str, service: str) -> Any:
    with _making:
        client = session.client(service, region_name=region, config=CONFIG)  # type: ignore[call-overload]
    watch(client, service, region, account)
    return client


def new_session(**credentials: str) -> boto3.Session:
    """A boto3 session over the shared loader; without credentials, the default chain of this process (the hub)."""
    core = CoreSession()
    core.register_component("data_loader", LOADER)
    return boto3.Session(botocore_session=core, **cast("dict[str, Any]", credentials))


def warm() -> None:
    """Read the models of all services now, not while the first run waits for them."""
    for service in SERVICES:
        for kind in ("service-2", "paginators-1"):
            LOADER.load_service_model(service, kind)
