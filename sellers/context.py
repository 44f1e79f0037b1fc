"""What the frame of every page knows: the banner of a simulated AWS, and which links the user sees."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from sellers.access import Action, can


def layout(request: HttpRequest) -> dict[str, Any]:
    """`aws_endpoint`: the URL that replaces AWS, or ""; `sees_admin`: whether Django admin opens;
    `decides`: whether the user decides on packages; `reviews`: and has no products besides; `section`: the first word
    of the page's route, by which the main navigation marks where one is.
    """
    match = request.resolver_match
    user = getattr(request, "user", None)
    decides = user is not None and can(user, Action.REVIEW)
    return {
        "aws_endpoint": settings.AWS_ENDPOINT_URL,
        "sees_admin": user is not None and can(user, Action.VIEW_ADMIN),
        "decides": decides,
        "section": match.route.partition("/")[0] if match else "",
        "reviews": user is not None and decides and not can(user, Action.VIEW_PRODUCT),
    }
