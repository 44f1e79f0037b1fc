"""The container files say what the product needs. No engine is asked: the files are read as data."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from config.env import EXAMPLE_SECRET_KEY
from sandbox.aws import accounts

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    return loaded


def env_file(name: str) -> dict[str, str]:
    lines = (ROOT / name).read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def test_every_service_that_stays_restarts_by_itself(services: dict[str, Any]) -> None:
    restarts = {name: service["restart"] for name, service in services.items()}
    assert restarts.pop("migrate") == "on-failure"
    assert set(restarts) == {"postgres", "redis", "web", "worker", "beat", "sandbox"}
    assert set(restarts.values()) == {"always"}


@pytest.mark.parametrize("name", ["postgres", "redis", "web", "worker", "beat"])
def test_every_service_has_a_health_check(services: dict[str, Any], name: str) -> None:
    assert services[name]["healthcheck"]["test"]


def test_redis_keeps_messages_and_asks_for_a_password(services: dict[str, Any]) -> None:
    words = services["redis"]["command"]
    pairs = dict(zip(words[1::2], words[2::2], strict=True))
    assert pairs["--appendonly"] == "yes"
    assert pairs["--maxmemory-policy"] == "noeviction"
    assert pairs["--requirepass"].startswith("${REDIS_PASSWORD:?")


def test_only_the_profile_sandbox_starts_the_simulated_world(services: dict[str, Any]) -> None:
    assert services["sandbox"]["profiles"] == ["sandbox"]
    assert [name for name, service in services.items() if "profiles" in service] == ["sandbox"]


def test_nothing_is_published_beyond_this_machine(services: dict[str, Any]) -> None:
    published = [port for service in services.values() for port in service.get("ports", [])]
    assert len(published) == 2
    assert all(port.startswith("127.0.0.1:") for port in published)


def test_the_product_runs_without_privileges(services: dict[str, Any]) -> None:
    for name in ("web", "worker", "beat", "sandbox"):
        assert services[name]["read_only"] is True
        assert services[name]["cap_drop"] == ["ALL"]
    assert "\nUSER app\n" in (ROOT / "Dockerfile").read_text()


def test_the_default_image_holds_no_simulated_world() -> None:
    stages = (ROOT / "Dockerfile").read_text().split("\nFROM ")
    assert stages[-1].startswith("app AS production")
    assert [stage.split()[2] for stage in stages if "COPY sandbox/" in stage] == ["sandbox"]


def test_every_setting_of_the_containers_comes_from_a_name_that_the_product_reads(services: dict[str, Any]) -> None:
    sources = (ROOT / "config" / "settings.py").read_text()
    boto3_reads = {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION"}
    unread = [name for name in services["web"]["environment"] if f'"{name}"' not in sources]
    assert set(unread) == boto3_reads


def test_the_example_of_the_settings_holds_no_secret_and_is_refused_as_it_is() -> None:
    example = env_file(".env.example")
    assert example["SECRET_KEY"] == EXAMPLE_SECRET_KEY
    assert example["POSTGRES_PASSWORD"] == example["REDIS_PASSWORD"] == ""


def test_the_sandbox_settings_hold_the_keys_of_the_sandbox() -> None:
    settings = env_file("sandbox.env")
    keys = accounts.hub_credentials()
    assert settings["AWS_ACCESS_KEY_ID"] == keys["aws_access_key_id"]
    assert settings["AWS_SECRET_ACCESS_KEY"] == keys["aws_secret_access_key"]
    assert settings["ALLOW_AWS_ENDPOINT_URL"] == "1"


def test_the_containers_are_given_every_setting_of_the_product(services: dict[str, Any]) -> None:
    sources = (ROOT / "config" / "settings.py").read_text()
    read = set(re.findall(r'\benv\.\w+\(\s*"([A-Z_]+)"', sources))
    # DEBUG is never on in a container, PORT is what compose publishes, the manifest is found where it was built.
    assert read - set(services["web"]["environment"]) == {"DEBUG", "PORT", "STATIC_MANIFEST"}


def test_what_has_a_default_in_the_product_is_handed_on_only_when_it_is_set(services: dict[str, Any]) -> None:
    environment = services["web"]["environment"]
    for name in ("HTTPS", "CSRF_TRUSTED_ORIGINS", "DATABASE_POOL", "AWS_CALLS_PER_SECOND", "LOG_LEVEL", "BUILD"):
        assert name in environment
        assert environment[name] is None, "compose leaves a name without a value out if nobody sets it"
