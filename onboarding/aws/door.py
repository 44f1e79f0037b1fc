"""The door to one account and region: typed clients whose every call passes the gate, with our own retry and time-outs.

botocore's own retry is off (engine.md decision 3): reads are tried three times here, everything else once; the engine
looks before it makes again.
"""

from __future__ import annotations

import random
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

import boto3
from botocore.config import Config
from botocore.loaders import Loader
from botocore.session import Session as CoreSession

from onboarding.aws import cli
from onboarding.aws.errors import DOUBT, SERVICE, THROTTLE
from onboarding.aws.gate import READ, Call, current

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
    user_agent_extra="privatelink-onboarding",
)
LOADER = Loader(include_default_search_paths=True)  # one for all sessions: a loader of its own costs 178 ms and 22 MB
MOST_CLIENTS = 96


class Door:
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
        return _clients.get((id(self._session), self.region, service), lambda: self._make(service))

    def _make(self, service: str) -> Any:
        client = self._session.client(service, region_name=self.region, config=CONFIG)  # type: ignore[call-overload]
        watch(client, service, self.region, self.account)
        client._plc_session = self._session  # keeps the session alive as long as the cache's key means it
        return client


class _Clients:
    """Clients by (session, region, service), made under a lock (sessions are not thread-safe), least used dropped."""

    def __init__(self, most: int) -> None:
        self._most, self._lock = most, threading.Lock()
        self._kept: OrderedDict[tuple[int, str, str], Any] = OrderedDict()

    def get(self, key: tuple[int, str, str], make: Callable[[], Any]) -> Any:
        with self._lock:
            if key not in self._kept:
                self._kept[key] = make()
                if len(self._kept) > self._most:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(key)
            return self._kept[key]


_clients = _Clients(MOST_CLIENTS)


def new_session(**credentials: str) -> boto3.Session:
    """A boto3 session over the shared loader; without credentials, the default chain of this process (the hub)."""
    core = CoreSession()
    core.register_component("data_loader", LOADER)
    return boto3.Session(botocore_session=core, **cast("dict[str, Any]", credentials))


def watch(client: Any, service: str, region: str, account: str) -> None:
    """Send every call of this client through the gate of its context, count and time it."""
    events = client.meta.events

    def before(params: Any, model: Any, context: Any, **_: Any) -> None:
        wanted = context.get("plc_params", {})
        call = Call(
            service=service, operation=model.name, region=region, account=account,
            params=cli.redacted(wanted), dry_run=bool(wanted.get("DryRun")),
        )  # fmt: skip
        current().before(call)
        context["plc_call"], context["plc_began"] = call, time.monotonic()

    def keep(params: Any, context: Any, **_: Any) -> None:
        context["plc_params"] = dict(params)

    def after(http_response: Any, parsed: Any, context: Any, **_: Any) -> None:
        error, meta = parsed.get("Error", {}), parsed.get("ResponseMetadata", {})
        if error:
            error[SERVICE] = service  # a ClientError does not say whose it is (errors.read)
        end(
            context,
            http_response.status_code,
            error.get("Code", ""),
            error.get("Message", ""),
            meta.get("RequestId", ""),
        )

    def broke(exception: Exception, context: Any, **_: Any) -> None:
        end(context, None, type(exception).__name__, str(exception), "")

    def end(context: Any, status: int | None, code: str, message: str, request_id: str) -> None:
        if call := context.get("plc_call"):
            call.seconds = time.monotonic() - context["plc_began"]
            call.status, call.code, call.message, call.request_id = status, code, message, request_id
            current().after(call)

    events.register("provide-client-params.*.*", keep)
    events.register("before-call.*.*", before)
    events.register("after-call.*.*", after)
    events.register("after-call-error.*.*", broke)
    events.register(f"needs-retry.{client.meta.service_model.service_id.hyphenize()}", again)


def again(response: Any, operation: Any, attempts: int, caught_exception: Exception | None, **_: Any) -> float | None:
    """Seconds until a read is tried again, or None: reads three times, all other calls once (botocore's own retry is
    off).
    """
    if attempts >= 3 or not READ.match(operation.name) or operation.name == "AssumeRole":
        return None
    code = response[1].get("Error", {}).get("Code", "") if response else ""
    if caught_exception is None and code not in THROTTLE | DOUBT:
        return None
    return random.uniform(0.05, 0.2 * 2**attempts)  # noqa: S311 - jitter
