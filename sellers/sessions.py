"""Who is asking: the session and its person; each request begins with these two queries, compiled once a process."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from sellers.models import User
from sellers.prepared import PreparedModels

_SESSION = PreparedModels(lambda key: Session.objects.filter(pk=key), str)
_USER = PreparedModels(lambda pk: User.objects.filter(pk=pk), UUID)


class SessionStore(db.SessionStore):
    """Sessions in the database, as Django's own."""

    def _get_session_from_db(self) -> Any:
        found = _SESSION(self.session_key)
        if found and found[0].expire_date > timezone.now():
            return found[0]
        self._session_key = None  # unknown or over: a new key, never the visitor's
        return None


class Backend(AuthenticationBackend):  # type: ignore[misc]
    """Signs in by email address, as allauth's own."""

    def get_user(self, user_id: UUID) -> User | None:
        """The person of a session; None for who is suspended or gone."""
        found = _USER(user_id)
        return found[0] if found and self.user_can_authenticate(found[0]) else None
