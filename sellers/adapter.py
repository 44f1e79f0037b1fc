"""How django-allauth is bent to invitations only."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class InvitationsOnly(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Nobody signs up; an account begins with an invitation (`sellers.views.invitations`)."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: the sign-up page says that an invitation is needed."""
        return False
