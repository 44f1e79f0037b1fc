"""`manage.py invite`: the first people of a seller, or staff, without a browser."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from sellers import formats, people
from sellers.models import Seller
from sellers.models.choices import PlatformRole, Role


class Command(BaseCommand):
    """Invite an address to a seller, or with --staff to a role on the platform; prints the link."""

    help = "Invite a person by email. The link is emailed and printed. It works once, for 7 days."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """EMAIL, and where to."""
        parser.add_argument("email")
        where = parser.add_mutually_exclusive_group(required=True)
        where.add_argument("--seller", help="the seller's short name (slug)")
        where.add_argument("--staff", choices=[PlatformRole.ADMIN, PlatformRole.REVIEWER])
        parser.add_argument(
            "--create-seller", metavar="NAME", help="create the seller with this name if it doesn't exist"
        )
        parser.add_argument("--role", choices=Role.values, default=Role.LEAD)

    def handle(self, *args: Any, **options: Any) -> None:
        """Invite, mail, print."""
        try:
            validate_email(options["email"])
            seller = self._seller(options["seller"], options["create_seller"]) if options["seller"] else None
            role = options["role"] if seller else options["staff"]
            invitation, link = people.invite(options["email"], role, seller, None)
        except ValidationError as error:
            raise CommandError(
                f"{formats.quoted(options['email'])} isn't an email address. Enter one such as mara@example.com."
            ) from error
        except (people.PeopleError, formats.FormatError) as error:
            raise CommandError(str(error)) from error
        sent = people.send(invitation, link)
        self.stdout.write(link)
        if not sent:
            self.stderr.write("The email server refused the message. Send the link yourself.")

    def _seller(self, slug: str, name: str | None) -> Seller:
        seller = Seller.objects.filter(slug=slug).first()
        if seller is None and name is None:
            raise CommandError(f"There's no seller {formats.quoted(slug)}. Correct it, or add --create-seller NAME.")
        if seller is None:
            seller = Seller.objects.create(slug=formats.slug(slug), name=formats.line(name or ""))
        return seller
