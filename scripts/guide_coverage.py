"""Where the product serves each line of the seller guide (S1-S49, Q1-Q9), and the tests that prove it.

`docs/checklist.md` is made of this by scripts/checklist.py; tests/scripts/test_checklist.py keeps it true. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What serves a line. Step: an item of the checklist. Page: a URL name. Words: a help text that cites the line.
    Rule: a function or class, by its dotted path.
    """

    STEP = "step"
    PAGE = "page"
    WORDS = "words"
    RULE = "rule"


@dataclass(frozen=True)
class Place:
    """One place that serves a line; `name` is a slug, a URL name, a template, or a dotted path."""

    kind: Kind
    name: str


@dataclass(frozen=True)
class Served:
    """Where a line is served, and the tests (file::function, below tests/) that prove it."""

    places: tuple[Place, ...]
    tests: tuple[str, ...]


def step(slug: str) -> Place:
    """An item of the checklist."""
    return Place(Kind.STEP, slug)


def page(name: str) -> Place:
    """A page, by its URL name in onboarding."""
    return Place(Kind.PAGE, name)


def words(slug: str) -> Place:
    """The long words of a step."""
    return Place(Kind.WORDS, f"templates/onboarding/steps/{slug}.html")


def rule(path: str) -> Place:
    """A function or class."""
    return Place(Kind.RULE, path)


def _line(*places: Place, tests: tuple[str, ...]) -> Served:
    return Served(places, tests)


_TOLD = "scripts/test_checklist.py::test_a_help_text_cites_the_line_that_it_serves"
_REHEARSED = "engine/test_rehearsal.py::test_a_rehearsal_passes_and_leaves_nothing"
_JUDGED = "steps/test_submission.py::test_a_package_is_judged_line_by_line_and_needs_the_process"
_MAIL = "submission/test_letter.py::test_it_says_what_the_guide_asks_for"
_LIVE = "engine/test_go_live.py::test_it_waits_for_seller_operations_and_then_rehearses_everywhere"
_CERTIFIED = "steps/test_certificates.py::test_it_is_requested_proven_issued_and_taken_away_again"
_BUILT = "contract/test_steps.py::test_the_checklist_builds_a_product_and_takes_it_down_again"
_ADOPTED = "contract/test_steps.py::test_adopted_resources_are_used_and_left_as_they_were"

