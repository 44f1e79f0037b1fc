"""What the engine remembers, a file a noun."""

from onboarding.models.choices import (
    MET,
    MOVING,
    STATE_CHANGES,
    EventKind,
    ItemState,
    ResourceState,
    RunState,
    Verb,
    WaitsFor,
)
from onboarding.models.history import Attempt, AwsCall, Event, Evidence
from onboarding.models.item import Failure, Item
from onboarding.models.notice import Digest, Notice, NoticeKind, NoticeSetting
from onboarding.models.plan import Plan, Price, PriceUnit
from onboarding.models.resource import Resource
from onboarding.models.run import Run
from onboarding.models.runtime import Heartbeat, Outbox, Progress, Throttle, WaitStat
from onboarding.models.submission import Remark, RemarkKind, Submission, SubmissionState

__all__ = [
    "MET",
    "MOVING",
    "STATE_CHANGES",
    "Attempt",
    "AwsCall",
    "Digest",
    "Event",
    "EventKind",
    "Evidence",
    "Failure",
    "Heartbeat",
    "Item",
    "ItemState",
    "Notice",
    "NoticeKind",
    "NoticeSetting",
    "Outbox",
    "Plan",
    "Price",
    "PriceUnit",
    "Progress",
    "Remark",
    "RemarkKind",
    "Resource",
    "ResourceState",
    "Run",
    "RunState",
    "Submission",
    "SubmissionState",
    "Throttle",
    "Verb",
    "WaitStat",
    "WaitsFor",
]
