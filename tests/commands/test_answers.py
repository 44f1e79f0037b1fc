"""What people answer on the way to live by the command line: a wrong word ends with 2, its sentence, and its cure."""

from __future__ import annotations

import pytest

from onboarding.engine import commands
from onboarding.models import Item
from tests import products
from tests.commands.call import run
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def slug(sandbox: SandboxProcess) -> str:
    """A product of the Marketplace profile whose checklist is laid out."""
    product = products.whole_product(sandbox, products.whole({"us-east-1": products.OWN_TARGETS}))
    commands.provision(product, None)
    return product.slug


@pytest.mark.parametrize(
    ("item", "values", "said"),
    [
        (
            "name_servers",
            ["servers=10.0.0.53"],
            '"10.0.0.53" is an address or ends in a number. Enter a fully qualified domain name',
        ),
        ("name_servers", ["servers=ns 1!"], '"ns" isn\'t a fully qualified domain name.'),
        ("submission", ["order=maybe"], "The order is freeze (save a version) or send (save and send it)."),
        ("submission", ["process=soon"], "This has 4 characters. Describe in 20 or more how buyers are told."),
        ("submission", ["seen=zz"], "Copy it from the package that you looked at."),
        (
            "submission",
            ["freeze"],
            '"freeze" has no field. Enter FIELD=VALUE, with one of these fields: process, order, seen.',
        ),
        ("go_live", ["confirmed=not yet"], "Enter yes, or the line of Seller Operations' email"),
        ("delegation", ["servers=ns-1.awsdns-01.com"], "it takes no answer"),
    ],
)
def test_a_wrong_answer_ends_with_2_and_changes_nothing(slug: str, item: str, values: list[str], said: str) -> None:
    code, _, err = run("answer", slug, item, *values)

    assert (code, said in err) == (2, True), err
    assert not Item.objects.get(slug=item, region="").given()
