"""Plans, and the list prices behind their estimate."""

import datetime
import uuid

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

ELB = "https://aws.amazon.com/elasticloadbalancing/pricing/"
EC2 = "https://aws.amazon.com/ec2/pricing/on-demand/"
EBS = "https://aws.amazon.com/ebs/pricing/"
LINK = "https://aws.amazon.com/privatelink/pricing/"
R53 = "https://aws.amazon.com/route53/pricing/"
ACM = "https://aws.amazon.com/certificate-manager/pricing/"
AS_OF = datetime.date(2025, 1, 1)
BALANCER, VOLUME = "Network load balancer", "Root volume of an instance, 8 GiB gp3"
# service, words, unit, region, US dollars, source. "" is the price of us-east-1.
PRICES = (
    ("load_balancer", BALANCER, "hour", "", "0.0225", ELB),
    ("load_balancer", BALANCER, "hour", "eu-west-1", "0.0252", ELB),
    ("load_balancer", BALANCER, "hour", "eu-central-1", "0.0270", ELB),
    ("load_balancer", "Load balancer capacity unit (NLCU) and hour, as buyers use it", "use", "", "0.006", ELB),
    ("instance:t3.nano", "Instance t3.nano", "hour", "", "0.0052", EC2),
    ("instance:t3.micro", "Instance t3.micro", "hour", "", "0.0104", EC2),
    ("instance:t3.micro", "Instance t3.micro", "hour", "eu-west-1", "0.0114", EC2),
    ("instance:t3.micro", "Instance t3.micro", "hour", "eu-central-1", "0.0120", EC2),
    ("instance:t3.small", "Instance t3.small", "hour", "", "0.0208", EC2),
    ("instance:t3.medium", "Instance t3.medium", "hour", "", "0.0416", EC2),
    ("instance:t4g.nano", "Instance t4g.nano", "hour", "", "0.0042", EC2),
    ("instance:t4g.micro", "Instance t4g.micro", "hour", "", "0.0084", EC2),
    ("instance:t4g.small", "Instance t4g.small", "hour", "", "0.0168", EC2),
    ("instance", VOLUME, "month", "", "0.64", EBS),
    ("certificate", "Public certificate of ACM", "month", "", "0", ACM),
    (
        "endpoint",
        "Interface endpoint, a zone and hour; paid by whoever creates it: each buyer, and the buyer test account "
        "for the minutes of a rehearsal",
        "use",
        "",
        "0.01",
        LINK,
    ),
    ("record", "Hosted zone in Route 53, a month, which you have already", "use", "", "0.50", R53),
)


def seed(apps, schema_editor):
    """The first prices; administrators keep them up to date."""
    price = apps.get_model("onboarding", "Price")
    price.objects.bulk_create(
        price(service=service, words=words, unit=unit, region=region, usd=usd, source=source, as_of=AS_OF)
        for service, words, unit, region, usd, source in PRICES
    )


class Migration(migrations.Migration):
    dependencies = [("onboarding", "0004_notice"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
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
                        choices=[("hour", "an hour"), ("month", "a month"), ("use", "by use")], max_length=5
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
                    "run",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="plans",
                        to="onboarding.run",
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
                "ordering": ("-made_at",),
                "indexes": [models.Index(fields=["product", "-made_at"], name="plan_newest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("run__isnull", True), ("approved_at__isnull", False), _connector="OR"),
                        name="plan_run_is_approved",
                    )
                ],
            },
        ),
        migrations.RunPython(seed, migrations.RunPython.noop),
    ]
