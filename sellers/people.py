"""Who comes and goes: invitations, acceptance, removal. Callers have asked `access`."""

import structlog
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from sellers.models import Invitation, Membership, Seller, User
from sellers.models.choices import PlatformRole, Role
from sellers.models.invitation import expiry, token_hash

log = structlog.get_logger(__name__)


class PeopleError(ValueError):
    """Something about members that cannot be done; its text is a sentence."""


def role_title(role: str) -> str:
    """A role in words."""
    return {**dict(Role.choices), **dict(PlatformRole.choices)}.get(role, role)


@transaction.atomic
def invite(email: str, role: str, seller: Seller | None, by: User | None) -> tuple[Invitation, str]:
    """An open invitation and its link. Invited again, an address gets a new link and the old one ends.

    PeopleError if the person is in the seller already. `send` mails the link.
    """
    email = email.strip().lower()
    if seller and Membership.objects.filter(seller=seller, user__email__iexact=email).exists():
        raise PeopleError(f"{email} already belongs to {seller}. Change the role in the list instead.")
    invitation = Invitation.objects.filter(email=email, seller=seller, accepted_at=None).first()
    invitation = invitation or Invitation(email=email, seller=seller)
    invitation.role, invitation.invited_by, invitation.expires_at = role, by, expiry()
    token = invitation.new_token()
    invitation.save()
    return invitation, settings.PUBLIC_URL + reverse("sellers:invitation", args=[token])


def send(invitation: Invitation, link: str) -> bool:
    """Mail the link to the invited address; False if the mail server did not take it."""
    context = {"invitation": invitation, "link": link, "role": role_title(invitation.role)}
    body = render_to_string("sellers/mail/invitation.txt", context)
    try:
        send_mail("Invitation to PrivateLink onboarding", body, None, [invitation.email])
    except OSError as error:  # smtplib's errors are OSErrors too
        log.warning("invitation_not_sent", invitation=str(invitation.pk), error=type(error).__name__)
        return False
    return True


def invitation_of(token: str) -> Invitation | None:
    """The open invitation of a link, or None: unknown, used and expired links look the same."""
    found = Invitation.objects.select_related("seller", "invited_by").filter(token_hash=token_hash(token)).first()
    return found if found and found.is_open else None


@transaction.atomic
def accept(invitation: Invitation, user: User) -> None:
    """Give the user the invited role; PeopleError if the link was used meanwhile or is for somebody else."""
    if user.email.lower() != invitation.email.lower():
        raise PeopleError(f"This invitation is for {invitation.email}. Sign out and open the link again.")
    used = Invitation.objects.filter(pk=invitation.pk, accepted_at=None).update(accepted_at=timezone.now())
    if not used:
        raise PeopleError("This invitation was used already. Sign in.")
    if invitation.seller is None:
        User.objects.filter(pk=user.pk).update(platform_role=invitation.role)
        return
    Membership.objects.update_or_create(seller=invitation.seller, user=user, defaults={"role": invitation.role})


@transaction.atomic
def register(invitation: Invitation, name: str, password: str) -> User:
    """A new person from an invitation; the link has proven the address."""
    user = User.objects.create_user(invitation.email, password, name=name)
    accept(invitation, user)
    return user


@transaction.atomic
def set_role(membership: Membership, role: str) -> None:
    """Change a member's role; PeopleError if the seller would be left without a lead."""
    if role != Role.LEAD:
        _keep_a_lead(membership)
    membership.role = role
    membership.save()


@transaction.atomic
def remove(membership: Membership) -> None:
    """End a membership; PeopleError if the seller would be left without a lead."""
    _keep_a_lead(membership)
    membership.delete()


def _keep_a_lead(membership: Membership) -> None:
    leads = Membership.objects.select_for_update().filter(seller=membership.seller, role=Role.LEAD)
    if [lead.pk for lead in leads] == [membership.pk]:
        raise PeopleError(f"{membership.user} is the only lead of {membership.seller}. Make somebody else lead first.")
