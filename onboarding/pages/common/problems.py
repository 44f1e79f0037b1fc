"""What is wrong with a draft: the rules of a spec, each sentence at the field that it is about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cached_property

from sellers.drafts import BUYERS, NOT_OFFERED, REGIONS, buyers, data_of
from sellers.models import Connection, Draft, Product
from sellers.spec import Problem, SpecErrors, load_data
from sellers.spec.fields import Field

MOST_LINES = 20  # sentences about one field; a thousand wrong lines are one mistake
NO_REGION = "Choose at least one region."
NO_CHOICE = "Choose a connection."


# The keys of a spec as the pages call them.
_CALLED = {
    "Mode existing": "“Use existing”",
    "mode existing": "“Use existing”",
    "mode create": "“Create for me”",
    "vpc_id": "the VPC",
    "subnet_ids": "the subnets",
    "instance_ids": "instances",
    "ip_addresses": "IP addresses",
    "alb_arn": "an Application Load Balancer",
    "arn": "the ARN",
    "service_id": "the service id",
    "create or manual": "another way",
}
_OF_MODES = ("Mode ", "Enter only one ")
_KEYS = re.compile("|".join(rf"\b{re.escape(key)}\b" for key in _CALLED), re.ASCII)


class Problems:
    """The problems of a draft by the path of a field. `more` are those that finishing found."""

    def __init__(
        self, draft: Draft, fields: Iterable[Field], connections: Sequence[Connection], more: Sequence[Problem] = ()
    ) -> None:
        self._draft, self._connections, self._more = draft, connections, more
        self._paths = {field.path for field in fields}

    @cached_property
    def by_path(self) -> dict[str, list[str]]:
        """path of a field -> sentences; "" for what belongs to none."""
        found: dict[str, list[str]] = {}
        for problem in [*self._of_spec, *self._of_names(), *self._of_connections(), *self._more]:
            path, sentence = self._place(problem)
            if sentence not in found.setdefault(path, []):
                found[path].append(sentence)
        for path, sentences in found.items():
            if (rest := len(sentences) - MOST_LINES) > 0:
                found[path] = [*sentences[:MOST_LINES], f"{rest} more lines have errors. Fix these first."]
        return found

    @cached_property
    def _of_spec(self) -> Sequence[Problem]:
        try:
            load_data(data_of(self._draft))
        except SpecErrors as error:
            return error.problems
        return ()

    def _of_names(self) -> Iterable[Problem]:
        draft = self._draft
        taken = Product.objects.filter(seller=draft.seller_id, name=draft.name)
        if draft.data.get("product.name") and any(row.pk != draft.product_id for row in taken):
            yield Problem("product.name", f"{draft.seller.name} already has a product of this name. Choose another.")

    def _of_connections(self) -> Iterable[Problem]:
        known = {"", "none", *(row.role_arn for row in self._connections)}
        for role in ("service", "certificates", "dns", "buyer_test"):
            if str(self._draft.data.get(f"connections.{role}", "")) not in known:
                yield Problem(f"connections.{role}", NOT_OFFERED)

    def _place(self, problem: Problem) -> tuple[str, str]:
        path, sentence = problem.field, problem.sentence
        if path.startswith(f"{REGIONS}.") and sentence.startswith(_OF_MODES):
            sentence = _KEYS.sub(lambda key: _CALLED[key[0]], sentence)
        if path == REGIONS:
            return path, NO_REGION
        if path == "connections.service" and not self._draft.data.get(path):
            return path, NO_CHOICE
        if line := re.match(r"buyers\[(\d+)\]", path, re.ASCII):
            return BUYERS, f"Line {self._line(int(line[1]))}: {sentence}"
        entry = re.search(r"\[(\d+)\]$", path, re.ASCII)
        path = path[: entry.start()] if entry else path
        sentence = f"Entry {entry[1]}: {sentence}" if entry else sentence
        for near in (path, f"{path}.mode", f"{path}.vpc_id", f"{path.rpartition('.')[0]}.mode"):
            if near in self._paths:
                return near, sentence
        return (REGIONS if path.startswith(f"{REGIONS}.") else ""), sentence

    def _line(self, entry: int) -> int:
        return self._lines[entry - 1] if 0 < entry <= len(self._lines) else entry

    @cached_property
    def _lines(self) -> list[int]:
        return [number for number, _ in buyers(str(self._draft.data.get(BUYERS, "")))]
