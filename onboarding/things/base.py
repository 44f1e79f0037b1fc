"""What a thing is: one AWS object or setting that can be found, made, checked and removed.

A thing never sleeps, loops, retries, logs or saves: the engine does that, once, for all of them.
Its fields are what we want of it; they are JSON-native, so that the inventory can rebuild a thing from its row.
"""

from __future__ import annotations

import dataclasses
import hashlib
import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, Self

if TYPE_CHECKING:
    from onboarding.aws.clients import RegionClients
    from onboarding.things.grants import Grant
    from onboarding.things.place import Known, Place
    from onboarding.things.terraform import Block, Lookup, Writer
    from onboarding.things.variables import Variables


class State(StrEnum):
    """What a look at a thing says."""

    READY = "ready"
    PENDING = "pending"  # AWS is still at it: look again
    WRONG = "wrong"  # it is there and cannot serve: a person must act
    GONE = "gone"  # not there (any more)


class Idempotency(StrEnum):
    """What keeps a repeated `make` from making a second one."""

    NONE = "none"  # nothing: look, settle, then make
    TOKEN = "token"  # a client token that we send  # noqa: S105 - the word, not a secret
    NAME = "name"  # AWS refuses a second one of the same name: see `taken`
    SET = "set"  # setting it twice is the same as once
    READ = "read"  # nothing is made: a fact of the account, looked up and remembered


@dataclass(frozen=True, kw_only=True)
class Observation:
    """One look at one thing. `aws_status` is AWS's own word for its state; `values` is for later steps and people.

    For one that is wrong, `cure` says what a person does about it, and `spent` that nothing mends it: another has to
    take its place.
    """

    id: str
    state: State = State.READY
    aws_status: str = ""
    sentence: str = ""
    warnings: tuple[str, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)
    cure: str = ""
    spent: bool = False


@dataclass(frozen=True, kw_only=True)
class Ownership:
    """What makes a thing ours: the tags, the token and the name that a repeated attempt would use again.

    `item` is the value of the tag `plc:item`: `<product>/<region>/<slug>/<logical key>/g<generation>`.
    """

    item: str
    token: str
    label: str
    tags: Mapping[str, str]

    def ec2(self, *types: str) -> list[Any]:
        """TagSpecifications for EC2 create calls: the same tags on each resource type."""
        return [{"ResourceType": kind, "Tags": self.pairs()} for kind in types]

    def pairs(self) -> list[Any]:
        """The tags as AWS's list of Key and Value (ELBv2, ACM, EC2)."""
        return [{"Key": key, "Value": value} for key, value in self.tags.items()]

    def name(self, kind: str, limit: int = 32) -> str:
        """A deterministic name for what AWS knows by name (load balancers, target groups): letters, digits, hyphens."""
        digest = hashlib.sha256(self.item.encode()).hexdigest()[:10]
        head = re.sub(r"[^a-z0-9]+", "-", self.label.lower()).strip("-")
        room = limit - len(digest) - len(kind) - 6
        return "-".join(part for part in ("plc", head[:room].strip("-"), kind, digest) if part)


