"""Who may do what: the one place of permission.

Every view begins with `for_tenant(request)` or `require(request, action, object)`. What is not in TABLE is
denied. An object of another seller answers 404, an action that one's role lacks answers 403.
"""

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol, TypeAlias, cast, runtime_checkable
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import F, Q, QuerySet, Value
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from sellers.models import Buyer, Connection, Invitation, Membership, Product, ProductRegion, Seller, User
from sellers.models.choices import PlatformRole, Role

Who: TypeAlias = User | AnonymousUser
OWN_SELLER = (
    "You belong to this seller, and nobody decides on a seller of their own. A colleague of Seller Operations decides."
)
NOT_A_REVIEWER = "Only reviewers of Seller Operations decide on what sellers submit."
P = ParamSpec("P")


class Action(StrEnum):
    """What can be done; views and commands name one."""

    VIEW_SELLER = "view_seller"
    VIEW_PRODUCT = "view_product"
    CREATE_PRODUCT = "create_product"
    EDIT_PRODUCT = "edit_product"
    RUN_PRODUCT = "run_product"
    ANSWER = "answer"
    VIEW_CONNECTION = "view_connection"
    CONNECT = "connect"
    INVITE = "invite"
    REMOVE_MEMBER = "remove_member"
    CREATE_SELLER = "create_seller"
    INVITE_STAFF = "invite_staff"
    VIEW_ADMIN = "view_admin"
    REVIEW = "review"


_LOOK = frozenset({Action.VIEW_SELLER, Action.VIEW_PRODUCT, Action.VIEW_CONNECTION})
_ENGINEER = _LOOK | {Action.CREATE_PRODUCT, Action.EDIT_PRODUCT, Action.RUN_PRODUCT, Action.ANSWER, Action.CONNECT}
_PEOPLE = frozenset({Action.INVITE, Action.REMOVE_MEMBER})
TABLE: dict[str, frozenset[Action]] = {
    Role.ENGINEER: _ENGINEER,
    Role.LEAD: _ENGINEER | _PEOPLE,
    # An administrator looks and manages people, but does not act in a seller's AWS accounts.
    PlatformRole.ADMIN: _LOOK | _PEOPLE | {Action.CREATE_SELLER, Action.INVITE_STAFF, Action.VIEW_ADMIN},
    # Seller Operations decides on what was submitted; products and connections stay closed to them.
    PlatformRole.REVIEWER: frozenset({Action.REVIEW}),
}


@runtime_checkable
class _HasSeller(Protocol):
    @property
    def seller(self) -> Seller | None: ...


@runtime_checkable
class _HasProduct(Protocol):
    @property
    def product(self) -> Product: ...


def seller_of(obj: object) -> Seller | None:
    """The seller that an object belongs to: its own, or its product's. None for what belongs to the platform."""
    if isinstance(obj, Seller):
        return obj
    if isinstance(obj, _HasSeller):
        return obj.seller
    return obj.product.seller if isinstance(obj, _HasProduct) else None


def roles(user: Who, obj: object = None) -> set[str]:
    """The roles that count for an object: on the platform, and in its seller; without an object, in any seller.

    None at all for who is suspended.
    """
    if not isinstance(user, User) or not user.is_active:
        return set()
    found = {user.platform_role} if user.platform_role else set()
    known = getattr(obj, "_viewer", None)
    if known and known[0] == user.pk:
        return found | ({known[1]} if known[1] else set())
    if obj is None:
        return found | set(Membership.objects.filter(user=user).values_list("role", flat=True).distinct())
    seller = seller_of(obj)
    if seller is not None:
        found |= set(Membership.objects.filter(user=user, seller=seller).values_list("role", flat=True))
    return found


def can(user: Who, action: Action, obj: object = None) -> bool:
    """Whether the user may do it to this object. Nobody decides on a seller of their own."""
    if obj is None and action not in TABLE[Role.LEAD]:  # no membership matters: no query
        held = {user.platform_role} - {""} if isinstance(user, User) and user.is_active else set()
    else:
        held = roles(user, obj)
    if action is Action.REVIEW and obj is not None and held & set(Role.values):
        return False
    return any(action in TABLE[role] for role in held)


def why_not(user: Who, action: Action) -> str:
    """The sentence for somebody who may not decide: not a reviewer, or one of the seller's own people."""
    if action is not Action.REVIEW:
        return ""
    return OWN_SELLER if can(user, action) else NOT_A_REVIEWER


def user_of(request: HttpRequest) -> User:
    """The signed-in user; PermissionDenied if there is none, which `signed_in` has ruled out."""
    if isinstance(request.user, User):
        return request.user
    raise PermissionDenied


