"""Notices to people, and how often each wants to be mailed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("onboarding", "0003_submission"),
        ("sellers", "0002_throttle"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="NoticeSetting",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="notice_setting",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "digest",
                    models.CharField(
                        choices=[
                            ("now", "At once"),
                            ("hourly", "Every hour"),
                            ("daily", "Once a day"),
                            ("none", "Never"),
                        ],
                        default="now",
                        max_length=10,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("digest__in", ["now", "hourly", "daily", "none"])),
                        name="notice_setting_digest",
                    )
                ]
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("item_id", models.UUIDField(null=True)),
                ("submission_id", models.UUIDField(null=True)),
                ("desk", models.BooleanField(default=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("turn", "Your turn"),
                            ("failed", "Failed"),
                            ("finished", "Finished"),
                            ("live", "Live"),
                            ("question", "Question"),
                            ("returned", "Returned"),
                            ("arrived", "To review"),
                            ("answered", "Answered"),
                        ],
                        max_length=10,
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("sentence", models.TextField(blank=True)),
                ("cause", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
                ("read_at", models.DateTimeField(null=True)),
                ("to_mail", models.BooleanField(default=True)),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="sellers.product"
                    ),
                ),
                (
                    "seller",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="sellers.seller"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="notices", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "indexes": [
                    models.Index(fields=["user", "-id"], name="notice_inbox"),
                    models.Index(condition=models.Q(("read_at__isnull", True)), fields=["user"], name="notice_unread"),
                    models.Index(condition=models.Q(("to_mail", True)), fields=["at"], name="notice_to_mail"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("cause", "user"), name="notice_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                ["turn", "failed", "finished", "live", "question", "returned", "arrived", "answered"],
                            )
                        ),
                        name="notice_kind",
                    ),
                ],
            },
        ),
    ]
