"""A product whose DNS records a person sets, by the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from onboarding.models import Evidence, Item
from tests import engine_driver, products
from tests.commands.call import spec_file
from tests.commands.story import answered, connected, hidden, mutations, of_aws, onboarded, spec, until
from tests.sandbox_process import SandboxProcess

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]


def test_records_that_a_person_sets_are_shown_and_it_goes_on_by_itself(workers: SandboxProcess, tmp_path: Path) -> None:
    data = spec(dns="none")
    connected(workers, data)
    hosted = products.zone(workers)
    file = spec_file(tmp_path, data)

    code, told, err = onboarded(file)

    assert code == 3, engine_driver.picture()
    assert {one["slug"]: one["whom"] for one in told["waiting_for"]} == {
        "validation": "you",
        "private_dns": "you",
        "name_servers": "marketplace",
    }
    shown = _shown()
    assert {kind for kind, _ in shown} == {"CNAME", "TXT"}
    assert all(name in err and value in err for (_, name), (value, *_) in shown.items() if name.startswith("_"))
    _put(workers, hosted, shown)
    until(lambda: not _awaits("validation", "private_dns"))

    servers = workers.post("marketplace_zone", {"name": products.FRIENDLY, "cnames": hidden(of_aws(workers))})[
        "servers"
    ]
    answered("name_servers", *(f"servers={server}" for server in servers))
    code, told, err = onboarded(file)
    assert (code, [one["slug"] for one in told["waiting_for"]]) == (3, ["delegation"]), engine_driver.picture()
    ns = {key: values for key, values in _shown().items() if key[0] == "NS"}
    assert ns == {("NS", products.FRIENDLY): sorted(servers)}
    asked = err[err.index("Waits for you: delegation.") :]
    assert all(word in asked for word in ("NS", products.FRIENDLY, *servers)), asked
    _put(workers, hosted, ns)
    until(lambda: Item.objects.get(slug="delegation").state == "done")
    written = [call for call in mutations(workers) if call.endswith("ChangeResourceRecordSets")]
    assert len(written) == 2, "a person's two changes, none of ours"


def _awaits(*slugs: str) -> bool:
    return Item.objects.filter(slug__in=slugs).exclude(state="done").exists()


def _shown() -> dict[tuple[str, str], list[str]]:
    """The records that are shown to a person, by type and name, from the evidence that the DNS page shows."""
    rows = Evidence.objects.filter(check_name__startswith="record.", item__state="waiting").order_by("id")
    return {(row.facts["type"], row.facts["name"]): list(row.facts["values"]) for row in rows}


def _put(sandbox: SandboxProcess, zone: str, records: dict[tuple[str, str], list[str]]) -> None:
    """What a person does in their own Route 53 zone."""
    sets = [
        {
            "Name": name,
            "Type": kind,
            "TTL": 300,
            "ResourceRecords": [{"Value": f'"{value}"' if kind == "TXT" else value} for value in values],
        }
        for (kind, name), values in records.items()
    ]
    batch = {"Changes": [{"Action": "UPSERT", "ResourceRecordSet": one} for one in sets]}
    sandbox.client("route53", products.SELLER).change_resource_record_sets(HostedZoneId=zone, ChangeBatch=batch)
