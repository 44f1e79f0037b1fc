"""The product form: every value of a spec but the buyers, checked by the spec's own rules.

Field names are the paths of the spec, with a row number in place of the region, so that each problem that
`sellers.spec` finds has its field. Adding and removing rows are submit buttons: no script is needed.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.http import QueryDict

from sellers.forms import regions
from sellers.forms.facts import BY_HAND, ROLES, Section, fields_of, sections_of
from sellers.models import Connection, Product, Seller, User
from sellers.spec import OnboardSpec, Problem, SpecErrors, load_data
from sellers.spec_reader import facts_of
from sellers.spec_writer import Saved, save_spec


class ProductForm(forms.Form):
    """Create or change a product. `rows` are the numbers of the region rows, `stored` those that are saved."""

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        sellers: Sequence[Seller],
        connections: Sequence[Connection],
        product: Product | None = None,
        draft: bool = False,
    ) -> None:
        self.product, self.draft = product, draft
        saved = list(product.regions.all()) if product else []
        self.stored = dict(enumerate(saved))
        self.rows = _rows(data, len(saved))
        self.connections = {str(row.pk): row for row in connections}
        super().__init__(data, initial=_initial(product) if product else None)
        self.fields.update(fields_of(sellers, connections, product))
        for row in self.rows:
            self.fields.update(regions.fields_of(row))

    def sections(self) -> list[Section]:
        """The fields above the regions, for the template."""
        return sections_of(self)

    def region_rows(self) -> list[regions.Row]:
        """The region rows, for the template."""
        return list(regions.rows_of(self, self.rows, self.stored))

    def full_clean(self) -> None:
        """Nothing is checked while rows are added or removed: people have not finished typing."""
        if self.draft:
            self._errors = ErrorDict()
        else:
            super().full_clean()

    def clean(self) -> dict[str, Any]:
        """Run the spec's rules over all values and put each problem at its field."""
        values = super().clean() or {}
        for number, stored in self.stored.items():  # a saved row keeps its region, whatever was sent
            values[f"regions.{number}.region"] = stored.region
        self.spec: OnboardSpec | None = None
        try:
            self.spec = load_data(self._data(values))
        except SpecErrors as error:
            self._show(error.problems, values)
        self._each_region_once()
        return values

    def save(self, by: User) -> Saved | None:
        """Store it; None, with errors at the fields, if the name is taken."""
        if self.spec is None:
            return None
        try:
            return save_spec(self.spec, by, product=self.product, new=self.product is None)
        except SpecErrors as error:
            self._show(error.problems, self.cleaned_data)
            return None

    def _each_region_once(self) -> None:
        seen: set[str] = set()
        for row in self.rows:
            region = self.cleaned_data.get(f"regions.{row}.region")
            if region and region in seen:
                self.add_error(f"regions.{row}.region", f"{region} stands here twice. Remove one of the two.")
            elif region:
                seen.add(region)

    def _data(self, values: Mapping[str, Any]) -> dict[str, Any]:
        def get(path: str) -> Any:
            return values.get(path) or None

        listener = {name: get(f"product.listener.{name}") for name in ("protocol", "port", "target_port")}
        check = {name: get(f"product.listener.health_check.{name}") for name in ("protocol", "path")}
        check = {name: value for name, value in check.items() if value}
        names = ("name", "marketplace_product_id", "friendly_dns_name", "private_dns_name", "profile")
        product = {name: get(f"product.{name}") for name in names if get(f"product.{name}")}
        listener_data = {**{name: value for name, value in listener.items() if value}, "health_check": check}
        buyers = self.product.buyers.filter(is_test=False) if self.product else []
        return {
            "seller": values.get("seller") or "",
            "product": {**product, "listener": listener_data},
            "connections": self._arns(values),
            "regions": {values.get(f"regions.{row}.region") or "": regions.data_of(row, values) for row in self.rows},
            "buyers": [{"principal": buyer.principal, "alias": buyer.alias} for buyer in buyers],
        }

    def _arns(self, values: Mapping[str, Any]) -> dict[str, str]:
        found = {}
        for role in ROLES:
            chosen = values.get(f"connections.{role}") or ""
            connection = self.connections.get(chosen)
            if chosen == BY_HAND:
                found[role] = BY_HAND
            elif connection and connection.seller.slug == values.get("seller"):
                found[role] = connection.role_arn
            elif connection:
                sentence = f"This connection belongs to {connection.seller}. Choose one of the product's seller."
                self.add_error(f"connections.{role}", sentence)
        return found

    def _show(self, problems: Sequence[Problem], values: Mapping[str, Any]) -> None:
        codes = {values.get(f"regions.{row}.region") or "": row for row in self.rows}
        for problem in problems:
            name = self._field(problem.field, codes)
            if name and not values.get(name) and (chosen := _not_chosen(name)):
                problem = Problem(problem.field, chosen)
            if not (name and self.errors.get(name) and problem.sentence in self.errors[name]):
                self.add_error(name, problem.sentence if name else str(problem))

    def _field(self, path: str, codes: Mapping[str, int]) -> str | None:
        """The form field of a spec's path, the nearest one above it, or None for the form as a whole."""
        for region in sorted(codes, key=len, reverse=True):
            rest = path.removeprefix(f"regions.{region}")
            if rest != path and rest[:1] in {"", ".", "["}:
                path = f"regions.{codes[region]}" + (rest or ".region")
                break
        path = re.sub(r"\[\d+\]$", "", path)
        for name in (path, f"{path}.mode", f"{path}.vpc_id", path.rpartition(".")[0] + ".mode"):
            if name in self.fields:
                return name
        return None


