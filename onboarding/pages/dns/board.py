"""The DNS page as a whole: whose turn it is, the records, what the delegation hides, the downloads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.urls import reverse

from onboarding.checklist.words import counted
from onboarding.dns import records as forms
from onboarding.dns.records import Record
from onboarding.engine.evidence import newest
from onboarding.models import Item, ItemState, WaitsFor
from onboarding.pages.common.items import items_of, moves
from onboarding.pages.common.states import WAITS
from onboarding.pages.common.turn import AWS, DONE, LEAVE, THEIRS, YOURS, Button, Turn
from onboarding.pages.dns.delegation_guard import Guard, guard
from onboarding.pages.dns.records import GONE, RecordRow, record_rows, records_of, said
from sellers.models import Product

AGAIN = "We look again by ourselves, at first every few seconds, later every five minutes."


@dataclass(frozen=True)
class Form:
    """One form in which the records can be downloaded: its URL key, words, ending of the file's name, type, maker."""

    key: str
    words: str
    ending: str
    type: str
    text: Callable[[Sequence[Record], str], str]


FORMS = {
    form.key: form
    for form in (
        Form("zone", "Zone file", "zone", "text/dns", forms.zone_file),
        Form(
            "route53", "Route 53 change batch", "json", "application/json", lambda r, _: forms.route53_change_batch(r)
        ),
        Form("terraform", "Terraform", "tf", "text/plain", lambda r, _: forms.terraform(r)),
        Form("csv", "CSV", "csv", "text/csv", forms.csv),
    )
}


@dataclass(frozen=True)
class DnsPage:
    """The page. `moves`: something of it changes by itself."""

    turn: Turn
    rows: list[RecordRow]
    said: str
    zones: list[str]
    guard: Guard | None
    forms: list[Form]
    moves: bool


def dns_page(product: Product, *, may_run: bool) -> DnsPage:
    """The DNS page of a product; three queries."""
    items, evidence = items_of(product), newest(product)
    rows = record_rows(product, items, evidence)
    return DnsPage(
        turn=_turn(product, items, rows, may_run),
        rows=rows,
        said=said(rows) if rows else "",
        zones=list(dict.fromkeys(row.zone for row in rows if row.zone)),
        guard=guard(product, items, rows, evidence),
        forms=list(FORMS.values()) if rows else [],
        moves=any(moves(item) for item in items),
    )


def download(product: Product, form: Form) -> str:
    """The product's records in one form."""
    records, zone = records_of(product)
    return form.text(records, zone)


def _turn(product: Product, items: Sequence[Item], rows: Sequence[RecordRow], may_run: bool) -> Turn:
    yours = [row for row in rows if row.mark == WAITS[WaitsFor.YOU]]
    if yours:
        one = "needs" if len(yours) == 1 else "need"
        now = f"{counted(len(yours), 'record')} {one} you at your DNS provider."
        return Turn(YOURS, now, f"Set what is listed below. {AGAIN}", _check(yours[0], may_run))
    gone = [row for row in rows if row.mark == GONE]
    if gone:
        one = "is" if len(gone) == 1 else "are"
        now = f"{counted(len(gone), 'record')} {one} not served any more. {gone[0].sentence}"
        return Turn(YOURS, now, "Set it again: certificates renew, and names work, only while it is there.")
    watched = [row for row in rows if row.check_url and not row.good]
    if watched:
        now = f"{counted(len(watched), 'record')} {'is' if len(watched) == 1 else 'are'} looked for in DNS."
        return Turn(WAITS[WaitsFor.DNS], now, f"{AGAIN} {LEAVE}", _check(watched[0], may_run))
    asked = next((item for item in items if item.slug == "name_servers" and item.state == ItemState.WAITING), None)
    if asked is not None:
        to = Button("Open the request", reverse("onboarding:item", args=[asked.pk]))
        return Turn(THEIRS, asked.message, "When the name servers are there, the NS record is listed here.", to)
    return _quiet(product, items, rows)


def _quiet(product: Product, items: Sequence[Item], rows: Sequence[RecordRow]) -> Turn:
    """Nothing of it waits."""
    run = Button("Open the run", reverse("onboarding:run", args=[product.pk]))
    if rows and all(row.good for row in rows):
        return Turn(DONE, "Every record that is known so far is found at every server.", "Leave them in place.")
    if not items:
        return Turn(YOURS, "No record is known yet.", "The run creates them. Start a run first.", run)
    if any(moves(item) for item in items):
        return Turn(AWS, "The run is still determining which records you need.", LEAVE, run)
    return Turn(YOURS, "Nothing looks for records at the moment.", "The run finds and checks them.", run)


def _check(row: RecordRow, may_run: bool) -> Button | None:
    return Button("Check now", row.check_url, "refresh", posts=True) if may_run else None
