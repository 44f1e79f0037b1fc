"""Fills a new database with tables and the demo's people: `DATABASE_URL=... python -m demo.prepare`.

The people come in as everybody does: invited, then registered with a password of their own.
"""

from __future__ import annotations

import django
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core.management import call_command

from demo.people import OTHER_SELLER, PASSWORD, PEOPLE, SELLER


def tables() -> None:
    """Runs all migrations and makes the table of the cache."""
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)


def people() -> None:
    """Makes both sellers and invites and registers everybody."""
    from sellers.models import Seller
    from sellers.people import invite, register

    # The password is public, and the first sign-in hashes it again at full strength.
    PBKDF2PasswordHasher.iterations = 1000

    sellers = {name: Seller.objects.create(name=name, slug=slug) for slug, name in (SELLER, OTHER_SELLER)}
    for person in PEOPLE:
        invitation, _ = invite(person.email, person.role, sellers.get(person.seller), None)
        register(invitation, person.name, PASSWORD)


def settle() -> None:
    """Puts everything into the one file that can be copied; the product switches the log back on."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode=DELETE")


if __name__ == "__main__":
    django.setup()
    tables()
    people()
    settle()