def _not_chosen(name: str) -> str:
    """What to say of a list from which nothing is chosen; "" for other fields."""
    if name.endswith(".region"):
        return "Choose a region, or remove this one."
    return "Choose a connection." if name.startswith("connections.") else ""


def pressed(data: QueryDict, button: str) -> QueryDict:
    """What was typed, with the row added or removed that "add-region" or "drop-region-N" asks for."""
    typed = data.copy()
    drop = re.fullmatch(r"drop-region-(\d{1,4})", button, re.ASCII)
    rows = _rows(data, 0)
    if drop:
        for name in [name for name in typed if name.startswith(f"regions.{drop[1]}.")]:
            del typed[name]
    elif button == "add-region" and len(rows) < regions.LARGEST:
        number = max(rows, default=-1) + 1
        typed[f"regions.{number}.region"] = ""
        typed[f"regions.{number}.endpoint_service.acceptance_required"] = "on"
        for words in regions.RESOURCES:
            typed[f"regions.{number}.{words.key}.mode"] = "create"
        typed[f"regions.{number}.targets.instance_type"] = "t3.micro"
    return typed


def _rows(data: QueryDict | None, saved: int) -> list[int]:
    if data is None:
        return list(range(saved or 1))
    found = {int(match[1]) for name in data if (match := re.fullmatch(r"regions\.(\d{1,4})\.region", name, re.ASCII))}
    return sorted({*found, *range(saved)})[: regions.LARGEST]


def _initial(product: Product) -> dict[str, Any]:
    facts = facts_of(product).model_dump(mode="json")
    listener = facts.pop("listener")
    check = listener.pop("health_check")
    shown: dict[str, Any] = {f"product.{name}": value for name, value in facts.items()}
    shown |= {f"product.listener.{name}": value for name, value in listener.items()}
    shown |= {f"product.listener.health_check.{name}": value for name, value in check.items()}
    for role in ROLES:
        shown[f"connections.{role}"] = getattr(product, f"{role}_connection_id")
    if product.dns_by_hand:
        shown["connections.dns"] = BY_HAND
    for number, row in enumerate(product.regions.all()):
        shown |= regions.initial_of(number, row.region, row.spec)
    return shown
