"""A spec as flat values, a path and a text each, as forms and drafts hold it; and back to what `load_data` reads."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from sellers import formats
from sellers.spec import BuyerFacts, OnboardSpec
from sellers.spec.fields import BUYERS, CREATE, EXISTING, ON, REGIONS, RESOURCES

Values: TypeAlias = dict[str, Any]  # path -> text; "regions" -> list of regions
LISTS = frozenset({"subnet_ids", "instance_ids", "ip_addresses", "supported_regions"})


def flat(spec: OnboardSpec) -> Values:
    """The values that a form shows for a spec: lists one entry a line, true as "on", absent ones left out."""
    dump = spec.model_dump(mode="json", exclude={"seller", REGIONS, BUYERS})
    values: Values = {path: _text(value) for path, value in _leaves(dump) if value is not None}
    values[REGIONS] = list(spec.regions)
    for region, choices in spec.regions.items():
        values |= flat_region(region, choices.model_dump(mode="json"))
    values[BUYERS] = "\n".join(_buyer(buyer) for buyer in spec.buyers)
    return values


def flat_region(region: str, choices: Mapping[str, Any]) -> Values:
    """The values of one region's choices."""
    found = _leaves(choices, f"{REGIONS}.{region}")
    return {path: _text(value) for path, value in found if value is not None and value != []}


def nested(values: Mapping[str, Any], seller: str) -> dict[str, Any]:
    """Values as the data of a spec, for `load_data`. What the chosen modes do not use is left out."""
    data: dict[str, Any] = {"seller": seller, "product": {}, "connections": {}}
    for path, value in values.items():
        if path.startswith(("product.", "connections.")) and str(value).strip():
            _put(data, path.split("."), value)
    data[REGIONS] = {region: _choices(f"{REGIONS}.{region}", values) for region in values.get(REGIONS, [])}
    data[BUYERS] = [entry for _, entry in buyers(str(values.get(BUYERS, "")))]
    return data


def buyers(text: str) -> list[tuple[int, dict[str, str]]]:
    """(line number from 1, buyer as a spec has it) of each line that says something: an account ID or ARN, an alias.

    `1111-2222-3333 Acme` and `111122223333, Acme` mean the same.
    """
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        who = re.split(r"[\s,;]", line.strip(), maxsplit=1)[0]
        alias = line.strip()[len(who) :].strip(" \t,;")
        if who or alias:
            key = "principal" if who == "*" or who.startswith("arn:") else "account_id"
            found.append((number, {key: who, "alias": alias}))
    return found


def _leaves(data: Mapping[str, Any], base: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in data.items():
        path = f"{base}.{key}" if base else key
        if isinstance(value, Mapping):
            yield from _leaves(value, path)
        else:
            yield path, value


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return ON if value else ""
    return "\n".join(value) if isinstance(value, list) else str(value)


def _buyer(buyer: BuyerFacts) -> str:
    arn = formats.arn_parts(buyer.arn())
    who = arn.account if arn.resource == "root" else buyer.arn()
    return f"{who} {buyer.alias}".rstrip()


def _put(data: dict[str, Any], path: list[str], value: Any) -> None:
    place = data
    for key in path[:-1]:
        place = place.setdefault(key, {})
    place[path[-1]] = value


def _choices(base: str, values: Mapping[str, Any]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for words in RESOURCES:
        mode = values.get(f"{base}.{words.key}.mode") or "create"
        used = {"create": CREATE.get(words.key, ()), "existing": EXISTING[words.key]}.get(mode, ())
        result[words.key] = {"mode": mode, **_given(f"{base}.{words.key}", [field[0] for field in used], values)}
    service = f"{base}.endpoint_service"
    result["endpoint_service"]["acceptance_required"] = values.get(f"{service}.acceptance_required", ON) == ON
    result["endpoint_service"] |= _given(service, ["supported_regions"], values)
    tester = str(values.get("connections.buyer_test") or "").strip()
    result["rehearsal"] = _given(f"{base}.rehearsal", ["vpc_id", "subnet_ids"], values) if tester else {}
    return result


def _given(base: str, names: list[str], values: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in names:
        text = str(values.get(f"{base}.{name}") or "")
        entries = text.replace(",", " ").split()
        if name in LISTS and entries:
            found[name] = entries
        elif name not in LISTS and text.strip():
            found[name] = text
    return found
