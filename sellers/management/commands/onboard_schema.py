"""`manage.py onboard_schema`: the JSON schema of a spec, for editors; docs/onboard.schema.json is its output."""

import json
from typing import Any

from django.core.management.base import BaseCommand

from sellers.spec import json_schema


class Command(BaseCommand):
    """Print the schema."""

    help = "Print the JSON schema of the file that `manage.py onboard` reads."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Print it."""
        self.stdout.write(json.dumps(json_schema(), indent=2))
