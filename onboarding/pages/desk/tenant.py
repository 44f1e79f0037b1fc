"""What a reviewer may see: submissions that were sent, requests for name servers, nothing else of a seller."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from onboarding.models import Item, Remark, RemarkKind, Submission, SubmissionState
from onboarding.pages.common.tenant import ChecklistTenant
from sellers.access import Action, require

ASKED = Q(state="waiting", waiting_for="marketplace") | Q(state="done") | Q(answer__isnull=False)


class DeskTenant(ChecklistTenant):
    """A member of the seller finds its rows too, and is then told that others decide."""

    def _readable(self) -> Q:
        mine = self._mine("seller")  # an empty one is all, an administrator's
        return Q(product__in=self.reviewable()) | mine if mine else mine

    def submissions(self) -> QuerySet[Submission]:
        """Versions that were sent; a frozen one is the seller's alone."""
        rows = Submission.objects.filter(self._readable()).exclude(state=SubmissionState.FROZEN)
        return rows.select_related("product", "seller")

    def requests(self) -> QuerySet[Item]:
        """Items that ask Seller Operations for name servers, or asked."""
        asked = Item.objects.filter(self._readable(), ASKED, slug="name_servers")
        return asked.select_related("product", "seller", "run")

    def submission(self, pk: UUID) -> Submission:
        """One version, or Http404."""
        return get_object_or_404(self.submissions(), pk=pk)

    def request(self, pk: UUID) -> Item:
        """One request, or Http404."""
        return get_object_or_404(self.requests(), pk=pk)

    def question(self, pk: UUID) -> Remark:
        """One question with its submission, or Http404."""
        rows = Remark.objects.filter(kind=RemarkKind.QUESTION, submission__in=self.submissions())
        return get_object_or_404(rows.select_related("submission__product", "submission__seller"), pk=pk)


def for_desk(request: HttpRequest) -> DeskTenant:
    """As `sellers.access.for_tenant`."""
    return DeskTenant(request.user)


def to_review(request: HttpRequest, pk: UUID) -> Submission:
    """The version that the user decides on; 404 if it is none of theirs, 403 with the reason if others decide."""
    submission = for_desk(request).submission(pk)
    require(request, Action.REVIEW, submission)
    return submission
