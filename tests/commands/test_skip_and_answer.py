"""A skip and an answer, and what the person reads after them."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django import Settings

from onboarding.models import Item
from tests import products
from tests.commands.call import run, spec_file
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db(transaction=True)
REGION = "us-east-1"


def test_what_reads_a_skipped_step_names_it_and_the_cure(sandbox: SandboxProcess, tmp_path: Path) -> None:
    data = products.spec({REGION: {"load_balancer": {"mode": "manual"}}})
    product = products.product(sandbox, data)
    file = spec_file(tmp_path, data)
    assert run("onboard", file, "--embedded-worker")[0] == 3
    assert run("answer", product.slug, "load_balancer", "skip=A partner runs it.")[0] == 0

    code, _, _ = run("onboard", file, "--embedded-worker")

    assert code == 1
    for slug in ("listener", "endpoint_service"):
        why = Item.objects.get(product=product, slug=slug).why
        assert why is not None
        assert why.kind == "yours to fix"
        assert "Load balancer" in why.sentence
        assert why.cure == "Retry that step instead of skipping it, or skip this one too."


def test_an_answer_with_an_embedded_worker_goes_on_at_once(sandbox: SandboxProcess, tmp_path: Path) -> None:
    data = products.spec({REGION: {"load_balancer": {"mode": "manual"}}})
    product = products.product(sandbox, data)
    run("onboard", spec_file(tmp_path, data), "--embedded-worker")

    code, out, _ = run("answer", product.slug, "load_balancer", "skip=A partner runs it.", "--embedded-worker")

    assert code == 1, "what reads the skipped step has failed by now"
    assert "Failed: listener in us-east-1. " in out
    assert Item.objects.get(product=product, slug="listener").state == "failed"


def test_without_a_broker_an_answer_says_so_in_a_sentence(
    sandbox: SandboxProcess, tmp_path: Path, settings: Settings, capfd: pytest.CaptureFixture[str]
) -> None:
    data = products.spec({REGION: {"load_balancer": {"mode": "manual"}}})
    product = products.product(sandbox, data)
    run("onboard", spec_file(tmp_path, data), "--embedded-worker")
    capfd.readouterr()

    code, out, _ = run("answer", product.slug, "load_balancer", "skip=A partner runs it.")

    assert code == 0
    assert "The broker does not answer" in out
    printed = capfd.readouterr()
    assert "nudge.lost" not in printed.out + printed.err


def test_a_failure_over_the_account_is_told_without_a_region(sandbox: SandboxProcess, tmp_path: Path) -> None:
    data = products.spec({REGION: {}, "af-south-1": {}})
    products.product(sandbox, data)

    code, out, _ = run("onboard", spec_file(tmp_path, data), "--embedded-worker")

    assert code == 1
    assert "Failed: access. Region af-south-1 is not enabled" in out


def test_the_line_of_access_says_that_roles_regions_and_permissions_are_there(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    data = products.spec({REGION: {}, "eu-west-1": {}})
    product = products.product(sandbox, data)

    assert run("onboard", spec_file(tmp_path, data), "--embedded-worker", "--until", "access")[0] == 0

    said = Item.objects.get(product=product, slug="access").message
    assert "us-east-1, eu-west-1" in said
    assert "permission" in said
    assert "quota" not in said
    assert "are used" not in said
