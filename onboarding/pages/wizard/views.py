"""The wizard: drafts of products, a page a topic, saved field by field."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from onboarding.pages.common.tenant import for_checklist
from onboarding.pages.common.times import moment
from onboarding.pages.wizard import pages, signed_out
from onboarding.pages.wizard.actions import ActionResult, address_of, goes_on, press, resume
from onboarding.pages.wizard.context import answer, context
from onboarding.pages.wizard.draft_page import DraftPage, picked
from onboarding.pages.wizard.tenant import DraftTenant, draft_of, of_product, started
from sellers.access import Action, can, require, signed_in, user_of
from sellers.models import Draft


@require_GET
@signed_in
def index(request: HttpRequest) -> HttpResponse:
    """The drafts that are open, and the way to a new one."""
    tenant = DraftTenant(request.user)
    rows = [(draft, moment(draft.changed_at)) for draft in tenant.open_drafts()[:100]]
    found = {"drafts": rows, "sellers": tenant.sellers_for(Action.CREATE_PRODUCT)}
    return render(request, "onboarding/wizard/drafts.html", found)


@require_POST
@signed_in
def new(request: HttpRequest) -> HttpResponse:
    """Begin a draft, or choose the seller first, where there are several."""
    require(request, Action.CREATE_PRODUCT)
    sellers = DraftTenant(request.user).sellers_for(Action.CREATE_PRODUCT)
    named = [seller for seller in sellers if len(sellers) == 1 or seller.slug == request.POST.get("seller")]
    if not named:
        return redirect("onboarding:drafts")
    return redirect(address_of(started(named[0], user_of(request))))


@require_POST
@signed_in
def of(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A draft that changes a product, or clones it."""
    product = for_checklist(request).product(pk)
    require(request, Action.EDIT_PRODUCT, product)
    return redirect(address_of(of_product(product, user_of(request), request.POST.get("do", ""))))


@require_GET
@signed_in
def link(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The link that one hands to a colleague: it opens where the draft goes on."""
    draft = draft_of(request, pk, Action.VIEW_PRODUCT)
    if draft.finished_at:
        return redirect(address_of(draft))
    if page := signed_out.waiting(request, draft):
        return redirect("onboarding:draft", pk, page)
    return _page(request, draft, goes_on(draft), ActionResult())


@require_http_methods(["GET", "POST"])
@signed_out.kept_when_signed_out
@signed_in
def page(request: HttpRequest, pk: UUID, page: str) -> HttpResponse:
    """A page of a draft, or what its button does."""
    posting = request.method == "POST"
    draft = draft_of(request, pk, Action.EDIT_PRODUCT if posting else Action.VIEW_PRODUCT)
    if page not in pages.SLUGS:
        raise Http404
    if posting:
        return _done(request, draft, page, press(draft, page, request.POST, user_of(request)))
    if draft.finished_at:
        return redirect(address_of(draft))
    form = signed_out.taken(request, draft, page)
    if form is None or not can(request.user, Action.EDIT_PRODUCT, draft):
        return _page(request, draft, page, ActionResult())
    did = resume(draft, page, form, user_of(request))
    draft.refresh_from_db()
    return _page(request, draft, page, did)


@require_POST
@signed_in
def save(request: HttpRequest, pk: UUID, page: str) -> HttpResponse:
    """Save one field while people type: its sentence, and the stepper beside it."""
    draft = draft_of(request, pk)
    if page not in pages.SLUGS:
        raise Http404
    if "HX-Request" not in request.headers:
        return redirect("onboarding:draft", pk, page)
    return answer(request, draft, page, user_of(request))


@require_POST
@signed_in
def drop(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Throw a draft away; the product that it changes, if any, stays as it is."""
    draft = draft_of(request, pk)
    if draft.finished_at is None:
        get_object_or_404(Draft, pk=pk).delete()
        messages.success(request, f"The draft “{draft.name}” was discarded.")
    return redirect("onboarding:drafts")


def _done(request: HttpRequest, draft: Draft, page: str, did: ActionResult) -> HttpResponse:
    if did.to:
        if did.told:
            (messages.error if did.failed else messages.success)(request, did.told)
        return redirect(did.to)
    draft.refresh_from_db()
    return _page(request, draft, page, did)


def _page(request: HttpRequest, draft: Draft, page: str, did: ActionResult) -> HttpResponse:
    fields = pages.fields_of(page, draft, [])
    given = {**picked(fields, request.GET), **did.kept}
    book = DraftPage(draft, page, picked=given, conflicts=did.conflicts, reveal=did.reveal, more=did.more)
    found = context(book, did.told, can(request.user, Action.EDIT_PRODUCT, draft))
    return render(request, f"onboarding/wizard/pages/{page}.html", found, status=did.status)
