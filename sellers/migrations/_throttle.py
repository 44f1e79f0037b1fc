"""The table that counts sign-in attempts: Django's database cache, made with the other tables."""

from django.apps.registry import Apps
from django.core.management import call_command
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def create(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make the table unless it is there."""
    call_command("createcachetable", "throttle", database=schema_editor.connection.alias, verbosity=0)
