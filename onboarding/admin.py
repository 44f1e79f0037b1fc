"""Django admin of what the engine remembers, to look only; and of the prices, which administrators keep."""

from typing import ClassVar

from django.contrib import admin
from django.db.models import URLField

from onboarding.models import (
    Attempt,
    AwsCall,
    Event,
    Evidence,
    Heartbeat,
    Item,
    Outbox,
    Price,
    Progress,
    Resource,
    Run,
    Throttle,
    WaitStat,
)
from sellers.admin import ReadOnly


@admin.register(Run)
class RunAdmin(ReadOnly[Run]):
    """Runs."""

    list_display = ("product", "number", "verb", "region", "state", "by", "started_at", "ended_at")
    list_filter = ("verb", "state")
    list_select_related = ("product", "by")


@admin.register(Item)
class ItemAdmin(ReadOnly[Item]):
    """Checklist items."""

    list_display = ("product", "slug", "region", "state", "waiting_for", "message", "next_check_at")
    list_filter = ("state", "waiting_for", "slug")
    list_select_related = ("product",)


@admin.register(Resource)
class ResourceAdmin(ReadOnly[Resource]):
    """The inventory."""

    list_display = ("product", "kind", "logical_key", "aws_id", "account", "region", "state", "managed")
    list_filter = ("state", "managed", "kind")
    list_select_related = ("product",)


@admin.register(Attempt)
class AttemptAdmin(ReadOnly[Attempt]):
    """Attempts."""

    list_display = ("item", "number", "verb", "outcome", "sentence", "started_at", "ended_at")
    list_filter = ("outcome",)
    list_select_related = ("item",)


@admin.register(AwsCall)
class AwsCallAdmin(ReadOnly[AwsCall]):
    """AWS calls."""

    list_display = ("at", "service", "operation", "account", "region", "status", "code", "ms")
    list_filter = ("service", "mutating")


@admin.register(Evidence)
class EvidenceAdmin(ReadOnly[Evidence]):
    """Evidence."""

    list_display = ("at", "item", "check_name", "outcome", "sentence")
    list_filter = ("outcome",)
    list_select_related = ("item",)


@admin.register(Event)
class EventAdmin(ReadOnly[Event]):
    """The history."""

    list_display = ("at", "actor", "what", "before", "after", "sentence")
    list_filter = ("what",)


@admin.register(Progress)
class ProgressAdmin(ReadOnly[Progress]):
    """Counters."""

    list_display = ("product", "version", "todo", "working", "waiting", "done", "failed", "changed_at")
    list_select_related = ("product",)


@admin.register(Outbox)
class OutboxAdmin(ReadOnly[Outbox]):
    """Mail."""

    list_display = ("dedupe_key", "subject", "due_at", "sent_at", "attempts")


@admin.register(Heartbeat)
class HeartbeatAdmin(ReadOnly[Heartbeat]):
    """Whether what should happen again and again does."""

    list_display = ("name", "at")


@admin.register(WaitStat)
class WaitStatAdmin(ReadOnly[WaitStat]):
    """How long AWS usually takes."""

    list_display = ("kind", "endpoint", "seen", "mean", "spread")


@admin.register(Throttle)
class ThrottleAdmin(ReadOnly[Throttle]):
    """The rate of each account, region and service."""

    list_display = ("account", "region", "service", "used_until", "not_before")


@admin.register(Price)
class PriceAdmin(admin.ModelAdmin[Price]):
    """The list prices behind a plan's estimate: the one table here that administrators keep up to date by hand."""

    list_display = ("words", "service", "unit", "region", "usd", "as_of", "source")
    list_filter = ("unit", "region")
    search_fields = ("service", "words")
    formfield_overrides: ClassVar = {URLField: {"assume_scheme": "https"}}
