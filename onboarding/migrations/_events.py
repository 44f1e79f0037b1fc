"""Triggers in both databases: an event is never changed and never removed."""

from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

POSTGRES = """
CREATE FUNCTION onboarding_event_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'events are append-only'; END $$;
CREATE TRIGGER onboarding_event_append_only BEFORE UPDATE OR DELETE ON onboarding_event
FOR EACH ROW EXECUTE FUNCTION onboarding_event_append_only();
"""
POSTGRES_BACK = """
DROP TRIGGER onboarding_event_append_only ON onboarding_event;
DROP FUNCTION onboarding_event_append_only();
"""
SQLITE = [
    f"CREATE TRIGGER onboarding_event_no_{verb.lower()} BEFORE {verb} ON onboarding_event "
    "BEGIN SELECT RAISE(ABORT, 'events are append-only'); END"
    for verb in ("UPDATE", "DELETE")
]


def forwards(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in [POSTGRES] if editor.connection.vendor == "postgresql" else SQLITE:
        editor.execute(statement, params=None)


def backwards(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute(POSTGRES_BACK, params=None)
        return
    for verb in ("update", "delete"):
        editor.execute(f"DROP TRIGGER onboarding_event_no_{verb}")
