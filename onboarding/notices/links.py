"""Where a notice leads: the item, the run, the package."""

from __future__ import annotations

from django.urls import reverse

from onboarding.models import Notice, NoticeKind


def path(notice: Notice) -> str:
    """The page that the notice is about."""
    if notice.desk:
        return _desk(notice)
    if notice.kind in (NoticeKind.QUESTION, NoticeKind.RETURNED):
        return reverse("onboarding:submission", args=[notice.product_id])
    if notice.item_id and not notice.submission_id:
        return reverse("onboarding:item", args=[notice.item_id])
    return reverse("onboarding:run", args=[notice.product_id])


def _desk(notice: Notice) -> str:
    if notice.submission_id:
        return reverse("onboarding:desk_package", args=[notice.submission_id])
    if notice.item_id:
        return reverse("onboarding:desk_names", args=[notice.item_id])
    return reverse("onboarding:desk")
