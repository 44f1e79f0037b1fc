"""The first list prices; administrators keep them up to date."""

import datetime

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
    price = apps.get_model("onboarding", "Price")
    price.objects.bulk_create(
        price(service=service, words=words, unit=unit, region=region, usd=usd, source=source, as_of=AS_OF)
        for service, words, unit, region, usd, source in PRICES
    )