def require(request: HttpRequest, action: Action, obj: object = None) -> None:
    """Http404 if the object is none of the user's business, PermissionDenied if only the action is not."""
    held = roles(request.user, obj)
    if obj is not None and not any(TABLE[role] & (_LOOK | {Action.REVIEW}) for role in held):
        raise Http404
    if not can(request.user, action, obj):
        raise PermissionDenied(why_not(request.user, action))


def held(rows: QuerySet[Product], user: UUID, pk: UUID) -> QuerySet[Product]:
    """Of these products that one, if its seller counts the user among its people; their role as `viewer_role`."""
    return rows.filter(pk=pk, seller__memberships__user=user).annotate(viewer_role=F("seller__memberships__role"))


class Tenant:
    """What one user may see, as querysets; nothing else reaches a page."""

    def __init__(self, user: Who) -> None:
        self.user = user

    def _mine(self, path: str) -> Q:
        """A filter on rows whose seller, found at `path`, the user may look into."""
        user = self.user
        if not isinstance(user, User) or not user.is_active:
            return Q(pk__in=[])
        if user.platform_role == PlatformRole.ADMIN:
            return Q()
        sellers = Membership.objects.filter(user=user).values("seller")
        return Q(**{f"{path}__in": sellers})

    def sellers(self) -> QuerySet[Seller]:
        """The sellers that the user belongs to; all of them for an administrator."""
        return Seller.objects.filter(self._mine("pk"))

    def sellers_for(self, action: Action) -> list[Seller]:
        """Those sellers in which the user may do `action`, for instance create a product."""
        return [seller for seller in self.sellers() if can(self.user, action, seller)]

    def memberships(self) -> QuerySet[Membership]:
        """Who belongs to those sellers."""
        return Membership.objects.filter(self._mine("seller")).select_related("user", "seller")

    def invitations(self) -> QuerySet[Invitation]:
        """Invitations to those sellers; those to the platform for an administrator only."""
        return Invitation.objects.filter(self._mine("seller")).select_related("seller", "invited_by")

    def connections(self) -> QuerySet[Connection]:
        """Connections of those sellers."""
        return Connection.objects.filter(self._mine("seller")).select_related("seller")

    def products(self) -> QuerySet[Product]:
        """Products of those sellers."""
        return Product.objects.filter(self._mine("seller")).select_related("seller")

    def regions(self) -> QuerySet[ProductRegion]:
        """Regions of those products."""
        return ProductRegion.objects.filter(self._mine("product__seller")).select_related("product__seller")

    def buyers(self) -> QuerySet[Buyer]:
        """Buyers of those products."""
        return Buyer.objects.filter(self._mine("product__seller")).select_related("product__seller")

    def reviewable(self) -> QuerySet[Product]:
        """Products whose submissions the user may read for Seller Operations: no other page shows them.

        Those of a seller of their own are among them, so that `require` can say why they must not decide.
        """
        return Product.objects.all() if can(self.user, Action.REVIEW) else Product.objects.none()

    def product(self, pk: UUID) -> Product:
        """One product, or Http404. One query: it brings the user's role along, so that `can` asks no more."""
        user, rows = self.user, self.products()
        if not isinstance(user, User) or not user.is_active or user.platform_role == PlatformRole.ADMIN:
            return get_object_or_404(rows.annotate(viewer_role=Value("")), pk=pk)
        found = held(rows, user.pk, pk).first()
        if found is None:
            raise Http404
        found._viewer = (user.pk, found.viewer_role)  # type: ignore[attr-defined]
        return found

    def role(self, product: Product) -> str:
        """The user's role towards a product: in its seller, else on the platform; part of a page's ETag."""
        held = roles(self.user, product)
        return next((role for role in (Role.LEAD, Role.ENGINEER, PlatformRole.ADMIN) if role in held), "")


def for_tenant(request: HttpRequest) -> Tenant:
    """What the signed-in user may see; nothing for anybody else."""
    return Tenant(request.user)


def signed_in(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """A view for people who have signed in; others are sent to sign-in and back."""
    return cast(Callable[Concatenate[HttpRequest, P], HttpResponse], wraps(view)(login_required(view)))


def confirm(request: HttpRequest) -> None:
    """Ask for the password again if that was over 15 minutes ago, then come back with the same POST.

    Called after `require`, so that a foreign object is not found before anything is asked.
    """
    reauthentication_required(lambda _: None)(request)


def confirmed(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """A view that asks for the password first, as `confirm`; for those whose address tells nothing by itself."""
    return cast(Callable[Concatenate[HttpRequest, P], HttpResponse], reauthentication_required(view))