SERVED: Mapping[str, Served] = {
    "S1": _line(words("submission"), tests=(_TOLD, _REHEARSED)),
    "S2": _line(words("submission"), rule("onboarding.things.discovery.Discovery"), tests=(_TOLD, _REHEARSED)),
    "S3": _line(words("submission"), tests=(_TOLD,)),
    "S4": _line(
        step("access"),
        tests=(
            "steps/test_access.py::test_a_region_that_is_not_enabled_is_named",
            "steps/test_submission.py::test_two_regions_are_read_side_by_side_under_their_accounts",
        ),
    ),
    "S5": _line(words("submission"), page("submission"), tests=(_TOLD, _JUDGED)),
    "S6": _line(step("private_dns"), tests=("steps/test_private_dns.py::test_the_name_is_set_proven_and_verified",)),
    "S7": _line(words("submission"), tests=(_TOLD,)),
    "S8": _line(words("submission"), tests=(_TOLD,)),
    "S9": _line(words("submission"), tests=(_TOLD,)),
    "S10": _line(words("submission"), tests=(_TOLD,)),
    "S11": _line(
        words("submission"),
        page("submission"),
        tests=(_TOLD, "pages/submission/test_views.py::test_an_open_question_stands_on_the_page_with_its_form"),
    ),
    "S12": _line(step("go_live"), words("go_live"), tests=(_TOLD, _LIVE)),
    "S13": _line(step("go_live"), words("go_live"), tests=(_TOLD, _LIVE)),
    "S14": _line(
        words("submission"),
        rule("sellers.formats.marketplace_product_id"),
        tests=(_TOLD, "submission/test_judge.py::test_what_the_product_lacks_is_told"),
    ),
    "S15": _line(
        rule("onboarding.checklist.guide.lines"),
        tests=("contract/test_steps.py::test_it_has_words_template_guide_lines_and_asks",),
    ),
    "S16": _line(step("network"), tests=(_BUILT, "steps/test_network.py::test_an_existing_network_is_taken_as_it_is")),
    "S17": _line(
        step("targets"),
        tests=(
            _ADOPTED,
            "steps/test_targets.py::test_a_placeholder_is_started_and_told",
            "steps/test_submission.py::test_a_placeholder_blocks",
        ),
    ),
    "S18": _line(
        step("load_balancer"),
        step("listener"),
        tests=(_BUILT, "steps/test_targets.py::test_a_zone_that_lacks_the_type_is_left_out_with_a_warning"),
    ),
    "S19": _line(step("endpoint_service"), tests=(_BUILT,)),
    "S20": _line(step("reach"), tests=("steps/test_reach.py::test_every_name_of_the_load_balancer_is_tried",)),
    "S21": _line(
        step("certificate_request"),
        step("validation"),
        step("certificate"),
        tests=(_CERTIFIED, "steps/test_validation.py::test_records_that_a_person_sets_are_awaited"),
    ),
    "S22": _line(
        step("name_servers"),
        step("delegation"),
        page("dns"),
        tests=(
            "steps/test_delegation.py::test_the_name_is_delegated_and_all_sides_agree",
            "steps/test_delegation.py::test_by_hand_it_waits_for_the_person_and_goes_on_by_itself",
        ),
    ),
    "S23": _line(step("buyers"), tests=("steps/test_services.py::test_every_buyer_is_on_the_list",)),
    "S24": _line(
        step("buyers"), words("buyers"), tests=(_TOLD, "steps/test_services.py::test_every_buyer_is_on_the_list")
    ),
    "S25": _line(
        step("submission"), page("desk"), tests=("pages/desk/test_talk.py::test_the_whole_conversation_and_decision",)
    ),
    "S26": _line(
        step("submission"),
        tests=("engine/test_submission.py::test_a_package_is_sent_once_and_a_second_run_changes_nothing",),
    ),
    "S27": _line(
        step("submission"),
        tests=(_MAIL, "steps/test_submission.py::test_what_is_gone_at_aws_blocks_whatever_the_form_says"),
    ),
    "S28": _line(step("submission"), tests=(_MAIL,)),
    "S29": _line(
        step("submission"),
        step("certificate"),
        tests=(_MAIL, "submission/test_judge.py::test_a_certificate_of_an_undeclared_account_is_refused"),
    ),
    "S30": _line(
        step("go_live"),
        page("desk"),
        tests=(_LIVE, "pages/desk/test_talk.py::test_the_whole_conversation_and_decision"),
    ),
    "S31": _line(
        step("go_live"),
        tests=(_LIVE, "engine/test_go_live.py::test_names_that_have_not_changed_are_a_warning_while_a_buyer_connects"),
    ),
    "S32": _line(step("rehearsal"), step("go_live"), tests=(_REHEARSED,)),
    "S33": _line(
        step("rehearsal"),
        tests=(
            "engine/test_rehearsal.py::test_a_list_for_everybody_cannot_show_the_refusal",
            "steps/test_services.py::test_everybody_on_the_list_is_warned_of",
        ),
    ),
    "S34": _line(words("submission"), tests=(_TOLD,)),
    "S35": _line(words("submission"), tests=(_TOLD,)),
    "S36": _line(
        step("rehearsal"),
        tests=(_REHEARSED, "things/test_rehearsal_things.py::test_a_subnet_outside_of_the_services_zones_is_named"),
    ),
    "S37": _line(step("rehearsal"), tests=(_REHEARSED, _LIVE)),
    "S38": _line(words("submission"), rule("onboarding.things.endpoint.Endpoint"), tests=(_TOLD, _REHEARSED)),
    "S39": _line(step("network"), page("verification"), tests=(_BUILT, _JUDGED)),
    "S40": _line(
        step("load_balancer"),
        page("verification"),
        tests=(_JUDGED, "steps/test_load_balancer.py::test_one_of_another_network_is_refused"),
    ),
    "S41": _line(
        step("endpoint_service"),
        page("verification"),
        tests=(
            _JUDGED,
            "steps/test_services.py::test_zones_that_differ_from_the_load_balancers_are_said_with_the_command",
        ),
    ),
    "S42": _line(
        step("access"),
        step("submission"),
        tests=(_JUDGED, "submission/test_judge.py::test_a_service_that_does_not_fit_is_told"),
    ),
    "S43": _line(
        step("endpoint_service"),
        step("submission"),
        tests=(_JUDGED, "submission/test_judge.py::test_a_service_that_does_not_fit_is_told"),
    ),
    "S44": _line(
        step("certificate"),
        step("submission"),
        page("verification"),
        tests=(_JUDGED, "submission/test_judge.py::test_a_certificate_that_does_not_serve_is_told"),
    ),
    "S45": _line(
        step("private_dns"),
        step("submission"),
        tests=("steps/test_submission.py::test_a_private_name_may_be_left_out_and_is_said_to_be",),
    ),
    "S46": _line(
        step("buyers"),
        step("submission"),
        tests=(_JUDGED, "submission/test_orders.py::test_a_process_that_says_nothing_is_refused_with_the_rule"),
    ),
    "S47": _line(step("rehearsal"), page("verification"), tests=(_REHEARSED, _JUDGED)),
    "S48": _line(
        step("reach"),
        page("verification"),
        tests=(_JUDGED, "steps/test_reach.py::test_an_unhealthy_target_is_named_with_reason_and_advice"),
    ),
    "S49": _line(
        step("rehearsal"),
        page("verification"),
        tests=(_REHEARSED, "steps/test_rehearsal.py::test_the_sellers_own_account_is_refused"),
    ),
    "Q1": _line(
        rule("onboarding.aws.cli"),
        tests=("scripts/test_checklist.py::test_the_command_that_the_guide_prints_is_nowhere_given_as_ours",),
    ),
    "Q2": _line(rule("sellers.formats.service_id"), tests=("sellers/test_formats.py::test_it_accepts_and_normalises",)),
    "Q3": _line(
        rule("sellers.spec.facts.ProductFacts"),
        tests=(
            "sellers/test_spec_rules.py::test_a_broken_rule_names_field_rule_and_cure",
            "dns/test_coverage.py::test_the_friendly_name_its_endpoints_and_the_private_name_are_wanted",
        ),
    ),
    "Q4": _line(
        step("delegation"),
        step("name_servers"),
        tests=(
            "steps/test_delegation.py::test_without_an_issued_certificate_nothing_is_delegated",
            "steps/test_delegation.py::test_a_renewal_record_that_no_longer_resolves_is_told_with_the_text_to_send",
            "steps/test_name_servers.py::test_seller_operations_is_asked_with_everything_that_it_needs",
        ),
    ),
    "Q5": _line(
        step("listener_certificate"),
        rule("onboarding.steps.reach.Reach"),
        tests=("steps/test_reach.py::test_tls_is_tried_with_the_name_after_tcp",),
    ),
    "Q6": _line(
        step("name_servers"),
        page("desk"),
        tests=(
            "steps/test_name_servers.py::test_it_waits_for_marketplace",
            "engine/test_submission.py::test_name_servers_are_asked_for_once",
        ),
    ),
    "Q7": _line(
        rule("onboarding.steps.reach.Reach"),
        tests=(
            "steps/test_reach.py::test_it_waits_while_health_is_being_checked",
            "steps/test_reach.py::test_every_name_of_the_load_balancer_is_tried",
        ),
    ),
    "Q8": _line(rule("onboarding.things.endpoint.Endpoint"), tests=(_REHEARSED, _LIVE)),
    "Q9": _line(step("private_dns"), tests=("steps/test_private_dns.py::test_the_name_is_set_proven_and_verified",)),
}
