"""What a picker is asked for: the query string of its page, read value by value.

A value that does not fit is left out and said so; it never ends the page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.http import QueryDict
from django.utils.http import url_has_allowed_host_and_scheme

from sellers import formats
from sellers.formats import FormatError

FIELD = re.compile(r"[a-zA-Z0-9_.-]{1,100}", re.ASCII)
VALUE = re.compile(r"[\x21-\x7e]{1,300}", re.ASCII)
LONGEST_SEARCH, MOST_CHOSEN = 200, 200
OWN = ("q", "page", "next", "field", "use")  # the page's own words: no field may bear their names
PROTOCOLS, TARGET_TYPES = ("TCP", "TLS", "UDP", "TCP_UDP"), ("instance", "ip", "alb")


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """One request to a picker. `field` names the inputs, `chosen` are the values they hold, `next` is a path of ours.

    What the choice has to fit: `vpc` (id), `port`, `protocol`, `names` (DNS), `zones` (zone ids), `balancer` (ARN),
    `service` (an endpoint service's id, or "existing" for any), `type` (of targets). `problems` are sentences about
    values that were left out; `given` are those that were read, as pairs for a link.
    """

    field: str
    q: str = ""
    page: int = 1
    next: str = ""
    use: bool = False
    chosen: tuple[str, ...] = ()
    vpc: str = ""
    port: int = 0
    protocol: str = ""
    names: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()
    balancer: str = ""
    service: str = ""
    type: str = ""
    given: tuple[tuple[str, str], ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def target(self) -> str:
        """Where “Use this” goes: `next` with the chosen values in the place of those that it had; "" if nowhere."""
        if not (self.use and self.next and self.chosen):
            return ""
        parts = urlsplit(self.next)
        kept = [(name, value) for name, value in parse_qsl(parts.query) if name != self.field]
        query = urlencode([*kept, *((self.field, value) for value in self.chosen)])
        return parts._replace(query=query, fragment="").geturl()


def read(data: QueryDict, kind: str, context: Sequence[str]) -> Wanted:
    """The query of a picker of this kind, which takes the `context` names. Never raises."""
    problems: list[str] = []
    field = _field(data, kind, context, problems)
    values: dict[str, Any] = {}
    given: list[tuple[str, str]] = []
    for name in context:
        if raw := ",".join(data.getlist(name)).strip(" ,"):
            try:
                values[name] = _READ[name](raw)
                given.append((name, raw))
            except FormatError as error:
                problems.append(f"“{name}” was left out: {error.quoting}")
    return Wanted(
        field=field,
        q=_search(data, problems),
        page=_page(data, problems),
        next=_next(data, problems),
        use=bool(data.get("use")),
        chosen=_chosen(data, field, problems),
        given=tuple(given),
        problems=tuple(_told(data, problems)),
        **values,
    )


def _told(data: QueryDict, problems: list[str]) -> Iterator[str]:
    yield from problems
    if data.get("use") and data.get("next") and not problems:
        yield "Nothing is chosen yet. Choose one of the list, then press the button again."


def _field(data: QueryDict, kind: str, context: Sequence[str], problems: list[str]) -> str:
    asked = data.get("field") or kind
    if not FIELD.fullmatch(asked) or asked in (*OWN, *context):
        problems.append(f"“field” was left out: it holds letters, digits, dots, hyphens or _. {kind} stands for it.")
        return kind
    return asked


def _search(data: QueryDict, problems: list[str]) -> str:
    asked = " ".join((data.get("q") or "").split())
    if len(asked) > LONGEST_SEARCH:
        problems.append(f"The search takes {LONGEST_SEARCH} characters, so the rest was left out. Type less.")
    return asked[:LONGEST_SEARCH]


def _page(data: QueryDict, problems: list[str]) -> int:
    asked = data.get("page") or "1"
    if re.fullmatch(r"[0-9]{1,6}", asked, re.ASCII) and int(asked):
        return int(asked)
    problems.append("“page” was left out: a page is a number from 1 up. This is the first one.")
    return 1


def _next(data: QueryDict, problems: list[str]) -> str:
    asked = data.get("next") or ""
    if not asked:
        return ""
    if asked.startswith("/") and url_has_allowed_host_and_scheme(asked, set()):
        return asked
    problems.append("“next” was left out: it may only be a path of this site, such as /products/.")
    return ""


def _chosen(data: QueryDict, field: str, problems: list[str]) -> tuple[str, ...]:
    asked = [value for each in data.getlist(field) for value in each.split(",") if value.strip()]
    fit = [value.strip() for value in asked if VALUE.fullmatch(value.strip())]
    if len(fit) < len(asked) or len(fit) > MOST_CHOSEN:
        problems.append(f"A value of “{field}” was left out: ids and ARNs have no blanks, and {MOST_CHOSEN} at most.")
    return tuple(dict.fromkeys(fit))[:MOST_CHOSEN]


def _many(parse: Callable[[str], str], raw: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(parse(part) for part in raw.split(",") if part.strip()))


def _one_of(words: Sequence[str], raw: str) -> str:
    found = next((word for word in words if word.lower() == raw.lower()), "")
    if not found:
        raise FormatError(f"It is one of {', '.join(words)}.")
    return found


def _service(raw: str) -> str:
    return raw if raw == "existing" else formats.service_id(raw)


_READ: dict[str, Callable[[str], Any]] = {
    "vpc": formats.vpc_id,
    "port": formats.port,
    "protocol": partial(_one_of, PROTOCOLS),
    "names": partial(_many, partial(formats.dns_name, wildcard=True)),
    "zones": partial(_many, formats.az_id),
    "balancer": formats.nlb_arn,
    "service": _service,
    "type": partial(_one_of, TARGET_TYPES),
}
