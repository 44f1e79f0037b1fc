"""`manage.py connection create | test | list | policy`: a role, its external ID, and what it may do."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from onboarding import worker
from onboarding.connections import hub_principal, prove_and_save
from onboarding.management.base import Command as Base
from onboarding.pages.product.policies import ROLES, role_policies
from sellers import formats
from sellers.models import Connection, Product, Seller
from sellers.trust_policy import trust_policy


class Command(Base):
    """Exit 0 created or proven, 1 refused, 2 bad input."""

    help = (
        "Creates, proves or lists a seller's AWS connections (one role ARN and one external ID each), and prints the "
        "permissions policy that a product's role needs."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        kinds = parser.add_subparsers(dest="verb", required=True)
        create = kinds.add_parser("create", help="issue an external ID for a role and print the trust policy")
        create.add_argument("--seller", required=True, help="the seller's slug")
        create.add_argument("--create-seller", action="store_true")
        create.add_argument("--role-arn", required=True)
        create.add_argument("--label", default="")
        create.add_argument("--json", action="store_true")
        test = kinds.add_parser("test", help="prove that only we can assume it")
        test.add_argument("--role-arn", required=True)
        policy = kinds.add_parser("policy", help="print what a product's role must be allowed to do")
        policy.add_argument("product", help="slug, seller/slug, name or id")
        policy.add_argument("--role", choices=tuple(ROLES), default="service")
        policy.add_argument("--read-only", action="store_true", help="only what a verification needs")
        for one in (test, kinds.add_parser("list", help="list a seller's connections")):
            one.add_argument("--seller", required=True)
            one.add_argument("--json", action="store_true")

    def handle(self, *_: Any, **options: Any) -> None:
        if options["verb"] == "policy":
            self._policy(self.product(options["product"]), options["role"], options["read_only"])
            return
        self.json = options["json"]
        seller = self._seller(options["seller"], make=options.get("create_seller", False))
        if options["verb"] == "list":
            rows = Connection.objects.filter(seller=seller).order_by("role_arn")
            self._show([self._told(row) for row in rows])
            return
        try:
            arn = formats.role_arn(options["role_arn"])
        except formats.FormatError as error:
            self.end(worker.BAD, f"--role-arn: {error.quoting}")
        if options["verb"] == "create":
            words = {"label": options["label"]}
            row, _made = Connection.objects.get_or_create(seller=seller, role_arn=arn, defaults=words)
            self._show([self._told(row)], trust_policy(hub_principal(), row.external_id))
            return
        self._test(seller, arn)

    def _policy(self, product: Product, role: str, read_only: bool) -> None:
        found = [one for one in role_policies(product) if one.role == role]
        if not found:
            self.end(worker.BAD, f"{product} has no {role} connection. Add it to the product first.")
        self.stdout.write(found[0].read_only if read_only else found[0].document)

    def _test(self, seller: Seller, arn: str) -> None:
        found = Connection.objects.filter(seller=seller, role_arn=arn).first()
        if found is None:
            self.end(
                worker.BAD, f"{seller.slug} has no connection with {arn}. Create it with manage.py connection create."
            )
        verdict = prove_and_save(found, None)
        self._show([self._told(found)])
        self.end(worker.DONE if verdict.proven else worker.FAILED, "" if verdict.proven else verdict.sentence)

    def _seller(self, slug: str, *, make: bool) -> Seller:
        found = Seller.objects.filter(slug=slug).first()
        if found is None and make:
            found = Seller.objects.create(slug=slug, name=slug.replace("-", " ").title())
        if found is None:
            self.end(worker.BAD, f"There's no seller {formats.quoted(slug)}. Add --create-seller to create it.")
        return found

    def _told(self, row: Connection) -> dict[str, Any]:
        return {
            "role_arn": row.role_arn,
            "account_id": row.account_id,
            "external_id": row.external_id,
            "state": row.state,
            "detail": row.detail,
        }

    def _show(self, rows: list[dict[str, Any]], policy: str = "") -> None:
        if self.json:
            more = {"trust_policy": json.loads(policy), "hub_principal": hub_principal()} if policy else {}
            told: Any = {**rows[0], **more} if len(rows) == 1 else rows
            self.stdout.write(json.dumps(told, indent=2))
            return
        for row in rows:
            self.stdout.write("\n".join(f"{name}: {value}" for name, value in row.items()))
        if policy:
            self.stdout.write(f"trust policy:\n{policy}")
