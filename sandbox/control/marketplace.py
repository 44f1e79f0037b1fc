"""What can be told to the Marketplace side from outside; form and JSON call the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sandbox.control.values import Values, document, flag, number, text
from sandbox.marketplace import zones
from sandbox.marketplace.desk import Desk

Action = Callable[[Values], Any]


def make_zone(values: Values) -> Any:
    """`{"name", "cnames": [{"name", "value"}]}`: the zone of a friendly name. Gives `{"servers": [...]}`."""
    return {"servers": zones.make_zone(text(values, "name"), _cnames(values))}


def go_live(values: Values) -> Any:
    """`{"name", "services": [...]}`: the name takes the place of the services' base names."""
    name = text(values, "name")
    return {"name": name, "services": zones.go_live(name, _words(values.get("services")))}


def drop(values: Values) -> Any:
    """`{"name"}`: drops the zone and gives the services their own names back."""
    zones.drop(text(values, "name"))
    return {}


def _cnames(values: Values) -> dict[str, str]:
    """A list of names and values, an object, or lines of a form: `name value`."""
    given = values.get("cnames") or []
    if isinstance(given, str) and not given.lstrip().startswith(("[", "{")):
        lines = [line.split() for line in given.splitlines() if line.strip()]
        given = [{"name": line[0], "value": line[-1]} for line in lines]
    given = document({"cnames": given}, "cnames")
    if isinstance(given, Mapping):
        return {str(name): str(value) for name, value in given.items()}
    try:
        return {str(one["name"]): str(one["value"]) for one in given}
    except (TypeError, KeyError):
        raise ValueError('cnames must be a list, like [{"name": "_a.api.example.com", "value": "_b."}].') from None


def _words(given: Any) -> list[str]:
    """A list, or text with blanks or commas between."""
    return given.replace(",", " ").split() if isinstance(given, str) else [str(one) for one in given or []]


def all_actions(desk: Desk) -> dict[str, Action]:
    """The actions by the last part of their address."""

    def settle(values: Values) -> Any:
        """`{"address", "by_itself"}`: which mails are for the desk, and whether it answers them by itself."""
        if "address" in values:
            desk.address = text(values, "address")
        if "by_itself" in values:
            desk.by_itself = flag(values, "by_itself")
        return shown(desk)

    def answer(values: Values) -> Any:
        """`{"number"}`: makes the zone that this mail asks for and answers it by mail."""
        return {"servers": desk.answer(int(number(values, "number")))}

    return {
        "marketplace": settle,
        "marketplace_answer": answer,
        "marketplace_zone": make_zone,
        "marketplace_live": go_live,
        "marketplace_drop": drop,
    }


def shown(desk: Desk) -> dict[str, Any]:
    """All that the Marketplace side has: account, desk, mails, zones. Of a mail also whether its name has its `zone`,
    and whether all its services are `live` under it.
    """
    made = zones.listed()
    live = {zone["name"]: set(zone["services"]) for zone in made}
    mails = [{**mail, "zone": mail["name"] in live, "live": _live(mail, live)} for mail in desk.listed()]
    return {
        "account": zones.ACCOUNT,
        "address": desk.address,
        "by_itself": desk.by_itself,
        "mails": mails,
        "zones": made,
    }


def _live(mail: Mapping[str, Any], live: Mapping[str, set[str]]) -> bool:
    ids = {service.rpartition(".")[2] for service in mail["services"]}
    return bool(ids) and ids <= live.get(mail["name"], set())
