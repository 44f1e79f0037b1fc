"""The whole checklist by the command line, from nothing to live and away again, with workers at work elsewhere.

Seller Operations read their mail, which came over SMTP, and answer by `answer`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from onboarding.models import Evidence
from tests import emails, engine_driver, products
from tests.commands.call import run, spec_file
from tests.commands.story import (
    REGIONS,
    SLUG,
    accounts,
    answered,
    connected,
    hidden,
    mutations,
    of_aws,
    onboarded,
    spec,
)
from tests.sandbox_process import SandboxProcess

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]
PROCESS = "process=Every new buyer gets a mail, and support allows the account within a day."


def test_a_product_goes_from_nothing_to_live_and_away_again(workers: SandboxProcess, tmp_path: Path) -> None:
    data = spec()
    connected(workers, data)
    products.zone(workers)
    before, file = accounts(workers), spec_file(tmp_path, data)

    code, told, err = onboarded(file)
    assert (code, [one["whom"] for one in told["waiting_for"]]) == (3, ["marketplace"]), engine_driver.picture()
    assert "Waits for marketplace: name_servers. Waiting on AWS Marketplace for the name servers" in err
    _asked_for_name_servers(workers)
    servers = workers.post("marketplace_zone", {"name": products.FRIENDLY, "cnames": hidden(of_aws(workers))})[
        "servers"
    ]
    answered("name_servers", *(f"servers={server}" for server in servers))

    code, told, err = onboarded(file)
    assert (code, [one["slug"] for one in told["waiting_for"]]) == (3, ["submission"]), engine_driver.picture()
    assert "Waits for you: submission. 1 of " in err
    assert "S46" in err
    answered("submission", PROCESS, "order=send")

    code, told, err = onboarded(file)
    assert (code, [one["slug"] for one in told["waiting_for"]]) == (3, ["go_live"]), engine_driver.picture()
    assert "Waits for marketplace: go_live." in err
    _told_the_facts(workers, servers)
    ids = [one["service"].rpartition(".")[2] for one in of_aws(workers).values()]
    workers.post("marketplace_live", {"name": products.FRIENDLY, "services": ids})
    answered("go_live", "confirmed=yes")

    code, told, err = onboarded(file)
    assert (code, told["waiting_for"], told["run"]["state"]) == (0, [], "done"), err + engine_driver.picture()
    assert {item["state"] for item in told["items"]} <= {"done", "not_needed"}
    _is_live()

    changed = mutations(workers)
    assert onboarded(file)[0] == 0
    assert mutations(workers) == changed
    assert len(emails.letters(workers)) == 2

    assert run("teardown", SLUG, "--wait")[0] == 0
    assert accounts(workers) == before


def _asked_for_name_servers(sandbox: SandboxProcess) -> None:
    """The first mail: the name, its services and accounts, and ACM's record to keep (Q4)."""
    asked = emails.awaited(sandbox, 1)
    found = of_aws(sandbox)
    assert asked["Subject"] == f"Name servers for {products.FRIENDLY}: Example Analytics"
    assert emails.services(asked) == {region: (one["service"], products.SELLER) for region, one in found.items()}
    assert emails.kept(asked) == hidden(found)
    assert hidden(found)


def _told_the_facts(sandbox: SandboxProcess, servers: list[str]) -> None:
    """The second mail: S27, S28 and S29 as AWS says them, in words and in the JSON beside them."""
    sent = emails.awaited(sandbox, 2)
    found, words, facts = of_aws(sandbox), emails.text(sent), emails.attached(sent)["facts"]
    assert emails.services(sent) == {region: (one["service"], products.SELLER) for region, one in found.items()}
    assert emails.kept(sent) == hidden(found)
    assert f"2. User-friendly DNS name\n   {products.FRIENDLY}\n" in words
    assert f"   account {products.SELLER}\n   private DNS name {products.PRIVATE}\n" in words
    assert (facts["friendly_name"], facts["private_name"]) == (products.FRIENDLY, products.PRIVATE)
    assert facts["servers"] == sorted(servers)
    for region in facts["regions"]:
        one = found[region["region"]]
        assert (region["service_name"], region["account"]) == (one["service"], products.SELLER)
        assert region["certificate"] == {"arn": one["certificate"], "account": products.SELLER, "names": one["names"]}
        assert one["certificate"] in words
    assert PROCESS.partition("=")[2].split(",")[0] in words


def _is_live() -> None:
    """The buyer connection test passed again under the friendly name, in every region, and left nothing."""
    rows = dict(Evidence.objects.filter(item__slug="go_live").order_by("id").values_list("check_name", "outcome"))
    assert {rows[f"{check}.{region}"] for region in REGIONS for check in ("names", "verdict", "clean_up")} == {"pass"}
    assert rows["confirmed"] == "attested"
