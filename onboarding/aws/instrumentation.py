"""What happens to every AWS call of a client: the gate before it, count and time after it, our own retry of reads."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from typing import Any

from onboarding.aws import cli
from onboarding.aws.errors import DOUBT, SERVICE, THROTTLE
from onboarding.aws.gate import READ, Call, current


def watch(client: Any, service: str, region: str, account: str) -> None:
    """Send every call of this client through the gate of its context, count and time it."""
    eyes, events = _Instrumentation(service, region, account), client.meta.events
    events.register("provide-client-params.*.*", eyes.keep)
    events.register("before-call.*.*", eyes.before)
    events.register("after-call.*.*", eyes.after)
    events.register("after-call-error.*.*", eyes.broke)
    events.register(f"needs-retry.{client.meta.service_model.service_id.hyphenize()}", again)


@dataclass(frozen=True)
class _Instrumentation:
    """botocore's event handlers of one client; what belongs to one call stands in that call's own context."""

    service: str
    region: str
    account: str

    def keep(self, params: Any, context: Any, **_: Any) -> None:
        context["plc_params"] = dict(params)

    def before(self, params: Any, model: Any, context: Any, **_: Any) -> None:
        wanted = context.get("plc_params", {})
        call = Call(
            service=self.service,
            operation=model.name,
            region=self.region,
            account=self.account,
            params=cli.redacted(wanted),
            dry_run=bool(wanted.get("DryRun")),
        )
        current().before(call)
        context["plc_call"], context["plc_began"] = call, time.monotonic()

    def after(self, http_response: Any, parsed: Any, context: Any, **_: Any) -> None:
        error, meta = parsed.get("Error", {}), parsed.get("ResponseMetadata", {})
        if error:
            error[SERVICE] = self.service  # a ClientError does not say whose it is (errors.read)
        code, message = error.get("Code", ""), error.get("Message", "")
        _end(context, http_response.status_code, code, message, meta.get("RequestId", ""))

    def broke(self, exception: Exception, context: Any, **_: Any) -> None:
        _end(context, None, type(exception).__name__, str(exception), "")


def _end(context: Any, status: int | None, code: str, message: str, request_id: str) -> None:
    if call := context.get("plc_call"):
        call.seconds = time.monotonic() - context["plc_began"]
        call.status, call.code, call.message, call.request_id = status, code, message, request_id
        current().after(call)


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
