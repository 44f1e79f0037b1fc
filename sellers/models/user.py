"""People. They sign in with their email address; there is no user name."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from sellers.models.choices import PlatformRole, one_of


class UserManager(BaseUserManager["User"]):
    """Makes users; addresses are kept in lower case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A user with a hashed password, or none that works if `password` is None."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A platform administrator, for `manage.py createsuperuser`."""
        return self.create_user(email, password, **{**fields, "platform_role": PlatformRole.ADMIN})

    def get_by_natural_key(self, username: str | None) -> "User":
        """The user with this address in any case."""
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person, member of sellers and perhaps with a role on the platform."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField("email address", unique=True, max_length=254)
    name = models.CharField(max_length=120, blank=True)
    platform_role = models.CharField(max_length=16, choices=PlatformRole.choices, blank=True, default="")
    is_active = models.BooleanField("not suspended", default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = (
            one_of("platform_role", PlatformRole.values, "user_platform_role"),
            models.UniqueConstraint(Lower("email"), name="user_email_in_any_case"),
        )

    def __str__(self) -> str:
        return self.email

    @property
    def is_staff(self) -> bool:
        """Whether Django's admin opens for this person."""
        return self.is_active and self.platform_role == PlatformRole.ADMIN

    @property
    def is_superuser(self) -> bool:
        """Whether Django's own permission checks pass; the admin site is read-only all the same."""
        return self.is_staff

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Django admin's question; ours is `sellers.access.can`."""
        return self.is_staff

    def has_perms(self, perm_list: list[str], obj: object = None) -> bool:
        """As `has_perm`, for several."""
        return self.is_staff

    def has_module_perms(self, app_label: str) -> bool:
        """Whether Django admin lists an application."""
        return self.is_staff

    def get_full_name(self) -> str:
        """The name, or the address if there is none."""
        return self.name or self.email

    def get_short_name(self) -> str:
        """The first word of the name, or what stands before the @."""
        return self.name.split(" ")[0] if self.name else self.email.split("@")[0]
