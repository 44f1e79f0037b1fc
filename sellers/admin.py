"""Django admin, to look only: facts are changed where their rules are."""

from typing import Any, TypeVar

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from sellers.models import Buyer, Connection, Invitation, Membership, Product, ProductRegion, Seller, User

M = TypeVar("M", bound=Model)


class ReadOnly(admin.ModelAdmin[M]):
    """Lists and shows, for administrators; adds, changes and deletes nothing, whoever asks."""

    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False


@admin.register(User)
class UserAdmin(ReadOnly[User]):
    """People, without their password hash."""

    list_display = ("email", "name", "platform_role", "is_active", "last_login")
    exclude = ("password",)
    search_fields = ("email", "name")


@admin.register(Seller)
class SellerAdmin(ReadOnly[Seller]):
    """Sellers."""

    list_display = ("name", "slug", "created_at")
    search_fields = ("name", "slug")


@admin.register(Membership)
class MembershipAdmin(ReadOnly[Membership]):
    """Who belongs where."""

    list_display = ("user", "seller", "role")
    list_filter = ("role",)


@admin.register(Invitation)
class InvitationAdmin(ReadOnly[Invitation]):
    """Invitations."""

    list_display = ("email", "seller", "role", "expires_at", "accepted_at")


@admin.register(Connection)
class ConnectionAdmin(ReadOnly[Connection]):
    """Roles that we assume."""

    list_display = ("role_arn", "seller", "state", "proven_at")
    list_filter = ("state",)


@admin.register(Product)
class ProductAdmin(ReadOnly[Product]):
    """Products."""

    list_display = ("name", "seller", "profile", "friendly_dns_name")
    search_fields = ("name", "friendly_dns_name")


@admin.register(ProductRegion)
class ProductRegionAdmin(ReadOnly[ProductRegion]):
    """Regions of products."""

    list_display = ("product", "region")
    readonly_fields = ("choices",)


@admin.register(Buyer)
class BuyerAdmin(ReadOnly[Buyer]):
    """Who may connect."""

    list_display = ("principal", "alias", "product", "is_test")
