"""What the buttons of a wizard page do: save and go on, test a role, copy a region's choices, make the plan."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from onboarding.connections import prove_and_save
from onboarding.pages.common.fields import typed
from onboarding.pages.wizard import account_regions, pages
from onboarding.pages.wizard.draft_page import DraftPage, news
from sellers.drafts import Conflict, Kept, Moved, Read, TooLarge, accept, copy_region, finish, keep
from sellers.models import Draft, Product, User
from sellers.spec import Problem, SpecErrors
from sellers.spec.fields import Field

TOO_LARGE = "This is more than a draft can hold, so nothing of this page was saved. Shorten the longest value."
RESUMED = "You had been signed out. What you had typed on this page is saved."
DONE = "The plan of this draft was made already. Change the product in a new draft."


@dataclass
class ActionResult:
    """What follows: the address to go to, or the page again with `status` and what is to be told.

    `kept` are typed values that could not be saved, so that the page shows them nevertheless.
    """

    to: str = ""
    status: int = 200
    told: str = ""
    failed: bool = False
    conflicts: Mapping[str, Conflict] = field(default_factory=dict)
    reveal: bool = False
    more: Sequence[Problem] = ()
    kept: Mapping[str, Any] = field(default_factory=dict)


def press(draft: Draft, slug: str, post: QueryDict, by: User) -> ActionResult:
    """Save what a page's form sent, then do what its button says ("do").

    That is next, back, go.PAGE, save, test.ID, copy.FROM.TO or finish.
    """
    book = DraftPage(draft, slug)
    changes = news(draft, book.by_page[slug], typed(book.by_page[slug], post))
    try:
        kept = keep(draft.pk, changes, read_of(post), by)
    except TooLarge:
        return ActionResult(status=422, told=TOO_LARGE, failed=True, kept=changes)
    if kept.draft.finished_at:
        return ActionResult(to=address_of(kept.draft), told=DONE, failed=True)
    if kept.conflicts:
        return ActionResult(status=409, told=_together(kept), failed=True, conflicts=kept.conflicts)
    return _did(kept, book, post.get("do", "next"), by)


def _did(kept: Kept, book: DraftPage, order: str, by: User) -> ActionResult:
    """What a button says, once the page is saved."""
    slug = book.slug
    verb, _, rest = order.partition(".")
    if verb == "finish":
        return _finish(kept.draft, by)
    if verb == "test":
        return _test(kept.draft, slug, rest, by)
    if verb == "copy":
        return _copy(kept, slug, rest, by)
    if verb == "go" and rest in pages.SLUGS:
        return ActionResult(to=book.url_of(rest))
    if verb == "save":
        account_regions.forget()
        return ActionResult(to=book.url_of(slug), told="The draft is saved.")
    return _next(kept.draft, slug, back=verb == "back")


def resume(draft: Draft, slug: str, post: QueryDict, by: User) -> ActionResult:
    """Save what a page's form had sent when nobody was signed in any more, and stay on the page."""
    fields = DraftPage(draft, slug).by_page[slug]
    changes = news(draft, fields, typed(fields, post))
    try:
        kept = keep(draft.pk, changes, read_of(post), by)
    except TooLarge:
        return ActionResult(told=TOO_LARGE, failed=True, kept=changes)
    if kept.conflicts:
        return ActionResult(told=_together(kept), failed=True, conflicts=kept.conflicts)
    return ActionResult(told=RESUMED if kept.changed else "")


def save_field(draft: Draft, slug: str, post: QueryDict, by: User) -> tuple[Kept, Field | None, Mapping[str, Any]]:
    """Save the one field that "only" names: what was done, the field, and what could not be saved of it.

    With "pick" the value is what was chosen from the account, which stands after what was typed.
    """
    found = next((one for one in DraftPage(draft, slug).by_page[slug] if one.path == post.get("only")), None)
    if found is None:
        return Kept(draft), None, {}
    changes = news(draft, [found], typed([found], post))
    if post.get("pick"):
        changes = {found.path: ("\n" if found.kind == "list" else " ").join(post.getlist(found.path)[1:])}
    try:
        return keep(draft.pk, changes, read_of(post), by), found, {}
    except TooLarge:
        return Kept(draft), found, changes


