"""A whole product on its way to live, for tests of the engine: what people answer, and where it stands."""

from __future__ import annotations

from typing import Any

from onboarding.engine import commands
from onboarding.models import Evidence, Item, Resource, Run
from sellers.models import Product
from sellers.spec import load_data
from sellers.spec_writer import save_spec
from tests import engine_driver, products
from tests.engine.actions import HOME
from tests.sandbox_process import SandboxProcess

PROCESS = "Every new buyer gets a mail, and support allows the account within a day."


def data(*regions: str, **product: Any) -> dict[str, Any]:
    """The spec of a whole product whose targets run the seller's own software."""
    return products.whole({region: products.OWN_TARGETS for region in regions or (HOME,)}, **product)


def item(slug: str, region: str = "") -> Item:
    """An item as it is now."""
    return Item.objects.get(slug=slug, region=region)


def told(slug: str, region: str = "", **values: Any) -> Item:
    """Somebody answers an item, and everything comes to rest."""
    commands.answer(item(slug, region), None, values)
    engine_driver.rest()
    return item(slug, region)


def asked_servers(sandbox: SandboxProcess) -> list[str]:
    """Marketplace makes the zone, with ACM's records in it, and names its servers."""
    rows = Evidence.objects.filter(item__slug="certificate_request", check_name="request")
    records = {one["name"]: one["values"][0] for row in rows for one in row.facts["records"]}
    kept = {name: value for name, value in records.items() if name.endswith(f".{products.FRIENDLY}")}
    made = sandbox.post("marketplace_zone", {"name": products.FRIENDLY, "cnames": kept})
    return [str(server) for server in made["servers"]]


def up(product: Product) -> Run:
    """Provision to rest; the run as it stands then."""
    run = commands.provision(product, None).run
    engine_driver.rest()
    return Run.objects.get(pk=run.pk)


def ready(sandbox: SandboxProcess, spec: dict[str, Any]) -> Product:
    """A product whose package can be frozen or sent."""
    product = products.whole_product(sandbox, spec)
    up(product)
    told("name_servers", servers=asked_servers(sandbox))
    assert told("submission", process=PROCESS).message == "The package is ready: freeze and send it.", (
        engine_driver.picture()
    )
    return product


def live(sandbox: SandboxProcess, spec: dict[str, Any]) -> Product:
    """A product that is live."""
    product = ready(sandbox, spec)
    told("submission", order="send")
    confirmed(sandbox)
    assert Run.objects.get(product=product).state == "done"
    return product


def confirmed(sandbox: SandboxProcess) -> None:
    """Marketplace puts every service under the friendly name and says so; the product is live."""
    ids = list(Resource.objects.filter(kind="endpoint_service", state="exists").values_list("aws_id", flat=True))
    sandbox.post("marketplace_live", {"name": products.FRIENDLY, "services": ids})
    assert told("go_live", confirmed="yes").state == "done", engine_driver.picture()


def changed(spec: dict[str, Any]) -> Product:
    """The spec is saved again with what somebody changed in it."""
    return save_spec(load_data(spec), None).product
