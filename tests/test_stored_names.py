"""Names that rows hold: who renames a step or thing loses its rows, so a name changes only with a data migration."""

from __future__ import annotations

from uuid import UUID

from onboarding.models import EventKind, Outbox
from onboarding.steps import checklist
from onboarding.things import kinds

SLUGS = """
access buyers certificate certificate_request delegation endpoint_service go_live listener listener_certificate
load_balancer name_servers network private_dns reach rehearsal submission targets validation
"""
KINDS = """
alb buyer_network certificate connection discovery endpoint endpoint_group endpoint_rule endpoint_service image instance
instance_offer listener listener_before load_balancer load_balancer_attribute load_balancer_attribute_before principal
principal_before private_dns_name private_dns_name_before private_dns_verification privatelink_rules
privatelink_rules_before record record_before refusal security_group security_rule service_setting
service_setting_before subnet target target_before target_group trial_principal trial_principal_before vpc
vpc_attribute vpc_attribute_before zone zones
"""
EVENTS = {
    "adopted",
    "answer",
    "cancel",
    "connection",
    "drift",
    "found",
    "gone",
    "hand back",
    "intent",
    "item",
    "let go",
    "look",
    "looked",
    "made",
    "never made",
    "not made",
    "question",
    "removed",
    "removing",
    "retry",
    "run",
    "skip",
    "stranger found",
    "submission",
    "twin",
    "verify for review",
}


def test_every_slug_is_the_stored_one() -> None:
    assert {step.slug for step in checklist()} == set(SLUGS.split())


def test_every_kind_is_the_stored_one() -> None:
    assert set(kinds()) == set(KINDS.split())


def test_every_event_is_the_stored_one() -> None:
    assert set(EventKind.values) == EVENTS


def test_every_outbox_key_begins_with_the_stored_one() -> None:
    assert (Outbox.NOTICE, Outbox.REVIEW, Outbox.SUBMISSION) == ("notice.", "review.", "submission.")
    assert Outbox.item_key(UUID(int=1), "sent") == "00000000-0000-0000-0000-000000000001.sent"


def test_a_slug_is_written_in_its_class_and_does_not_follow_the_file_name() -> None:
    assert all("slug" in vars(type(step)) for step in checklist())
