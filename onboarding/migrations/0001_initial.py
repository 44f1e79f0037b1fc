"""The tables of the checklist, append-only events and the first list prices."""

import uuid

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from onboarding.migrations import _events, _prices


class Migration(migrations.Migration):
    initial = True

    dependencies = [("sellers", "0001_initial"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.CreateModel(
            name="Heartbeat",
            fields=[
                ("name", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Progress",
            fields=[
                (
                    "product",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="progress",
                        serialize=False,
                        to="sellers.product",
                    ),
                ),
                ("version", models.PositiveBigIntegerField(default=0)),
                ("todo", models.IntegerField(default=0)),
                ("working", models.IntegerField(default=0)),
                ("waiting", models.IntegerField(default=0)),
                ("done", models.IntegerField(default=0)),
                ("failed", models.IntegerField(default=0)),
                ("skipped", models.IntegerField(default=0)),
                ("cancelled", models.IntegerField(default=0)),
                ("undoing", models.IntegerField(default=0)),
                ("undone", models.IntegerField(default=0)),
                ("not_needed", models.IntegerField(default=0)),
                ("on_you", models.IntegerField(default=0)),
                ("on_marketplace", models.IntegerField(default=0)),
                ("changed_at", models.DateTimeField(null=True)),
            ],
            options={"verbose_name_plural": "progress"},
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(db_index=True)),
                ("product_id", models.UUIDField(db_index=True, null=True)),
                ("item_id", models.UUIDField(db_index=True, null=True)),
                ("run_id", models.UUIDField(null=True)),
                ("actor", models.CharField(default="engine", max_length=254)),
                ("what", models.CharField(max_length=40)),
                ("before", models.CharField(blank=True, max_length=40)),
                ("after", models.CharField(blank=True, max_length=40)),
                ("sentence", models.TextField(blank=True)),
                ("data", models.JSONField(default=dict)),
                (
                    "seller",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="sellers.seller",
                    ),
                ),
            ],
            options={"ordering": ("id",)},
        ),
        migrations.CreateModel(
            name="Item",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("region", models.CharField(blank=True, max_length=32)),
                ("slug", models.CharField(max_length=64)),
                ("direction", models.CharField(default="up", max_length=4)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("todo", "Todo"),
                            ("working", "Working"),
                            ("waiting", "Waiting"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                            ("skipped", "Skipped"),
                            ("cancelled", "Cancelled"),
                            ("undoing", "Undoing"),
                            ("undone", "Undone"),
                            ("not_needed", "Not Needed"),
                        ],
                        default="todo",
                        max_length=12,
                    ),
                ),
                (
                    "waiting_for",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("aws", "Aws"),
                            ("dns", "Dns"),
                            ("you", "You"),
                            ("marketplace", "Marketplace"),
                            ("buyer", "Buyer"),
                        ],
                        max_length=12,
                    ),
                ),
                ("message", models.TextField(blank=True)),
                ("aws_status", models.CharField(blank=True, max_length=120)),
                ("wait_kind", models.CharField(blank=True, max_length=64)),
                ("failure", models.JSONField(null=True)),
                ("attempt", models.PositiveIntegerField(default=0)),
                ("error_count", models.PositiveIntegerField(default=0)),
                ("inputs_hash", models.CharField(blank=True, max_length=64)),
                ("outputs", models.JSONField(null=True)),
                ("answer", models.JSONField(null=True)),
                ("skip_reason", models.TextField(blank=True)),
                ("next_check_at", models.DateTimeField(null=True)),
                ("nudged_at", models.DateTimeField(null=True)),
                ("lease_owner", models.UUIDField(null=True)),
                ("lease_until", models.DateTimeField(null=True)),
                ("cancel_asked", models.BooleanField(default=False)),
                ("check_asked", models.BooleanField(default=False)),
                ("started_at", models.DateTimeField(null=True)),
                ("waiting_since", models.DateTimeField(null=True)),
                ("looked_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="items", to="sellers.product"
                    ),
                ),
                (
                    "seller",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="sellers.seller"
                    ),
                ),
            ],
            options={"ordering": ("product", "region", "slug")},
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("run_id", models.UUIDField(null=True)),
                ("attempt", models.PositiveIntegerField(default=0)),
                ("check_name", models.CharField(max_length=320)),
                ("outcome", models.CharField(max_length=10)),
                ("sentence", models.TextField()),
                ("facts", models.JSONField(default=dict)),
                ("sha256", models.CharField(max_length=64)),
                ("account", models.CharField(blank=True, max_length=12)),
                ("actor", models.CharField(default="engine", max_length=254)),
                ("build", models.CharField(blank=True, max_length=40)),
                ("at", models.DateTimeField(db_index=True)),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="evidence", to="onboarding.item"
                    ),
                ),
            ],
            options={"verbose_name_plural": "evidence", "ordering": ("-id",)},
        ),
        migrations.CreateModel(
            name="AwsCall",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("run_id", models.UUIDField(db_index=True, null=True)),
                ("attempt", models.PositiveIntegerField()),
                ("service", models.CharField(max_length=40)),
                ("operation", models.CharField(max_length=80)),
                ("account", models.CharField(blank=True, max_length=12)),
                ("region", models.CharField(max_length=32)),
                ("params", models.JSONField(default=dict)),
                ("mutating", models.BooleanField()),
                ("status", models.PositiveSmallIntegerField(null=True)),
                ("code", models.CharField(blank=True, max_length=120)),
                ("message", models.TextField(blank=True)),
                ("request_id", models.CharField(blank=True, max_length=120)),
                ("ms", models.PositiveIntegerField(null=True)),
                ("at", models.DateTimeField()),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="calls", to="onboarding.item"
                    ),
                ),
            ],
            options={"ordering": ("id",)},
        ),
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
            name="Outbox",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("dedupe_key", models.CharField(max_length=200, unique=True)),
                ("to", models.JSONField(default=list)),
                ("reply_to", models.JSONField(default=list)),
                ("subject", models.CharField(max_length=200)),
                ("body", models.TextField()),
                ("attachments", models.JSONField(default=dict)),
                ("due_at", models.DateTimeField()),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("sent_at", models.DateTimeField(null=True)),
                ("error", models.TextField(blank=True)),
            ],
            options={
                "verbose_name_plural": "outbox",
                "indexes": [
                    models.Index(condition=models.Q(("sent_at__isnull", True)), fields=["due_at"], name="outbox_due")
                ],
            },
        ),
        migrations.CreateModel(
            name="Price",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "service",
                    models.CharField(
                        help_text="A kind of thing, or kind:type, such as instance:t3.micro.", max_length=80
                    ),
                ),
                (
                    "words",
                    models.CharField(help_text="What people call it, such as “Network load balancer”.", max_length=160),
                ),
                (
                    "unit",
                    models.CharField(
                        choices=[("hour", "per hour"), ("month", "per month"), ("use", "usage-based")], max_length=5
                    ),
                ),
                (
                    "region",
                    models.CharField(
                        blank=True, help_text="Empty: every region without a price of its own.", max_length=32
                    ),
                ),
                (
                    "usd",
                    models.DecimalField(
                        decimal_places=5, max_digits=10, validators=[django.core.validators.MinValueValidator(0)]
                    ),
                ),
                ("source", models.URLField(max_length=300)),
                ("as_of", models.DateField()),
            ],
            options={
                "ordering": ("service", "unit", "region"),
                "constraints": [
                    models.UniqueConstraint(fields=("service", "unit", "region"), name="price_once"),
                    models.CheckConstraint(condition=models.Q(("usd__gte", 0)), name="price_not_negative"),
                    models.CheckConstraint(
                        condition=models.Q(("unit__in", ["hour", "month", "use"])), name="price_unit"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Run",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField()),
                (
                    "verb",
                    models.CharField(
                        choices=[("provision", "Provision"), ("verify", "Verify"), ("teardown", "Teardown")],
                        max_length=10,
                    ),
                ),
                ("region", models.CharField(blank=True, max_length=32)),
                ("until", models.CharField(blank=True, max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("done", "Done"), ("failed", "Failed"), ("cancelled", "Cancelled")],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("spec", models.JSONField(default=dict)),
                ("fingerprint", models.CharField(blank=True, max_length=64)),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("looked_at", models.DateTimeField(null=True)),
                (
                    "by",
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
                        on_delete=django.db.models.deletion.CASCADE, related_name="runs", to="sellers.product"
                    ),
                ),
                (
                    "seller",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="sellers.seller"
                    ),
                ),
            ],
            options={"ordering": ("-number",)},
        ),
        migrations.CreateModel(
            name="Plan",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("fingerprint", models.CharField(max_length=64)),
                ("inputs", models.JSONField(default=dict)),
                ("rows", models.JSONField(default=list)),
                ("expected", models.JSONField(default=dict)),
                ("checks", models.JSONField(null=True)),
                ("facts", models.JSONField(default=dict)),
                ("why", models.TextField(blank=True)),
                ("made_at", models.DateTimeField()),
                ("approved_at", models.DateTimeField(null=True)),
                (
                    "approved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "made_by",
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
                        on_delete=django.db.models.deletion.CASCADE, related_name="plans", to="sellers.product"
                    ),
                ),
                (
                    "seller",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="sellers.seller"
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="plans",
                        to="onboarding.run",
                    ),
                ),
            ],
            options={"ordering": ("-made_at",)},
        ),
        migrations.AddField(
            model_name="item",
            name="run",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="items", to="onboarding.run"
            ),
        ),
        migrations.CreateModel(
            name="Attempt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("verb", models.CharField(max_length=10)),
                ("outcome", models.CharField(max_length=12)),
                ("sentence", models.TextField(blank=True)),
                ("failure", models.JSONField(null=True)),
                ("inputs_hash", models.CharField(blank=True, max_length=64)),
                ("started_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="attempts_made", to="onboarding.item"
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="attempts", to="onboarding.run"
                    ),
                ),
            ],
            options={"ordering": ("number",)},
        ),
        migrations.CreateModel(
            name="Submission",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("frozen", "Frozen"),
                            ("sent", "Sent"),
                            ("acknowledged", "Acknowledged"),
                            ("returned", "Returned"),
                            ("live", "Live"),
                        ],
                        default="frozen",
                        max_length=12,
                    ),
                ),
                ("facts", models.JSONField(default=dict)),
                ("sha256", models.CharField(max_length=64)),
                ("subject", models.CharField(max_length=200)),
                ("body", models.TextField()),
                ("frozen_at", models.DateTimeField()),
                ("frozen_by", models.CharField(max_length=254)),
                ("sent_at", models.DateTimeField(null=True)),
                ("sent_by", models.CharField(blank=True, max_length=254)),
                ("acknowledged_at", models.DateTimeField(null=True)),
                ("acknowledged_by", models.CharField(blank=True, max_length=254)),
                ("decided_at", models.DateTimeField(null=True)),
                ("decided_by", models.CharField(blank=True, max_length=254)),
                ("reason", models.TextField(blank=True)),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="submissions", to="sellers.product"
                    ),
                ),
                (
                    "seller",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="sellers.seller"
                    ),
                ),
            ],
            options={"ordering": ("-number",)},
        ),
        migrations.CreateModel(
            name="Remark",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("question", "Question"),
                            ("answer", "Answer"),
                            ("return", "Return"),
                            ("note", "Note"),
                        ],
                        max_length=10,
                    ),
                ),
                ("line", models.CharField(blank=True, max_length=8)),
                ("text", models.TextField()),
                ("public", models.BooleanField(default=True)),
                ("at", models.DateTimeField()),
                ("answered", models.BooleanField(default=False)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="answers",
                        to="onboarding.remark",
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="remarks", to="onboarding.submission"
                    ),
                ),
            ],
            options={"ordering": ("at", "id")},
        ),
        migrations.CreateModel(
            name="Throttle",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("account", models.CharField(max_length=12)),
                ("region", models.CharField(max_length=32)),
                ("service", models.CharField(max_length=40)),
                ("used_until", models.DateTimeField(null=True)),
                ("not_before", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("account", "region", "service"), name="throttle_once")]
            },
        ),
        migrations.CreateModel(
            name="WaitStat",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=64)),
                ("endpoint", models.CharField(max_length=120)),
                ("seen", models.PositiveIntegerField(default=0)),
                ("mean", models.FloatField(default=0)),
                ("spread", models.FloatField(default=0)),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("kind", "endpoint"), name="waitstat_once")]},
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
        migrations.CreateModel(
            name="Resource",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("account", models.CharField(max_length=12)),
                ("region", models.CharField(max_length=32)),
                ("role", models.CharField(default="service", max_length=20)),
                ("kind", models.CharField(max_length=40)),
                ("logical_key", models.CharField(max_length=120)),
                ("aws_id", models.CharField(blank=True, max_length=512)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("intended", "Intended"),
                            ("exists", "Exists"),
                            ("adopted", "Adopted"),
                            ("deleting", "Deleting"),
                            ("gone", "Gone"),
                        ],
                        default="intended",
                        max_length=10,
                    ),
                ),
                ("managed", models.BooleanField(default=True)),
                ("params", models.JSONField(default=dict)),
                ("values", models.JSONField(default=dict)),
                ("warnings", models.JSONField(default=list)),
                ("aws_status", models.CharField(blank=True, max_length=120)),
                ("generation", models.PositiveIntegerField(default=1)),
                ("batch", models.PositiveIntegerField(default=0)),
                ("create_attempts", models.PositiveIntegerField(default=0)),
                ("lookup_attempts", models.PositiveIntegerField(default=0)),
                ("pending", models.BooleanField(default=False)),
                ("seen_run", models.UUIDField(null=True)),
                ("made_at", models.DateTimeField(null=True)),
                ("deleting_since", models.DateTimeField(null=True)),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="resources", to="onboarding.item"
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="resources", to="sellers.product"
                    ),
                ),
                (
                    "seller",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="sellers.seller"
                    ),
                ),
            ],
            options={
                "ordering": ("batch", "kind", "logical_key"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("item", "account", "region", "kind", "logical_key"), name="resource_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["intended", "exists", "adopted", "deleting", "gone"])),
                        name="resource_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ("intended", "gone")),
                            models.Q(("aws_id", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="resource_that_exists_has_an_id",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="run", constraint=models.UniqueConstraint(fields=("product", "number"), name="run_number_once")
        ),
        migrations.AddConstraint(
            model_name="run",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open"), ("verb__in", ("provision", "teardown"))),
                fields=("product",),
                name="run_one_open_writing",
            ),
        ),
        migrations.AddConstraint(
            model_name="run",
            constraint=models.CheckConstraint(
                condition=models.Q(("verb__in", ["provision", "verify", "teardown"])), name="run_verb"
            ),
        ),
        migrations.AddConstraint(
            model_name="run",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "done", "failed", "cancelled"])), name="run_state"
            ),
        ),
        migrations.AddIndex(model_name="plan", index=models.Index(fields=["product", "-made_at"], name="plan_newest")),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.CheckConstraint(
                condition=models.Q(("run__isnull", True), ("approved_at__isnull", False), _connector="OR"),
                name="plan_run_is_approved",
            ),
        ),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(
                condition=models.Q(("next_check_at__isnull", False)), fields=["next_check_at"], name="item_due"
            ),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.UniqueConstraint(fields=("product", "region", "slug"), name="item_once"),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "todo",
                            "working",
                            "waiting",
                            "done",
                            "failed",
                            "skipped",
                            "cancelled",
                            "undoing",
                            "undone",
                            "not_needed",
                        ],
                    )
                ),
                name="item_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.CheckConstraint(
                condition=models.Q(("waiting_for__in", ["aws", "dns", "you", "marketplace", "buyer", ""])),
                name="item_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.CheckConstraint(condition=models.Q(("direction__in", ["up", "down"])), name="item_goal"),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "waiting"), _negated=True),
                    models.Q(("waiting_for", ""), _negated=True),
                    _connector="OR",
                ),
                name="item_waits_for_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("lease_owner__isnull", True), ("lease_until__isnull", True)),
                    models.Q(("lease_owner__isnull", False), ("lease_until__isnull", False)),
                    _connector="OR",
                ),
                name="item_lease_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="attempt", constraint=models.UniqueConstraint(fields=("item", "number"), name="attempt_once")
        ),
        migrations.AddIndex(
            model_name="submission",
            index=models.Index(
                condition=models.Q(("state__in", ("sent", "acknowledged", "returned"))),
                fields=["sent_at"],
                name="submission_queue",
            ),
        ),
        migrations.AddConstraint(
            model_name="submission",
            constraint=models.UniqueConstraint(fields=("product", "number"), name="submission_version_once"),
        ),
        migrations.AddConstraint(
            model_name="submission",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["frozen", "sent", "acknowledged", "returned", "live"])),
                name="submission_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="submission",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "frozen"), ("sent_at__isnull", False), _connector="OR"),
                name="submission_sent_has_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="submission",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ("returned", "live")), _negated=True),
                    ("decided_at__isnull", False),
                    _connector="OR",
                ),
                name="submission_decided_has_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="submission",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "returned"), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="submission_returned_has_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="remark",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["question", "answer", "return", "note"])), name="remark_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="remark",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="remark_says_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="remark",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "answer"), ("question__isnull", False)),
                    models.Q(models.Q(("kind", "answer"), _negated=True), ("question__isnull", True)),
                    _connector="OR",
                ),
                name="remark_answer_has_its_question",
            ),
        ),
        migrations.AddConstraint(
            model_name="remark",
            constraint=models.CheckConstraint(
                condition=models.Q(("public", True), ("kind", "note"), _connector="OR"),
                name="remark_only_notes_are_private",
            ),
        ),
        migrations.RunPython(_events.forwards, _events.backwards),
        migrations.RunPython(_prices.seed, migrations.RunPython.noop),
    ]