def read_of(post: QueryDict) -> Read:
    """What the page had read; version 0, which overwrites nothing, where that was left out or tampered with."""
    told = {name.removeprefix("seen."): _number(str(post[name])) for name in post if name.startswith("seen.")}
    return Read(_number(post.get("version", "")), post.get("tab", "")[:32], told)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def address_of(draft: Draft) -> str:
    """Where a draft goes on; the plan of the product once it is finished."""
    if draft.finished_at and draft.product_id:
        return reverse("onboarding:plan", args=[draft.product_id])
    return reverse("onboarding:draft", args=[draft.pk, goes_on(draft)])


def goes_on(draft: Draft) -> str:
    """The first page of a draft that is not done; review if all are."""
    book = DraftPage(draft, pages.SLUGS[0])
    needed = (slug for slug in pages.SLUGS if slug not in ("buyers", "review"))
    return next((slug for slug in needed if not book.is_done(slug)), "review")


def _next(draft: Draft, slug: str, *, back: bool) -> ActionResult:
    book = DraftPage(draft, slug)
    if back:
        return ActionResult(to=book.url_of(pages.before(slug) or slug))
    wrong = len(book.wrong(slug))
    if wrong and slug != "review":
        fields = "One field needs" if wrong == 1 else f"{wrong} fields need"
        told = f"The draft is saved. {fields} a look before the plan can be made; each says why."
        return ActionResult(status=422, told=told, failed=True, reveal=True)
    return ActionResult(to=book.url_of(pages.after(slug)))


def _finish(draft: Draft, by: User) -> ActionResult:
    try:
        product: Product = finish(draft.pk, by)
    except Moved as moved:
        accept(draft.pk, moved.seen)
        return ActionResult(
            status=409, more=moved.problems, reveal=True, failed=True, told="The product itself was changed."
        )
    except SpecErrors as error:
        told = "The plan cannot be made yet. What is below must be corrected first."
        return ActionResult(status=422, more=error.problems, reveal=True, failed=True, told=told)
    return ActionResult(to=reverse("onboarding:plan", args=[product.pk]), told=f"{product.name} is saved.")


def _test(draft: Draft, slug: str, which: str, by: User) -> ActionResult:
    to = DraftPage(draft, slug).url
    try:
        row = draft.seller.connections.filter(pk=uuid.UUID(which)).first()
    except ValueError:
        row = None
    if row is None:
        return ActionResult(to=to, told="This connection is gone. Choose another one.", failed=True)
    verdict = prove_and_save(row, by)
    account_regions.forget()
    return ActionResult(to=to, told=f"{row}: {verdict.sentence}", failed=not verdict.proven)


def _copy(kept: Kept, slug: str, which: str, by: User) -> ActionResult:
    draft, to = kept.draft, DraftPage(kept.draft, slug).url
    source, _, target = which.partition(".")
    known = pages.known_regions(draft)
    if source not in known or target not in known:
        return ActionResult(to=to, told="One of the two regions is not part of this draft.", failed=True)
    keep(draft.pk, copy_region(draft.data, source, target), Read(draft.version), by)
    return ActionResult(
        to=to, told=f"{target} has the choices of {source}. IDs belong to one Region. Choose them again."
    )


def _together(kept: Kept) -> str:
    people = ", ".join(dict.fromkeys(conflict.by for conflict in kept.conflicts.values()))
    fields = "one field" if len(kept.conflicts) == 1 else f"{len(kept.conflicts)} fields"
    return (
        f"{people} changed {fields} after you opened this page, and nothing of it was overwritten. "
        "Choose which value stands, then continue."
    )
