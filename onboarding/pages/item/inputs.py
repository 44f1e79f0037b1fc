"""The inputs that a step reads, to be changed before it is retried: the Region's choice and the product's facts.

The fields, their rules and their sentences are the wizard's; nothing is kept as a draft.
"""

from __future__ import annotations

from django.db import transaction
from django.http import QueryDict

from onboarding.engine import commands
from onboarding.engine.signals import Blocked, DueItem
from onboarding.models import Item
from onboarding.pages.common.fields import FieldView, PartShown, role_options, typed, value_of
from onboarding.pages.common.problems import Problems
from onboarding.steps import by_slug
from sellers.drafts import save_product, storable, values_of
from sellers.models import Draft, Product, User
from sellers.spec import SpecErrors, fields
from sellers.spec.fields import Field, Part

OVER = "This step no longer needs a retry. Change its inputs under Setup; the next run reads them."


class StepInputs:
    """The inputs of one step, as stored or as just typed. Other fields keep what is stored, whatever is sent."""

    def __init__(self, item: Item, post: QueryDict | None = None) -> None:
        self.item, self._stopped = item, ""
        product, stored = item.product, values_of(item.product)
        self._draft = Draft(seller=product.seller, product=product, data=dict(stored), base=stored)
        connections = list(product.seller.connections.all())
        self._parts, self._facts = _parts(item), _facts(item, role_options(connections))
        shown = [*self._facts, *(one for part in self._parts for one in part.fields())]
        self._problems: dict[str, list[str]] = {}
        if post is not None:
            self._draft.data |= {path: storable(value) for path, value in typed(shown, post).items()}
            self._problems = Problems(self._draft, shown, connections).by_path
        self._paths = {one.path for one in shown}

    def __bool__(self) -> bool:
        """Whether this step reads anything that can be changed here."""
        return bool(self._paths)

    @property
    def errors(self) -> list[str]:
        """What is wrong elsewhere than in a field shown here."""
        elsewhere = [one for path, found in self._problems.items() if path not in self._paths for one in found]
        return [self._stopped, *elsewhere] if self._stopped else elsewhere

    @property
    def failed(self) -> bool:
        """Whether nothing was saved."""
        return bool(self._problems or self._stopped)

    def parts(self) -> list[PartShown]:
        """The Region's choice of this step."""
        return [
            PartShown(part, self._shown(part.mode), *map(self._all, (part.create, part.existing, part.always)))
            for part in self._parts
        ]

    def facts(self) -> list[FieldView]:
        """The other fields that it reads."""
        return self._all(self._facts)

    def _all(self, found: list[Field]) -> list[FieldView]:
        return [self._shown(one) for one in found]

    def _shown(self, one: Field) -> FieldView:
        problems = self._problems.get(one.path, [])
        return FieldView(field=one, value=value_of(self._draft, one), problems=problems, reveal=True)

    def retry(self, by: User) -> list[DueItem] | None:
        """Save and retry the step, both or nothing: who is due, or None with the reason in `errors`."""
        if self._problems:
            return None
        try:
            with transaction.atomic():
                save_product(self._draft, by)
                return self._again(by)
        except Blocked as blocked:
            self._stopped = blocked.sentence
        except SpecErrors as error:
            self._stopped = str(error)
        return None

    def _again(self, by: User) -> list[DueItem]:
        before = self.item.state
        self.item.product = Product.objects.get(pk=self.item.product_id)  # as it was just saved
        due = commands.retry(self.item, by)
        if self.item.state == before:
            raise Blocked(OVER)
        return due


def _parts(item: Item) -> list[Part]:
    step = by_slug().get(item.slug)
    return fields.parts(item.region, step.choice) if step and step.choice and item.region else []


def _facts(item: Item, roles: list[fields.Option]) -> list[Field]:
    step = by_slug().get(item.slug)
    starts = tuple(start.format(region=item.region) for start in step.inputs_changed_by) if step else ()
    native = item.product.profile == "native"
    every = [*fields.names(native), *fields.listener(), *fields.connections(roles), *fields.rehearsal(item.region)]
    return [one for one in every if one.path.startswith(starts)] if starts else []
