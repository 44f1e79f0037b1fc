"""What the templates of a page are given."""

from __future__ import annotations

from secrets import token_hex
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from onboarding.dns import coverage
from onboarding.pages.common.fields import value_of
from onboarding.pages.wizard import account_regions, pages
from onboarding.pages.wizard.actions import TOO_LARGE, address_of, save_field
from onboarding.pages.wizard.draft_page import DraftPage
from onboarding.pages.wizard.review import review
from onboarding.pages.wizard.roles import accesses
from sellers.drafts import REGIONS, buyers
from sellers.models import Connection, Draft, User

CHANGES_WITH_A_FIELD = ("access", "buyers")  # the pages whose part beside the fields is made of them


def context(book: DraftPage, told: str = "", may_edit: bool = True) -> dict[str, Any]:
    """All of a page: the draft, its stepper, its cards, and what the page adds."""
    return {
        "book": book,
        "draft": book.draft,
        "tab": token_hex(8),
        "title": pages.TITLES[book.slug],
        "told": told,
        "may_edit": may_edit,
        "cards": book.cards(),
        "steps": book.steps(),
        "here": book.here(),
        "back": book.url_of(pages.before(book.slug)) if pages.before(book.slug) else "",
        "next_title": pages.TITLES[pages.after(book.slug)],
        **more(book),
    }


def more(book: DraftPage) -> dict[str, Any]:
    """What one page shows besides its fields."""
    if book.slug == "access":
        found, known = accesses(book.draft, book.connections)
        return {"accesses": found, "known": known}
    if book.slug == "regions":
        return {"live": regions_of(book)}
    if book.slug == "certificates":
        return {"names": names_of(book)}
    if book.slug == "buyers":
        return {"buyers": buyers_of(book)}
    return {"review": review(book)} if book.slug == "review" else {}


def regions_of(book: DraftPage) -> dict[str, Any]:
    """What the regions' field shows of each region: whether it is enabled, its zones; and why if that is not known."""
    arn = str(book.draft.data.get("connections.service", ""))
    service: Connection | None = next((row for row in book.connections if row.role_arn == arn), None)
    chosen = pages.known_regions(book.draft)
    seen = account_regions.look(service, chosen)
    stored = book.draft.base.get(REGIONS, [])
    shown = book.shown(book.by_page["regions"][0])
    rows = [
        {
            "option": option,
            "key": "".join(letter if letter.isalnum() else "-" for letter in option.value)[:64],
            "chosen": option.value in shown.value,
            "stored": option.value in stored,
            "disabled": seen.enabled.get(option.value) is False,
            "zones": seen.zones.get(option.value, []),
        }
        for option in shown.options
    ]
    return {
        "rows": sorted(rows, key=lambda row: (not row["chosen"], row["disabled"])),
        "problem": seen.problem,
        "known": bool(seen.enabled),
    }


def buyers_of(book: DraftPage) -> list[tuple[str, str]]:
    """(account ID or ARN, alias) of each line, as it was understood."""
    entries = (entry for _, entry in buyers(str(book.draft.data.get("buyers", ""))))
    return [(entry.get("account_id") or entry.get("principal") or "no account", entry["alias"]) for entry in entries]


def names_of(book: DraftPage) -> dict[str, Any]:
    """The names that a certificate covers, and who sets the records."""
    fields = {one.path: one for one in book.by_page["names"]}
    profile, friendly, private = (
        str(value_of(book.draft, fields[f"product.{name}"])).strip()[:300]
        for name in ("profile", "friendly_dns_name", "private_dns_name")
    )
    covered = coverage.demanded(profile, friendly, private)
    dns = str(book.draft.data.get("connections.dns", ""))
    handed_over = "" if profile == "native" else friendly
    # The friendly name is delegated beside its siblings: it gets a zone of its own, which is not the account's.
    homes = [name for name in (handed_over.partition(".")[2], private) if name]
    return {"covered": covered, "by_hand": dns == "none", "friendly": handed_over, "zones": _zones(book, dns, homes)}


def _zones(book: DraftPage, dns: str, names: list[str]) -> str:
    """The list of the account's hosted zones, judged for these names; "" while no connection says which account."""
    arn = dns or str(book.draft.data.get("connections.service", ""))
    row = next((row for row in book.connections if row.role_arn == arn), None)
    regions = pages.known_regions(book.draft)
    if row is None or not regions:
        return ""
    query = {"names": ",".join(names)} if names else {}
    return reverse("onboarding:pick", args=[row.pk, regions[0], "hosted_zone"], query=query)


def answer(request: HttpRequest, draft: Draft, slug: str, by: User) -> HttpResponse:
    """The field's sentence, with stepper, version and lists that it changes out of band; the whole field where a
    colleague was faster.

    Always 200, as htmx shows nothing else; HX-Redirect where the draft is finished or the field is gone.
    """
    kept, field, lost = save_field(draft, slug, request.POST, by)
    if field is None or kept.draft.finished_at:
        to = address_of(kept.draft) if kept.draft.finished_at else DraftPage(draft, slug).url
        return HttpResponse(status=204, headers={"HX-Redirect": to})
    book = DraftPage(
        kept.draft, slug, conflicts=kept.conflicts, picked={path: str(value) for path, value in lost.items()}
    )
    whole = bool(kept.conflicts) or bool(request.POST.get("pick")) or field.kind == REGIONS
    found = {
        "book": book,
        "draft": kept.draft,
        "shown": book.shown(field),
        "steps": book.steps(),
        "here": book.here(),
        "beside": book.beside(field),
        "relisted": book.relisted(draft, field),
        "whole": whole,
        "told": TOO_LARGE if lost else "",
        "may_edit": True,
        "aside": f"onboarding/wizard/{slug}.html" if slug in CHANGES_WITH_A_FIELD else "",
        **(more(book) if slug in ("access", "regions", "buyers", "certificates") else {}),
    }
    response = render(request, "onboarding/wizard/saved.html", found)
    if whole:
        response["HX-Retarget"], response["HX-Reswap"] = f"#f-{field.key}", "outerHTML"
    return response
