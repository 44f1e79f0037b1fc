"""Doors that lead nowhere: one refuses every call, the other writes down what would be called. AWS hears of neither."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any

from botocore import xform_name
from botocore.model import OperationModel, ServiceModel, Shape
from botocore.validate import ParamValidator

from onboarding.aws.clients import LOADER, RegionClients
from onboarding.aws.gate import READ
from sellers import formats

DEEPEST = 6


class Undriven(Exception):
    """A step reads AWS while it says what it needs: the rest of it is foreseen elsewhere (plan.beyond)."""


@dataclass(frozen=True, kw_only=True)
class Noted:
    """One call that would be made: the service's short name, the operation and its parameters."""

    service: str
    operation: str
    params: Mapping[str, Any]


class Closed(RegionClients):
    """A door of which only account and region are known. Raises Undriven when something is asked through it."""

    def __init__(self, account: str, region: str) -> None:
        self.account, self.region, self.arn = account, region, ""

    @property
    def partition(self) -> str:
        """As the region says."""
        return formats.partition_of(self.region)

    def _client(self, service: str) -> Any:
        raise Undriven(service)


class Recorder(Closed):
    """Keeps what would be called in `calls`, judged by botocore's own model. Every answer is blank, but for `replies`
    (operation -> answer). Raises ValueError for parameters that the model does not take.
    """

    def __init__(self, account: str, region: str, replies: Mapping[str, Any] | None = None) -> None:
        super().__init__(account, region)
        self.calls: list[Noted] = []
        self._replies = dict(replies or {})

    @property
    def changes(self) -> list[Noted]:
        """The calls that would change the account."""
        return [call for call in self.calls if not READ.match(call.operation)]

    def called(self, service: str, operation: OperationModel, **params: Any) -> Any:
        """Write a call down and give its answer."""
        name = str(operation.name)
        if operation.input_shape is not None:
            report = ParamValidator().validate(params, operation.input_shape)
            if report.has_errors():
                raise ValueError(f"{name}: {report.generate_report()}")
        self.calls.append(Noted(service=service, operation=name, params=params))
        return self._replies.get(name) or answer(operation)

    def _client(self, service: str) -> Any:
        return _Client(self, service)


class _Client:
    """Stands where a boto3 client would: a method for each operation of the service's model."""

    def __init__(self, recorder: Recorder, service: str) -> None:
        self._recorder, self._service = recorder, service

    def __getattr__(self, method: str) -> Callable[..., Any]:
        return partial(self._recorder.called, self._service, operations(self._service)[method])

    def get_paginator(self, method: str) -> _Pages:
        """One page."""
        return _Pages(getattr(self, method))


class _Pages:
    def __init__(self, call: Callable[..., Any]) -> None:
        self._call = call

    def paginate(self, **params: Any) -> Iterator[Any]:
        """The only page."""
        yield self._call(**params)


@cache
def operations(service: str) -> dict[str, OperationModel]:
    """The operations of a service by boto3's names for them, from botocore's model; read once a process."""
    model = ServiceModel(LOADER.load_service_model(service, "service-2"), service)
    return {xform_name(name): model.operation_model(name) for name in model.operation_names}


@cache
def answer(operation: OperationModel) -> Any:
    """The blank answer of an operation; built once a process, and only read."""
    return blank(operation.output_shape)


def blank(shape: Shape | None, depth: int = 0) -> Any:
    """An answer of a shape with nothing in it: each list has one member, so that the first can be read."""
    if shape is None:
        return {}
    if shape.type_name == "structure":
        members: Mapping[str, Shape] = shape.members if depth < DEEPEST else {}  # type: ignore[attr-defined]
        return {name: _member(name, member, depth) for name, member in members.items()}
    if shape.type_name == "list":
        return [blank(shape.member, depth + 1)] if depth < DEEPEST else []  # type: ignore[attr-defined]
    if shape.type_name == "timestamp":
        return datetime.fromtimestamp(0, UTC)
    return {"boolean": False, "integer": 0, "long": 0, "float": 0.0, "map": {}, "blob": b""}.get(shape.type_name, "")


def _member(name: str, shape: Shape, depth: int) -> Any:
    return [] if name == "Unsuccessful" else blank(shape, depth + 1)
