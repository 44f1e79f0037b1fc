"""`manage.py onboard SPEC.yaml`: the main job without a browser (docs/command-line.md)."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from onboarding import worker
from onboarding.connections import hub_principal, prove_and_save
from onboarding.engine import commands
from onboarding.engine.signals import Blocked
from onboarding.management.base import Command as Base
from onboarding.management.base import common
from onboarding.pages.product.policies import role_policies
from onboarding.pages.teardown.remove_region import leave
from sellers.models import Connection, Product
from sellers.spec import SpecErrors, json_schema, load
from sellers.spec_writer import save_spec
from sellers.trust_policy import trust_policy


class Command(Base):
    """Exit 0 done, 1 failed, 2 bad spec, 3 only people are awaited. A second time it makes no mutating call."""

    help = "Onboards the product of a spec file: stores it, starts a run against AWS and prints the progress."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("spec", nargs="?", help="the spec, a YAML file; - reads standard input")
        parser.add_argument("--create-seller", action="store_true", help="create the seller if it doesn't exist")
        parser.add_argument("--until", default="", metavar="ITEM", help="stop after this step, such as listener")
        parser.add_argument("--schema", action="store_true", help="print the spec's JSON schema and end")
        common(parser)

    def handle(self, *_: Any, **options: Any) -> None:
        self.json = options["json"]
        if options["schema"]:
            self.stdout.write(json.dumps(json_schema(), indent=2))
            return
        text = self._text(options["spec"])
        try:
            spec = load(text)
            saved = save_spec(spec, None, create_seller=options["create_seller"])
        except SpecErrors as errors:
            self.end(worker.BAD, str(errors.in_file(text)))
        for region in saved.left_out:
            self._leave(saved.product, region)
        unproven = [c for c in saved.unproven if not prove_and_save(c, None).proven]
        if unproven:
            self._show_roles(saved.product, unproven)
        try:
            started = commands.provision(saved.product, None, until=options["until"])
        except Blocked as blocked:
            self.end(worker.BAD, blocked.sentence)
        self.carry_out(started, wait=options["wait"], embedded=options["embedded_worker"])

    def _text(self, name: str | None) -> str:
        if not name:
            self.end(worker.BAD, "Enter a spec file, such as example.yaml, or - for standard input.")
        try:
            return self._stdin() if name == "-" else Path(name).read_text(encoding="utf-8")
        except FileNotFoundError:
            self.end(worker.BAD, f"Error: {name} not found.")
        except (OSError, UnicodeDecodeError):
            self.end(worker.BAD, f"Error: we couldn't read {name}. Enter the path of a YAML file in UTF-8.")

    def _stdin(self) -> str:
        import sys

        return sys.stdin.read()

    def _leave(self, product: Product, region: str) -> None:
        name = f"{product.seller.slug}/{product.slug}"
        if left := leave(product, region, None):
            fix = f"Delete it with manage.py teardown {name} --region {region}, then run this command again."
            self.say(f"{region} is no longer in the spec and {left}. {fix}")
        else:
            self.say(f"{region} is no longer in the spec. We removed it from the product.")

    def _show_roles(self, product: Product, unproven: list[Connection]) -> None:
        """What to put on each role: who may assume it, and what it may do."""
        policies = role_policies(product)
        for connection in unproven:
            self.say(f"{connection.role_arn} isn't verified. {connection.detail}")
            self.say("Use this trust policy:")
            self.say(trust_policy(hub_principal(), connection.external_id))
            for one in policies:
                if one.connection == connection:
                    self.say(f"Use this permissions policy ({one.title.lower()}):")
                    self.say(one.document)
        self.end(worker.PEOPLE_AWAITED, "Add both policies to the role, then run this command again.")
