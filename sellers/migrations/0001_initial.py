"""Sellers, their people and products, and the table that counts sign-in attempts."""

import uuid

import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import sellers.models.connection
import sellers.models.invitation
from sellers.migrations import _throttle


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Connection",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("role_arn", models.CharField(max_length=2048, verbose_name="role ARN")),
                ("account_id", models.CharField(editable=False, max_length=12)),
                (
                    "external_id",
                    models.CharField(
                        default=sellers.models.connection.new_external_id, editable=False, max_length=32, unique=True
                    ),
                ),
                ("label", models.CharField(blank=True, max_length=80)),
                (
                    "state",
                    models.CharField(
                        choices=[("new", "Not started"), ("proven", "Done"), ("refused", "Failed")],
                        default="new",
                        max_length=16,
                    ),
                ),
                ("detail", models.CharField(blank=True, max_length=1000)),
                ("proven_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={"ordering": ("created_at",)},
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("email", models.EmailField(max_length=254, unique=True, verbose_name="email address")),
                ("name", models.CharField(blank=True, max_length=120)),
                (
                    "platform_role",
                    models.CharField(
                        blank=True,
                        choices=[("", "None"), ("admin", "Administrator"), ("reviewer", "Seller Operations reviewer")],
                        default="",
                        max_length=16,
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="not suspended")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("platform_role__in", ["", "admin", "reviewer"])), name="user_platform_role"
                    ),
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("email"), name="user_email_in_any_case"
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "role",
                    models.CharField(
                        choices=[("engineer", "Engineer"), ("lead", "Lead")], default="engineer", max_length=16
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Seller",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("slug", models.SlugField(max_length=60, unique=True)),
                ("name", models.CharField(max_length=120)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "members",
                    models.ManyToManyField(
                        related_name="sellers", through="sellers.Membership", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={"ordering": ("name",)},
        ),
        migrations.CreateModel(
            name="Product",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("slug", models.SlugField(max_length=60)),
                ("name", models.CharField(max_length=120)),
                ("marketplace_product_id", models.CharField(blank=True, max_length=64)),
                ("friendly_dns_name", models.CharField(blank=True, max_length=64)),
                ("private_dns_name", models.CharField(blank=True, max_length=253)),
                (
                    "profile",
                    models.CharField(
                        choices=[
                            ("marketplace", "AWS Marketplace"),
                            ("native", "Own private DNS name (native)"),
                            ("both", "Both"),
                        ],
                        default="marketplace",
                        max_length=16,
                    ),
                ),
                (
                    "listener_protocol",
                    models.CharField(choices=[("TCP", "TCP"), ("TLS", "TLS")], default="TCP", max_length=3),
                ),
                ("listener_port", models.PositiveIntegerField(default=443)),
                ("target_port", models.PositiveIntegerField(default=443)),
                (
                    "health_check_protocol",
                    models.CharField(
                        choices=[("TCP", "TCP"), ("HTTP", "HTTP"), ("HTTPS", "HTTPS")], default="TCP", max_length=5
                    ),
                ),
                ("health_check_path", models.CharField(blank=True, max_length=1024)),
                ("dns_by_hand", models.BooleanField(default=False, verbose_name="a person sets the DNS records")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "buyer_test_connection",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sellers.connection",
                    ),
                ),
                (
                    "certificates_connection",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sellers.connection",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "dns_connection",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sellers.connection",
                    ),
                ),
                (
                    "service_connection",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sellers.connection",
                    ),
                ),
                (
                    "seller",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="products", to="sellers.seller"
                    ),
                ),
            ],
            options={"ordering": ("name",)},
        ),
        migrations.AddField(
            model_name="membership",
            name="seller",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="memberships", to="sellers.seller"
            ),
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("email", models.EmailField(max_length=254)),
                ("role", models.CharField(max_length=16)),
                ("token_hash", models.CharField(editable=False, max_length=64, unique=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("expires_at", models.DateTimeField(default=sellers.models.invitation.expiry)),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "invited_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "seller",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitations",
                        to="sellers.seller",
                    ),
                ),
            ],
            options={"ordering": ("-created_at",)},
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("data", models.JSONField(default=dict, editable=False)),
                ("stamps", models.JSONField(default=dict, editable=False)),
                ("base", models.JSONField(default=dict, editable=False)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now_add=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "changed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="drafts",
                        to="sellers.product",
                    ),
                ),
                (
                    "seller",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="drafts", to="sellers.seller"
                    ),
                ),
            ],
            options={"ordering": ("-changed_at",)},
        ),
        migrations.AddField(
            model_name="connection",
            name="seller",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="connections", to="sellers.seller"
            ),
        ),
        migrations.CreateModel(
            name="Buyer",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("principal", models.CharField(max_length=256)),
                ("account_id", models.CharField(max_length=12)),
                ("alias", models.CharField(blank=True, max_length=80)),
                ("is_test", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="buyers", to="sellers.product"
                    ),
                ),
            ],
            options={
                "ordering": ("created_at",),
                "constraints": [models.UniqueConstraint(fields=("product", "principal"), name="buyer_once")],
            },
        ),
        migrations.CreateModel(
            name="ProductRegion",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("region", models.CharField(max_length=32)),
                ("choices", models.JSONField(default=dict, editable=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="regions", to="sellers.product"
                    ),
                ),
            ],
            options={
                "ordering": ("created_at", "region"),
                "constraints": [models.UniqueConstraint(fields=("product", "region"), name="product_region_once")],
            },
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.UniqueConstraint(fields=("seller", "slug"), name="product_slug_once"),
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.UniqueConstraint(fields=("seller", "name"), name="product_name_once"),
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.CheckConstraint(
                condition=models.Q(("profile__in", ["marketplace", "native", "both"])), name="product_profile"
            ),
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.CheckConstraint(
                condition=models.Q(("listener_protocol__in", ["TCP", "TLS"])), name="product_listener_protocol"
            ),
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.CheckConstraint(
                condition=models.Q(("health_check_protocol__in", ["TCP", "HTTP", "HTTPS"])),
                name="product_health_check_protocol",
            ),
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.CheckConstraint(
                condition=models.Q(("listener_port__range", (1, 65535))), name="product_listener_port"
            ),
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.CheckConstraint(
                condition=models.Q(("target_port__range", (1, 65535))), name="product_target_port"
            ),
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.CheckConstraint(
                condition=models.Q(("dns_by_hand", False), ("dns_connection__isnull", True), _connector="OR"),
                name="product_dns_by_hand_or_connected",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(fields=("seller", "user"), name="membership_once"),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(("role__in", ["engineer", "lead"])), name="membership_role"
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(("role__in", ["engineer", "lead", "admin", "reviewer"])), name="invitation_role"
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("role__in", ["engineer", "lead"]), ("seller__isnull", False)),
                    models.Q(("role__in", ["admin", "reviewer"]), ("seller__isnull", True)),
                    _connector="OR",
                ),
                name="invitation_role_fits_seller",
            ),
        ),
        migrations.AddConstraint(
            model_name="connection",
            constraint=models.UniqueConstraint(fields=("seller", "role_arn"), name="connection_once"),
        ),
        migrations.AddConstraint(
            model_name="connection",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["new", "proven", "refused"])), name="connection_state"
            ),
        ),
        migrations.RunPython(_throttle.create, migrations.RunPython.noop),
    ]