@dataclass(frozen=True, kw_only=True)
class Thing(ABC):
    """One AWS object or setting. A subclass is about thirty lines and says only what differs.

    `key` is its logical key, unique within its checklist item; `given` is the id of an existing one that a person
    chose:
    it is adopted, judged and never removed.
    """

    kind: ClassVar[str]
    words: ClassVar[str]  # what people call it: "VPC"
    idempotency: ClassVar[Idempotency]
    duplicate_codes: ClassVar[tuple[str, ...]] = ()  # error codes that mean: there is one already, find it
    makes: ClassVar[tuple[str, ...]] = ()  # IAM actions of make
    reads: ClassVar[tuple[str, ...]] = ()  # IAM actions of find and check
    removes: ClassVar[tuple[str, ...]] = ()  # IAM actions of remove
    grants: ClassVar[tuple[Grant, ...]] = ()  # on what the actions that change something are allowed
    tag_type: ClassVar[str] = ""  # EC2's name for its type of resource, if a tag alone tells that it is one
    id_path: ClassVar[str] = ""  # where AWS's answer to the create call holds the ID (JMESPath)
    named: ClassVar[tuple[str, int]] = ("", 0)  # for what AWS knows by name: its part in the name, and AWS's limit
    terraform_type: ClassVar[str] = ""  # Terraform's resource; "" if Terraform has none
    terraform_id: ClassVar[str] = ""  # the attribute of that resource that holds the ID
    priced_by: ClassVar[str] = ""  # the field on whose value its price depends
    gone_at_once: ClassVar[bool] = True  # remove is finished when its call returns
    converges: ClassVar[bool] = False  # one that is no longer wanted is removed by the next run (allow list, targets)
    compare: ClassVar[bool] = True  # changed fields of one that exists are a question to the person
    temporary: ClassVar[bool] = False  # serves a rehearsal only: it does not outlive its item's attempt
    any_order: ClassVar[bool] = False  # its removal needs no other one, and no other one needs it
    batch_size: ClassVar[int] = 1  # how many of a set one call can make (see `make_together`)

    key: str = ""
    given: str = ""
    role: str = ""  # another connection of the product than the step's ("certificates", "buyer_test" ...)
    region: str = ""  # another region than the item's

    @abstractmethod
    def find(self, door: RegionClients, mark: Ownership) -> list[str]:
        """Ids of what bears our mark, oldest first; empty when there is none. Reads only."""

    @abstractmethod
    def make(self, door: RegionClients, mark: Ownership) -> Observation:
        """Make one, with the mark's token and tags in the same call, and say what AWS answered."""

    def chosen_or_new(self, place: Place) -> str:
        """The given ID, or the variable for the one that will be made."""
        return self.given or place.new_id(self.kind, self.key)

    @property
    def within(self) -> str:
        """The id of the set that it belongs to (a target group, a service): what one call makes shares it."""
        return ""

    @classmethod
    def make_together(cls, door: RegionClients, things: Sequence[Self]) -> list[Observation]:
        """Make several of one set in one call, where `batch_size` is more than one; in order. Only for Guard.SET."""
        raise TypeError(f"{cls.words} is made one by one.")

    @classmethod
    @abstractmethod
    def check(cls, door: RegionClients, wanted: Sequence[tuple[Self, str]]) -> list[Observation]:
        """Look at all of a kind in as few calls as AWS allows; one Seen for each pair of thing and id, in order."""

    @abstractmethod
    def remove(self, door: RegionClients, aws_id: str) -> None:
        """Take it away, or put the old value back. Gone already is done. Verified by `check` unless `gone_at_once`."""

    def judge(self, seen: Observation) -> Iterator[str]:
        """Why an existing one that a person chose cannot serve: sentences; none when it fits."""
        yield from ()

    @abstractmethod
    def predict(self, place: Place) -> Observation:
        """What a look will show once it's there, without asking AWS. What AWS has yet to say is a variable.

        What the account holds isn't guessed: an earlier value counts as absent, so that the plan shows the change.
        """

    def describe(self) -> str:
        """What a plan calls it; "" if its name says it."""
        return ""

    def warnings(self, known: Known) -> Iterator[str]:
        """What to know before a run creates it."""
        yield from ()

    def standing(self, aws_id: str) -> Mapping[str, Any]:
        """What its removal reads first, by operation, as long as nobody else has changed it."""
        return {}

    def terraform(self, plan: Writer) -> list[Block]:
        """The same settings that `make` sends, as resource blocks. Only for what has a `terraform_type`."""
        raise TypeError(f"Terraform has no resource for {self.words}.")

    def terraform_lookup(self, seen: Observation) -> Lookup | None:
        """The data block that finds it, for what is looked up instead of created."""
        return None

    def terraform_values(self, address: str, names: Variables, region: str) -> dict[str, str]:
        """Name of a variable -> the expression that gives it, besides the ID."""
        return {}

    def import_id(self, aws_id: str) -> str:
        """What Terraform imports it by; "" if it can't."""
        return aws_id if self.terraform_id else ""

    def params(self) -> dict[str, Any]:
        """The fields as JSON-native data, as the inventory keeps them."""
        return {name: list(v) if isinstance(v, tuple) else v for name, v in dataclasses.asdict(self).items()}

    @classmethod
    def load(cls, params: Mapping[str, Any]) -> Self:
        """The thing again from `params()`; fields that this version no longer has are left out."""
        known = {f.name for f in dataclasses.fields(cls)}
        plain: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in params.items() if k in known}
        return cls(**plain)


def missing(aws_id: str, words: str) -> Observation:
    """The Seen for an id that AWS does not know."""
    return Observation(
        id=aws_id, state=State.GONE, aws_status="not found", sentence=f"{words} {aws_id} is not there any more."
    )


def from_state(
    aws_id: str,
    state: str,
    *,
    ready: Sequence[str],
    pending: Sequence[str],
    words: str,
    why: str = "",
    values: Mapping[str, Any] | None = None,
    warnings: tuple[str, ...] = (),
) -> Observation:
    """A Seen from AWS's state word. A word that is in neither list is a failure with that word in it, never a wait."""
    folded = state.lower()
    found = State.READY if folded in ready else State.PENDING if folded in pending else State.WRONG
    sentence = {
        State.READY: f"{words} {aws_id} is {state}.",
        State.PENDING: f"AWS is preparing {words} {aws_id} ({state}).",
        State.WRONG: f"{words} {aws_id} is {state}. {why}".strip(),
    }[found]
    return Observation(
        id=aws_id, state=found, aws_status=state, sentence=sentence, values=values or {}, warnings=warnings
    )


def tagged(door: RegionClients, mark: Ownership, resource_type: str) -> list[str]:
    """Ids of EC2 objects of one type that bear the mark's `plc:item` tag (ec2:DescribeTags)."""
    pages = door.ec2.get_paginator("describe_tags").paginate(
        Filters=[
            {"Name": "key", "Values": ["plc:item"]},
            {"Name": "value", "Values": [mark.item]},
            {"Name": "resource-type", "Values": [resource_type]},
        ]
    )
    return sorted(tag["ResourceId"] for page in pages for tag in page["Tags"])
