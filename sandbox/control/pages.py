"""The pages for people: plain HTML made on the server, no script, nothing from outside."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jinja2
from moto.iam.models import iam_backends
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from sandbox import faults, world
from sandbox.aws import certificate_states
from sandbox.aws.quotas import QUOTAS
from sandbox.clock import clock
from sandbox.control import views
from sandbox.control.actions import HOST_SWITCHES
from sandbox.control.marketplace import shown
from sandbox.control.names import dns
from sandbox.control.trust import ROLE_NAME, wide_policy
from sandbox.dns import breaks, desk, tree
from sandbox.mail import Outbox
from sandbox.marketplace.desk import Desk

FOLDER = Path(__file__).parent / "templates"
Facts = dict[str, Any]


class Pages:
    """Finds the page for a path below `/_sandbox/` and fills it."""

    def __init__(self, outbox: Outbox, desk: Desk) -> None:
        self._outbox, self._desk = outbox, desk
        loader = jinja2.FileSystemLoader(FOLDER)
        self._templates = jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined)
        self._templates.filters["pretty"] = lambda value: json.dumps(value, indent=2, default=str)
        self._templates.filters["moment"] = _moment
        self._facts: dict[str, Callable[[Mapping[str, str]], Facts]] = {
            "overview": _overview,
            "roles": _roles,
            "quick-create": _quick_create,
            "faults": _faults,
            "calls": _calls,
            "inventory": _inventory,
            "dns": _dns,
            "outbox": self._letters,
            "letter": self._letter,
            "certificates": _certificates,
            "marketplace": self._marketplace,
        }

    def show(self, path: str, query: Mapping[str, str]) -> Response:
        """The page, or 404."""
        if path == "style.css":
            return Response((FOLDER / "style.css").read_bytes(), mimetype="text/css")
        name = path or "overview"
        if name not in self._facts:
            raise NotFound("There is no such page. Begin at /_sandbox/.")
        return self._render(name, self._facts[name](query))

    def refuse(self, sentence: str, back: str) -> Response:
        """What a form got wrong, and the way back."""
        return self._render("refused", {"sentence": sentence, "back": back.lstrip("/")}, 400)

    def _render(self, name: str, facts: Facts, status: int = 200) -> Response:
        template = self._templates.get_template(f"{name}.html")
        page = template.render(page=name, now=clock.now(), speed=clock.speed, **facts)
        return Response(page, status=status, mimetype="text/html")

    def _letters(self, query: Mapping[str, str]) -> Facts:
        letters = self._outbox.letters(query.get("to") or None)
        return {"letters": letters[::-1], "to": query.get("to", "")}

    def _letter(self, query: Mapping[str, str]) -> Facts:
        number = query.get("number", "")
        try:
            return {"letter": self._outbox.letter(int(number))}
        except (KeyError, ValueError):
            raise NotFound(f"There is no letter {number!r} in the outbox.") from None

    def _marketplace(self, query: Mapping[str, str]) -> Facts:
        return shown(self._desk)


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S")


def _overview(query: Mapping[str, str]) -> Facts:
    return {
        "places": views.overview(),
        "settings": asdict(world.settings),
        "switches": world.switches,
        "host_switches": HOST_SWITCHES,
        "busiest": views.busiest(),
        "quotas": QUOTAS,
    }


def _dns(query: Mapping[str, str]) -> Facts:
    asked = {"name": query.get("name", ""), "type": query.get("type", "A")}
    return {
        "answer": None,
        **dns(asked),
        "asked": asked,
        "types": desk.TYPES,
        "hosts": tree.name_servers(),
        "break_words": breaks.DELEGATIONS,
        "server_words": breaks.SERVERS,
    }


def _roles(query: Mapping[str, str]) -> Facts:
    roles = [
        {"account": account, "arn": role.arn, "trust": json.loads(role.assume_role_policy_document)}
        for account in sorted(iam_backends)
        for role in iam_backends[account]["aws"].get_roles()
    ]
    return {"roles": roles, "role_name": ROLE_NAME, "policy": wide_policy()}


def _quick_create(query: Mapping[str, str]) -> Facts:
    """The values of the address, as CloudFormation's quick-create link gives them: param_<Name>."""
    return {
        "account_id": query.get("account_id", ""),
        "role_name": query.get("param_RoleName") or ROLE_NAME,
        "external_id": query.get("param_ExternalId", ""),
        "principal": query.get("param_HubRoleArn", ""),
        "policies": query.get("param_Policies") or json.dumps([wide_policy()], indent=2),
    }


def _certificates(query: Mapping[str, str]) -> Facts:
    return {
        "certificates": views.certificates(query),
        "states": certificate_states.STATES,
        "reasons": certificate_states.REASONS,
    }


def _faults(query: Mapping[str, str]) -> Facts:
    return {"rules": faults.list(), "kinds": faults.KINDS}


def _calls(query: Mapping[str, str]) -> Facts:
    log = world.calls(action=query.get("action") or None, account=query.get("account") or None)
    return {"calls": log[: -views.LAST_CALLS - 1 : -1], "total": len(log), "query": query}


def _inventory(query: Mapping[str, str]) -> Facts:
    return {"accounts": views.inventory(query)}
